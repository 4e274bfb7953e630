//! API keys: their digests, and whose they are.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::api_key::ApiKey;
use model::{ApiKeyId, Timestamp, UserId};

/// An API key to be added.
#[derive(Clone, Debug)]
pub struct NewApiKey<'a> {
    /// Its id.
    pub id: ApiKeyId,
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

/// Adds an API key under the digest of its secret.
pub async fn insert(tx: &mut WriteTx, key: &NewApiKey<'_>, secret_sha256: &[u8]) -> Result<()> {
    const SQL: &str = "INSERT INTO api_keys (id, user_id, name, secret_sha256, hint, created_at, \
        expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(key.id)
        .bind(key.user)
        .bind(key.name)
        .bind(secret_sha256)
        .bind(key.hint)
        .bind(key.created_at)
        .bind(key.expires_at)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Revokes every API key of an account.
pub async fn revoke_all_of_user(tx: &mut WriteTx, user: UserId, now: Timestamp) -> Result<u64> {
    const SQL: &str = "UPDATE api_keys SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query(SQL).bind(user).bind(now).execute(c).await.map(|r| r.rows_affected()))?)
}

/// Notes that an API key was used.
pub async fn touch(tx: &mut WriteTx, id: ApiKeyId, at: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE api_keys SET last_used_at = $2 \
        WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ApiKeyId,
    name: String,
    hint: String,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

impl Row {
    fn seen_at(self, now: Timestamp) -> ApiKey {
        let row = self;
        ApiKey {
            works: row.revoked_at.is_none() && row.expires_at.is_none_or(|end| end > now),
            id: row.id,
            name: row.name,
            hint: row.hint,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            revoked_at: row.revoked_at,
        }
    }
}

/// The API keys of an account, newest first, the dead ones too.
pub async fn of_user(tx: &mut ReadTx, user: UserId, now: Timestamp) -> Result<Vec<ApiKey>> {
    const SQL: &str = "SELECT id, name, hint, created_at, expires_at, last_used_at, revoked_at \
        FROM api_keys WHERE user_id = $1 ORDER BY id DESC LIMIT 200";
    let rows: Vec<Row> = on_engine!(tx, |c| sqlx::query_as(SQL).bind(user).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|row| row.seen_at(now)).collect())
}

/// How many living API keys an account has. Holds the person's row until the transaction ends, so that
/// of two requests at once each counts what the other added.
pub async fn count_living(tx: &mut WriteTx, user: UserId, now: Timestamp) -> Result<i64> {
    const HOLD: &str = "UPDATE users SET updated_at = updated_at WHERE id = $1";
    const COUNT: &str = "SELECT COUNT(*) FROM api_keys WHERE user_id = $1 AND revoked_at IS NULL \
        AND (expires_at IS NULL OR expires_at > $2)";
    on_engine!(tx, |c| sqlx::query(HOLD).bind(user).execute(c).await.map(|_| ()))?;
    Ok(on_engine!(tx, |c| sqlx::query_scalar(COUNT).bind(user).bind(now).fetch_one(c).await)?)
}

/// Revokes one API key of an account and returns its name; `None` if there is no such living one.
pub async fn revoke(tx: &mut WriteTx, user: UserId, id: ApiKeyId, now: Timestamp) -> Result<Option<String>> {
    const SQL: &str = "UPDATE api_keys SET revoked_at = $3 \
        WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL RETURNING name";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(id).bind(user).bind(now).fetch_optional(c).await)?)
}

/// The person behind a living personal access key.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KeyOwner {
    /// The key.
    pub id: ApiKeyId,
    /// Whose it is.
    pub user_id: UserId,
    /// Their name.
    pub user_name: String,
    /// What they call the key.
    pub key_name: String,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// The owner of an API key, if it and the owner's account hold.
pub async fn owner_by_digest(
    tx: &mut ReadTx,
    secret_sha256: &[u8],
    now: Timestamp,
) -> Result<Option<KeyOwner>> {
    const SQL: &str = "SELECT t.id, t.user_id, u.name AS user_name, t.name AS key_name, t.last_used_at \
        FROM api_keys t JOIN users u ON u.id = t.user_id \
        WHERE t.secret_sha256 = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2) \
        AND u.deactivated_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(secret_sha256).bind(now).fetch_optional(c).await)?)
}
