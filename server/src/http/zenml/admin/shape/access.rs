//! Who has what where, and how much is used.

use super::{InvitedJson, NamedJson, NamedRoleJson, When, named_role};
use model::grant::{By, Entrant, Grant, Principal, Way};
use model::limit::{Feature, FeatureUsage};
use model::project::Project;
use model::{GrantId, OrgId, ProjectId, UserId, WorkspaceId};
use schemars::JsonSchema;
use serde::Serialize;

/// A role that was given: to one of a user, a team and an invitation.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AssignmentJson {
    id: GrantId,
    user: Option<NamedJson>,
    team: Option<NamedJson>,
    invitation: Option<InvitedJson>,
    role: NamedRoleJson,
    organization_id: OrgId,
    /// Where, unless in the organization.
    workspace_id: Option<WorkspaceId>,
    /// Where, if in a project.
    project_id: Option<ProjectId>,
    created: When,
    /// Until when, if not for good.
    expires_at: Option<When>,
}

/// A grant.
pub fn grant(org: OrgId, grant: &Grant) -> AssignmentJson {
    let (id, name) = (grant.principal.uuid(), || grant.principal_name.clone());
    let (mut user, mut team, mut invitation) = (None, None, None);
    match grant.principal {
        Principal::User(_) => user = Some(NamedJson { id, name: name() }),
        Principal::Team(_) => team = Some(NamedJson { id, name: name() }),
        Principal::Invitation(_) => invitation = Some(InvitedJson { id, email: name() }),
    }
    AssignmentJson {
        id: grant.id,
        user,
        team,
        invitation,
        role: named_role(grant.role, &grant.role_name, grant.place.level()),
        organization_id: org,
        workspace_id: grant.place.workspace(),
        project_id: grant.place.project(),
        created: grant.created_at.into(),
        expires_at: grant.expires_at.map(When::from),
    }
}

/// Somebody who may enter, and through what.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EntrantJson {
    user: PersonJson,
    /// Through what, the strongest first.
    through: Vec<WayJson>,
}

/// A person.
#[derive(Debug, Serialize, JsonSchema)]
struct PersonJson {
    id: UserId,
    name: String,
    email: String,
}

/// Through what somebody may enter.
#[derive(Debug, Serialize, JsonSchema)]
struct WayJson {
    /// The assignment, if it is one and not the membership or a share.
    assignment_id: Option<GrantId>,
    role: Option<NamedRoleJson>,
    /// How many resources were shared with them, if that is the way.
    shared_resources: Option<u32>,
    /// The team through which, if it is not their own.
    team: Option<NamedJson>,
    workspace_id: Option<WorkspaceId>,
    project_id: Option<ProjectId>,
    expires_at: Option<When>,
}

/// Somebody who may enter, and through what.
pub fn entrant(entrant: &Entrant) -> EntrantJson {
    EntrantJson {
        user: PersonJson { id: entrant.user, name: entrant.name.clone(), email: entrant.email.clone() },
        through: entrant.ways.iter().map(way).collect(),
    }
}

fn way(way: &Way) -> WayJson {
    let level = way.place.level();
    let (assignment_id, role, shared_resources) = match &way.by {
        By::Membership { role, role_name } => (None, Some(named_role(*role, role_name, level)), None),
        By::Grant { grant, role, role_name } => {
            (Some(*grant), Some(named_role(*role, role_name, level)), None)
        }
        By::Share { resources } => (None, None, Some(*resources)),
    };
    WayJson {
        assignment_id,
        role,
        shared_resources,
        team: way.team.as_ref().map(|(id, name)| NamedJson { id: id.uuid(), name: name.clone() }),
        workspace_id: way.place.workspace(),
        project_id: way.place.project(),
        expires_at: way.expires_at.map(When::from),
    }
}

/// A project.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProjectJson {
    id: ProjectId,
    name: Option<String>,
    /// How many roles were given in it.
    assignment_count: u64,
    created: When,
}

/// A project.
pub fn project(project: &Project) -> ProjectJson {
    ProjectJson {
        id: project.id,
        name: project.name.clone(),
        assignment_count: project.grants.into(),
        created: project.created_at.into(),
    }
}

/// How much of a feature is used.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UsageJson {
    feature: Feature,
    used: i64,
    /// How many there may be; `null` is no limit.
    limit: Option<i64>,
    /// When the limit was set.
    limit_set: Option<When>,
    workspaces: Vec<WorkspaceUsageJson>,
}

/// The part of one workspace.
#[derive(Debug, Serialize, JsonSchema)]
struct WorkspaceUsageJson {
    id: WorkspaceId,
    display_name: String,
    used: i64,
}

/// How much of a feature is used.
pub fn usage(usage: &FeatureUsage) -> UsageJson {
    let workspaces = usage.by_workspace.iter().map(|part| WorkspaceUsageJson {
        id: part.workspace,
        display_name: part.name.clone(),
        used: part.used,
    });
    UsageJson {
        feature: usage.feature,
        used: usage.used,
        limit: usage.limit,
        limit_set: usage.limit_set_at.map(When::from),
        workspaces: workspaces.collect(),
    }
}
