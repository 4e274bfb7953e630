//! Invitations: managed by administrators, taken by whoever holds a link.

use super::{Described, Error};
use leptos::prelude::*;
use model::invitation::{
    Invitation, InvitationChoices, InvitationSecret, InvitationState, InvitationView, Invited,
};
use model::page::Page;
use model::{InvitationId, OrgId, OrgRole};
use serde::{Deserialize, Serialize};

/// In place of a link's secret: the one this browser was shown before it went to sign in.
pub const CONTINUE: &str = "continue";

/// Invitations of an organization, newest first. Right: `invitation.read`.
#[server(prefix = "/api/fn", endpoint = "invitations/list", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn list_invitations(
    org: OrgId,
    search: Option<String>,
    state: Option<InvitationState>,
    cursor: Option<String>,
) -> Result<Page<Invitation>, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::InvitationRead>(org).await?;
    let query = model::invitation::InvitationQuery { search, state, cursor };
    Ok(caller.control.invitations(&auth, &query).await?)
}

/// One invitation. Right: `invitation.read`.
#[server(prefix = "/api/fn", endpoint = "invitations/one", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn get_invitation(org: OrgId, id: InvitationId) -> Result<Invitation, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::InvitationRead>(org).await?;
    Ok(caller.control.invitation(&auth, id).await?)
}

/// What can be chosen when inviting, and what a form without JavaScript has just made. Right: `invitation.manage`.
#[server(prefix = "/api/fn", endpoint = "invitations/choices", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn get_invitation_choices(org: OrgId) -> Result<InvitationChoices, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::InvitationPrepare>(org).await?;
    let choices = caller.control.invitation_choices(&auth).await?;
    Ok(InvitationChoices { just_made: super::handover::take(&caller).await?, ..choices })
}

/// Invites addresses, all or none. Returns their links, once. `grants` are texts of the form `workspace:role`; empty
/// ones are left out. Right: `invitation.manage`.
#[server(prefix = "/api/fn", endpoint = "invitations/create", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn invite_secret(
    org: OrgId,
    emails: String,
    role: OrgRole,
    #[server(default)] grants: Vec<String>,
) -> Result<Invited, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::InvitationManage>(org).await?;
    let new = control::invitations::NewInvitations::parse(&emails, role, &parsed(&grants)?)?;
    let made = caller.control.invite(&auth, &new).await?;
    super::handover::leave(&caller, &made, org).await?;
    Ok(made)
}

/// Makes new links and mails the invitation again. Returns the link, once. Right: `invitation.manage`.
#[server(prefix = "/api/fn", endpoint = "invitations/resend", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn resend_invitation_secret(org: OrgId, id: InvitationId) -> Result<InvitationSecret, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::InvitationManage>(org).await?;
    let made = caller.control.resend_invitation(&auth, id).await?;
    super::handover::leave(&caller, &Invited { invitations: vec![made.clone()] }, org).await?;
    Ok(made)
}

/// Takes an invitation back. Right: `invitation.manage`.
#[server(prefix = "/api/fn", endpoint = "invitations/revoke", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn revoke_invitation(org: OrgId, id: InvitationId) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::InvitationManage>(org).await?;
    Ok(caller.control.revoke_invitation(&auth, id).await?)
}

/// What stands behind a link. Open to anyone who holds it; does not use it up.
#[server(prefix = "/api/fn", endpoint = "invitations/view", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn view_invitation(link: String) -> Result<InvitationView, Error> {
    let caller = super::caller()?;
    let open = caller.open("an invitation is opened before signing in");
    Ok(caller.control.invitation_view(&open, &super::handover::link(link)).await?)
}

/// Takes an invitation. Open to anyone who holds its link.
#[server(prefix = "/api/fn", endpoint = "invitations/accept", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn accept_invitation(link: String, #[server(default)] name: String) -> Result<(), Error> {
    let caller = super::caller()?;
    let open = caller.open("the link is the credential");
    let done = caller.control.accept_invitation(&open, &super::handover::link(link), &name).await?;
    super::handover::accepted(&done);
    Ok(())
}

/// Turns an invitation down. Open to anyone who holds its link.
#[server(prefix = "/api/fn", endpoint = "invitations/decline", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn decline_invitation(link: String) -> Result<(), Error> {
    let caller = super::caller()?;
    let open = caller.open("the link is the credential");
    Ok(caller.control.decline_invitation(&open, &super::handover::link(link)).await?)
}

/// Goes to sign in and comes back to the invitation. Open to anyone who holds its link.
#[server(prefix = "/api/fn", endpoint = "invitations/sign_in", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn sign_in_for_invitation(link: String) -> Result<(), Error> {
    let caller = super::caller()?;
    let open = caller.open("the link is the credential");
    let link = super::handover::link(link);
    caller.control.invitation_view(&open, &link).await?;
    super::handover::remember(&link);
    Ok(())
}

#[cfg(feature = "ssr")]
fn parsed(grants: &[String]) -> Result<Vec<(model::WorkspaceId, model::RoleRef)>, Error> {
    let wrong = || control::Error::invalid("grants", "Choose the workspace roles from the list.");
    grants
        .iter()
        .filter(|text| !text.is_empty())
        .map(|text| {
            let (workspace, role) = text.split_once(':').ok_or_else(wrong)?;
            Ok((workspace.parse().map_err(|_| wrong())?, role.parse().map_err(|_| wrong())?))
        })
        .collect()
}
