//! The short tokens of the token endpoint.

use crate::api_keys::{KeyOwner, key_holds};
use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::device::DevicePurpose;
use model::{
    AccessTokenId, ApiKeyId, CredentialId, DeviceId, OrgId, ServiceAccountId, SessionId, Timestamp,
    TrustRuleId, UserId, WorkspaceId,
};

/// Which of an API key's secrets: the count of rotations before it, beginning at 1.
pub type Generation = i64;

/// What a short token was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// An approved device of a person.
    Device(UserId, DeviceId),
    /// An approved device that administers.
    CommandLine(UserId, DeviceId),
    /// An API key of an account.
    ApiKey(UserId, ApiKeyId, Generation),
    /// An enrollment key of a workspace.
    Credential(WorkspaceId, CredentialId),
    /// A browser session of a person, for entering one workspace.
    Session(UserId, SessionId, WorkspaceId),
    /// An outside token, by a rule as it was after so many changes.
    Trust(ServiceAccountId, TrustRuleId, i64),
}

/// Adds a short token under the digest of its secret.
pub async fn insert_access(
    tx: &mut WriteTx,
    id: AccessTokenId,
    secret_sha256: &[u8],
    source: Source,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<()> {
    const SQL: &str = "INSERT INTO access_tokens (id, secret_sha256, user_id, workspace_id, device_id, api_key_id, \
        credential_id, session_id, created_at, expires_at, api_key_generation, trust_rule_id, trust_rule_revision) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let (mut user, mut workspace, mut device, mut key, mut credential, mut session) =
        (None, None, None, None, None, None);
    let (mut generation, mut rule, mut revision) = (None, None, None);
    match source {
        Source::Device(whose, of) | Source::CommandLine(whose, of) => {
            (user, device) = (Some(whose), Some(of));
        }
        Source::ApiKey(whose, of, which) => {
            (user, key, generation) = (Some(whose), Some(of), Some(which));
        }
        Source::Credential(whose, of) => (workspace, credential) = (Some(whose), Some(of)),
        Source::Session(whose, of, place) => {
            (user, session, workspace) = (Some(whose), Some(of), Some(place));
        }
        Source::Trust(whose, by, which) => {
            (user, rule, revision) = (Some(whose.account()), Some(by), Some(which));
        }
    }
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(secret_sha256)
        .bind(user)
        .bind(workspace)
        .bind(device)
        .bind(key)
        .bind(credential)
        .bind(session)
        .bind(now)
        .bind(expires_at)
        .bind(generation)
        .bind(rule)
        .bind(revision)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The person behind a living short token.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AccessOwner<Via> {
    /// The short token.
    pub id: AccessTokenId,
    /// What it was made from.
    pub via: Via,
    /// Whose it is.
    pub user_id: UserId,
    /// Their name.
    pub user_name: String,
    /// When what it was made from was last used.
    pub last_used_at: Option<Timestamp>,
    /// Of a device that administers, when whoever approved it had last proven who they are.
    pub authenticated_at: Option<Timestamp>,
}

/// The person and device of a short token, if all three hold: expiry and revocation are decided here, at every use.
pub async fn device_by_digest(
    tx: &mut ReadTx,
    secret_sha256: &[u8],
    purpose: DevicePurpose,
    now: Timestamp,
) -> Result<Option<AccessOwner<DeviceId>>> {
    const SQL: &str = "SELECT a.id, d.id AS via, u.id AS user_id, u.name AS user_name, \
        d.last_seen_at AS last_used_at, d.authenticated_at FROM access_tokens a JOIN devices d ON d.id = a.device_id \
        JOIN users u ON u.id = a.user_id WHERE a.secret_sha256 = $1 AND a.expires_at > $2 AND d.purpose = $3 \
        AND d.revoked_at IS NULL AND d.user_id = a.user_id AND u.deactivated_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL)
        .bind(secret_sha256)
        .bind(now)
        .bind(purpose.as_str())
        .fetch_optional(c)
        .await)?)
}

/// The account and API key of a short token, and when that runs out, if all three hold, and the very secret it was made from does.
pub async fn exchanged_by_digest(
    tx: &mut ReadTx,
    secret_sha256: &[u8],
    now: Timestamp,
) -> Result<Option<(AccessTokenId, Timestamp, KeyOwner)>> {
    const SQL: &str = concat!(
        "SELECT a.id AS access_id, a.expires_at AS access_expires_at, k.id, k.name AS key_name, k.generation, k.scopes, k.workspace_id AS limited_to, \
         k.user_id, u.name AS user_name, u.is_service_account, k.last_used_at, k.expires_at \
         FROM access_tokens a JOIN api_keys k ON k.id = a.api_key_id AND k.user_id = a.user_id \
         JOIN users u ON u.id = a.user_id WHERE a.secret_sha256 = $1 AND a.expires_at > $2 \
         AND (a.api_key_generation = k.generation \
         OR a.api_key_generation = k.generation - 1 AND k.previous_until > $2) AND",
        key_holds!()
    );
    #[derive(sqlx::FromRow)]
    struct Row {
        access_id: AccessTokenId,
        access_expires_at: Timestamp,
        #[sqlx(flatten)]
        key: KeyOwner,
    }
    let row: Option<Row> =
        on_engine!(tx, |c| sqlx::query_as(SQL).bind(secret_sha256).bind(now).fetch_optional(c).await)?;
    Ok(row.map(|row| (row.access_id, row.access_expires_at, row.key)))
}

