//! Invitations into an organization, and the workspace roles that wait on them.

use crate::engine::{EngineKind, on_engine};
use crate::{ReadTx, Result, WriteTx};
use model::invitation::{InvitationState, InvitedRole, InvitedWorkspace};
use model::{
    GrantId, InvitationId, OrgId, OrgRole, ProjectId, RoleRef, TeamId, Timestamp, UserId, WorkspaceId,
};

/// An invitation as it is kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Into what.
    pub org_id: OrgId,
    /// For whom, as typed.
    pub email: String,
    /// The same in lower case.
    pub email_folded: String,
    /// The role they will have.
    #[sqlx(try_from = "String")]
    pub role: OrgRole,
    /// Who invited.
    pub invited_by: UserId,
    /// What they are called.
    pub inviter: String,
    /// When it was made or last resent.
    pub created_at: Timestamp,
    /// When its links run out.
    pub expires_at: Timestamp,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// When it was declined.
    pub declined_at: Option<Timestamp>,
    /// When it was taken back; not before it ran out if a new invitation took its place.
    pub revoked_at: Option<Timestamp>,
}

impl Invitation {
    /// Where it stands. Running out is judged here and by every statement that changes it, never by a clean-up.
    pub fn state(&self, now: Timestamp) -> InvitationState {
        if self.accepted_at.is_some() {
            InvitationState::Accepted
        } else if self.declined_at.is_some() {
            InvitationState::Declined
        } else if self.revoked_at.is_some_and(|at| at < self.expires_at) {
            InvitationState::Revoked
        } else if self.revoked_at.is_some() || self.expires_at <= now {
            InvitationState::Expired
        } else {
            InvitationState::Open
        }
    }
}

/// An invitation to be added.
#[derive(Clone, Debug)]
pub struct NewInvitation<'a> {
    /// Its id.
    pub id: InvitationId,
    /// Into what.
    pub org: OrgId,
    /// For whom, as typed.
    pub email: &'a str,
    /// The same in lower case.
    pub email_folded: &'a str,
    /// The role they will have.
    pub role: OrgRole,
    /// Who invites.
    pub invited_by: UserId,
    /// Its secrets and its time.
    pub link: Link<'a>,
}

/// The secrets of an invitation and their time.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// Digest of the secret that travels by mail.
    pub mailed_sha256: Option<&'a [u8]>,
    /// Digest of the secret that is copied.
    pub copied_sha256: &'a [u8],
    /// When they were made.
    pub created_at: Timestamp,
    /// When they run out.
    pub expires_at: Timestamp,
}

macro_rules! invitations_where {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, i.org_id, i.email, i.email_folded, i.role, i.invited_by, u.name AS inviter, i.created_at, i.expires_at, \
             i.accepted_at, i.declined_at, i.revoked_at FROM invitations i JOIN users u ON u.id = i.invited_by WHERE ",
            $rest
        )
    };
}

/// Adds an invitation. `false` if one for this address is open.
pub async fn insert(tx: &mut WriteTx, new: &NewInvitation<'_>) -> Result<bool> {
    // One that ran out makes room, and is in no team any more. Taken back at the moment it ran out, so that it still
    // reads as run out.
    const LEAVE_TEAMS: &str = "DELETE FROM team_members WHERE invitation_id IN (SELECT id FROM invitations \
        WHERE org_id = $1 AND email_folded = $2 AND accepted_at IS NULL AND expires_at <= $3)";
    const MAKE_ROOM: &str = "UPDATE invitations SET revoked_at = expires_at WHERE org_id = $1 AND email_folded = $2 \
        AND accepted_at IS NULL AND declined_at IS NULL AND revoked_at IS NULL AND expires_at <= $3";
    const SQL: &str = "INSERT INTO invitations (id, org_id, email, email_folded, role, invited_by, mailed_sha256, \
        copied_sha256, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
    on_engine!(tx, |c| sqlx::query(LEAVE_TEAMS)
        .bind(new.org)
        .bind(new.email_folded)
        .bind(new.link.created_at)
        .execute(c)
        .await
        .map(|_| ()))?;
    on_engine!(tx, |c| sqlx::query(MAKE_ROOM)
        .bind(new.org)
        .bind(new.email_folded)
        .bind(new.link.created_at)
        .execute(c)
        .await
        .map(|_| ()))?;
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(new.id)
        .bind(new.org)
        .bind(new.email)
        .bind(new.email_folded)
        .bind(new.role.as_str())
        .bind(new.invited_by)
        .bind(new.link.mailed_sha256)
        .bind(new.link.copied_sha256)
        .bind(new.link.created_at)
        .bind(new.link.expires_at)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// One invitation of an organization.
pub async fn by_id(tx: &mut ReadTx, org: OrgId, id: InvitationId) -> Result<Option<Invitation>> {
    const SQL: &str = invitations_where!("i.org_id = $1 AND i.id = $2");
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(org).bind(id).fetch_optional(c).await)?)
}

