//! Rights on single resources.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::{ProjectId, TeamId, Timestamp, UserId, WorkspaceId};
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

/// With whom a resource is shared: a person or a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum With {
    /// One person.
    User(UserId),
    /// Everybody in a team.
    Team(TeamId),
}

impl With {
    const fn uuid(self) -> Uuid {
        match self {
            Self::User(id) => id.uuid(),
            Self::Team(id) => id.uuid(),
        }
    }
}

/// What somebody may do to one resource; `None` if it is not shared with them.
pub async fn actions(
    tx: &mut ReadTx,
    workspace: WorkspaceId,
    with: With,
    resource_type: &str,
    resource_id: Uuid,
) -> Result<Option<String>> {
    const SQL: &str = "SELECT actions FROM resource_shares WHERE workspace_id = $1 \
        AND COALESCE(user_id, team_id) = $2 AND resource_type = $3 AND resource_id = $4";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL)
        .bind(workspace)
        .bind(with.uuid())
        .bind(resource_type)
        .bind(resource_id)
        .fetch_optional(c)
        .await)?)
}

/// Whom a resource is shared with, and for what.
pub async fn of_resource(
    tx: &mut ReadTx,
    workspace: WorkspaceId,
    resource_type: &str,
    resource_id: Uuid,
) -> Result<Vec<(With, String)>> {
    const SQL: &str = "SELECT user_id, team_id, actions FROM resource_shares \
        WHERE workspace_id = $1 AND resource_type = $2 AND resource_id = $3";
    let rows: Vec<(Option<UserId>, Option<TeamId>, String)> = on_engine!(tx, |c| sqlx::query_as(SQL)
        .bind(workspace)
        .bind(resource_type)
        .bind(resource_id)
        .fetch_all(c)
        .await)?;
    Ok(rows
        .into_iter()
        .filter_map(|(user, team, actions)| Some((user.map(With::User).or(team.map(With::Team))?, actions)))
        .collect())
}

/// Shares a resource, in place of what was shared with the same before.
pub async fn put(
    tx: &mut WriteTx,
    workspace: WorkspaceId,
    with: With,
    share: &Share,
    by: UserId,
    now: Timestamp,
) -> Result<()> {
    const SQL: &str = "INSERT INTO resource_shares (workspace_id, user_id, team_id, resource_type, resource_id, \
        project_id, actions, shared_by, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    remove(tx, workspace, with, &share.resource_type, share.resource_id).await?;
    let (user, team) = match with {
        With::User(id) => (Some(id), None),
        With::Team(id) => (None, Some(id)),
    };
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(workspace)
        .bind(user)
        .bind(team)
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

/// Stops sharing a resource with somebody. `false` if it was not shared.
pub async fn remove(
    tx: &mut WriteTx,
    workspace: WorkspaceId,
    with: With,
    resource_type: &str,
    resource_id: Uuid,
) -> Result<bool> {
    const SQL: &str = "DELETE FROM resource_shares WHERE workspace_id = $1 AND COALESCE(user_id, team_id) = $2 \
        AND resource_type = $3 AND resource_id = $4";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(workspace)
        .bind(with.uuid())
        .bind(resource_type)
        .bind(resource_id)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n > 0)
}

/// Stops sharing anything with a team.
pub async fn remove_all_of_team(tx: &mut WriteTx, team: TeamId) -> Result<u64> {
    const SQL: &str = "DELETE FROM resource_shares WHERE team_id = $1";
    Ok(on_engine!(tx, |c| sqlx::query(SQL).bind(team).execute(c).await.map(|r| r.rows_affected()))?)
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
