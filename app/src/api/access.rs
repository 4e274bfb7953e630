//! Decisions explained: what somebody may do and through what, who may do something, and what a change would do.

use super::{Described, Error};
use leptos::prelude::*;
use model::access::{AbleList, Access, AccessChoices, Change, Effect, Explanation, PersonAccess};
use model::grant::Place;
use model::role::PermissionName;
use model::{GrantId, OrgId, UserId, WorkspaceId};
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;
use uuid::Uuid;

/// What a person has a part in, from the organization down. Right: `access.read`.
#[server(prefix = "/api/fn", endpoint = "access/person", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn get_person_access(org: OrgId, user: UserId) -> Result<PersonAccess, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::AccessRead>(org).await?;
    Ok(caller.control.person_access(&auth, user).await?)
}

/// The places one can ask about. Right: `access.read`.
#[server(prefix = "/api/fn", endpoint = "access/choices", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn get_access_choices(org: OrgId) -> Result<AccessChoices, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::AccessRead>(org).await?;
    Ok(caller.control.access_choices(&auth).await?)
}

/// What a person may do in a workspace or a project. Right: `access.read`.
#[server(prefix = "/api/fn", endpoint = "access/show", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn get_access(org: OrgId, user: UserId, place: Place) -> Result<Access, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::AccessRead>(org).await?;
    Ok(caller.control.access(&auth, user, place).await?)
}

/// Why a person may do one thing, or what would let them. Right: `access.read`.
#[server(prefix = "/api/fn", endpoint = "access/explain", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn explain_access(
    org: OrgId,
    user: UserId,
    place: Place,
    permission: PermissionName,
    resource: Option<Uuid>,
) -> Result<Explanation, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::AccessRead>(org).await?;
    Ok(caller.control.explain_access(&auth, user, place, permission, resource).await?)
}

/// Everybody who may do one thing. Right: `access.read`.
#[server(prefix = "/api/fn", endpoint = "access/who_can", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn who_can(
    org: OrgId,
    place: Place,
    permission: PermissionName,
    resource: Option<Uuid>,
) -> Result<AbleList, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::AccessRead>(org).await?;
    Ok(caller.control.who_can(&auth, place, permission, resource).await?)
}

/// What people would lose and gain by a change that is not made yet. Right: `access.read`.
#[server(prefix = "/api/fn", endpoint = "access/preview", input = Json, input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn preview_change(org: OrgId, change: Change) -> Result<Effect, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::AccessRead>(org).await?;
    Ok(caller.control.preview(&auth, &change).await?)
}

/// What people would lose without a grant in a workspace or one of its projects. Right: `grant.manage`.
#[server(prefix = "/api/fn", endpoint = "access/preview_grant", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn preview_grant(workspace: WorkspaceId, grant: GrantId) -> Result<Effect, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::GrantPreview>(workspace).await?;
    Ok(caller.control.preview_revoke(&auth, grant).await?)
}
