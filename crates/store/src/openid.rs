//! Signing in to workspaces with Reeve: what they registered, codes, and which session was used where.

use crate::due::{Due, due};
use crate::engine::{EngineKind, on_engine};
use crate::{ReadTx, Result, WriteTx};
use model::workspace::TokenAlgorithm;
use model::{AccessTokenId, OrgId, SessionId, Timestamp, UserId, WorkspaceId, WorkspaceSignInId};

/// A workspace as a relying party (`OpenID` Connect Core 1.0 §1.2).
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RelyingParty {
    /// What it is called.
    pub name: String,
    /// With which algorithm its tokens are signed.
    #[sqlx(try_from = "String")]
    pub token_algorithm: TokenAlgorithm,
    /// Where people may be sent back to, an address a line.
    pub redirect_uris: String,
    /// Where it is told that a session is over.
    pub logout_uri: Option<String>,
    /// Set while it is switched off.
    pub deactivated_at: Option<Timestamp>,
}

/// A workspace that was not deleted, as a relying party.
pub async fn relying_party(tx: &mut ReadTx, id: WorkspaceId) -> Result<Option<RelyingParty>> {
    const SQL: &str = "SELECT name, token_algorithm, redirect_uris, logout_uri, deactivated_at FROM workspaces \
        WHERE id = $1 AND deleted_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?)
}

/// Changes how people sign in to a workspace.
pub async fn register(
    tx: &mut WriteTx,
    id: WorkspaceId,
    redirect_uris: &str,
    logout_uri: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    const SQL: &str =
        "UPDATE workspaces SET redirect_uris = $2, logout_uri = $3, updated_at = $4 WHERE id = $1";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(redirect_uris)
        .bind(logout_uri)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// A code to be added.
#[derive(Clone, Copy, Debug)]
pub struct NewCode<'a> {
    /// The session of whoever signs in.
    pub session: SessionId,
    /// To which workspace.
    pub workspace: WorkspaceId,
    /// Where they are sent back to.
    pub redirect_uri: &'a str,
    /// What the verifier must be (RFC 7636 §4.2).
    pub code_challenge: &'a str,
    /// What the workspace gave along (`OpenID` Connect Core 1.0 §3.1.2.1).
    pub nonce: Option<&'a str>,
    /// When the person had last proven who they are.
    pub authenticated_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// Adds a code under the digest of its secret.
pub async fn insert_code(tx: &mut WriteTx, secret_sha256: &[u8], code: &NewCode<'_>) -> Result<()> {
    const SQL: &str = "INSERT INTO authorization_codes (secret_sha256, session_id, workspace_id, redirect_uri, \
        code_challenge, nonce, authenticated_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(secret_sha256)
        .bind(code.session)
        .bind(code.workspace)
        .bind(code.redirect_uri)
        .bind(code.code_challenge)
        .bind(code.nonce)
        .bind(code.authenticated_at)
        .bind(code.expires_at)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// A code, be it good for something or not, and the person behind it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Code {
    /// The session of whoever signs in.
    pub session_id: SessionId,
    /// Who that is.
    pub user_id: UserId,
    /// Their name.
    pub user_name: String,
    /// To which workspace.
    pub workspace_id: WorkspaceId,
    /// Where they were sent back to.
    pub redirect_uri: String,
    /// What the verifier must be.
    pub code_challenge: String,
    /// What the workspace gave along.
    pub nonce: Option<String>,
    /// When the person had last proven who they are.
    pub authenticated_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// What it was exchanged for, once it was.
    pub access_token_id: Option<AccessTokenId>,
}

/// The code of a digest.
pub async fn code_by_digest(tx: &mut ReadTx, secret_sha256: &[u8]) -> Result<Option<Code>> {
    const SQL: &str = "SELECT c.session_id, u.id AS user_id, u.name AS user_name, c.workspace_id, c.redirect_uri, \
        c.code_challenge, c.nonce, c.authenticated_at, c.expires_at, c.access_token_id FROM authorization_codes c \
        JOIN sessions s ON s.id = c.session_id JOIN users u ON u.id = s.user_id WHERE c.secret_sha256 = $1";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(secret_sha256).fetch_optional(c).await)?)
}

/// Notes what a code was exchanged for. `false` if it was exchanged before, or is over.
pub async fn redeem_code(
    tx: &mut WriteTx,
    secret_sha256: &[u8],
    access_token: AccessTokenId,
    now: Timestamp,
) -> Result<bool> {
    const SQL: &str = "UPDATE authorization_codes SET access_token_id = $2 WHERE secret_sha256 = $1 \
        AND access_token_id IS NULL AND expires_at > $3";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(secret_sha256)
        .bind(access_token)
        .bind(now)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Forgets codes that ran out before `before`.
pub async fn delete_codes(tx: &mut WriteTx, before: Timestamp) -> Result<u64> {
    const SQL: &str = "DELETE FROM authorization_codes WHERE expires_at < $1";
    Ok(on_engine!(tx, |c| sqlx::query(SQL).bind(before).execute(c).await.map(|r| r.rows_affected()))?)
}

/// Notes that a session was used to sign in to a workspace; returns what the workspace knows it by: `id`, or what it was
/// told before. What it was still to be told, it is not: whoever had left is in again.
pub async fn note_sign_in(
    tx: &mut WriteTx,
    id: WorkspaceSignInId,
    session: SessionId,
    workspace: WorkspaceId,
    now: Timestamp,
) -> Result<WorkspaceSignInId> {
    const SQL: &str = "INSERT INTO workspace_sign_ins (id, session_id, workspace_id, signed_in_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (session_id, workspace_id) DO UPDATE SET signed_in_at = excluded.signed_in_at, due_at = NULL, \
        locked_until = NULL, attempts = workspace_sign_ins.attempts + (CASE WHEN workspace_sign_ins.due_at IS NULL THEN 0 ELSE 1 END) \
        RETURNING id";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL)
        .bind(id)
        .bind(session)
        .bind(workspace)
        .bind(now)
        .fetch_one(c)
        .await)?)
}

