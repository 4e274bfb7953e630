//! People and the names they have inside workspaces.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::{Timestamp, UserId};

/// A person.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// Their name inside workspaces.
    pub username: String,
    /// Their name for people.
    pub name: String,
    /// Their address, as contact data.
    pub email: String,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Set if the account is closed: nothing of theirs works.
    pub deactivated_at: Option<Timestamp>,
}

/// Takes a username for good. `false` if it was ever taken.
pub async fn take_username(tx: &mut WriteTx, username: &str, owner: UserId, now: Timestamp) -> Result<bool> {
    const SQL: &str = "INSERT INTO usernames (kind, folded, owner_id, taken_at) VALUES ('user', $1, $2, $3) \
        ON CONFLICT DO NOTHING";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(username.to_lowercase())
        .bind(owner)
        .bind(now)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Adds a person; the username must have been taken for them.
pub async fn insert(tx: &mut WriteTx, user: &User) -> Result<()> {
    const SQL: &str = "INSERT INTO users (id, username, name, email, email_folded, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $6)";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(user.id)
        .bind(user.username.as_str())
        .bind(user.name.as_str())
        .bind(user.email.as_str())
        .bind(user.email.to_ascii_lowercase())
        .bind(user.created_at)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// One person.
pub async fn by_id(tx: &mut ReadTx, id: UserId) -> Result<Option<User>> {
    const SQL: &str = "SELECT id, username, name, email, created_at, deactivated_at FROM users WHERE id = $1";
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

/// Notes that a person was active.
pub async fn touch(tx: &mut WriteTx, id: UserId, at: Timestamp) -> Result<()> {
    const SQL: &str =
        "UPDATE users SET last_seen_at = $2 WHERE id = $1 AND (last_seen_at IS NULL OR last_seen_at < $2)";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}
