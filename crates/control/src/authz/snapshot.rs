//! Who may do what in one organization, compiled into sorted tables that are only ever read.
//!
//! A question is answered in two steps: what somebody stands on in a place is gathered once ([`Standing`](super::Standing)), and each
//! resource is then decided from that in memory. A request with ten thousand resources gathers once.
//!
//! *Invariant: nothing here changes after it was compiled, and nothing here reads a clock: every question says when.*

use model::grant::{Place, Principal, ProjectPlace};
use model::policy::{Action, Resource};
use model::role::PermissionName;
use model::{
    GrantId, Level, OrgId, OrgRole, Permission, ProjectId, Rights, RoleRef, ServiceAccountId, TeamId,
    Timestamp, UserId, WorkspaceId,
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Everything that decides, as it was after one change and before the next.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Whose.
    pub org: OrgId,
    /// After which change.
    pub version: i64,
    pub(super) members: HashMap<UserId, Member>,
    pub(super) teams: HashMap<TeamId, Vec<(UserId, bool)>>,
    /// Service accounts, and the person or team who answers for each.
    pub(super) accounts: HashMap<UserId, (Option<UserId>, Option<TeamId>)>,
    pub(super) roles: Vec<Role>,
    pub(super) workspaces: HashSet<WorkspaceId>,
    /// By principal, then workspace (none first), then project.
    pub(super) grants: Vec<Held>,
    /// By principal, then workspace, then resource.
    pub(super) shares: Vec<Shared>,
    /// The projects of these, each once for a principal in a workspace, in the same order.
    pub(super) shared_in: Vec<SharedIn>,
    /// Types of shared resources, known or not: a number is a fraction of a text.
    pub(super) kinds: Vec<Box<str>>,
}

#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) role: OrgRole,
    pub(super) teams: Box<[TeamId]>,
}

/// A role and what it allows.
#[derive(Clone, Debug)]
pub struct Role {
    /// Which.
    pub role: RoleRef,
    /// Its name for people.
    pub name: String,
    /// Where it is granted.
    pub level: Level,
    /// What it allows.
    pub rights: Rights,
}

impl Role {
    /// What it gives in a place: any role in a project also lets into the workspace.
    pub fn gives_in(&self, place: Place) -> Rights {
        let mut rights = self.rights;
        if matches!(place, Place::Project(_)) {
            rights.join(&letting_in());
        }
        rights
    }
}

/// What everybody has in a workspace who may enter it.
pub(super) fn letting_in() -> Rights {
    Rights::of([Permission::WorkspaceRead, Permission::WorkspaceEnter].map(PermissionName::Reeve))
}

/// A grant.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// To whom.
    pub principal: Principal,
    pub(super) workspace: Option<WorkspaceId>,
    pub(super) project: Option<ProjectId>,
    /// Which.
    pub grant: GrantId,
    pub(super) role: u32,
    /// Until when.
    pub expires_at: Option<Timestamp>,
}

impl Held {
    pub(super) fn holds_at(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|until| until > now)
    }

    /// Where it was given, in the organization `org`.
    pub fn place(&self, org: OrgId) -> Place {
        match (self.workspace, self.project) {
            (Some(workspace), Some(project)) => Place::Project(ProjectPlace { workspace, project }),
            (Some(workspace), None) => Place::Workspace(workspace),
            (None, _) => Place::Org(org),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Shared {
    pub(super) principal: Principal,
    pub(super) workspace: WorkspaceId,
    pub(super) resource: Uuid,
    pub(super) project: Option<ProjectId>,
    pub(super) kind: u16,
    pub(super) actions: u16,
}

impl Shared {
    pub(super) const fn allows(&self, action: Action) -> bool {
        self.actions & (1 << action as u16) != 0
    }
}

/// With whom something is shared, in which workspace, and in which project of it.
pub(super) type SharedIn = (Principal, WorkspaceId, ProjectId);

/// Through what somebody holds something: themselves, or a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Through {
    /// The role every member has.
    Membership(OrgRole),
    /// A grant to them or to a team of theirs.
    Grant {
        /// Its place in the table.
        index: usize,
        /// The team.
        team: Option<TeamId>,
    },
    /// Resources shared with them or with a team of theirs, in one workspace.
    Shares {
        /// How many.
        count: u32,
        /// The team.
        team: Option<TeamId>,
    },
}

/// Which workspaces of an organization somebody sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sees {
    /// All of them.
    All,
    /// These.
    Some(Vec<WorkspaceId>),
}

impl Snapshot {
    /// A role's name and what it allows; `None` if the organization has no such role.
    pub fn role(&self, role: RoleRef) -> Option<&Role> {
        self.roles.iter().find(|known| known.role == role)
    }

