//! Teams: people who hold roles together.

use crate::grant::{Grant, Principal};
use crate::page::Page;
use crate::{TeamId, Timestamp};
use serde::{Deserialize, Serialize};

/// A row of the list of teams.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// Its name, unique in the organization.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// How many are in it, open invitations included.
    pub members: u32,
    /// How many roles it holds.
    pub grants: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its name or description last changed.
    pub updated_at: Timestamp,
}

/// Filters of the list of teams. Kept in the page's URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TeamQuery {
    /// Part of a name, in any case.
    pub search: Option<String>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// What the page of teams shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TeamList {
    /// Those the caller may see: all of them, or the ones they are in.
    pub page: Page<Team>,
    /// Whether the caller may make another.
    pub can_manage: bool,
}

/// Somebody in a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TeamMember {
    /// A person, or an open invitation: whoever accepts it is in the team from then on.
    pub principal: Principal,
    /// Their name; an invitation's is its address.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Whether they may put people into the team and take them out.
    pub maintainer: bool,
    /// Since when.
    pub added_at: Timestamp,
}

/// One team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TeamDetail {
    /// The row of the list.
    pub team: Team,
    /// Who is in it, in the order in which they came; a page of them.
    pub people: Page<TeamMember>,
    /// What it holds.
    pub grants: Vec<Grant>,
    /// What the caller may do with it.
    pub can: TeamCan,
}

/// What the caller may do with a team.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TeamCan {
    /// Rename and delete it, choose maintainers.
    pub manage: bool,
    /// Put people in and take them out.
    pub members: bool,
    /// Give it roles in the organization.
    pub grant: bool,
}

/// A team a person is in, seen from them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TeamOfMember {
    /// The team.
    pub id: TeamId,
    /// Its name.
    pub name: String,
    /// Whether they maintain it.
    pub maintainer: bool,
}

/// A team that was made: the page goes there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TeamMade {
    /// Its id.
    pub id: TeamId,
}
