//! Teams: people who hold roles and shares together.
//!
//! Whoever is in a team holds what it holds. So putting somebody in is giving them all of that, and nobody gives what
//! they do not hold themselves. A maintainer manages who is in the team, and nothing else.

use crate::Control;
use crate::access::Names;
use crate::audit::Event;
use crate::authz::{Authorized, OrgRead, Snapshot, TeamCreate, TeamManage, TeamMembers, TeamRead};
use crate::effects;
use crate::error::{Error, Result};
use crate::grants::{self, Giver};
use crate::members::search_text;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::audit::AuditAction;
use model::grant::{Place, Principal};
use model::page::{PAGE_SIZE, Page};
use model::team::{Team, TeamCan, TeamDetail, TeamList, TeamMember, TeamQuery};
use model::text::{DisplayName, Note};
use model::{Permission, TeamId, Timestamp};
use serde_json::json;
use store::teams::Filter;
use store::{ReadTx, WriteTx};
use uuid::Uuid;

/// Teams of one organization.
const TEAMS_AT_MOST: i64 = 10_000;
/// People and invitations in one team.
const MEMBERS_AT_MOST: u32 = 10_000;

/// What to change of a team. What is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct TeamChange {
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
}

impl Control {
    /// A page of the teams, by name: all of them or, for somebody who may not see those, the ones they are in.
    pub async fn teams(&self, auth: &Authorized<OrgRead>, query: &TeamQuery) -> Result<TeamList> {
        let page = self.teams_page(auth, query, PAGE_SIZE).await?;
        let user = auth.user().ok_or_else(Error::not_found)?;
        let policy = self.policy(auth.scope()).await?.ok_or_else(Error::not_found)?;
        let rights = policy.org_rights(user, auth.now()).unwrap_or_default();
        Ok(TeamList { page, can_manage: rights.grants(Permission::TeamManage) })
    }

    /// The teams alone, and a page of another size.
    pub async fn teams_page(
        &self,
        auth: &Authorized<OrgRead>,
        query: &TeamQuery,
        limit: u32,
    ) -> Result<Page<Team>> {
        let user = auth.user().ok_or_else(Error::not_found)?;
        let policy = self.policy(auth.scope()).await?.ok_or_else(Error::not_found)?;
        let rights = policy.org_rights(user, auth.now()).unwrap_or_default();
        let filter = Filter {
            search: search_text(query.search.as_deref())?,
            of: (!rights.grants(Permission::TeamRead)).then_some(user),
            after: query.cursor.as_deref().map(read_team_cursor).transpose()?,
        };
        let mut tx = self.store().read().await?;
        let rows = store::teams::list(&mut tx, auth.scope(), &filter, auth.now(), limit + 1).await?;
        Ok(Page::cut(rows, limit, write_team_cursor))
    }

    /// One team, with a page of its people in the order in which they came, and what it holds.
    pub async fn team(&self, auth: &Authorized<TeamRead>, cursor: Option<&str>) -> Result<TeamDetail> {
        let user = auth.user().ok_or_else(Error::not_found)?;
        let policy = self.policy(auth.org()).await?.ok_or_else(Error::not_found)?;
        let rights = policy.org_rights(user, auth.now()).unwrap_or_default();
        let after = cursor.map(read_person_cursor).transpose()?;
        let mut tx = self.store().snapshot().await?;
        let team = known(&mut tx, auth.scope(), auth.now()).await?;
        let rows = store::teams::members(&mut tx, team.id, after, PAGE_SIZE + 1).await?;
        let held =
            store::grants::of_principal(&mut tx, auth.org(), Principal::Team(team.id), auth.now()).await?;
        let maintains = policy.part_in_team(team.id, user) == Some(true);
        Ok(TeamDetail {
            team,
            people: Page::cut(rows, PAGE_SIZE, write_person_cursor),
            grants: held.into_iter().map(grants::shown).collect(),
            can: TeamCan {
                manage: rights.grants(Permission::TeamManage),
                members: rights.grants(Permission::TeamMembers) || maintains,
                grant: rights.grants(Permission::OrgGrantManage),
            },
        })
    }