/// The person who enters a workspace with a living short token, and that workspace.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EntryOwner {
    /// Whose it is.
    pub user_id: UserId,
    /// Their name.
    pub user_name: String,
    /// The one workspace it is for.
    pub workspace_id: WorkspaceId,
}

/// The person, session and workspace of a short token, if all four hold.
pub async fn entry_by_digest(
    tx: &mut ReadTx,
    secret_sha256: &[u8],
    now: Timestamp,
    idle_since: Timestamp,
) -> Result<Option<EntryOwner>> {
    const SQL: &str = "SELECT u.id AS user_id, u.name AS user_name, a.workspace_id FROM access_tokens a \
        JOIN sessions s ON s.id = a.session_id JOIN users u ON u.id = a.user_id \
        WHERE a.secret_sha256 = $1 AND a.expires_at > $2 AND s.ended_at IS NULL AND s.expires_at > $2 \
        AND s.last_seen_at > $3 AND s.user_id = a.user_id AND u.deactivated_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL)
        .bind(secret_sha256)
        .bind(now)
        .bind(idle_since)
        .fetch_optional(c)
        .await)?)
}

/// The workspace behind a living short token.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct WorkspaceOwner {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Its organization.
    pub org_id: OrgId,
    /// Its identifier.
    pub name: String,
    /// The enrollment key it signed in with.
    pub credential_id: CredentialId,
    /// When that key was last used.
    pub last_used_at: Option<Timestamp>,
}

/// The workspace and enrollment key of a short token, if all three hold.
pub async fn workspace_by_digest(
    tx: &mut ReadTx,
    secret_sha256: &[u8],
    now: Timestamp,
) -> Result<Option<WorkspaceOwner>> {
    const SQL: &str = "SELECT w.id AS workspace_id, w.org_id, w.name, k.id AS credential_id, k.last_used_at \
        FROM access_tokens a JOIN workspace_credentials k ON k.id = a.credential_id \
        JOIN workspaces w ON w.id = a.workspace_id WHERE a.secret_sha256 = $1 AND a.expires_at > $2 \
        AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2) \
        AND k.workspace_id = a.workspace_id AND w.deleted_at IS NULL AND w.deactivated_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(secret_sha256).bind(now).fetch_optional(c).await)?)
}

/// Whether the token of a kept digest is there and has not run out, whatever it hangs on.
pub async fn is_kept(tx: &mut ReadTx, id: AccessTokenId, now: Timestamp) -> Result<bool> {
    const SQL: &str = "SELECT id FROM access_tokens WHERE id = $1 AND expires_at > $2";
    let found: Option<AccessTokenId> =
        on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(id).bind(now).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Whether there is a short token of this digest, be it good for something or not.
pub async fn is_there(tx: &mut ReadTx, secret_sha256: &[u8]) -> Result<bool> {
    const SQL: &str = "SELECT id FROM access_tokens WHERE secret_sha256 = $1";
    let found: Option<AccessTokenId> =
        on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(secret_sha256).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Deletes a short token. `false` if there is none of this digest.
pub async fn delete_by_digest(tx: &mut WriteTx, secret_sha256: &[u8]) -> Result<bool> {
    const SQL: &str = "DELETE FROM access_tokens WHERE secret_sha256 = $1";
    let n =
        on_engine!(tx, |c| sqlx::query(SQL).bind(secret_sha256).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Deletes a short token. `false` if there is none of this id.
pub async fn delete_by_id(tx: &mut WriteTx, id: AccessTokenId) -> Result<bool> {
    const SQL: &str = "DELETE FROM access_tokens WHERE id = $1";
    let n = on_engine!(tx, |c| sqlx::query(SQL).bind(id).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Notes that a signed token is revoked, until its end. `false` if it was already.
pub async fn revoke_signed(tx: &mut WriteTx, id: AccessTokenId, expires_at: Timestamp) -> Result<bool> {
    const SQL: &str = "INSERT INTO revoked_tokens (id, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(expires_at)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Whether a signed token was revoked.
pub async fn is_revoked(tx: &mut ReadTx, id: AccessTokenId) -> Result<bool> {
    const SQL: &str = "SELECT id FROM revoked_tokens WHERE id = $1";
    let found: Option<AccessTokenId> =
        on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(id).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Forgets revocations of tokens that ran out before `before`: those are refused by themselves.
pub async fn delete_over(tx: &mut WriteTx, before: Timestamp) -> Result<u64> {
    const SQL: &str = "DELETE FROM revoked_tokens WHERE expires_at < $1";
    Ok(on_engine!(tx, |c| sqlx::query(SQL).bind(before).execute(c).await.map(|r| r.rows_affected()))?)
}

/// Forgets short tokens that ran out before `before`; nothing depends on it.
pub async fn delete_expired(tx: &mut WriteTx, before: Timestamp) -> Result<u64> {
    const SQL: &str = "DELETE FROM access_tokens WHERE expires_at < $1";
    Ok(on_engine!(tx, |c| sqlx::query(SQL).bind(before).execute(c).await.map(|r| r.rows_affected()))?)
}
