//! Locking a member: nothing of theirs opens the organization, from the next request on, and all they hold in it stays.
//!
//! A locked member is nobody to the organization: no snapshot knows them, so that session, key, token and device are
//! refused alike. Sessions and devices end besides, if this is their only organization, and the invitations they sent
//! are taken back: by a link that they kept they would come in again as somebody else.

use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, MemberRemove, Snapshot};
use crate::error::{Error, Result};
use crate::{invitations, members};
use model::audit::AuditAction;
use model::member::Member;
use model::{Rights, UserId};
use serde_json::json;
use std::sync::Arc;
use store::ReadTx;

impl Control {
    /// Locks a member. Doing so again changes nothing.
    ///
    /// # Errors
    ///
    /// `conflict` for oneself, or if it would leave the organization without an administrator; `forbidden` if they hold
    /// more than the caller.
    pub async fn lock_member(&self, auth: &Authorized<MemberRemove>, user: UserId) -> Result<()> {
        let (org, now) = (auth.scope(), auth.now());
        let actor = auth.user().ok_or_else(Error::unauthenticated)?;
        let (mut tx, policy) = self.changing(auth).await?;
        let member = members::person(&mut tx, &policy, user).await?;
        if actor == user {
            return Err(Error::conflict("Nobody locks themselves. To go for good, leave the organization."));
        }
        if member.locked_at.is_some() {
            return Ok(());
        }
        members::reaches(&policy, actor, &member, now)?;
        members::keep_an_admin(&mut tx, org, &member, "be locked").await?;
        store::members::lock(&mut tx, org, user, now).await?;
        store::openid::tell_of_departed(&mut tx, org, user, now).await?;
        let mut ended = json!(null);
        if !store::members::is_elsewhere(&mut tx, org, user).await? {
            let sessions = store::sessions::end_all(&mut tx, user, None, now).await?;
            let devices = store::devices::revoke_all_of_user(&mut tx, user, now).await?;
            ended = json!({ "sessions": sessions, "devices": devices });
        }
        let mut entries = invitations::end_those_of(&mut tx, auth, &policy, user, &Rights::NONE).await?;
        let event = Event::of(AuditAction::MemberLocked)
            .on("user", user.uuid(), member.name)
            .after(json!({ "ended": ended, "invitations": entries.len() }));
        entries.push(auth.audit(event));
        Ok(tx.commit_all(&entries).await?)
    }

    /// Unlocks a member: what they hold counts again. They sign in anew.
    ///
    /// # Errors
    ///
    /// `forbidden` if they hold more than the caller, or the caller is a service account.
    pub async fn unlock_member(&self, auth: &Authorized<MemberRemove>, user: UserId) -> Result<()> {
        let actor = auth.user().ok_or_else(Error::unauthenticated)?;
        let (mut tx, policy) = self.changing(auth).await?;
        // Machines go on while whoever answers for them is locked: a key of theirs would let its keeper in again.
        if !policy.is_person(actor) {
            return Err(Error::forbidden("A person unlocks members, not a service account."));
        }
        let member = members::person(&mut tx, &policy, user).await?;
        let policy = self.knowing(&mut tx, &policy, &member).await?;
        members::reaches(&policy, actor, &member, auth.now())?;
        if !store::members::unlock(&mut tx, auth.scope(), user).await? {
            return Ok(());
        }
        let event = Event::of(AuditAction::MemberUnlocked)
            .on("user", user.uuid(), member.name)
            .before(json!({ "locked_at": member.locked_at.map(model::Timestamp::to_rfc3339) }));
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// The snapshot in which this member is one, also if they are locked: what they hold is judged by it, so that a lock
    /// makes nobody the prey of somebody who holds less.
    pub(crate) async fn knowing(
        &self,
        tx: &mut ReadTx,
        policy: &Arc<Snapshot>,
        member: &Member,
    ) -> Result<Arc<Snapshot>> {
        if policy.member(member.user).is_some() {
            return Ok(Arc::clone(policy));
        }
        let mut rows = store::policy::load(tx, policy.org).await?.unwrap_or_default();
        let role = member.role.as_str().to_owned();
        rows.members.push(store::policy::Member { user_id: member.user, role });
        Ok(Arc::new(Snapshot::compile(policy.org, &rows)))
    }
}
