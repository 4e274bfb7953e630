//! What can be done in Reeve, and the predefined roles that allow it.
//!
//! What can be done *inside* a workspace is in [`crate::policy`]. The dashboard uses the same tables to hide what
//! would be refused; that is advice only, the server decides.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Defines a closed set of words with their wire text, and nothing else that could drift from it.
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every value, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The text on the wire and in the database.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $text),+ } }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::permission::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($text => Ok(Self::$variant),)+ _ => Err($crate::permission::UnknownWord(text.chars().take(64).collect())) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::permission::UnknownWord;
            fn try_from(text: String) -> Result<Self, Self::Error> { text.parse() }
        }
    };
}

/// The text is not one of the closed set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown value {0:?}")]
pub struct UnknownWord(pub String);

words! {
    /// What can be done in Reeve itself.
    Permission {
        /// See that the organization exists, its name and one's own place in it.
        OrgRead = "organization.read",
        /// Change the organization's name and description.
        OrgUpdate = "organization.update",
        /// See who is a member.
        MemberRead = "member.read",
        /// Change the roles of members.
        MemberUpdate = "member.update",
        /// Remove members.
        MemberRemove = "member.remove",
        /// See invitations.
        InvitationRead = "invitation.read",
        /// Invite, resend, revoke.
        InvitationManage = "invitation.manage",
        /// See connections to identity providers.
        ConnectionRead = "connection.read",
        /// Add, test, change and remove connections to identity providers.
        ConnectionManage = "connection.manage",
        /// Read and export the audit log.
        AuditRead = "audit.read",
        /// Enrol a new workspace.
        WorkspaceEnroll = "workspace.enroll",
        /// See one workspace: its status, address and version.
        WorkspaceRead = "workspace.read",
        /// Sign in to one workspace.
        WorkspaceEnter = "workspace.enter",
        /// Change a workspace's display name and description.
        WorkspaceUpdate = "workspace.update",
        /// Rotate and revoke a workspace's enrollment keys.
        WorkspaceKeys = "workspace.keys",
        /// Deactivate, activate and delete a workspace.
        WorkspaceDelete = "workspace.delete",
        /// See who may enter a workspace.
        GrantRead = "grant.read",
        /// Give and take roles in a workspace.
        GrantManage = "grant.manage",
        /// Act for a workspace: report, ask for decisions, count usage.
        WorkspaceAct = "workspace.act",
        /// One's own account, sessions, devices and tokens.
        SelfManage = "self.manage",
    }
}

words! {
    /// A role in an organization.
    OrgRole {
        /// Everything in the organization, and entry to every workspace of it.
        Admin = "organization-admin",
        /// Only what is granted besides.
        Member = "organization-member",
    }
}

words! {
    /// A role in one workspace.
    WorkspaceRole {
        /// Full control of the workspace and everything in it.
        Admin = "workspace-admin",
        /// Creates and sees everything, updates most of it.
        Developer = "workspace-developer",
        /// Creates, and works on what is their own.
        Contributor = "workspace-contributor",
        /// Reads everything but secrets' values.
        Viewer = "workspace-viewer",
    }
}

impl OrgRole {
    /// The name people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Admin => "Organization Admin",
            Self::Member => "Organization Member",
        }
    }
    /// What the role is for, in one sentence.
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Admin => "Manages people, connections and workspaces, and may enter every workspace.",
            Self::Member => "Sees the workspaces they were given a role in, and nothing else.",
        }
    }
    /// Whether the role allows `permission` in its organization and in every workspace of it.
    pub const fn grants(self, permission: Permission) -> bool {
        match self {
            // A workspace's own right and one's own account are not the organization's to give.
            Self::Admin => !matches!(permission, Permission::WorkspaceAct | Permission::SelfManage),
            Self::Member => matches!(permission, Permission::OrgRead),
        }
    }
}

impl WorkspaceRole {
    /// The name people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Admin => "Workspace Admin",
            Self::Developer => "Workspace Developer",
            Self::Contributor => "Workspace Contributor",
            Self::Viewer => "Workspace Viewer",
        }
    }
    /// What the role is for, in one sentence.
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Admin => "Full control of the workspace, its projects, members and settings.",
            Self::Developer => "Creates and sees everything in the workspace, updates most of it.",
            Self::Contributor => "Creates resources and works on what is their own.",
            Self::Viewer => "Reads the workspace and all its projects.",
        }
    }
    /// Whether the role allows `permission` in its workspace.
    pub const fn grants(self, permission: Permission) -> bool {
        match permission {
            Permission::WorkspaceRead | Permission::WorkspaceEnter => true,
            Permission::WorkspaceUpdate | Permission::GrantRead | Permission::GrantManage => {
                matches!(self, Self::Admin)
            }
            _ => false,
        }
    }
}

/// A role by its level, as it stands on an invitation or in a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Role {
    /// In the organization.
    Org(OrgRole),
    /// In one workspace.
    Workspace(WorkspaceRole),
}

impl Role {
    /// The name people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Org(role) => role.label(),
            Self::Workspace(role) => role.label(),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Org(role) => role.as_str(),
            Self::Workspace(role) => role.as_str(),
        })
    }
}

impl FromStr for Role {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        text.parse().map(Self::Org).or_else(|_| text.parse().map(Self::Workspace))
    }
}
