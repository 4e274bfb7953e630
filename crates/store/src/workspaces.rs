//! The register of workspaces and their enrollment keys.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::org::Org;
use model::workspace::WorkspaceStatus;
use model::{CredentialId, OrgId, Timestamp, UserId, WorkspaceId};

/// A workspace that was not deleted.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// The organization it belongs to.
    pub org_id: OrgId,
    /// Its identifier.
    pub name: String,
    /// Its name for people.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// Where its server is, once that was reported.
    pub server_url: Option<String>,
    /// Its server's ZenML version, once that was reported.
    pub version: Option<String>,
    /// When it was enrolled.
    pub created_at: Timestamp,
    /// When somebody last changed it.
    pub updated_at: Timestamp,
    /// When its server last started.
    pub reported_at: Option<Timestamp>,
    /// When it was last heard of.
    pub last_seen_at: Option<Timestamp>,
    /// Set while it is switched off.
    pub deactivated_at: Option<Timestamp>,
}

impl Workspace {
    /// The status stock ZenML clients act on. Without an address a client has nowhere to go, so it waits.
    pub fn status(&self) -> WorkspaceStatus {
        match (self.deactivated_at, self.reported_at, &self.server_url) {
            (Some(_), _, _) => WorkspaceStatus::Deactivated,
            (None, Some(_), Some(_)) => WorkspaceStatus::Available,
            _ => WorkspaceStatus::Pending,
        }
    }
}

/// A workspace and its organization.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The workspace.
    pub workspace: Workspace,
    /// Its organization.
    pub org: Org,
}

/// The workspaces of one organization that somebody sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of them.
    All(OrgId),
    /// These. Both engines take tens of thousands of values in one statement; what is beyond [`Part::MOST`] is left out.
    Some(Vec<WorkspaceId>),
}

impl Part {
    /// As many single workspaces as one list is made from.
    pub const MOST: usize = 30_000;
}

/// An enrollment key, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Credential {
    /// Its id.
    pub id: CredentialId,
    /// Its last four characters.
    pub hint: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working, if it was rotated away.
    pub expires_at: Option<Timestamp>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// Whom an enrollment key belongs to.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CredentialOwner {
    /// The key.
    pub credential_id: CredentialId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Its organization.
    pub org_id: OrgId,
    /// Its identifier.
    pub name: String,
}

/// What to list. All filters are optional but the parts: nobody sees a workspace they have no part in.
#[derive(Clone, Debug)]
pub struct Filter<'a> {
    /// Among which.
    pub parts: &'a [Part],
    /// Only in this organization.
    pub org: Option<OrgId>,
    /// Part of a name, in any case.
    pub search: Option<&'a str>,
    /// Exactly this identifier.
    pub name: Option<&'a str>,
    /// Exactly this address, in the form in which addresses are compared.
    pub url_folded: Option<&'a str>,
    /// Only this status.
    pub status: Option<WorkspaceStatus>,
    /// Only identifiers after this one: where a page begins.
    pub after: Option<&'a str>,
    /// Skips so many rows, for clients that count instead.
    pub offset: u32,
    /// At most so many rows.
    pub limit: u32,
}

impl<'a> Filter<'a> {
    /// Everything in `parts`.
    pub fn of(parts: &'a [Part], limit: u32) -> Self {
        Self {
            parts,
            org: None,
            search: None,
            name: None,
            url_folded: None,
            status: None,
            after: None,
            offset: 0,
            limit,
        }
    }
}

