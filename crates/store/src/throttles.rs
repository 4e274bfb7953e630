//! Counters against guessing and flooding.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::Timestamp;

/// Counts a hit and returns how many there were in the current window, this one included.
/// Several replicas and parallel requests each get their own number.
pub async fn hit(
    tx: &mut WriteTx,
    key_sha256: &[u8],
    now: Timestamp,
    window_ends_at: Timestamp,
) -> Result<i64> {
    const SQL: &str = "INSERT INTO throttles (key_sha256, window_ends_at, hits) VALUES ($1, $3, 1) \
        ON CONFLICT (key_sha256) DO UPDATE SET \
        hits = CASE WHEN throttles.window_ends_at <= $2 THEN 1 ELSE throttles.hits + 1 END, \
        window_ends_at = CASE WHEN throttles.window_ends_at <= $2 THEN $3 ELSE throttles.window_ends_at END \
        RETURNING hits";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL)
        .bind(key_sha256)
        .bind(now)
        .bind(window_ends_at)
        .fetch_one(c)
        .await)?)
}

/// How many hits the current window has, and when it ends.
pub async fn current(tx: &mut ReadTx, key_sha256: &[u8], now: Timestamp) -> Result<Option<(i64, Timestamp)>> {
    const SQL: &str =
        "SELECT hits, window_ends_at FROM throttles WHERE key_sha256 = $1 AND window_ends_at > $2";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(key_sha256).bind(now).fetch_optional(c).await)?)
}

/// Forgets windows that ended before `before`; nothing depends on it.
pub async fn delete_ended(tx: &mut WriteTx, before: Timestamp) -> Result<u64> {
    const SQL: &str = "DELETE FROM throttles WHERE window_ends_at < $1";
    Ok(on_engine!(tx, |c| sqlx::query(SQL).bind(before).execute(c).await.map(|r| r.rows_affected()))?)
}
