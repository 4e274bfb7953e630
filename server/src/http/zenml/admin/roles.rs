//! Roles: what they are made of, the predefined ones, custom ones, and to whom they are given.

use super::places::Scope;
use super::shape::{self, RoleJson};
use crate::http::AppState;
use crate::http::zenml::asked::Asked;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use control::authz::{Right, RoleManage, RoleRead};
use control::{Authorized, Result};
use model::grant::Grant;
use model::role::{PermissionName, RoleInput};
use model::{Level, OrgId, RoleId, RoleRef};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/permissions", get(permissions))
        .route("/api/v1/organizations/{id_or_name}/roles", get(list_of_org))
        .route("/api/v1/roles", get(list).post(create))
        .route("/api/v1/roles/{id}", get(one).patch(update).delete(remove))
        .route("/api/v1/roles/{id}/assignments", get(assignments).post(assign).delete(unassign))
}

/// What custom roles are made of, and at which levels. Right: `self.manage`.
async fn permissions(asked: Asked) -> Response {
    let result = async {
        let me = asked.control.myself(&asked.cx).await?;
        let all = asked.control.permissions(&me, asked.value("level")?);
        Ok(all.iter().map(|(name, levels)| permission(*name, levels)).collect::<Vec<_>>())
    };
    asked.answer(result.await)
}

/// A permission.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PermissionJson {
    name: PermissionName,
    noun: String,
    verb: String,
    /// The levels of the custom roles that can be made of it.
    levels: Vec<Level>,
    /// Whether it is one inside a workspace, and not in Reeve.
    in_workspace: bool,
}

fn permission(name: PermissionName, levels: &[Level]) -> PermissionJson {
    let text = name.to_string();
    let (noun, verb) = text.split_once('.').unwrap_or((&text, ""));
    PermissionJson {
        name,
        noun: noun.to_owned(),
        verb: verb.to_owned(),
        levels: levels.to_vec(),
        in_workspace: matches!(name, PermissionName::Resource(..)),
    }
}

/// The roles of an organization. Right: `role.read`.
async fn list_of_org(Path(org): Path<String>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.client_org_proof::<RoleRead>(&asked.cx, &org).await?;
        all(&asked, &auth).await
    };
    asked.answer(result.await)
}

/// The roles of an organization: the one that is named, or the caller's only one. Right: `role.read`.
async fn list(asked: Asked) -> Response {
    let result = async {
        let org = org(&asked, asked.signed_in()?.value("organization_id")?).await?;
        let auth = asked.control.authorize::<RoleRead>(&asked.cx, org).await?;
        all(&asked, &auth).await
    };
    asked.answer(result.await)
}

async fn all(asked: &Asked, auth: &Authorized<RoleRead>) -> Result<Vec<RoleJson>> {
    let (level, name) = (asked.value::<Level>("level")?, asked.value::<String>("name")?);
    let roles = asked.control.roles(auth).await?.roles;
    let wanted = roles.iter().filter(|role| {
        level.is_none_or(|level| role.level == level) && name.as_ref().is_none_or(|name| role.name == *name)
    });
    Ok(wanted.map(|row| shape::role(auth.scope(), row)).collect())
}

/// A role to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    organization_id: Option<OrgId>,
    level: Level,
    name: String,
    #[serde(default)]
    description: String,
    permissions: Vec<PermissionName>,
}

/// Makes a custom role. Right: `role.manage`.
async fn create(asked: Asked) -> Response {
    let result = async {
        let new: NewRole = asked.signed_in()?.body()?;
        let org = org(&asked, new.organization_id).await?;
        let auth = asked.control.authorize::<RoleManage>(&asked.cx, org).await?;
        let input = RoleInput { name: new.name, description: new.description, permissions: new.permissions };
        let made = asked.control.create_role(&auth, new.level, &input).await?;
        Ok(shape::role_detail(org, &made))
    };
    asked.answer(result.await)
}