/// Adds a workspace; `false` if the name was ever taken, by whomever.
pub async fn insert(tx: &mut WriteTx, workspace: &Workspace, by: Option<UserId>) -> Result<bool> {
    const SQL: &str = "INSERT INTO workspaces (id, org_id, name, display_name, description, created_by, created_at, \
        updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(workspace.id)
        .bind(workspace.org_id)
        .bind(workspace.name.as_str())
        .bind(workspace.display_name.as_str())
        .bind(workspace.description.as_str())
        .bind(by)
        .bind(workspace.created_at)
        .bind(workspace.updated_at)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// One workspace.
pub async fn by_id(tx: &mut ReadTx, id: WorkspaceId) -> Result<Option<Workspace>> {
    const SQL: &str = "SELECT id, org_id, name, display_name, description, server_url, version, created_at, \
        updated_at, reported_at, last_seen_at, deactivated_at FROM workspaces WHERE id = $1 AND deleted_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?)
}

/// Chooses the algorithm with which tokens for a workspace are signed.
pub async fn set_token_algorithm(tx: &mut WriteTx, id: WorkspaceId, algorithm: &str) -> Result<()> {
    const SQL: &str = "UPDATE workspaces SET token_algorithm = $2 WHERE id = $1";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(algorithm).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// One workspace by its identifier.
pub async fn by_name(tx: &mut ReadTx, name: &str) -> Result<Option<Workspace>> {
    const SQL: &str = "SELECT id, org_id, name, display_name, description, server_url, version, created_at, \
        updated_at, reported_at, last_seen_at, deactivated_at FROM workspaces WHERE name = $1 AND deleted_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(name).fetch_optional(c).await)?)
}

#[derive(sqlx::FromRow)]
struct SeenRow {
    #[sqlx(flatten)]
    workspace: Workspace,
    org_name: String,
    org_display_name: String,
    org_description: String,
    org_created_at: Timestamp,
    org_updated_at: Timestamp,
}

impl From<SeenRow> for Seen {
    fn from(row: SeenRow) -> Self {
        Self {
            org: Org {
                id: row.workspace.org_id,
                name: row.org_name,
                display_name: row.org_display_name,
                description: row.org_description,
                created_at: row.org_created_at,
                updated_at: row.org_updated_at,
            },
            workspace: row.workspace,
        }
    }
}

const SEEN: &str = "SELECT w.id, w.org_id, w.name, w.display_name, w.description, w.server_url, w.version, \
    w.created_at, w.updated_at, w.reported_at, w.last_seen_at, w.deactivated_at, o.name AS org_name, \
    o.display_name AS org_display_name, o.description AS org_description, o.created_at AS org_created_at, \
    o.updated_at AS org_updated_at FROM workspaces w JOIN organizations o ON o.id = w.org_id \
    WHERE w.deleted_at IS NULL AND (";

/// Workspaces by identifier.
pub async fn list(tx: &mut ReadTx, filter: &Filter<'_>) -> Result<Vec<Seen>> {
    // A list of nothing is no list to PostgreSQL.
    let parts: Vec<&Part> =
        filter.parts.iter().filter(|part| !matches!(part, Part::Some(ids) if ids.is_empty())).collect();
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    // Built, not one static text: with `($1 IS NULL OR …)` neither engine would pick the index that fits the filter.
    macro_rules! build {
        ($db:ty, $c:ident) => {{
            let mut sql = sqlx::QueryBuilder::<$db>::new(SEEN);
            for (n, part) in parts.iter().enumerate() {
                sql.push(if n == 0 { "" } else { " OR " });
                match part {
                    Part::All(org) => {
                        sql.push("w.org_id = ").push_bind(*org);
                    }
                    Part::Some(ids) => {
                        sql.push("w.id IN (");
                        let mut list = sql.separated(", ");
                        for id in ids.iter().take(Part::MOST) {
                            list.push_bind(*id);
                        }
                        list.push_unseparated(")");
                    }
                }
            }
            sql.push(")");
            if let Some(org) = filter.org {
                sql.push(" AND w.org_id = ").push_bind(org);
            }
            if let Some(name) = filter.name {
                sql.push(" AND w.name = ").push_bind(name);
            }
            if let Some(url) = filter.url_folded {
                sql.push(" AND w.server_url_folded = ").push_bind(url);
            }
            if let Some(search) = filter.search {
                let pattern = contains(search);
                sql.push(" AND (w.name LIKE ").push_bind(pattern.clone()).push(" ESCAPE '\\' OR LOWER(w.display_name) LIKE ");
                sql.push_bind(pattern).push(" ESCAPE '\\')");
            }
            match filter.status {
                None => {}
                Some(WorkspaceStatus::Pending) => {
                    sql.push(" AND w.deactivated_at IS NULL AND (w.reported_at IS NULL OR w.server_url IS NULL)");
                }
                Some(WorkspaceStatus::Available) => {
                    sql.push(" AND w.deactivated_at IS NULL AND w.reported_at IS NOT NULL AND w.server_url IS NOT NULL");
                }
                Some(WorkspaceStatus::Deactivated) => {
                    sql.push(" AND w.deactivated_at IS NOT NULL");
                }
                Some(WorkspaceStatus::Deleted) => {
                    sql.push(" AND w.deleted_at IS NOT NULL");
                }
            }
            if let Some(after) = filter.after {
                sql.push(" AND w.name > ").push_bind(after);
            }
            sql.push(" ORDER BY w.name LIMIT ").push_bind(i64::from(filter.limit));
            if filter.offset > 0 {
                sql.push(" OFFSET ").push_bind(i64::from(filter.offset));
            }
            sql.build_query_as::<SeenRow>().fetch_all($c).await
        }};
    }
    let rows = match &mut tx.conn {
        crate::engine::Conn::Sqlite(lease) => {
            let c = &mut **lease;
            build!(sqlx::Sqlite, c)
        }
        crate::engine::Conn::Postgres(lease) => {
            let c = &mut **lease;
            build!(sqlx::Postgres, c)
        }
    }?;
    Ok(rows.into_iter().map(Seen::from).collect())
}

/// A `LIKE` pattern for "contains this text, in any case".
fn contains(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// How many workspaces an organization has.
pub async fn count_of_org(tx: &mut ReadTx, org: OrgId) -> Result<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM workspaces WHERE org_id = $1 AND deleted_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(org).fetch_one(c).await)?)
}

