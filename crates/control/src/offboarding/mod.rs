//! Leaving for good: everything somebody holds in an organization is looked at, and then ended or handed over in one
//! transaction, or nothing is.
//!
//! Their membership ends as it does by removing. What is more: what only they looked after gets somebody new, and their
//! keys, sessions and devices end, as far as this organization may end them
//! ([0013](../../../../docs/decisions/0013-sessions-of-members.md)). No secret changes hands: a key is ended, never
//! moved. The account and its names stay, so that they are never given to anybody else.
//! ([0017](../../../../docs/decisions/0017-offboarding-ends-what-was-seen.md))

mod fingerprint;
mod hand_over;
mod held;

use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, MemberRemove, OffboardingPrepare};
use crate::effects;
use crate::error::{Error, Result};
use crate::grants;
use crate::members;
use fingerprint::{Fingerprint, something_changed};
use held::Holdings;
use model::UserId;
use model::audit::AuditAction;
use model::offboarding::{Offboarded, Preflight};
use model::session::Ended;
use serde_json::json;
use store::WriteTx;
use store::audit::NewEntry;

/// What a caller decided after looking.
#[derive(Clone, Debug, Default)]
pub struct Offboarding {
    /// [`Preflight::fingerprint`] of what they looked at.
    pub fingerprint: String,
    /// Who takes over, named as for grants; blank if there is nothing to take over.
    pub successor: String,
    /// The username as it was typed. `None` where nobody types, and the member is named by id alone.
    pub typed: Option<String>,
    /// Whether the caller accepts to lose rights of their own.
    pub confirmed: bool,
}

impl Control {
    /// Everything somebody holds, or is the only one to hold. Nothing is changed.
    ///
    /// # Errors
    ///
    /// `not_found` if there is no such member, or it is a service account.
    pub async fn offboarding(
        &self,
        auth: &Authorized<OffboardingPrepare>,
        user: UserId,
    ) -> Result<Preflight> {
        let (org, now) = (auth.scope(), auth.now());
        let actor = auth.user().ok_or_else(Error::unauthenticated)?;
        let policy = self.policy(org).await?.ok_or_else(Error::not_found)?;
        let mut tx = self.store().snapshot().await?;
        let member = members::person(&mut tx, &policy, user).await?;
        let policy = self.knowing(&mut tx, &policy, &member).await?;
        let mut obstacle = members::reaches(&policy, actor, &member, now).err();
        if obstacle.is_none() {
            obstacle = members::keep_an_admin(&mut tx, org, &member, "be offboarded").await.err();
        }
        let held = self.holdings(&mut tx, &policy, member, now).await?;
        held.preflight(actor == user, obstacle.map(|error| error.message().to_owned()))
    }

