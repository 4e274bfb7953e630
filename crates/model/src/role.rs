//! Roles: the predefined ones, custom ones, and what a role allows.
//!
//! A role has a level. It is granted in a place of that level and reaches everything below: a role in an organization
//! reaches its workspaces, one in a workspace reaches its projects. The dashboard uses the same tables to hide what would
//! be refused; that is advice only, the server decides.

mod rights;
mod views;

pub use rights::{PermissionName, Rights, offered};
pub use views::{RoleAssignment, RoleDetail, RoleInput, RoleList, RoleMade, RoleRow};

use crate::permission::{Permission, UnknownWord};
use crate::policy::{self, Action, Kind};
use crate::{RoleId, words};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

words! {
    /// What kind of place a role is granted in.
    Level {
        /// An organization.
        Organization = "organization",
        /// One workspace.
        Workspace = "workspace",
        /// One project of a workspace.
        Project = "project",
        /// One team. Its one role comes with being in the team and is granted no other way.
        Team = "team",
    }
}

impl Level {
    /// The levels at which roles are granted and made.
    pub const GRANTED: [Self; 3] = [Self::Organization, Self::Workspace, Self::Project];

    /// The word people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Organization => "Organization",
            Self::Workspace => "Workspace",
            Self::Project => "Project",
            Self::Team => "Team",
        }
    }
}

words! {
    /// A predefined role in an organization. Every member has exactly one of these; more roles can be granted besides.
    OrgRole {
        /// Everything in the organization, and entry to every workspace of it.
        Admin = "organization-admin",
        /// Runs the organization, without a part in its workspaces.
        Manager = "organization-manager",
        /// Sees the organization and enters its workspaces.
        Viewer = "organization-viewer",
        /// Limits and usage.
        Billing = "billing-admin",
        /// Only what is granted besides.
        Member = "organization-member",
    }
}

words! {
    /// A predefined role in one workspace.
    WorkspaceRole {
        /// Full control of the workspace and everything in it.
        Admin = "workspace-admin",
        /// Creates and sees everything, updates most of it.
        Developer = "workspace-developer",
        /// Creates, and works on what is their own.
        Contributor = "workspace-contributor",
        /// Reads everything but secrets' values.
        Viewer = "workspace-viewer",
        /// Full rights on stacks and what they are made of.
        StackAdmin = "stack-admin",
    }
}

words! {
    /// A predefined role in one project.
    ProjectRole {
        /// Full control of the project, its members included.
        Admin = "project-admin",
        /// Creates and sees everything in the project.
        Developer = "project-developer",
        /// Creates, and changes nothing of others.
        Contributor = "project-contributor",
        /// Reads the project.
        Viewer = "project-viewer",
    }
}

/// A predefined role. Nobody edits these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Predefined {
    /// In an organization.
    Org(OrgRole),
    /// In one workspace.
    Workspace(WorkspaceRole),
    /// In one project.
    Project(ProjectRole),
}

impl Predefined {
    /// All of them, from the widest reach to the narrowest.
    pub fn all() -> impl Iterator<Item = Self> {
        let org = OrgRole::ALL.iter().map(|role| Self::Org(*role));
        let workspace = WorkspaceRole::ALL.iter().map(|role| Self::Workspace(*role));
        let project = ProjectRole::ALL.iter().map(|role| Self::Project(*role));
        org.chain(workspace).chain(project)
    }

    /// Those of one level.
    pub fn of(level: Level) -> impl Iterator<Item = Self> {
        Self::all().filter(move |role| role.level() == level)
    }

    /// Where it is granted.
    pub const fn level(self) -> Level {
        match self {
            Self::Org(_) => Level::Organization,
            Self::Workspace(_) => Level::Workspace,
            Self::Project(_) => Level::Project,
        }
    }

