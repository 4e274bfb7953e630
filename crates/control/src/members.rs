//! Members of an organization.

use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, MemberRead, MemberRemove, MemberUpdate, OrgLeave, Right, Snapshot};
use crate::effects;
use crate::error::{Error, Result};
use crate::grants::{self, Giver};
use crate::invitations;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::audit::AuditAction;
use model::grant::{Place, Principal};
use model::member::{Member, MemberCan, MemberDetail, MemberQuery};
use model::page::{PAGE_SIZE, Page};
use model::{OrgId, OrgRole, Permission, Rights, Timestamp, UserId};
use serde_json::json;
use store::audit::NewEntry;
use store::{ReadTx, WriteTx};

impl Control {
    /// A page of the members, by name.
    pub async fn members(&self, auth: &Authorized<MemberRead>, query: &MemberQuery) -> Result<Page<Member>> {
        self.members_page(auth, query, PAGE_SIZE).await
    }

    /// A page of another size.
    pub async fn members_page(
        &self,
        auth: &Authorized<MemberRead>,
        query: &MemberQuery,
        limit: u32,
    ) -> Result<Page<Member>> {
        let filter = store::members::Filter {
            search: search_text(query.search.as_deref())?,
            role: query.role,
            after: query.cursor.as_deref().map(read_cursor).transpose()?,
        };
        let mut tx = self.store().read().await?;
        let rows = store::members::list(&mut tx, auth.scope(), &filter, limit + 1).await?;
        Ok(Page::cut(rows, limit, |last| write_cursor(last.user, &last.name)))
    }

    /// One member with what they hold.
    pub async fn member(&self, auth: &Authorized<MemberRead>, user: UserId) -> Result<MemberDetail> {
        let policy = self.policy(auth.scope()).await?.ok_or_else(Error::not_found)?;
        let mut tx = self.store().snapshot().await?;
        let member =
            store::members::by_id(&mut tx, auth.scope(), user).await?.ok_or_else(Error::not_found)?;
        let grants =
            store::grants::of_principal(&mut tx, auth.scope(), Principal::User(user), auth.now()).await?;
        let grants = grants.into_iter().map(grants::shown).collect();
        let teams = store::teams::of_user(&mut tx, auth.scope(), user).await?;
        let last_admin = member.role == OrgRole::Admin
            && !store::members::has_other_admin(&mut tx, auth.scope(), user).await?;
        let is_me = auth.user() == Some(user);
        let mine = auth.user().and_then(|me| policy.org_rights(me, auth.now())).unwrap_or_default();
        let policy = self.knowing(&mut tx, &policy, &member).await?;
        // Nobody changes or removes somebody who holds more than they do.
        let reaches = mine.covers(&policy.org_rights(user, auth.now()).unwrap_or_default());
        let can = MemberCan {
            role: reaches && mine.grants(Permission::MemberUpdate),
            remove: reaches && mine.grants(Permission::MemberRemove),
            sessions: mine.grants(Permission::MemberSessionManage),
        };
        Ok(MemberDetail { member, grants, teams, last_admin, is_me, can })
    }

    /// Changes a member's role in the organization.
    ///
    /// # Errors
    ///
    /// `conflict` if it would leave the organization without an administrator, or if the caller would lose something
    /// themselves and did not confirm; `forbidden` if the role they have, or the one they would have, allows more than
    /// the caller holds.
    pub async fn set_member_role(
        &self,
        auth: &Authorized<MemberUpdate>,
        user: UserId,
        role: OrgRole,
        confirmed: bool,
    ) -> Result<()> {
        let org = auth.scope();
        let actor = auth.user().ok_or_else(Error::unauthenticated)?;
        let (mut tx, policy) = self.changing(auth).await?;
        let member = person(&mut tx, &policy, user).await?;
        if member.role == role {
            // Nothing to do, and nothing to write down: dropping the transaction undoes the lock.
            return Ok(());
        }
        let known = |role: OrgRole| policy.role(role.into()).ok_or_else(Error::not_found);
        let (giver, taker) = (Giver::of(auth.cx())?, Giver::person(actor));
        grants::no_more_than_held(&policy, taker, Place::Org(org), known(member.role)?, auth.now())?;
        grants::no_more_than_held(&policy, giver, Place::Org(org), known(role)?, auth.now())?;
        grants::no_longer_than_held(&policy, giver, Place::Org(org), known(role)?, None)?;
        if role != OrgRole::Admin {
            keep_an_admin(&mut tx, org, &member, "be given another role").await?;
        }
        if user == actor {
            let after = || policy.with_member_role(user, role);
            effects::refuse_own_loss(&policy, after, actor, auth.now(), confirmed)?;
        }
        store::members::set_role(&mut tx, org, user, role).await?;
        let keeps = known(role)?.rights;
        let sent = invitations::end_those_of(&mut tx, auth, &policy, user, &keeps).await?;
        let event = Event::of(AuditAction::MemberUpdated)
            .on("user", user.uuid(), member.name)
            .before(json!({ "role": member.role }))
            .after(json!({ "role": role }));
        Ok(tx.commit_all(&[vec![auth.audit(event)], sent].concat()).await?)
    }

