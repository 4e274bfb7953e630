//! Decisions explained: what somebody may do, through what, who else may, and what would have to be given.

use crate::Control;
use crate::authz::{AccessRead, Authorized, Snapshot, Standing, Through};
use crate::error::{Error, Result};
use model::access::{
    Able, AbleList, Access, AccessChoices, AccessRow, Explanation, PersonAccess, Smallest, WorkspaceAccess,
    WorkspaceChoice,
};
use model::grant::{By, Entrant, Place, Way};
use model::policy::{Action, Resource, ResourceType};
use model::role::PermissionName;
use model::{Level, OrgId, Permission, ProjectId, RoleRef, TeamId, Timestamp, UserId, WorkspaceId};
use std::collections::HashMap;
use store::ReadTx;
use uuid::Uuid;

/// People shown in one list.
const PEOPLE: usize = 100;
/// Workspaces shown of one person.
const WORKSPACES: usize = 200;
/// People shown who could give what is missing.
const GIVERS: usize = 5;

/// What people call the things a decision hangs on.
pub(crate) struct Names {
    org: String,
    workspaces: HashMap<WorkspaceId, String>,
    teams: HashMap<TeamId, String>,
    projects: HashMap<(WorkspaceId, ProjectId), String>,
}

impl Names {
    /// All names of an organization; of projects only those in `workspace`.
    pub(crate) async fn of(tx: &mut ReadTx, org: OrgId, workspace: Option<WorkspaceId>) -> Result<Self> {
        let mut names = Self {
            org: store::orgs::by_id(tx, org).await?.map(|org| org.display_name).unwrap_or_default(),
            workspaces: store::workspaces::names(tx, org).await?.into_iter().collect(),
            teams: store::teams::names(tx, org).await?.into_iter().collect(),
            projects: HashMap::new(),
        };
        if let Some(workspace) = workspace {
            names.learn_projects(tx, workspace).await?;
        }
        Ok(names)
    }

    async fn learn_projects(&mut self, tx: &mut ReadTx, workspace: WorkspaceId) -> Result<()> {
        let projects = store::projects::list(tx, workspace, u32::MAX).await?.into_iter();
        self.projects.extend(projects.map(|project| ((workspace, project.id), project.label())));
        Ok(())
    }

    pub(crate) fn place(&self, place: Place) -> String {
        let workspace = |id| self.workspaces.get(&id).cloned().unwrap_or_default();
        match place {
            Place::Org(_) => self.org.clone(),
            Place::Workspace(id) => workspace(id),
            Place::Project(place) => {
                let project = self.projects.get(&(place.workspace, place.project)).cloned();
                let project = project.unwrap_or_else(|| place.project.to_string());
                format!("{} / {project}", workspace(place.workspace))
            }
        }
    }
}

/// A way as people read it.
pub(crate) fn way(
    policy: &Snapshot,
    names: &Names,
    workspace: Option<WorkspaceId>,
    through: Through,
) -> Option<Way> {
    let team_named =
        |team: Option<TeamId>| team.map(|team| (team, names.teams.get(&team).cloned().unwrap_or_default()));
    Some(match through {
        Through::Membership(role) => {
            let role = policy.role(role.into())?;
            Way {
                by: By::Membership { role: role.role, role_name: role.name.clone() },
                team: None,
                place: Place::Org(policy.org),
                place_name: names.org.clone(),
                expires_at: None,
            }
        }
        Through::Grant { index, team } => {
            let held = policy.grant_at(index);
            let role = policy.role_of(held);
            let place = held.place(policy.org);
            Way {
                by: By::Grant { grant: held.grant, role: role.role, role_name: role.name.clone() },
                team: team_named(team),
                place,
                place_name: names.place(place),
                expires_at: held.expires_at,
            }
        }
        Through::Shares { count, team } => {
            let place = Place::Workspace(workspace?);
            Way {
                by: By::Share { resources: count },
                team: team_named(team),
                place,
                place_name: names.place(place),
                expires_at: None,
            }
        }
    })
}

/// The first people who may enter a workspace or, with `project`, see one project of it, by name and through what; and
/// how many there are.
pub(crate) async fn entrants(
    tx: &mut ReadTx,
    policy: &Snapshot,
    workspace: WorkspaceId,
    project: Option<ProjectId>,
    now: Timestamp,
) -> Result<(Vec<Entrant>, u32)> {
    entrants_of(tx, policy, workspace, project, &Part::FIRST, now).await
}

/// Which part of the people, in the order of their names.
pub(crate) struct Part {
    /// Those after this one: a name as it is ordered, and whose.
    pub(crate) after: Option<(String, UserId)>,
    /// At most so many.
    pub(crate) most: usize,
}

