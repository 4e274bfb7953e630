//! What a change of who-may-do-what would do to people, told before it is made.

use crate::Control;
use crate::authz::{AccessRead, Authorized, GrantPreview, Snapshot, custom_rights};
use crate::error::{Error, Result};
use model::access::{Change, Effect, EffectLine};
use model::grant::Principal;
use model::role::PermissionName;
use model::{GrantId, Level, Permission, ProjectId, Rights, RoleRef, Timestamp, UserId, WorkspaceId};
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
pub(crate) struct Difference(BTreeMap<(bool, PermissionName), Line>);

impl Difference {
    /// What the people in `affected` lose and gain between two snapshots.
    pub(crate) fn between(
        before: &Snapshot,
        after: &Snapshot,
        affected: impl IntoIterator<Item = UserId>,
        now: Timestamp,
    ) -> Self {
        let mut all = Self::default();
        for user in affected {
            all.of_person(before, after, user, now);
        }
        all
    }

    fn of_person(&mut self, before: &Snapshot, after: &Snapshot, user: UserId, now: Timestamp) {
        let held = before.org_rights(user, now).unwrap_or_default();
        let holds = after.org_rights(user, now).unwrap_or_default();
        self.note(user, None, &held, &holds);
        let mut places = HashSet::new();
        for snapshot in [before, after] {
            places.extend(snapshot.places_of(user, now));
        }
        for workspace in places {
            self.in_workspace(before, after, user, workspace, now);
        }
    }

    /// What the organization gives is told once, not again for each workspace.
    fn in_workspace(
        &mut self,
        before: &Snapshot,
        after: &Snapshot,
        user: UserId,
        workspace: WorkspaceId,
        now: Timestamp,
    ) {
        let (old, new) = (before.standing(user, workspace, now), after.standing(user, workspace, now));
        let rights = |snapshot: &Snapshot| snapshot.org_rights(user, now).unwrap_or_default();
        let (old_org, new_org) = (rights(before), rights(after));
        let own = |wide: Rights, org: &Rights| wide.without(org);
        let old_wide = old.as_ref().map(|standing| *standing.wide()).unwrap_or_default();
        let new_wide = new.as_ref().map(|standing| *standing.wide()).unwrap_or_default();
        self.note(user, Some(workspace), &own(old_wide, &new_org), &own(new_wide, &old_org));

        let projects = |standing: &Option<crate::authz::Standing<'_>>| -> HashMap<ProjectId, Rights> {
            standing.iter().flat_map(|standing| standing.projects().iter().copied()).collect()
        };
        let (old_projects, new_projects) = (projects(&old), projects(&new));
        for project in old_projects.keys().chain(new_projects.keys()) {
            let at = |of: &HashMap<ProjectId, Rights>| of.get(project).copied().unwrap_or_default();
            let (had, has) = (at(&old_projects).without(&new_wide), at(&new_projects).without(&old_wide));
            self.note(user, Some(workspace), &had, &has);
        }

        let enters = |standing: &Option<crate::authz::Standing<'_>>| {
            standing.as_ref().is_some_and(crate::authz::Standing::enters)
        };
        let entry = Rights::of([PermissionName::Reeve(Permission::WorkspaceEnter)]);
        let entered = |yes: bool| if yes { entry } else { Rights::NONE };
        let org_enters =
            old_org.grants(Permission::WorkspaceEnter) || new_org.grants(Permission::WorkspaceEnter);
        if !org_enters {
            self.note(user, Some(workspace), &entered(enters(&old)), &entered(enters(&new)));
        }
    }

    fn note(&mut self, user: UserId, workspace: Option<WorkspaceId>, had: &Rights, has: &Rights) {
        for (lost, changed) in [(true, had.without(has)), (false, has.without(had))] {
            for name in changed.names() {
                // Losses first: `false` sorts before `true`, so the key says whether it is gained.
                let line = self.0.entry((!lost, name)).or_default();
                line.people.insert(user);
                line.workspaces.extend(workspace);
            }
        }
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
