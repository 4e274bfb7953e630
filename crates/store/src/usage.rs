//! Living resources that count against limits.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::{Timestamp, WorkspaceId};

/// Counts a resource. `false` if it is counted already.
pub async fn add(
    tx: &mut WriteTx,
    workspace: WorkspaceId,
    feature: &str,
    resource: &str,
    now: Timestamp,
) -> Result<bool> {
    const SQL: &str = "INSERT INTO usage_resources (workspace_id, feature, resource_id, created_at) \
        VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(workspace)
        .bind(feature)
        .bind(resource)
        .bind(now)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Stops counting a resource. `false` if it was not counted.
pub async fn remove(tx: &mut WriteTx, workspace: WorkspaceId, feature: &str, resource: &str) -> Result<bool> {
    const SQL: &str =
        "DELETE FROM usage_resources WHERE workspace_id = $1 AND feature = $2 AND resource_id = $3";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(workspace)
        .bind(feature)
        .bind(resource)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// How many resources of each feature a workspace has.
pub async fn counts(tx: &mut ReadTx, workspace: WorkspaceId) -> Result<Vec<(String, i64)>> {
    const SQL: &str = "SELECT feature, COUNT(*) FROM usage_resources WHERE workspace_id = $1 GROUP BY feature ORDER BY feature";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(workspace).fetch_all(c).await)?)
}
