//! Sessions and devices of a member, for administrators of the organization.
//!
//! A session is a person's and reaches wherever they belong. So it is the business of an organization's administrators
//! only while the person belongs to that organization and to no other
//! ([0013](../../../docs/decisions/0013-sessions-of-members.md)).

use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, MemberSessionManage, MemberSessionRead, SelfManage, Snapshot};
use crate::error::{Error, Result};
use crate::{devices, members, sessions};
use model::audit::AuditAction;
use model::member::Member;
use model::session::{Ended, Ending, MemberSessions};
use model::{DeviceId, OrgId, SessionId, Timestamp, UserId};
use serde_json::{Value, json};
use store::{ReadTx, WriteTx};

/// Endings that a person is shown at most.
const ENDINGS: u32 = 10;
/// How long they are shown them, in seconds.
const ENDINGS_S: i64 = 30 * 24 * 3600;

impl Control {
    /// The sessions and devices of a member, and why they cannot be ended, if so. Of somebody who belongs to another
    /// organization, too, none are told: where they work from is not this one's business.
    pub async fn member_sessions(
        &self,
        auth: &Authorized<MemberSessionRead>,
        user: UserId,
    ) -> Result<MemberSessions> {
        let (org, now) = (auth.scope(), auth.now());
        let actor = auth.user().ok_or_else(Error::unauthenticated)?;
        let policy = self.policy(org).await?.ok_or_else(Error::not_found)?;
        let mut tx = self.store().snapshot().await?;
        let member = store::members::by_id(&mut tx, org, user).await?.ok_or_else(Error::not_found)?;
        let away = elsewhere(&mut tx, org, &member).await.err();
        let (mut held, mut approved) = (Vec::new(), Vec::new());
        if away.is_none() {
            held = store::sessions::of_user(&mut tx, user, now, self.idle_since(now)).await?;
            approved = store::devices::of_user(&mut tx, user).await?;
        }
        let policy = self.knowing(&mut tx, &policy, &member).await?;
        let obstacle = away.or_else(|| not_ones_own(&policy, actor, &member, now).err());
        let current = auth.cx().session();
        Ok(MemberSessions {
            name: member.name,
            sessions: held.into_iter().map(|row| sessions::shown(row, current)).collect(),
            devices: approved.into_iter().map(|row| devices::shown(row, now)).collect(),
            obstacle: obstacle.map(|error| error.message().to_owned()),
        })
    }

    /// Ends one session of a member.
    ///
    /// # Errors
    ///
    /// `not_found` if there is no such living one; `forbidden` if they belong to another organization, too, or hold more
    /// than the caller; `conflict` if they are the caller.
    pub async fn end_member_session(
        &self,
        auth: &Authorized<MemberSessionManage>,
        user: UserId,
        id: SessionId,
    ) -> Result<()> {
        let (mut tx, member) = self.ending(auth, user).await?;
        if !store::sessions::end(&mut tx, user, id, auth.now()).await? {
            return Err(Error::not_found());
        }
        let ended = json!({ "sessions": 1, "devices": 0, "session": id });
        told(tx, auth, &member, ended).await
    }

    /// Revokes one device of a member.
    ///
    /// # Errors
    ///
    /// As [`Control::end_member_session`].
    pub async fn revoke_member_device(
        &self,
        auth: &Authorized<MemberSessionManage>,
        user: UserId,
        id: DeviceId,
    ) -> Result<()> {
        let (mut tx, member) = self.ending(auth, user).await?;
        let host =
            store::devices::revoke(&mut tx, user, id, auth.now()).await?.ok_or_else(Error::not_found)?;
        let ended = json!({ "sessions": 0, "devices": 1, "device": id, "hostname": host });
        told(tx, auth, &member, ended).await
    }

