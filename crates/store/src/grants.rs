//! Roles given to principals, in the organization, in workspaces and in projects.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::grant::{Place, Principal, ProjectPlace};
use model::{GrantId, InvitationId, OrgId, ProjectId, RoleRef, TeamId, Timestamp, UserId, WorkspaceId};

/// A grant, with the names people read. A custom role's name stands beside the role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// The organization it belongs to.
    pub org: OrgId,
    /// Who holds it.
    pub principal: Principal,
    /// Their name; an invitation's is its address.
    pub principal_name: String,
    /// Where.
    pub place: Place,
    /// What that place is called.
    pub place_name: String,
    /// What.
    pub role: RoleRef,
    /// What a custom role is called.
    pub custom_name: Option<String>,
    /// Until when, if not for good.
    pub expires_at: Option<Timestamp>,
    /// Since when.
    pub created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: GrantId,
    org_id: OrgId,
    workspace_id: Option<WorkspaceId>,
    project_id: Option<ProjectId>,
    user_id: Option<UserId>,
    team_id: Option<TeamId>,
    invitation_id: Option<InvitationId>,
    role: String,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    principal_name: String,
    org_name: String,
    workspace_name: Option<String>,
    project_name: Option<String>,
    custom_name: Option<String>,
}

impl Row {
    /// `None` for a role this version does not know: it allows nothing and cannot be shown.
    fn read(self) -> Option<Grant> {
        let principal = match (self.user_id, self.team_id, self.invitation_id) {
            (Some(id), _, _) => Principal::User(id),
            (_, Some(id), _) => Principal::Team(id),
            (_, _, Some(id)) => Principal::Invitation(id),
            _ => return None,
        };
        let workspace_name = self.workspace_name.unwrap_or_default();
        let (place, place_name) = match (self.workspace_id, self.project_id) {
            (Some(workspace), Some(project)) => {
                let name = self.project_name.unwrap_or_else(|| project.to_string());
                (Place::Project(ProjectPlace { workspace, project }), format!("{workspace_name} / {name}"))
            }
            (Some(workspace), None) => (Place::Workspace(workspace), workspace_name),
            (None, _) => (Place::Org(self.org_id), self.org_name),
        };
        Some(Grant {
            id: self.id,
            org: self.org_id,
            principal,
            principal_name: self.principal_name,
            place,
            place_name,
            role: self.role.parse().ok()?,
            custom_name: self.custom_name,
            expires_at: self.expires_at,
            created_at: self.created_at,
        })
    }
}

/// Grants with all their names, as far as they have not run out and do not wait on an invitation that nobody can accept
/// any more. `$1` is the organization, `$2` now.
macro_rules! grants_where {
    ($role:literal, $rest:literal) => {
        concat!(
            "SELECT g.id, g.org_id, g.workspace_id, g.project_id, g.user_id, g.team_id, \
             g.invitation_id, g.role, g.created_at, g.expires_at, \
             COALESCE(u.name, t.name, i.email, '') AS principal_name, o.display_name AS org_name, \
             w.display_name AS workspace_name, p.name AS project_name, r.name AS custom_name FROM grants g \
             JOIN organizations o ON o.id = g.org_id LEFT JOIN workspaces w ON w.id = g.workspace_id \
             LEFT JOIN projects p ON p.workspace_id = g.workspace_id AND p.id = g.project_id \
             LEFT JOIN users u ON u.id = g.user_id LEFT JOIN teams t ON t.id = g.team_id \
             LEFT JOIN invitations i ON i.id = g.invitation_id LEFT JOIN roles r ON r.org_id = g.org_id AND ",
            $role,
            " = g.role WHERE g.org_id = $1 AND (g.expires_at IS NULL OR g.expires_at > $2) \
             AND i.declined_at IS NULL AND i.revoked_at IS NULL ",
            $rest
        )
    };
}

/// Binds one list of grants to both engines: a role's id is bytes on one and a UUID on the other, and text in a grant.
macro_rules! select {
    ($tx:expr, $rest:literal, $($bind:expr),+) => {{
        // A UUID as text, as a grant on a custom role spells it.
        const SQLITE: &str = grants_where!(
            "LOWER(SUBSTR(HEX(r.id), 1, 8) || '-' || SUBSTR(HEX(r.id), 9, 4) || '-' || SUBSTR(HEX(r.id), 13, 4) \
             || '-' || SUBSTR(HEX(r.id), 17, 4) || '-' || SUBSTR(HEX(r.id), 21))",
            $rest
        );
        const POSTGRES: &str = grants_where!("CAST(r.id AS TEXT)", $rest);
        let sql = match $tx.kind() {
            crate::EngineKind::Sqlite => SQLITE,
            crate::EngineKind::Postgres => POSTGRES,
        };
        let rows: Vec<Row> = on_engine!($tx, |c| sqlx::query_as(sql)$(.bind($bind))+.fetch_all(c).await)?;
        rows.into_iter().filter_map(Row::read).collect::<Vec<Grant>>()
    }};
}

