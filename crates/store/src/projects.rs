//! Projects of workspaces, as far as they are known here.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::grant::ProjectPlace;
use model::project::Project;
use model::{ProjectId, Timestamp, WorkspaceId};

/// Learns of a project. `false` if it is known already. A name is kept once there is one.
pub async fn learn(
    tx: &mut WriteTx,
    place: ProjectPlace,
    name: Option<&str>,
    now: Timestamp,
) -> Result<bool> {
    const NEW: &str = "INSERT INTO projects (workspace_id, id, name, created_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT DO NOTHING";
    const NAME: &str = "UPDATE projects SET name = $3 WHERE workspace_id = $1 AND id = $2";
    let n = on_engine!(tx, |c| sqlx::query(NEW)
        .bind(place.workspace)
        .bind(place.project)
        .bind(name)
        .bind(now)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    if n == 0 && name.is_some() {
        on_engine!(tx, |c| sqlx::query(NAME)
            .bind(place.workspace)
            .bind(place.project)
            .bind(name)
            .execute(c)
            .await
            .map(|_| ()))?;
    }
    Ok(n == 1)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ProjectId,
    name: Option<String>,
    created_at: Timestamp,
    grants: i64,
}

impl From<Row> for Project {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            created_at: row.created_at,
            grants: u32::try_from(row.grants).unwrap_or(u32::MAX),
        }
    }
}

macro_rules! projects_where {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.name, p.created_at, (SELECT CAST(COUNT(*) AS BIGINT) FROM grants g \
             WHERE g.workspace_id = p.workspace_id AND g.project_id = p.id) AS grants FROM projects p \
             WHERE p.workspace_id = $1 ",
            $rest
        )
    };
}

/// The projects of a workspace, the oldest first; at most `limit`.
pub async fn list(tx: &mut ReadTx, workspace: WorkspaceId, limit: u32) -> Result<Vec<Project>> {
    const SQL: &str = projects_where!("ORDER BY p.created_at, p.id LIMIT $2");
    let rows: Vec<Row> =
        on_engine!(tx, |c| sqlx::query_as(SQL).bind(workspace).bind(i64::from(limit)).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Project::from).collect())
}

/// One project.
pub async fn by_id(tx: &mut ReadTx, place: ProjectPlace) -> Result<Option<Project>> {
    const SQL: &str = projects_where!("AND p.id = $2");
    let row: Option<Row> = on_engine!(tx, |c| sqlx::query_as(SQL)
        .bind(place.workspace)
        .bind(place.project)
        .fetch_optional(c)
        .await)?;
    Ok(row.map(Project::from))
}

/// Forgets a project; its grants and shares are taken separately. `false` if it was not known.
pub async fn forget(tx: &mut WriteTx, place: ProjectPlace) -> Result<bool> {
    const SQL: &str = "DELETE FROM projects WHERE workspace_id = $1 AND id = $2";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(place.workspace)
        .bind(place.project)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Forgets every project of a workspace.
pub async fn forget_all(tx: &mut WriteTx, workspace: WorkspaceId) -> Result<()> {
    const SQL: &str = "DELETE FROM projects WHERE workspace_id = $1";
    on_engine!(tx, |c| sqlx::query(SQL).bind(workspace).execute(c).await.map(|_| ()))?;
    Ok(())
}
