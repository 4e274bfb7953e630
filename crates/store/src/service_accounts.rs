//! Accounts for machines: what they have that people's have not.

use crate::engine::{EngineKind, on_engine};
use crate::{ReadTx, Result, WriteTx};
use model::service_account::{Owner, ServiceAccount};
use model::{OrgId, OrgRole, ServiceAccountId, TeamId, Timestamp, UserId};

/// The part of a new service account that is not in its account and its membership.
#[derive(Clone, Debug)]
pub struct NewServiceAccount<'a> {
    /// Its id.
    pub id: ServiceAccountId,
    /// Whose it is.
    pub org: OrgId,
    /// What it is for.
    pub description: &'a str,
    /// Who answers for it.
    pub owner: Option<OwnerId>,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub at: Timestamp,
}

/// Who answers for an account, by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerId {
    /// A person.
    User(UserId),
    /// Everybody in a team.
    Team(TeamId),
}

impl OwnerId {
    const fn parts(owner: Option<Self>) -> (Option<UserId>, Option<TeamId>) {
        match owner {
            Some(Self::User(user)) => (Some(user), None),
            Some(Self::Team(team)) => (None, Some(team)),
            None => (None, None),
        }
    }
}

/// Adds one; the account and its membership must be there.
pub async fn insert(tx: &mut WriteTx, new: &NewServiceAccount<'_>) -> Result<()> {
    const SQL: &str = "INSERT INTO service_accounts (user_id, org_id, description, owner_user_id, owner_team_id, \
        created_by, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
    let (user, team) = OwnerId::parts(new.owner);
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(new.id)
        .bind(new.org)
        .bind(new.description)
        .bind(user)
        .bind(team)
        .bind(new.created_by)
        .bind(new.at)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The organization of a service account that was not deleted.
pub async fn org_of(tx: &mut ReadTx, id: ServiceAccountId) -> Result<Option<OrgId>> {
    const SQL: &str = "SELECT org_id FROM service_accounts WHERE user_id = $1 AND deleted_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(id).fetch_optional(c).await)?)
}

/// The service account of this name in an organization, if it was not deleted.
pub async fn by_name(tx: &mut ReadTx, org: OrgId, name: &str) -> Result<Option<ServiceAccountId>> {
    const SQL: &str = "SELECT s.user_id FROM service_accounts s JOIN users u ON u.id = s.user_id \
        WHERE s.org_id = $1 AND u.username = $2 AND s.deleted_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL)
        .bind(org)
        .bind(name.to_lowercase())
        .fetch_optional(c)
        .await)?)
}

/// How many an organization has.
pub async fn count(tx: &mut ReadTx, org: OrgId) -> Result<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM service_accounts WHERE org_id = $1 AND deleted_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(org).fetch_one(c).await)?)
}

#[derive(sqlx::FromRow)]
struct Row {
    user_id: ServiceAccountId,
    name: String,
    description: String,
    #[sqlx(try_from = "String")]
    role: OrgRole,
    owner_user_id: Option<UserId>,
    owner_user_name: Option<String>,
    owner_team_id: Option<TeamId>,
    owner_team_name: Option<String>,
    keys: i64,
    created_at: Timestamp,
    last_used_at: Option<Timestamp>,
    deactivated_at: Option<Timestamp>,
}

impl From<Row> for ServiceAccount {
    fn from(row: Row) -> Self {
        let person = row.owner_user_id.zip(row.owner_user_name).map(|(id, name)| Owner::User { id, name });
        let team = row.owner_team_id.zip(row.owner_team_name).map(|(id, name)| Owner::Team { id, name });
        Self {
            id: row.user_id,
            name: row.name,
            description: row.description,
            role: row.role,
            owner: person.or(team),
            keys: u32::try_from(row.keys).unwrap_or(u32::MAX),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            active: row.deactivated_at.is_none(),
        }
    }
}

/// Accounts with their owners. An owner who is no member any more, or whose account is closed, is none. Between the two
/// parts stands the instant at which keys are judged.
macro_rules! accounts_at {
    () => {
        "SELECT s.user_id, u.username AS name, s.description, m.role, p.id AS owner_user_id, \
         p.name AS owner_user_name, t.id AS owner_team_id, t.name AS owner_team_name, s.created_at, \
         u.last_seen_at AS last_used_at, u.deactivated_at, \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM api_keys k WHERE k.user_id = s.user_id AND k.revoked_at IS NULL \
         AND (k.expires_at IS NULL OR k.expires_at > "
    };
}
macro_rules! accounts_where {
    ($rest:literal) => {
        concat!(
            ")) AS keys FROM service_accounts s JOIN users u ON u.id = s.user_id \
             JOIN memberships m ON m.user_id = s.user_id AND m.org_id = s.org_id \
             LEFT JOIN memberships o ON o.org_id = s.org_id AND o.user_id = s.owner_user_id \
             LEFT JOIN users p ON p.id = o.user_id AND p.deactivated_at IS NULL \
             LEFT JOIN teams t ON t.id = s.owner_team_id WHERE s.deleted_at IS NULL AND s.org_id = ",
            $rest
        )
    };
}

