//! The server functions about who may do what: teams, roles, grants, access, limits, projects.

use super::Leaves::{Entry, Reads, SeenBy};
use super::Who::{Org, Project, Team, Workspace};
use super::{A, Endpoint, P, call, json};

/// Whoever is put somewhere is taken out again; deletion is only tried.
pub(crate) const ACCESS_CALLS: &[Endpoint] = &[
    call("/api/fn/teams/list", Org(P::OrgRead), Reads, "org={org}"),
    call("/api/fn/teams/one", Team(P::TeamRead), Reads, "team={team}"),
    call("/api/fn/teams/create", Org(P::TeamManage), Entry(A::TeamCreated), "org={org}&name=Second"),
    call("/api/fn/teams/update", Team(P::TeamManage), Entry(A::TeamUpdated), "team={team}&name=Operations"),
    call(
        "/api/fn/teams/add_member",
        Team(P::TeamMembers),
        Entry(A::TeamMemberAdded),
        "team={team}&who=oscar@acme.test",
    ),
    call(
        "/api/fn/teams/set_maintainer",
        Team(P::TeamManage),
        Entry(A::TeamMemberUpdated),
        "team={team}&principal=user:{colleague}&maintainer=true",
    ),
    call(
        "/api/fn/teams/remove_member",
        Team(P::TeamMembers),
        Entry(A::TeamMemberRemoved),
        "team={team}&principal=user:{colleague}",
    ),
    call(
        "/api/fn/teams/delete",
        Team(P::TeamManage),
        SeenBy("control::teams"),
        "org={org}&team={team}&confirm=another",
    ),
    call("/api/fn/roles/list", Org(P::RoleRead), Reads, "org={org}"),
    call("/api/fn/roles/one", Org(P::RoleRead), Reads, "org={org}&role={role}"),
    call("/api/fn/roles/assignments", Org(P::RoleRead), Reads, "org={org}&role={role}"),
    call(
        "/api/fn/roles/create",
        Org(P::RoleManage),
        Entry(A::RoleCreated),
        "org={org}&level=workspace&name=Second&description=&permissions[0]=stack.read",
    ),
    call(
        "/api/fn/roles/update",
        Org(P::RoleManage),
        Entry(A::RoleUpdated),
        "org={org}&role={role}&revision=1&name=Stacks&description=New&permissions[0]=stack.read",
    ),
    call("/api/fn/roles/delete", Org(P::RoleManage), SeenBy("control::roles"), "org={org}&role={nothing}"),
    call("/api/fn/grants/in_org", Org(P::RoleRead), Reads, "org={org}"),
    call(
        "/api/fn/grants/add_in_org",
        Org(P::OrgGrantManage),
        Entry(A::GrantCreated),
        "org={org}&who=oscar&role=organization-viewer",
    ),
    call(
        "/api/fn/grants/add_in_workspace",
        Workspace(P::GrantManage),
        Entry(A::GrantCreated),
        "workspace={workspace}&who=oscar@acme.test&role=workspace-viewer&until=2027-01-31",
    ),
    call(
        "/api/fn/grants/add_in_project",
        Project(P::ProjectGrantManage),
        Entry(A::GrantCreated),
        "workspace={workspace}&project={project}&who=user:{colleague}&role=project-viewer",
    ),
    call(
        "/api/fn/access/preview_grant",
        Workspace(P::GrantManage),
        Reads,
        "workspace={workspace}&grant={grant}",
    ),
    call(
        "/api/fn/grants/remove_in_org",
        Org(P::OrgGrantManage),
        SeenBy("control::grants"),
        "org={org}&grant={nothing}",
    ),
    call(
        "/api/fn/grants/remove_in_workspace",
        Workspace(P::GrantManage),
        Entry(A::GrantDeleted),
        "workspace={workspace}&grant={grant}",
    ),
    call(
        "/api/fn/grants/remove_in_project",
        Project(P::ProjectGrantManage),
        SeenBy("control::grants"),
        "workspace={workspace}&project={project}&grant={nothing}",
    ),
    call("/api/fn/access/person", Org(P::AccessRead), Reads, "org={org}&user={colleague}"),
    call("/api/fn/access/choices", Org(P::AccessRead), Reads, "org={org}"),
    call(
        "/api/fn/access/show",
        Org(P::AccessRead),
        Reads,
        "org={org}&user={colleague}&place=project:{workspace}/{project}",
    ),
    call(
        "/api/fn/access/explain",
        Org(P::AccessRead),
        Reads,
        "org={org}&user={colleague}&place=workspace:{workspace}&permission=stack.delete",
    ),
    call(
        "/api/fn/access/who_can",
        Org(P::AccessRead),
        Reads,
        "org={org}&place=workspace:{workspace}&permission=stack.read",
    ),
    json(
        "/api/fn/access/preview",
        Org(P::AccessRead),
        Reads,
        r#"{"org":"{org}","change":{"kind":"delete_role","role":"{role}"}}"#,
    ),
    call("/api/fn/limits/report", Org(P::LimitRead), Reads, "org={org}"),
    call(
        "/api/fn/limits/set",
        Org(P::LimitManage),
        Entry(A::LimitUpdated),
        "org={org}&feature=pipeline&most=50",
    ),
    call(
        "/api/fn/projects/one",
        Project(P::ProjectGrantRead),
        Reads,
        "workspace={workspace}&project={project}",
    ),
    call(
        "/api/fn/projects/create",
        Workspace(P::WorkspaceEnter),
        SeenBy("control::projects"),
        "workspace={workspace}&name=churn&display_name=Churn",
    ),
    call(
        "/api/fn/projects/name",
        Project(P::ProjectGrantManage),
        Entry(A::ProjectUpdated),
        "workspace={workspace}&project={project}&name=Churn",
    ),
];
