//! Data keys: what seals, itself encrypted with the installation's secret key. One is in use; those before it stay until
//! nothing is sealed under them any more.

use crate::engine::{EngineKind, on_engine};
use crate::{ReadTx, Result, WriteTx};
use model::{DataKeyId, Timestamp};

/// A data key, wrapped.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DataKey {
    /// Its id.
    pub id: DataKeyId,
    /// The key, encrypted.
    pub key_wrapped: Vec<u8>,
    /// Of the secret key it is encrypted with.
    pub kek_fingerprint: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When another one took its place.
    pub retired_at: Option<Timestamp>,
}

/// The key in use, held until the transaction ends: it is not retired before. `None` if there is none, or if it was
/// retired at this very instant.
pub async fn hold_current(tx: &mut WriteTx) -> Result<Option<DataKeyId>> {
    macro_rules! current_sql {
        ($lock:literal) => {
            concat!("SELECT id FROM data_keys WHERE retired_at IS NULL", $lock)
        };
    }
    let sql = match tx.kind() {
        // The one writer is lock enough.
        EngineKind::Sqlite => current_sql!(""),
        EngineKind::Postgres => current_sql!(" FOR SHARE"),
    };
    Ok(on_engine!(tx, |c| sqlx::query_scalar(sql).fetch_optional(c).await)?)
}

/// Adds the key that is in use from now on. `false` if one is in use already.
pub async fn insert(tx: &mut WriteTx, new: &DataKey) -> Result<bool> {
    const SQL: &str = "INSERT INTO data_keys (id, key_wrapped, kek_fingerprint, created_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT DO NOTHING";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(new.id)
        .bind(new.key_wrapped.as_slice())
        .bind(new.kek_fingerprint.as_str())
        .bind(new.created_at)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Lets one change the keys at a time, and waits for whoever seals. Read them afterwards, not before.
pub async fn lock(tx: &mut WriteTx) -> Result<()> {
    const SQL: &str = "SELECT id FROM data_keys ORDER BY id FOR UPDATE";
    match tx.kind() {
        // The one writer is lock enough.
        EngineKind::Sqlite => {}
        EngineKind::Postgres => on_engine!(tx, |c| sqlx::query(SQL).execute(c).await.map(|_| ()))?,
    }
    Ok(())
}

/// Retires the key in use, once nobody seals under it.
pub async fn retire_current(tx: &mut WriteTx, now: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE data_keys SET retired_at = $1 WHERE retired_at IS NULL";
    on_engine!(tx, |c| sqlx::query(SQL).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Keeps a key encrypted with another secret key.
pub async fn rewrap(tx: &mut WriteTx, id: DataKeyId, wrapped: &[u8], fingerprint: &str) -> Result<()> {
    const SQL: &str = "UPDATE data_keys SET key_wrapped = $2, kek_fingerprint = $3 WHERE id = $1";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(wrapped)
        .bind(fingerprint)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Deletes a key. What is still sealed under it is lost.
pub async fn delete(tx: &mut WriteTx, id: DataKeyId) -> Result<bool> {
    const SQL: &str = "DELETE FROM data_keys WHERE id = $1";
    let n = on_engine!(tx, |c| sqlx::query(SQL).bind(id).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// All of them, the oldest first.
pub async fn all(tx: &mut ReadTx) -> Result<Vec<DataKey>> {
    const SQL: &str =
        "SELECT id, key_wrapped, kek_fingerprint, created_at, retired_at FROM data_keys ORDER BY id";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).fetch_all(c).await)?)
}
