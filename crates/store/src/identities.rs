//! The ways in which people prove who they are.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::{ConnectionId, IdentityId, Timestamp, UserId};

/// The issuer of identities that are mailboxes; their subject is the address in lower case.
pub const MAILBOX: &str = "urn:reeve:mailbox";

/// An (issuer, subject) pair of a person.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Identity {
    /// Its id.
    pub id: IdentityId,
    /// Whose it is.
    pub user_id: UserId,
    /// The connection it came through, if not a mailbox.
    pub connection_id: Option<ConnectionId>,
    /// Who vouches.
    pub issuer: String,
    /// For whom.
    pub subject: String,
    /// When it was first seen.
    pub created_at: Timestamp,
    /// When it was proven.
    pub verified_at: Option<Timestamp>,
}

/// Adds an identity. `false` if the pair is taken.
pub async fn insert(tx: &mut WriteTx, identity: &Identity) -> Result<bool> {
    const SQL: &str = "INSERT INTO identities (id, user_id, connection_id, issuer, subject, created_at, verified_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(identity.id)
        .bind(identity.user_id)
        .bind(identity.connection_id)
        .bind(identity.issuer.as_str())
        .bind(identity.subject.as_str())
        .bind(identity.created_at)
        .bind(identity.verified_at)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// The identity of a pair; compared byte for byte.
pub async fn by_pair(tx: &mut ReadTx, issuer: &str, subject: &str) -> Result<Option<Identity>> {
    const SQL: &str = "SELECT id, user_id, connection_id, issuer, subject, created_at, verified_at \
        FROM identities WHERE issuer = $1 AND subject = $2";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(issuer).bind(subject).fetch_optional(c).await)?)
}

/// One identity.
pub async fn by_id(tx: &mut ReadTx, id: IdentityId) -> Result<Option<Identity>> {
    const SQL: &str = "SELECT id, user_id, connection_id, issuer, subject, created_at, verified_at \
        FROM identities WHERE id = $1";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?)
}

/// The identities of a person, oldest first.
pub async fn of_user(tx: &mut ReadTx, user: UserId) -> Result<Vec<Identity>> {
    const SQL: &str = "SELECT id, user_id, connection_id, issuer, subject, created_at, verified_at \
        FROM identities WHERE user_id = $1 ORDER BY id";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(user).fetch_all(c).await)?)
}

/// Marks an identity as proven. `false` if it was already.
pub async fn verify(tx: &mut WriteTx, id: IdentityId, now: Timestamp) -> Result<bool> {
    const SQL: &str = "UPDATE identities SET verified_at = $2 WHERE id = $1 AND verified_at IS NULL";
    let n =
        on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(now).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Notes a sign-in by this identity.
pub async fn touch(tx: &mut WriteTx, id: IdentityId, now: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE identities SET last_used_at = $2 WHERE id = $1";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}