    /// Every role: the predefined ones, then the organization's own.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// The role of a grant.
    pub fn role_of(&self, held: &Held) -> &Role {
        &self.roles[held.role as usize]
    }

    /// A grant by its place in the table, as [`Through`] names it.
    pub fn grant_at(&self, index: usize) -> &Held {
        &self.grants[index]
    }

    /// A member's role in the organization.
    pub fn member(&self, user: UserId) -> Option<OrgRole> {
        self.members.get(&user).map(|member| member.role)
    }

    /// Every member, in no order.
    pub fn members(&self) -> impl Iterator<Item = (UserId, OrgRole)> + '_ {
        self.members.iter().map(|(user, member)| (*user, member.role))
    }

    /// Whether the organization has a team.
    pub fn has_team(&self, team: TeamId) -> bool {
        self.teams.contains_key(&team)
    }

    /// Whether a member is a service account.
    pub fn is_service_account(&self, user: UserId) -> bool {
        self.accounts.contains_key(&user)
    }

    /// Whether somebody answers for a service account, themselves or in a team. `None` if the organization has no such
    /// account.
    pub fn owns(&self, user: UserId, account: ServiceAccountId) -> Option<bool> {
        let (person, team) = self.accounts.get(&account.account())?;
        let in_team = team.is_some_and(|team| self.part_in_team(team, user).is_some());
        Some(*person == Some(user) || in_team)
    }

    /// Whether the organization has a workspace.
    pub fn has_workspace(&self, workspace: WorkspaceId) -> bool {
        self.workspaces.contains(&workspace)
    }

    /// Every workspace, in no order.
    pub fn workspaces(&self) -> impl Iterator<Item = WorkspaceId> + '_ {
        self.workspaces.iter().copied()
    }

    /// The members of a team who are members of the organization.
    pub fn in_team(&self, team: TeamId) -> impl Iterator<Item = UserId> + '_ {
        let people = self.teams.get(&team).map(Vec::as_slice).unwrap_or_default();
        people.iter().map(|(user, _)| *user).filter(|user| self.members.contains_key(user))
    }

    /// Whether somebody is in a team: `Some(true)` for a maintainer.
    pub fn part_in_team(&self, team: TeamId, user: UserId) -> Option<bool> {
        self.members.get(&user)?;
        self.teams.get(&team)?.iter().find(|(member, _)| *member == user).map(|(_, maintainer)| *maintainer)
    }

    /// The teams of a member.
    pub fn teams_of(&self, user: UserId) -> &[TeamId] {
        self.members.get(&user).map(|member| &*member.teams).unwrap_or_default()
    }

    /// A member and the teams they are in, each as the holder of grants and shares.
    pub(super) fn holders(&self, user: UserId) -> impl Iterator<Item = (Principal, Option<TeamId>)> + '_ {
        let teams = self.teams_of(user).iter().map(|team| (Principal::Team(*team), Some(*team)));
        std::iter::once((Principal::User(user), None)).chain(teams)
    }

    /// The grants of a principal in exactly this place: the organization, or a workspace with its projects.
    pub(super) fn granted(
        &self,
        principal: Principal,
        workspace: Option<WorkspaceId>,
    ) -> std::ops::Range<usize> {
        let key = (principal, workspace);
        let from = self.grants.partition_point(|held| (held.principal, held.workspace) < key);
        let len = self.grants[from..].partition_point(|held| (held.principal, held.workspace) == key);
        from..from + len
    }

    /// All grants of a principal.
    pub fn granted_to(&self, principal: Principal, now: Timestamp) -> impl Iterator<Item = &Held> + '_ {
        let from = self.grants.partition_point(|held| held.principal < principal);
        let len = self.grants[from..].partition_point(|held| held.principal == principal);
        self.grants[from..from + len].iter().filter(move |held| held.holds_at(now))
    }

    /// All grants of a role: to whom.
    pub fn granted_as(&self, role: RoleRef, now: Timestamp) -> impl Iterator<Item = &Held> + '_ {
        self.grants.iter().filter(move |held| self.role_of(held).role == role && held.holds_at(now))
    }

    pub(super) fn shared(&self, principal: Principal, workspace: WorkspaceId) -> &[Shared] {
        let key = (principal, workspace);
        let from = self.shares.partition_point(|share| (share.principal, share.workspace) < key);
        let len = self.shares[from..].partition_point(|share| (share.principal, share.workspace) == key);
        &self.shares[from..from + len]
    }

    pub(super) fn shared_in(&self, principal: Principal, workspace: WorkspaceId) -> &[SharedIn] {
        let key = (principal, workspace);
        let from = self.shared_in.partition_point(|(with, place, _)| (*with, *place) < key);
        let len = self.shared_in[from..].partition_point(|(with, place, _)| (*with, *place) == key);
        &self.shared_in[from..from + len]
    }

    /// Everything shared with a principal, workspace after workspace.
    pub(super) fn shared_with(&self, principal: Principal) -> &[Shared] {
        let from = self.shares.partition_point(|share| share.principal < principal);
        let len = self.shares[from..].partition_point(|share| share.principal == principal);
        &self.shares[from..from + len]
    }

    /// Whether the same is shared with a principal in another snapshot.
    pub(crate) fn shares_alike(&self, other: &Self, with: Principal) -> bool {
        let alike = |mine: &Shared, theirs: &Shared| {
            (mine.workspace, mine.resource, mine.project, mine.actions)
                == (theirs.workspace, theirs.resource, theirs.project, theirs.actions)
                && self.kinds[mine.kind as usize] == other.kinds[theirs.kind as usize]
        };
        let (mine, theirs) = (self.shared_with(with), other.shared_with(with));
        mine.len() == theirs.len() && mine.iter().zip(theirs).all(|(mine, theirs)| alike(mine, theirs))
    }

    /// What was shared.
    pub(super) fn resource(&self, share: &Shared) -> Resource<'_> {
        let kind = &*self.kinds[share.kind as usize];
        Resource { project: share.project.map(ProjectId::uuid), kind, id: Some(share.resource) }
    }

    /// What a member holds in the organization, by their role in it and by grants there. `None` for anybody else.
    pub fn org_rights(&self, user: UserId, now: Timestamp) -> Option<Rights> {
        let member = self.members.get(&user)?;
        let mut rights = self.rights_of(member.role.into());
        for (principal, _) in self.holders(user) {
            for held in &self.grants[self.granted(principal, None)] {
                if held.holds_at(now) {
                    rights.join(&self.role_of(held).rights);
                }
            }
        }
        Some(rights)
    }

    pub(super) fn rights_of(&self, role: RoleRef) -> Rights {
        self.role(role).map(|role| role.rights).unwrap_or_default()
    }

    /// Everything through which a member has any part in a workspace or, with `None`, in the organization itself.
    pub fn ways(&self, user: UserId, workspace: Option<WorkspaceId>, now: Timestamp) -> Vec<Through> {
        let Some(member) = self.members.get(&user) else {
            return Vec::new();
        };
        let mut ways = vec![Through::Membership(member.role)];
        for (principal, team) in self.holders(user) {
            let in_org = self.granted(principal, None);
            let here = workspace.map_or(0..0, |workspace| self.granted(principal, Some(workspace)));
            let held = in_org.chain(here).filter(|index| self.grants[*index].holds_at(now));
            ways.extend(held.map(|index| Through::Grant { index, team }));
            let shares = workspace.map_or(0, |workspace| self.shared(principal, workspace).len());
            if shares > 0 {
                ways.push(Through::Shares { count: u32::try_from(shares).unwrap_or(u32::MAX), team });
            }
        }
        ways
    }

    /// The workspaces a member has a part in.
    pub fn sees(&self, user: UserId, now: Timestamp) -> Sees {
        let Some(rights) = self.org_rights(user, now) else {
            return Sees::Some(Vec::new());
        };
        if rights.grants(Permission::WorkspaceRead) {
            return Sees::All;
        }
        Sees::Some(self.places_of(user, now))
    }

    /// The workspaces in which a member, or a team of theirs, was given or shared anything; in order.
    pub fn places_of(&self, user: UserId, now: Timestamp) -> Vec<WorkspaceId> {
        if !self.members.contains_key(&user) {
            return Vec::new();
        }
        let mut seen = HashSet::new();
        for (principal, _) in self.holders(user) {
            seen.extend(self.granted_to(principal, now).filter_map(|held| held.workspace));
            seen.extend(self.shared_with(principal).iter().map(|share| share.workspace));
        }
        let mut seen: Vec<WorkspaceId> =
            seen.into_iter().filter(|workspace| self.workspaces.contains(workspace)).collect();
        seen.sort_unstable();
        seen
    }

    /// Everything a member holds in a place, by roles: what they could give to others there.
    pub fn held_in(&self, user: UserId, place: Place, now: Timestamp) -> Option<Rights> {
        match place {
            Place::Org(org) if org == self.org => self.org_rights(user, now),
            Place::Org(_) => None,
            Place::Workspace(workspace) => self.standing(user, workspace, now).map(|standing| standing.wide),
            Place::Project(place) => {
                let standing = self.standing(user, place.workspace, now)?;
                let mut rights = standing.wide;
                if standing.enters() {
                    rights.join(&letting_in());
                }
                if let Some(own) = standing.in_project(place.project) {
                    rights.join(own);
                }
                Some(rights)
            }
        }
    }
}
