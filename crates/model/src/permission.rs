//! What can be done in Reeve itself. What can be done *inside* a workspace is in [`crate::policy`], and the roles that
//! allow either are in [`crate::role`].

use crate::role::Level;

/// Defines a closed set of words with their wire text, and nothing else that could drift from it.
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
        /// See and end the sessions and devices of members.
        MemberSessionManage = "member_session.manage",
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
        /// See teams, who is in them and what they hold.
        TeamRead = "team.read",
        /// Make, rename and delete teams, and choose their maintainers.
        TeamManage = "team.manage",
        /// Put people into one team and take them out.
        TeamMembers = "team.members",
        /// See service accounts, who answers for them, and their keys.
        ServiceAccountRead = "organization_service_account.read",
        /// Make, rotate and revoke keys of service accounts.
        ServiceAccountKeys = "organization_service_account.keys",
        /// Make, change, deactivate and delete service accounts.
        ServiceAccountManage = "organization_service_account.manage",
        /// See roles and what they allow.
        RoleRead = "role.read",
        /// Make, change and delete custom roles.
        RoleManage = "role.manage",
        /// Give and take roles in the organization.
        OrgGrantManage = "organization_grant.manage",
        /// See what anybody may do, anywhere in the organization, and why.
        AccessRead = "access.read",
        /// See what is used, and the limits.
        LimitRead = "limit.read",
        /// Set limits.
        LimitManage = "limit.manage",
        /// Enrol a new workspace.
        WorkspaceEnroll = "workspace.enroll",
        /// See one workspace: its status, address and version.
        WorkspaceRead = "workspace.read",
        /// Sign in to one workspace.
        WorkspaceEnter = "workspace.enter",
        /// Change a workspace's display name and description, and how its tokens are signed.
        WorkspaceUpdate = "workspace.update",
        /// Rotate and revoke a workspace's enrollment keys, and say where people who sign in to it are sent back to and where it is told of a sign-out.
        WorkspaceKeys = "workspace.keys",
        /// Deactivate, activate and delete a workspace.
        WorkspaceDelete = "workspace.delete",
        /// See who may enter a workspace.
        GrantRead = "grant.read",
        /// Give and take roles in a workspace.
        GrantManage = "grant.manage",
        /// See the members of one project.
        ProjectGrantRead = "project_grant.read",
        /// Give and take roles in one project.
        ProjectGrantManage = "project_grant.manage",
        /// Act for a workspace: report, ask for decisions, count usage.
        WorkspaceAct = "workspace.act",
        /// One's own account, sessions, devices and tokens.
        SelfManage = "self.manage",
    }
}

impl Permission {
    /// The level at which it is held at the lowest: a role of that level or a higher one may allow it.
    pub const fn level(self) -> Level {
        match self {
            Self::OrgRead
            | Self::OrgUpdate
            | Self::MemberRead
            | Self::MemberUpdate
            | Self::MemberRemove
            | Self::MemberSessionManage
            | Self::InvitationRead
            | Self::InvitationManage
            | Self::ConnectionRead
            | Self::ConnectionManage
            | Self::AuditRead
            | Self::TeamManage
            | Self::ServiceAccountRead
            | Self::ServiceAccountKeys
            | Self::ServiceAccountManage
            | Self::RoleRead
            | Self::RoleManage
            | Self::OrgGrantManage
            | Self::AccessRead
            | Self::LimitRead
            | Self::LimitManage
            | Self::WorkspaceEnroll
            | Self::WorkspaceKeys
            | Self::WorkspaceDelete
            // One's own account and a workspace's own calls are nobody's to give; no role allows them.
            | Self::WorkspaceAct
            | Self::SelfManage => Level::Organization,
            Self::TeamRead | Self::TeamMembers => Level::Team,
            Self::WorkspaceRead
            | Self::WorkspaceEnter
            | Self::WorkspaceUpdate
            | Self::GrantRead
            | Self::GrantManage => Level::Workspace,
            Self::ProjectGrantRead | Self::ProjectGrantManage => Level::Project,
        }
    }
}
