//! Memberships: who belongs to an organization, and with which role.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::{OrgId, OrgRole, Timestamp, UserId};

/// Adds a member. `false` if they are one already. `name`, `email` and `username` feed order and search.
pub async fn insert(
    tx: &mut WriteTx,
    org: OrgId,
    user: &crate::users::User,
    role: OrgRole,
    now: Timestamp,
) -> Result<bool> {
    const SQL: &str = "INSERT INTO memberships (org_id, user_id, role, joined_at, sort_name, search_text) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    let sort_name = user.name.to_lowercase();
    let search = format!("{sort_name} {} {}", user.email.to_lowercase(), user.username.to_lowercase());
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(org)
        .bind(user.id)
        .bind(role.as_str())
        .bind(now)
        .bind(sort_name)
        .bind(search)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// A person's role in an organization.
pub async fn role(tx: &mut ReadTx, org: OrgId, user: UserId) -> Result<Option<OrgRole>> {
    const SQL: &str = "SELECT role FROM memberships WHERE org_id = $1 AND user_id = $2";
    let text: Option<String> =
        on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(org).bind(user).fetch_optional(c).await)?;
    // A role this version does not know allows nothing.
    Ok(text.and_then(|text| text.parse().ok()))
}
