//! API keys: their digests, whose they are, and what they are limited to.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::api_key::{ApiKey, KeyPolicy, KeyState};
use model::{ApiKeyId, OrgId, Timestamp, UserId, WorkspaceId};

/// An API key to be added.
#[derive(Clone, Debug)]
pub struct NewApiKey<'a> {
    /// Its id.
    pub id: ApiKeyId,
    /// Whose it is.
    pub user: UserId,
    /// What they call it.
    pub name: &'a str,
    /// What it is for.
    pub description: &'a str,
    /// Its last four characters.
    pub hint: &'a str,
    /// Names of permissions, separated by spaces; `None` for all that the account holds.
    pub scopes: Option<&'a str>,
    /// The one workspace it is for.
    pub workspace: Option<WorkspaceId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
}

/// Adds an API key under the digest of its secret.
pub async fn insert(tx: &mut WriteTx, key: &NewApiKey<'_>, secret_sha256: &[u8]) -> Result<()> {
    const SQL: &str = "INSERT INTO api_keys (id, user_id, name, description, secret_sha256, hint, generation, \
        scopes, workspace_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9, $10)";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(key.id)
        .bind(key.user)
        .bind(key.name)
        .bind(key.description)
        .bind(secret_sha256)
        .bind(key.hint)
        .bind(key.scopes)
        .bind(key.workspace)
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

/// Notes that an API key was used: when, from which address and with which agent.
pub async fn touch(
    tx: &mut WriteTx,
    id: ApiKeyId,
    at: Timestamp,
    ip: Option<&str>,
    agent: Option<&str>,
) -> Result<()> {
    const SQL: &str = "UPDATE api_keys SET last_used_at = $2, last_used_ip = $3, last_used_agent = $4 \
        WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(at).bind(ip).bind(agent).execute(c).await.map(|_| ()))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ApiKeyId,
    name: String,
    description: String,
    hint: String,
    scopes: Option<String>,
    workspace_id: Option<WorkspaceId>,
    workspace_name: Option<String>,
    created_at: Timestamp,
    rotated_at: Option<Timestamp>,
    previous_until: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    last_used_ip: Option<String>,
    last_used_agent: Option<String>,
    disabled_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

impl Row {
    fn seen_at(self, now: Timestamp) -> ApiKey {
        let row = self;
        let state = if row.revoked_at.is_some() {
            KeyState::Revoked
        } else if row.expires_at.is_some_and(|end| end <= now) {
            KeyState::Expired
        } else if row.disabled_at.is_some() {
            KeyState::Disabled
        } else {
            KeyState::Works
        };
        ApiKey {
            id: row.id,
            name: row.name,
            description: row.description,
            hint: row.hint,
            scopes: row.scopes.map(|text| text.split_whitespace().map(str::to_owned).collect()),
            workspace: row.workspace_id.map(|id| (id, row.workspace_name.unwrap_or_default())),
            created_at: row.created_at,
            rotated_at: row.rotated_at,
            previous_until: row.previous_until.filter(|until| *until > now),
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            last_used_ip: row.last_used_ip,
            last_used_agent: row.last_used_agent,
            revoked_at: row.revoked_at,
            state,
        }
    }
}

macro_rules! keys_where {
    ($rest:literal) => {
        concat!(
            "SELECT k.id, k.name, k.description, k.hint, k.scopes, k.workspace_id, w.display_name AS workspace_name, \
             k.created_at, k.rotated_at, k.previous_until, k.expires_at, k.last_used_at, k.last_used_ip, \
             k.last_used_agent, k.disabled_at, k.revoked_at \
             FROM api_keys k LEFT JOIN workspaces w ON w.id = k.workspace_id WHERE k.user_id = $1 ",
            $rest
        )
    };
}

/// The API keys of an account, newest first, the dead ones too.
pub async fn of_user(tx: &mut ReadTx, user: UserId, now: Timestamp) -> Result<Vec<ApiKey>> {
    const SQL: &str = keys_where!("ORDER BY k.id DESC LIMIT 200");
    let rows: Vec<Row> = on_engine!(tx, |c| sqlx::query_as(SQL).bind(user).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|row| row.seen_at(now)).collect())
}

/// One API key of an account.
pub async fn by_id(tx: &mut ReadTx, user: UserId, id: ApiKeyId, now: Timestamp) -> Result<Option<ApiKey>> {
    const SQL: &str = keys_where!("AND k.id = $2");
    let row: Option<Row> =
        on_engine!(tx, |c| sqlx::query_as(SQL).bind(user).bind(id).fetch_optional(c).await)?;
    Ok(row.map(|row| row.seen_at(now)))
}

/// How many living API keys an account has, disabled ones included. Holds the account's row until the transaction ends,
/// so that of two requests at once each counts what the other added.
pub async fn count_living(tx: &mut WriteTx, user: UserId, now: Timestamp) -> Result<i64> {
    const COUNT: &str = "SELECT COUNT(*) FROM api_keys WHERE user_id = $1 AND revoked_at IS NULL \
        AND (expires_at IS NULL OR expires_at > $2)";
    hold(tx, user).await?;
    Ok(on_engine!(tx, |c| sqlx::query_scalar(COUNT).bind(user).bind(now).fetch_one(c).await)?)
}

/// Holds an account's row until the transaction ends: nobody else changes keys of theirs meanwhile.
pub async fn hold(tx: &mut WriteTx, user: UserId) -> Result<()> {
    const SQL: &str = "UPDATE users SET updated_at = updated_at WHERE id = $1";
    on_engine!(tx, |c| sqlx::query(SQL).bind(user).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Puts another secret in the place of a key's; the one before works until `previous_until`, and the one before that
/// not any more. `false` if there is no such living key.
pub async fn rotate(
    tx: &mut WriteTx,
    user: UserId,
    id: ApiKeyId,
    secret_sha256: &[u8],
    hint: &str,
    previous_until: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    const SQL: &str = "UPDATE api_keys SET previous_sha256 = secret_sha256, previous_until = $5, \
        secret_sha256 = $3, hint = $4, generation = generation + 1, rotated_at = $6 \
        WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $6)";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(user)
        .bind(secret_sha256)
        .bind(hint)
        .bind(previous_until)
        .bind(now)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// What can be changed of a key.
#[derive(Clone, Copy, Debug)]
pub struct Changed<'a> {
    /// What it is called.
    pub name: &'a str,
    /// What it is for.
    pub description: &'a str,
    /// Since when it is switched off, if it is.
    pub disabled_at: Option<Timestamp>,
}

/// Changes a key. `false` if there is no such living one.
pub async fn update(tx: &mut WriteTx, user: UserId, id: ApiKeyId, changed: Changed<'_>) -> Result<bool> {
    const SQL: &str = "UPDATE api_keys SET name = $3, description = $4, disabled_at = $5 \
        WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(user)
        .bind(changed.name)
        .bind(changed.description)
        .bind(changed.disabled_at)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Revokes one API key of an account and returns its name; `None` if there is no such living one.
pub async fn revoke(tx: &mut WriteTx, user: UserId, id: ApiKeyId, now: Timestamp) -> Result<Option<String>> {
    const SQL: &str = "UPDATE api_keys SET revoked_at = $3 \
        WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL RETURNING name";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(id).bind(user).bind(now).fetch_optional(c).await)?)
}

/// The account behind a living API key, and what the key is limited to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KeyOwner {
    /// The key.
    pub id: ApiKeyId,
    /// What they call the key.
    pub key_name: String,
    /// Which of its secrets was shown: the count of rotations before it.
    pub generation: i64,
    /// Names of permissions, separated by spaces; `None` for all that the account holds.
    pub scopes: Option<String>,
    /// The one workspace it is for.
    pub limited_to: Option<WorkspaceId>,
    /// Whose it is.
    pub user_id: UserId,
    /// Their name.
    pub user_name: String,
    /// Whether the account is one for machines.
    pub is_service_account: bool,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// When it stops working by itself.
    pub expires_at: Option<Timestamp>,
}

/// What makes a key `k` of the account `u` hold at `$2`.
macro_rules! key_holds {
    () => {
        " k.revoked_at IS NULL AND k.disabled_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2) \
         AND u.deactivated_at IS NULL "
    };
}
pub(crate) use key_holds;

/// The owner of an API key, if it and the owner's account hold. The secret before the last rotation counts as long as
/// was said then.
pub async fn owner_by_digest(
    tx: &mut ReadTx,
    secret_sha256: &[u8],
    now: Timestamp,
) -> Result<Option<KeyOwner>> {
    const CURRENT: &str = concat!(
        "SELECT k.id, k.name AS key_name, k.generation, k.scopes, k.workspace_id AS limited_to, k.user_id, \
         u.name AS user_name, u.is_service_account, k.last_used_at, k.expires_at \
         FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.secret_sha256 = $1 AND",
        key_holds!()
    );
    const PREVIOUS: &str = concat!(
        "SELECT k.id, k.name AS key_name, k.generation - 1 AS generation, k.scopes, k.workspace_id AS limited_to, \
         k.user_id, u.name AS user_name, u.is_service_account, k.last_used_at, k.expires_at \
         FROM api_keys k JOIN users u ON u.id = k.user_id \
         WHERE k.previous_sha256 = $1 AND k.previous_until > $2 AND",
        key_holds!()
    );
    let found =
        on_engine!(tx, |c| sqlx::query_as(CURRENT).bind(secret_sha256).bind(now).fetch_optional(c).await)?;
    if found.is_some() {
        return Ok(found);
    }
    Ok(on_engine!(tx, |c| sqlx::query_as(PREVIOUS).bind(secret_sha256).bind(now).fetch_optional(c).await)?)
}

/// The owner of an API key by its id, if it and the owner's account hold, and one of its secrets that work still has this
/// generation.
pub async fn owner_by_generation(
    tx: &mut ReadTx,
    id: ApiKeyId,
    generation: i64,
    now: Timestamp,
) -> Result<Option<KeyOwner>> {
    const SQL: &str = concat!(
        "SELECT k.id, k.name AS key_name, k.generation, k.scopes, k.workspace_id AS limited_to, k.user_id, \
         u.name AS user_name, u.is_service_account, k.last_used_at, k.expires_at \
         FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.id = $1 \
         AND (k.generation = $3 OR k.generation - 1 = $3 AND k.previous_until > $2) AND",
        key_holds!()
    );
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(id).bind(now).bind(generation).fetch_optional(c).await)?)
}