/// The open invitation for an address, given in lower case. Whether it ran out is for the caller to ask.
pub async fn open_for(tx: &mut ReadTx, org: OrgId, email_folded: &str) -> Result<Option<InvitationId>> {
    const SQL: &str = "SELECT id FROM invitations WHERE org_id = $1 AND email_folded = $2 \
        AND accepted_at IS NULL AND declined_at IS NULL AND revoked_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(org).bind(email_folded).fetch_optional(c).await)?)
}

/// The invitations somebody sent into an organization that are open at `now`.
pub async fn open_by(
    tx: &mut ReadTx,
    org: OrgId,
    inviter: UserId,
    now: Timestamp,
) -> Result<Vec<Invitation>> {
    const SQL: &str = invitations_where!(
        "i.org_id = $1 AND i.invited_by = $2 AND i.expires_at > $3 AND i.accepted_at IS NULL \
         AND i.declined_at IS NULL AND i.revoked_at IS NULL ORDER BY i.id"
    );
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(org).bind(inviter).bind(now).fetch_all(c).await)?)
}

/// The roles on an invitation that whoever sent it had given themselves.
pub async fn offered_by_sender(tx: &mut ReadTx, id: InvitationId) -> Result<Vec<GrantId>> {
    const SQL: &str = "SELECT g.id FROM grants g JOIN invitations i ON i.id = g.invitation_id \
        WHERE i.id = $1 AND g.granted_by = i.invited_by";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(id).fetch_all(c).await)?)
}

/// The teams in which an invitation waits.
pub async fn teams(tx: &mut ReadTx, id: InvitationId) -> Result<Vec<TeamId>> {
    const SQL: &str = "SELECT team_id FROM team_members WHERE invitation_id = $1";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(id).fetch_all(c).await)?)
}

/// The invitation of a link in any state, and whether the link is the mailed one.
pub async fn by_secret(tx: &mut ReadTx, secret_sha256: &[u8]) -> Result<Option<(Invitation, bool)>> {
    const MAILED: &str = invitations_where!("i.mailed_sha256 = $1");
    const COPIED: &str = invitations_where!("i.copied_sha256 = $1");
    let mailed: Option<Invitation> =
        on_engine!(tx, |c| sqlx::query_as(MAILED).bind(secret_sha256).fetch_optional(c).await)?;
    if let Some(found) = mailed {
        return Ok(Some((found, true)));
    }
    let copied: Option<Invitation> =
        on_engine!(tx, |c| sqlx::query_as(COPIED).bind(secret_sha256).fetch_optional(c).await)?;
    Ok(copied.map(|found| (found, false)))
}

