//! One-time links: first-run setup and sign-in.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::{IdentityId, LinkId, Timestamp};

/// A one-time link.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// Whom it signs in; `None` for setup.
    pub identity_id: Option<IdentityId>,
    /// Where it leads afterwards.
    pub next: Option<String>,
    /// Whether it travels by mail.
    pub mailed: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it runs out.
    pub expires_at: Timestamp,
}

/// Adds a link under the digest of its secret.
pub async fn insert(tx: &mut WriteTx, link: &Link, secret_sha256: &[u8]) -> Result<()> {
    const SQL: &str = "INSERT INTO one_time_links (id, kind, secret_sha256, identity_id, next, mailed, created_at, \
        expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let kind = if link.identity_id.is_some() { "sign_in" } else { "setup" };
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(link.id)
        .bind(kind)
        .bind(secret_sha256)
        .bind(link.identity_id)
        .bind(link.next.as_deref())
        .bind(link.mailed)
        .bind(link.created_at)
        .bind(link.expires_at)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// A link that can still be used, without using it.
pub async fn peek(tx: &mut ReadTx, secret_sha256: &[u8], now: Timestamp) -> Result<Option<Link>> {
    const SQL: &str = "SELECT id, identity_id, next, mailed, created_at, expires_at FROM one_time_links \
        WHERE secret_sha256 = $1 AND used_at IS NULL AND expires_at > $2";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(secret_sha256).bind(now).fetch_optional(c).await)?)
}

/// Uses a link up. A second call, even at the same instant, finds nothing.
pub async fn consume(tx: &mut WriteTx, secret_sha256: &[u8], now: Timestamp) -> Result<Option<Link>> {
    const SQL: &str = "UPDATE one_time_links SET used_at = $2 \
        WHERE secret_sha256 = $1 AND used_at IS NULL AND expires_at > $2 \
        RETURNING id, identity_id, next, mailed, created_at, expires_at";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(secret_sha256).bind(now).fetch_optional(c).await)?)
}

/// Makes every open setup link useless; a new one replaces them.
pub async fn expire_setup(tx: &mut WriteTx, now: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE one_time_links SET used_at = $1 WHERE kind = 'setup' AND used_at IS NULL";
    on_engine!(tx, |c| sqlx::query(SQL).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Forgets links that ran out before `before`; nothing depends on it.
pub async fn delete_expired(tx: &mut WriteTx, before: Timestamp) -> Result<u64> {
    const SQL: &str = "DELETE FROM one_time_links WHERE expires_at < $1";
    Ok(on_engine!(tx, |c| sqlx::query(SQL).bind(before).execute(c).await.map(|r| r.rows_affected()))?)
}