/// A key that will run out, and who is to hear of it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Ending {
    /// The key.
    pub id: ApiKeyId,
    /// What it is called.
    pub name: String,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// Whose it is.
    pub user_id: UserId,
    /// Their name.
    pub user_name: String,
    /// Their address; empty for a service account.
    pub email: String,
    /// The organization, if the account is one for machines.
    pub org_id: Option<OrgId>,
}

/// Living keys that run out before `before`, have but a quarter of their life left, and of which nobody was told; at most
/// `limit`. Those that live for less than a day are renewed by machines, and nobody is told.
pub async fn ending(tx: &mut ReadTx, now: Timestamp, before: Timestamp, limit: u32) -> Result<Vec<Ending>> {
    const SQL: &str = "SELECT k.id, k.name, k.expires_at, k.user_id, u.name AS user_name, u.email, s.org_id \
        FROM api_keys k JOIN users u ON u.id = k.user_id LEFT JOIN service_accounts s ON s.user_id = k.user_id \
        WHERE k.expires_at > $1 AND k.expires_at < $2 AND k.warned_at IS NULL AND k.revoked_at IS NULL \
        AND k.expires_at - k.created_at >= 86400000 AND k.expires_at - $1 < (k.expires_at - k.created_at) / 4 \
        AND k.disabled_at IS NULL AND u.deactivated_at IS NULL ORDER BY k.expires_at LIMIT $3";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL)
        .bind(now)
        .bind(before)
        .bind(i64::from(limit))
        .fetch_all(c)
        .await)?)
}

