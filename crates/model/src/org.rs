//! Organizations.

use crate::{OrgId, OrgRole, Timestamp};
use serde::{Deserialize, Serialize};

/// An organization as its members see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Org {
    /// Its id.
    pub id: OrgId,
    /// Its identifier, unique in the installation.
    pub name: String,
    /// Its name for people.
    pub display_name: String,
    /// What it is.
    pub description: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its name or description last changed.
    pub updated_at: Timestamp,
}

/// An organization, and what the caller may do with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OrgDetail {
    /// The organization.
    pub org: Org,
    /// Whether the caller may change its name and description.
    pub can_update: bool,
}

/// An organization and the caller's role in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MyOrg {
    /// Its id.
    pub id: OrgId,
    /// Its identifier.
    pub name: String,
    /// Its name for people.
    pub display_name: String,
    /// The caller's role.
    pub role: OrgRole,
}

/// What the overview page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Overview {
    /// The organization.
    pub org: Org,
    /// The caller's role.
    pub role: OrgRole,
    /// Members; `None` if the caller may not know.
    pub members: Option<u32>,
    /// Open invitations; `None` if the caller may not know.
    pub open_invitations: Option<u32>,
    /// Enabled sign-in connections; `None` if the caller may not know.
    pub connections: Option<u32>,
    /// The workspaces the caller may see, by name, at most ten.
    pub workspaces: Vec<crate::workspace::WorkspaceRow>,
    /// The newest audit entries, at most eight; empty if the caller may not read them.
    pub latest: Vec<crate::audit::Entry>,
    /// Sign-ins a day over the last fourteen days, oldest first; empty if the caller may not read the audit log.
    pub sign_ins: Vec<u32>,
}
