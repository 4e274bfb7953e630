//! Grants: a role, held by a principal, in a place.

use crate::permission::UnknownWord;
use crate::role::{Level, RoleRef};
use crate::{GrantId, InvitationId, OrgId, ProjectId, TeamId, Timestamp, UserId, WorkspaceId};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Who holds a grant. As text `<kind>:<id>`, which is how forms and URLs carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Principal {
    /// A person or a service account.
    User(UserId),
    /// Everybody in a team.
    Team(TeamId),
    /// Whoever accepts an invitation: the grant waits until then.
    Invitation(InvitationId),
}

impl Principal {
    /// What kind it is, in one word.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Team(_) => "team",
            Self::Invitation(_) => "invitation",
        }
    }
    /// The bare id.
    pub const fn uuid(self) -> uuid::Uuid {
        match self {
            Self::User(id) => id.uuid(),
            Self::Team(id) => id.uuid(),
            Self::Invitation(id) => id.uuid(),
        }
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind(), self.uuid())
    }
}

impl FromStr for Principal {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let read = || {
            let (kind, id) = text.trim().split_once(':')?;
            Some(match kind {
                "user" => Self::User(id.parse().ok()?),
                "team" => Self::Team(id.parse().ok()?),
                "invitation" => Self::Invitation(id.parse().ok()?),
                _ => return None,
            })
        };
        read().ok_or_else(|| UnknownWord(text.chars().take(64).collect()))
    }
}

/// Where a role is held. As text `organization:<id>`, `workspace:<id>` or `project:<workspace>/<project>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Place {
    /// In an organization, and in everything of it.
    Org(OrgId),
    /// In one workspace, and in every project of it.
    Workspace(WorkspaceId),
    /// In one project.
    Project(ProjectPlace),
}

/// A project, which only its workspace's id tells apart from one of the same id elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProjectPlace {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The project; the id is the workspace's own.
    pub project: ProjectId,
}

impl Place {
    /// The level of roles that are granted here.
    pub const fn level(self) -> Level {
        match self {
            Self::Org(_) => Level::Organization,
            Self::Workspace(_) => Level::Workspace,
            Self::Project(_) => Level::Project,
        }
    }
    /// The workspace it is in, if it is in one.
    pub const fn workspace(self) -> Option<WorkspaceId> {
        match self {
            Self::Org(_) => None,
            Self::Workspace(workspace) => Some(workspace),
            Self::Project(place) => Some(place.workspace),
        }
    }
    /// The project it is, if it is one.
    pub const fn project(self) -> Option<ProjectId> {
        match self {
            Self::Project(place) => Some(place.project),
            Self::Org(_) | Self::Workspace(_) => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Org(id) => write!(f, "organization:{id}"),
            Self::Workspace(id) => write!(f, "workspace:{id}"),
            Self::Project(place) => write!(f, "project:{}/{}", place.workspace, place.project),
        }
    }
}

impl FromStr for Place {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let read = || {
            let (kind, id) = text.trim().split_once(':')?;
            Some(match kind {
                "organization" => Self::Org(id.parse().ok()?),
                "workspace" => Self::Workspace(id.parse().ok()?),
                "project" => {
                    let (workspace, project) = id.split_once('/')?;
                    Self::Project(ProjectPlace {
                        workspace: workspace.parse().ok()?,
                        project: project.parse().ok()?,
                    })
                }
                _ => return None,
            })
        };
        read().ok_or_else(|| UnknownWord(text.chars().take(64).collect()))
    }
}

impl From<OrgId> for Place {
    fn from(id: OrgId) -> Self {
        Self::Org(id)
    }
}

impl From<WorkspaceId> for Place {
    fn from(id: WorkspaceId) -> Self {
        Self::Workspace(id)
    }
}

impl From<ProjectPlace> for Place {
    fn from(place: ProjectPlace) -> Self {
        Self::Project(place)
    }
}

macro_rules! as_text {
    ($($name:ident),+) => {$(
        impl From<$name> for String {
            fn from(value: $name) -> Self { value.to_string() }
        }
        impl TryFrom<String> for $name {
            type Error = UnknownWord;
            fn try_from(text: String) -> Result<Self, UnknownWord> { text.parse() }
        }
    )+};
}
as_text!(Principal, Place);

/// A grant, with the names people read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// Who holds it.
    pub principal: Principal,
    /// Their name; an invitation's is its address.
    pub principal_name: String,
    /// Where.
    pub place: Place,
    /// What that place is called.
    pub place_name: String,
    /// What.
    pub role: RoleRef,
    /// What the role is called.
    pub role_name: String,
    /// Until when, if not for good.
    pub expires_at: Option<Timestamp>,
    /// Since when.
    pub created_at: Timestamp,
}

/// Through what somebody has a right or a way in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Way {
    /// What gives it.
    pub by: By,
    /// The team through which, if it is not one's own.
    pub team: Option<(TeamId, String)>,
    /// Where it is held.
    pub place: Place,
    /// What that place is called.
    pub place_name: String,
    /// Until when, if not for good.
    pub expires_at: Option<Timestamp>,
}

/// What gives a right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum By {
    /// The role every member has in the organization.
    Membership {
        /// That role.
        role: RoleRef,
        /// Its name.
        role_name: String,
    },
    /// A grant.
    Grant {
        /// The grant.
        grant: GrantId,
        /// Its role.
        role: RoleRef,
        /// The role's name.
        role_name: String,
    },
    /// Resources that were shared; where nothing is asked of one of them, how many.
    Share {
        /// How many.
        resources: u32,
    },
}

/// Somebody who may enter a workspace or a project, and through what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Entrant {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Through what, the strongest first.
    pub ways: Vec<Way>,
}

/// What the form for giving a role offers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GrantChoices {
    /// The roles the caller may give in the place, predefined ones first.
    pub roles: Vec<RoleChoice>,
    /// The teams of the organization, by name; empty if the caller may not know of them.
    pub teams: Vec<(TeamId, String)>,
}

/// A role that can be given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleChoice {
    /// Which.
    pub role: RoleRef,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub summary: String,
}

/// A grant to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewGrant {
    /// To whom.
    pub principal: Principal,
    /// What.
    pub role: RoleRef,
    /// Until when, if not for good.
    pub until: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_principals_are_read_back_from_their_text() {
        let (a, b) = ("0198f0aa-0000-7000-8000-000000000001", "6f9619ff-8b86-d011-b42d-00c04fc964ff");
        for text in [format!("organization:{a}"), format!("workspace:{a}"), format!("project:{a}/{b}")] {
            assert_eq!(text.parse::<Place>().unwrap().to_string(), text);
        }
        for kind in ["user", "team", "invitation"] {
            let text = format!("{kind}:{a}");
            assert_eq!(text.parse::<Principal>().unwrap().to_string(), text);
        }
        for text in ["", "user", "user:", "user:x", "owner:0198f0aa-0000-7000-8000-000000000001"] {
            assert!(text.parse::<Principal>().is_err() && text.parse::<Place>().is_err(), "{text}");
        }
    }
}
