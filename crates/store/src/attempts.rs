//! Attempts to sign in through a provider, from the redirect to the callback.

use crate::engine::on_engine;
use crate::sealed::Sealed;
use crate::{Result, WriteTx};
use model::{AttemptId, ConnectionId, Timestamp};

/// An attempt that has just begun.
#[derive(Clone, Debug)]
pub struct NewAttempt<'a> {
    /// Its id.
    pub id: AttemptId,
    /// Through which connection.
    pub connection: ConnectionId,
    /// Digest of `state`.
    pub state_sha256: &'a [u8],
    /// Digest of the cookie of the browser that began.
    pub browser_sha256: &'a [u8],
    /// Nonce and PKCE verifier, sealed.
    pub secrets_sealed: &'a Sealed,
    /// Where to go afterwards.
    pub next: &'a str,
    /// When it began.
    pub created_at: Timestamp,
    /// When it runs out.
    pub expires_at: Timestamp,
}

/// An attempt that has just been used up.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Attempt {
    /// Its id.
    pub id: AttemptId,
    /// Through which connection.
    pub connection_id: ConnectionId,
    /// Nonce and PKCE verifier, sealed.
    pub secrets_sealed: Sealed,
    /// Where to go afterwards.
    pub next: String,
    /// When it began.
    pub created_at: Timestamp,
    /// Whether the browser that ends it is the one that began it.
    pub same_browser: bool,
}

/// Adds an attempt.
pub async fn insert(tx: &mut WriteTx, new: &NewAttempt<'_>) -> Result<()> {
    const SQL: &str = "INSERT INTO sign_in_attempts (id, connection_id, state_sha256, browser_sha256, \
        secrets_sealed, next, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(new.id)
        .bind(new.connection)
        .bind(new.state_sha256)
        .bind(new.browser_sha256)
        .bind(new.secrets_sealed)
        .bind(new.next)
        .bind(new.created_at)
        .bind(new.expires_at)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Uses an attempt up, whichever browser asks. A second call, even at the same instant, finds nothing.
pub async fn consume(
    tx: &mut WriteTx,
    state_sha256: &[u8],
    browser_sha256: &[u8],
    now: Timestamp,
) -> Result<Option<Attempt>> {
    const SQL: &str = "UPDATE sign_in_attempts SET consumed_at = $3 \
        WHERE state_sha256 = $1 AND consumed_at IS NULL AND expires_at > $3 \
        RETURNING id, connection_id, secrets_sealed, next, created_at, (browser_sha256 = $2) AS same_browser";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL)
        .bind(state_sha256)
        .bind(browser_sha256)
        .bind(now)
        .fetch_optional(c)
        .await)?)
}

/// Forgets attempts that ran out before `before`; nothing depends on it.
pub async fn delete_expired(tx: &mut WriteTx, before: Timestamp) -> Result<u64> {
    const SQL: &str = "DELETE FROM sign_in_attempts WHERE expires_at < $1";
    Ok(on_engine!(tx, |c| sqlx::query(SQL).bind(before).execute(c).await.map(|r| r.rows_affected()))?)
}
