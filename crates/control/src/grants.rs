//! Roles given and taken: in the organization, in workspaces, in projects.
//!
//! The rules are the same everywhere. Nobody gives, or takes, more than they hold in that place. What is given stays in
//! the organization: role, principal and place belong to it. Whoever would take something from themselves is told what,
//! and has to confirm.

use crate::Control;
use crate::audit::Event;
use crate::authz::{
    Authorized, GrantManage, InOrg, OrgGrantManage, ProjectGrantManage, Right, Role, RoleRead, Snapshot,
};
use crate::cx::{Actor, Cx};
use crate::effects;
use crate::error::{Error, Result};
use model::audit::AuditAction;
use model::grant::{Grant, GrantChoices, NewGrant, Place, Principal, RoleChoice};
use model::role::Predefined;
use model::{GrantId, Level, OrgId, OrgRole, Permission, Rights, RoleRef, Timestamp, UserId, WorkspaceId};
use serde_json::{Value, json};
use store::audit::NewEntry;
use store::{ReadTx, WriteTx};

/// Grants shown in one list.
const SHOWN: u32 = 500;

impl Control {
    /// The roles given in the organization itself, besides the one every member has, and what the caller may give.
    pub async fn org_grants(
        &self,
        auth: &Authorized<RoleRead>,
    ) -> Result<(Vec<Grant>, Option<GrantChoices>)> {
        let user = auth.user().ok_or_else(Error::not_found)?;
        let policy = self.policy(auth.scope()).await?.ok_or_else(Error::not_found)?;
        let rights = policy.org_rights(user, auth.now()).unwrap_or_default();
        let mut tx = self.store().read().await?;
        let grants = store::grants::of_org(&mut tx, auth.scope(), auth.now(), SHOWN).await?;
        let place = Place::Org(auth.scope());
        let choices = if rights.grants(Permission::OrgGrantManage) {
            Some(choices(&mut tx, &policy, user, place, auth.now()).await?)
        } else {
            None
        };
        Ok((grants.into_iter().map(shown).collect(), choices))
    }

    /// Gives a role in the organization.
    ///
    /// # Errors
    ///
    /// See [`Control::grant_in_workspace`].
    pub async fn grant_in_org(
        &self,
        auth: &Authorized<OrgGrantManage>,
        who: &str,
        role: RoleRef,
        until: Option<&str>,
    ) -> Result<GrantId> {
        self.grant(auth, Place::Org(auth.scope()), &Whom::Named(who), role, until).await
    }

    /// Gives a role in a workspace to whoever `who` names: a person by address or username, a team by its name, or any
    /// principal by its id. `until` is the last day on which it holds, in UTC.
    ///
    /// # Errors
    ///
    /// `invalid` on `who` for somebody who is not in the organization, on `role` for a role of another level or
    /// organization, on `until` for a day that is over; `forbidden` for a role that allows more than the caller holds
    /// in the place; `conflict` if they hold it there already.
    pub async fn grant_in_workspace(
        &self,
        auth: &Authorized<GrantManage>,
        who: &str,
        role: RoleRef,
        until: Option<&str>,
    ) -> Result<GrantId> {
        self.grant(auth, Place::Workspace(auth.scope()), &Whom::Named(who), role, until).await
    }

    /// Gives a role in a project.
    ///
    /// # Errors
    ///
    /// See [`Control::grant_in_workspace`]; `not_found` for a project Reeve does not know of.
    pub async fn grant_in_project(
        &self,
        auth: &Authorized<ProjectGrantManage>,
        who: &str,
        role: RoleRef,
        until: Option<&str>,
    ) -> Result<GrantId> {
        self.grant(auth, Place::Project(auth.scope()), &Whom::Named(who), role, until).await
    }

    /// Gives a role to a principal, for callers that have its id. The place is the proof's.
    pub async fn grant_to<R>(
        &self,
        auth: &Authorized<R>,
        principal: Principal,
        role: RoleRef,
    ) -> Result<GrantId>
    where
        R: ManagesGrants + Right<Scope: InOrg + Into<Place>>,
    {
        self.grant(auth, auth.scope().into(), &Whom::Known(principal), role, None).await
    }

