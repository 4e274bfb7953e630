//! Roles given to principals in workspaces.

use crate::engine::on_engine;
use crate::{ReadTx, Result};
use model::{OrgId, OrgRole, Timestamp, UserId, WorkspaceId, WorkspaceRole};

/// What a person holds in a workspace.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// The workspace's organization.
    pub org_id: OrgId,
    /// Their role there; without one nothing below counts.
    pub org_role: Option<OrgRole>,
    /// Their role in the workspace.
    pub role: Option<WorkspaceRole>,
    /// Whether a resource in it was shared with them.
    pub has_share: bool,
}

/// What `user` holds in a workspace that was not deleted; `None` if there is no such workspace.
pub async fn standing(
    tx: &mut ReadTx,
    workspace: WorkspaceId,
    user: UserId,
    now: Timestamp,
) -> Result<Option<Standing>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        org_id: OrgId,
        org_role: Option<String>,
        role: Option<String>,
        has_share: bool,
    }
    const SQL: &str = "SELECT w.org_id, m.role AS org_role, g.role AS role, \
        CASE WHEN EXISTS (SELECT 1 FROM resource_shares s WHERE s.workspace_id = w.id AND s.user_id = $2) \
        THEN TRUE ELSE FALSE END AS has_share \
        FROM workspaces w LEFT JOIN memberships m ON m.org_id = w.org_id AND m.user_id = $2 \
        LEFT JOIN grants g ON g.workspace_id = w.id AND g.user_id = $2 AND g.project_id IS NULL \
        AND (g.expires_at IS NULL OR g.expires_at > $3) \
        WHERE w.id = $1 AND w.deleted_at IS NULL";
    let row: Option<Row> =
        on_engine!(tx, |c| sqlx::query_as(SQL).bind(workspace).bind(user).bind(now).fetch_optional(c).await)?;
    // A role this version does not know allows nothing.
    Ok(row.map(|row| Standing {
        org_id: row.org_id,
        org_role: row.org_role.and_then(|text| text.parse().ok()),
        role: row.role.and_then(|text| text.parse().ok()),
        has_share: row.has_share,
    }))
}
