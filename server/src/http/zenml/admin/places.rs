//! Who may enter workspaces and projects, and what is given to whom there.

use super::shape::{self, AssignmentJson};
use crate::http::AppState;
use crate::http::zenml::asked::Asked;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, patch};
use control::authz::{
    GrantManage, GrantRead, InOrg, OrgGrantManage, ProjectGrantManage, ProjectGrantRead, Right,
    WorkspaceUpdate,
};
use control::grants::ManagesGrants;
use control::workspaces::WorkspaceChange;
use control::{Authorized, Error, Result};
use model::grant::{Place, ProjectPlace};
use model::workspace::TokenAlgorithm;
use model::{GrantId, OrgId, RoleRef, WorkspaceId};
use schemars::JsonSchema;
use serde::Deserialize;

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    let in_workspace = get(entrants).post(assign_in_workspace).delete(unassign_in_workspace);
    let in_project = get(project_entrants).post(assign_in_project).delete(unassign_in_project);
    Router::new()
        .route("/api/v1/workspaces/{id_or_name}", patch(update))
        .route("/api/v1/workspaces/{id_or_name}/members", in_workspace)
        .route("/api/v1/workspaces/{id_or_name}/assignments", get(assignments))
        .route("/api/v1/workspaces/{id_or_name}/projects", get(projects))
        .route("/api/v1/workspaces/{id_or_name}/projects/{project}/members", in_project)
        .route("/api/v1/workspaces/{id_or_name}/projects/{project}/assignments", get(project_assignments))
}

/// What is to be changed of a workspace; what is not there stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Update {
    display_name: Option<String>,
    description: Option<String>,
    token_algorithm: Option<TokenAlgorithm>,
}

/// Changes a workspace's name for people, its description, and with which algorithm tokens for it are signed. Right:
/// `workspace.update`.
async fn update(Path(workspace): Path<String>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.client_workspace_proof::<WorkspaceUpdate>(&asked.cx, &workspace).await?;
        let Update { display_name, description, token_algorithm } = asked.body()?;
        let change = WorkspaceChange { display_name, description, token_algorithm };
        asked.control.update_workspace(&auth, &change).await
    };
    asked.answer(result.await)
}

/// The people who may enter a workspace, by name, and through what. Right: `grant.read`.
async fn entrants(Path(workspace): Path<String>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.client_workspace_proof::<GrantRead>(&asked.cx, &workspace).await?;
        let (cursor, limit) = asked.page()?;
        let page = asked.control.workspace_members(&auth, cursor.as_deref(), limit).await?;
        Ok(page.map(|person| shape::entrant(&person)))
    };
    asked.answer_page(result.await)
}

/// What was given to whom in a workspace and its projects. Right: `grant.read`.
async fn assignments(Path(workspace): Path<String>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.client_workspace_proof::<GrantRead>(&asked.cx, &workspace).await?;
        let all = asked.control.workspace_grants(&auth).await?;
        Ok(all.iter().map(|grant| shape::grant(auth.org(), grant)).collect::<Vec<_>>())
    };
    asked.answer(result.await)
}

/// Gives a role in a workspace. Right: `grant.manage`.
async fn assign_in_workspace(Path(workspace): Path<String>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.client_workspace_proof::<GrantManage>(&asked.cx, &workspace).await?;
        Scope::Workspace(auth.scope()).assign(&asked, None).await
    };
    asked.answer(result.await)
}

/// Takes a role in a workspace, or with no role named all that was given there. Right: `grant.manage`.
async fn unassign_in_workspace(Path(workspace): Path<String>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.client_workspace_proof::<GrantManage>(&asked.cx, &workspace).await?;
        Scope::Workspace(auth.scope()).unassign(&asked, None).await
    };
    asked.answer(result.await)
}

/// The projects of a workspace, the oldest first. Right: `grant.read`.
async fn projects(Path(workspace): Path<String>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.client_workspace_proof::<GrantRead>(&asked.cx, &workspace).await?;
        let all = asked.control.workspace_projects(&auth).await?;
        Ok(all.iter().map(shape::project).collect::<Vec<_>>())
    };
    asked.answer(result.await)
}

/// The people who may see a project, by name, and through what. Right: `project_grant.read`.
async fn project_entrants(Path((workspace, project)): Path<(String, String)>, asked: Asked) -> Response {
    let result = async {
        let auth = in_project::<ProjectGrantRead>(&asked, &workspace, &project).await?;
        let (cursor, limit) = asked.page()?;
        let page = asked.control.project_members(&auth, cursor.as_deref(), limit).await?;
        Ok(page.map(|person| shape::entrant(&person)))
    };
    asked.answer_page(result.await)
}

/// What was given to whom in a project. Right: `project_grant.read`.
async fn project_assignments(Path((workspace, project)): Path<(String, String)>, asked: Asked) -> Response {
    let result = async {
        let auth = in_project::<ProjectGrantRead>(&asked, &workspace, &project).await?;
        let all = asked.control.project_grants(&auth).await?;
        Ok(all.iter().map(|grant| shape::grant(auth.org(), grant)).collect::<Vec<_>>())
    };
    asked.answer(result.await)
}

