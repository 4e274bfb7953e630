//! Jobs written in the transaction that causes them and done by a worker afterwards. So far: mails.

use crate::due::{Due, due};
use crate::engine::on_engine;
use crate::sealed::Sealed;
use crate::{ReadTx, Result, WriteTx};
use model::invitation::MailState;
use model::{OutboxId, Timestamp};
use uuid::Uuid;

/// A mail to be added.
#[derive(Clone, Debug)]
pub struct NewMail<'a> {
    /// Its id.
    pub id: OutboxId,
    /// What it is about: a kind of thing and its id.
    pub about: Option<(&'static str, Uuid)>,
    /// What is to be sent, sealed.
    pub payload_sealed: &'a Sealed,
    /// When it was made, and due.
    pub now: Timestamp,
}

/// A mail a worker has taken.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Claimed {
    /// Its id.
    pub id: OutboxId,
    /// What is to be sent, sealed.
    pub payload_sealed: Option<Sealed>,
    /// How often it was taken, this time included. Also the fence: only the latest taker may say how it went.
    pub attempts: i64,
}

/// Adds a mail.
pub async fn insert(tx: &mut WriteTx, mail: &NewMail<'_>) -> Result<()> {
    const SQL: &str = "INSERT INTO outbox (id, kind, about_kind, about_id, payload_sealed, created_at, due_at, attempts) \
        VALUES ($1, 'mail', $2, $3, $4, $5, $5, 0)";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(mail.id)
        .bind(mail.about.map(|(kind, _)| kind))
        .bind(mail.about.map(|(_, id)| id))
        .bind(mail.payload_sealed)
        .bind(mail.now)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const DUE: Due = due!("outbox", "done_at IS NULL AND parked_at IS NULL", "id, payload_sealed, attempts");

/// Whether a mail is due that nobody has taken: a look that disturbs no writer.
pub async fn is_any_due(tx: &mut ReadTx, now: Timestamp) -> Result<bool> {
    DUE.is_any(tx, now).await
}

/// Takes due mails until `lease_until`.
pub async fn claim(
    tx: &mut WriteTx,
    now: Timestamp,
    lease_until: Timestamp,
    limit: i64,
) -> Result<Vec<Claimed>> {
    DUE.claim(tx, now, lease_until, limit).await
}

/// Notes that a mail was sent, and forgets what stood in it.
pub async fn done(tx: &mut WriteTx, id: OutboxId, now: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE outbox SET done_at = $2, payload_sealed = NULL, locked_until = NULL, last_error = NULL \
        WHERE id = $1 AND done_at IS NULL";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Notes that a try failed and when the next one is due.
pub async fn retry(tx: &mut WriteTx, taken: &Claimed, due_at: Timestamp, reason: &str) -> Result<()> {
    const SQL: &str = "UPDATE outbox SET due_at = $3, last_error = $4, locked_until = NULL \
        WHERE id = $1 AND attempts = $2 AND done_at IS NULL";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(taken.id)
        .bind(taken.attempts)
        .bind(due_at)
        .bind(reason)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Gives a mail up, and forgets what stood in it.
pub async fn park(tx: &mut WriteTx, taken: &Claimed, now: Timestamp, reason: &str) -> Result<()> {
    const SQL: &str = "UPDATE outbox SET parked_at = $3, last_error = $4, payload_sealed = NULL, locked_until = NULL \
        WHERE id = $1 AND attempts = $2 AND done_at IS NULL";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(taken.id)
        .bind(taken.attempts)
        .bind(now)
        .bind(reason)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Takes back mails about something that were not sent yet: the link in them no longer works.
pub async fn withdraw(tx: &mut WriteTx, about: Uuid) -> Result<()> {
    const SQL: &str = "DELETE FROM outbox WHERE about_id = $1 AND done_at IS NULL AND parked_at IS NULL";
    on_engine!(tx, |c| sqlx::query(SQL).bind(about).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// What became of the latest mail about each of `ids`; those without a mail are left out.
pub async fn states(tx: &mut ReadTx, ids: &[Uuid]) -> Result<Vec<(Uuid, MailState)>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        about_id: Uuid,
        due_at: Timestamp,
        attempts: i64,
        last_error: Option<String>,
        done_at: Option<Timestamp>,
        parked_at: Option<Timestamp>,
    }
    const HEAD: &str = "SELECT about_id, due_at, attempts, last_error, done_at, parked_at FROM outbox o \
        WHERE NOT EXISTS (SELECT 1 FROM outbox n WHERE n.about_id = o.about_id AND n.id > o.id) AND about_id IN (";
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
            list.push_unseparated(")");
            sql.build_query_as::<Row>().fetch_all($c).await
        }};
    }
    let rows: Vec<Row> = match &mut tx.conn {
        crate::engine::Conn::Sqlite(lease) => {
            let c = &mut **lease;
            build!(sqlx::Sqlite, c)
        }
        crate::engine::Conn::Postgres(lease) => {
            let c = &mut **lease;
            build!(sqlx::Postgres, c)
        }
    }?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let reason = row.last_error.unwrap_or_default();
            let state = match (row.done_at, row.parked_at) {
                (Some(at), _) => MailState::Sent { at },
                (None, Some(_)) => MailState::Failed { reason },
                (None, None) if reason.is_empty() => MailState::Queued,
                (None, None) => MailState::Retrying {
                    attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
                    reason,
                    next_at: row.due_at,
                },
            };
            (row.about_id, state)
        })
        .collect())
}

/// Forgets mails that were sent or given up before `before`.
pub async fn delete_ended(tx: &mut WriteTx, before: Timestamp) -> Result<u64> {
    const SQL: &str = "DELETE FROM outbox WHERE done_at < $1 OR parked_at < $1";
    Ok(on_engine!(tx, |c| sqlx::query(SQL).bind(before).execute(c).await.map(|r| r.rows_affected()))?)
}
