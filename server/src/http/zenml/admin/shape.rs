//! What scripts are shown: the names of the documented API, ids beside names, instants as text.

use model::api_key::{ApiKey, ApiKeySecret, KeyState};
use model::grant::{By, Entrant, Grant, Principal, Way};
use model::limit::FeatureUsage;
use model::member::Member;
use model::project::Project;
use model::role::{Predefined, RoleDetail, RoleRow};
use model::service_account::ServiceAccount;
use model::team::{Team, TeamMember};
use model::{Level, OrgId, RoleRef, Timestamp};
use serde_json::{Value, json};

/// A role.
pub fn role(org: OrgId, row: &RoleRow) -> Value {
    json!({
        "id": row.role.id(),
        "name": row.name,
        "description": row.description,
        "organization_id": org,
        "level": row.level,
        "system_managed": row.role.predefined().is_some(),
        "type": kind(row.role),
        "assignment_count": row.assignments,
    })
}

/// A role with what it allows.
pub fn role_detail(org: OrgId, detail: &RoleDetail) -> Value {
    let mut shown = role(org, &detail.row);
    if let Value::Object(fields) = &mut shown {
        fields.insert("permissions".to_owned(), json!(detail.permissions));
        fields.insert("revision".to_owned(), json!(detail.revision));
        fields.insert("updated".to_owned(), json!(detail.updated_at.map(Timestamp::to_rfc3339)));
    }
    shown
}

const fn kind(role: RoleRef) -> &'static str {
    match role {
        RoleRef::Predefined(_) => "predefined",
        RoleRef::Custom(_) => "custom",
    }
}

fn named_role(role: RoleRef, name: &str, level: Level) -> Value {
    json!({
        "id": role.id(),
        "name": name,
        "level": level,
        "system_managed": role.predefined().is_some(),
        "type": kind(role),
    })
}

/// A grant.
pub fn grant(org: OrgId, grant: &Grant) -> Value {
    let holder = |kind: &str, label: &str| {
        let is = grant.principal.kind() == kind;
        is.then(|| json!({ "id": grant.principal.uuid(), label: grant.principal_name }))
    };
    json!({
        "id": grant.id,
        "user": holder("user", "name"),
        "team": holder("team", "name"),
        "invitation": holder("invitation", "email"),
        "role": named_role(grant.role, &grant.role_name, grant.place.level()),
        "organization_id": org,
        "workspace_id": grant.place.workspace(),
        "project_id": grant.place.project(),
        "created": grant.created_at.to_rfc3339(),
        "expires_at": grant.expires_at.map(Timestamp::to_rfc3339),
    })
}

/// An API key.
pub fn api_key(key: &ApiKey) -> Value {
    json!({
        "id": key.id,
        "name": key.name,
        "description": key.description,
        "active": key.state == KeyState::Works,
        "state": key.state,
        "scopes": key.scopes,
        "workspace_id": key.workspace.as_ref().map(|(id, _)| id),
        "created": key.created_at.to_rfc3339(),
        "expires": key.expires_at.map(Timestamp::to_rfc3339),
        "last_rotated": key.rotated_at.map(Timestamp::to_rfc3339),
        "previous_until": key.previous_until.map(Timestamp::to_rfc3339),
        "last_login": key.last_used_at.map(Timestamp::to_rfc3339),
        "last_login_ip": key.last_used_ip,
        "last_login_agent": key.last_used_agent,
    })
}

/// An API key in clear, this once.
pub fn api_key_secret(made: &ApiKeySecret) -> Value {
    json!({
        "id": made.id,
        "name": made.name,
        "key": made.secret,
        "expires": made.expires_at.map(Timestamp::to_rfc3339),
    })
}

/// A service account.
pub fn service_account(org: OrgId, account: &ServiceAccount) -> Value {
    let role = Predefined::Org(account.role);
    let owner = account.owner.as_ref().map(|owner| {
        let principal = owner.principal();
        json!({ "type": principal.kind(), "id": principal.uuid(), "name": owner.name() })
    });
    json!({
        "id": account.id,
        "username": account.name,
        "description": account.description,
        "is_service_account": true,
        "active": account.active,
        "organization_id": org,
        "role": named_role(RoleRef::Predefined(role), role.label(), role.level()),
        "owner": owner,
        "key_count": account.keys,
        "created": account.created_at.to_rfc3339(),
        "last_seen": account.last_used_at.map(Timestamp::to_rfc3339),
    })
}

/// A team.
pub fn team(org: OrgId, team: &Team) -> Value {
    json!({
        "id": team.id,
        "name": team.name,
        "description": team.description,
        "organization_id": org,
        "member_count": team.members,
        "created": team.created_at.to_rfc3339(),
        "updated": team.updated_at.to_rfc3339(),
    })
}

/// Somebody in a team.
pub fn team_member(member: &TeamMember) -> Value {
    let id = member.principal.uuid();
    let user = matches!(member.principal, Principal::User(_))
        .then(|| json!({ "id": id, "name": member.name, "email": member.email }));
    let invitation = matches!(member.principal, Principal::Invitation(_))
        .then(|| json!({ "id": id, "email": member.email }));
    json!({
        "user": user,
        "invitation": invitation,
        "maintainer": member.maintainer,
        "added": member.added_at.to_rfc3339(),
    })
}

/// A member of an organization.
pub fn member(org: OrgId, member: &Member) -> Value {
    let role = Predefined::Org(member.role);
    json!({
        "user": {
            "id": member.user,
            "name": member.name,
            "email": member.email,
            "username": member.username,
        },
        "role": named_role(RoleRef::Predefined(role), role.label(), role.level()),
        "organization_id": org,
        "workspace_count": member.workspaces,
        "joined": member.joined_at.to_rfc3339(),
        "last_seen": member.last_seen_at.map(Timestamp::to_rfc3339),
        "locked": member.locked_at.map(Timestamp::to_rfc3339),
    })
}

/// Somebody who may enter, and through what.
pub fn entrant(entrant: &Entrant) -> Value {
    json!({
        "user": { "id": entrant.user, "name": entrant.name, "email": entrant.email },
        "through": entrant.ways.iter().map(way).collect::<Value>(),
    })
}

fn way(way: &Way) -> Value {
    let level = way.place.level();
    let (assignment, role, shared) = match &way.by {
        By::Membership { role, role_name } => (None, Some(named_role(*role, role_name, level)), None),
        By::Grant { grant, role, role_name } => {
            (Some(grant), Some(named_role(*role, role_name, level)), None)
        }
        By::Share { resources } => (None, None, Some(resources)),
    };
    json!({
        "assignment_id": assignment,
        "role": role,
        "shared_resources": shared,
        "team": way.team.as_ref().map(|(id, name)| json!({ "id": id, "name": name })),
        "workspace_id": way.place.workspace(),
        "project_id": way.place.project(),
        "expires_at": way.expires_at.map(Timestamp::to_rfc3339),
    })
}

/// A project.
pub fn project(project: &Project) -> Value {
    json!({
        "id": project.id,
        "name": project.name,
        "assignment_count": project.grants,
        "created": project.created_at.to_rfc3339(),
    })
}

/// How much of a feature is used.
pub fn usage(usage: &FeatureUsage) -> Value {
    let workspaces = usage
        .by_workspace
        .iter()
        .map(|part| json!({ "id": part.workspace, "display_name": part.name, "used": part.used }));
    json!({
        "feature": usage.feature,
        "used": usage.used,
        "limit": usage.limit,
        "limit_set": usage.limit_set_at.map(Timestamp::to_rfc3339),
        "workspaces": workspaces.collect::<Value>(),
    })
}
