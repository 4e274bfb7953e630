//! Members of an organization.

use crate::{OrgRole, Timestamp, UserId, WorkspaceId, WorkspaceRole};
use serde::{Deserialize, Serialize};

/// A row of the members list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The person.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// Their name inside workspaces, unique in the installation.
    pub username: String,
    /// Their role in the organization.
    pub role: OrgRole,
    /// How many workspaces they hold a role in.
    pub workspaces: u32,
    /// When they joined.
    pub joined_at: Timestamp,
    /// When they last signed in or were active, if ever.
    pub last_seen_at: Option<Timestamp>,
}

/// Filters of the members list. All optional; kept in the page's URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberQuery {
    /// Part of a name, address or username, in any case.
    pub search: Option<String>,
    /// Only this role.
    pub role: Option<OrgRole>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// A member with what they hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberDetail {
    /// The row of the list.
    pub member: Member,
    /// Their roles in workspaces.
    pub grants: Vec<WorkspaceGrant>,
    /// Whether they are the only Organization Admin left.
    pub last_admin: bool,
    /// Whether it is the person who looks.
    pub is_me: bool,
}

/// A role in a workspace, seen from the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceGrant {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Its identifier.
    pub workspace_name: String,
    /// Its name for people.
    pub workspace_display_name: String,
    /// The role.
    pub role: WorkspaceRole,
    /// Since when.
    pub created_at: Timestamp,
}
