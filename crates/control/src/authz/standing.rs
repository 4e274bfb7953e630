//! What somebody stands on in one workspace, and what is decided from it.

use super::snapshot::{Role, Shared, SharedIn, Snapshot, Through, letting_in};
use model::grant::{Place, Principal};
use model::policy::{Action, Kind, Resource, ResourceType};
use model::role::PermissionName;
use model::{Permission, ProjectId, Rights, Timestamp, UserId, WorkspaceId};
use uuid::Uuid;

/// What somebody stands on in one workspace: everything needed to decide there.
#[derive(Clone, Debug)]
pub struct Standing<'s> {
    snapshot: &'s Snapshot,
    /// What holds in the whole workspace.
    pub(super) wide: Rights,
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

impl Snapshot {
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

    /// The same, and nothing where there is none.
    pub(crate) fn standing_or_nothing(
        &self,
        user: UserId,
        workspace: WorkspaceId,
        now: Timestamp,
    ) -> Standing<'_> {
        self.standing(user, workspace, now).unwrap_or_else(|| Standing::nothing(self))
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

    /// What holds in the whole workspace, whatever it comes from: whoever may enter sees it, and what a role in a project
    /// allows on the workspace's own does not end with the project.
    pub(crate) fn reach(&self) -> Rights {
        let mut reach = self.wide;
        if self.enters() {
            reach.join(&letting_in());
        }
        for (_, rights) in &self.projects {
            reach.join(&Rights::collect(
                |_| false,
                |kind, action| kind.is_some_and(is_workspaces_own) && rights.allows(kind, action),
            ));
        }
        reach
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
        self.by_role(resource, kind, action) || self.by_share(resource, kind, action)
    }

    fn by_role(&self, resource: &Resource<'_>, kind: Kind, action: Action) -> bool {
        self.wide.allows(kind, action) || self.by_project(resource, kind, action)
    }

    fn by_project(&self, resource: &Resource<'_>, kind: Kind, action: Action) -> bool {
        match kind {
            Some(ResourceType::Project) => resource
                .id
                .and_then(|id| self.in_project(ProjectId::from_uuid(id)))
                .is_some_and(|rights| rights.allows(kind, action)),
            // Of what is the workspace's, a role in a project reaches tags alone; compiling has seen to that.
            Some(known) if is_workspaces_own(known) => {
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
                share.allows(action)
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

    /// What they hold in a project, and what they may do to the project itself: it is a single resource, which can be shared,
    /// and is seen by whoever something in it is shared with.
    pub(crate) fn own_in_project(&self, project: ProjectId) -> Rights {
        let kind = ResourceType::Project;
        let itself = Resource { project: None, kind: kind.as_str(), id: Some(project.uuid()) };
        let done_to_it = Action::ALL.iter().filter(|action| self.allows(&itself, Some(kind), **action));
        let mut rights = Rights::of(done_to_it.map(|action| PermissionName::Resource(kind, *action)));
        if let Some(held) = self.in_project(project) {
            rights.join(held);
        }
        rights
    }

    /// What they may do to some resource here through shares alone, and with what `other` stands on not at all. What is
    /// shared with a holder of `other` as well, and `alike` there, cannot be among it and is not looked at.
    ///
    /// Types this version does not know are left out: nothing done to them has a name.
    pub(crate) fn shared_apart_from(
        &self,
        other: &Standing<'_>,
        mut alike: impl FnMut(Principal) -> bool,
    ) -> Rights {
        let mut beyond = Rights::NONE;
        for (shares, shared_in) in self.shares.iter().zip(&self.shared_in) {
            let with = shares[0].principal;
            if other.shares.iter().any(|theirs| theirs[0].principal == with) && alike(with) {
                continue;
            }
            for share in *shares {
                let resource = self.snapshot.resource(share);
                // With a project it must not have, or without the one it must, nobody can ask about it.
                let placed = |kind: &ResourceType| kind.in_project() == resource.project.is_some();
                let Some(kind) = resource.known().filter(placed) else { continue };
                for action in Action::ALL.iter().filter(|action| share.allows(**action)) {
                    self.add_beyond(&mut beyond, other, &resource, kind, *action);
                }
            }
            for (_, _, project) in *shared_in {
                let kind = ResourceType::Project;
                let resource = Resource { project: None, kind: kind.as_str(), id: Some(project.uuid()) };
                self.add_beyond(&mut beyond, other, &resource, kind, Action::Read);
            }
        }
        beyond
    }

    /// Adds what is shared here, unless it is there already, as it is for most of a thousand shares.
    fn add_beyond(
        &self,
        beyond: &mut Rights,
        other: &Standing<'_>,
        resource: &Resource<'_>,
        known: ResourceType,
        action: Action,
    ) {
        let kind = Some(known);
        if !beyond.allows(kind, action)
            && !self.by_role(resource, kind, action)
            && !other.allows(resource, kind, action)
        {
            beyond.insert(PermissionName::Resource(known, action));
        }
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
            ids.extend(self.shares.iter().flat_map(|shares| shares.iter()).filter_map(|share| {
                let fits =
                    usize::from(share.kind) == number && share.project == project && share.allows(action);
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

/// Whether resources of a type belong to the workspace as a whole, and to none of its projects.
const fn is_workspaces_own(kind: ResourceType) -> bool {
    !kind.in_project() && !matches!(kind, ResourceType::Project)
}