    /// The text on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Org(role) => role.as_str(),
            Self::Workspace(role) => role.as_str(),
            Self::Project(role) => role.as_str(),
        }
    }

    /// The name people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Org(role) => role.label(),
            Self::Workspace(role) => role.label(),
            Self::Project(role) => role.label(),
        }
    }

    /// What the role is for, in one sentence.
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Org(role) => role.summary(),
            Self::Workspace(role) => role.summary(),
            Self::Project(role) => role.summary(),
        }
    }

    /// Whether the role allows `permission` where it is granted and below.
    pub const fn grants(self, permission: Permission) -> bool {
        match self {
            Self::Org(role) => role.grants(permission),
            Self::Workspace(role) => role.grants(permission),
            Self::Project(role) => role.grants(permission),
        }
    }

    /// Whether it allows `action` on resources of `kind`.
    pub fn allows(self, kind: Kind, action: Action) -> bool {
        policy::allows(self, kind, action)
    }

    /// Everything it allows.
    pub fn rights(self) -> Rights {
        Rights::collect(|permission| self.grants(permission), |kind, action| self.allows(kind, action))
    }
}

impl OrgRole {
    /// The name people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Admin => "Organization Admin",
            Self::Manager => "Organization Manager",
            Self::Viewer => "Organization Viewer",
            Self::Billing => "Billing Admin",
            Self::Member => "Organization Member",
        }
    }
    /// What the role is for, in one sentence.
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Admin => "Manages people, connections and workspaces, and may enter every workspace.",
            Self::Manager => "Manages people, teams and roles, and enrols workspaces, without entering any.",
            Self::Viewer => "Sees the organization and enters every workspace, to see what is public there.",
            Self::Billing => "Sees usage and sets limits.",
            Self::Member => "Sees the workspaces they were given a role in, and nothing else.",
        }
    }
    /// Whether the role allows `permission` in its organization and in every workspace of it.
    pub const fn grants(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            // A workspace's own right and one's own account are not the organization's to give.
            Self::Admin => !matches!(permission, P::WorkspaceAct | P::SelfManage),
            // Connections to identity providers are left out: whoever sets them decides who people are.
            Self::Manager => matches!(
                permission,
                P::OrgRead
                    | P::OrgUpdate
                    | P::MemberRead
                    | P::MemberUpdate
                    | P::MemberRemove
                    | P::MemberSessionManage
                    | P::InvitationRead
                    | P::InvitationManage
                    | P::ConnectionRead
                    | P::AuditRead
                    | P::TeamRead
                    | P::TeamManage
                    | P::TeamMembers
                    | P::ServiceAccountRead
                    | P::ServiceAccountKeys
                    | P::ServiceAccountManage
                    | P::RoleRead
                    | P::RoleManage
                    | P::OrgGrantManage
                    | P::AccessRead
                    | P::LimitRead
                    | P::WorkspaceEnroll
                    | P::WorkspaceRead
            ),
            Self::Viewer => matches!(
                permission,
                P::OrgRead
                    | P::MemberRead
                    | P::ServiceAccountRead
                    | P::TeamRead
                    | P::RoleRead
                    | P::LimitRead
                    | P::WorkspaceRead
                    | P::WorkspaceEnter
            ),
            Self::Billing => matches!(permission, P::OrgRead | P::LimitRead | P::LimitManage),
            Self::Member => matches!(permission, P::OrgRead),
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
            Self::StackAdmin => "Stack Admin",
        }
    }
    /// What the role is for, in one sentence.
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Admin => "Full control of the workspace, its projects, members and settings.",
            Self::Developer => "Creates and sees everything in the workspace, updates most of it.",
            Self::Contributor => "Creates resources and works on what is their own.",
            Self::Viewer => "Reads the workspace and all its projects.",
            Self::StackAdmin => {
                "Full rights on stacks, their components and connectors; nothing in projects."
            }
        }
    }
    /// Whether the role allows `permission` in its workspace.
    pub const fn grants(self, permission: Permission) -> bool {
        match permission {
            Permission::WorkspaceRead | Permission::WorkspaceEnter => true,
            Permission::WorkspaceUpdate
            | Permission::GrantRead
            | Permission::GrantManage
            | Permission::ProjectGrantRead
            | Permission::ProjectGrantManage => matches!(self, Self::Admin),
            _ => false,
        }
    }
}

impl ProjectRole {
    /// The name people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Admin => "Project Admin",
            Self::Developer => "Project Developer",
            Self::Contributor => "Project Contributor",
            Self::Viewer => "Project Viewer",
        }
    }
    /// What the role is for, in one sentence.
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Admin => "Full control of the project, its members included.",
            Self::Developer => "Creates and sees everything in the project.",
            Self::Contributor => "Creates in the project, and changes nothing of others.",
            Self::Viewer => "Reads the project.",
        }
    }
    /// Whether the role allows `permission` in its project.
    pub const fn grants(self, permission: Permission) -> bool {
        matches!(self, Self::Admin)
            && matches!(permission, Permission::ProjectGrantRead | Permission::ProjectGrantManage)
    }
}