impl Part {
    const FIRST: Self = Self { after: None, most: PEOPLE };
}

/// The same, of another part of the people.
pub(crate) async fn entrants_of(
    tx: &mut ReadTx,
    policy: &Snapshot,
    workspace: WorkspaceId,
    project: Option<ProjectId>,
    part: &Part,
    now: Timestamp,
) -> Result<(Vec<Entrant>, u32)> {
    let asked = project.map_or(
        Asked {
            permission: PermissionName::Reeve(Permission::WorkspaceEnter),
            workspace,
            project: None,
            id: None,
        },
        |project| Asked {
            permission: PermissionName::Resource(ResourceType::Project, Action::Read),
            workspace,
            project: None,
            id: Some(project.uuid()),
        },
    );
    let (people, total) = able(tx, policy, &Question::In(asked), part, now).await?;
    let entrants = people.into_iter().map(|person| Entrant {
        user: person.user,
        name: person.name,
        email: person.email,
        ways: person.ways,
    });
    Ok((entrants.collect(), total))
}

/// Something one may or may not.
#[derive(Clone, Copy, Debug)]
enum Question {
    /// In the organization itself.
    Org(Permission),
    /// In a workspace.
    In(Asked),
}

/// Something one may or may not in a workspace.
#[derive(Clone, Copy, Debug)]
struct Asked {
    permission: PermissionName,
    workspace: WorkspaceId,
    /// The project in which it is asked.
    project: Option<ProjectId>,
    /// Of which single resource.
    id: Option<Uuid>,
}

impl Asked {
    fn is_allowed(&self, standing: &Standing<'_>) -> bool {
        match self.permission {
            PermissionName::Reeve(permission) => match self.project {
                Some(project) => standing.grants_in(project, permission),
                None => standing.grants(permission),
            },
            PermissionName::Resource(kind, action) => {
                let id = match (kind, self.id, self.project) {
                    // In a project, the project itself is meant.
                    (ResourceType::Project, None, Some(project)) => Some(project.uuid()),
                    (_, id, _) => id,
                };
                let project = self.project.filter(|_| kind.in_project()).map(ProjectId::uuid);
                let resource = Resource { project, kind: kind.as_str(), id };
                standing.allows(&resource, Some(kind), action)
            }
        }
    }
}

impl Question {
    /// # Errors
    ///
    /// `invalid` on `permission` for what is not held in such a place, `not_found` for a place that is not there.
    fn new(policy: &Snapshot, place: Place, permission: PermissionName, id: Option<Uuid>) -> Result<Self> {
        let Some(workspace) = place.workspace() else {
            let PermissionName::Reeve(permission) = permission else {
                return Err(Error::invalid("place", "Choose a workspace: resources are inside of one."));
            };
            return match place {
                Place::Org(org) if org == policy.org => Ok(Self::Org(permission)),
                _ => Err(Error::not_found()),
            };
        };
        if !policy.has_workspace(workspace) {
            return Err(Error::not_found());
        }
        Ok(Self::In(Asked { permission, workspace, project: place.project(), id }))
    }

    const fn workspace(&self) -> Option<WorkspaceId> {
        match self {
            Self::Org(_) => None,
            Self::In(asked) => Some(asked.workspace),
        }
    }

    fn is_allowed(&self, policy: &Snapshot, user: UserId, now: Timestamp) -> bool {
        match self {
            Self::Org(permission) => {
                policy.org_rights(user, now).is_some_and(|rights| rights.grants(*permission))
            }
            Self::In(asked) => policy
                .standing(user, asked.workspace, now)
                .is_some_and(|standing| asked.is_allowed(&standing)),
        }
    }

    /// Everything that allows it by itself.
    fn ways(&self, policy: &Snapshot, user: UserId, now: Timestamp) -> Vec<Through> {
        let ways = policy.ways(user, self.workspace(), now);
        ways.into_iter()
            .filter(|through| match self {
                Self::Org(permission) => match through {
                    Through::Membership(role) => role.grants(*permission),
                    Through::Grant { index, .. } => {
                        policy.role_of(policy.grant_at(*index)).rights.grants(*permission)
                    }
                    Through::Shares { .. } => false,
                },
                Self::In(asked) => asked.is_allowed(&policy.standing_by(user, asked.workspace, *through)),
            })
            .collect()
    }
}

