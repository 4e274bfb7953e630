//! Personal access tokens and the short tokens of the token endpoint.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::token::Token;
use model::{
    AccessTokenId, CredentialId, DeviceId, OrgId, SessionId, Timestamp, TokenId, UserId, WorkspaceId,
};

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

#[derive(sqlx::FromRow)]
struct Row {
    id: TokenId,
    name: String,
    hint: String,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

impl Row {
    fn seen_at(self, now: Timestamp) -> Token {
        let row = self;
        Token {
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

/// The personal access tokens of a person, newest first, the dead ones too.
pub async fn of_user(tx: &mut ReadTx, user: UserId, now: Timestamp) -> Result<Vec<Token>> {
    const SQL: &str = "SELECT id, name, hint, created_at, expires_at, last_used_at, revoked_at \
        FROM personal_access_tokens WHERE user_id = $1 ORDER BY id DESC LIMIT 200";
    let rows: Vec<Row> = on_engine!(tx, |c| sqlx::query_as(SQL).bind(user).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|row| row.seen_at(now)).collect())
}

/// How many living personal access tokens a person has. Holds the person's row until the transaction ends, so that
/// of two requests at once each counts what the other added.
pub async fn count_living(tx: &mut WriteTx, user: UserId, now: Timestamp) -> Result<i64> {
    const HOLD: &str = "UPDATE users SET updated_at = updated_at WHERE id = $1";
    const COUNT: &str = "SELECT COUNT(*) FROM personal_access_tokens WHERE user_id = $1 AND revoked_at IS NULL \
        AND (expires_at IS NULL OR expires_at > $2)";
    on_engine!(tx, |c| sqlx::query(HOLD).bind(user).execute(c).await.map(|_| ()))?;
    Ok(on_engine!(tx, |c| sqlx::query_scalar(COUNT).bind(user).bind(now).fetch_one(c).await)?)
}

/// Revokes one personal access token of a person and returns its name; `None` if there is no such living one.
pub async fn revoke(tx: &mut WriteTx, user: UserId, id: TokenId, now: Timestamp) -> Result<Option<String>> {
    const SQL: &str = "UPDATE personal_access_tokens SET revoked_at = $3 \
        WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL RETURNING name";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(id).bind(user).bind(now).fetch_optional(c).await)?)
}

/// The person behind a living personal access token.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PersonalOwner {
    /// The token.
    pub id: TokenId,
    /// Whose it is.
    pub user_id: UserId,
    /// Their name.
    pub user_name: String,
    /// What they call the token.
    pub token_name: String,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// The owner of a personal access token, if it and the owner's account hold.
pub async fn personal_by_digest(
    tx: &mut ReadTx,
    secret_sha256: &[u8],
    now: Timestamp,
) -> Result<Option<PersonalOwner>> {
    const SQL: &str = "SELECT t.id, t.user_id, u.name AS user_name, t.name AS token_name, t.last_used_at \
        FROM personal_access_tokens t JOIN users u ON u.id = t.user_id \
        WHERE t.secret_sha256 = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2) \
        AND u.deactivated_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(secret_sha256).bind(now).fetch_optional(c).await)?)
}

/// What a short token was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// An approved device of a person.
    Device(UserId, DeviceId),
    /// A personal access token of a person.
    Personal(UserId, TokenId),
    /// An enrollment key of a workspace.
    Credential(WorkspaceId, CredentialId),
    /// A browser session of a person, for entering one workspace.
    Session(UserId, SessionId, WorkspaceId),
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
    const SQL: &str = "INSERT INTO access_tokens (id, secret_sha256, user_id, workspace_id, device_id, token_id, \
        credential_id, session_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let (mut user, mut workspace, mut device, mut token, mut credential, mut session) =
        (None, None, None, None, None, None);
    match source {
        Source::Device(whose, of) => (user, device) = (Some(whose), Some(of)),
        Source::Personal(whose, of) => (user, token) = (Some(whose), Some(of)),
        Source::Credential(whose, of) => (workspace, credential) = (Some(whose), Some(of)),
        Source::Session(whose, of, place) => {
            (user, session, workspace) = (Some(whose), Some(of), Some(place));
        }
    }
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(secret_sha256)
        .bind(user)
        .bind(workspace)
        .bind(device)
        .bind(token)
        .bind(credential)
        .bind(session)
        .bind(now)
        .bind(expires_at)
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
}

/// The person and device of a short token, if all three hold: expiry and revocation are decided here, at every use.
pub async fn device_by_digest(
    tx: &mut ReadTx,
    secret_sha256: &[u8],
    now: Timestamp,
) -> Result<Option<AccessOwner<DeviceId>>> {
    const SQL: &str = "SELECT a.id, d.id AS via, u.id AS user_id, u.name AS user_name, \
        d.last_seen_at AS last_used_at FROM access_tokens a JOIN devices d ON d.id = a.device_id \
        JOIN users u ON u.id = a.user_id WHERE a.secret_sha256 = $1 AND a.expires_at > $2 \
        AND d.revoked_at IS NULL AND d.user_id = a.user_id AND u.deactivated_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(secret_sha256).bind(now).fetch_optional(c).await)?)
}

/// The person and personal access token of a short token, if all three hold.
pub async fn exchanged_by_digest(
    tx: &mut ReadTx,
    secret_sha256: &[u8],
    now: Timestamp,
) -> Result<Option<AccessOwner<TokenId>>> {
    const SQL: &str = "SELECT a.id, t.id AS via, u.id AS user_id, u.name AS user_name, t.last_used_at \
        FROM access_tokens a JOIN personal_access_tokens t ON t.id = a.token_id \
        JOIN users u ON u.id = a.user_id WHERE a.secret_sha256 = $1 AND a.expires_at > $2 \
        AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2) AND t.user_id = a.user_id \
        AND u.deactivated_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(secret_sha256).bind(now).fetch_optional(c).await)?)
}

/// The person who enters a workspace with a living short token, and that workspace.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EntryOwner {
    /// The session it was made from.
    pub session_id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// Their name.
    pub user_name: String,
    /// The one workspace it is for.
    pub workspace_id: WorkspaceId,
    /// When the session was last active.
    pub last_used_at: Option<Timestamp>,
}

/// The person, session and workspace of a short token, if all four hold.
pub async fn entry_by_digest(
    tx: &mut ReadTx,
    secret_sha256: &[u8],
    now: Timestamp,
) -> Result<Option<EntryOwner>> {
    const SQL: &str = "SELECT s.id AS session_id, u.id AS user_id, u.name AS user_name, a.workspace_id, \
        s.last_seen_at AS last_used_at FROM access_tokens a JOIN sessions s ON s.id = a.session_id \
        JOIN users u ON u.id = a.user_id WHERE a.secret_sha256 = $1 AND a.expires_at > $2 \
        AND s.ended_at IS NULL AND s.expires_at > $2 AND s.user_id = a.user_id AND u.deactivated_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(secret_sha256).bind(now).fetch_optional(c).await)?)
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

/// Forgets short tokens that ran out before `before`; nothing depends on it.
pub async fn delete_expired(tx: &mut WriteTx, before: Timestamp) -> Result<u64> {
    const SQL: &str = "DELETE FROM access_tokens WHERE expires_at < $1";
    Ok(on_engine!(tx, |c| sqlx::query(SQL).bind(before).execute(c).await.map(|r| r.rows_affected()))?)
}