    /// Ends all sessions and devices of a member; returns how many.
    ///
    /// # Errors
    ///
    /// As [`Control::end_member_session`].
    pub async fn end_member_sessions(
        &self,
        auth: &Authorized<MemberSessionManage>,
        user: UserId,
    ) -> Result<Ended> {
        let (mut tx, member) = self.ending(auth, user).await?;
        // Those that have run out end too, and are not counted: nobody was signed in by them.
        let living = store::sessions::of_user(&mut tx, user, auth.now(), self.idle_since(auth.now())).await?;
        store::sessions::end_all(&mut tx, user, None, auth.now()).await?;
        let devices = store::devices::revoke_all_of_user(&mut tx, user, auth.now()).await?;
        let ended = Ended {
            sessions: u32::try_from(living.len()).unwrap_or(u32::MAX),
            devices: u32::try_from(devices).unwrap_or(u32::MAX),
        };
        told(tx, auth, &member, json!(ended)).await?;
        Ok(ended)
    }

    /// What administrators ended of one's own lately, newest first.
    pub async fn endings(&self, auth: &Authorized<SelfManage>) -> Result<Vec<Ending>> {
        let filter = store::audit::Filter {
            action: Some(AuditAction::MemberSessionsEnded.as_str().to_owned()),
            target: Some(auth.scope().uuid()),
            from: Some(auth.now().plus_s(-ENDINGS_S)),
            ..Default::default()
        };
        let mut tx = self.store().snapshot().await?;
        let mut entries = Vec::new();
        for org in store::orgs::of_user(&mut tx, auth.scope()).await? {
            entries.extend(store::audit::list(&mut tx, org.id, &filter, ENDINGS).await?);
        }
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.id));
        let ended = |text: &str| serde_json::from_str::<Ended>(text).ok();
        Ok(entries
            .into_iter()
            .filter_map(|entry| {
                let ended = ended(entry.after.as_deref()?)?;
                Some(Ending { at: entry.at, by: entry.actor_name, ended })
            })
            .take(ENDINGS as usize)
            .collect())
    }

    /// Begins to end something of a member's, if the caller may.
    async fn ending(
        &self,
        auth: &Authorized<MemberSessionManage>,
        user: UserId,
    ) -> Result<(WriteTx, Member)> {
        let actor = auth.user().ok_or_else(Error::unauthenticated)?;
        let (mut tx, policy) = self.writing_under(auth).await?;
        let member =
            store::members::by_id(&mut tx, auth.scope(), user).await?.ok_or_else(Error::not_found)?;
        elsewhere(&mut tx, auth.scope(), &member).await?;
        let policy = self.knowing(&mut tx, &policy, &member).await?;
        not_ones_own(&policy, actor, &member, auth.now())?;
        Ok((tx, member))
    }
}

/// Refuses what reaches into another organization.
async fn elsewhere(tx: &mut ReadTx, org: OrgId, member: &Member) -> Result<()> {
    if !store::members::is_elsewhere(tx, org, member.user).await? {
        return Ok(());
    }
    Err(Error::forbidden(format!(
        "{} also belongs to another organization, so only they end their sessions and devices. To end their access to \
         this organization, remove them from it.",
        member.name
    )))
}

/// Refuses what nobody may: to end what is of somebody who holds more than they do. What is one's own has its own page.
fn not_ones_own(policy: &Snapshot, actor: UserId, member: &Member, now: Timestamp) -> Result<()> {
    if actor == member.user {
        return Err(Error::conflict(
            "These are your own. End them under Sessions and Devices of your account.",
        ));
    }
    members::reaches(policy, actor, member, now)
}

async fn told(
    tx: WriteTx,
    auth: &Authorized<MemberSessionManage>,
    member: &Member,
    ended: Value,
) -> Result<()> {
    let event = Event::of(AuditAction::MemberSessionsEnded)
        .on("user", member.user.uuid(), member.name.as_str())
        .after(ended);
    Ok(tx.commit(auth.audit(event)).await?)
}