/// Gives an invitation new secrets and a new time; the old secrets are gone. `false` unless it is open or ran out.
///
/// From now on it is `by` who invites.
pub async fn renew(
    tx: &mut WriteTx,
    org: OrgId,
    id: InvitationId,
    by: UserId,
    link: Link<'_>,
) -> Result<bool> {
    const SQL: &str = "UPDATE invitations SET mailed_sha256 = $3, copied_sha256 = $4, created_at = $5, expires_at = $6, \
        invited_by = $7 WHERE org_id = $1 AND id = $2 AND accepted_at IS NULL AND declined_at IS NULL AND revoked_at IS NULL";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(org)
        .bind(id)
        .bind(link.mailed_sha256)
        .bind(link.copied_sha256)
        .bind(link.created_at)
        .bind(link.expires_at)
        .bind(by)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

macro_rules! close_sql {
    ($set:literal) => {
        concat!(
            "UPDATE invitations SET ",
            $set,
            " WHERE id = $1 AND accepted_at IS NULL AND declined_at IS NULL AND revoked_at IS NULL AND expires_at > $2"
        )
    };
}

/// Closes an open invitation as accepted. Of several calls at once, one gets `true`.
pub async fn accept(tx: &mut WriteTx, id: InvitationId, user: UserId, now: Timestamp) -> Result<bool> {
    const SQL: &str = close_sql!("accepted_at = $2, accepted_by = $3");
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(now)
        .bind(user)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Closes an open invitation as declined. Of several calls at once, one gets `true`.
pub async fn decline(tx: &mut WriteTx, id: InvitationId, now: Timestamp) -> Result<bool> {
    const SQL: &str = close_sql!("declined_at = $2");
    let n =
        on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(now).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Takes an open invitation back. Of several calls at once, one gets `true`.
pub async fn revoke(tx: &mut WriteTx, id: InvitationId, now: Timestamp) -> Result<bool> {
    const SQL: &str = close_sql!("revoked_at = $2");
    let n =
        on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(now).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Filters for [`list`]; each is optional.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of an address, in lower case.
    pub search: Option<String>,
    /// Only this state.
    pub state: Option<InvitationState>,
    /// Only invitations older than this one: where a page begins.
    pub before: Option<InvitationId>,
}

/// Invitations of an organization, newest first.
pub async fn list(
    tx: &mut ReadTx,
    org: OrgId,
    filter: &Filter,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Invitation>> {
    let contains = match tx.kind() {
        EngineKind::Sqlite => " AND INSTR(i.email_folded, ",
        EngineKind::Postgres => " AND STRPOS(i.email_folded, ",
    };
    // Built, not one static text: with `($1 IS NULL OR …)` neither engine would pick the index that fits the filter.
    macro_rules! build {
        ($db:ty, $c:ident) => {{
            let mut sql = sqlx::QueryBuilder::<$db>::new(invitations_where!("i.org_id = "));
            sql.push_bind(org);
            const UNANSWERED: &str = " AND i.accepted_at IS NULL AND i.declined_at IS NULL";
            match filter.state {
                None => &mut sql,
                Some(InvitationState::Accepted) => sql.push(" AND i.accepted_at IS NOT NULL"),
                Some(InvitationState::Declined) => sql.push(" AND i.declined_at IS NOT NULL"),
                Some(InvitationState::Revoked) => sql.push(" AND i.revoked_at < i.expires_at"),
                Some(InvitationState::Open) => {
                    sql.push(UNANSWERED).push(" AND i.revoked_at IS NULL AND i.expires_at > ").push_bind(now)
                }
                Some(InvitationState::Expired) => sql
                    .push(UNANSWERED)
                    .push(" AND (i.revoked_at >= i.expires_at OR (i.revoked_at IS NULL AND i.expires_at <= ")
                    .push_bind(now)
                    .push("))"),
            };
            if let Some(search) = &filter.search {
                sql.push(contains).push_bind(search.as_str()).push(") > 0");
            }
            if let Some(before) = filter.before {
                sql.push(" AND i.id < ").push_bind(before);
            }
            sql.push(" ORDER BY i.id DESC LIMIT ").push_bind(i64::from(limit));
            sql.build_query_as::<Invitation>().fetch_all($c).await
        }};
    }
    Ok(match &mut tx.conn {
        crate::engine::Conn::Sqlite(lease) => {
            let c = &mut **lease;
            build!(sqlx::Sqlite, c)
        }
        crate::engine::Conn::Postgres(lease) => {
            let c = &mut **lease;
            build!(sqlx::Postgres, c)
        }
    }?)
}

/// The name for people of a living workspace of the organization.
pub async fn workspace_name(tx: &mut ReadTx, org: OrgId, workspace: WorkspaceId) -> Result<Option<String>> {
    const SQL: &str =
        "SELECT display_name FROM workspaces WHERE org_id = $1 AND id = $2 AND deleted_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(org).bind(workspace).fetch_optional(c).await)?)
}

/// Living workspaces of the organization, by name.
pub async fn workspaces(tx: &mut ReadTx, org: OrgId, limit: i64) -> Result<Vec<InvitedWorkspace>> {
    const SQL: &str = "SELECT id, display_name FROM workspaces WHERE org_id = $1 AND deleted_at IS NULL \
        ORDER BY name LIMIT $2";
    let rows: Vec<(WorkspaceId, String)> =
        on_engine!(tx, |c| sqlx::query_as(SQL).bind(org).bind(limit).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, name)| InvitedWorkspace { id, name }).collect())
}

/// The roles waiting on each of `ids`, by workspace name.
pub async fn waiting(tx: &mut ReadTx, ids: &[InvitationId]) -> Result<Vec<(InvitationId, InvitedRole)>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        invitation_id: InvitationId,
        workspace_id: WorkspaceId,
        workspace_name: String,
        project_id: Option<ProjectId>,
        project_name: Option<String>,
        role: String,
        org_id: OrgId,
    }
    const HEAD: &str = "SELECT g.invitation_id, g.workspace_id, w.display_name AS workspace_name, g.project_id, \
        p.name AS project_name, g.role, g.org_id FROM grants g JOIN workspaces w ON w.id = g.workspace_id \
        LEFT JOIN projects p ON p.workspace_id = g.workspace_id AND p.id = g.project_id \
        WHERE w.deleted_at IS NULL AND g.invitation_id IN (";
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // Built, because a list is bound differently on each engine.
    macro_rules! build {
        ($db:ty, $c:ident) => {{
            let mut sql = sqlx::QueryBuilder::<$db>::new(HEAD);
            let mut list = sql.separated(", ");
            for id in ids {
                list.push_bind(*id);
            }
            list.push_unseparated(") ORDER BY w.name, g.id");
            sql.build_query_as::<Row>().fetch_all($c).await
        }};
    }
    let rows = match &mut tx.conn {
        crate::engine::Conn::Sqlite(lease) => {
            let c = &mut **lease;
            build!(sqlx::Sqlite, c)
        }
        crate::engine::Conn::Postgres(lease) => {
            let c = &mut **lease;
            build!(sqlx::Postgres, c)
        }
    }?;
    let mut waiting = Vec::with_capacity(rows.len());
    for row in rows {
        // A role this version does not know allows nothing, so nothing waits.
        let Ok(role) = row.role.parse::<RoleRef>() else { continue };
        let role_name = match role {
            RoleRef::Predefined(role) => role.label().to_owned(),
            RoleRef::Custom(id) => {
                let custom = crate::roles::by_id(tx, row.org_id, id).await?;
                custom.map(|role| role.name).unwrap_or_default()
            }
        };
        let workspace_name = match row.project_id {
            None => row.workspace_name,
            Some(id) => {
                let project = row.project_name.unwrap_or_else(|| id.to_string());
                format!("{} / {project}", row.workspace_name)
            }
        };
        waiting.push((
            row.invitation_id,
            InvitedRole { workspace: row.workspace_id, workspace_name, role, role_name },
        ));
    }
    Ok(waiting)
}

/// Moves everything that waits on an invitation to the person: roles, and places in teams. The person is new to the
/// organization, so that they hold nothing of it yet.
pub async fn move_waiting(tx: &mut WriteTx, invitation: InvitationId, user: UserId) -> Result<()> {
    const GRANTS: &str = "UPDATE grants SET user_id = $2, invitation_id = NULL WHERE invitation_id = $1";
    const TEAMS: &str = "UPDATE team_members SET user_id = $2, invitation_id = NULL WHERE invitation_id = $1";
    on_engine!(tx, |c| sqlx::query(GRANTS).bind(invitation).bind(user).execute(c).await.map(|_| ()))?;
    on_engine!(tx, |c| sqlx::query(TEAMS).bind(invitation).bind(user).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Takes an invitation that will not be accepted out of the teams in which it waits. Its roles stay as history: nobody
/// can come to hold them.
pub async fn leave_teams(tx: &mut WriteTx, invitation: InvitationId) -> Result<()> {
    const SQL: &str = "DELETE FROM team_members WHERE invitation_id = $1";
    on_engine!(tx, |c| sqlx::query(SQL).bind(invitation).execute(c).await.map(|_| ()))?;
    Ok(())
}