/// A part of everybody who may, by name, and how many may.
async fn able(
    tx: &mut ReadTx,
    policy: &Snapshot,
    question: &Question,
    part: &Part,
    now: Timestamp,
) -> Result<(Vec<Able>, u32)> {
    let everybody: Vec<UserId> = policy
        .members()
        .map(|(user, _)| user)
        .filter(|user| question.is_allowed(policy, *user, now))
        .collect();
    let total = u32::try_from(everybody.len()).unwrap_or(u32::MAX);
    let names = Names::of(tx, policy.org, question.workspace()).await?;
    let named = match &part.after {
        None => store::members::named(tx, policy.org, &everybody, part.most).await?,
        Some((name, user)) => {
            let mut named = store::members::named(tx, policy.org, &everybody, usize::MAX).await?;
            named.retain(|(id, own, _)| (&store::members::sort_name(own), id) > (name, user));
            named.truncate(part.most);
            named
        }
    };
    let people = named.into_iter().map(|(user, name, email)| {
        let ways = question.ways(policy, user, now);
        let ways = ways.into_iter().filter_map(|through| way(policy, &names, question.workspace(), through));
        Able { user, name, email, ways: ways.collect() }
    });
    Ok((people.collect(), total))
}

impl Control {
    /// What can be asked about: the workspaces of the organization.
    pub async fn access_choices(&self, auth: &Authorized<AccessRead>) -> Result<AccessChoices> {
        let mut tx = self.store().read().await?;
        let workspaces = store::workspaces::names(&mut tx, auth.scope()).await?;
        let workspaces = workspaces.into_iter().map(|(id, name)| WorkspaceChoice { id, name });
        Ok(AccessChoices { workspaces: workspaces.collect() })
    }

    /// Everything a member has a part in, and through what.
    ///
    /// # Errors
    ///
    /// `not_found` for somebody who is not a member.
    pub async fn person_access(&self, auth: &Authorized<AccessRead>, user: UserId) -> Result<PersonAccess> {
        let now = auth.now();
        let policy = self.policy(auth.scope()).await?.ok_or_else(Error::not_found)?;
        policy.member(user).ok_or_else(Error::not_found)?;
        let mut tx = self.store().snapshot().await?;
        let mut names = Names::of(&mut tx, policy.org, None).await?;
        let org = policy.ways(user, None, now);
        let org = org.into_iter().filter_map(|through| way(&policy, &names, None, through)).collect();

        let all = policy.places_of(user, now);
        let parts = [store::workspaces::Part::Some(all.clone())];
        let shown = u32::try_from(WORKSPACES).unwrap_or(u32::MAX);
        let listed = store::workspaces::list(&mut tx, &store::workspaces::Filter::of(&parts, shown)).await?;
        let mut workspaces = Vec::with_capacity(listed.len());
        for seen in listed {
            let id = seen.workspace.id;
            names.learn_projects(&mut tx, id).await?;
            let ways = policy.ways(user, Some(id), now).into_iter();
            let ways = ways.filter_map(|through| way(&policy, &names, Some(id), through));
            workspaces.push(WorkspaceAccess {
                workspace: id,
                name: seen.workspace.name,
                display_name: seen.workspace.display_name,
                enters: policy.standing(user, id, now).is_some_and(|standing| standing.enters()),
                ways: ways.filter(|way| !matches!(way.place, Place::Org(_))).collect(),
            });
        }
        Ok(PersonAccess { org, workspaces, workspaces_total: u32::try_from(all.len()).unwrap_or(u32::MAX) })
    }

    /// What a member may do in a workspace or a project, by type of resource.
    ///
    /// # Errors
    ///
    /// `not_found` for somebody who is not a member, or a place that is not there; `invalid` on `place` for the
    /// organization itself, which has no resources.
    pub async fn access(&self, auth: &Authorized<AccessRead>, user: UserId, place: Place) -> Result<Access> {
        let now = auth.now();
        let policy = self.policy(auth.scope()).await?.ok_or_else(Error::not_found)?;
        policy.member(user).ok_or_else(Error::not_found)?;
        let workspace =
            place.workspace().ok_or_else(|| Error::invalid("place", "Choose a workspace or a project."))?;
        let standing = policy.standing(user, workspace, now).ok_or_else(Error::not_found)?;
        let allowed = |kind: ResourceType, action: Action| {
            let permission = PermissionName::Resource(kind, action);
            Asked { permission, workspace, project: place.project(), id: None }.is_allowed(&standing)
        };
        let rows = ResourceType::ALL.iter().map(|kind| AccessRow {
            kind: *kind,
            actions: Action::ALL.iter().copied().filter(|action| allowed(*kind, *action)).collect(),
        });
        let mut tx = self.store().snapshot().await?;
        let names = Names::of(&mut tx, policy.org, Some(workspace)).await?;
        let ways = policy.ways(user, Some(workspace), now).into_iter();
        let ways = ways.filter(|through| reaches(&policy, *through, place));
        Ok(Access {
            enters: standing.enters(),
            rows: rows.collect(),
            shares: u32::try_from(standing.shares()).unwrap_or(u32::MAX),
            ways: ways.filter_map(|through| way(&policy, &names, Some(workspace), through)).collect(),
        })
    }

