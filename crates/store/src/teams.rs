//! Teams, and who is in them.

use crate::engine::{EngineKind, on_engine};
use crate::{ReadTx, Result, WriteTx};
use model::grant::Principal;
use model::team::{Team, TeamMember, TeamOfMember};
use model::{InvitationId, OrgId, TeamId, Timestamp, UserId};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    id: TeamId,
    name: String,
    description: String,
    members: i64,
    grants: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for Team {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            description: row.description,
            members: u32::try_from(row.members).unwrap_or(u32::MAX),
            grants: u32::try_from(row.grants).unwrap_or(u32::MAX),
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// Teams with their counts. Between the two parts stands the instant at which grants are judged.
macro_rules! teams_at {
    () => {
        "SELECT t.id, t.name, t.description, t.created_at, t.updated_at, \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM team_members p WHERE p.team_id = t.id) AS members, \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM grants g WHERE g.team_id = t.id \
         AND (g.expires_at IS NULL OR g.expires_at > "
    };
}
macro_rules! teams_where {
    ($rest:literal) => {
        concat!(")) AS grants FROM teams t WHERE ", $rest)
    };
}

/// Filters for [`list`]; each is optional.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of a name, in any spelling.
    pub search: Option<String>,
    /// Only teams this person is in.
    pub of: Option<UserId>,
    /// Only names after this one, as [`sort_name`] has it: where a page begins.
    pub after: Option<String>,
}

/// Teams of an organization, by name.
pub async fn list(
    tx: &mut ReadTx,
    org: OrgId,
    filter: &Filter,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Team>> {
    // Not LIKE: a search for "50%" means these three characters.
    let contains = match tx.kind() {
        EngineKind::Sqlite => " AND INSTR(t.sort_name, ",
        EngineKind::Postgres => " AND STRPOS(t.sort_name, ",
    };
    // Built, not one static text: with `($1 IS NULL OR …)` neither engine would pick the index that fits the filter.
    macro_rules! build {
        ($db:ty, $c:ident) => {{
            let mut sql = sqlx::QueryBuilder::<$db>::new(teams_at!());
            sql.push_bind(now).push(teams_where!("t.org_id = ")).push_bind(org);
            if let Some(user) = filter.of {
                sql.push(" AND EXISTS (SELECT 1 FROM team_members p WHERE p.team_id = t.id AND p.user_id = ");
                sql.push_bind(user).push(")");
            }
            if let Some(after) = &filter.after {
                sql.push(" AND t.sort_name > ").push_bind(after.as_str());
            }
            if let Some(search) = &filter.search {
                sql.push(contains).push_bind(sort_name(search)).push(") > 0");
            }
            sql.push(" ORDER BY t.sort_name LIMIT ").push_bind(i64::from(limit));
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
    Ok(rows.into_iter().map(Team::from).collect())
}

/// The name by which a team is ordered and told from others: what a page's cursor holds.
pub fn sort_name(name: &str) -> String {
    model::text::folded(name)
}

/// One team.
pub async fn by_id(tx: &mut ReadTx, id: TeamId, now: Timestamp) -> Result<Option<Team>> {
    const SQL: &str = concat!(teams_at!(), "$2", teams_where!("t.id = $1"));
    let row: Option<Row> =
        on_engine!(tx, |c| sqlx::query_as(SQL).bind(id).bind(now).fetch_optional(c).await)?;
    Ok(row.map(Team::from))
}

/// How many teams an organization has.
pub async fn count(tx: &mut ReadTx, org: OrgId) -> Result<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM teams WHERE org_id = $1";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(org).fetch_one(c).await)?)
}

/// The organization of a team.
pub async fn org_of(tx: &mut ReadTx, id: TeamId) -> Result<Option<OrgId>> {
    const SQL: &str = "SELECT org_id FROM teams WHERE id = $1";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(id).fetch_optional(c).await)?)
}

/// A team by its name, in any spelling that is folded into the same.
pub async fn by_name(tx: &mut ReadTx, org: OrgId, name: &str) -> Result<Option<TeamId>> {
    const SQL: &str = "SELECT id FROM teams WHERE org_id = $1 AND sort_name = $2";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(org).bind(sort_name(name)).fetch_optional(c).await)?)
}

