//! Personal access tokens and the short tokens of the token endpoint.

use crate::engine::on_engine;
use crate::{Result, WriteTx};
use model::{Timestamp, TokenId, UserId};

/// A personal access token to be added.
#[derive(Clone, Debug)]
pub struct NewToken<'a> {
    /// Its id.
    pub id: TokenId,
    /// Whose it is.
    pub user: UserId,
    /// What they call it.
    pub name: &'a str,
    /// Its last four characters.
    pub hint: &'a str,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
}

/// Adds a personal access token under the digest of its secret.
pub async fn insert(tx: &mut WriteTx, token: &NewToken<'_>, secret_sha256: &[u8]) -> Result<()> {
    const SQL: &str = "INSERT INTO personal_access_tokens (id, user_id, name, secret_sha256, hint, created_at, \
        expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(token.id)
        .bind(token.user)
        .bind(token.name)
        .bind(secret_sha256)
        .bind(token.hint)
        .bind(token.created_at)
        .bind(token.expires_at)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Revokes every personal access token of a person.
pub async fn revoke_all_of_user(tx: &mut WriteTx, user: UserId, now: Timestamp) -> Result<u64> {
    const SQL: &str =
        "UPDATE personal_access_tokens SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query(SQL).bind(user).bind(now).execute(c).await.map(|r| r.rows_affected()))?)
}

/// Notes that a personal access token was used.
pub async fn touch(tx: &mut WriteTx, id: TokenId, at: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE personal_access_tokens SET last_used_at = $2 \
        WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}
