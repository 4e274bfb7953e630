//! Everything of an organization that decides who may do what, read in one go.

use crate::engine::on_engine;
use crate::{ReadTx, Result};
use model::{GrantId, OrgId, ProjectId, RoleId, TeamId, Timestamp, UserId, WorkspaceId};
use uuid::Uuid;

/// The rows decisions are made of. All of one instant, if they were read in one transaction.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Counts changes: as long as it is the same, so is everything below.
    pub version: i64,
    /// Members who are not locked and whose account is open, and their role in the organization.
    pub members: Vec<Member>,
    /// Who is in which team.
    pub teams: Vec<(TeamId, Option<UserId>, bool)>,
    /// Custom roles.
    pub roles: Vec<Role>,
    /// Service accounts that were not deleted, and who answers for them.
    pub accounts: Vec<Account>,
    /// Workspaces that were not deleted.
    pub workspaces: Vec<WorkspaceId>,
    /// Grants to accounts and teams. Those that wait on invitations decide nothing yet.
    pub grants: Vec<Grant>,
    /// Shares.
    pub shares: Vec<Share>,
}

/// A member.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Member {
    /// Who.
    pub user_id: UserId,
    /// Their role in the organization.
    pub role: String,
}

/// A service account.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Account {
    /// Its account.
    pub user_id: UserId,
    /// The person who answers for it.
    pub owner_user_id: Option<UserId>,
    /// The team that does.
    pub owner_team_id: Option<TeamId>,
}

/// A custom role.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// Where it is granted.
    pub level: String,
    /// Its name.
    pub name: String,
    /// Names of permissions, separated by spaces.
    pub permissions: String,
}

/// A grant.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// Where; `None` for the organization.
    pub workspace_id: Option<WorkspaceId>,
    /// In which project, if in one.
    pub project_id: Option<ProjectId>,
    /// To which account.
    pub user_id: Option<UserId>,
    /// To which team.
    pub team_id: Option<TeamId>,
    /// What.
    pub role: String,
    /// Until when.
    pub expires_at: Option<Timestamp>,
}

/// A share.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Share {
    /// Where.
    pub workspace_id: WorkspaceId,
    /// With which person.
    pub user_id: Option<UserId>,
    /// With which team.
    pub team_id: Option<TeamId>,
    /// Of which type the resource is.
    pub resource_type: String,
    /// Which it is.
    pub resource_id: Uuid,
    /// In which project it is.
    pub project_id: Option<ProjectId>,
    /// For doing what.
    pub actions: String,
}

const ACCOUNTS: &str = "SELECT user_id, owner_user_id, owner_team_id FROM service_accounts \
    WHERE org_id = $1 AND deleted_at IS NULL";
const ROLES: &str = "SELECT id, level, name, permissions FROM roles WHERE org_id = $1";

/// How often who-may-do-what has changed in the organization; `None` if there is no such organization.
pub async fn version(tx: &mut ReadTx, org: OrgId) -> Result<Option<i64>> {
    const SQL: &str = "SELECT policy_version FROM organizations WHERE id = $1";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(org).fetch_optional(c).await)?)
}

/// The organization of a workspace that was not deleted, and how often who-may-do-what has changed there.
pub async fn version_at(tx: &mut ReadTx, workspace: WorkspaceId) -> Result<Option<(OrgId, i64)>> {
    const SQL: &str = "SELECT o.id, o.policy_version FROM workspaces w JOIN organizations o ON o.id = w.org_id \
        WHERE w.id = $1 AND w.deleted_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(workspace).fetch_optional(c).await)?)
}

/// The organizations a person is a member of and not locked in, each with how often who-may-do-what has changed there.
pub async fn versions_of(tx: &mut ReadTx, user: UserId) -> Result<Vec<(OrgId, i64)>> {
    const SQL: &str = "SELECT o.id, o.policy_version FROM memberships m JOIN organizations o ON o.id = m.org_id \
        WHERE m.user_id = $1 AND m.locked_at IS NULL ORDER BY o.id";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(user).fetch_all(c).await)?)
}