/// Names of teams of an organization, by name.
pub async fn names(tx: &mut ReadTx, org: OrgId) -> Result<Vec<(TeamId, String)>> {
    const SQL: &str = "SELECT id, name FROM teams WHERE org_id = $1 ORDER BY sort_name";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(org).fetch_all(c).await)?)
}

/// The teams of the organization a person is in, by name.
pub async fn of_user(tx: &mut ReadTx, org: OrgId, user: UserId) -> Result<Vec<TeamOfMember>> {
    const SQL: &str = "SELECT t.id, t.name, p.maintainer FROM team_members p JOIN teams t ON t.id = p.team_id \
        WHERE p.user_id = $2 AND t.org_id = $1 ORDER BY t.sort_name";
    let rows: Vec<(TeamId, String, bool)> =
        on_engine!(tx, |c| sqlx::query_as(SQL).bind(org).bind(user).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, name, maintainer)| TeamOfMember { id, name, maintainer }).collect())
}

/// Adds a team. `false` if its name is taken, in any spelling.
pub async fn insert(
    tx: &mut WriteTx,
    org: OrgId,
    id: TeamId,
    name: &str,
    description: &str,
    now: Timestamp,
) -> Result<bool> {
    const SQL: &str = "INSERT INTO teams (id, org_id, name, sort_name, description, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT DO NOTHING";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(org)
        .bind(name)
        .bind(sort_name(name))
        .bind(description)
        .bind(now)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Whether another team has this name, in any spelling.
pub async fn name_is_taken(tx: &mut ReadTx, org: OrgId, name: &str, but: TeamId) -> Result<bool> {
    const SQL: &str = "SELECT id FROM teams WHERE org_id = $1 AND sort_name = $2";
    let found: Option<TeamId> =
        on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(org).bind(sort_name(name)).fetch_optional(c).await)?;
    Ok(found.is_some_and(|found| found != but))
}

