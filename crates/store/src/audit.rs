//! The audit log: written inside the transaction of the change, never altered.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::audit::{AuditAction, Entry, Outcome};
use model::{AuditId, OrgId, Timestamp, UserId};
use uuid::Uuid;

/// Whose log an entry belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One organization's.
    Org(OrgId),
    /// That of every organization the person is a member of: their own account is their employers' business too.
    Person(UserId),
    /// The installation's: kept with its first organization.
    Installation,
}

/// An entry to be written.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// Its id.
    pub id: AuditId,
    /// Whose log.
    pub scope: Scope,
    /// When.
    pub at: Timestamp,
    /// What.
    pub action: AuditAction,
    /// How it ended.
    pub outcome: Outcome,
    /// Kind of actor.
    pub actor_kind: &'static str,
    /// The actor's id.
    pub actor_id: Option<Uuid>,
    /// The actor's name.
    pub actor_name: String,
    /// Kind of thing.
    pub target_kind: Option<&'static str>,
    /// That thing's id.
    pub target_id: Option<Uuid>,
    /// That thing's name.
    pub target_name: Option<String>,
    /// What it was, as JSON.
    pub before: Option<String>,
    /// What it is, as JSON.
    pub after: Option<String>,
    /// From where.
    pub ip: Option<String>,
    /// With what.
    pub user_agent: Option<String>,
    /// Leads to the log lines.
    pub request_id: String,
}

/// Longest text kept of anything a caller chose freely.
const MAX_TEXT: usize = 500;

pub(crate) async fn insert(tx: &mut WriteTx, entry: &NewEntry) -> Result<()> {
    const SQL: &str = "INSERT INTO audit_entries (id, org_id, at, action, outcome, actor_kind, actor_id, actor_name, \
        target_kind, target_id, target_name, before, after, ip, user_agent, request_id) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    for (n, org) in logs_of(tx, entry.scope).await?.into_iter().enumerate() {
        // The same event in several logs: neighbouring ids, so that their order by id is their order in time.
        let id = Uuid::from_u128(entry.id.uuid().as_u128().wrapping_add(n as u128));
        on_engine!(tx, |c| sqlx::query(SQL)
            .bind(id)
            .bind(org)
            .bind(entry.at)
            .bind(entry.action.as_str())
            .bind(entry.outcome.as_str())
            .bind(entry.actor_kind)
            .bind(entry.actor_id)
            .bind(shortened(&entry.actor_name))
            .bind(entry.target_kind)
            .bind(entry.target_id)
            .bind(entry.target_name.as_deref().map(shortened))
            .bind(entry.before.as_deref())
            .bind(entry.after.as_deref())
            .bind(entry.ip.as_deref())
            .bind(entry.user_agent.as_deref().map(shortened))
            .bind(entry.request_id.as_str())
            .execute(c)
            .await
            .map(|_| ()))?;
    }
    Ok(())
}

async fn logs_of(tx: &mut ReadTx, scope: Scope) -> Result<Vec<Option<OrgId>>> {
    const OF_PERSON: &str = "SELECT org_id FROM memberships WHERE user_id = $1 ORDER BY org_id";
    const HOME: &str = "SELECT home_org_id FROM installation WHERE id = 1";
    if let Scope::Org(org) = scope {
        return Ok(vec![Some(org)]);
    }
    if let Scope::Person(user) = scope {
        let orgs: Vec<OrgId> =
            on_engine!(tx, |c| sqlx::query_scalar(OF_PERSON).bind(user).fetch_all(c).await)?;
        if !orgs.is_empty() {
            return Ok(orgs.into_iter().map(Some).collect());
        }
    }
    let home: Option<Option<OrgId>> = on_engine!(tx, |c| sqlx::query_scalar(HOME).fetch_optional(c).await)?;
    Ok(vec![home.flatten()])
}

fn shortened(text: &str) -> &str {
    match text.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => text.get(..end).unwrap_or(""),
        None => text,
    }
}