    /// Ends and hands over what was looked at: all of it, or nothing.
    ///
    /// # Errors
    ///
    /// `conflict` with the field `changed` if something is not as it was when they looked; `conflict` if the
    /// organization would be left without an administrator, or with the field `confirmed` if the caller would lose
    /// something themselves; `forbidden` if the member holds more than the caller, or something that is handed over is
    /// not the caller's to give; `invalid` on `fingerprint`, `typed` or `successor`.
    pub async fn offboard(
        &self,
        auth: &Authorized<MemberRemove>,
        user: UserId,
        decided: &Offboarding,
    ) -> Result<Offboarded> {
        let (org, now) = (auth.scope(), auth.now());
        let actor = auth.user().ok_or_else(Error::unauthenticated)?;
        let seen = Fingerprint::parse(&decided.fingerprint)?;
        let (mut tx, policy) = self.changing(auth).await?;
        let member = members::person(&mut tx, &policy, user).await?;
        let policy = self.knowing(&mut tx, &policy, &member).await?;
        members::reaches(&policy, actor, &member, now)?;
        members::keep_an_admin(&mut tx, org, &member, "be offboarded").await?;
        if decided.typed.as_ref().is_some_and(|typed| typed.trim() != member.username) {
            let why = format!("Type “{}” to offboard them.", member.username);
            return Err(Error::invalid("typed", why));
        }
        // People's keys are made without the organization's lock. A key that is being made is either committed and seen
        // below, or waits and is made by somebody who is no member.
        store::api_keys::hold(&mut tx, user).await?;
        let held = self.holdings(&mut tx, &policy, member, now).await?;
        let changed = held.fingerprint()?.changed_since(&seen);
        if !changed.is_empty() {
            return Err(something_changed(&changed));
        }
        if actor == user {
            let after = || policy.without_member(user);
            effects::refuse_own_loss(&policy, after, actor, now, decided.confirmed)?;
        }
        let (mut entries, mut successor) = (Vec::new(), None);
        if held.needs_successor() {
            let next = hand_over::successor(&mut tx, &policy, user, &decided.successor).await?;
            entries = hand_over::hand_over(&mut tx, auth, &policy, &held, &next).await?;
            successor = Some(json!({ "id": next.user, "name": next.name }));
        }
        let handed_over = count(entries.len());
        entries.extend(end_ways_in(&mut tx, auth, &held).await?);
        entries.extend(places(auth, &held));
        entries.extend(members::end(&mut tx, auth, &policy, &held.member, "offboarded").await?);
        let done = told(&held, handed_over);
        let event = Event::of(AuditAction::MemberOffboarded)
            .on("user", user.uuid(), held.member.name.as_str())
            .after(json!({ "ended": done, "successor": successor, "elsewhere": held.elsewhere }));
        entries.push(auth.audit(event));
        tx.commit_all(&entries).await?;
        Ok(done)
    }
}

/// Ends keys, sessions and devices, as far as they are among what was gathered.
async fn end_ways_in(
    tx: &mut WriteTx,
    auth: &Authorized<MemberRemove>,
    held: &Holdings,
) -> Result<Vec<NewEntry>> {
    let (user, now) = (held.member.user, auth.now());
    let mut entries = Vec::new();
    for key in &held.keys {
        store::api_keys::revoke(tx, user, key.id, now).await?;
        let event = Event::of(AuditAction::ApiKeyRevoked)
            .on("api_key", key.id.uuid(), key.name.as_str())
            .before(json!({ "account": user }));
        entries.push(auth.audit(event));
    }
    if held.elsewhere {
        return Ok(entries);
    }
    // Those that have run out end too, and are not counted: nobody was signed in by them.
    store::sessions::end_all(tx, user, None, now).await?;
    store::devices::revoke_all_of_user(tx, user, now).await?;
    let ended = Ended { sessions: count(held.sessions.len()), devices: count(held.devices.len()) };
    if ended != Ended::default() {
        let event = Event::of(AuditAction::MemberSessionsEnded)
            .on("user", user.uuid(), held.member.name.as_str())
            .after(json!(ended));
        entries.push(auth.audit(event));
    }
    Ok(entries)
}

/// What the audit log is to say of the roles and places in teams that end with the membership.
fn places(auth: &Authorized<MemberRemove>, held: &Holdings) -> Vec<NewEntry> {
    let member = &held.member;
    let roles = held
        .grants
        .iter()
        .map(|grant| auth.audit(grants::event(AuditAction::GrantDeleted, grant).before(grants::told(grant))));
    let teams = held.teams.iter().map(|team| {
        let was = json!({ "user": member.user, "name": member.name, "maintainer": team.maintainer });
        let event = Event::of(AuditAction::TeamMemberRemoved);
        auth.audit(event.on("team", team.id.uuid(), team.name.as_str()).before(was))
    });
    roles.chain(teams).collect()
}

fn told(held: &Holdings, handed_over: u32) -> Offboarded {
    Offboarded {
        grants: count(held.grants.len()),
        teams: count(held.teams.len()),
        shares: u32::try_from(held.shares.0).unwrap_or(u32::MAX),
        keys: count(held.keys.len()),
        sessions: count(held.sessions.len()),
        devices: count(held.devices.len()),
        invitations: count(held.invitations.len()),
        handed_over,
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