/// Gives a role in a project. Right: `project_grant.manage`.
async fn assign_in_project(Path((workspace, project)): Path<(String, String)>, asked: Asked) -> Response {
    let result = async {
        let auth = in_project::<ProjectGrantManage>(&asked, &workspace, &project).await?;
        Scope::Project(auth.scope()).assign(&asked, None).await
    };
    asked.answer(result.await)
}

/// Takes a role in a project, or with no role named all that was given there. Right: `project_grant.manage`.
async fn unassign_in_project(Path((workspace, project)): Path<(String, String)>, asked: Asked) -> Response {
    let result = async {
        let auth = in_project::<ProjectGrantManage>(&asked, &workspace, &project).await?;
        Scope::Project(auth.scope()).unassign(&asked, None).await
    };
    asked.answer(result.await)
}

/// The proof of a right in the project of a path.
async fn in_project<R>(asked: &Asked, workspace: &str, project: &str) -> Result<Authorized<R>>
where
    R: Right<Scope = ProjectPlace>,
{
    asked.control.client_project_proof(&asked.cx, workspace, asked.id(project)?).await
}

/// Where a role is given and taken.
#[derive(Clone, Copy, Debug)]
pub enum Scope {
    /// In an organization.
    Org(OrgId),
    /// In one workspace.
    Workspace(WorkspaceId),
    /// In one project.
    Project(ProjectPlace),
}

impl Scope {
    /// The workspace or project the address names, if it names one.
    pub fn of(asked: &Asked) -> Result<Option<Self>> {
        Ok(match (asked.value("workspace_id")?, asked.value("project_id")?) {
            (None, None) => None,
            (Some(workspace), None) => Some(Self::Workspace(workspace)),
            (Some(workspace), Some(project)) => Some(Self::Project(ProjectPlace { workspace, project })),
            (None, Some(_)) => {
                return Err(Error::invalid("workspace_id", "Say in which workspace the project is."));
            }
        })
    }

    /// Whether `place` is this one or in it.
    pub fn holds(self, place: Place) -> bool {
        match self {
            Self::Org(_) => true,
            Self::Workspace(workspace) => place.workspace() == Some(workspace),
            Self::Project(project) => place == Place::Project(project),
        }
    }

    /// Gives whomever the address names a role: `role`, or the one the address names.
    pub async fn assign(self, asked: &Asked, role: Option<RoleRef>) -> Result<AssignmentJson> {
        let (control, cx) = (&asked.control, &asked.cx);
        match self {
            Self::Org(org) => {
                let auth = control.authorize::<OrgGrantManage>(cx, org).await?;
                let (who, role, until) = given(asked, role)?;
                let made = control.grant_in_org(&auth, &who, role, until.as_deref()).await?;
                told(asked, &auth, made).await
            }
            Self::Workspace(workspace) => {
                let auth = control.authorize::<GrantManage>(cx, workspace).await?;
                let (who, role, until) = given(asked, role)?;
                let made = control.grant_in_workspace(&auth, &who, role, until.as_deref()).await?;
                told(asked, &auth, made).await
            }
            Self::Project(place) => {
                let auth = control.authorize::<ProjectGrantManage>(cx, place).await?;
                let (who, role, until) = given(asked, role)?;
                let made = control.grant_in_project(&auth, &who, role, until.as_deref()).await?;
                told(asked, &auth, made).await
            }
        }
    }

    /// Takes a role from whomever the address names: `role`, or the one the address names, or else all they were given
    /// in this very place.
    pub async fn unassign(self, asked: &Asked, role: Option<RoleRef>) -> Result<()> {
        let (control, cx) = (&asked.control, &asked.cx);
        match self {
            Self::Org(org) => {
                let auth = control.authorize::<OrgGrantManage>(cx, org).await?;
                take(asked, &auth, role).await
            }
            Self::Workspace(workspace) => {
                let auth = control.authorize::<GrantManage>(cx, workspace).await?;
                take(asked, &auth, role).await
            }
            Self::Project(place) => {
                let auth = control.authorize::<ProjectGrantManage>(cx, place).await?;
                take(asked, &auth, role).await
            }
        }
    }
}

/// Whom, what, and until which day.
fn given(asked: &Asked, role: Option<RoleRef>) -> Result<(String, RoleRef, Option<String>)> {
    let role = match role {
        Some(role) => role,
        None => asked.needed("role_id")?,
    };
    Ok((asked.someone()?.to_string(), role, asked.value("until")?))
}

async fn told<R>(asked: &Asked, auth: &Authorized<R>, made: GrantId) -> Result<AssignmentJson>
where
    R: Right<Scope: InOrg + Into<Place>> + ManagesGrants,
{
    Ok(shape::grant(auth.org(), &asked.control.grant_here(auth, made).await?))
}

async fn take<R>(asked: &Asked, auth: &Authorized<R>, role: Option<RoleRef>) -> Result<()>
where
    R: Right<Scope: InOrg + Into<Place>> + ManagesGrants,
{
    let role = match role {
        Some(role) => Some(role),
        None => asked.value("role_id")?,
    };
    asked.control.revoke_from(auth, asked.someone()?, role, asked.confirmed()?).await
}