/// Filters for [`list`]; each is optional.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of a name, in lower case.
    pub search: Option<String>,
    /// Only those for whom nobody answers.
    pub orphans: bool,
    /// Only names after this one: where a page begins.
    pub after: Option<String>,
}

/// Service accounts of an organization, by name.
pub async fn list(
    tx: &mut ReadTx,
    org: OrgId,
    filter: &Filter,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<ServiceAccount>> {
    // Not LIKE: a search for "50%" means these three characters.
    let contains = match tx.kind() {
        EngineKind::Sqlite => " AND INSTR(u.username, ",
        EngineKind::Postgres => " AND STRPOS(u.username, ",
    };
    // Built, not one static text: with `($1 IS NULL OR …)` neither engine would pick the index that fits the filter.
    macro_rules! build {
        ($db:ty, $c:ident) => {{
            let mut sql = sqlx::QueryBuilder::<$db>::new(accounts_at!());
            sql.push_bind(now).push(accounts_where!("")).push_bind(org);
            if let Some(after) = &filter.after {
                sql.push(" AND u.username > ").push_bind(after.as_str());
            }
            if let Some(search) = &filter.search {
                sql.push(contains).push_bind(search.as_str()).push(") > 0");
            }
            if filter.orphans {
                sql.push(" AND p.id IS NULL AND t.id IS NULL");
            }
            sql.push(" ORDER BY u.username LIMIT ").push_bind(i64::from(limit));
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
    Ok(rows.into_iter().map(ServiceAccount::from).collect())
}

/// One service account of an organization.
pub async fn by_id(
    tx: &mut ReadTx,
    org: OrgId,
    id: ServiceAccountId,
    now: Timestamp,
) -> Result<Option<ServiceAccount>> {
    const SQL: &str = concat!(accounts_at!(), "$3", accounts_where!("$1 AND s.user_id = $2"));
    let row: Option<Row> =
        on_engine!(tx, |c| sqlx::query_as(SQL).bind(org).bind(id).bind(now).fetch_optional(c).await)?;
    Ok(row.map(ServiceAccount::from))
}

/// Changes what it is for and who answers for it.
pub async fn update(
    tx: &mut WriteTx,
    id: ServiceAccountId,
    description: &str,
    owner: Option<OwnerId>,
    now: Timestamp,
) -> Result<()> {
    const SQL: &str = "UPDATE service_accounts SET description = $2, owner_user_id = $3, owner_team_id = $4, \
        updated_at = $5 WHERE user_id = $1";
    let (user, team) = OwnerId::parts(owner);
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(description)
        .bind(user)
        .bind(team)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Notes that it was deleted. The row stays: it says whose the name was.
pub async fn delete(tx: &mut WriteTx, id: ServiceAccountId, now: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE service_accounts SET deleted_at = $2, updated_at = $2, owner_user_id = NULL, \
        owner_team_id = NULL WHERE user_id = $1";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// The people who answer for an account and are not locked: its owner, or everybody in the team. Addresses, at most
/// `limit`.
pub async fn owners(tx: &mut ReadTx, id: ServiceAccountId, limit: u32) -> Result<Vec<String>> {
    const SQL: &str = "SELECT u.email FROM service_accounts s JOIN users u ON u.id = s.owner_user_id \
        JOIN memberships m ON m.org_id = s.org_id AND m.user_id = u.id AND m.locked_at IS NULL \
        WHERE s.user_id = $1 AND u.deactivated_at IS NULL UNION \
        SELECT u.email FROM service_accounts s JOIN team_members p ON p.team_id = s.owner_team_id \
        JOIN users u ON u.id = p.user_id \
        JOIN memberships m ON m.org_id = s.org_id AND m.user_id = u.id AND m.locked_at IS NULL WHERE s.user_id = $1 AND u.deactivated_at IS NULL \
        AND u.email <> '' ORDER BY 1 LIMIT $2";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(id).bind(i64::from(limit)).fetch_all(c).await)?)
}