/// One grant.
pub async fn by_id(tx: &mut ReadTx, org: OrgId, id: GrantId, now: Timestamp) -> Result<Option<Grant>> {
    Ok(select!(tx, "AND g.id = $3", org, now, id).pop())
}

/// What was given in the organization itself, by name; at most `limit`.
pub async fn of_org(tx: &mut ReadTx, org: OrgId, now: Timestamp, limit: u32) -> Result<Vec<Grant>> {
    Ok(select!(
        tx,
        "AND g.workspace_id IS NULL ORDER BY principal_name, g.id LIMIT $3",
        org,
        now,
        i64::from(limit)
    ))
}

/// What was given in a workspace and its projects, by name; at most `limit`.
pub async fn of_workspace(
    tx: &mut ReadTx,
    org: OrgId,
    workspace: WorkspaceId,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Grant>> {
    Ok(select!(
        tx,
        "AND g.workspace_id = $3 ORDER BY principal_name, g.id LIMIT $4",
        org,
        now,
        workspace,
        i64::from(limit)
    ))
}

/// What was given in one project, by name; at most `limit`.
pub async fn of_project(
    tx: &mut ReadTx,
    org: OrgId,
    place: ProjectPlace,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Grant>> {
    Ok(select!(
        tx,
        "AND g.workspace_id = $3 AND g.project_id = $4 ORDER BY principal_name, g.id LIMIT $5",
        org,
        now,
        place.workspace,
        place.project,
        i64::from(limit)
    ))
}

/// What one principal was given, from the organization down.
pub async fn of_principal(
    tx: &mut ReadTx,
    org: OrgId,
    principal: Principal,
    now: Timestamp,
) -> Result<Vec<Grant>> {
    const LIMIT: i64 = 500;
    let id = principal.uuid();
    Ok(match principal {
        Principal::User(_) => {
            select!(tx, "AND g.user_id = $3 ORDER BY w.name, g.id LIMIT $4", org, now, id, LIMIT)
        }
        Principal::Team(_) => {
            select!(tx, "AND g.team_id = $3 ORDER BY w.name, g.id LIMIT $4", org, now, id, LIMIT)
        }
        Principal::Invitation(_) => {
            select!(tx, "AND g.invitation_id = $3 ORDER BY w.name, g.id LIMIT $4", org, now, id, LIMIT)
        }
    })
}

/// Everything a person was given themselves, from the organization down: to be ended, so none is left out.
pub async fn all_of_user(tx: &mut ReadTx, org: OrgId, user: UserId, now: Timestamp) -> Result<Vec<Grant>> {
    Ok(select!(tx, "AND g.user_id = $3 ORDER BY w.name, g.id", org, now, user))
}

/// To whom a role was given, and where; at most `limit`.
pub async fn of_role(
    tx: &mut ReadTx,
    org: OrgId,
    role: RoleRef,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Grant>> {
    Ok(select!(
        tx,
        "AND g.role = $3 ORDER BY principal_name, g.id LIMIT $4",
        org,
        now,
        role.to_string(),
        i64::from(limit)
    ))
}

/// How often each role was given in the organization, without those that ran out or that nobody can come to hold.
pub async fn count_by_role(tx: &mut ReadTx, org: OrgId, now: Timestamp) -> Result<Vec<(String, i64)>> {
    const SQL: &str = "SELECT g.role, COUNT(*) FROM grants g LEFT JOIN invitations i ON i.id = g.invitation_id \
        WHERE g.org_id = $1 AND (g.expires_at IS NULL OR g.expires_at > $2) \
        AND i.declined_at IS NULL AND i.revoked_at IS NULL GROUP BY g.role";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(org).bind(now).fetch_all(c).await)?)
}

/// A role to be given.
#[derive(Clone, Copy, Debug)]
pub struct NewGrant {
    /// Its id.
    pub id: GrantId,
    /// The organization of all that follows.
    pub org: OrgId,
    /// Where.
    pub place: Place,
    /// To whom.
    pub principal: Principal,
    /// What.
    pub role: RoleRef,
    /// By whom.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// Until when, if not for good.
    pub expires_at: Option<Timestamp>,
}

/// Gives a role. `false` if the principal holds it there already; one that ran out makes room.
pub async fn insert(tx: &mut WriteTx, grant: &NewGrant) -> Result<bool> {
    const MAKE_ROOM: &str = "DELETE FROM grants WHERE org_id = $1 AND COALESCE(workspace_id, org_id) = $2 \
        AND COALESCE(project_id, workspace_id, org_id) = $3 \
        AND COALESCE(user_id, team_id, invitation_id) = $4 AND role = $5 AND expires_at <= $6";
    const SQL: &str = "INSERT INTO grants (id, org_id, workspace_id, project_id, user_id, team_id, \
        invitation_id, role, granted_by, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";
    let (workspace, project) = (grant.place.workspace(), grant.place.project());
    let outer = workspace.map_or(grant.org.uuid(), WorkspaceId::uuid);
    on_engine!(tx, |c| sqlx::query(MAKE_ROOM)
        .bind(grant.org)
        .bind(outer)
        .bind(project.map_or(outer, ProjectId::uuid))
        .bind(grant.principal.uuid())
        .bind(grant.role.to_string())
        .bind(grant.at)
        .execute(c)
        .await
        .map(|_| ()))?;
    let (mut user, mut team, mut invitation) = (None, None, None);
    match grant.principal {
        Principal::User(id) => user = Some(id),
        Principal::Team(id) => team = Some(id),
        Principal::Invitation(id) => invitation = Some(id),
    }
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(grant.id)
        .bind(grant.org)
        .bind(workspace)
        .bind(project)
        .bind(user)
        .bind(team)
        .bind(invitation)
        .bind(grant.role.to_string())
        .bind(grant.by)
        .bind(grant.at)
        .bind(grant.expires_at)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Takes a grant. `false` if it is not there.
pub async fn remove(tx: &mut WriteTx, org: OrgId, id: GrantId) -> Result<bool> {
    const SQL: &str = "DELETE FROM grants WHERE org_id = $1 AND id = $2";
    let n =
        on_engine!(tx, |c| sqlx::query(SQL).bind(org).bind(id).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Takes every grant in a workspace, those that wait on invitations included.
pub async fn remove_all_of_workspace(tx: &mut WriteTx, workspace: WorkspaceId) -> Result<u64> {
    const SQL: &str = "DELETE FROM grants WHERE workspace_id = $1";
    Ok(on_engine!(tx, |c| sqlx::query(SQL).bind(workspace).execute(c).await.map(|r| r.rows_affected()))?)
}

/// Takes every grant in a project.
pub async fn remove_all_of_project(tx: &mut WriteTx, place: ProjectPlace) -> Result<u64> {
    const SQL: &str = "DELETE FROM grants WHERE workspace_id = $1 AND project_id = $2";
    Ok(on_engine!(tx, |c| sqlx::query(SQL)
        .bind(place.workspace)
        .bind(place.project)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?)
}

/// Takes every grant of a role.
pub async fn remove_all_of_role(tx: &mut WriteTx, org: OrgId, role: RoleRef) -> Result<u64> {
    const SQL: &str = "DELETE FROM grants WHERE org_id = $1 AND role = $2";
    Ok(on_engine!(tx, |c| sqlx::query(SQL)
        .bind(org)
        .bind(role.to_string())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?)
}

/// Takes every grant of a team.
pub async fn remove_all_of_team(tx: &mut WriteTx, team: TeamId) -> Result<u64> {
    const SQL: &str = "DELETE FROM grants WHERE team_id = $1";
    Ok(on_engine!(tx, |c| sqlx::query(SQL).bind(team).execute(c).await.map(|r| r.rows_affected()))?)
}

/// The members of an organization with this address or username, given in lower case; at most two, which is enough
/// to know that it is not clear who is meant.
pub async fn members_named(tx: &mut ReadTx, org: OrgId, folded: &str) -> Result<Vec<UserId>> {
    // A username is unique among people, and among service accounts, so it wins over an address, and a person over a
    // service account of the same name; both look-ups end at an index.
    const BY_USERNAME: &str = "SELECT m.user_id FROM usernames n JOIN memberships m ON m.user_id = n.owner_id \
        AND m.org_id = $1 WHERE n.folded = $2 ORDER BY n.kind DESC LIMIT 1";
    const BY_ADDRESS: &str = "SELECT m.user_id FROM users u JOIN memberships m ON m.user_id = u.id AND m.org_id = $1 \
        WHERE u.email_folded = $2 ORDER BY m.user_id LIMIT 2";
    let named: Vec<UserId> =
        on_engine!(tx, |c| sqlx::query_scalar(BY_USERNAME).bind(org).bind(folded).fetch_all(c).await)?;
    if !named.is_empty() {
        return Ok(named);
    }
    Ok(on_engine!(tx, |c| sqlx::query_scalar(BY_ADDRESS).bind(org).bind(folded).fetch_all(c).await)?)
}
