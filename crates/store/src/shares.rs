//! Rights on single resources.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::{ProjectId, Timestamp, UserId, WorkspaceId};
use uuid::Uuid;

/// A resource of a workspace that was shared with somebody.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Share {
    /// Its type.
    pub resource_type: String,
    /// Its id, the workspace's own.
    pub resource_id: Uuid,
    /// Its project, if it lives in one.
    pub project_id: Option<ProjectId>,
    /// What they may do to it, separated by spaces.
    pub actions: String,
}

impl Share {
    /// Whether it allows `action`.
    pub fn allows(&self, action: &str) -> bool {
        self.actions.split(' ').any(|known| known == action)
    }
}

/// What was shared with a person in a workspace.
pub async fn of_user(tx: &mut ReadTx, workspace: WorkspaceId, user: UserId) -> Result<Vec<Share>> {
    const SQL: &str = "SELECT resource_type, resource_id, project_id, actions FROM resource_shares \
        WHERE workspace_id = $1 AND user_id = $2 ORDER BY resource_type, resource_id";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(workspace).bind(user).fetch_all(c).await)?)
}

/// What one person may do to one resource; `None` if it is not shared with them.
pub async fn actions(
    tx: &mut ReadTx,
    workspace: WorkspaceId,
    user: UserId,
    resource_type: &str,
    resource_id: Uuid,
) -> Result<Option<String>> {
    const SQL: &str = "SELECT actions FROM resource_shares WHERE workspace_id = $1 AND user_id = $2 \
        AND resource_type = $3 AND resource_id = $4";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL)
        .bind(workspace)
        .bind(user)
        .bind(resource_type)
        .bind(resource_id)
        .fetch_optional(c)
        .await)?)
}

/// Shares a resource with a person, in place of what was shared before.
pub async fn put(
    tx: &mut WriteTx,
    workspace: WorkspaceId,
    user: UserId,
    share: &Share,
    by: UserId,
    now: Timestamp,
) -> Result<()> {
    const SQL: &str = "INSERT INTO resource_shares (workspace_id, user_id, resource_type, resource_id, project_id, \
        actions, shared_by, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
        ON CONFLICT (workspace_id, user_id, resource_type, resource_id) DO UPDATE SET \
        project_id = excluded.project_id, actions = excluded.actions, shared_by = excluded.shared_by, \
        updated_at = excluded.updated_at";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(workspace)
        .bind(user)
        .bind(share.resource_type.as_str())
        .bind(share.resource_id)
        .bind(share.project_id)
        .bind(share.actions.as_str())
        .bind(by)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Stops sharing a resource with a person. `false` if it was not shared.
pub async fn remove(
    tx: &mut WriteTx,
    workspace: WorkspaceId,
    user: UserId,
    resource_type: &str,
    resource_id: Uuid,
) -> Result<bool> {
    const SQL: &str = "DELETE FROM resource_shares WHERE workspace_id = $1 AND user_id = $2 AND resource_type = $3 \
        AND resource_id = $4";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(workspace)
        .bind(user)
        .bind(resource_type)
        .bind(resource_id)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n > 0)
}

/// Stops sharing a resource with anybody; returns how many could use it.
pub async fn remove_resource(
    tx: &mut WriteTx,
    workspace: WorkspaceId,
    resource_type: &str,
    resource_id: Uuid,
) -> Result<u64> {
    const SQL: &str =
        "DELETE FROM resource_shares WHERE workspace_id = $1 AND resource_id = $3 AND resource_type = $2";
    Ok(on_engine!(tx, |c| sqlx::query(SQL)
        .bind(workspace)
        .bind(resource_type)
        .bind(resource_id)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?)
}

/// Stops sharing everything in a project.
pub async fn remove_project(tx: &mut WriteTx, workspace: WorkspaceId, project: ProjectId) -> Result<u64> {
    const SQL: &str = "DELETE FROM resource_shares WHERE workspace_id = $1 AND project_id = $2";
    Ok(on_engine!(tx, |c| sqlx::query(SQL)
        .bind(workspace)
        .bind(project)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?)
}

/// Stops sharing everything in a workspace.
pub async fn remove_all_of_workspace(tx: &mut WriteTx, workspace: WorkspaceId) -> Result<u64> {
    const SQL: &str = "DELETE FROM resource_shares WHERE workspace_id = $1";
    Ok(on_engine!(tx, |c| sqlx::query(SQL).bind(workspace).execute(c).await.map(|r| r.rows_affected()))?)
}