    /// Whether a member may do one thing, and why; of what they may not, the least that would have to be given.
    ///
    /// # Errors
    ///
    /// `not_found` for somebody who is not a member, or a place that is not there; `invalid` for what is not held in
    /// such a place.
    pub async fn explain_access(
        &self,
        auth: &Authorized<AccessRead>,
        user: UserId,
        place: Place,
        permission: PermissionName,
        resource: Option<Uuid>,
    ) -> Result<Explanation> {
        let now = auth.now();
        let policy = self.policy(auth.scope()).await?.ok_or_else(Error::not_found)?;
        policy.member(user).ok_or_else(Error::not_found)?;
        let question = Question::new(&policy, place, permission, resource)?;
        let mut tx = self.store().snapshot().await?;
        let names = Names::of(&mut tx, policy.org, question.workspace()).await?;
        let allowed = question.is_allowed(&policy, user, now);
        let ways = question.ways(&policy, user, now).into_iter();
        let ways = ways.filter_map(|through| way(&policy, &names, question.workspace(), through)).collect();
        let smallest = match smallest(&policy, place, &question) {
            Some((role, place)) if !allowed => {
                let givers = givers(&mut tx, &policy, role, place, now).await?;
                let role = policy.role(role).ok_or_else(Error::not_found)?;
                Some(Smallest {
                    role: role.role,
                    role_name: role.name.clone(),
                    place,
                    place_name: names.place(place),
                    givers,
                })
            }
            _ => None,
        };
        Ok(Explanation { allowed, ways, smallest })
    }

    /// Everybody who may do something, and through what.
    ///
    /// # Errors
    ///
    /// `not_found` for a place that is not there; `invalid` for what is not held in such a place.
    pub async fn who_can(
        &self,
        auth: &Authorized<AccessRead>,
        place: Place,
        permission: PermissionName,
        resource: Option<Uuid>,
    ) -> Result<AbleList> {
        let policy = self.policy(auth.scope()).await?.ok_or_else(Error::not_found)?;
        let question = Question::new(&policy, place, permission, resource)?;
        let mut tx = self.store().snapshot().await?;
        let (people, total) = able(&mut tx, &policy, &question, &Part::FIRST, auth.now()).await?;
        Ok(AbleList { total, people })
    }
}

/// Whether what is held there has anything to say in `place`: a role in another project has not.
fn reaches(policy: &Snapshot, through: Through, place: Place) -> bool {
    match through {
        Through::Membership(_) | Through::Shares { .. } => true,
        Through::Grant { index, .. } => match (policy.grant_at(index).place(policy.org), place) {
            (Place::Project(held), Place::Project(asked)) => held == asked,
            _ => true,
        },
    }
}

/// The role with the fewest rights that would allow it, in the narrowest place where one would.
fn smallest(policy: &Snapshot, place: Place, question: &Question) -> Option<(RoleRef, Place)> {
    let mut places = vec![Place::Org(policy.org)];
    places.extend(place.workspace().map(Place::Workspace));
    if matches!(place, Place::Project(_)) {
        places.push(place);
    }
    places.into_iter().rev().find_map(|place| {
        let fitting = policy.roles().iter().filter(|role| role.level == place.level());
        let fitting = fitting.filter(|role| match question {
            Question::Org(permission) => role.rights.grants(*permission),
            Question::In(asked) => asked.is_allowed(&policy.standing_of(role, place)),
        });
        fitting.min_by_key(|role| role.rights.names().count()).map(|role| (role.role, place))
    })
}

/// Members who could give a role in a place, by name.
async fn givers(
    tx: &mut ReadTx,
    policy: &Snapshot,
    role: RoleRef,
    place: Place,
    now: Timestamp,
) -> Result<Vec<(UserId, String)>> {
    let Some(role) = policy.role(role) else {
        return Ok(Vec::new());
    };
    let right = match place.level() {
        Level::Workspace => Permission::GrantManage,
        Level::Project => Permission::ProjectGrantManage,
        Level::Organization | Level::Team => Permission::OrgGrantManage,
    };
    let able: Vec<UserId> = policy
        .members()
        .map(|(user, _)| user)
        .filter(|user| {
            policy
                .held_in(*user, place, now)
                .is_some_and(|held| held.grants(right) && held.covers(&role.rights))
        })
        .collect();
    let named = store::members::named(tx, policy.org, &able, GIVERS).await?;
    Ok(named.into_iter().map(|(user, name, _)| (user, name)).collect())
}
