//! Projects: the workspace's own, of which Reeve knows the id and, where somebody told it, the name.

use crate::grant::{Entrant, Grant, GrantChoices};
use crate::{OrgId, ProjectId, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};

/// A project of a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Project {
    /// Its id, the workspace's own.
    pub id: ProjectId,
    /// Its name, as far as it is known: a workspace reports ids alone.
    pub name: Option<String>,
    /// When Reeve first heard of it.
    pub created_at: Timestamp,
    /// How many roles are held in it, and not in the whole workspace.
    pub grants: u32,
}

impl Project {
    /// The name people read: its own, or its id.
    pub fn label(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.id.to_string())
    }
}

/// One project and its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProjectDetail {
    /// The row of the list.
    pub project: Project,
    /// The workspace it is in.
    pub workspace: WorkspaceId,
    /// That workspace's identifier.
    pub workspace_name: String,
    /// That workspace's name for people.
    pub workspace_label: String,
    /// The organization of both.
    pub org: OrgId,
    /// The first people who may see the project, by name, and through what.
    pub people: Vec<Entrant>,
    /// How many may see it.
    pub people_total: u32,
    /// The roles given in it.
    pub grants: Vec<Grant>,
    /// What the caller may give; `None` if they may give nothing here.
    pub choices: Option<GrantChoices>,
}