/// One role with what it allows. Right: `role.read`.
async fn one(Path(id): Path<String>, asked: Asked) -> Response {
    let result = async {
        let (role, auth) = proof::<RoleRead>(&asked, &id).await?;
        Ok(shape::role_detail(auth.scope(), &asked.control.role(&auth, role).await?))
    };
    asked.answer(result.await)
}

/// What is to be changed; what is not there stays. With `revision` only if nobody has changed it since.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleChange {
    name: Option<String>,
    description: Option<String>,
    permissions: Option<Vec<PermissionName>>,
    revision: Option<i64>,
}

/// Changes a custom role. Right: `role.manage`.
async fn update(Path(id): Path<String>, asked: Asked) -> Response {
    let result = async {
        let (role, auth) = proof::<RoleManage>(&asked, &id).await?;
        let RoleChange { name, description, permissions, revision } = asked.body()?;
        let change = control::roles::RoleChange { name, description, permissions, revision };
        let changed = asked.control.update_role(&auth, bare(role), &change, asked.confirmed()?).await?;
        Ok(shape::role_detail(auth.scope(), &changed))
    };
    asked.answer(result.await)
}

/// Deletes a custom role, with its grants. Right: `role.manage`.
async fn remove(Path(id): Path<String>, asked: Asked) -> Response {
    let result = async {
        let (role, auth) = proof::<RoleManage>(&asked, &id).await?;
        asked.control.delete_role(&auth, bare(role), asked.confirmed()?).await
    };
    asked.answer(result.await)
}

/// To whom a role is given, and where; only to one, or in one place, if the address names it. Right: `role.read`.
async fn assignments(Path(id): Path<String>, asked: Asked) -> Response {
    let result = async {
        let (role, auth) = proof::<RoleRead>(&asked, &id).await?;
        let principal = asked.principal()?;
        let scope = Scope::of(&asked)?;
        let all = asked.control.role_grants(&auth, role).await?;
        let wanted = |grant: &&Grant| {
            principal.is_none_or(|principal| grant.principal == principal)
                && scope.is_none_or(|scope| scope.holds(grant.place))
        };
        Ok(all.iter().filter(wanted).map(|grant| shape::grant(auth.scope(), grant)).collect::<Vec<_>>())
    };
    asked.answer(result.await)
}

/// Gives a role, in the place the address names. Right: that of giving roles there.
async fn assign(Path(id): Path<String>, asked: Asked) -> Response {
    let result = async {
        let (role, place) = target(&asked, &id).await?;
        place.assign(&asked, Some(role)).await
    };
    asked.answer(result.await)
}

/// Takes a role, in the place the address names. Right: that of giving roles there.
async fn unassign(Path(id): Path<String>, asked: Asked) -> Response {
    let result = async {
        let (role, place) = target(&asked, &id).await?;
        place.unassign(&asked, Some(role)).await
    };
    asked.answer(result.await)
}

/// The role of the path and the place of the address; without one, the organization the role belongs to.
async fn target(asked: &Asked, id: &str) -> Result<(RoleRef, Scope)> {
    let role: RoleRef = asked.id(id)?;
    let place = match Scope::of(asked)? {
        Some(place) => place,
        None => Scope::Org(asked.control.role_org(&asked.cx, role, asked.value("organization_id")?).await?),
    };
    Ok((role, place))
}

async fn proof<R: Right<Scope = OrgId>>(asked: &Asked, id: &str) -> Result<(RoleRef, Authorized<R>)> {
    let role: RoleRef = asked.id(id)?;
    let named = asked.value("organization_id")?;
    let org = asked.control.role_org(&asked.cx, role, named).await?;
    Ok((role, asked.control.authorize::<R>(&asked.cx, org).await?))
}

async fn org(asked: &Asked, named: Option<OrgId>) -> Result<OrgId> {
    match named {
        Some(org) => Ok(org),
        None => asked.control.only_org(&asked.cx).await,
    }
}

/// Its id as one of a custom role, which the operation refuses if it is none.
fn bare(role: RoleRef) -> RoleId {
    RoleId::from_uuid(role.id())
}