    /// Takes a role in the organization.
    ///
    /// # Errors
    ///
    /// See [`Control::revoke_in_workspace`].
    pub async fn revoke_in_org(
        &self,
        auth: &Authorized<OrgGrantManage>,
        grant: GrantId,
        confirmed: bool,
    ) -> Result<()> {
        self.revoke(auth, |place| place == Place::Org(auth.scope()), grant, confirmed).await
    }

    /// Takes a role in a workspace or in one of its projects. Their next request there is judged without it.
    ///
    /// # Errors
    ///
    /// `not_found` for a grant of another place; `forbidden` if it allows more than the caller holds; `conflict` if the
    /// caller would lose something themselves and did not confirm.
    pub async fn revoke_in_workspace(
        &self,
        auth: &Authorized<GrantManage>,
        grant: GrantId,
        confirmed: bool,
    ) -> Result<()> {
        self.revoke(auth, |place| place.workspace() == Some(auth.scope()), grant, confirmed).await
    }

    /// Takes a role in a project.
    ///
    /// # Errors
    ///
    /// See [`Control::revoke_in_workspace`].
    pub async fn revoke_in_project(
        &self,
        auth: &Authorized<ProjectGrantManage>,
        grant: GrantId,
        confirmed: bool,
    ) -> Result<()> {
        self.revoke(auth, |place| place == Place::Project(auth.scope()), grant, confirmed).await
    }

    async fn grant<R: Right<Scope: InOrg>>(
        &self,
        auth: &Authorized<R>,
        place: Place,
        whom: &Whom<'_>,
        role: RoleRef,
        until: Option<&str>,
    ) -> Result<GrantId> {
        let until = until.map(|text| last_day(text, auth.now())).transpose()?.flatten();
        let (mut tx, policy) = self.changing(auth).await?;
        let principal = match whom {
            Whom::Known(principal) => *principal,
            Whom::Named(who) => find(&mut tx, auth.org(), who).await?,
        };
        let new = NewGrant { principal, role, until };
        let given = give(&mut tx, &policy, place, &new, auth.cx()).await?;
        tx.commit(auth.audit(event(AuditAction::GrantCreated, &given).after(told(&given)))).await?;
        Ok(given.id)
    }

    async fn revoke<R: Right<Scope: InOrg>>(
        &self,
        auth: &Authorized<R>,
        is_here: impl Fn(Place) -> bool,
        id: GrantId,
        confirmed: bool,
    ) -> Result<()> {
        let actor = auth.user().ok_or_else(Error::unauthenticated)?;
        let (mut tx, policy) = self.changing(auth).await?;
        let grant = store::grants::by_id(&mut tx, auth.org(), id, auth.now())
            .await?
            .filter(|grant| is_here(grant.place))
            .ok_or_else(Error::not_found)?;
        if let Some(role) = policy.role(grant.role) {
            no_more_than_held(&policy, Giver::person(actor), grant.place, role, auth.now())?;
        }
        effects::refuse_own_loss(&policy, || policy.without_grants(&[id]), actor, auth.now(), confirmed)?;
        store::grants::remove(&mut tx, auth.org(), id).await?;
        let grant = shown(grant);
        Ok(tx.commit(auth.audit(event(AuditAction::GrantDeleted, &grant).before(told(&grant)))).await?)
    }
}

/// Rights that allow giving roles in their place.
pub trait ManagesGrants {}
impl ManagesGrants for OrgGrantManage {}
impl ManagesGrants for GrantManage {}
impl ManagesGrants for ProjectGrantManage {}

enum Whom<'a> {
    /// As somebody typed it.
    Named(&'a str),
    /// By id.
    Known(Principal),
}

/// Gives a role inside a transaction that has locked the organization, after all rules were checked against what held
/// before it.
///
/// # Errors
///
/// See [`Control::grant_in_workspace`].
pub(crate) async fn give(
    tx: &mut WriteTx,
    policy: &Snapshot,
    place: Place,
    new: &NewGrant,
    cx: &Cx,
) -> Result<Grant> {
    let (giver, now) = (Giver::of(cx)?, cx.now());
    let role = policy
        .role(new.role)
        .filter(|role| role.level == place.level())
        .ok_or_else(|| Error::invalid("role", wrong_level(place.level())))?
        .clone();
    no_more_than_held(policy, giver, place, &role, now)?;
    no_longer_than_held(policy, giver, place, &role, new.until)?;
    exists(tx, policy, place).await?;
    must_belong(tx, policy, new.principal, now).await?;
    let made = insert(tx, policy.org, giver.user, place, new, cx).await?;
    made.ok_or_else(|| Error::conflict(format!("They are {} here already.", with_article(&role.name))))
}

