//! Who may do what in one organization, compiled into sorted tables that are only ever read.
//!
//! A question is answered in two steps: what somebody stands on in a place is gathered once ([`Standing`]), and each
//! resource is then decided from that in memory. A request with ten thousand resources gathers once.
//!
//! *Invariant: nothing here changes after it was compiled, and nothing here reads a clock: every question says when.*

use model::grant::{Place, Principal, ProjectPlace};
use model::policy::{Action, Kind, Resource, ResourceType};
use model::role::{PermissionName, Predefined, offered};
use model::{
    GrantId, Level, OrgId, OrgRole, Permission, ProjectId, Rights, RoleRef, TeamId, Timestamp, UserId,
    WorkspaceId,
};
use std::collections::{HashMap, HashSet};
use store::policy::Rows;
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
    pub(super) roles: Vec<Role>,
    pub(super) workspaces: HashSet<WorkspaceId>,
    /// By principal, then workspace (none first), then project.
    pub(super) grants: Vec<Held>,
    /// By principal, then workspace, then resource.
    pub(super) shares: Vec<Shared>,
    /// The projects of these, each once for a principal in a workspace, in the same order.
    pub(super) shared_in: Vec<SharedIn>,
    /// Types of shared resources, known or not: a number is a fraction of a text.
    kinds: Vec<Box<str>>,
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
fn letting_in() -> Rights {
    Rights::of([Permission::WorkspaceRead, Permission::WorkspaceEnter].map(PermissionName::Reeve))
}

/// A grant.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// To whom.
    pub principal: Principal,
    workspace: Option<WorkspaceId>,
    project: Option<ProjectId>,
    /// Which.
    pub grant: GrantId,
    role: u32,
    /// Until when.
    pub expires_at: Option<Timestamp>,
}

