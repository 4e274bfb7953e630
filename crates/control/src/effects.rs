//! What a change of who-may-do-what would do to people, told before it is made.

use crate::Control;
use crate::authz::{AccessRead, Authorized, GrantPreview, Snapshot, Standing, custom_rights};
use crate::error::{Error, Result};
use model::access::{Change, Effect, EffectLine};
use model::grant::Principal;
use model::role::PermissionName;
use model::{GrantId, Level, ProjectId, Rights, RoleRef, Timestamp, UserId, WorkspaceId};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use store::ReadTx;

/// Names shown in one line.
const NAMED: usize = 10;

/// Who loses or gains a permission, and in which workspaces; none for what is held in the organization.
#[derive(Debug, Default)]
struct Line {
    people: BTreeSet<UserId>,
    workspaces: BTreeSet<WorkspaceId>,
}

/// Every difference, losses first.
#[derive(Debug, Default)]
pub struct Difference(BTreeMap<(bool, PermissionName), Line>);

/// Two snapshots of one organization, held against each other person by person.
///
/// A permission is held in the organization, in a workspace, in a project of it, or on a single resource that was shared.
/// Each of these is compared by itself, and each leaves out what is held further up, **before or after**: there it is told
/// already. Whoever loses the role of an administrator loses it in the organization, not once more in each workspace; and
/// whoever becomes one loses nothing where their role in a workspace goes at the same time. So what is taken away from both
/// sides of a comparison is always the same: what was held further up, joined with what will be.
struct Comparison<'s> {
    before: &'s Snapshot,
    after: &'s Snapshot,
    now: Timestamp,
    /// With whom the same is shared before and after, as far as was asked: everybody in a team asks about it again.
    alike: HashMap<Principal, bool>,
    found: Difference,
}

impl<'s> Comparison<'s> {
    fn of_person(&mut self, user: UserId) {
        let (before, after, now) = (self.before, self.after, self.now);
        let held = before.org_rights(user, now).unwrap_or_default();
        let holds = after.org_rights(user, now).unwrap_or_default();
        self.found.note(user, None, &held, &holds);
        let org = joined(held, &holds);
        let mut places = HashSet::new();
        for snapshot in [before, after] {
            places.extend(snapshot.places_of(user, now));
        }
        for workspace in places {
            let old = before.standing_or_nothing(user, workspace, now);
            let new = after.standing_or_nothing(user, workspace, now);
            let (had, has) = (old.reach(), new.reach());
            self.found.note(user, Some(workspace), &had.without(&org), &has.without(&org));
            self.in_projects(user, workspace, (&old, &new), &joined(had, &has));
            self.by_shares(user, workspace, &old, &new);
        }
    }

    /// `wide` is what holds in the whole workspace, before or after.
    fn in_projects(
        &mut self,
        user: UserId,
        workspace: WorkspaceId,
        (old, new): (&Standing<'s>, &Standing<'s>),
        wide: &Rights,
    ) {
        let projects: BTreeSet<ProjectId> =
            old.projects().iter().chain(new.projects()).map(|(project, _)| *project).collect();
        for project in projects {
            let own = |standing: &Standing<'_>| standing.own_in_project(project).without(wide);
            self.found.note(user, Some(workspace), &own(old), &own(new));
        }
    }

    /// A permission counts if there is one resource on which it is lost, even if it stays on another, but only where no
    /// role gave it: what a role gave is told above. The engine itself says what is held on the other side.
    fn by_shares(&mut self, user: UserId, workspace: WorkspaceId, old: &Standing<'s>, new: &Standing<'s>) {
        let (before, after, alike) = (self.before, self.after, &mut self.alike);
        let mut alike = |with| *alike.entry(with).or_insert_with(|| before.shares_alike(after, with));
        let lost = old.shared_apart_from(new, &mut alike);
        let gained = new.shared_apart_from(old, &mut alike);
        self.found.add(user, Some(workspace), true, &lost);
        self.found.add(user, Some(workspace), false, &gained);
    }
}