/// Makes somebody who made a workspace or a project its administrator, which is no gift of anybody's, for as long as they
/// may make one. Returns the grant with the entry that tells of it; `None` if they are that already.
pub(crate) async fn give_to_maker<R: Right<Scope: InOrg>>(
    tx: &mut WriteTx,
    auth: &Authorized<R>,
    maker: UserId,
    place: Place,
    role: RoleRef,
    until: Option<Timestamp>,
) -> Result<Option<NewEntry>> {
    let new = NewGrant { principal: Principal::User(maker), role, until };
    let made = insert(tx, auth.org(), maker, place, &new, auth.cx()).await?;
    Ok(made.map(|grant| auth.audit(event(AuditAction::GrantCreated, &grant).after(told(&grant)))))
}

async fn insert(
    tx: &mut WriteTx,
    org: OrgId,
    by: UserId,
    place: Place,
    new: &NewGrant,
    cx: &Cx,
) -> Result<Option<Grant>> {
    let grant = store::grants::NewGrant {
        id: cx.new_id(),
        org,
        place,
        principal: new.principal,
        role: new.role,
        by: Some(by),
        at: cx.now(),
        expires_at: new.until,
    };
    if !store::grants::insert(tx, &grant).await? {
        return Ok(None);
    }
    let made = store::grants::by_id(tx, org, grant.id, cx.now()).await?;
    Ok(Some(made.map(shown).ok_or_else(|| Error::internal("a grant that was just made is not there"))?))
}

const fn wrong_level(level: Level) -> &'static str {
    match level {
        Level::Organization => "Choose a role that is given in organizations.",
        Level::Workspace => "Choose a role that is given in workspaces.",
        Level::Project => "Choose a role that is given in projects.",
        Level::Team => "Roles are not given in teams.",
    }
}

fn with_article(role: &str) -> String {
    let vowel = role.chars().next().is_some_and(|first| "aeiouAEIOU".contains(first));
    format!("{} {role}", if vowel { "an" } else { "a" })
}

/// Whoever gives or takes. By a limited key one gives no permission of Reeve that it has not itself: whoever stole it would
/// be rid of its limits. What one takes gives nobody anything.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Giver {
    user: UserId,
    limits: Option<Rights>,
}

impl Giver {
    /// Whoever makes a request.
    pub(crate) fn of(cx: &Cx) -> Result<Self> {
        let user = cx.user().ok_or_else(Error::unauthenticated)?;
        Ok(Self { user, limits: cx.actor().and_then(Actor::key).and_then(|key| key.scopes) })
    }

    /// Somebody with all they hold.
    pub(crate) const fn person(user: UserId) -> Self {
        Self { user, limits: None }
    }

    /// What of a place is theirs to give.
    pub(crate) fn holds(&self, policy: &Snapshot, place: Place, now: Timestamp) -> Rights {
        let held = policy.held_in(self.user, place, now).unwrap_or_default();
        let Some(mut limits) = self.limits else { return held };
        // To belong to the organization is nothing that a key would be limited to.
        if let Some(everybodys) = policy.role(OrgRole::Member.into()) {
            limits.join(&everybodys.rights);
        }
        held.within(&limits)
    }

    /// The first workspace in which something is shared with a principal that is not theirs to give.
    pub(crate) fn lacks_shared(&self, policy: &Snapshot, with: Principal) -> Option<WorkspaceId> {
        policy.shared_beyond(with, self.user, Timestamp::MAX)
    }

    const fn who(&self) -> &'static str {
        if self.limits.is_some() { "this key may do" } else { "you hold" }
    }
}

