//! Roles as requests and pages know them.

use super::{Level, PermissionName, RoleRef};
use crate::{GrantId, RoleId, Timestamp};
use serde::{Deserialize, Serialize};

/// A row of the list of roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleRow {
    /// Which.
    pub role: RoleRef,
    /// Its name for people.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Where it is granted.
    pub level: Level,
    /// To how many it is granted, in how many places together. Members with it as their role in the organization count.
    pub assignments: u32,
}

/// What the page of roles shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleList {
    /// The predefined ones first, then custom ones by name.
    pub roles: Vec<RoleRow>,
    /// Whether the caller may make and change custom ones.
    pub can_manage: bool,
}

/// One role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleDetail {
    /// The row of the list.
    pub row: RoleRow,
    /// What it allows.
    pub permissions: Vec<PermissionName>,
    /// Counts changes: who changes the role says which state they saw. 0 for predefined roles.
    pub revision: i64,
    /// When it was last changed; `None` for predefined roles.
    pub updated_at: Option<Timestamp>,
    /// Whether the caller may change it.
    pub can_manage: bool,
}

/// A custom role to be made or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleInput {
    /// Its name, unique among the organization's roles of its level.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it allows.
    pub permissions: Vec<PermissionName>,
}

/// To whom a role is granted, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleAssignment {
    /// The grant; `None` for a member's role in the organization, which is no grant.
    pub grant: Option<GrantId>,
    /// To whom.
    pub principal: crate::grant::Principal,
    /// Their name.
    pub principal_name: String,
    /// Where.
    pub place: crate::grant::Place,
    /// What that place is called.
    pub place_name: String,
    /// Until when, if not for good.
    pub expires_at: Option<Timestamp>,
}

/// What was made: the page goes there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleMade {
    /// Its id.
    pub id: RoleId,
}
