//! Browser sessions. Only digests are kept.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::{IdentityId, SessionId, Timestamp, UserId};

/// A session.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// How they proved who they are.
    pub identity_id: IdentityId,
    /// That, in words.
    pub method: String,
    /// From where it began.
    pub ip: Option<String>,
    /// With what.
    pub user_agent: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// When the person last proved who they are.
    pub authenticated_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
}

/// A session with its person, as every request needs them.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Resolved {
    /// The session.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// When they last proved who they are.
    pub authenticated_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
}

/// Adds a session under the digest of its secret.
pub async fn insert(tx: &mut WriteTx, session: &Session, secret_sha256: &[u8]) -> Result<()> {
    const SQL: &str = "INSERT INTO sessions (id, user_id, identity_id, secret_sha256, method, ip, user_agent, \
        created_at, authenticated_at, last_seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(session.id)
        .bind(session.user_id)
        .bind(session.identity_id)
        .bind(secret_sha256)
        .bind(session.method.as_str())
        .bind(session.ip.as_deref())
        .bind(session.user_agent.as_deref())
        .bind(session.created_at)
        .bind(session.authenticated_at)
        .bind(session.last_seen_at)
        .bind(session.expires_at)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The living session of a secret, whose person's account is open: expiry is decided here, not by a clean-up.
pub async fn resolve(
    tx: &mut ReadTx,
    secret_sha256: &[u8],
    now: Timestamp,
    idle_since: Timestamp,
) -> Result<Option<Resolved>> {
    const SQL: &str = "SELECT s.id, s.user_id, u.name, s.authenticated_at, s.last_seen_at, s.expires_at FROM sessions s \
        JOIN users u ON u.id = s.user_id WHERE s.secret_sha256 = $1 AND s.ended_at IS NULL AND s.expires_at > $2 \
        AND s.last_seen_at > $3 AND u.deactivated_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL)
        .bind(secret_sha256)
        .bind(now)
        .bind(idle_since)
        .fetch_optional(c)
        .await)?)
}

/// The living sessions of a person, newest first.
pub async fn of_user(
    tx: &mut ReadTx,
    user: UserId,
    now: Timestamp,
    idle_since: Timestamp,
) -> Result<Vec<Session>> {
    const SQL: &str = "SELECT id, user_id, identity_id, method, ip, user_agent, created_at, authenticated_at, last_seen_at, \
        expires_at, ended_at FROM sessions WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 AND last_seen_at > $3 \
        ORDER BY created_at DESC LIMIT 200";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(user).bind(now).bind(idle_since).fetch_all(c).await)?)
}

/// Ends a session that another one of the same person follows: workspaces that were signed in to by the first go on with the
/// second.
pub async fn replace(
    tx: &mut WriteTx,
    user: UserId,
    before: SessionId,
    after: SessionId,
    now: Timestamp,
) -> Result<()> {
    // Sessions before what hangs on them, as whoever notes a sign-in takes them.
    end_row(tx, user, before, now).await?;
    crate::openid::follow(tx, before, after).await
}

/// Keeps a session from ending until the transaction is over. `false` if it has ended.
pub async fn hold(tx: &mut WriteTx, id: SessionId) -> Result<bool> {
    const SQL: &str = "UPDATE sessions SET last_seen_at = last_seen_at WHERE id = $1 AND ended_at IS NULL";
    let n = on_engine!(tx, |c| sqlx::query(SQL).bind(id).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Ends one session of a person, and has workspaces told that it was used for. `false` if there is no such living one.
pub async fn end(tx: &mut WriteTx, user: UserId, id: SessionId, now: Timestamp) -> Result<bool> {
    let ended = end_row(tx, user, id, now).await?;
    crate::openid::tell_of_ended(tx, user, now).await?;
    Ok(ended)
}

async fn end_row(tx: &mut WriteTx, user: UserId, id: SessionId, now: Timestamp) -> Result<bool> {
    const SQL: &str = "UPDATE sessions SET ended_at = $3 WHERE id = $1 AND user_id = $2 AND ended_at IS NULL";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(user)
        .bind(now)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Ends all sessions of a person but `keep`, and has workspaces told that they were used for; returns how many.
pub async fn end_all(tx: &mut WriteTx, user: UserId, keep: Option<SessionId>, now: Timestamp) -> Result<u64> {
    const SQL: &str = "UPDATE sessions SET ended_at = $3 WHERE user_id = $1 AND ended_at IS NULL AND ($2 IS NULL OR id <> $2)";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(user)
        .bind(keep)
        .bind(now)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    crate::openid::tell_of_ended(tx, user, now).await?;
    Ok(n)
}

/// Notes that a session was used.
pub async fn touch(tx: &mut WriteTx, id: SessionId, at: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE sessions SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}
