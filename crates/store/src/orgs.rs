//! The installation and its organizations.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::org::{MyOrg, Org};
use model::{OrgId, OrgRole, Timestamp, UserId};

#[derive(sqlx::FromRow)]
struct Row {
    id: OrgId,
    name: String,
    display_name: String,
    description: String,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for Org {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            display_name: row.display_name,
            description: row.description,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// Makes the installation's row if it is missing.
pub async fn ensure_installation(tx: &mut WriteTx, now: Timestamp) -> Result<()> {
    const SQL: &str = "INSERT INTO installation (id, created_at) VALUES (1, $1) ON CONFLICT DO NOTHING";
    on_engine!(tx, |c| sqlx::query(SQL).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Whether an organization has ever existed here.
pub async fn setup_completed(tx: &mut ReadTx) -> Result<bool> {
    const SQL: &str = "SELECT COUNT(*) FROM installation WHERE setup_completed_at IS NOT NULL";
    let n: i64 = on_engine!(tx, |c| sqlx::query_scalar(SQL).fetch_one(c).await)?;
    Ok(n > 0)
}

/// Closes setup for good, with `org` as the home of the installation. `false` if it was closed already.
pub async fn complete_setup(tx: &mut WriteTx, org: OrgId, now: Timestamp) -> Result<bool> {
    const SQL: &str = "UPDATE installation SET setup_completed_at = $1, home_org_id = $2 \
        WHERE id = 1 AND setup_completed_at IS NULL";
    let n =
        on_engine!(tx, |c| sqlx::query(SQL).bind(now).bind(org).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// The organization that setup made.
pub async fn home(tx: &mut ReadTx) -> Result<Option<Org>> {
    const SQL: &str = "SELECT o.id, o.name, o.display_name, o.description, o.created_at, o.updated_at \
        FROM installation i JOIN organizations o ON o.id = i.home_org_id WHERE i.id = 1";
    let row: Option<Row> = on_engine!(tx, |c| sqlx::query_as(SQL).fetch_optional(c).await)?;
    Ok(row.map(Org::from))
}

/// Adds an organization. `false` if its name is taken.
pub async fn insert(tx: &mut WriteTx, org: &Org) -> Result<bool> {
    const SQL: &str = "INSERT INTO organizations (id, name, display_name, description, policy_version, created_at, \
        updated_at) VALUES ($1, $2, $3, $4, 1, $5, $6) ON CONFLICT DO NOTHING";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(org.id)
        .bind(org.name.as_str())
        .bind(org.display_name.as_str())
        .bind(org.description.as_str())
        .bind(org.created_at)
        .bind(org.updated_at)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// One organization.
pub async fn by_id(tx: &mut ReadTx, id: OrgId) -> Result<Option<Org>> {
    const SQL: &str =
        "SELECT id, name, display_name, description, created_at, updated_at FROM organizations WHERE id = $1";
    let row: Option<Row> = on_engine!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?;
    Ok(row.map(Org::from))
}

/// One organization by its identifier.
pub async fn by_name(tx: &mut ReadTx, name: &str) -> Result<Option<Org>> {
    const SQL: &str = "SELECT id, name, display_name, description, created_at, updated_at FROM organizations WHERE name = $1";
    let row: Option<Row> = on_engine!(tx, |c| sqlx::query_as(SQL).bind(name).fetch_optional(c).await)?;
    Ok(row.map(Org::from))
}

/// Changes name for people and description.
pub async fn update(
    tx: &mut WriteTx,
    id: OrgId,
    display_name: &str,
    description: &str,
    now: Timestamp,
) -> Result<()> {
    const SQL: &str =
        "UPDATE organizations SET display_name = $2, description = $3, updated_at = $4 WHERE id = $1";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(display_name)
        .bind(description)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Says that who-may-do-what changes in the organization, and returns the number of this change. It locks the
/// organization's row: a second change waits until the first is done. `None` if there is no such organization.
pub async fn bump_policy_version(tx: &mut WriteTx, id: OrgId) -> Result<Option<i64>> {
    const SQL: &str =
        "UPDATE organizations SET policy_version = policy_version + 1 WHERE id = $1 RETURNING policy_version";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(id).fetch_optional(c).await)?)
}

/// Locks the organization's row as [`bump_policy_version`] does, for a change that leaves who-may-do-what as it is.
pub async fn lock(tx: &mut WriteTx, id: OrgId) -> Result<()> {
    const SQL: &str = "UPDATE organizations SET policy_version = policy_version WHERE id = $1";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// The organizations a person is a member of and not locked in, by name for people.
pub async fn of_user(tx: &mut ReadTx, user: UserId) -> Result<Vec<MyOrg>> {
    #[derive(sqlx::FromRow)]
    struct Mine {
        id: OrgId,
        name: String,
        display_name: String,
        #[sqlx(try_from = "String")]
        role: OrgRole,
    }
    const SQL: &str = "SELECT o.id, o.name, o.display_name, m.role FROM memberships m \
        JOIN organizations o ON o.id = m.org_id WHERE m.user_id = $1 AND m.locked_at IS NULL \
        ORDER BY o.display_name, o.id";
    let rows: Vec<Mine> = on_engine!(tx, |c| sqlx::query_as(SQL).bind(user).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|r| MyOrg { id: r.id, name: r.name, display_name: r.display_name, role: r.role })
        .collect())
}

/// The organizations a person is a member of and not locked in, whole, by identifier.
pub async fn list_of_user(tx: &mut ReadTx, user: UserId, offset: u32, limit: u32) -> Result<Vec<Org>> {
    const SQL: &str = "SELECT o.id, o.name, o.display_name, o.description, o.created_at, o.updated_at \
        FROM memberships m JOIN organizations o ON o.id = m.org_id WHERE m.user_id = $1 AND m.locked_at IS NULL \
        ORDER BY o.name LIMIT $2 OFFSET $3";
    let rows: Vec<Row> = on_engine!(tx, |c| sqlx::query_as(SQL)
        .bind(user)
        .bind(i64::from(limit))
        .bind(i64::from(offset))
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(Org::from).collect())
}
