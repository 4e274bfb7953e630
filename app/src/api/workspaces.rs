//! Workspaces: the register, and the keys of their servers.

use super::{Described, Error};
use leptos::prelude::*;
use model::workspace::{EnrollmentSecret, TokenAlgorithm, WorkspaceDetail, WorkspaceList, WorkspaceStatus};
use model::{CredentialId, OrgId, WorkspaceId};
use serde::{Deserialize, Serialize};

/// The workspaces of an organization the caller has a part in. Right: `organization.read`.
#[server(prefix = "/api/fn", endpoint = "workspaces/list", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn list_workspaces(
    org: OrgId,
    search: Option<String>,
    status: Option<WorkspaceStatus>,
    cursor: Option<String>,
) -> Result<WorkspaceList, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::OrgRead>(org).await?;
    let query = model::workspace::WorkspaceQuery { search, status, cursor };
    Ok(caller.control.workspaces(&auth, &query).await?)
}

/// One workspace by its identifier, and the key that a form without JavaScript has just made. Right:
/// `workspace.read`; what the caller may not know is left out.
#[server(prefix = "/api/fn", endpoint = "workspaces/get", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn get_workspace(name: String) -> Result<WorkspaceDetail, Error> {
    let caller = super::caller()?;
    let auth = caller.control.workspace_named(&caller.cx, &name).await?;
    let detail = caller.control.workspace(&auth).await?;
    let just_made =
        if detail.can.keys { super::handover::take_key(&caller, detail.row.id).await? } else { None };
    Ok(WorkspaceDetail { just_made, ..detail })
}

/// Enrols a workspace. Returns its key, once. Right: `workspace.enroll`.
#[server(prefix = "/api/fn", endpoint = "workspaces/enroll", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn enroll_workspace_secret(
    org: OrgId,
    name: String,
    #[server(default)] display_name: String,
    #[server(default)] description: String,
) -> Result<EnrollmentSecret, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::WorkspaceEnroll>(org).await?;
    let new = control::workspaces::NewWorkspace::parse(&name, &display_name, &description)?;
    let made = caller.control.enroll_workspace(&auth, &new).await?;
    super::handover::leave_key(&caller, &made).await?;
    Ok(made)
}

/// Changes a workspace's name for people and its description, and with which algorithm tokens for it are signed (`EdDSA`,
/// `ES256` or `RS256`; left as it is if none is given). Right: `workspace.update`.
#[server(prefix = "/api/fn", endpoint = "workspaces/update", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn update_workspace(
    workspace: WorkspaceId,
    display_name: String,
    #[server(default)] description: String,
    token_algorithm: Option<TokenAlgorithm>,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::WorkspaceUpdate>(workspace).await?;
    let change = control::workspaces::WorkspaceChange {
        display_name: Some(display_name),
        description: Some(description),
        token_algorithm,
    };
    Ok(caller.control.update_workspace(&auth, &change).await?)
}

/// Says how people sign in to a workspace with Reeve: where they may be sent back to, an address a line, each compared
/// exactly, and where the workspace is told that a session is over. Right: `workspace.keys`.
#[server(prefix = "/api/fn", endpoint = "workspaces/set_sign_in", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn set_sign_in(
    workspace: WorkspaceId,
    #[server(default)] redirect_uris: String,
    #[server(default)] logout_uri: String,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::WorkspaceKeys>(workspace).await?;
    Ok(caller.control.set_workspace_sign_in(&auth, &redirect_uris, &logout_uri).await?)
}

/// Makes a new enrollment key; the others work for `overlap_min` more minutes. Returns it, once. Right:
/// `workspace.keys`.
#[server(prefix = "/api/fn", endpoint = "workspaces/rotate_key", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn rotate_key_secret(workspace: WorkspaceId, overlap_min: u32) -> Result<EnrollmentSecret, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::WorkspaceKeys>(workspace).await?;
    let made = caller.control.rotate_enrollment_key(&auth, overlap_min).await?;
    super::handover::leave_key(&caller, &made).await?;
    Ok(made)
}

/// Revokes an enrollment key at once. Right: `workspace.keys`.
#[server(prefix = "/api/fn", endpoint = "workspaces/revoke_key", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn revoke_key(workspace: WorkspaceId, key: CredentialId) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::WorkspaceKeys>(workspace).await?;
    Ok(caller.control.revoke_enrollment_key(&auth, key).await?)
}

/// Switches a workspace on or off. Right: `workspace.delete`.
#[server(prefix = "/api/fn", endpoint = "workspaces/set_active", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn set_workspace_active(workspace: WorkspaceId, active: bool) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::WorkspaceDelete>(workspace).await?;
    if active {
        Ok(caller.control.activate_workspace(&auth).await?)
    } else {
        Ok(caller.control.deactivate_workspace(&auth).await?)
    }
}

/// Deletes a workspace whose identifier was typed, and goes back to the list. Right: `workspace.delete`.
#[server(prefix = "/api/fn", endpoint = "workspaces/delete", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn delete_workspace(
    workspace: WorkspaceId,
    #[server(default)] confirm: String,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::WorkspaceDelete>(workspace).await?;
    caller.control.delete_workspace(&auth, &confirm).await?;
    leptos_axum::redirect(&format!("/organizations/{}/workspaces", auth.org()));
    Ok(())
}
