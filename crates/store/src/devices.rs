//! Command lines that sign in by a code.

use crate::engine::on_engine;
use crate::{Result, WriteTx};
use model::{DeviceId, Timestamp, UserId};

/// Revokes every device of a person.
pub async fn revoke_all_of_user(tx: &mut WriteTx, user: UserId, now: Timestamp) -> Result<u64> {
    const SQL: &str = "UPDATE devices SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query(SQL).bind(user).bind(now).execute(c).await.map(|r| r.rows_affected()))?)
}

/// Notes that a device was used.
pub async fn touch(tx: &mut WriteTx, id: DeviceId, at: Timestamp) -> Result<()> {
    const SQL: &str =
        "UPDATE devices SET last_seen_at = $2 WHERE id = $1 AND (last_seen_at IS NULL OR last_seen_at < $2)";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}
