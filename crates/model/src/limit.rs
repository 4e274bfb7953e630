//! What counts against limits.

use crate::words;
use crate::{Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};

words! {
    /// What is counted, in the words of a ZenML server.
    Feature {
        /// Projects.
        Project = "project",
        /// Pipelines.
        Pipeline = "pipeline",
        /// Pipeline runs.
        PipelineRun = "pipeline_run",
        /// Models.
        Model = "model",
        /// Runs of snapshots.
        TemplateRun = "template_run",
        /// Schedules.
        Schedule = "schedule",
    }
}

impl Feature {
    /// The word people read, in the plural.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Project => "Projects",
            Self::Pipeline => "Pipelines",
            Self::PipelineRun => "Pipeline runs",
            Self::Model => "Models",
            Self::TemplateRun => "Snapshot runs",
            Self::Schedule => "Schedules",
        }
    }
    /// Whether workspaces report each one that they make, so that there is a number to hold a limit against.
    pub const fn is_reported(self) -> bool {
        matches!(self, Self::Project | Self::Pipeline | Self::PipelineRun | Self::Model)
    }
}

/// How much of a feature is used, against its limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FeatureUsage {
    /// What.
    pub feature: Feature,
    /// How many there are in the whole organization.
    pub used: i64,
    /// How many there may be; `None` if there is no limit.
    pub limit: Option<i64>,
    /// When the limit was set.
    pub limit_set_at: Option<Timestamp>,
    /// By workspace, the most first, those without any left out.
    pub by_workspace: Vec<WorkspaceUsage>,
}

/// How much one workspace uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WorkspaceUsage {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Its name for people.
    pub name: String,
    /// How many.
    pub used: i64,
}

/// What the page of usage shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UsageReport {
    /// Every feature.
    pub features: Vec<FeatureUsage>,
    /// Whether the caller may set limits.
    pub can_manage: bool,
}
