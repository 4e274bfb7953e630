//! Memberships: who belongs to an organization, and with which role.

use crate::engine::EngineKind;
use crate::engine::on_engine;
use crate::identities::MAILBOX;
use crate::{ReadTx, Result, WriteTx};
use model::member::Member;
use model::{OrgId, OrgRole, Timestamp, UserId};

/// Adds a member. `false` if they are one already. `name`, `email` and `username` feed order and search.
pub async fn insert(
    tx: &mut WriteTx,
    org: OrgId,
    user: &crate::users::User,
    role: OrgRole,
    now: Timestamp,
) -> Result<bool> {
    const SQL: &str = "INSERT INTO memberships (org_id, user_id, role, joined_at, sort_name, search_text) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    let sort_name = sort_name(&user.name);
    let search = format!("{sort_name} {} {}", user.email.to_lowercase(), user.username.to_lowercase());
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(org)
        .bind(user.id)
        .bind(role.as_str())
        .bind(now)
        .bind(sort_name)
        .bind(search)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// A person's role in an organization.
pub async fn role(tx: &mut ReadTx, org: OrgId, user: UserId) -> Result<Option<OrgRole>> {
    const SQL: &str = "SELECT role FROM memberships WHERE org_id = $1 AND user_id = $2";
    let text: Option<String> =
        on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(org).bind(user).fetch_optional(c).await)?;
    // A role this version does not know allows nothing.
    Ok(text.and_then(|text| text.parse().ok()))
}

/// Filters for [`list`]; each is optional.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of a name, address or username, in any spelling.
    pub search: Option<String>,
    /// Only this role.
    pub role: Option<OrgRole>,
    /// Only members after this one, by (sort name, person): where a page begins.
    pub after: Option<(String, UserId)>,
}

#[derive(sqlx::FromRow)]
struct Row {
    user_id: UserId,
    name: String,
    email: String,
    username: String,
    is_service_account: bool,
    #[sqlx(try_from = "String")]
    role: OrgRole,
    workspaces: i64,
    joined_at: Timestamp,
    locked_at: Option<Timestamp>,
    last_seen_at: Option<Timestamp>,
}

impl From<Row> for Member {
    fn from(row: Row) -> Self {
        Self {
            user: row.user_id,
            name: row.name,
            email: row.email,
            username: row.username,
            is_service_account: row.is_service_account,
            role: row.role,
            workspaces: u32::try_from(row.workspaces).unwrap_or(u32::MAX),
            joined_at: row.joined_at,
            locked_at: row.locked_at,
            last_seen_at: row.last_seen_at,
        }
    }
}

macro_rules! members_where {
    ($rest:literal) => {
        concat!(
            "SELECT m.user_id, u.name, u.email, u.username, u.is_service_account, m.role, m.joined_at, m.locked_at, \
             u.last_seen_at, \
             (SELECT CAST(COUNT(DISTINCT g.workspace_id) AS BIGINT) FROM grants g \
             WHERE g.user_id = m.user_id AND g.org_id = m.org_id) AS workspaces \
             FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.org_id = ",
            $rest
        )
    };
}

