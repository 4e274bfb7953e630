//! Roles: the predefined ones, which nobody changes, and those an organization makes.
//!
//! A custom role can be given in any place of its level, so whoever makes, changes or deletes one has to hold all that it
//! allows in the whole organization.

use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, RoleManage, RoleRead, Snapshot, custom_rights};
use crate::effects;
use crate::error::{Error, Result};
use crate::grants::Giver;
use model::audit::AuditAction;
use model::grant::Place;
use model::role::{
    PermissionName, Predefined, RoleAssignment, RoleDetail, RoleInput, RoleList, RoleRow, offered,
};
use model::text::{DisplayName, Note, folded};
use model::{Level, OrgId, Permission, Rights, RoleId, RoleRef, Timestamp};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
use store::roles::{Content, Role};
use store::{ReadTx, WriteTx};

/// Custom roles of one organization.
const AT_MOST: i64 = 200;
/// Assignments shown in one list.
const SHOWN: u32 = 500;

/// What to change of a custom role. What is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct RoleChange {
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// What it allows.
    pub permissions: Option<Vec<PermissionName>>,
    /// Only if nobody has changed it since.
    pub revision: Option<i64>,
}

impl Control {
    /// Every role that can be given in the organization, and how often each is.
    pub async fn roles(&self, auth: &Authorized<RoleRead>) -> Result<RoleList> {
        let mut tx = self.store().snapshot().await?;
        let counts = counts(&mut tx, auth.scope(), auth.now()).await?;
        let mut custom = store::roles::list(&mut tx, auth.scope()).await?;
        drop(tx);
        custom.sort_by_cached_key(|role| (folded(&role.name), role.level, role.id));
        let predefined = Predefined::all().map(|role| predefined_row(role, &counts));
        let custom = custom.into_iter().map(|role| custom_row(role, &counts));
        Ok(RoleList {
            roles: predefined.chain(custom).collect(),
            can_manage: self.manages_roles(auth).await?,
        })
    }

    /// One role with everything it allows.
    ///
    /// # Errors
    ///
    /// `not_found` if the organization has no such role.
    pub async fn role(&self, auth: &Authorized<RoleRead>, role: RoleRef) -> Result<RoleDetail> {
        let mut tx = self.store().snapshot().await?;
        let counts = counts(&mut tx, auth.scope(), auth.now()).await?;
        let detail = match role {
            RoleRef::Predefined(role) => RoleDetail {
                row: predefined_row(role, &counts),
                permissions: role.rights().names().collect(),
                revision: 0,
                updated_at: None,
                can_manage: false,
            },
            RoleRef::Custom(id) => {
                let role =
                    store::roles::by_id(&mut tx, auth.scope(), id).await?.ok_or_else(Error::not_found)?;
                custom_detail(role, &counts)
            }
        };
        drop(tx);
        let can_manage = matches!(role, RoleRef::Custom(_)) && self.manages_roles(auth).await?;
        Ok(RoleDetail { can_manage, ..detail })
    }

    /// To whom a role is given, and where. The role every member has is not among it.
    ///
    /// # Errors
    ///
    /// `not_found` if the organization has no such role.
    pub async fn role_assignments(
        &self,
        auth: &Authorized<RoleRead>,
        role: RoleRef,
    ) -> Result<Vec<RoleAssignment>> {
        let mut tx = self.store().snapshot().await?;
        if let RoleRef::Custom(id) = role {
            store::roles::by_id(&mut tx, auth.scope(), id).await?.ok_or_else(Error::not_found)?;
        }
        let given = store::grants::of_role(&mut tx, auth.scope(), role, auth.now(), SHOWN).await?;
        let assignments = given.into_iter().map(|grant| RoleAssignment {
            grant: Some(grant.id),
            principal: grant.principal,
            principal_name: grant.principal_name,
            place: grant.place,
            place_name: grant.place_name,
            expires_at: grant.expires_at,
        });
        Ok(assignments.collect())
    }

