//! Custom roles.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::text::folded;
use model::{Level, OrgId, RoleId, Timestamp};

/// A custom role.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// Where it is granted.
    #[sqlx(try_from = "String")]
    pub level: Level,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Names of permissions, separated by spaces.
    pub permissions: String,
    /// Counts changes.
    pub revision: i64,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What can be changed of a role.
#[derive(Clone, Copy, Debug)]
pub struct Content<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is for.
    pub description: &'a str,
    /// Names of permissions, separated by spaces.
    pub permissions: &'a str,
}

/// The custom roles of an organization, by level and name.
pub async fn list(tx: &mut ReadTx, org: OrgId) -> Result<Vec<Role>> {
    const SQL: &str = "SELECT id, level, name, description, permissions, revision, updated_at FROM roles \
        WHERE org_id = $1 ORDER BY level, sort_name, id";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(org).fetch_all(c).await)?)
}

/// One custom role.
pub async fn by_id(tx: &mut ReadTx, org: OrgId, id: RoleId) -> Result<Option<Role>> {
    const SQL: &str = "SELECT id, level, name, description, permissions, revision, updated_at FROM roles \
        WHERE org_id = $1 AND id = $2";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(org).bind(id).fetch_optional(c).await)?)
}

/// How many custom roles an organization has.
pub async fn count(tx: &mut ReadTx, org: OrgId) -> Result<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM roles WHERE org_id = $1";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(org).fetch_one(c).await)?)
}

/// The organization a custom role belongs to.
pub async fn org_of(tx: &mut ReadTx, id: RoleId) -> Result<Option<OrgId>> {
    const SQL: &str = "SELECT org_id FROM roles WHERE id = $1";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(id).fetch_optional(c).await)?)
}

/// Adds a role. `false` if its name is taken at its level.
pub async fn insert(
    tx: &mut WriteTx,
    org: OrgId,
    id: RoleId,
    level: Level,
    content: Content<'_>,
    now: Timestamp,
) -> Result<bool> {
    const SQL: &str = "INSERT INTO roles (id, org_id, level, name, sort_name, description, permissions, revision, \
        created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8) ON CONFLICT DO NOTHING";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(org)
        .bind(level.as_str())
        .bind(content.name)
        .bind(folded(content.name))
        .bind(content.description)
        .bind(content.permissions)
        .bind(now)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Whether another role of the level has this name, in any spelling.
pub async fn name_is_taken(
    tx: &mut ReadTx,
    org: OrgId,
    level: Level,
    name: &str,
    but: Option<RoleId>,
) -> Result<bool> {
    const SQL: &str = "SELECT id FROM roles WHERE org_id = $1 AND level = $2 AND sort_name = $3";
    let found: Option<RoleId> = on_engine!(tx, |c| sqlx::query_scalar(SQL)
        .bind(org)
        .bind(level.as_str())
        .bind(folded(name))
        .fetch_optional(c)
        .await)?;
    Ok(found.is_some_and(|found| Some(found) != but))
}

/// Changes a role. `false` if it is not there, or is not at `revision` any more.
pub async fn update(
    tx: &mut WriteTx,
    org: OrgId,
    id: RoleId,
    content: Content<'_>,
    revision: i64,
    now: Timestamp,
) -> Result<bool> {
    const SQL: &str = "UPDATE roles SET name = $3, sort_name = $4, description = $5, permissions = $6, \
        revision = revision + 1, updated_at = $8 WHERE org_id = $1 AND id = $2 AND revision = $7";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(org)
        .bind(id)
        .bind(content.name)
        .bind(folded(content.name))
        .bind(content.description)
        .bind(content.permissions)
        .bind(revision)
        .bind(now)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Deletes a role; its grants are taken separately. `false` if it is not there.
pub async fn delete(tx: &mut WriteTx, org: OrgId, id: RoleId) -> Result<bool> {
    const SQL: &str = "DELETE FROM roles WHERE org_id = $1 AND id = $2";
    let n =
        on_engine!(tx, |c| sqlx::query(SQL).bind(org).bind(id).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(n == 1)
}
