//! What command lines ask: tokens, and what they work with.

use super::super::operation::{Operation, of};
use super::super::params::{Limit, Offset};
use super::{get, post};
use crate::http::zenml::client_shape::{InfoJson, MeJson, OrgJson, WayInJson, WorkspaceJson};
use crate::http::zenml::device::DeviceStartJson;
use crate::http::zenml::enroll::{EnrolledJson, Wanted};
use crate::http::zenml::token_endpoint::TokenAnswer;
use control::authz::{ClientOrgRead, ClientSelfRead, ClientWorkspaceRead, WorkspaceEnroll, WorkspaceEnter};
use model::ErrorCode::{Conflict, Invalid, NotFound, RateLimited, Unauthenticated};
use model::OrgId;
use schemars::JsonSchema;
use uuid::Uuid;

/// What a command line says when it begins to sign in (RFC 8628 §3.1).
#[derive(JsonSchema)]
#[expect(dead_code, reason = "described, and read by hand")]
pub struct DeviceForm {
    /// A UUID the client chose.
    client_id: Uuid,
    /// `reeve:admin` to administer in the name of whoever approves it; nothing to work with workspaces.
    #[serde(default)]
    scope: String,
}

/// One form for every grant, told apart by its fields.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "described, and read by hand")]
pub struct TokenForm {
    /// `urn:ietf:params:oauth:grant-type:device_code`, `client_credentials` or `zenml_api_key`; may be left out where
    /// the other fields speak.
    #[serde(default)]
    grant_type: String,
    /// Of a device its UUID, of a workspace its id.
    #[serde(default)]
    client_id: String,
    /// A workspace's enrollment key.
    #[serde(default)]
    client_secret: String,
    /// What a device login began with.
    #[serde(default)]
    device_code: String,
    /// Never: there are no passwords here.
    #[serde(default)]
    username: String,
    /// An API key.
    #[serde(default)]
    password: String,
    /// The API, for a workspace.
    #[serde(default)]
    audience: String,
}

/// Why there is no token: RFC 6749 §5.2 for devices, ZenML's form for everybody else.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum NoToken {
    /// For devices.
    Coded {
        /// Such as `authorization_pending`.
        error: String,
        /// In a sentence.
        error_description: String,
    },
    /// For everybody else.
    Detail {
        /// In a sentence.
        detail: String,
    },
}

/// All of it.
pub fn all() -> Vec<Operation> {
    let signing_in = [
        post("/api/v1/auth/device_authorization", "tokens", "Begins a device login (RFC 8628).")
            .open("a command line asks before anybody signed in")
            .takes_form::<DeviceForm>()
            .refuses(&[RateLimited])
            .gives::<DeviceStartJson>("The codes.")
            .answers(400, "There is no such scope.", vec![("application/json", of::<NoToken>)]),
        post(
            "/api/v1/auth/login",
            "tokens",
            "A token for a device code, an API key or a workspace's enrollment key.",
        )
        .open("the form holds the credential")
        .takes_form::<TokenForm>()
        .refuses(&[Unauthenticated, RateLimited])
        .gives::<TokenAnswer>("The token.")
        .answers(400, "There is none, or not yet.", vec![("application/json", of::<NoToken>)]),
        get("/api/v1/auth/connections", "tokens", "The ways to sign in.")
            .open("the sign-in page shows the same")
            .gives::<Vec<WayInJson>>("The ways."),
        get("/api/v1/server/info", "health", "What runs here.")
            .open("clients ask before they sign in")
            .gives::<InfoJson>("Name, version and addresses."),
        get("/api/v1/health", "health", "That it runs.").open("load balancers ask").gives::<String>("`OK`."),
    ];
    let reading = [
        get("/api/v1/users/me", "users", "Who the token is.").needs::<ClientSelfRead>().gives::<MeJson>("The caller."),
        get("/api/v1/users/authorize_server", "users", "Whether whoever has this token may enter a workspace.")
            .needs::<WorkspaceEnter>()
            .must_say::<String>("server_id", "The workspace's id.")
            .gives::<crate::http::zenml::workspace_server::EntrantAccountJson>("They may."),
        get("/api/v1/organizations", "organizations", "The organizations of the caller.")
            .needs::<ClientSelfRead>()
            .may_say::<Offset>("offset", "How many to pass over.")
            .may_say::<Limit>("limit", "How many; 20 unless it is said.")
            .gives::<Vec<OrgJson>>("The organizations."),
        get("/api/v1/organizations/{id_or_name}", "organizations", "One organization.")
            .needs::<ClientOrgRead>()
            .gives::<OrgJson>("The organization."),
        get("/api/v1/workspaces", "workspaces", "The workspaces the caller may see.")
            .needs::<ClientSelfRead>()
            .may_say::<String>("workspace_name", "Only the one with this identifier.")
            .may_say::<String>("url", "Only the one at this address.")
            .may_say::<OrgId>("organization_id", "Only of this organization.")
            .may_say::<String>("status", "Only with this status.")
            .may_say::<bool>("member_only", "Only those in which the caller has a role.")
            .may_say::<Offset>("offset", "How many to pass over.")
            .may_say::<Limit>("limit", "How many; 20 unless it is said.")
            .gives::<Vec<WorkspaceJson>>("The workspaces."),
        get("/api/v1/workspaces/{id_or_name}", "workspaces", "One workspace.")
            .needs::<ClientWorkspaceRead>()
            .gives::<WorkspaceJson>("The workspace."),
        post(
            "/api/v1/workspaces",
            "workspaces",
            "Enrols a workspace; the answer holds its key, once. What the body does not say may stand in the query.",
        )
        .needs::<WorkspaceEnroll>()
        .may_take::<Wanted>()
        .may_say::<bool>("enroll", "`true`, here or in the body.")
        .may_say::<String>("name", "Its identifier.")
        .may_say::<String>("display_name", "Its name for people.")
        .may_say::<String>("description", "What it is for.")
        .may_say::<String>("organization_id", "Whose it is; the caller's only organization unless it is said.")
        .refuses(&[Conflict, NotFound, Invalid])
        .gives::<EnrolledJson>("The workspace and its key."),
    ];
    signing_in.into_iter().chain(reading).collect()
}
