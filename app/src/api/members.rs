//! Members.

use super::{Described, Error};
use leptos::prelude::*;
use model::member::{Member, MemberDetail};
use model::page::Page;
use model::{OrgId, OrgRole, UserId};
use serde::{Deserialize, Serialize};

/// Members of an organization, by name. Right: `member.read`.
#[server(prefix = "/api/fn", endpoint = "members/list", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn list_members(
    org: OrgId,
    search: Option<String>,
    role: Option<OrgRole>,
    cursor: Option<String>,
) -> Result<Page<Member>, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::MemberRead>(org).await?;
    let query = model::member::MemberQuery { search, role, cursor };
    Ok(caller.control.members(&auth, &query).await?)
}

/// One member with what they hold. Right: `member.read`.
#[server(prefix = "/api/fn", endpoint = "members/one", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn get_member(org: OrgId, user: UserId) -> Result<MemberDetail, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::MemberRead>(org).await?;
    Ok(caller.control.member(&auth, user).await?)
}

/// Changes a member's role. Right: `member.update`. `confirmed` accepts losing rights of one's own.
#[server(prefix = "/api/fn", endpoint = "members/set_role", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn set_member_role(
    org: OrgId,
    user: UserId,
    role: OrgRole,
    #[server(default)] confirmed: bool,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::MemberUpdate>(org).await?;
    Ok(caller.control.set_member_role(&auth, user, role, confirmed).await?)
}

/// Removes a member. Right: `member.remove`.
#[server(prefix = "/api/fn", endpoint = "members/remove", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn remove_member(org: OrgId, user: UserId) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::MemberRemove>(org).await?;
    caller.control.remove_member(&auth, user).await?;
    leptos_axum::redirect(&format!("/organizations/{org}/members"));
    Ok(())
}

/// Leaves an organization oneself. Right: `organization.read`, freshly signed in.
#[server(prefix = "/api/fn", endpoint = "members/leave", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn leave_org(org: OrgId) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::OrgLeave>(org).await?;
    caller.control.leave_org(&auth).await?;
    leptos_axum::redirect("/");
    Ok(())
}