/// Notes that somebody was told. `false` if another replica told them first.
pub async fn warned(tx: &mut WriteTx, id: ApiKeyId, at: Timestamp) -> Result<bool> {
    const SQL: &str = "UPDATE api_keys SET warned_at = $2 WHERE id = $1 AND warned_at IS NULL";
    let n =
        on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(at).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Lets somebody be told anew of the keys of an account that will run out.
pub async fn forget_warnings(tx: &mut WriteTx, user: UserId) -> Result<()> {
    const SQL: &str = "UPDATE api_keys SET warned_at = NULL WHERE user_id = $1 AND warned_at IS NOT NULL";
    on_engine!(tx, |c| sqlx::query(SQL).bind(user).execute(c).await.map(|_| ()))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct PolicyRow {
    longest_days: Option<i64>,
    endless: bool,
    raw_keys: bool,
}

impl From<PolicyRow> for KeyPolicy {
    fn from(row: PolicyRow) -> Self {
        // More than fits is no limit that anybody meant.
        let longest_days = row.longest_days.map(|days| u32::try_from(days).unwrap_or(u32::MAX));
        Self { longest_days, endless: row.endless, raw_keys: row.raw_keys }
    }
}

/// What an organization allows of API keys.
pub async fn policy(tx: &mut ReadTx, org: OrgId) -> Result<KeyPolicy> {
    const SQL: &str = "SELECT longest_days, endless, raw_keys FROM key_policies WHERE org_id = $1";
    let found: Option<PolicyRow> = on_engine!(tx, |c| sqlx::query_as(SQL).bind(org).fetch_optional(c).await)?;
    Ok(found.map(KeyPolicy::from).unwrap_or_default())
}

/// What the organizations of an account allow of its keys, each of which counts.
pub async fn policies_for(tx: &mut ReadTx, user: UserId) -> Result<Vec<KeyPolicy>> {
    const SQL: &str = "SELECT p.longest_days, p.endless, p.raw_keys FROM memberships m \
        JOIN key_policies p ON p.org_id = m.org_id WHERE m.user_id = $1";
    let rows: Vec<PolicyRow> = on_engine!(tx, |c| sqlx::query_as(SQL).bind(user).fetch_all(c).await)?;
    Ok(rows.into_iter().map(KeyPolicy::from).collect())
}

/// Sets what an organization allows of API keys.
pub async fn set_policy(tx: &mut WriteTx, org: OrgId, policy: &KeyPolicy, now: Timestamp) -> Result<()> {
    const SQL: &str = "INSERT INTO key_policies (org_id, longest_days, endless, raw_keys, updated_at) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (org_id) DO UPDATE SET longest_days = $2, endless = $3, \
        raw_keys = $4, updated_at = $5";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(org)
        .bind(policy.longest_days.map(i64::from))
        .bind(policy.endless)
        .bind(policy.raw_keys)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}