    /// Makes a custom role.
    ///
    /// # Errors
    ///
    /// `invalid` on `name`, `description`, `level`, or on `permissions` for what no role of the level allows; `conflict`
    /// with the field `name` if a role of the level or a predefined one has it, in any spelling, or if there are too many roles; `forbidden` if
    /// it would allow more than the caller holds in the whole organization.
    pub async fn create_role(
        &self,
        auth: &Authorized<RoleManage>,
        level: Level,
        input: &RoleInput,
    ) -> Result<RoleDetail> {
        let actor = auth.user().ok_or_else(Error::unauthenticated)?;
        let (org, id) = (auth.scope(), auth.cx().new_id());
        let new = Parsed::of(level, input)?;
        let (mut tx, policy) = self.changing(auth).await?;
        // For good, as the role is.
        holds_everywhere(
            &policy,
            Giver::person(actor),
            new.name.as_str(),
            &new.rights(level),
            Timestamp::MAX,
        )?;
        if store::roles::count(&mut tx, org).await? >= AT_MOST {
            return Err(Error::conflict(
                "An organization has at most 200 custom roles. Delete one that is not needed.",
            ));
        }
        if !store::roles::insert(&mut tx, org, id, level, new.content(), auth.now()).await? {
            return Err(name_is_taken());
        }
        let event = Event::of(AuditAction::RoleCreated)
            .on("role", id.uuid(), new.name.as_str())
            .after(new.told(level));
        let made = written(&mut tx, auth, id).await?;
        tx.commit(auth.audit(event)).await?;
        Ok(made)
    }

    /// Changes a custom role, and returns it as it is then. Everybody who holds it is judged by the new one from their
    /// next request on.
    ///
    /// # Errors
    ///
    /// As for [`Control::create_role`], where `forbidden` also means that it allows more now than the caller holds;
    /// `conflict` if somebody changed it since the revision that is named, or if the caller would lose something
    /// themselves and did not confirm; `not_found` if the organization has no such role.
    pub async fn update_role(
        &self,
        auth: &Authorized<RoleManage>,
        id: RoleId,
        change: &RoleChange,
        confirmed: bool,
    ) -> Result<RoleDetail> {
        let actor = auth.user().ok_or_else(Error::unauthenticated)?;
        let (org, now) = (auth.scope(), auth.now());
        refuse_predefined(id)?;
        let (mut tx, policy) = self.changing(auth).await?;
        let before = store::roles::by_id(&mut tx, org, id).await?.ok_or_else(Error::not_found)?;
        let level = before.level;
        let new = Parsed::changing(&before, change)?;
        let revision = change.revision.unwrap_or(before.revision);
        holds_everywhere(&policy, Giver::person(actor), &before.name, &allowed(&before), now)?;
        // It is given to whoever holds the role.
        holds_everywhere(
            &policy,
            Giver::of(auth.cx())?,
            new.name.as_str(),
            &new.rights(level),
            Timestamp::MAX,
        )?;
        if store::roles::name_is_taken(&mut tx, org, level, new.name.as_str(), Some(id)).await? {
            return Err(name_is_taken());
        }
        if !store::roles::update(&mut tx, org, id, new.content(), revision, now).await? {
            return Err(Error::conflict(
                "Somebody changed this role in the meantime. Reload to see it; nothing was saved.",
            ));
        }
        // Last, so that nobody confirms a loss only to hear that the role is another one by now.
        let after = || policy.with_role(id.into(), new.rights(level));
        effects::refuse_own_loss(&policy, after, actor, now, confirmed)?;
        let event = Event::of(AuditAction::RoleUpdated)
            .on("role", id.uuid(), new.name.as_str())
            .before(told(level, &before.name, &before.description, &before.permissions))
            .after(new.told(level));
        let after = written(&mut tx, auth, id).await?;
        tx.commit(auth.audit(event)).await?;
        Ok(after)
    }

