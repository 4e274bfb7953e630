//! Command lines that sign in by a code.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::device::DevicePurpose;
use model::{DeviceId, Timestamp, UserId, WorkspaceId};
use uuid::Uuid;

/// A device, from its request on.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// The installation of the command line that asked.
    pub client_id: Uuid,
    /// What its token is for.
    #[sqlx(try_from = "String")]
    pub purpose: DevicePurpose,
    /// Host name it claims.
    pub hostname: String,
    /// Operating system it claims.
    pub os: String,
    /// Version of its program it claims.
    pub client_version: String,
    /// Python version it claims.
    pub python_version: String,
    /// Address the request came from.
    pub ip: String,
    /// How long it must wait between two polls.
    pub poll_interval_s: i64,
    /// When it last polled.
    pub last_polled_at: Option<Timestamp>,
    /// When it asked.
    pub created_at: Timestamp,
    /// When its codes run out.
    pub expires_at: Timestamp,
    /// Who decided.
    pub user_id: Option<UserId>,
    /// The workspace they chose.
    pub workspace_id: Option<WorkspaceId>,
    /// Whether they trust it.
    pub trusted: bool,
    /// When they approved it.
    pub approved_at: Option<Timestamp>,
    /// When they refused it.
    pub denied_at: Option<Timestamp>,
    /// When it fetched its token.
    pub redeemed_at: Option<Timestamp>,
    /// When that token runs out.
    pub token_expires_at: Option<Timestamp>,
    /// When it was last used.
    pub last_seen_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Adds a device under the digests of its codes. `false` if the short code is in use.
pub async fn insert(
    tx: &mut WriteTx,
    device: &Device,
    device_code_sha256: &[u8],
    user_code_sha256: &[u8],
) -> Result<bool> {
    const SQL: &str = "INSERT INTO devices (id, client_id, purpose, device_code_sha256, user_code_sha256, hostname, os, \
        client_version, python_version, ip, poll_interval_s, created_at, expires_at, trusted) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(device.id)
        .bind(device.client_id)
        .bind(device.purpose.as_str())
        .bind(device_code_sha256)
        .bind(user_code_sha256)
        .bind(device.hostname.as_str())
        .bind(device.os.as_str())
        .bind(device.client_version.as_str())
        .bind(device.python_version.as_str())
        .bind(device.ip.as_str())
        .bind(device.poll_interval_s)
        .bind(device.created_at)
        .bind(device.expires_at)
        .bind(device.trusted)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// The device of a short code.
pub async fn by_user_code(tx: &mut ReadTx, user_code_sha256: &[u8]) -> Result<Option<Device>> {
    const SQL: &str = "SELECT id, client_id, purpose, hostname, os, client_version, python_version, ip, poll_interval_s, \
        last_polled_at, created_at, expires_at, user_id, workspace_id, trusted, approved_at, denied_at, redeemed_at, \
        token_expires_at, last_seen_at, revoked_at FROM devices WHERE user_code_sha256 = $1";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(user_code_sha256).fetch_optional(c).await)?)
}

/// The device of a short code, held until the transaction ends: of two decisions at once the second sees the first.
pub async fn hold_by_user_code(tx: &mut WriteTx, user_code_sha256: &[u8]) -> Result<Option<Device>> {
    // An update that changes nothing takes the row's lock on both engines.
    const SQL: &str = "UPDATE devices SET trusted = trusted WHERE user_code_sha256 = $1 \
        RETURNING id, client_id, purpose, hostname, os, client_version, python_version, ip, poll_interval_s, \
        last_polled_at, created_at, expires_at, user_id, workspace_id, trusted, approved_at, denied_at, redeemed_at, \
        token_expires_at, last_seen_at, revoked_at";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(user_code_sha256).fetch_optional(c).await)?)
}

/// The device of a polling code, held until the transaction ends: of two redemptions at once the second sees the
/// first.
pub async fn hold_by_device_code(tx: &mut WriteTx, device_code_sha256: &[u8]) -> Result<Option<Device>> {
    const SQL: &str = "UPDATE devices SET trusted = trusted WHERE device_code_sha256 = $1 \
        RETURNING id, client_id, purpose, hostname, os, client_version, python_version, ip, poll_interval_s, \
        last_polled_at, created_at, expires_at, user_id, workspace_id, trusted, approved_at, denied_at, redeemed_at, \
        token_expires_at, last_seen_at, revoked_at";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(device_code_sha256).fetch_optional(c).await)?)
}