/// Members of an organization by name.
pub async fn list(tx: &mut ReadTx, org: OrgId, filter: &Filter, limit: u32) -> Result<Vec<Member>> {
    // Not LIKE: a search for "50%" means these three characters.
    let contains = match tx.kind() {
        EngineKind::Sqlite => " AND INSTR(m.search_text, ",
        EngineKind::Postgres => " AND STRPOS(m.search_text, ",
    };
    // Built, not one static text: with `($1 IS NULL OR …)` neither engine would pick the index that fits the filter.
    macro_rules! build {
        ($db:ty, $c:ident) => {{
            let mut sql = sqlx::QueryBuilder::<$db>::new(members_where!(""));
            sql.push_bind(org).push(" AND u.is_service_account = FALSE");
            if let Some(role) = filter.role {
                sql.push(" AND m.role = ").push_bind(role.as_str());
            }
            if let Some((name, user)) = &filter.after {
                sql.push(" AND (m.sort_name, m.user_id) > (").push_bind(name.as_str());
                sql.push(", ").push_bind(*user).push(")");
            }
            if let Some(search) = &filter.search {
                sql.push(contains).push_bind(sort_name(search)).push(") > 0");
            }
            sql.push(" ORDER BY m.sort_name, m.user_id LIMIT ").push_bind(i64::from(limit));
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
    Ok(rows.into_iter().map(Member::from).collect())
}

/// The name by which a member is ordered: what a page's cursor holds.
pub fn sort_name(name: &str) -> String {
    model::text::folded(name)
}

/// One member of an organization.
pub async fn by_id(tx: &mut ReadTx, org: OrgId, user: UserId) -> Result<Option<Member>> {
    const SQL: &str = members_where!("$1 AND m.user_id = $2");
    let row: Option<Row> =
        on_engine!(tx, |c| sqlx::query_as(SQL).bind(org).bind(user).fetch_optional(c).await)?;
    Ok(row.map(Member::from))
}

/// Whether somebody with this address (in lower case) is a member: as contact data, or as a mailbox they sign in with.
pub async fn has_address(tx: &mut ReadTx, org: OrgId, email_folded: &str) -> Result<bool> {
    const SQL: &str = "SELECT CASE WHEN EXISTS (SELECT 1 FROM users u JOIN memberships m ON m.user_id = u.id \
        WHERE u.email_folded = $2 AND m.org_id = $1) OR EXISTS (SELECT 1 FROM identities i \
        JOIN memberships m ON m.user_id = i.user_id WHERE i.issuer = $3 AND i.subject = $2 AND m.org_id = $1) \
        THEN TRUE ELSE FALSE END";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL)
        .bind(org)
        .bind(email_folded)
        .bind(MAILBOX)
        .fetch_one(c)
        .await)?)
}

/// Whether a person is a member of another organization, too.
pub async fn is_elsewhere(tx: &mut ReadTx, org: OrgId, user: UserId) -> Result<bool> {
    const SQL: &str = "SELECT CASE WHEN EXISTS (SELECT 1 FROM memberships WHERE user_id = $2 AND org_id <> $1) \
        THEN TRUE ELSE FALSE END";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(org).bind(user).fetch_one(c).await)?)
}

/// How many members have each role.
pub async fn count_by_role(tx: &mut ReadTx, org: OrgId) -> Result<Vec<(String, i64)>> {
    const SQL: &str = "SELECT m.role, COUNT(*) FROM memberships m JOIN users u ON u.id = m.user_id \
        WHERE m.org_id = $1 AND u.is_service_account = FALSE GROUP BY m.role";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(org).fetch_all(c).await)?)
}

/// Whether a person is an administrator of the organization besides `user`, whose account is open and who is not locked.
pub async fn has_other_admin(tx: &mut ReadTx, org: OrgId, user: UserId) -> Result<bool> {
    const SQL: &str = "SELECT CASE WHEN EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id \
        WHERE m.org_id = $1 AND m.role = $3 AND m.user_id <> $2 AND m.locked_at IS NULL AND u.deactivated_at IS NULL \
        AND u.is_service_account = FALSE) \
        THEN TRUE ELSE FALSE END";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL)
        .bind(org)
        .bind(user)
        .bind(OrgRole::Admin.as_str())
        .fetch_one(c)
        .await)?)
}

