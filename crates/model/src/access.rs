//! Decisions explained: what somebody may do and through what, who may do something, and what a change would do.

use crate::grant::{Place, Way};
use crate::policy::Action;
use crate::role::{PermissionName, RoleRef};
use crate::{UserId, WorkspaceId};
use serde::{Deserialize, Serialize};

/// Whether somebody may do one thing, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Explanation {
    /// Whether they may.
    pub allowed: bool,
    /// Everything that allows it; empty if nothing does.
    pub ways: Vec<Way>,
    /// Of what is not allowed: what to give them, the least that would do.
    pub smallest: Option<Smallest>,
}

/// The least that would allow something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Smallest {
    /// This role.
    pub role: RoleRef,
    /// What it is called.
    pub role_name: String,
    /// Here.
    pub place: Place,
    /// What that place is called.
    pub place_name: String,
    /// Who could give it, at most five, by name.
    pub givers: Vec<(UserId, String)>,
}

/// One row of what somebody may do: a type of resource and, for each action on it, through what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccessRow {
    /// The type.
    pub kind: crate::policy::ResourceType,
    /// The actions they may do on all resources of the type in the place that was asked about.
    pub actions: Vec<Action>,
}

/// What somebody may do in a workspace or one project of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Access {
    /// Whether they may sign in to the workspace.
    pub enters: bool,
    /// Through what they may do anything there.
    pub ways: Vec<Way>,
    /// By type.
    pub rows: Vec<AccessRow>,
    /// How many single resources were shared with them there, by themselves or through a team.
    pub shares: u32,
}

/// Somebody who may do what was asked, and through what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Able {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Through what.
    pub ways: Vec<Way>,
}

/// Everybody who may do something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AbleList {
    /// How many.
    pub total: u32,
    /// The first of them, by name; at most a hundred.
    pub people: Vec<Able>,
}

/// What a change would do to people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Effect {
    /// How many people would lose or gain anything.
    pub people: u32,
    /// What is lost and gained, losses first.
    pub lines: Vec<EffectLine>,
    /// Whether whoever asks would lose something themselves.
    pub own_loss: bool,
}

/// One permission that people would lose or gain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EffectLine {
    /// Whether it is lost; gained otherwise.
    pub lost: bool,
    /// Which.
    pub permission: PermissionName,
    /// How many people.
    pub people: u32,
    /// Their names, at most ten.
    pub names: Vec<String>,
    /// In how many workspaces; 0 for what is held in the organization.
    pub workspaces: u32,
    /// What those are called, at most ten.
    pub workspace_names: Vec<String>,
}

/// A change that is thought through before it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// A custom role would allow this instead.
    EditRole {
        /// The role.
        role: crate::RoleId,
        /// What it would allow.
        permissions: Vec<PermissionName>,
    },
    /// A custom role would be deleted, with its grants.
    DeleteRole {
        /// The role.
        role: crate::RoleId,
    },
    /// A grant would be taken.
    RemoveGrant {
        /// The grant.
        grant: crate::GrantId,
    },
    /// Somebody would leave a team.
    RemoveFromTeam {
        /// The team.
        team: crate::TeamId,
        /// Who.
        user: UserId,
    },
    /// A team would be deleted, with its grants and shares.
    DeleteTeam {
        /// The team.
        team: crate::TeamId,
    },
    /// Somebody would be removed from the organization.
    RemoveMember {
        /// Who.
        user: UserId,
    },
    /// A member would have another role in the organization.
    SetMemberRole {
        /// Who.
        user: UserId,
        /// The role.
        role: crate::OrgRole,
    },
}

/// What a person has a part in, from the organization down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PersonAccess {
    /// What they hold in the organization, and through what.
    pub org: Vec<Way>,
    /// The workspaces they have a part in, by name; at most two hundred.
    pub workspaces: Vec<WorkspaceAccess>,
    /// How many workspaces they have a part in.
    pub workspaces_total: u32,
}

/// A workspace somebody has a part in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WorkspaceAccess {
    /// Which.
    pub workspace: WorkspaceId,
    /// Its identifier.
    pub name: String,
    /// Its name for people.
    pub display_name: String,
    /// Whether they may sign in to it.
    pub enters: bool,
    /// Through what, apart from what they hold in the whole organization.
    pub ways: Vec<Way>,
}

/// What the page for exploring access offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccessChoices {
    /// The workspaces of the organization, by name.
    pub workspaces: Vec<WorkspaceChoice>,
}

/// A workspace to ask about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WorkspaceChoice {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name for people.
    pub name: String,
}
