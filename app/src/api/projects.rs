//! Projects of a workspace.

use super::{Described, Error};
use leptos::prelude::*;
use model::project::{Project, ProjectDetail};
use model::{ProjectId, WorkspaceId};
use serde::{Deserialize, Serialize};

/// One project and its members. `workspace` is the workspace's id, or its identifier as in addresses. Right:
/// `project_grant.read`.
#[server(prefix = "/api/fn", endpoint = "projects/one", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn get_project(workspace: String, project: ProjectId) -> Result<ProjectDetail, Error> {
    let caller = super::caller()?;
    let workspace = match workspace.parse::<WorkspaceId>() {
        Ok(id) => id,
        Err(_) => caller.control.workspace_named(&caller.cx, &workspace).await?.scope(),
    };
    let place = model::grant::ProjectPlace { workspace, project };
    let auth = caller.authorize::<control::authz::ProjectGrantRead>(place).await?;
    Ok(caller.control.project(&auth).await?)
}

/// Makes a project in a workspace, as the person who asks. Right: `workspace.enter`; the workspace decides.
#[server(prefix = "/api/fn", endpoint = "projects/create", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn create_project(
    workspace: WorkspaceId,
    #[server(default)] name: String,
    #[server(default)] display_name: String,
) -> Result<Project, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ProjectCreate>(workspace).await?;
    Ok(caller.control.create_project(&auth, &name, &display_name).await?)
}

/// Says what a project is called in Reeve. Right: `project_grant.manage`.
#[server(prefix = "/api/fn", endpoint = "projects/name", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn name_project(
    workspace: WorkspaceId,
    project: ProjectId,
    #[server(default)] name: String,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let place = model::grant::ProjectPlace { workspace, project };
    let auth = caller.authorize::<control::authz::ProjectName>(place).await?;
    Ok(caller.control.name_project(&auth, &name).await?)
}