/// Reads it all. `None` if there is no such organization. Must be given a transaction of one instant.
pub async fn load(tx: &mut ReadTx, org: OrgId) -> Result<Option<Rows>> {
    const MEMBERS: &str = "SELECT m.user_id, m.role FROM memberships m JOIN users u ON u.id = m.user_id \
        WHERE m.org_id = $1 AND m.locked_at IS NULL AND u.deactivated_at IS NULL";
    const TEAMS: &str = "SELECT t.id, p.user_id, COALESCE(p.maintainer, FALSE) FROM teams t \
        LEFT JOIN team_members p ON p.team_id = t.id AND p.user_id IS NOT NULL WHERE t.org_id = $1";
    const WORKSPACES: &str = "SELECT id FROM workspaces WHERE org_id = $1 AND deleted_at IS NULL";
    const GRANTS: &str = "SELECT id, workspace_id, project_id, user_id, team_id, role, expires_at \
        FROM grants WHERE org_id = $1 AND invitation_id IS NULL";
    const SHARES: &str = "SELECT s.workspace_id, s.user_id, s.team_id, s.resource_type, s.resource_id, s.project_id, \
        s.actions FROM workspaces w JOIN resource_shares s ON s.workspace_id = w.id \
        WHERE w.org_id = $1 AND w.deleted_at IS NULL";
    let Some(version) = version(tx, org).await? else {
        return Ok(None);
    };
    Ok(Some(Rows {
        version,
        members: on_engine!(tx, |c| sqlx::query_as(MEMBERS).bind(org).fetch_all(c).await)?,
        teams: on_engine!(tx, |c| sqlx::query_as(TEAMS).bind(org).fetch_all(c).await)?,
        roles: on_engine!(tx, |c| sqlx::query_as(ROLES).bind(org).fetch_all(c).await)?,
        accounts: on_engine!(tx, |c| sqlx::query_as(ACCOUNTS).bind(org).fetch_all(c).await)?,
        workspaces: on_engine!(tx, |c| sqlx::query_scalar(WORKSPACES).bind(org).fetch_all(c).await)?,
        grants: on_engine!(tx, |c| sqlx::query_as(GRANTS).bind(org).fetch_all(c).await)?,
        shares: on_engine!(tx, |c| sqlx::query_as(SHARES).bind(org).fetch_all(c).await)?,
    }))
}

/// Reads of it what concerns one person in one workspace and above: enough for every decision about them there. `None`
/// if there is no such organization. Must be given a transaction of one instant.
pub async fn load_about(
    tx: &mut ReadTx,
    org: OrgId,
    user: UserId,
    workspace: WorkspaceId,
) -> Result<Option<Rows>> {
    const MEMBERS: &str = "SELECT m.user_id, m.role FROM memberships m JOIN users u ON u.id = m.user_id \
        WHERE m.org_id = $1 AND m.user_id = $2 AND m.locked_at IS NULL AND u.deactivated_at IS NULL";
    const TEAMS: &str = "SELECT p.team_id, p.user_id, p.maintainer FROM team_members p \
        JOIN teams t ON t.id = p.team_id AND t.org_id = $1 WHERE p.user_id = $2";
    const WORKSPACES: &str = "SELECT id FROM workspaces WHERE org_id = $1 AND id = $2 AND deleted_at IS NULL";
    const GRANTS: &str = "SELECT id, workspace_id, project_id, user_id, team_id, role, expires_at \
        FROM grants WHERE org_id = $1 AND user_id = $2 AND (workspace_id IS NULL OR workspace_id = $3)";
    const OF_TEAMS: &str = "SELECT g.id, g.workspace_id, g.project_id, g.user_id, g.team_id, \
        g.role, g.expires_at FROM team_members p JOIN grants g ON g.team_id = p.team_id \
        WHERE g.org_id = $1 AND p.user_id = $2 AND (g.workspace_id IS NULL OR g.workspace_id = $3)";
    // By the expression of the index that keeps a share from being there twice.
    const SHARES: &str = "SELECT workspace_id, user_id, team_id, resource_type, resource_id, project_id, actions \
        FROM resource_shares WHERE workspace_id = $1 AND COALESCE(user_id, team_id) = $2 AND user_id = $2";
    const WITH_TEAMS: &str = "SELECT s.workspace_id, s.user_id, s.team_id, s.resource_type, s.resource_id, \
        s.project_id, s.actions FROM team_members p \
        JOIN resource_shares s ON s.workspace_id = $1 AND COALESCE(s.user_id, s.team_id) = p.team_id \
        WHERE p.user_id = $2 AND s.team_id IS NOT NULL";
    let Some(version) = version(tx, org).await? else {
        return Ok(None);
    };
    macro_rules! all {
        ($sql:ident, $($bind:expr),+) => {
            on_engine!(tx, |c| sqlx::query_as($sql)$(.bind($bind))+.fetch_all(c).await)?
        };
    }
    let mut grants: Vec<Grant> = all!(GRANTS, org, user, workspace);
    let of_teams: Vec<Grant> = all!(OF_TEAMS, org, user, workspace);
    grants.extend(of_teams);
    let workspaces: Vec<WorkspaceId> =
        on_engine!(tx, |c| sqlx::query_scalar(WORKSPACES).bind(org).bind(workspace).fetch_all(c).await)?;
    let mut shares: Vec<Share> = Vec::new();
    // Shares say of which workspace they are, not of which organization.
    if !workspaces.is_empty() {
        shares = all!(SHARES, workspace, user);
        let with_teams: Vec<Share> = all!(WITH_TEAMS, workspace, user);
        shares.extend(with_teams);
    }
    Ok(Some(Rows {
        version,
        members: all!(MEMBERS, org, user),
        teams: all!(TEAMS, org, user),
        roles: all!(ROLES, org),
        // Nothing in a workspace depends on who answers for an account.
        accounts: Vec::new(),
        workspaces,
        grants,
        shares,
    }))
}