/// What the role that comes with being in a team is called.
pub const TEAM_VIEWER: &str = "Team Viewer";

/// A role, as grants and requests name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum RoleRef {
    /// One everybody has.
    Predefined(Predefined),
    /// One an organization made.
    Custom(RoleId),
}

impl RoleRef {
    /// The id under which the REST API knows it. Predefined roles have the same in every installation.
    pub fn id(self) -> Uuid {
        match self {
            Self::Custom(id) => id.uuid(),
            Self::Predefined(role) => {
                let n = Predefined::all().position(|known| known == role).unwrap_or_default();
                Uuid::from_u128(FIRST_PREDEFINED + n as u128)
            }
        }
    }

    /// The role with this id. Any other id is a custom role's, whether it exists or not.
    pub fn from_id(id: Uuid) -> Self {
        let n = id.as_u128().checked_sub(FIRST_PREDEFINED);
        n.and_then(|n| usize::try_from(n).ok())
            .and_then(|n| Predefined::all().nth(n))
            .map_or(Self::Custom(RoleId::from_uuid(id)), Self::Predefined)
    }

    /// Its predefined role, if it is one.
    pub const fn predefined(self) -> Option<Predefined> {
        match self {
            Self::Predefined(role) => Some(role),
            Self::Custom(_) => None,
        }
    }
}

/// Of UUID version 8, which is for whoever makes them by a rule of their own (RFC 9562 §5.8).
const FIRST_PREDEFINED: u128 = 0x7265_6576_6500_8000_8000_0000_0000_0001;

impl From<OrgRole> for RoleRef {
    fn from(role: OrgRole) -> Self {
        Self::Predefined(Predefined::Org(role))
    }
}

impl From<WorkspaceRole> for RoleRef {
    fn from(role: WorkspaceRole) -> Self {
        Self::Predefined(Predefined::Workspace(role))
    }
}

impl From<ProjectRole> for RoleRef {
    fn from(role: ProjectRole) -> Self {
        Self::Predefined(Predefined::Project(role))
    }
}

impl From<RoleId> for RoleRef {
    fn from(id: RoleId) -> Self {
        Self::Custom(id)
    }
}

impl From<RoleRef> for String {
    fn from(role: RoleRef) -> Self {
        role.to_string()
    }
}

impl TryFrom<String> for RoleRef {
    type Error = UnknownWord;
    fn try_from(text: String) -> Result<Self, UnknownWord> {
        text.parse()
    }
}

impl fmt::Display for RoleRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Predefined(role) => f.write_str(role.as_str()),
            Self::Custom(id) => id.fmt(f),
        }
    }
}

impl FromStr for RoleRef {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let text = text.trim();
        if let Some(role) = Predefined::all().find(|role| role.as_str() == text) {
            return Ok(Self::Predefined(role));
        }
        text.parse::<Uuid>().map(Self::from_id).map_err(|_| UnknownWord(text.chars().take(64).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_role_is_named_by_its_text_and_by_its_id() {
        let mut ids = BTreeSet::new();
        for role in Predefined::all().map(RoleRef::Predefined) {
            assert_eq!(role.to_string().parse(), Ok(role));
            assert_eq!(role.id().to_string().parse(), Ok(role));
            assert!(ids.insert(role.id()), "{role} shares its id");
        }
        let custom = RoleRef::Custom("0198f0aa-0000-7000-8000-000000000001".parse().unwrap());
        assert_eq!(custom.to_string().parse(), Ok(custom));
        assert!("organization-owner".parse::<RoleRef>().is_err());
    }

    #[test]
    fn no_role_allows_what_is_held_above_its_level() {
        for role in Predefined::all() {
            for permission in Permission::ALL.iter().filter(|permission| role.grants(**permission)) {
                let (has, needs) = (role.level(), permission.level());
                let reaches = has == Level::Organization
                    || (has == Level::Workspace && matches!(needs, Level::Workspace | Level::Project))
                    || has == needs;
                assert!(reaches, "{} allows {permission}", role.label());
            }
        }
    }
}