impl Held {
    fn holds_at(&self, now: Timestamp) -> bool {
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
    workspace: WorkspaceId,
    resource: Uuid,
    project: Option<ProjectId>,
    kind: u16,
    actions: u16,
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

/// What somebody stands on in one workspace: everything needed to decide there.
#[derive(Clone, Debug)]
pub struct Standing<'s> {
    snapshot: &'s Snapshot,
    /// What holds in the whole workspace.
    wide: Rights,
    /// What holds in single projects, by id.
    projects: Vec<(ProjectId, Rights)>,
    shares: Vec<&'s [Shared]>,
    shared_in: Vec<&'s [SharedIn]>,
}

/// Which resources of a type somebody may act on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// All of them.
    pub full_access: bool,
    /// These, in order and once each; empty with full access.
    pub ids: Vec<Uuid>,
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
    /// Puts the tables together.
    pub fn compile(org: OrgId, rows: &Rows) -> Self {
        let roles = roles(rows);
        let numbers: HashMap<RoleRef, u32> = roles
            .iter()
            .enumerate()
            .filter_map(|(n, role)| Some((role.role, u32::try_from(n).ok()?)))
            .collect();

        let mut teams: HashMap<TeamId, Vec<(UserId, bool)>> = HashMap::new();
        let mut teams_of: HashMap<UserId, Vec<TeamId>> = HashMap::new();
        for (team, user, maintainer) in &rows.teams {
            let members = teams.entry(*team).or_default();
            if let Some(user) = user {
                members.push((*user, *maintainer));
                teams_of.entry(*user).or_default().push(*team);
            }
        }
        let members = rows.members.iter().filter_map(|member| {
            // A role this version does not know allows nothing, and neither does being a member with it.
            let role = member.role.parse().ok()?;
            let teams = teams_of.remove(&member.user_id).unwrap_or_default().into_boxed_slice();
            Some((member.user_id, Member { role, teams }))
        });

        let mut grants: Vec<Held> =
            rows.grants.iter().filter_map(|grant| held(grant, &numbers, &roles)).collect();
        grants.sort_unstable_by_key(|held| (held.principal, held.workspace, held.project, held.grant));

        let mut kinds: Vec<Box<str>> = Vec::new();
        let mut kind_numbers: HashMap<&str, Option<u16>> = HashMap::new();
        let mut shares: Vec<Shared> = Vec::with_capacity(rows.shares.len());
        for share in &rows.shares {
            let principal = match (share.user_id, share.team_id) {
                (Some(user), _) => Principal::User(user),
                (None, Some(team)) => Principal::Team(team),
                (None, None) => continue,
            };
            let known = kind_numbers.len();
            let kind = *kind_numbers.entry(share.resource_type.as_str()).or_insert_with(|| {
                kinds.push(share.resource_type.as_str().into());
                u16::try_from(known).ok()
            });
            // No workspace has so many types; beyond that a share allows nothing rather than something else.
            let Some(kind) = kind else { continue };
            let actions = share
                .actions
                .split(' ')
                .filter_map(|action| action.parse::<Action>().ok())
                .fold(0, |all, action| all | 1 << action as u16);
            shares.push(Shared {
                principal,
                workspace: share.workspace_id,
                resource: share.resource_id,
                project: share.project_id,
                kind,
                actions,
            });
        }
        shares.sort_unstable_by_key(|share| (share.principal, share.workspace, share.resource, share.kind));
        let in_project = |share: &Shared| Some((share.principal, share.workspace, share.project?));
        let mut shared_in: Vec<SharedIn> = shares.iter().filter_map(in_project).collect();
        shared_in.sort_unstable();
        shared_in.dedup();

        Self {
            org,
            version: rows.version,
            members: members.collect(),
            teams,
            roles,
            workspaces: rows.workspaces.iter().copied().collect(),
            grants,
            shares,
            shared_in,
            kinds,
        }
    }

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
    fn holders(&self, user: UserId) -> impl Iterator<Item = (Principal, Option<TeamId>)> + '_ {
        let teams = self.teams_of(user).iter().map(|team| (Principal::Team(*team), Some(*team)));
        std::iter::once((Principal::User(user), None)).chain(teams)
    }

    /// The grants of a principal in exactly this place: the organization, or a workspace with its projects.
    fn granted(&self, principal: Principal, workspace: Option<WorkspaceId>) -> std::ops::Range<usize> {
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

    fn shared(&self, principal: Principal, workspace: WorkspaceId) -> &[Shared] {
        let key = (principal, workspace);
        let from = self.shares.partition_point(|share| (share.principal, share.workspace) < key);
        let len = self.shares[from..].partition_point(|share| (share.principal, share.workspace) == key);
        &self.shares[from..from + len]
    }

    fn shared_in(&self, principal: Principal, workspace: WorkspaceId) -> &[SharedIn] {
        let key = (principal, workspace);
        let from = self.shared_in.partition_point(|(with, place, _)| (*with, *place) < key);
        let len = self.shared_in[from..].partition_point(|(with, place, _)| (*with, *place) == key);
        &self.shared_in[from..from + len]
    }

    /// Everything shared with a principal, workspace after workspace.
    fn shared_with(&self, principal: Principal) -> &[Shared] {
        let from = self.shares.partition_point(|share| share.principal < principal);
        let len = self.shares[from..].partition_point(|share| share.principal == principal);
        &self.shares[from..from + len]
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

    fn rights_of(&self, role: RoleRef) -> Rights {
        self.role(role).map(|role| role.rights).unwrap_or_default()
    }

    /// What a member stands on in a workspace. `None` for anybody else, and where there is no such workspace.
    pub fn standing(&self, user: UserId, workspace: WorkspaceId, now: Timestamp) -> Option<Standing<'_>> {
        if !self.workspaces.contains(&workspace) {
            return None;
        }
        let mut standing = Standing { wide: self.org_rights(user, now)?, ..Standing::nothing(self) };
        for (principal, _) in self.holders(user) {
            for held in &self.grants[self.granted(principal, Some(workspace))] {
                if held.holds_at(now) {
                    standing.add(held.project, &self.role_of(held).rights);
                }
            }
            standing.share(principal, workspace);
        }
        Some(standing)
    }

    /// What one grant, or the role every member has, or the shares of one holder stand on, apart from all else.
    pub fn standing_by(&self, user: UserId, workspace: WorkspaceId, through: Through) -> Standing<'_> {
        let mut standing = Standing::nothing(self);
        match through {
            Through::Membership(role) => standing.wide = self.rights_of(role.into()),
            Through::Grant { index, .. } => {
                let held = &self.grants[index];
                standing.add(held.project, &self.role_of(held).rights);
            }
            Through::Shares { team, .. } => {
                let principal = team.map_or(Principal::User(user), Principal::Team);
                standing.share(principal, workspace);
            }
        }
        standing
    }

    /// What a role, given in a place, stands on apart from all else.
    pub fn standing_of(&self, role: &Role, place: Place) -> Standing<'_> {
        let mut standing = Standing::nothing(self);
        standing.add(place.project(), &role.rights);
        standing
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

    /// The first workspace in which something is shared with a team that a member may not do themselves.
    pub fn shared_beyond(&self, team: TeamId, user: UserId, now: Timestamp) -> Option<WorkspaceId> {
        let by_workspace =
            self.shared_with(Principal::Team(team)).chunk_by(|a, b| a.workspace == b.workspace);
        by_workspace.filter(|here| self.workspaces.contains(&here[0].workspace)).find_map(|here| {
            let workspace = here[0].workspace;
            let standing = self.standing(user, workspace, now);
            let may = |share: &Shared| {
                let kind = &*self.kinds[share.kind as usize];
                let project = share.project.map(ProjectId::uuid);
                let resource = Resource { project, kind, id: Some(share.resource) };
                let mut shared =
                    Action::ALL.iter().filter(|action| share.actions & (1 << **action as u16) != 0);
                standing.as_ref().is_some_and(|standing| {
                    shared.all(|action| standing.allows(&resource, resource.known(), *action))
                })
            };
            (!here.iter().all(may)).then_some(workspace)
        })
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

/// The predefined roles, then the organization's own. A permission this version does not know, or does not offer at the
/// role's level, allows nothing.
fn roles(rows: &Rows) -> Vec<Role> {
    let predefined = Predefined::all().map(|role| Role {
        role: RoleRef::Predefined(role),
        name: role.label().to_owned(),
        level: role.level(),
        rights: role.rights(),
    });
    let custom = rows.roles.iter().filter_map(|row| {
        let level: Level = row.level.parse().ok()?;
        Some(Role {
            role: RoleRef::Custom(row.id),
            name: row.name.clone(),
            level,
            rights: custom_rights(level, &row.permissions),
        })
    });
    predefined.chain(custom).collect()
}

/// What a custom role of a level allows, from its permissions as they are stored. A role in a workspace always lets in.
pub fn custom_rights(level: Level, permissions: &str) -> Rights {
    let offered = Rights::of(offered(level));
    let named = Rights::of(permissions.split_whitespace().filter_map(|name| name.parse().ok()));
    let mut rights = named.without(&named.without(&offered));
    if level == Level::Workspace {
        rights.insert(PermissionName::Reeve(Permission::WorkspaceRead));
        rights.insert(PermissionName::Reeve(Permission::WorkspaceEnter));
    }
    rights
}

/// `None` for a grant that allows nothing: of a role that is gone, or of another level than its place.
fn held(grant: &store::policy::Grant, numbers: &HashMap<RoleRef, u32>, roles: &[Role]) -> Option<Held> {
    let principal = match (grant.user_id, grant.team_id, grant.service_account_id) {
        (Some(user), _, _) => Principal::User(user),
        (_, Some(team), _) => Principal::Team(team),
        (_, _, Some(account)) => Principal::ServiceAccount(account),
        _ => return None,
    };
    let role = *numbers.get(&grant.role.parse().ok()?)?;
    let level = match (grant.workspace_id, grant.project_id) {
        (None, None) => Level::Organization,
        (Some(_), None) => Level::Workspace,
        (Some(_), Some(_)) => Level::Project,
        (None, Some(_)) => return None,
    };
    (roles[role as usize].level == level).then_some(Held {
        principal,
        workspace: grant.workspace_id,
        project: grant.project_id,
        grant: grant.id,
        role,
        expires_at: grant.expires_at,
    })
}

impl<'s> Standing<'s> {
    const fn nothing(snapshot: &'s Snapshot) -> Self {
        Self { snapshot, wide: Rights::NONE, projects: Vec::new(), shares: Vec::new(), shared_in: Vec::new() }
    }

    fn share(&mut self, principal: Principal, workspace: WorkspaceId) {
        let shares = self.snapshot.shared(principal, workspace);
        if !shares.is_empty() {
            self.shares.push(shares);
            self.shared_in.push(self.snapshot.shared_in(principal, workspace));
        }
    }

    fn add(&mut self, project: Option<ProjectId>, rights: &Rights) {
        let Some(project) = project else {
            self.wide.join(rights);
            return;
        };
        match self.projects.binary_search_by_key(&project, |(id, _)| *id) {
            Ok(at) => self.projects[at].1.join(rights),
            Err(at) => self.projects.insert(at, (project, *rights)),
        }
    }

    /// What holds in a project by roles in it, apart from what holds in the whole workspace.
    pub fn in_project(&self, project: ProjectId) -> Option<&Rights> {
        self.projects.binary_search_by_key(&project, |(id, _)| *id).ok().map(|at| &self.projects[at].1)
    }

    /// What holds in the whole workspace.
    pub fn wide(&self) -> &Rights {
        &self.wide
    }

    /// The projects in which something holds, and what.
    pub fn projects(&self) -> &[(ProjectId, Rights)] {
        &self.projects
    }

    /// How many resources were shared.
    pub fn shares(&self) -> usize {
        self.shares.iter().map(|shares| shares.len()).sum()
    }

    /// Whether there is anything at all to do here.
    pub fn is_nothing(&self) -> bool {
        !self.enters() && !self.wide.grants(Permission::WorkspaceRead)
    }

    /// Whether they may sign in to the workspace: by a role that says so, by any role in a project, by any share.
    pub fn enters(&self) -> bool {
        self.wide.grants(Permission::WorkspaceEnter) || !self.projects.is_empty() || !self.shares.is_empty()
    }

    /// Whether they hold a permission of Reeve in the workspace. A role in a project or a share lets in and shows the
    /// workspace, and no more.
    pub fn grants(&self, permission: Permission) -> bool {
        self.wide.grants(permission)
            || matches!(permission, Permission::WorkspaceEnter | Permission::WorkspaceRead) && self.enters()
    }

    /// Whether they hold a permission of Reeve in one project.
    pub fn grants_in(&self, project: ProjectId, permission: Permission) -> bool {
        self.grants(permission) || self.in_project(project).is_some_and(|rights| rights.grants(permission))
    }

    /// Whether they may do `action` to `resource`. The type is looked up once by the caller, who has many of one type.
    pub fn allows(&self, resource: &Resource<'_>, kind: Kind, action: Action) -> bool {
        self.wide.allows(kind, action)
            || self.by_project(resource, kind, action)
            || self.by_share(resource, kind, action)
    }

    fn by_project(&self, resource: &Resource<'_>, kind: Kind, action: Action) -> bool {
        match kind {
            Some(ResourceType::Project) => resource
                .id
                .and_then(|id| self.in_project(ProjectId::from_uuid(id)))
                .is_some_and(|rights| rights.allows(kind, action)),
            // Of what is the workspace's, a role in a project reaches tags alone; compiling has seen to that.
            Some(known) if !known.in_project() => {
                self.projects.iter().any(|(_, rights)| rights.allows(kind, action))
            }
            _ => resource
                .project
                .and_then(|id| self.in_project(ProjectId::from_uuid(id)))
                .is_some_and(|rights| rights.allows(kind, action)),
        }
    }

    fn by_share(&self, resource: &Resource<'_>, kind: Kind, action: Action) -> bool {
        let Some(id) = resource.id else {
            return false;
        };
        let project = resource.project.map(ProjectId::from_uuid);
        let direct = self.shares.iter().any(|shares| {
            let from = shares.partition_point(|share| share.resource < id);
            shares[from..].iter().take_while(|share| share.resource == id).any(|share| {
                share.actions & (1 << action as u16) != 0
                    && share.project == project
                    && &*self.snapshot.kinds[share.kind as usize] == resource.kind
            })
        });
        // To get to something that was shared, one has to see its project.
        let its_project = ProjectId::from_uuid(id);
        let leads_there =
            |here: &&[SharedIn]| here.binary_search_by_key(&its_project, |(_, _, project)| *project).is_ok();
        direct || sees_project(kind, action) && self.shared_in.iter().any(leads_there)
    }

    /// The resources of the type that `resource` names, in the project it names, on which they may do `action`.
    pub fn allowed(&self, resource: &Resource<'_>, kind: Kind, action: Action) -> Allowed {
        let in_project = match kind {
            // Of a project only the one itself.
            Some(ResourceType::Project) => false,
            _ => self.by_project(resource, kind, action),
        };
        if self.wide.allows(kind, action) || in_project {
            return Allowed { full_access: true, ids: Vec::new() };
        }
        let project = resource.project.map(ProjectId::from_uuid);
        let mut ids: Vec<Uuid> = Vec::new();
        if kind == Some(ResourceType::Project) {
            let own = self.projects.iter().filter(|(_, rights)| rights.allows(kind, action));
            ids.extend(own.map(|(id, _)| id.uuid()));
        }
        if sees_project(kind, action) {
            let projects = self.shared_in.iter().flat_map(|here| here.iter());
            ids.extend(projects.map(|(_, _, project)| project.uuid()));
        }
        if let Some(number) = self.snapshot.kinds.iter().position(|known| &**known == resource.kind) {
            let bit = 1 << action as u16;
            ids.extend(self.shares.iter().flat_map(|shares| shares.iter()).filter_map(|share| {
                let fits =
                    usize::from(share.kind) == number && share.project == project && share.actions & bit != 0;
                fits.then_some(share.resource)
            }));
        }
        ids.sort_unstable();
        ids.dedup();
        Allowed { full_access: false, ids }
    }
}

fn sees_project(kind: Kind, action: Action) -> bool {
    kind == Some(ResourceType::Project) && action == Action::Read
}
