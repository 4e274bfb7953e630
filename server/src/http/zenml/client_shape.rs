//! What clients are shown: workspaces, organizations, themselves.

use crate::http::zenml::admin::shape::When;
use control::zenml::ClientWorkspace;
use model::org::Org;
use model::workspace::WorkspaceStatus;
use model::{ConnectionId, OrgId, UserId, WorkspaceId};
use schemars::JsonSchema;
use serde::Serialize;

/// The caller.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MeJson {
    pub(super) id: UserId,
    pub(super) username: String,
    /// `null` for a service account.
    pub(super) email: Option<String>,
    pub(super) name: String,
    pub(super) is_superuser: bool,
    pub(super) is_service_account: bool,
}

/// A way to sign in.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WayInJson {
    pub(super) r#type: WayIn,
    /// Which connection, if it is one.
    pub(super) id: Option<ConnectionId>,
    pub(super) name: String,
}

/// Through what.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum WayIn {
    Oidc,
    EmailLink,
}

/// What runs here.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InfoJson {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    pub(super) api_url: String,
    pub(super) dashboard_url: String,
}

/// A workspace in the words of clients.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WorkspaceJson {
    id: WorkspaceId,
    /// Its identifier.
    name: String,
    /// Its name for people.
    display_name: String,
    description: String,
    organization: OrgJson,
    desired_state: WorkspaceStatus,
    /// Why it is not as it should be; empty if it is.
    state_reason: &'static str,
    status: WorkspaceStatus,
    is_managed: bool,
    zenml_service: ServiceJson,
    created: When,
    updated: When,
}

/// The server of a workspace. Its `configuration` is there even when it says nothing: clients read it so.
#[derive(Debug, Serialize, JsonSchema)]
struct ServiceJson {
    configuration: Option<ServiceVersionJson>,
    /// `null` while its address is not known.
    status: Option<ServiceStatusJson>,
}

/// Which version runs.
#[derive(Debug, Serialize, JsonSchema)]
struct ServiceVersionJson {
    version: String,
}

/// Where it runs.
#[derive(Debug, Serialize, JsonSchema)]
struct ServiceStatusJson {
    server_url: String,
    version: Option<String>,
}

/// A workspace in the words of clients.
pub(super) fn workspace_json(workspace: &ClientWorkspace) -> WorkspaceJson {
    let desired = match workspace.status {
        WorkspaceStatus::Deactivated => WorkspaceStatus::Deactivated,
        _ => WorkspaceStatus::Available,
    };
    let reason = match workspace.status {
        WorkspaceStatus::Pending => "The server of this workspace has not reported yet.",
        WorkspaceStatus::Deactivated => "An administrator switched this workspace off.",
        _ => "",
    };
    let version = || workspace.version.clone();
    WorkspaceJson {
        id: workspace.id,
        name: workspace.name.clone(),
        display_name: workspace.display_name.clone(),
        description: workspace.description.clone(),
        organization: org_json(&workspace.org),
        desired_state: desired,
        state_reason: reason,
        status: workspace.status,
        is_managed: false,
        zenml_service: ServiceJson {
            configuration: version().map(|version| ServiceVersionJson { version }),
            status: workspace
                .server_url
                .clone()
                .map(|server_url| ServiceStatusJson { server_url, version: version() }),
        },
        created: workspace.created_at.into(),
        updated: workspace.updated_at.into(),
    }
}

/// An organization.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OrgJson {
    id: OrgId,
    /// Its identifier.
    name: String,
    /// Its name for people.
    display_name: String,
    description: String,
    created: When,
    updated: When,
}

/// An organization.
pub(super) fn org_json(org: &Org) -> OrgJson {
    OrgJson {
        id: org.id,
        name: org.name.clone(),
        display_name: org.display_name.clone(),
        description: org.description.clone(),
        created: org.created_at.into(),
        updated: org.updated_at.into(),
    }
}