fn joined(mut rights: Rights, more: &Rights) -> Rights {
    rights.join(more);
    rights
}

impl Difference {
    /// What the people in `affected` lose and gain between two snapshots.
    pub fn between(
        before: &Snapshot,
        after: &Snapshot,
        affected: impl IntoIterator<Item = UserId>,
        now: Timestamp,
    ) -> Self {
        let found = Self::default();
        let mut comparison = Comparison { before, after, now, alike: HashMap::new(), found };
        for user in affected {
            comparison.of_person(user);
        }
        comparison.found
    }

    fn note(&mut self, user: UserId, workspace: Option<WorkspaceId>, had: &Rights, has: &Rights) {
        self.add(user, workspace, true, &had.without(has));
        self.add(user, workspace, false, &has.without(had));
    }

    fn add(&mut self, user: UserId, workspace: Option<WorkspaceId>, lost: bool, changed: &Rights) {
        for name in changed.names() {
            // Losses first: `false` sorts before `true`, so the key says whether it is gained.
            let line = self.0.entry((!lost, name)).or_default();
            line.people.insert(user);
            line.workspaces.extend(workspace);
        }
    }

    /// Each permission that is lost (`true`) or gained, and in which workspaces; none for what is held in the organization.
    pub fn lines(&self) -> impl Iterator<Item = (bool, PermissionName, &BTreeSet<WorkspaceId>)> {
        self.0.iter().map(|((gained, name), line)| (!gained, *name, &line.workspaces))
    }

    /// What one person would lose, by name.
    pub(crate) fn losses_of(&self, user: UserId) -> Vec<PermissionName> {
        let lost = self.0.iter().filter(|((gained, _), line)| !gained && line.people.contains(&user));
        lost.map(|((_, name), _)| *name).collect()
    }

