//! Accounts, of people and for machines, and the names they have inside workspaces.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::{Timestamp, UserId};

/// An account.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// Their name inside workspaces.
    pub username: String,
    /// Their name for people.
    pub name: String,
    /// Their address, as contact data. A service account has none.
    pub email: String,
    /// Whether it is an account for machines.
    pub is_service_account: bool,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Set if the account is closed: nothing of theirs works.
    pub deactivated_at: Option<Timestamp>,
}

/// Whose names are told apart among themselves: workspaces keep people and service accounts in two lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameOf {
    /// A person.
    User,
    /// An account for machines.
    ServiceAccount,
}

/// Takes a username for good. `false` if it was ever taken.
pub async fn take_username(
    tx: &mut WriteTx,
    kind: NameOf,
    username: &str,
    owner: UserId,
    now: Timestamp,
) -> Result<bool> {
    const SQL: &str = "INSERT INTO usernames (kind, folded, owner_id, taken_at) VALUES ($4, $1, $2, $3) \
        ON CONFLICT DO NOTHING";
    let kind = match kind {
        NameOf::User => "user",
        NameOf::ServiceAccount => "service_account",
    };
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(username.to_lowercase())
        .bind(owner)
        .bind(now)
        .bind(kind)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Adds an account; the username must have been taken for them.
pub async fn insert(tx: &mut WriteTx, user: &User) -> Result<()> {
    const SQL: &str = "INSERT INTO users (id, username, name, email, email_folded, is_service_account, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(user.id)
        .bind(user.username.as_str())
        .bind(user.name.as_str())
        .bind(user.email.as_str())
        .bind(user.email.to_ascii_lowercase())
        .bind(user.is_service_account)
        .bind(user.created_at)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// One account.
pub async fn by_id(tx: &mut ReadTx, id: UserId) -> Result<Option<User>> {
    const SQL: &str = "SELECT id, username, name, email, is_service_account, created_at, deactivated_at FROM users WHERE id = $1";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?)
}

/// Changes a person's name, here and where lists keep it for their order.
pub async fn rename(tx: &mut WriteTx, id: UserId, name: &str, now: Timestamp) -> Result<()> {
    const USER: &str = "UPDATE users SET name = $2, updated_at = $3 WHERE id = $1";
    const LISTS: &str = "UPDATE memberships SET sort_name = $2, search_text = $2 || ' ' || \
        (SELECT u.email_folded || ' ' || LOWER(u.username) FROM users u WHERE u.id = memberships.user_id) \
        WHERE user_id = $1";
    on_engine!(tx, |c| sqlx::query(USER).bind(id).bind(name).bind(now).execute(c).await.map(|_| ()))?;
    let sort_name = crate::members::sort_name(name);
    on_engine!(tx, |c| sqlx::query(LISTS).bind(id).bind(sort_name).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Closes an account: sessions, tokens and devices of theirs stop holding at their next use. `false` if it is closed.
pub async fn deactivate(tx: &mut WriteTx, id: UserId, now: Timestamp) -> Result<bool> {
    const SQL: &str =
        "UPDATE users SET deactivated_at = $2, updated_at = $2 WHERE id = $1 AND deactivated_at IS NULL";
    let n =
        on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(now).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Opens an account again. `false` if it is open.
pub async fn reactivate(tx: &mut WriteTx, id: UserId, now: Timestamp) -> Result<bool> {
    const SQL: &str = "UPDATE users SET deactivated_at = NULL, updated_at = $2 WHERE id = $1 AND deactivated_at IS NOT NULL";
    let n =
        on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(now).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Notes that a person was active.
pub async fn touch(tx: &mut WriteTx, id: UserId, at: Timestamp) -> Result<()> {
    const SQL: &str =
        "UPDATE users SET last_seen_at = $2 WHERE id = $1 AND (last_seen_at IS NULL OR last_seen_at < $2)";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}
