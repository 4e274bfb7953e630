//! Living resources that count against limits.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::{OrgId, Timestamp, WorkspaceId};

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

/// How many resources of a feature the workspaces of an organization have together; those of deleted ones do not count.
pub async fn count(tx: &mut ReadTx, org: OrgId, feature: &str) -> Result<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM workspaces w JOIN usage_resources r ON r.workspace_id = w.id \
        WHERE w.org_id = $1 AND w.deleted_at IS NULL AND r.feature = $2";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(org).bind(feature).fetch_one(c).await)?)
}

/// How many resources of each feature each workspace of an organization has, the most first.
pub async fn of_org(tx: &mut ReadTx, org: OrgId) -> Result<Vec<(String, WorkspaceId, String, i64)>> {
    const SQL: &str = "SELECT r.feature, w.id, w.display_name, COUNT(*) AS used FROM workspaces w \
        JOIN usage_resources r ON r.workspace_id = w.id WHERE w.org_id = $1 AND w.deleted_at IS NULL \
        GROUP BY r.feature, w.id, w.display_name ORDER BY r.feature, used DESC, w.display_name";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(org).fetch_all(c).await)?)
}