    async fn told(self, tx: &mut ReadTx, policy: &Snapshot, asker: Option<UserId>) -> Result<Effect> {
        let mut people: BTreeSet<UserId> = BTreeSet::new();
        for line in self.0.values() {
            people.extend(&line.people);
        }
        let everybody: Vec<UserId> = people.iter().copied().collect();
        let named = store::members::named(tx, policy.org, &everybody, usize::MAX).await?;
        let places: HashMap<WorkspaceId, String> =
            store::workspaces::names(tx, policy.org).await?.into_iter().collect();
        let own_loss = asker.is_some_and(|user| !self.losses_of(user).is_empty());
        let lines = self.0.into_iter().map(|((gained, permission), line)| EffectLine {
            lost: !gained,
            permission,
            people: count(line.people.len()),
            names: named
                .iter()
                .filter(|(user, _, _)| line.people.contains(user))
                .take(NAMED)
                .map(|(_, name, _)| name.clone())
                .collect(),
            workspaces: count(line.workspaces.len()),
            workspace_names: line
                .workspaces
                .iter()
                .filter_map(|workspace| places.get(workspace).cloned())
                .take(NAMED)
                .collect(),
        });
        Ok(Effect { people: count(people.len()), lines: lines.collect(), own_loss })
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Nobody locks themselves out by accident.
///
/// # Errors
///
/// `conflict`, naming what `actor` would lose, unless they confirmed.
pub(crate) fn refuse_own_loss(
    before: &Snapshot,
    after: impl FnOnce() -> Snapshot,
    actor: UserId,
    now: Timestamp,
    confirmed: bool,
) -> Result<()> {
    if confirmed {
        return Ok(());
    }
    let lost = Difference::between(before, &after(), [actor], now).losses_of(actor);
    if lost.is_empty() {
        return Ok(());
    }
    let shown = lost.iter().take(5).map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ");
    let more = lost.len().saturating_sub(5);
    let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
    let why = format!("You would lose {shown}{rest} yourself. Confirm to go on.");
    Err(Error::conflict(why.clone()).and_field("confirmed", why))
}

impl Control {
    /// What a change would do, to whom and where. Nothing is changed.
    ///
    /// # Errors
    ///
    /// `not_found` if what would be changed is not there.
    pub async fn preview(&self, auth: &Authorized<AccessRead>, change: &Change) -> Result<Effect> {
        let policy = self.policy(auth.scope()).await?.ok_or_else(Error::not_found)?;
        let mut tx = self.store().snapshot().await?;
        let (after, affected) = suppose(&mut tx, &policy, change, auth.now()).await?;
        let difference = Difference::between(&policy, &after, affected, auth.now());
        difference.told(&mut tx, &policy, auth.user()).await
    }

    /// What taking a grant of a workspace, or of one of its projects, would do.
    ///
    /// # Errors
    ///
    /// `not_found` if there is no such grant there.
    pub async fn preview_revoke(&self, auth: &Authorized<GrantPreview>, grant: GrantId) -> Result<Effect> {
        let policy = self.policy(auth.org()).await?.ok_or_else(Error::not_found)?;
        let mut tx = self.store().snapshot().await?;
        store::grants::by_id(&mut tx, auth.org(), grant, auth.now())
            .await?
            .filter(|grant| grant.place.workspace() == Some(auth.scope()))
            .ok_or_else(Error::not_found)?;
        let change = Change::RemoveGrant { grant };
        let (after, affected) = suppose(&mut tx, &policy, &change, auth.now()).await?;
        let difference = Difference::between(&policy, &after, affected, auth.now());
        difference.told(&mut tx, &policy, auth.user()).await
    }
}

/// The snapshot after a change, and the people it can concern.
async fn suppose(
    tx: &mut ReadTx,
    policy: &Snapshot,
    change: &Change,
    now: Timestamp,
) -> Result<(Snapshot, Vec<UserId>)> {
    let members = |principal: Principal| -> Vec<UserId> {
        match principal {
            Principal::User(user) => vec![user],
            Principal::Team(team) => policy.in_team(team).collect(),
            Principal::Invitation(_) => Vec::new(),
        }
    };
    let of_role = |role: RoleRef| -> Vec<UserId> {
        let all: BTreeSet<UserId> =
            policy.granted_as(role, now).flat_map(|held| members(held.principal)).collect();
        all.into_iter().collect()
    };
    Ok(match change {
        Change::EditRole { role, permissions } => {
            let role = RoleRef::Custom(*role);
            let level = policy.role(role).ok_or_else(Error::not_found)?.level;
            (policy.with_role(role, edited(level, permissions)), of_role(role))
        }
        Change::DeleteRole { role } => {
            let role = RoleRef::Custom(*role);
            policy.role(role).ok_or_else(Error::not_found)?;
            (policy.without_role(role), of_role(role))
        }
        Change::RemoveGrant { grant } => {
            let found =
                store::grants::by_id(tx, policy.org, *grant, now).await?.ok_or_else(Error::not_found)?;
            (policy.without_grants(&[*grant]), members(found.principal))
        }
        Change::RemoveFromTeam { team, user } => {
            policy.part_in_team(*team, *user).ok_or_else(Error::not_found)?;
            (policy.without_team_member(*team, *user), vec![*user])
        }
        Change::DeleteTeam { team } => {
            if !policy.has_team(*team) {
                return Err(Error::not_found());
            }
            (policy.without_team(*team), policy.in_team(*team).collect())
        }
        Change::RemoveMember { user } => {
            policy.member(*user).ok_or_else(Error::not_found)?;
            (policy.without_member(*user), vec![*user])
        }
        Change::SetMemberRole { user, role } => {
            policy.member(*user).ok_or_else(Error::not_found)?;
            (policy.with_member_role(*user, *role), vec![*user])
        }
    })
}

/// What a custom role would allow with these permissions.
pub(crate) fn edited(level: Level, permissions: &[PermissionName]) -> Rights {
    custom_rights(level, &spelled(permissions))
}

/// Permissions as they are stored: each once, in one order.
pub(crate) fn spelled(permissions: &[PermissionName]) -> String {
    let ordered: BTreeSet<&PermissionName> = permissions.iter().collect();
    ordered.into_iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
