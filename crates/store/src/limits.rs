//! How many of what an organization may have.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::limit::Feature;
use model::{OrgId, Timestamp};

/// The limit of one feature; `None` if there is none.
pub async fn of(tx: &mut ReadTx, org: OrgId, feature: Feature) -> Result<Option<i64>> {
    const SQL: &str = "SELECT most FROM limits WHERE org_id = $1 AND feature = $2";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(org).bind(feature.as_str()).fetch_optional(c).await)?)
}

/// Every limit of an organization: the feature, how many, and since when.
pub async fn list(tx: &mut ReadTx, org: OrgId) -> Result<Vec<(String, i64, Timestamp)>> {
    const SQL: &str = "SELECT feature, most, updated_at FROM limits WHERE org_id = $1 ORDER BY feature";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(org).fetch_all(c).await)?)
}

/// Sets a limit.
pub async fn set(tx: &mut WriteTx, org: OrgId, feature: Feature, most: i64, now: Timestamp) -> Result<()> {
    const SQL: &str = "INSERT INTO limits (org_id, feature, most, updated_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (org_id, feature) DO UPDATE SET most = excluded.most, updated_at = excluded.updated_at";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(org)
        .bind(feature.as_str())
        .bind(most)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Lifts a limit.
pub async fn lift(tx: &mut WriteTx, org: OrgId, feature: Feature) -> Result<()> {
    const SQL: &str = "DELETE FROM limits WHERE org_id = $1 AND feature = $2";
    on_engine!(tx, |c| sqlx::query(SQL).bind(org).bind(feature.as_str()).execute(c).await.map(|_| ()))?;
    Ok(())
}