    /// Its people alone, and a page of another size.
    pub async fn team_members(
        &self,
        auth: &Authorized<TeamRead>,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<TeamMember>> {
        let after = cursor.map(read_person_cursor).transpose()?;
        let mut tx = self.store().read().await?;
        let rows = store::teams::members(&mut tx, auth.scope(), after, limit + 1).await?;
        Ok(Page::cut(rows, limit, write_person_cursor))
    }

    /// Makes a team with nobody in it.
    ///
    /// # Errors
    ///
    /// `conflict` with the field `name` if another team has it, in any spelling, or if there are too many teams.
    pub async fn create_team(
        &self,
        auth: &Authorized<TeamCreate>,
        name: &str,
        description: &str,
    ) -> Result<Team> {
        let (name, note) = named(name, description)?;
        let (org, id) = (auth.scope(), auth.cx().new_id());
        let (mut tx, _) = self.changing(auth).await?;
        if store::teams::count(&mut tx, org).await? >= TEAMS_AT_MOST {
            return Err(Error::conflict(
                "An organization has at most 10,000 teams. Delete one that is not needed.",
            ));
        }
        if !store::teams::insert(&mut tx, org, id, name.as_str(), note.as_str(), auth.now()).await? {
            return Err(name_is_taken());
        }
        let event = Event::of(AuditAction::TeamCreated)
            .on("team", id.uuid(), name.as_str())
            .after(json!({ "name": name.as_str(), "description": note.as_str() }));
        let made = known(&mut tx, id, auth.now()).await?;
        tx.commit(auth.audit(event)).await?;
        Ok(made)
    }

    /// Changes a team's name and description, and returns it as it is then.
    ///
    /// # Errors
    ///
    /// `conflict` with the field `name` if another team has it, in any spelling.
    pub async fn update_team(&self, auth: &Authorized<TeamManage>, change: &TeamChange) -> Result<Team> {
        let mut tx = self.writing(auth).await?;
        let before = known(&mut tx, auth.scope(), auth.now()).await?;
        // Under the lock: what stays is what another change made of it until now.
        let (name, note) = named(
            change.name.as_deref().unwrap_or(&before.name),
            change.description.as_deref().unwrap_or(&before.description),
        )?;
        if store::teams::name_is_taken(&mut tx, auth.org(), name.as_str(), before.id).await? {
            return Err(name_is_taken());
        }
        store::teams::update(&mut tx, before.id, name.as_str(), note.as_str(), auth.now()).await?;
        let event = Event::of(AuditAction::TeamUpdated)
            .on("team", before.id.uuid(), name.as_str())
            .before(json!({ "name": before.name, "description": before.description }))
            .after(json!({ "name": name.as_str(), "description": note.as_str() }));
        let after = known(&mut tx, before.id, auth.now()).await?;
        tx.commit(auth.audit(event)).await?;
        Ok(after)
    }

    /// Deletes a team with its roles and shares. Its name has to be typed, which confirms what the caller would lose.
    ///
    /// # Errors
    ///
    /// `invalid` on `confirm` for another name, or `conflict` if the caller would lose something themselves; `forbidden`
    /// if the team holds more in the organization than the caller.
    pub async fn delete_team(&self, auth: &Authorized<TeamManage>, typed_name: &str) -> Result<()> {
        self.end_team(auth, |team| {
            let typed = typed_name.trim() == team.name;
            if typed { Ok(true) } else { Err(format!("Type “{}” to delete it.", team.name)) }
        })
        .await
    }

    /// Deletes a team that is named by its id, where nobody types its name.
    ///
    /// # Errors
    ///
    /// As [`Control::delete_team`]; `conflict` if the caller would lose something themselves and did not confirm.
    pub async fn delete_team_by_id(&self, auth: &Authorized<TeamManage>, confirmed: bool) -> Result<()> {
        self.end_team(auth, |_| Ok(confirmed)).await
    }

    /// Deletes a team. `confirmed` says whether the caller accepts what they would lose, or what they have to do first.
    async fn end_team(
        &self,
        auth: &Authorized<TeamManage>,
        confirmed: impl FnOnce(&Team) -> std::result::Result<bool, String>,
    ) -> Result<()> {
        let actor = auth.user().ok_or_else(Error::unauthenticated)?;
        let now = auth.now();
        let (mut tx, policy) = self.changing(auth).await?;
        let team = known(&mut tx, auth.scope(), now).await?;
        let in_org = |place: Place| matches!(place, Place::Org(_));
        holds_as_much(&mut tx, &policy, team.id, Giver::person(actor), in_org, now, Keeps::Now).await?;
        let without = || policy.without_team(team.id);
        match confirmed(&team) {
            Ok(confirmed) => effects::refuse_own_loss(&policy, without, actor, now, confirmed)?,
            Err(first) => {
                effects::refuse_own_loss(&policy, without, actor, now, false)
                    .map_err(|error| error.and_field("confirm", first.as_str()))?;
                return Err(Error::invalid("confirm", first));
            }
        }
        let roles = store::grants::remove_all_of_team(&mut tx, team.id).await?;
        let shares = store::shares::remove_all_of_team(&mut tx, team.id).await?;
        store::teams::delete(&mut tx, team.id).await?;
        let event = Event::of(AuditAction::TeamDeleted).on("team", team.id.uuid(), team.name).before(json!({
            "description": team.description, "members": team.members, "roles": roles, "shares": shares,
        }));
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// Puts a member of the organization, or somebody whose invitation is open, into a team.
    ///
    /// # Errors
    ///
    /// `invalid` on `who` for anybody else; `conflict` if they are in it already, or it is full; `forbidden` if the team
    /// holds more anywhere than the caller.
    pub async fn add_team_member(&self, auth: &Authorized<TeamMembers>, who: &str) -> Result<()> {
        let (id, now) = (auth.scope(), auth.now());
        let (mut tx, policy) = self.changing(auth).await?;
        let team = known(&mut tx, id, now).await?;
        let principal = somebody(&mut tx, &policy, who, now).await?;
        if let Some(member) = store::teams::member(&mut tx, id, principal).await? {
            return Err(Error::conflict(format!("{} is in this team already.", member.name)));
        }
        if team.members >= MEMBERS_AT_MOST {
            return Err(Error::conflict("A team has at most 10,000 members. Take somebody out first."));
        }
        may_bring_in(&mut tx, &policy, id, Giver::of(auth.cx())?, now).await?;
        store::teams::add(&mut tx, id, principal, false, now).await?;
        let member = in_team(&mut tx, id, principal).await?;
        let event = Event::of(AuditAction::TeamMemberAdded)
            .on("team", id.uuid(), team.name)
            .after(json!({ principal.kind(): principal.uuid(), "name": member.name }));
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// Takes somebody out of a team. Their next request is judged without it.
    ///
    /// # Errors
    ///
    /// `not_found` if they are not in it; `forbidden` if the team holds more in the organization than the caller; `conflict`
    /// if the caller would lose something themselves and did not confirm.
    pub async fn remove_team_member(
        &self,
        auth: &Authorized<TeamMembers>,
        principal: Principal,
        confirmed: bool,
    ) -> Result<()> {
        let actor = auth.user().ok_or_else(Error::unauthenticated)?;
        let (id, now) = (auth.scope(), auth.now());
        let (mut tx, policy) = self.changing(auth).await?;
        let team = known(&mut tx, id, now).await?;
        let member = in_team(&mut tx, id, principal).await?;
        // Or an administrator by a team could be made less than whoever takes them out, and be locked next. A maintainer
        // holds what the team does.
        let in_org = |place: Place| matches!(place, Place::Org(_));
        holds_as_much(&mut tx, &policy, id, Giver::person(actor), in_org, now, Keeps::Now).await?;
        if principal == Principal::User(actor) {
            let after = || policy.without_team_member(id, actor);
            effects::refuse_own_loss(&policy, after, actor, now, confirmed)?;
            let rights = policy.org_rights(actor, now).unwrap_or_default();
            if !confirmed && !rights.grants(Permission::TeamMembers) {
                let why = "You would no longer manage who is in this team. Confirm to go on.";
                return Err(Error::conflict(why).and_field("confirmed", why));
            }
        }
        store::teams::take_out(&mut tx, id, principal).await?;
        let event =
            Event::of(AuditAction::TeamMemberRemoved).on("team", id.uuid(), team.name).before(json!({
                principal.kind(): principal.uuid(), "name": member.name, "maintainer": member.maintainer,
            }));
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// Makes somebody in a team a maintainer of it, or no longer.
    ///
    /// # Errors
    ///
    /// `not_found` if they are not in the team.
    pub async fn set_team_maintainer(
        &self,
        auth: &Authorized<TeamManage>,
        principal: Principal,
        maintainer: bool,
    ) -> Result<()> {
        let id = auth.scope();
        let (mut tx, _) = self.changing(auth).await?;
        let team = known(&mut tx, id, auth.now()).await?;
        let member = in_team(&mut tx, id, principal).await?;
        if member.maintainer == maintainer {
            // Nothing to do, and nothing to write down: dropping the transaction undoes the lock.
            return Ok(());
        }
        store::teams::set_maintainer(&mut tx, id, principal, maintainer).await?;
        let told = |maintainer: bool| json!({ principal.kind(): principal.uuid(), "name": member.name, "maintainer": maintainer });
        let event = Event::of(AuditAction::TeamMemberUpdated)
            .on("team", id.uuid(), team.name)
            .before(told(member.maintainer))
            .after(told(maintainer));
        Ok(tx.commit(auth.audit(event)).await?)
    }
}

fn named(name: &str, description: &str) -> Result<(DisplayName, Note)> {
    let name = DisplayName::parse(name).map_err(|e| Error::invalid("name", e.0))?;
    let note = Note::parse(description).map_err(|e| Error::invalid("description", e.0))?;
    // What is given to a name must not end up with a team that took it: of a person's address, of an id, of the way in
    // which a team is written.
    let folded = name.as_str().to_lowercase();
    if folded.contains('@') || folded.starts_with("team:") || folded.parse::<Principal>().is_ok() {
        return Err(Error::invalid("name", "A team is not named like an address or an id."));
    }
    Ok((name, note))
}

fn name_is_taken() -> Error {
    Error::conflict("Another team of this organization has this name.")
        .and_field("name", "Another team has this name. Choose another one.")
}

/// The team of a proof, which may be gone since.
async fn known(tx: &mut ReadTx, id: TeamId, now: Timestamp) -> Result<Team> {
    store::teams::by_id(tx, id, now).await?.ok_or_else(Error::not_found)
}

async fn in_team(tx: &mut ReadTx, id: TeamId, principal: Principal) -> Result<TeamMember> {
    store::teams::member(tx, id, principal).await?.ok_or_else(Error::not_found)
}

/// Whom `who` means, if it is somebody who can be in a team.
async fn somebody(tx: &mut ReadTx, policy: &Snapshot, who: &str, now: Timestamp) -> Result<Principal> {
    let principal = grants::find(tx, policy.org, who).await?;
    let why = match principal {
        Principal::User(_) | Principal::Invitation(_) => {
            grants::must_belong(tx, policy, principal, now).await?;
            return Ok(principal);
        }
        Principal::Team(_) => "A team cannot be in a team. Enter an e-mail address or a username.",
    };
    Err(Error::invalid("who", why))
}

/// Whether somebody may be given everything a team holds.
///
/// # Errors
///
/// `forbidden`, naming what of the team's allows more, and where.
pub(crate) async fn may_bring_in(
    tx: &mut WriteTx,
    policy: &Snapshot,
    team: TeamId,
    giver: Giver,
    now: Timestamp,
) -> Result<()> {
    holds_as_much(tx, policy, team, giver, |_| true, now, Keeps::AsLong).await?;
    let Some(workspace) = giver.lacks_shared(policy, Principal::Team(team)) else {
        return Ok(());
    };
    let names = Names::of(tx, policy.org, None).await?;
    Err(Error::forbidden(format!(
        "Resources in {} are shared with this team on which you may do less yourself.",
        names.place(Place::Workspace(workspace))
    )))
}

/// For how long somebody has to hold what a team holds.
#[derive(Clone, Copy)]
enum Keeps {
    /// At this moment.
    Now,
    /// As long as the team does.
    AsLong,
}

/// Whether somebody holds everything the team holds in the places that are asked about.
///
/// # Errors
///
/// `forbidden`, naming a role of the team that allows more, and where.
async fn holds_as_much(
    tx: &mut WriteTx,
    policy: &Snapshot,
    team: TeamId,
    giver: Giver,
    asked: impl Fn(Place) -> bool,
    now: Timestamp,
    keeps: Keeps,
) -> Result<()> {
    let beyond = policy.granted_to(Principal::Team(team), now).find_map(|held| {
        let (role, place) = (policy.role_of(held), held.place(policy.org));
        let at = match keeps {
            Keeps::Now => now,
            Keeps::AsLong => grants::last_instant(held.expires_at),
        };
        let more = role.gives_in(place).without(&giver.holds(policy, place, at));
        (asked(place) && !more.is_empty()).then_some((role, place, more))
    });
    let Some((role, place, more)) = beyond else {
        return Ok(());
    };
    let names = Names::of(tx, policy.org, place.workspace()).await?;
    let example = more.names().next().map(|name| format!(": “{name}”")).unwrap_or_default();
    Err(Error::forbidden(format!(
        "This team is {} in {}, which allows more than you hold there{example}.",
        role.name,
        names.place(place)
    )))
}

fn no_such_page() -> Error {
    Error::invalid("cursor", "This page does not exist. Begin at the first one.")
}

fn write_team_cursor(team: &Team) -> String {
    URL_SAFE_NO_PAD.encode(store::teams::sort_name(&team.name))
}

fn read_team_cursor(text: &str) -> Result<String> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| no_such_page())?;
    let name = String::from_utf8(bytes).map_err(|_| no_such_page())?;
    if name.is_empty() || name.contains('\0') { Err(no_such_page()) } else { Ok(name) }
}

fn write_person_cursor(member: &TeamMember) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}{}", member.principal.uuid(), member.added_at.millis()))
}

fn read_person_cursor(text: &str) -> Result<(Timestamp, Uuid)> {
    const ID: usize = 36;
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| no_such_page())?;
    let text = String::from_utf8(bytes).map_err(|_| no_such_page())?;
    let (id, at) = text.split_at_checked(ID).ok_or_else(no_such_page)?;
    let id = Uuid::try_parse(id).map_err(|_| no_such_page())?;
    let at = at.parse().map_err(|_| no_such_page())?;
    Ok((Timestamp::from_millis(at), id))
}
