//! Roles in workspaces.

use super::Error;
use leptos::prelude::*;
use model::{UserId, WorkspaceId, WorkspaceRole};

/// Gives a role to the member with this address or username. Right: `grant.manage`.
#[server(prefix = "/api/fn", endpoint = "grants/add")]
pub async fn add_grant(
    workspace: WorkspaceId,
    #[server(default)] who: String,
    role: WorkspaceRole,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::GrantManage>(workspace).await?;
    Ok(caller.control.set_grant_by_name(&auth, &who, role).await?)
}

/// Gives a member a role, in place of the one they have. Right: `grant.manage`.
#[server(prefix = "/api/fn", endpoint = "grants/set")]
pub async fn set_grant(workspace: WorkspaceId, user: UserId, role: WorkspaceRole) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::GrantManage>(workspace).await?;
    Ok(caller.control.set_grant(&auth, user, role).await?)
}

/// Takes a member's role. Right: `grant.manage`.
#[server(prefix = "/api/fn", endpoint = "grants/remove")]
pub async fn remove_grant(workspace: WorkspaceId, user: UserId) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::GrantManage>(workspace).await?;
    Ok(caller.control.remove_grant(&auth, user).await?)
}
