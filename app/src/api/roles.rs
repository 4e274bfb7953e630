//! Roles: the predefined ones, and those an organization made.

use super::{Described, Error};
use leptos::prelude::*;
use model::role::{Level, PermissionName, RoleAssignment, RoleDetail, RoleList, RoleMade, RoleRef};
use model::{OrgId, RoleId};
use serde::{Deserialize, Serialize};

/// Every role that can be given in an organization. Right: `role.read`.
#[server(prefix = "/api/fn", endpoint = "roles/list", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn list_roles(org: OrgId) -> Result<RoleList, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::RoleRead>(org).await?;
    Ok(caller.control.roles(&auth).await?)
}

/// One role with what it allows. Right: `role.read`.
#[server(prefix = "/api/fn", endpoint = "roles/one", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn get_role(org: OrgId, role: RoleRef) -> Result<RoleDetail, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::RoleRead>(org).await?;
    Ok(caller.control.role(&auth, role).await?)
}

/// To whom a role is given, and where. Right: `role.read`.
#[server(prefix = "/api/fn", endpoint = "roles/assignments", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn list_role_assignments(org: OrgId, role: RoleRef) -> Result<Vec<RoleAssignment>, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::RoleRead>(org).await?;
    Ok(caller.control.role_assignments(&auth, role).await?)
}

/// Makes a custom role and goes to its page. Right: `role.manage`; nobody makes a role that allows more than they may.
#[server(prefix = "/api/fn", endpoint = "roles/create", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn create_role(
    org: OrgId,
    level: Level,
    #[server(default)] name: String,
    #[server(default)] description: String,
    #[server(default)] permissions: Vec<PermissionName>,
) -> Result<RoleMade, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::RoleManage>(org).await?;
    let input = model::role::RoleInput { name, description, permissions };
    let made = caller.control.create_role(&auth, level, &input).await?;
    let made = RoleMade { id: RoleId::from_uuid(made.row.role.id()) };
    leptos_axum::redirect(&format!("/organizations/{org}/roles/{}", made.id));
    Ok(made)
}

/// Changes a custom role, if it is still as it was at `revision`. Right: `role.manage`.
#[server(prefix = "/api/fn", endpoint = "roles/update", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn update_role(
    org: OrgId,
    role: RoleId,
    revision: i64,
    #[server(default)] name: String,
    #[server(default)] description: String,
    #[server(default)] permissions: Vec<PermissionName>,
    #[server(default)] confirmed: bool,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::RoleManage>(org).await?;
    let change = control::roles::RoleChange {
        name: Some(name),
        description: Some(description),
        permissions: Some(permissions),
        revision: Some(revision),
    };
    caller.control.update_role(&auth, role, &change, confirmed).await?;
    Ok(())
}

/// Deletes a custom role, with its grants, and goes back to the list. Right: `role.manage`.
#[server(prefix = "/api/fn", endpoint = "roles/delete", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn delete_role(org: OrgId, role: RoleId, #[server(default)] confirmed: bool) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::RoleManage>(org).await?;
    caller.control.delete_role(&auth, role, confirmed).await?;
    leptos_axum::redirect(&format!("/organizations/{org}/roles"));
    Ok(())
}
