//! Leaving for good, and locking.

use super::{Described, Error};
use leptos::prelude::*;
use model::offboarding::{Offboarded, Preflight};
use model::{OrgId, UserId};
use serde::{Deserialize, Serialize};

/// Everything a member holds, or is the only one to hold, with the fingerprint that is handed back to end it. Right:
/// `member.remove`.
#[server(prefix = "/api/fn", endpoint = "offboarding/preflight", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn preflight_offboarding(org: OrgId, user: UserId) -> Result<Preflight, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::OffboardingPrepare>(org).await?;
    Ok(caller.control.offboarding(&auth, user).await?)
}

/// Ends all of it, and hands over to `successor` what nobody else looks after: if it still is what was seen. Right:
/// `member.remove`. `typed` is the member's username; `confirmed` accepts losing rights of one's own.
#[server(prefix = "/api/fn", endpoint = "offboarding/carry_out", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn carry_out_offboarding(
    org: OrgId,
    user: UserId,
    fingerprint: String,
    #[server(default)] successor: String,
    typed: String,
    #[server(default)] confirmed: bool,
) -> Result<Offboarded, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::MemberRemove>(org).await?;
    let typed = Some(typed);
    let decided = control::offboarding::Offboarding { fingerprint, successor, typed, confirmed };
    let done = caller.control.offboard(&auth, user, &decided).await?;
    let own = caller.cx.user() == Some(user);
    let next = if own { "/".to_owned() } else { format!("/organizations/{org}/members") };
    leptos_axum::redirect(&next);
    Ok(done)
}

/// Locks a member: nothing of theirs opens the organization, and all they hold stays. Right: `member.remove`.
#[server(prefix = "/api/fn", endpoint = "members/lock", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn lock_member(org: OrgId, user: UserId) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::MemberRemove>(org).await?;
    Ok(caller.control.lock_member(&auth, user).await?)
}

/// Unlocks a member. Right: `member.remove`.
#[server(prefix = "/api/fn", endpoint = "members/unlock", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn unlock_member(org: OrgId, user: UserId) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::MemberRemove>(org).await?;
    Ok(caller.control.unlock_member(&auth, user).await?)
}