    /// Deletes a custom role, and takes it from everybody who holds it or waits for it on an invitation.
    ///
    /// # Errors
    ///
    /// `forbidden` if it allows more than the caller holds in the whole organization; `conflict` if the caller would lose
    /// something themselves and did not confirm; `not_found` if the organization has no such role.
    pub async fn delete_role(
        &self,
        auth: &Authorized<RoleManage>,
        id: RoleId,
        confirmed: bool,
    ) -> Result<()> {
        let actor = auth.user().ok_or_else(Error::unauthenticated)?;
        let (org, now) = (auth.scope(), auth.now());
        refuse_predefined(id)?;
        let (mut tx, policy) = self.changing(auth).await?;
        let role = store::roles::by_id(&mut tx, org, id).await?.ok_or_else(Error::not_found)?;
        holds_everywhere(&policy, Giver::person(actor), &role.name, &allowed(&role), now)?;
        effects::refuse_own_loss(&policy, || policy.without_role(id.into()), actor, now, confirmed)?;
        let taken = store::grants::remove_all_of_role(&mut tx, org, id.into()).await?;
        store::roles::delete(&mut tx, org, id).await?;
        let mut before = told(role.level, &role.name, &role.description, &role.permissions);
        before["grants"] = taken.into();
        let event = Event::of(AuditAction::RoleDeleted).on("role", id.uuid(), role.name).before(before);
        Ok(tx.commit(auth.audit(event)).await?)
    }

    async fn manages_roles(&self, auth: &Authorized<RoleRead>) -> Result<bool> {
        let policy = self.policy(auth.scope()).await?.ok_or_else(Error::not_found)?;
        let rights = auth.user().and_then(|user| policy.org_rights(user, auth.now())).unwrap_or_default();
        Ok(rights.grants(Permission::RoleManage))
    }
}

/// What a person typed and chose, once it was checked.
struct Parsed {
    name: DisplayName,
    note: Note,
    /// As they are stored.
    permissions: String,
}

impl Parsed {
    fn of(level: Level, input: &RoleInput) -> Result<Self> {
        if !Level::GRANTED.contains(&level) {
            return Err(Error::invalid("level", "Choose organization, workspace or project."));
        }
        let name = DisplayName::parse(&input.name).map_err(|e| Error::invalid("name", e.0))?;
        let note = Note::parse(&input.description).map_err(|e| Error::invalid("description", e.0))?;
        // Of whichever level: in most lists a role's name stands alone.
        let spelled = folded(name.as_str());
        if Predefined::all().any(|role| folded(role.label()) == spelled) {
            return Err(Error::conflict("A predefined role has this name.")
                .and_field("name", "A predefined role has this name. Choose another one."));
        }
        let offered: BTreeSet<PermissionName> = offered(level).collect();
        let chosen: BTreeSet<PermissionName> = input.permissions.iter().copied().collect();
        let wrong: Vec<String> = chosen.difference(&offered).map(|name| format!("“{name}”")).collect();
        if !wrong.is_empty() {
            let level = level.label().to_lowercase();
            let why = format!("No role of the level {level} allows {}.", wrong.join(", "));
            return Err(Error::invalid("permissions", why));
        }
        Ok(Self { name, note, permissions: effects::spelled(&input.permissions) })
    }

    /// What a role is after a change.
    fn changing(before: &Role, change: &RoleChange) -> Result<Self> {
        let input = RoleInput {
            name: change.name.clone().unwrap_or_else(|| before.name.clone()),
            description: change.description.clone().unwrap_or_else(|| before.description.clone()),
            permissions: change.permissions.clone().unwrap_or_default(),
        };
        let mut new = Self::of(before.level, &input)?;
        if change.permissions.is_none() {
            new.permissions.clone_from(&before.permissions);
        }
        Ok(new)
    }

