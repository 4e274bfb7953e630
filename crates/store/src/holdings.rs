//! What a member has besides grants and places in teams, whole and not by pages: what ends when they leave.

use crate::engine::on_engine;
use crate::{ReadTx, Result};
use model::{ApiKeyId, DeviceId, OrgId, ServiceAccountId, SessionId, Timestamp, UserId};

/// An API key that works or is switched off.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Key {
    /// Its id.
    pub id: ApiKeyId,
    /// What they call it.
    pub name: String,
    /// Counts its rotations.
    pub generation: i64,
    /// Since when it is switched off, if it is.
    pub disabled_at: Option<Timestamp>,
    /// The one workspace it is for.
    pub workspace: Option<String>,
}

/// The living API keys of a person; of those limited to one workspace of an organization only, if one is named.
pub async fn keys(tx: &mut ReadTx, user: UserId, only_in: Option<OrgId>, now: Timestamp) -> Result<Vec<Key>> {
    const SQL: &str = "SELECT k.id, k.name, k.generation, k.disabled_at, w.display_name AS workspace FROM api_keys k \
        LEFT JOIN workspaces w ON w.id = k.workspace_id WHERE k.user_id = $1 AND k.revoked_at IS NULL \
        AND (k.expires_at IS NULL OR k.expires_at > $2) AND ($3 IS NULL OR w.org_id = $3) ORDER BY k.id";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(user).bind(now).bind(only_in).fetch_all(c).await)?)
}

/// A session that holds.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The browser, as it named itself.
    pub user_agent: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
}

/// The living sessions of a person.
pub async fn sessions(
    tx: &mut ReadTx,
    user: UserId,
    now: Timestamp,
    idle_since: Timestamp,
) -> Result<Vec<Session>> {
    const SQL: &str = "SELECT id, user_agent, created_at FROM sessions WHERE user_id = $1 AND ended_at IS NULL \
        AND expires_at > $2 AND last_seen_at > $3 ORDER BY created_at, id";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(user).bind(now).bind(idle_since).fetch_all(c).await)?)
}

/// A device that works.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// Host name it claims.
    pub hostname: String,
    /// When it was approved.
    pub approved_at: Timestamp,
}

/// The working devices of a person.
pub async fn devices(tx: &mut ReadTx, user: UserId, now: Timestamp) -> Result<Vec<Device>> {
    const SQL: &str = "SELECT id, hostname, approved_at FROM devices WHERE user_id = $1 AND approved_at IS NOT NULL \
        AND revoked_at IS NULL AND COALESCE(token_expires_at, expires_at) > $2 ORDER BY id";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(user).bind(now).fetch_all(c).await)?)
}

/// A service account somebody answers for by themselves.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Account {
    /// Its id.
    pub id: ServiceAccountId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its keys that have not ended.
    pub keys: i64,
    /// Grows whenever a key is made or rotated: ended ones count, so that one for another does not look the same.
    pub generations: i64,
    /// Differs whenever one of its keys was switched off or on.
    pub switched_off: i64,
    /// Its trust rules that are switched on.
    pub rules: i64,
    /// Grows whenever a trust rule is made or changed, deleted ones included.
    pub revisions: i64,
}

/// The service accounts of an organization a person answers for.
pub async fn accounts(tx: &mut ReadTx, org: OrgId, owner: UserId, now: Timestamp) -> Result<Vec<Account>> {
    const SQL: &str = "SELECT s.user_id AS id, u.username AS name, s.description, \
        (SELECT CAST(COUNT(*) AS BIGINT) FROM api_keys k WHERE k.user_id = s.user_id AND k.revoked_at IS NULL \
        AND (k.expires_at IS NULL OR k.expires_at > $3)) AS keys, \
        (SELECT CAST(COALESCE(SUM(k.generation), 0) AS BIGINT) FROM api_keys k WHERE k.user_id = s.user_id) AS generations, \
        (SELECT CAST(COALESCE(SUM(k.disabled_at), 0) AS BIGINT) FROM api_keys k WHERE k.user_id = s.user_id) AS switched_off, \
        (SELECT CAST(COUNT(*) AS BIGINT) FROM trust_rules t WHERE t.user_id = s.user_id AND t.deleted_at IS NULL \
        AND t.enabled) AS rules, \
        (SELECT CAST(COALESCE(SUM(t.revision), 0) AS BIGINT) FROM trust_rules t WHERE t.user_id = s.user_id) AS revisions \
        FROM service_accounts s JOIN users u ON u.id = s.user_id \
        WHERE s.org_id = $1 AND s.owner_user_id = $2 AND s.deleted_at IS NULL ORDER BY u.username";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(org).bind(owner).bind(now).fetch_all(c).await)?)
}

/// How many resources of an organization's workspaces are shared with a person, and when that last changed.
pub async fn shares(tx: &mut ReadTx, org: OrgId, user: UserId) -> Result<(i64, Timestamp)> {
    const SQL: &str = "SELECT COUNT(*), COALESCE(MAX(s.updated_at), 0) FROM resource_shares s \
        JOIN workspaces w ON w.id = s.workspace_id WHERE w.org_id = $1 AND s.user_id = $2 AND w.deleted_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(org).bind(user).fetch_one(c).await)?)
}
