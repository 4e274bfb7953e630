//! Roles given to principals in workspaces.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::{GrantId, OrgId, OrgRole, Timestamp, UserId, WorkspaceId, WorkspaceRole};

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

/// What `user` holds in a workspace that was not deleted; `None` if there is no such workspace. Somebody whose
/// account is closed holds nothing.
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
        FROM workspaces w LEFT JOIN users u ON u.id = $2 AND u.deactivated_at IS NULL \
        LEFT JOIN memberships m ON m.org_id = w.org_id AND m.user_id = u.id \
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

/// Gives a person a role in a workspace, in place of the one they had there. Returns the grant's id, which stays
/// when the role changes.
pub async fn set(tx: &mut WriteTx, grant: &NewGrant) -> Result<GrantId> {
    const SQL: &str = "INSERT INTO grants (id, org_id, workspace_id, user_id, role, granted_by, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) \
        ON CONFLICT (workspace_id, user_id) WHERE project_id IS NULL AND user_id IS NOT NULL \
        DO UPDATE SET role = excluded.role, granted_by = excluded.granted_by, expires_at = NULL RETURNING id";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL)
        .bind(grant.id)
        .bind(grant.org)
        .bind(grant.workspace)
        .bind(grant.user)
        .bind(grant.role.as_str())
        .bind(grant.by)
        .bind(grant.at)
        .fetch_one(c)
        .await)?)
}

/// A role to be given to a person.
#[derive(Clone, Copy, Debug)]
pub struct NewGrant {
    /// Its id, if it is their first one there.
    pub id: GrantId,
    /// The workspace's organization.
    pub org: OrgId,
    /// Where.
    pub workspace: WorkspaceId,
    /// To whom.
    pub user: UserId,
    /// What.
    pub role: WorkspaceRole,
    /// By whom.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
}

/// Takes a person's role in a workspace and returns it as it was written; `None` if they had none.
pub async fn remove(tx: &mut WriteTx, workspace: WorkspaceId, user: UserId) -> Result<Option<String>> {
    const SQL: &str =
        "DELETE FROM grants WHERE workspace_id = $1 AND user_id = $2 AND project_id IS NULL RETURNING role";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(workspace).bind(user).fetch_optional(c).await)?)
}

/// Takes every role in a workspace, those that wait on invitations included.
pub async fn remove_all_of_workspace(tx: &mut WriteTx, workspace: WorkspaceId) -> Result<u64> {
    const SQL: &str = "DELETE FROM grants WHERE workspace_id = $1";
    Ok(on_engine!(tx, |c| sqlx::query(SQL).bind(workspace).execute(c).await.map(|r| r.rows_affected()))?)
}

/// A member who may enter a workspace, and by what.
#[derive(Clone, Debug)]
pub struct Entrant {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their role in the organization.
    pub org_role: Option<OrgRole>,
    /// Their role in the workspace.
    pub role: Option<WorkspaceRole>,
    /// The grant behind it.
    pub grant: Option<GrantId>,
}

/// The first `limit` members of the workspace's organization, by name, who may enter it by a role.
pub async fn entrants(
    tx: &mut ReadTx,
    org: OrgId,
    workspace: WorkspaceId,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Entrant>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        user_id: UserId,
        name: String,
        email: String,
        org_role: String,
        role: Option<String>,
        grant_id: Option<GrantId>,
    }
    // Two halves, each on an index of its own; an `OR` over both tables would read every member.
    const SQL: &str = "SELECT m.user_id, u.name, u.email, m.sort_name, m.role AS org_role, g.role AS role, \
        g.id AS grant_id FROM grants g JOIN memberships m ON m.org_id = $1 AND m.user_id = g.user_id \
        JOIN users u ON u.id = m.user_id WHERE g.workspace_id = $2 AND g.project_id IS NULL \
        AND (g.expires_at IS NULL OR g.expires_at > $3) \
        UNION ALL SELECT m.user_id, u.name, u.email, m.sort_name, m.role, NULL, NULL FROM memberships m \
        JOIN users u ON u.id = m.user_id WHERE m.org_id = $1 AND m.role = $4 AND NOT EXISTS (SELECT 1 FROM grants g \
        WHERE g.workspace_id = $2 AND g.user_id = m.user_id AND g.project_id IS NULL \
        AND (g.expires_at IS NULL OR g.expires_at > $3)) ORDER BY 4, 1 LIMIT $5";
    let rows: Vec<Row> = on_engine!(tx, |c| sqlx::query_as(SQL)
        .bind(org)
        .bind(workspace)
        .bind(now)
        .bind(OrgRole::Admin.as_str())
        .bind(i64::from(limit))
        .fetch_all(c)
        .await)?;
    Ok(rows
        .into_iter()
        .map(|row| Entrant {
            user: row.user_id,
            name: row.name,
            email: row.email,
            org_role: row.org_role.parse().ok(),
            role: row.role.and_then(|text| text.parse().ok()),
            grant: row.grant_id,
        })
        .collect())
}

/// The members of an organization with this address or username, given in lower case; at most two, which is enough
/// to know that it is not clear who is meant.
pub async fn members_named(tx: &mut ReadTx, org: OrgId, folded: &str) -> Result<Vec<UserId>> {
    // A username is unique, so it wins over an address; both look-ups end at an index.
    const BY_USERNAME: &str = "SELECT m.user_id FROM usernames n JOIN memberships m ON m.user_id = n.owner_id \
        AND m.org_id = $1 WHERE n.kind = 'user' AND n.folded = $2";
    const BY_ADDRESS: &str = "SELECT m.user_id FROM users u JOIN memberships m ON m.user_id = u.id AND m.org_id = $1 \
        WHERE u.email_folded = $2 ORDER BY m.user_id LIMIT 2";
    let named: Vec<UserId> =
        on_engine!(tx, |c| sqlx::query_scalar(BY_USERNAME).bind(org).bind(folded).fetch_all(c).await)?;
    if !named.is_empty() {
        return Ok(named);
    }
    Ok(on_engine!(tx, |c| sqlx::query_scalar(BY_ADDRESS).bind(org).bind(folded).fetch_all(c).await)?)
}