/// Nobody gives, takes or changes what allows more than they hold in the place themselves.
///
/// # Errors
///
/// `forbidden`, naming something that they do not hold.
pub(crate) fn no_more_than_held(
    policy: &Snapshot,
    giver: Giver,
    place: Place,
    role: &Role,
    now: Timestamp,
) -> Result<()> {
    let beyond = role.gives_in(place).without(&giver.holds(policy, place, now));
    if beyond.is_empty() {
        return Ok(());
    }
    let example = beyond.names().next().map(|name| format!(" It allows “{name}”.")).unwrap_or_default();
    Err(Error::forbidden(format!("{} allows more than {} here.{example}", role.name, giver.who())))
}

/// Nobody gives for longer than they hold themselves: what somebody has until Friday is not theirs to give for good.
///
/// # Errors
///
/// `forbidden` with the field `until`.
pub(crate) fn no_longer_than_held(
    policy: &Snapshot,
    giver: Giver,
    place: Place,
    role: &Role,
    until: Option<Timestamp>,
) -> Result<()> {
    no_more_than_held(policy, giver, place, role, last_instant(until)).map_err(|_| {
        Error::forbidden(format!("You hold what {} allows for a shorter time yourself.", role.name))
            .and_field("until", "Choose a day on which you hold as much yourself.")
    })
}

/// The last instant of something that ends at `until`, or never.
pub(crate) fn last_instant(until: Option<Timestamp>) -> Timestamp {
    until.map_or(Timestamp::MAX, |until| until.plus_ms(-1))
}

/// A workspace is there because the proof says so; a project has to be known.
async fn exists(tx: &mut ReadTx, policy: &Snapshot, place: Place) -> Result<()> {
    let known = match place {
        Place::Org(org) => org == policy.org,
        Place::Workspace(workspace) => policy.has_workspace(workspace),
        Place::Project(place) => {
            policy.has_workspace(place.workspace) && store::projects::by_id(tx, place).await?.is_some()
        }
    };
    if known { Ok(()) } else { Err(Error::not_found()) }
}

/// Nobody from outside the organization is given anything in it.
pub(crate) async fn must_belong(
    tx: &mut ReadTx,
    policy: &Snapshot,
    principal: Principal,
    now: Timestamp,
) -> Result<()> {
    let why = match principal {
        Principal::User(user) if policy.member(user).is_some() => return Ok(()),
        Principal::User(_) => "They are not a member of this organization. Invite them first.",
        Principal::Team(team) if policy.has_team(team) => return Ok(()),
        Principal::Team(_) => "There is no such team in this organization.",
        Principal::Invitation(id) => {
            let found = store::invitations::by_id(tx, policy.org, id).await?;
            if found.is_some_and(|found| found.state(now) == model::invitation::InvitationState::Open) {
                return Ok(());
            }
            "This invitation is not open any more."
        }
    };
    Err(Error::invalid("who", why))
}

/// Whom a text means: a principal by its id, `team:NAME`, a member by address or username, a team by its name, an open
/// invitation by its address.
///
/// # Errors
///
/// `invalid` on `who` if it names nobody of the organization, or more than one.
pub(crate) async fn find(tx: &mut ReadTx, org: OrgId, who: &str) -> Result<Principal> {
    let who = who.trim();
    if who.is_empty() {
        return Err(Error::invalid("who", "Enter an e-mail address, a username or a team."));
    }
    if who.chars().count() > 320 || who.contains('\0') {
        return Err(Error::invalid("who", "No address, username or team is written like that."));
    }
    if let Ok(principal) = who.parse() {
        return Ok(principal);
    }
    let folded = who.to_lowercase();
    if let Some(name) = folded.strip_prefix("team:") {
        let team = store::teams::by_name(tx, org, name.trim()).await?;
        return team
            .map(Principal::Team)
            .ok_or_else(|| Error::invalid("who", "There is no team of this name."));
    }
    let people = store::grants::members_named(tx, org, &folded).await?;
    let team = store::teams::by_name(tx, org, &folded).await?;
    let invitation = store::invitations::open_for(tx, org, &folded).await?;
    match (people.as_slice(), team, invitation) {
        ([user], None, None) => Ok(Principal::User(*user)),
        ([], Some(team), None) => Ok(Principal::Team(team)),
        ([], None, Some(invitation)) => Ok(Principal::Invitation(invitation)),
        ([], None, None) => Err(Error::invalid(
            "who",
            "No member, team or open invitation is called this. Invite them to the organization first.",
        )),
        ([_, _, ..], _, _) => {
            Err(Error::invalid("who", "Several members have this address. Enter the username."))
        }
        _ => Err(Error::invalid(
            "who",
            "Several are called this. Write team: before the name of a team, or enter the member’s username.",
        )),
    }
}