/// Notes a poll, and how long to wait before the next one.
pub async fn note_poll(tx: &mut WriteTx, id: DeviceId, at: Timestamp, interval_s: i64) -> Result<()> {
    const SQL: &str = "UPDATE devices SET last_polled_at = $2, poll_interval_s = $3 WHERE id = $1";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(at).bind(interval_s).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Approves a held device that nobody decided about.
pub async fn approve(
    tx: &mut WriteTx,
    id: DeviceId,
    user: UserId,
    workspace: Option<WorkspaceId>,
    trusted: bool,
    now: Timestamp,
) -> Result<()> {
    const SQL: &str =
        "UPDATE devices SET user_id = $2, workspace_id = $3, trusted = $4, approved_at = $5 WHERE id = $1";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(user)
        .bind(workspace)
        .bind(trusted)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Approves a held device that asks to administer, and that nobody decided about. `authenticated_at` is when whoever
/// approves had last proven who they are.
pub async fn approve_administering(
    tx: &mut WriteTx,
    id: DeviceId,
    user: UserId,
    authenticated_at: Timestamp,
    now: Timestamp,
) -> Result<()> {
    const SQL: &str =
        "UPDATE devices SET user_id = $2, authenticated_at = $3, approved_at = $4 WHERE id = $1";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(user)
        .bind(authenticated_at)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Refuses a held device that nobody decided about.
pub async fn deny(tx: &mut WriteTx, id: DeviceId, user: UserId, now: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE devices SET user_id = $2, denied_at = $3 WHERE id = $1";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(user).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Notes that a held device fetched its token.
pub async fn redeem(
    tx: &mut WriteTx,
    id: DeviceId,
    token_expires_at: Timestamp,
    now: Timestamp,
) -> Result<()> {
    const SQL: &str =
        "UPDATE devices SET redeemed_at = $2, last_seen_at = $2, token_expires_at = $3 WHERE id = $1";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(now)
        .bind(token_expires_at)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// A device of a person's list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    /// Its id.
    pub id: DeviceId,
    /// What its token is for.
    #[sqlx(try_from = "String")]
    pub purpose: DevicePurpose,
    /// Host name it claims.
    pub hostname: String,
    /// Operating system it claims.
    pub os: String,
    /// Version of its program it claims.
    pub client_version: String,
    /// Address the request came from.
    pub ip: String,
    /// Whether it is trusted.
    pub trusted: bool,
    /// The workspace that was chosen.
    pub workspace: Option<String>,
    /// When it was approved.
    pub approved_at: Timestamp,
    /// When its token runs out, or its code if it did not fetch one yet.
    pub expires_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// The devices a person approved, newest first, the revoked ones too.
pub async fn of_user(tx: &mut ReadTx, user: UserId) -> Result<Vec<Listed>> {
    const SQL: &str = "SELECT d.id, d.purpose, d.hostname, d.os, d.client_version, d.ip, d.trusted, w.name AS workspace, \
        d.approved_at, COALESCE(d.token_expires_at, d.expires_at) AS expires_at, d.last_seen_at, d.revoked_at \
        FROM devices d LEFT JOIN workspaces w ON w.id = d.workspace_id \
        WHERE d.user_id = $1 AND d.approved_at IS NOT NULL ORDER BY d.id DESC LIMIT 200";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(user).fetch_all(c).await)?)
}

/// Revokes one device a person approved and returns its host name; `None` if there is no such living one.
pub async fn revoke(tx: &mut WriteTx, user: UserId, id: DeviceId, now: Timestamp) -> Result<Option<String>> {
    const SQL: &str = "UPDATE devices SET revoked_at = $3 WHERE id = $1 AND user_id = $2 \
        AND approved_at IS NOT NULL AND revoked_at IS NULL RETURNING hostname";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(id).bind(user).bind(now).fetch_optional(c).await)?)
}

/// Forgets requests that ran out undecided before `before`; nothing depends on it.
pub async fn delete_undecided(tx: &mut WriteTx, before: Timestamp) -> Result<u64> {
    const SQL: &str =
        "DELETE FROM devices WHERE expires_at < $1 AND approved_at IS NULL AND denied_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query(SQL).bind(before).execute(c).await.map(|r| r.rows_affected()))?)
}

/// Revokes every device of a person that has not run out; returns how many.
pub async fn revoke_all_of_user(tx: &mut WriteTx, user: UserId, now: Timestamp) -> Result<u64> {
    const SQL: &str = "UPDATE devices SET revoked_at = $2 WHERE user_id = $1 AND approved_at IS NOT NULL \
        AND revoked_at IS NULL AND COALESCE(token_expires_at, expires_at) > $2";
    Ok(on_engine!(tx, |c| sqlx::query(SQL).bind(user).bind(now).execute(c).await.map(|r| r.rows_affected()))?)
}

/// Notes that a device was used.
pub async fn touch(tx: &mut WriteTx, id: DeviceId, at: Timestamp) -> Result<()> {
    const SQL: &str =
        "UPDATE devices SET last_seen_at = $2 WHERE id = $1 AND (last_seen_at IS NULL OR last_seen_at < $2)";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}