/// Changes a member's role. `false` if they are no member.
pub async fn set_role(tx: &mut WriteTx, org: OrgId, user: UserId, role: OrgRole) -> Result<bool> {
    const SQL: &str = "UPDATE memberships SET role = $3 WHERE org_id = $1 AND user_id = $2";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(org)
        .bind(user)
        .bind(role.as_str())
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Locks a member of an organization. `false` if they are no member, or locked already.
pub async fn lock(tx: &mut WriteTx, org: OrgId, user: UserId, now: Timestamp) -> Result<bool> {
    const SQL: &str =
        "UPDATE memberships SET locked_at = $3 WHERE org_id = $1 AND user_id = $2 AND locked_at IS NULL";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(org)
        .bind(user)
        .bind(now)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Unlocks a member of an organization. `false` if they are no member, or not locked.
pub async fn unlock(tx: &mut WriteTx, org: OrgId, user: UserId) -> Result<bool> {
    const SQL: &str = "UPDATE memberships SET locked_at = NULL WHERE org_id = $1 AND user_id = $2 AND locked_at IS NOT NULL";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(org)
        .bind(user)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Ends a membership with everything that hung on it: teams, roles anywhere in the organization, and shares.
/// `false` if they were no member.
pub async fn remove(tx: &mut WriteTx, org: OrgId, user: UserId) -> Result<bool> {
    const GRANTS: &str = "DELETE FROM grants WHERE org_id = $1 AND user_id = $2";
    const SHARES: &str = "DELETE FROM resource_shares WHERE user_id = $2 \
        AND workspace_id IN (SELECT id FROM workspaces WHERE org_id = $1)";
    const TEAMS: &str = "DELETE FROM team_members WHERE user_id = $2 \
        AND team_id IN (SELECT id FROM teams WHERE org_id = $1)";
    // Accounts for machines stay, as orphans.
    const OWNED: &str =
        "UPDATE service_accounts SET owner_user_id = NULL WHERE org_id = $1 AND owner_user_id = $2";
    const MEMBERSHIP: &str = "DELETE FROM memberships WHERE org_id = $1 AND user_id = $2";
    on_engine!(tx, |c| sqlx::query(GRANTS).bind(org).bind(user).execute(c).await.map(|_| ()))?;
    on_engine!(tx, |c| sqlx::query(TEAMS).bind(org).bind(user).execute(c).await.map(|_| ()))?;
    on_engine!(tx, |c| sqlx::query(SHARES).bind(org).bind(user).execute(c).await.map(|_| ()))?;
    on_engine!(tx, |c| sqlx::query(OWNED).bind(org).bind(user).execute(c).await.map(|_| ()))?;
    let n = on_engine!(tx, |c| sqlx::query(MEMBERSHIP)
        .bind(org)
        .bind(user)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Names and addresses of people, in the order of their names. At most `limit` of them, which is also how many are asked
/// about at once.
pub async fn named(
    tx: &mut ReadTx,
    org: OrgId,
    users: &[UserId],
    limit: usize,
) -> Result<Vec<(UserId, String, String)>> {
    const HEAD: &str = "SELECT m.user_id, u.name, u.email FROM memberships m JOIN users u ON u.id = m.user_id \
        WHERE m.org_id = ";
    /// Both engines take tens of thousands of values in one statement; this stays far below.
    const AT_ONCE: usize = 5_000;
    let mut all: Vec<(UserId, String, String)> = Vec::new();
    // Built, because a list is bound differently on each engine.
    macro_rules! build {
        ($db:ty, $c:ident, $part:expr) => {{
            let mut sql = sqlx::QueryBuilder::<$db>::new(HEAD);
            sql.push_bind(org).push(" AND m.user_id IN (");
            let mut list = sql.separated(", ");
            for user in $part {
                list.push_bind(*user);
            }
            list.push_unseparated(") ORDER BY m.sort_name, m.user_id LIMIT ");
            sql.push_bind(i64::try_from(limit).unwrap_or(i64::MAX));
            sql.build_query_as().fetch_all($c).await
        }};
    }
    for part in users.chunks(AT_ONCE) {
        let rows: Vec<(UserId, String, String)> = match &mut tx.conn {
            crate::engine::Conn::Sqlite(lease) => {
                let c = &mut **lease;
                build!(sqlx::Sqlite, c, part)
            }
            crate::engine::Conn::Postgres(lease) => {
                let c = &mut **lease;
                build!(sqlx::Postgres, c, part)
            }
        }?;
        all.extend(rows);
    }
    all.sort_by_cached_key(|(user, name, _)| (sort_name(name), *user));
    all.truncate(limit);
    Ok(all)
}