/// The end of the last day on which something holds, in UTC. `None` for a blank text: it holds for good.
///
/// # Errors
///
/// `invalid` on `until` for what is no day, or one that is over.
pub(crate) fn last_day(text: &str, now: Timestamp) -> Result<Option<Timestamp>> {
    const DAY_S: i64 = 86_400;
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let day = Timestamp::parse(text)
        .filter(|_| text.len() == "2026-01-31".len())
        .ok_or_else(|| Error::invalid("until", "Enter a day, such as 2027-01-31."))?;
    let end = day.plus_s(DAY_S);
    if end <= now {
        return Err(Error::invalid("until", "This day is over."));
    }
    Ok(Some(end))
}

/// What somebody may give in a place, and to which teams.
pub(crate) async fn choices(
    tx: &mut ReadTx,
    policy: &Snapshot,
    actor: UserId,
    place: Place,
    now: Timestamp,
) -> Result<GrantChoices> {
    let held = policy.held_in(actor, place, now).unwrap_or_default();
    let summaries: std::collections::HashMap<RoleRef, String> = store::roles::list(tx, policy.org)
        .await?
        .into_iter()
        .map(|role| (RoleRef::Custom(role.id), role.description))
        .collect();
    let roles = policy
        .roles()
        .iter()
        .filter(|role| role.level == place.level() && held.covers(&role.gives_in(place)))
        .map(|role| RoleChoice {
            role: role.role,
            name: role.name.clone(),
            summary: match role.role {
                RoleRef::Predefined(role) => Predefined::summary(role).to_owned(),
                RoleRef::Custom(_) => summaries.get(&role.role).cloned().unwrap_or_default(),
            },
        })
        .collect();
    let mut teams = store::teams::names(tx, policy.org).await?;
    // Which teams there are is not for everybody who may give roles in one place.
    if !policy.org_rights(actor, now).is_some_and(|rights| rights.grants(Permission::TeamRead)) {
        teams.retain(|(team, _)| policy.part_in_team(*team, actor).is_some());
    }
    Ok(GrantChoices { roles, teams })
}

/// A grant as people read it.
pub(crate) fn shown(grant: store::grants::Grant) -> Grant {
    let role_name = match grant.role {
        RoleRef::Predefined(role) => role.label().to_owned(),
        RoleRef::Custom(_) => grant.custom_name.unwrap_or_default(),
    };
    Grant {
        id: grant.id,
        principal: grant.principal,
        principal_name: grant.principal_name,
        place: grant.place,
        place_name: grant.place_name,
        role: grant.role,
        role_name,
        expires_at: grant.expires_at,
        created_at: grant.created_at,
    }
}

/// A grant, as the audit log tells of it.
pub(crate) fn told(grant: &Grant) -> Value {
    json!({
        "place": grant.place_name,
        "level": grant.place.level(),
        "role": grant.role_name,
        "until": grant.expires_at.map(Timestamp::to_rfc3339),
    })
}

/// Something that was done with a grant, on whoever holds it.
pub(crate) fn event(action: AuditAction, grant: &Grant) -> Event {
    Event::of(action).on(grant.principal.kind(), grant.principal.uuid(), grant.principal_name.as_str())
}

/// Grants, as the audit log tells of several at once.
pub(crate) fn listed(grants: &[Grant]) -> Value {
    grants.iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_holds_until_its_end() {
        let now = Timestamp::parse("2026-11-25T12:00:00Z").unwrap();
        let end = Timestamp::parse("2026-11-26T00:00:00Z");
        assert_eq!(last_day(" 2026-11-25 ", now).unwrap(), end);
        assert_eq!(last_day("", now).unwrap(), None);
        for text in ["2026-11-24", "tomorrow", "2026-13-01", "2026-11-25T10:00:00Z", "1", "\0"] {
            assert!(last_day(text, now).is_err(), "{text}");
        }
    }
}
