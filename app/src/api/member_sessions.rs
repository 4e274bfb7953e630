//! Sessions and devices of members, for administrators.

use super::{Described, Error};
use leptos::prelude::*;
use model::session::{Ended, MemberSessions};
use model::{DeviceId, OrgId, SessionId, UserId};
use serde::{Deserialize, Serialize};

/// Sessions and devices of a member. Right: `member_session.manage`.
#[server(prefix = "/api/fn", endpoint = "member_sessions/list", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn list_member_sessions(org: OrgId, user: UserId) -> Result<MemberSessions, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::MemberSessionRead>(org).await?;
    Ok(caller.control.member_sessions(&auth, user).await?)
}

/// Ends one session of a member. Right: `member_session.manage`, freshly signed in.
#[server(prefix = "/api/fn", endpoint = "member_sessions/end", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn end_member_session(org: OrgId, user: UserId, id: SessionId) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::MemberSessionManage>(org).await?;
    Ok(caller.control.end_member_session(&auth, user, id).await?)
}

/// Revokes one device of a member. Right: `member_session.manage`, freshly signed in.
#[server(prefix = "/api/fn", endpoint = "member_sessions/revoke_device", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn revoke_member_device(org: OrgId, user: UserId, id: DeviceId) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::MemberSessionManage>(org).await?;
    Ok(caller.control.revoke_member_device(&auth, user, id).await?)
}

/// Ends all sessions and devices of a member; returns how many. Right: `member_session.manage`, freshly signed in.
#[server(prefix = "/api/fn", endpoint = "member_sessions/end_all", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn end_member_sessions(org: OrgId, user: UserId) -> Result<Ended, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::MemberSessionManage>(org).await?;
    Ok(caller.control.end_member_sessions(&auth, user).await?)
}