/// Changes name and description.
pub async fn update(
    tx: &mut WriteTx,
    id: TeamId,
    name: &str,
    description: &str,
    now: Timestamp,
) -> Result<()> {
    const SQL: &str =
        "UPDATE teams SET name = $2, sort_name = $3, description = $4, updated_at = $5 WHERE id = $1";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(name)
        .bind(sort_name(name))
        .bind(description)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Deletes a team with its memberships; its grants and shares are taken separately, before. `false` if it is not there.
pub async fn delete(tx: &mut WriteTx, id: TeamId) -> Result<bool> {
    const MEMBERS: &str = "DELETE FROM team_members WHERE team_id = $1";
    // Accounts for machines stay, as orphans.
    const OWNED: &str = "UPDATE service_accounts SET owner_team_id = NULL WHERE owner_team_id = $1";
    const TEAM: &str = "DELETE FROM teams WHERE id = $1";
    on_engine!(tx, |c| sqlx::query(OWNED).bind(id).execute(c).await.map(|_| ()))?;
    on_engine!(tx, |c| sqlx::query(MEMBERS).bind(id).execute(c).await.map(|_| ()))?;
    let n = on_engine!(tx, |c| sqlx::query(TEAM).bind(id).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

#[derive(sqlx::FromRow)]
struct PersonRow {
    user_id: Option<UserId>,
    invitation_id: Option<InvitationId>,
    name: String,
    email: String,
    maintainer: bool,
    added_at: Timestamp,
}

impl PersonRow {
    fn read(self) -> Option<TeamMember> {
        let principal = match (self.user_id, self.invitation_id) {
            (Some(id), _) => Principal::User(id),
            (None, Some(id)) => Principal::Invitation(id),
            (None, None) => return None,
        };
        Some(TeamMember {
            principal,
            name: self.name,
            email: self.email,
            maintainer: self.maintainer,
            added_at: self.added_at,
        })
    }
}

/// Who is in a team, in the order in which they came, after the one at `after`.
pub async fn members(
    tx: &mut ReadTx,
    team: TeamId,
    after: Option<(Timestamp, Uuid)>,
    limit: u32,
) -> Result<Vec<TeamMember>> {
    const SQL: &str = "SELECT p.user_id, p.invitation_id, COALESCE(u.name, i.email, '') AS name, \
        COALESCE(u.email, i.email, '') AS email, p.maintainer, p.added_at FROM team_members p \
        LEFT JOIN users u ON u.id = p.user_id LEFT JOIN invitations i ON i.id = p.invitation_id \
        WHERE p.team_id = $1 AND (p.added_at > $2 OR (p.added_at = $2 AND COALESCE(p.user_id, p.invitation_id) > $3)) \
        ORDER BY p.added_at, COALESCE(p.user_id, p.invitation_id) LIMIT $4";
    let (at, id) = after.unwrap_or((Timestamp::from_millis(-1), Uuid::nil()));
    let rows: Vec<PersonRow> = on_engine!(tx, |c| sqlx::query_as(SQL)
        .bind(team)
        .bind(at)
        .bind(id)
        .bind(i64::from(limit))
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().filter_map(PersonRow::read).collect())
}

/// One person or invitation in a team.
pub async fn member(tx: &mut ReadTx, team: TeamId, principal: Principal) -> Result<Option<TeamMember>> {
    const SQL: &str = "SELECT p.user_id, p.invitation_id, COALESCE(u.name, i.email, '') AS name, \
        COALESCE(u.email, i.email, '') AS email, p.maintainer, p.added_at FROM team_members p \
        LEFT JOIN users u ON u.id = p.user_id LEFT JOIN invitations i ON i.id = p.invitation_id \
        WHERE p.team_id = $1 AND COALESCE(p.user_id, p.invitation_id) = $2";
    let row: Option<PersonRow> =
        on_engine!(tx, |c| sqlx::query_as(SQL).bind(team).bind(principal.uuid()).fetch_optional(c).await)?;
    Ok(row.and_then(PersonRow::read))
}

/// Puts a person or an open invitation into a team. `false` if they are in it already.
pub async fn add(
    tx: &mut WriteTx,
    team: TeamId,
    principal: Principal,
    maintainer: bool,
    now: Timestamp,
) -> Result<bool> {
    const SQL: &str = "INSERT INTO team_members (team_id, user_id, invitation_id, maintainer, added_at) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let (user, invitation) = match principal {
        Principal::User(id) => (Some(id), None),
        Principal::Invitation(id) => (None, Some(id)),
        Principal::Team(_) => return Ok(false),
    };
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(team)
        .bind(user)
        .bind(invitation)
        .bind(maintainer)
        .bind(now)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Makes somebody in a team a maintainer, or no maintainer. `false` if they are not in it.
pub async fn set_maintainer(
    tx: &mut WriteTx,
    team: TeamId,
    principal: Principal,
    maintainer: bool,
) -> Result<bool> {
    const SQL: &str = "UPDATE team_members SET maintainer = $3 WHERE team_id = $1 \
        AND COALESCE(user_id, invitation_id) = $2";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(team)
        .bind(principal.uuid())
        .bind(maintainer)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Takes somebody out of a team. `false` if they are not in it.
pub async fn take_out(tx: &mut WriteTx, team: TeamId, principal: Principal) -> Result<bool> {
    const SQL: &str = "DELETE FROM team_members WHERE team_id = $1 AND COALESCE(user_id, invitation_id) = $2";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(team)
        .bind(principal.uuid())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}
