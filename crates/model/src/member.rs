//! Members of an organization.

use crate::grant::Grant;
use crate::team::TeamOfMember;
use crate::{OrgRole, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// A row of the members list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Member {
    /// The person.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// Their name inside workspaces, unique in the installation.
    pub username: String,
    /// Whether it is an account for machines. Lists of members leave those out.
    pub is_service_account: bool,
    /// Their role in the organization.
    pub role: OrgRole,
    /// How many workspaces they hold a role in.
    pub workspaces: u32,
    /// When they joined.
    pub joined_at: Timestamp,
    /// Since when they are locked, if they are.
    pub locked_at: Option<Timestamp>,
    /// When they last signed in or were active, if ever.
    pub last_seen_at: Option<Timestamp>,
}

/// Filters of the members list. All optional; kept in the page's URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MemberDetail {
    /// The row of the list.
    pub member: Member,
    /// The roles they were given themselves, besides the one in the organization.
    pub grants: Vec<Grant>,
    /// The teams they are in.
    pub teams: Vec<TeamOfMember>,
    /// Whether they are the only Organization Admin left.
    pub last_admin: bool,
    /// Whether it is the person who looks.
    pub is_me: bool,
    /// What that person may do with them.
    pub can: MemberCan,
}

/// What the caller may do with a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MemberCan {
    /// Change their role in the organization.
    pub role: bool,
    /// Remove them.
    pub remove: bool,
    /// See their sessions and devices.
    pub sessions: bool,
}