/// Has a session that follows another stand for it in workspaces.
pub(crate) async fn follow(tx: &mut WriteTx, before: SessionId, after: SessionId) -> Result<()> {
    const SQL: &str =
        "UPDATE workspace_sign_ins SET session_id = $2 WHERE session_id = $1 AND due_at IS NULL";
    on_engine!(tx, |c| sqlx::query(SQL).bind(before).bind(after).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Makes the ends of a person's sessions that ended at `now` due for telling.
pub(crate) async fn tell_of_ended(tx: &mut WriteTx, user: UserId, now: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE workspace_sign_ins SET due_at = $2 WHERE due_at IS NULL \
        AND session_id IN (SELECT id FROM sessions WHERE user_id = $1 AND ended_at = $2)";
    on_engine!(tx, |c| sqlx::query(SQL).bind(user).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Has the workspaces of an organization told that they are signed in to no longer by somebody who is not in it any more,
/// whose sessions go on.
pub async fn tell_of_departed(tx: &mut WriteTx, org: OrgId, user: UserId, now: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE workspace_sign_ins SET due_at = $3 WHERE due_at IS NULL \
        AND workspace_id IN (SELECT id FROM workspaces WHERE org_id = $1) \
        AND session_id IN (SELECT id FROM sessions WHERE user_id = $2)";
    on_engine!(tx, |c| sqlx::query(SQL).bind(org).bind(user).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Makes the ends of sessions that ran out due for telling.
pub async fn tell_of_expired(tx: &mut WriteTx, now: Timestamp, idle_since: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE workspace_sign_ins SET due_at = $1 WHERE due_at IS NULL \
        AND session_id IN (SELECT id FROM sessions WHERE expires_at <= $1 OR last_seen_at <= $2)";
    on_engine!(tx, |c| sqlx::query(SQL).bind(now).bind(idle_since).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// A workspace that is to be told of the end of a session.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Notice {
    /// What it knows the session by.
    pub id: WorkspaceSignInId,
    /// Which session.
    pub session_id: SessionId,
    /// Which workspace.
    pub workspace_id: WorkspaceId,
    /// How often it was taken, this time included. Also the fence: only the latest taker may say how it went.
    pub attempts: i64,
}

const DUE: Due = due!("workspace_sign_ins", "due_at IS NOT NULL", "id, session_id, workspace_id, attempts");

/// Whether a notice is due that nobody has taken: a look that disturbs no writer.
pub async fn is_any_due(tx: &mut ReadTx, now: Timestamp) -> Result<bool> {
    DUE.is_any(tx, now).await
}

/// Takes due notices until `lease_until`.
pub async fn claim(
    tx: &mut WriteTx,
    now: Timestamp,
    lease_until: Timestamp,
    limit: i64,
) -> Result<Vec<Notice>> {
    DUE.claim(tx, now, lease_until, limit).await
}

/// Whose session it was.
pub async fn user_of(tx: &mut ReadTx, session: SessionId) -> Result<Option<UserId>> {
    const SQL: &str = "SELECT user_id FROM sessions WHERE id = $1";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(session).fetch_optional(c).await)?)
}

/// Forgets a notice: the workspace was told, or does not want to be, or cannot be.
pub async fn forget(tx: &mut WriteTx, notice: &Notice) -> Result<()> {
    const SQL: &str = "DELETE FROM workspace_sign_ins WHERE id = $1 AND attempts = $2";
    on_engine!(tx, |c| sqlx::query(SQL).bind(notice.id).bind(notice.attempts).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Notes when to try again. What else the workspace is to be told waits as long, unless somebody has taken it: one that does
/// not answer must not keep others from being told.
pub async fn tell_again(tx: &mut WriteTx, notice: &Notice, due_at: Timestamp, now: Timestamp) -> Result<()> {
    const THIS: &str =
        "UPDATE workspace_sign_ins SET due_at = $3, locked_until = NULL WHERE id = $1 AND attempts = $2";
    macro_rules! others_sql {
        ($lock:literal) => {
            concat!(
                "UPDATE workspace_sign_ins SET due_at = $2 WHERE id IN (SELECT id FROM workspace_sign_ins \
                 WHERE workspace_id = $1 AND due_at < $2 AND (locked_until IS NULL OR locked_until <= $3)",
                $lock,
                ")"
            )
        };
    }
    on_engine!(tx, |c| sqlx::query(THIS)
        .bind(notice.id)
        .bind(notice.attempts)
        .bind(due_at)
        .execute(c)
        .await
        .map(|_| ()))?;
    let others = match tx.kind() {
        EngineKind::Sqlite => others_sql!(""),
        // What another replica is about to put off, or to take, is not waited for: it could be waiting for this.
        EngineKind::Postgres => others_sql!(" FOR UPDATE SKIP LOCKED"),
    };
    on_engine!(tx, |c| sqlx::query(others)
        .bind(notice.workspace_id)
        .bind(due_at)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}
