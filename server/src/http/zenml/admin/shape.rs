//! What scripts are shown: the names of the documented API, ids beside names, instants as text.

mod access;
mod accounts;

pub use access::{AssignmentJson, EntrantJson, ProjectJson, UsageJson, entrant, grant, project, usage};
pub use accounts::{
    ApiKeyJson, ApiKeySecretJson, MemberJson, ServiceAccountJson, TeamJson, TeamMemberJson, api_key,
    api_key_secret, member, service_account, team, team_member,
};

use model::role::{PermissionName, RoleDetail, RoleRow};
use model::{Level, OrgId, RoleRef, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

/// An instant as text, in UTC.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct When(#[schemars(extend("format" = "date-time"))] String);

impl From<Timestamp> for When {
    fn from(at: Timestamp) -> Self {
        Self(at.to_rfc3339())
    }
}

/// Whether a role is everybody's or an organization's own.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum RoleKind {
    Predefined,
    Custom,
}

impl From<RoleRef> for RoleKind {
    fn from(role: RoleRef) -> Self {
        match role {
            RoleRef::Predefined(_) => Self::Predefined,
            RoleRef::Custom(_) => Self::Custom,
        }
    }
}

/// A role.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RoleJson {
    id: Uuid,
    name: String,
    description: String,
    organization_id: OrgId,
    level: Level,
    /// Whether it is one that every installation has.
    system_managed: bool,
    r#type: RoleKind,
    /// To how many it is given.
    assignment_count: u64,
}

/// A role.
pub fn role(org: OrgId, row: &RoleRow) -> RoleJson {
    RoleJson {
        id: row.role.id(),
        name: row.name.clone(),
        description: row.description.clone(),
        organization_id: org,
        level: row.level,
        system_managed: row.role.predefined().is_some(),
        r#type: row.role.into(),
        assignment_count: row.assignments.into(),
    }
}

/// A role with what it allows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RoleDetailJson {
    #[serde(flatten)]
    role: RoleJson,
    permissions: Vec<PermissionName>,
    /// Counts the changes; send it along with the next one to notice another's.
    revision: i64,
    updated: Option<When>,
}

/// A role with what it allows.
pub fn role_detail(org: OrgId, detail: &RoleDetail) -> RoleDetailJson {
    RoleDetailJson {
        role: role(org, &detail.row),
        permissions: detail.permissions.clone(),
        revision: detail.revision,
        updated: detail.updated_at.map(When::from),
    }
}

/// A role, named.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NamedRoleJson {
    id: Uuid,
    name: String,
    level: Level,
    /// Whether it is one that every installation has.
    system_managed: bool,
    r#type: RoleKind,
}

fn named_role(role: RoleRef, name: &str, level: Level) -> NamedRoleJson {
    NamedRoleJson {
        id: role.id(),
        name: name.to_owned(),
        level,
        system_managed: role.predefined().is_some(),
        r#type: role.into(),
    }
}

/// Somebody or something, named.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NamedJson {
    id: Uuid,
    name: String,
}

/// An invitation, by the address it is for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InvitedJson {
    id: Uuid,
    email: String,
}
