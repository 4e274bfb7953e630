//! What somebody alone looks after gets somebody new, by the rules by which anybody is given these things: the caller
//! holds as much, and may give it.

use super::held::Holdings;
use crate::audit::Event;
use crate::authz::{Authorized, MemberRemove, Snapshot};
use crate::cx::Actor;
use crate::error::{Error, Result};
use crate::grants::{self, Giver};
use crate::teams;
use model::audit::AuditAction;
use model::grant::{NewGrant, Place, Principal};
use model::member::Member;
use model::offboarding::HeldTeam;
use model::{Permission, UserId};
use serde_json::json;
use store::WriteTx;
use store::audit::NewEntry;
use store::service_accounts::OwnerId;

/// Whom a text means, if they can take over from somebody.
///
/// # Errors
///
/// `invalid` on `successor` for anybody but another active person of the organization.
pub(super) async fn successor(
    tx: &mut WriteTx,
    policy: &Snapshot,
    leaving: UserId,
    named: &str,
) -> Result<Member> {
    let wrong = |why: &str| Error::invalid("successor", why);
    if named.trim().is_empty() {
        return Err(wrong("Choose who takes over what nobody else looks after."));
    }
    let on_field = |error: Error| match error.fields().get("who") {
        Some(why) => wrong(why),
        None => error,
    };
    let found = grants::find(tx, policy.org, named).await.map_err(on_field)?;
    let Principal::User(user) = found else {
        return Err(wrong(
            "A person takes over, not a team or somebody who has not accepted their invitation.",
        ));
    };
    if user == leaving {
        return Err(wrong("They are the one who leaves. Choose somebody else."));
    }
    if policy.is_service_account(user) {
        return Err(wrong("A person takes over, not a service account."));
    }
    let member = store::members::by_id(tx, policy.org, user).await?;
    match member.filter(|_| policy.is_person(user)) {
        Some(member) => Ok(member),
        None => Err(wrong("There is no active member like that in this organization.")),
    }
}

/// Gives the successor all of it. Nothing that is secret is among it.
///
/// # Errors
///
/// `forbidden` for what the caller could not give to anybody, or not by this key.
pub(super) async fn hand_over(
    tx: &mut WriteTx,
    auth: &Authorized<MemberRemove>,
    policy: &Snapshot,
    held: &Holdings,
    successor: &Member,
) -> Result<Vec<NewEntry>> {
    let actor = auth.user().ok_or_else(Error::unauthenticated)?;
    let rights = policy.org_rights(actor, auth.now()).unwrap_or_default();
    let scopes = auth.cx().actor().and_then(Actor::key).and_then(|key| key.scopes);
    // The key was let in for removing members; handing over is more than that.
    let in_scope = |permission: Permission, what: &str| {
        if scopes.is_none_or(|scopes| scopes.grants(permission)) {
            return Ok(());
        }
        Err(Error::forbidden(format!(
            "This key is not for “{permission}”, which it takes to hand over {what}."
        )))
    };
    let needs = |permission: Permission, what: &str| {
        if rights.grants(permission) {
            return in_scope(permission, what);
        }
        Err(Error::forbidden(format!("You need the right “{permission}” to hand over {what}.")))
    };
    let mut entries = Vec::new();
    if !held.accounts.is_empty() {
        needs(Permission::ServiceAccountManage, "service accounts")?;
        entries.extend(accounts(tx, auth, held, successor).await?);
    }
    for team in held.teams.iter().filter(|team| team.alone) {
        needs(Permission::TeamManage, "teams")?;
        entries.push(maintain(tx, auth, policy, team, successor).await?);
    }
    if !held.workspaces.is_empty() {
        // Whether the caller may give the role is judged where it is given.
        in_scope(Permission::GrantManage, "workspaces")?;
    }
    for workspace in &held.workspaces {
        let new = NewGrant {
            principal: Principal::User(successor.user),
            role: workspace.role,
            until: workspace.until,
        };
        let place = Place::Workspace(workspace.id);
        let given = grants::give(tx, policy, place, &new, auth.cx()).await?;
        let event = grants::event(AuditAction::GrantCreated, &given).after(grants::told(&given));
        entries.push(auth.audit(event));
    }
    Ok(entries)
}

async fn accounts(
    tx: &mut WriteTx,
    auth: &Authorized<MemberRemove>,
    held: &Holdings,
    successor: &Member,
) -> Result<Vec<NewEntry>> {
    let owner = |of: &Member| json!({ "owner": Principal::User(of.user).to_string(), "owner_name": of.name });
    let mut entries = Vec::with_capacity(held.accounts.len());
    for account in &held.accounts {
        let new = Some(OwnerId::User(successor.user));
        store::service_accounts::update(tx, account.id, &account.description, new, auth.now()).await?;
        // Whoever answered before was told of keys that end; whoever does now was not.
        store::api_keys::forget_warnings(tx, account.id.account()).await?;
        let event = Event::of(AuditAction::ServiceAccountUpdated)
            .on("service_account", account.id.uuid(), account.name.as_str())
            .before(owner(&held.member))
            .after(owner(successor));
        entries.push(auth.audit(event));
    }
    Ok(entries)
}

async fn maintain(
    tx: &mut WriteTx,
    auth: &Authorized<MemberRemove>,
    policy: &Snapshot,
    team: &HeldTeam,
    successor: &Member,
) -> Result<NewEntry> {
    let (principal, now) = (Principal::User(successor.user), auth.now());
    let told = |maintainer: bool| json!({ "user": successor.user, "name": successor.name, "maintainer": maintainer });
    let event = if policy.part_in_team(team.id, successor.user).is_some() {
        store::teams::set_maintainer(tx, team.id, principal, true).await?;
        Event::of(AuditAction::TeamMemberUpdated).before(told(false))
    } else {
        teams::may_bring_in(tx, policy, team.id, Giver::of(auth.cx())?, now).await?;
        // It gets no larger: whoever leaves makes room.
        store::teams::add(tx, team.id, principal, true, now).await?;
        Event::of(AuditAction::TeamMemberAdded)
    };
    Ok(auth.audit(event.on("team", team.id.uuid(), team.name.as_str()).after(told(true))))
}