/// Changes name for people and description.
pub async fn update(
    tx: &mut WriteTx,
    id: WorkspaceId,
    display_name: &str,
    description: &str,
    now: Timestamp,
) -> Result<()> {
    const SQL: &str =
        "UPDATE workspaces SET display_name = $2, description = $3, updated_at = $4 WHERE id = $1";
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

/// Switches a workspace on or off. `false` if it is so already.
pub async fn set_active(tx: &mut WriteTx, id: WorkspaceId, active: bool, now: Timestamp) -> Result<bool> {
    const ON: &str = "UPDATE workspaces SET deactivated_at = NULL, updated_at = $2 \
        WHERE id = $1 AND deleted_at IS NULL AND deactivated_at IS NOT NULL";
    const OFF: &str = "UPDATE workspaces SET deactivated_at = $2, updated_at = $2 \
        WHERE id = $1 AND deleted_at IS NULL AND deactivated_at IS NULL";
    let sql = if active { ON } else { OFF };
    let n =
        on_engine!(tx, |c| sqlx::query(sql).bind(id).bind(now).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Removes a workspace for good; its name stays taken. `false` if it is gone already.
pub async fn delete(tx: &mut WriteTx, id: WorkspaceId, now: Timestamp) -> Result<bool> {
    const SQL: &str =
        "UPDATE workspaces SET deleted_at = $2, updated_at = $2 WHERE id = $1 AND deleted_at IS NULL";
    let n =
        on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(now).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// What a server says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// Its address as it gave it, and in the form in which addresses are compared.
    pub url: Option<(&'a str, &'a str)>,
    /// Its version.
    pub version: Option<&'a str>,
}

/// Notes that a server started; what it does not say stays as it was.
pub async fn report(tx: &mut WriteTx, id: WorkspaceId, report: Report<'_>, now: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE workspaces SET server_url = COALESCE($2, server_url), \
        server_url_folded = COALESCE($3, server_url_folded), version = COALESCE($4, version), reported_at = $5, \
        last_seen_at = $5 WHERE id = $1 AND deleted_at IS NULL";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(report.url.map(|(given, _)| given))
        .bind(report.url.map(|(_, folded)| folded))
        .bind(report.version)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Adds an enrollment key under the digest of its secret.
pub async fn insert_credential(
    tx: &mut WriteTx,
    workspace: WorkspaceId,
    credential: &Credential,
    secret_sha256: &[u8],
) -> Result<()> {
    const SQL: &str = "INSERT INTO workspace_credentials (id, workspace_id, secret_sha256, hint, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(credential.id)
        .bind(workspace)
        .bind(secret_sha256)
        .bind(credential.hint.as_str())
        .bind(credential.created_at)
        .bind(credential.expires_at)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The keys of a workspace that still work, newest first.
pub async fn credentials(tx: &mut ReadTx, workspace: WorkspaceId, now: Timestamp) -> Result<Vec<Credential>> {
    const SQL: &str = "SELECT id, hint, created_at, expires_at, last_used_at FROM workspace_credentials \
        WHERE workspace_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2) \
        ORDER BY created_at DESC, id DESC LIMIT 100";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(workspace).bind(now).fetch_all(c).await)?)
}

/// The workspace behind an enrollment key that works, unless it is switched off or deleted.
pub async fn credential_by_digest(
    tx: &mut ReadTx,
    secret_sha256: &[u8],
    now: Timestamp,
) -> Result<Option<CredentialOwner>> {
    const SQL: &str = "SELECT c.id AS credential_id, w.id AS workspace_id, w.org_id, w.name \
        FROM workspace_credentials c JOIN workspaces w ON w.id = c.workspace_id \
        WHERE c.secret_sha256 = $1 AND c.revoked_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > $2) \
        AND w.deleted_at IS NULL AND w.deactivated_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(secret_sha256).bind(now).fetch_optional(c).await)?)
}

/// Gives every other key of the workspace an end, no later than the one it has.
pub async fn expire_other_credentials(
    tx: &mut WriteTx,
    workspace: WorkspaceId,
    keep: CredentialId,
    until: Timestamp,
) -> Result<u64> {
    const SQL: &str = "UPDATE workspace_credentials SET expires_at = $3 WHERE workspace_id = $1 AND id <> $2 \
        AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3)";
    Ok(on_engine!(tx, |c| sqlx::query(SQL)
        .bind(workspace)
        .bind(keep)
        .bind(until)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?)
}

/// Revokes one key of a workspace and returns its hint; `None` if there is no such working one.
pub async fn revoke_credential(
    tx: &mut WriteTx,
    workspace: WorkspaceId,
    id: CredentialId,
    now: Timestamp,
) -> Result<Option<String>> {
    const SQL: &str = "UPDATE workspace_credentials SET revoked_at = $3 WHERE workspace_id = $1 AND id = $2 \
        AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3) RETURNING hint";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL)
        .bind(workspace)
        .bind(id)
        .bind(now)
        .fetch_optional(c)
        .await)?)
}

/// Revokes every key of a workspace.
pub async fn revoke_credentials(tx: &mut WriteTx, workspace: WorkspaceId, now: Timestamp) -> Result<u64> {
    const SQL: &str =
        "UPDATE workspace_credentials SET revoked_at = $2 WHERE workspace_id = $1 AND revoked_at IS NULL";
    Ok(on_engine!(tx, |c| sqlx::query(SQL)
        .bind(workspace)
        .bind(now)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?)
}

/// Whether a living workspace has its server at this origin (in the form in which addresses are compared).
pub async fn is_registered_origin(tx: &mut ReadTx, origin: &str) -> Result<bool> {
    const SQL: &str = "SELECT COUNT(*) FROM workspaces WHERE deleted_at IS NULL \
        AND (server_url_folded = $1 OR SUBSTR(server_url_folded, 1, LENGTH($1) + 1) = $1 || '/')";
    let n: i64 = on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(origin).fetch_one(c).await)?;
    Ok(n > 0)
}

/// Notes that a workspace's server was heard of.
pub async fn touch(tx: &mut WriteTx, id: WorkspaceId, at: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE workspaces SET last_seen_at = $2 WHERE id = $1 AND (last_seen_at IS NULL OR last_seen_at < $2)";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Notes that an enrollment key was used.
pub async fn touch_credential(tx: &mut WriteTx, id: CredentialId, at: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE workspace_credentials SET last_used_at = $2 \
        WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// What living workspaces of an organization are called, by name.
pub async fn names(tx: &mut ReadTx, org: OrgId) -> Result<Vec<(WorkspaceId, String)>> {
    const SQL: &str =
        "SELECT id, display_name FROM workspaces WHERE org_id = $1 AND deleted_at IS NULL ORDER BY name";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(org).fetch_all(c).await)?)
}
