//! Giving and taking roles: in an organization, in a workspace, in a project.
//!
//! `who` is an e-mail address, a username, a team's name or the text of a [`Principal`](model::grant::Principal);
//! `until` the last day on which the role holds, `2026-12-03`, or nothing.

use super::{Described, Error};
use leptos::prelude::*;
use model::grant::{Grant, GrantChoices};
use model::role::RoleRef;
use model::{GrantId, OrgId, ProjectId, WorkspaceId};
use serde::{Deserialize, Serialize};

/// The roles that were given in an organization, besides those of its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct OrgGrants {
    /// Who holds what.
    pub grants: Vec<Grant>,
    /// What the caller may give; `None` if they may give nothing.
    pub choices: Option<GrantChoices>,
}

/// The roles given in an organization. Right: `role.read`.
#[server(prefix = "/api/fn", endpoint = "grants/in_org", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn list_org_grants(org: OrgId) -> Result<OrgGrants, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::RoleRead>(org).await?;
    let (grants, choices) = caller.control.org_grants(&auth).await?;
    Ok(OrgGrants { grants, choices })
}

/// Gives a role in an organization. Right: `organization_grant.manage`; nobody gives more than they hold.
#[server(prefix = "/api/fn", endpoint = "grants/add_in_org", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn add_grant_in_org(
    org: OrgId,
    #[server(default)] who: String,
    role: RoleRef,
    until: Option<String>,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::OrgGrantManage>(org).await?;
    caller.control.grant_in_org(&auth, &who, role, until.as_deref()).await?;
    Ok(())
}

/// Gives a role in a workspace. Right: `grant.manage`; nobody gives more than they hold.
#[server(prefix = "/api/fn", endpoint = "grants/add_in_workspace", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn add_grant_in_workspace(
    workspace: WorkspaceId,
    #[server(default)] who: String,
    role: RoleRef,
    until: Option<String>,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::GrantManage>(workspace).await?;
    caller.control.grant_in_workspace(&auth, &who, role, until.as_deref()).await?;
    Ok(())
}

/// Gives a role in a project. Right: `project_grant.manage`; nobody gives more than they hold.
#[server(prefix = "/api/fn", endpoint = "grants/add_in_project", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn add_grant_in_project(
    workspace: WorkspaceId,
    project: ProjectId,
    #[server(default)] who: String,
    role: RoleRef,
    until: Option<String>,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let place = model::grant::ProjectPlace { workspace, project };
    let auth = caller.authorize::<control::authz::ProjectGrantManage>(place).await?;
    caller.control.grant_in_project(&auth, &who, role, until.as_deref()).await?;
    Ok(())
}

/// Takes a role that was given in an organization. Right: `organization_grant.manage`.
#[server(prefix = "/api/fn", endpoint = "grants/remove_in_org", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn remove_grant_in_org(
    org: OrgId,
    grant: GrantId,
    #[server(default)] confirmed: bool,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::OrgGrantManage>(org).await?;
    Ok(caller.control.revoke_in_org(&auth, grant, confirmed).await?)
}

/// Takes a role that was given in a workspace. Right: `grant.manage`.
#[server(prefix = "/api/fn", endpoint = "grants/remove_in_workspace", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn remove_grant_in_workspace(
    workspace: WorkspaceId,
    grant: GrantId,
    #[server(default)] confirmed: bool,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::GrantManage>(workspace).await?;
    Ok(caller.control.revoke_in_workspace(&auth, grant, confirmed).await?)
}

/// Takes a role that was given in a project. Right: `project_grant.manage`.
#[server(prefix = "/api/fn", endpoint = "grants/remove_in_project", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn remove_grant_in_project(
    workspace: WorkspaceId,
    project: ProjectId,
    grant: GrantId,
    #[server(default)] confirmed: bool,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let place = model::grant::ProjectPlace { workspace, project };
    let auth = caller.authorize::<control::authz::ProjectGrantManage>(place).await?;
    Ok(caller.control.revoke_in_project(&auth, grant, confirmed).await?)
}
