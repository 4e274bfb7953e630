//! Connections to identity providers.
//!
//! A connection from the settings file has no organization of its own: it belongs to the installation's home.

use crate::engine::on_engine;
use crate::sealed::Sealed;
use crate::{ReadTx, Result, WriteTx};
use model::{ConnectionId, IdentityId, OrgId, Timestamp};

/// A connection, with its sealed secret.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// Whose it is; `None` for one from the settings file before setup.
    pub org_id: Option<OrgId>,
    /// What the sign-in button says.
    pub label: String,
    /// The issuer identifier, exactly as it was given.
    pub issuer: String,
    /// The client id.
    pub client_id: String,
    /// The client secret, sealed.
    pub client_secret_sealed: Option<Sealed>,
    /// Whether the settings file owns it.
    pub from_file: bool,
    /// Whether it is offered.
    pub enabled: bool,
    /// When it was added.
    pub created_at: Timestamp,
}

/// A connection as lists show it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    /// Its id.
    pub id: ConnectionId,
    /// What the sign-in button says.
    pub label: String,
    /// The issuer identifier.
    pub issuer: String,
    /// The client id.
    pub client_id: String,
    /// Whether a secret is kept.
    pub has_secret: bool,
    /// Whether the settings file owns it.
    pub from_file: bool,
    /// Whether it is offered.
    pub enabled: bool,
    /// When it was added.
    pub created_at: Timestamp,
    /// When somebody last signed in through it.
    pub last_used_at: Option<Timestamp>,
    /// How many identities came through it.
    pub people: i64,
}

/// Adds a connection. `false` if the issuer and client id are connected already.
pub async fn insert(tx: &mut WriteTx, new: &Connection) -> Result<bool> {
    const SQL: &str = "INSERT INTO connections (id, org_id, label, issuer, client_id, client_secret_sealed, \
        from_file, enabled, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) \
        ON CONFLICT DO NOTHING";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(new.id)
        .bind(new.org_id)
        .bind(new.label.as_str())
        .bind(new.issuer.as_str())
        .bind(new.client_id.as_str())
        .bind(new.client_secret_sealed.as_ref())
        .bind(new.from_file)
        .bind(new.enabled)
        .bind(new.created_at)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Writes label, issuer, client id and owner anew; the secret is left as it is. `false` if another connection has that
/// issuer and client id.
pub async fn update(tx: &mut WriteTx, new: &Connection, now: Timestamp) -> Result<bool> {
    const TAKEN: &str = "SELECT COUNT(*) FROM connections WHERE issuer = $2 AND client_id = $3 AND id <> $1";
    const SQL: &str = "UPDATE connections SET label = $2, issuer = $3, client_id = $4, from_file = $5, updated_at = $6 \
        WHERE id = $1";
    let taken: i64 = on_engine!(tx, |c| sqlx::query_scalar(TAKEN)
        .bind(new.id)
        .bind(new.issuer.as_str())
        .bind(new.client_id.as_str())
        .fetch_one(c)
        .await)?;
    if taken > 0 {
        return Ok(false);
    }
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(new.id)
        .bind(new.label.as_str())
        .bind(new.issuer.as_str())
        .bind(new.client_id.as_str())
        .bind(new.from_file)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(true)
}

/// Gives a connection another client secret, or none.
pub async fn set_secret(tx: &mut WriteTx, id: ConnectionId, sealed: Option<&Sealed>) -> Result<()> {
    const SQL: &str = "UPDATE connections SET client_secret_sealed = $2 WHERE id = $1";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(sealed).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Offers a connection at sign-in, or stops to.
pub async fn set_enabled(tx: &mut WriteTx, id: ConnectionId, enabled: bool, now: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE connections SET enabled = $2, updated_at = $3 WHERE id = $1";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(enabled).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Removes a connection. The identities that came through it stay: the same issuer may be connected again.
pub async fn delete(tx: &mut WriteTx, id: ConnectionId) -> Result<()> {
    const SQL: &str = "DELETE FROM connections WHERE id = $1";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// One connection.
pub async fn by_id(tx: &mut ReadTx, id: ConnectionId) -> Result<Option<Connection>> {
    const SQL: &str = "SELECT c.id, \
        COALESCE(c.org_id, (SELECT i.home_org_id FROM installation i WHERE i.id = 1)) AS org_id, \
        c.label, c.issuer, c.client_id, c.client_secret_sealed, c.from_file, c.enabled, c.created_at \
        FROM connections c WHERE c.id = $1";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?)
}

/// The connection of an issuer and client id.
pub async fn by_client(tx: &mut ReadTx, issuer: &str, client_id: &str) -> Result<Option<Connection>> {
    const SQL: &str = "SELECT id, org_id, label, issuer, client_id, client_secret_sealed, from_file, enabled, \
        created_at FROM connections WHERE issuer = $1 AND client_id = $2";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(issuer).bind(client_id).fetch_optional(c).await)?)
}

/// The connections the settings file made.
pub async fn from_file(tx: &mut ReadTx) -> Result<Vec<Connection>> {
    const SQL: &str = "SELECT id, org_id, label, issuer, client_id, client_secret_sealed, from_file, enabled, \
        created_at FROM connections WHERE from_file ORDER BY id";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).fetch_all(c).await)?)
}

/// The connections of an organization, by label.
pub async fn of_org(tx: &mut ReadTx, org: OrgId) -> Result<Vec<Listed>> {
    const SQL: &str = "SELECT c.id, c.label, c.issuer, c.client_id, c.client_secret_sealed IS NOT NULL AS has_secret, \
        c.from_file, c.enabled, c.created_at, \
        (SELECT MAX(i.last_used_at) FROM identities i WHERE i.connection_id = c.id) AS last_used_at, \
        (SELECT CAST(COUNT(*) AS BIGINT) FROM identities i WHERE i.connection_id = c.id) AS people \
        FROM connections c \
        WHERE COALESCE(c.org_id, (SELECT n.home_org_id FROM installation n WHERE n.id = 1)) = $1 \
        ORDER BY LOWER(c.label), c.id";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(org).fetch_all(c).await)?)
}

/// What the sign-in page offers: id and label of every enabled connection, by label.
pub async fn enabled(tx: &mut ReadTx) -> Result<Vec<(ConnectionId, String)>> {
    const SQL: &str = "SELECT id, label FROM connections WHERE enabled ORDER BY LOWER(label), id";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).fetch_all(c).await)?)
}

/// Notes that an identity came through a connection; after an issuer was connected anew it is another than before.
pub async fn note_identity(tx: &mut WriteTx, identity: IdentityId, connection: ConnectionId) -> Result<()> {
    const SQL: &str = "UPDATE identities SET connection_id = $2 WHERE id = $1";
    on_engine!(tx, |c| sqlx::query(SQL).bind(identity).bind(connection).execute(c).await.map(|_| ()))?;
    Ok(())
}