/// Filters for [`list`]; each is optional.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only this action.
    pub action: Option<String>,
    /// Only this outcome.
    pub outcome: Option<Outcome>,
    /// Only this actor.
    pub actor: Option<Uuid>,
    /// Only this target.
    pub target: Option<Uuid>,
    /// At or after.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
    /// Only entries older than this one: where a page begins.
    pub before: Option<AuditId>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: AuditId,
    at: Timestamp,
    action: String,
    #[sqlx(try_from = "String")]
    outcome: Outcome,
    actor_kind: String,
    actor_id: Option<Uuid>,
    actor_name: String,
    target_kind: Option<String>,
    target_id: Option<Uuid>,
    target_name: Option<String>,
    before: Option<String>,
    after: Option<String>,
    ip: Option<String>,
    user_agent: Option<String>,
    request_id: String,
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            at: row.at,
            action: row.action,
            outcome: row.outcome,
            actor_kind: row.actor_kind,
            actor_id: row.actor_id.map(|id| id.to_string()),
            actor_name: row.actor_name,
            target_kind: row.target_kind,
            target_id: row.target_id.map(|id| id.to_string()),
            target_name: row.target_name,
            before: row.before,
            after: row.after,
            ip: row.ip,
            user_agent: row.user_agent,
            request_id: row.request_id,
        }
    }
}

const COLUMNS: &str = "SELECT id, at, action, outcome, actor_kind, actor_id, actor_name, target_kind, target_id, \
    target_name, before, after, ip, user_agent, request_id FROM audit_entries WHERE org_id = ";

/// Entries of an organization, newest first.
pub async fn list(tx: &mut ReadTx, org: OrgId, filter: &Filter, limit: u32) -> Result<Vec<Entry>> {
    // Built, not one static text: with `($1 IS NULL OR …)` neither engine would pick the index that fits the filter.
    macro_rules! build {
        ($db:ty, $c:ident) => {{
            let mut sql = sqlx::QueryBuilder::<$db>::new(COLUMNS);
            sql.push_bind(org);
            if let Some(action) = &filter.action {
                sql.push(" AND action = ").push_bind(action.as_str());
            }
            if let Some(outcome) = filter.outcome {
                sql.push(" AND outcome = ").push_bind(outcome.as_str());
            }
            if let Some(actor) = filter.actor {
                sql.push(" AND actor_id = ").push_bind(actor);
            }
            if let Some(target) = filter.target {
                sql.push(" AND target_id = ").push_bind(target);
            }
            if let Some(from) = filter.from {
                // Ids begin with their time, so a time bound is an id bound and uses the same index.
                sql.push(" AND id >= ").push_bind(first_id_at(from));
            }
            if let Some(to) = filter.to {
                sql.push(" AND id < ").push_bind(first_id_at(to));
            }
            if let Some(before) = filter.before {
                sql.push(" AND id < ").push_bind(before);
            }
            sql.push(" ORDER BY id DESC LIMIT ").push_bind(i64::from(limit));
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
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// One entry of an organization.
pub async fn by_id(tx: &mut ReadTx, org: OrgId, id: AuditId) -> Result<Option<Entry>> {
    const SQL: &str = "SELECT id, at, action, outcome, actor_kind, actor_id, actor_name, target_kind, target_id, \
        target_name, before, after, ip, user_agent, request_id FROM audit_entries WHERE org_id = $1 AND id = $2";
    let row: Option<Row> =
        on_engine!(tx, |c| sqlx::query_as(SQL).bind(org).bind(id).fetch_optional(c).await)?;
    Ok(row.map(Entry::from))
}

/// How often `action` succeeded on each day since `from`; the day is counted from `from`, 0 first.
pub async fn count_by_day(
    tx: &mut ReadTx,
    org: OrgId,
    action: AuditAction,
    from: Timestamp,
) -> Result<Vec<(i64, i64)>> {
    const SQL: &str = "SELECT CAST((at - $4) / 86400000 AS BIGINT) AS day, COUNT(*) AS n FROM audit_entries \
        WHERE org_id = $1 AND action = $2 AND id >= $3 AND outcome = 'success' GROUP BY 1 ORDER BY 1";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL)
        .bind(org)
        .bind(action.as_str())
        .bind(first_id_at(from))
        .bind(from)
        .fetch_all(c)
        .await)?)
}

/// The smallest UUIDv7 of an instant.
fn first_id_at(at: Timestamp) -> Uuid {
    let ms = u128::try_from(at.millis().max(0)).unwrap_or(0);
    Uuid::from_u128(ms << 80)
}
