//! People, machines, their keys and their teams.

use super::{InvitedJson, NamedRoleJson, When, named_role};
use model::api_key::{ApiKey, ApiKeySecret, KeyState};
use model::grant::Principal;
use model::member::Member;
use model::role::Predefined;
use model::service_account::ServiceAccount;
use model::team::{Team, TeamMember};
use model::{ApiKeyId, OrgId, OrgRole, RoleRef, ServiceAccountId, TeamId, UserId, WorkspaceId};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

fn org_role(role: OrgRole) -> NamedRoleJson {
    let role = Predefined::Org(role);
    named_role(RoleRef::Predefined(role), role.label(), role.level())
}

/// An API key, without its secret.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ApiKeyJson {
    id: ApiKeyId,
    name: String,
    description: String,
    /// Whether it works.
    active: bool,
    /// Why not, if it does not.
    state: KeyState,
    /// Names of the permissions it is limited to; `null` is no limit.
    scopes: Option<Vec<String>>,
    /// The one workspace it is limited to.
    workspace_id: Option<WorkspaceId>,
    created: When,
    /// When it stops working; `null` is never.
    expires: Option<When>,
    last_rotated: Option<When>,
    /// Until when the secret before works.
    previous_until: Option<When>,
    last_login: Option<When>,
    last_login_ip: Option<String>,
    last_login_agent: Option<String>,
}

/// An API key.
pub fn api_key(key: &ApiKey) -> ApiKeyJson {
    ApiKeyJson {
        id: key.id,
        name: key.name.clone(),
        description: key.description.clone(),
        active: key.state == KeyState::Works,
        state: key.state,
        scopes: key.scopes.clone(),
        workspace_id: key.workspace.as_ref().map(|(id, _)| *id),
        created: key.created_at.into(),
        expires: key.expires_at.map(When::from),
        last_rotated: key.rotated_at.map(When::from),
        previous_until: key.previous_until.map(When::from),
        last_login: key.last_used_at.map(When::from),
        last_login_ip: key.last_used_ip.clone(),
        last_login_agent: key.last_used_agent.clone(),
    }
}

/// An API key in clear, this once.
#[derive(Serialize, JsonSchema)]
pub struct ApiKeySecretJson {
    id: ApiKeyId,
    name: String,
    /// The key; it cannot be shown again.
    key: String,
    /// When it stops working; `null` is never.
    expires: Option<When>,
}

/// An API key in clear, this once.
pub fn api_key_secret(made: &ApiKeySecret) -> ApiKeySecretJson {
    ApiKeySecretJson {
        id: made.id,
        name: made.name.clone(),
        key: made.secret.clone(),
        expires: made.expires_at.map(When::from),
    }
}

/// A service account.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ServiceAccountJson {
    id: ServiceAccountId,
    username: String,
    description: String,
    is_service_account: bool,
    active: bool,
    organization_id: OrgId,
    role: NamedRoleJson,
    /// Who answers for it; `null` if nobody does any more.
    owner: Option<OwnerJson>,
    key_count: u64,
    created: When,
    last_seen: Option<When>,
}

/// Who answers for a service account.
#[derive(Debug, Serialize, JsonSchema)]
struct OwnerJson {
    /// `user` or `team`.
    r#type: &'static str,
    id: Uuid,
    name: String,
}

/// A service account.
pub fn service_account(org: OrgId, account: &ServiceAccount) -> ServiceAccountJson {
    let owner = account.owner.as_ref().map(|owner| {
        let principal = owner.principal();
        OwnerJson { r#type: principal.kind(), id: principal.uuid(), name: owner.name().to_owned() }
    });
    ServiceAccountJson {
        id: account.id,
        username: account.name.clone(),
        description: account.description.clone(),
        is_service_account: true,
        active: account.active,
        organization_id: org,
        role: org_role(account.role),
        owner,
        key_count: account.keys.into(),
        created: account.created_at.into(),
        last_seen: account.last_used_at.map(When::from),
    }
}

/// A team.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TeamJson {
    id: TeamId,
    name: String,
    description: String,
    organization_id: OrgId,
    member_count: u64,
    created: When,
    updated: When,
}

/// A team.
pub fn team(org: OrgId, team: &Team) -> TeamJson {
    TeamJson {
        id: team.id,
        name: team.name.clone(),
        description: team.description.clone(),
        organization_id: org,
        member_count: team.members.into(),
        created: team.created_at.into(),
        updated: team.updated_at.into(),
    }
}

/// Somebody in a team: a member of the organization, or an open invitation into it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TeamMemberJson {
    user: Option<TeamPersonJson>,
    invitation: Option<InvitedJson>,
    maintainer: bool,
    added: When,
}

/// A person in a team.
#[derive(Debug, Serialize, JsonSchema)]
struct TeamPersonJson {
    id: Uuid,
    name: String,
    email: String,
}

/// Somebody in a team.
pub fn team_member(member: &TeamMember) -> TeamMemberJson {
    let id = member.principal.uuid();
    let user = matches!(member.principal, Principal::User(_)).then(|| TeamPersonJson {
        id,
        name: member.name.clone(),
        email: member.email.clone(),
    });
    let invitation = matches!(member.principal, Principal::Invitation(_))
        .then(|| InvitedJson { id, email: member.email.clone() });
    TeamMemberJson { user, invitation, maintainer: member.maintainer, added: member.added_at.into() }
}

/// A member of an organization.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MemberJson {
    user: MemberPersonJson,
    role: NamedRoleJson,
    organization_id: OrgId,
    /// How many workspaces they hold a role in.
    workspace_count: u32,
    joined: When,
    last_seen: Option<When>,
    /// Since when nothing of theirs opens the organization.
    locked: Option<When>,
}

/// A person who is a member.
#[derive(Debug, Serialize, JsonSchema)]
struct MemberPersonJson {
    id: UserId,
    name: String,
    email: String,
    username: String,
}

/// A member of an organization.
pub fn member(org: OrgId, member: &Member) -> MemberJson {
    MemberJson {
        user: MemberPersonJson {
            id: member.user,
            name: member.name.clone(),
            email: member.email.clone(),
            username: member.username.clone(),
        },
        role: org_role(member.role),
        organization_id: org,
        workspace_count: member.workspaces,
        joined: member.joined_at.into(),
        last_seen: member.last_seen_at.map(When::from),
        locked: member.locked_at.map(When::from),
    }
}