    fn content(&self) -> Content<'_> {
        Content { name: self.name.as_str(), description: self.note.as_str(), permissions: &self.permissions }
    }

    fn rights(&self, level: Level) -> Rights {
        custom_rights(level, &self.permissions)
    }

    fn told(&self, level: Level) -> Value {
        told(level, self.name.as_str(), self.note.as_str(), &self.permissions)
    }
}

/// A custom role, as the audit log tells of it.
fn told(level: Level, name: &str, description: &str, permissions: &str) -> Value {
    json!({ "name": name, "level": level, "description": description, "permissions": permissions })
}

fn allowed(role: &Role) -> Rights {
    custom_rights(role.level, &role.permissions)
}

fn name_is_taken() -> Error {
    Error::conflict("Another role of this level has this name.")
        .and_field("name", "Another role of this level has this name. Choose another one.")
}

/// The REST API names every role by an id, so that of a predefined one may come here.
fn refuse_predefined(id: RoleId) -> Result<()> {
    match RoleRef::from_id(id.uuid()) {
        RoleRef::Custom(_) => Ok(()),
        RoleRef::Predefined(_) => Err(Error::forbidden("Predefined roles cannot be changed.")),
    }
}

/// # Errors
///
/// `forbidden`, naming something that `giver` does not hold in the whole organization.
fn holds_everywhere(
    policy: &Snapshot,
    giver: Giver,
    name: &str,
    rights: &Rights,
    now: Timestamp,
) -> Result<()> {
    let more = rights.without(&giver.holds(policy, Place::Org(policy.org), now));
    let Some(example) = more.names().next() else {
        return Ok(());
    };
    Err(Error::forbidden(format!("{name} allows more than you hold in the whole organization: “{example}”.")))
}

/// A role that was just written, for whoever wrote it: the right to manage roles shows what it makes of them.
async fn written(tx: &mut WriteTx, auth: &Authorized<RoleManage>, id: RoleId) -> Result<RoleDetail> {
    let role = store::roles::by_id(tx, auth.scope(), id).await?.ok_or_else(Error::not_found)?;
    let counts = counts(tx, auth.scope(), auth.now()).await?;
    // They manage it until this is committed; what the change takes from them counts from their next request on.
    Ok(RoleDetail { can_manage: true, ..custom_detail(role, &counts) })
}

/// How often each role is held, by its text.
async fn counts(tx: &mut ReadTx, org: OrgId, now: Timestamp) -> Result<HashMap<String, i64>> {
    let mut counts: HashMap<String, i64> =
        store::grants::count_by_role(tx, org, now).await?.into_iter().collect();
    for (role, members) in store::members::count_by_role(tx, org).await? {
        *counts.entry(role).or_default() += members;
    }
    Ok(counts)
}

fn predefined_row(role: Predefined, counts: &HashMap<String, i64>) -> RoleRow {
    RoleRow {
        role: RoleRef::Predefined(role),
        name: role.label().to_owned(),
        description: role.summary().to_owned(),
        level: role.level(),
        assignments: count(counts, RoleRef::Predefined(role)),
    }
}

/// Without what depends on who looks.
fn custom_detail(role: Role, counts: &HashMap<String, i64>) -> RoleDetail {
    RoleDetail {
        permissions: allowed(&role).names().collect(),
        revision: role.revision,
        updated_at: Some(role.updated_at),
        can_manage: false,
        row: custom_row(role, counts),
    }
}

fn custom_row(role: Role, counts: &HashMap<String, i64>) -> RoleRow {
    RoleRow {
        role: RoleRef::Custom(role.id),
        assignments: count(counts, role.id.into()),
        name: role.name,
        description: role.description,
        level: role.level,
    }
}

fn count(counts: &HashMap<String, i64>, role: RoleRef) -> u32 {
    counts.get(&role.to_string()).map_or(0, |count| u32::try_from(*count).unwrap_or(u32::MAX))
}