    /// Removes a member, with their roles and shares in the organization's workspaces. Their account stays: it is
    /// theirs, and may be a member elsewhere.
    ///
    /// # Errors
    ///
    /// `conflict` if it would leave the organization without an administrator; `forbidden` if they hold more in it than
    /// the caller.
    pub async fn remove_member(&self, auth: &Authorized<MemberRemove>, user: UserId) -> Result<()> {
        let actor = auth.user().ok_or_else(Error::unauthenticated)?;
        let how = if actor == user { "left" } else { "removed" };
        self.end_membership(auth, actor, user, how).await
    }

    /// Leaves an organization oneself.
    ///
    /// # Errors
    ///
    /// `conflict` if it would leave the organization without an administrator.
    pub async fn leave_org(&self, auth: &Authorized<OrgLeave>) -> Result<()> {
        let user = auth.user().ok_or_else(Error::unauthenticated)?;
        self.end_membership(auth, user, user, "left").await
    }

    async fn end_membership<R: Right<Scope = OrgId>>(
        &self,
        auth: &Authorized<R>,
        actor: UserId,
        user: UserId,
        how: &'static str,
    ) -> Result<()> {
        let (mut tx, policy) = self.changing(auth).await?;
        let member = person(&mut tx, &policy, user).await?;
        let policy = self.knowing(&mut tx, &policy, &member).await?;
        reaches(&policy, actor, &member, auth.now())?;
        let refused = if how == "left" { "leave" } else { "be removed" };
        keep_an_admin(&mut tx, auth.scope(), &member, refused).await?;
        let entries = end(&mut tx, auth, &policy, &member, how).await?;
        Ok(tx.commit_all(&entries).await?)
    }
}

/// Ends a membership inside a transaction that has locked the organization, after it was checked that it may. Returns
/// what the audit log is to say.
pub(crate) async fn end<R: Right<Scope = OrgId>>(
    tx: &mut WriteTx,
    auth: &Authorized<R>,
    policy: &Snapshot,
    member: &Member,
    how: &'static str,
) -> Result<Vec<NewEntry>> {
    store::members::remove(tx, auth.scope(), member.user).await?;
    store::openid::tell_of_departed(tx, auth.scope(), member.user, auth.now()).await?;
    let sent = invitations::end_those_of(tx, auth, policy, member.user, &Rights::NONE).await?;
    let event = Event::of(AuditAction::MemberRemoved)
        .on("user", member.user.uuid(), member.name.as_str())
        .before(json!({ "role": member.role, "workspaces": member.workspaces }))
        .after(json!({ "how": how }));
    Ok([vec![auth.audit(event)], sent].concat())
}

/// Refuses to end, or bring back, anything of somebody who holds more than the caller. `policy` has to know them, also if
/// they are locked.
pub(crate) fn reaches(policy: &Snapshot, actor: UserId, member: &Member, now: Timestamp) -> Result<()> {
    let rights = |user| policy.org_rights(user, now).unwrap_or_default();
    if rights(actor).covers(&rights(member.user)) {
        return Ok(());
    }
    Err(Error::forbidden(format!("{} holds more in this organization than you do.", member.name)))
}

/// A member who is a person: service accounts have operations of their own.
pub(crate) async fn person(tx: &mut ReadTx, policy: &Snapshot, user: UserId) -> Result<Member> {
    let member = store::members::by_id(tx, policy.org, user).await?;
    member.filter(|_| !policy.is_service_account(user)).ok_or_else(Error::not_found)
}

/// Refuses what would leave the organization without an administrator.
pub(crate) async fn keep_an_admin(tx: &mut ReadTx, org: OrgId, member: &Member, what: &str) -> Result<()> {
    if member.role == OrgRole::Admin && !store::members::has_other_admin(tx, org, member.user).await? {
        return Err(Error::conflict(format!(
            "{} is the only Organization Admin and cannot {what}. Make somebody else an admin first.",
            member.name
        )));
    }
    Ok(())
}

/// What was typed into a search field, as the store compares it; `None` if it is blank.
pub(crate) fn search_text(text: Option<&str>) -> Result<Option<String>> {
    let text = text.unwrap_or_default().trim();
    if text.chars().count() > 200 {
        return Err(Error::invalid("search", "Search for at most 200 characters."));
    }
    // PostgreSQL cannot hold a zero byte in a text, and no name has one.
    if text.contains('\0') {
        return Err(Error::invalid("search", "Leave out control characters."));
    }
    Ok((!text.is_empty()).then(|| text.to_lowercase()))
}

/// Where a page of people, in the order of their names, goes on.
pub(crate) fn write_cursor(user: UserId, name: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{user}{}", store::members::sort_name(name)))
}

/// The name, as it is ordered, and the person a page begins after.
pub(crate) fn read_cursor(text: &str) -> Result<(String, UserId)> {
    const ID: usize = 36;
    let wrong = || Error::invalid("cursor", "This page does not exist. Begin at the first one.");
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
    let text = String::from_utf8(bytes).map_err(|_| wrong())?;
    let (id, name) = text.split_at_checked(ID).ok_or_else(wrong)?;
    if name.contains('\0') {
        return Err(wrong());
    }
    Ok((name.to_owned(), id.parse().map_err(|_| wrong())?))
}
