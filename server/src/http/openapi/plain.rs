//! What is neither a server function nor under `/api/v1`.

use super::operation::{Operation, of};
use control::authz::AuditRead;
use model::ErrorCode::Invalid;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;
use std::collections::BTreeMap;

/// That the process runs.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "described, and written by hand")]
pub struct Live {
    /// `ok`.
    status: String,
    version: String,
}

/// Whether requests can be served.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "described, and written by hand")]
pub struct Ready {
    /// `ready` or `not ready`.
    status: String,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

fn lines(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "description": "A row or an object per line." })
}

fn html(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string" })
}

/// All of them.
pub fn all() -> Vec<Operation> {
    const AWAY: &str = "Off to another page.";
    vec![
        Operation::new("GET", "/health", "health", "Whether the process runs; says nothing of the database.")
            .open("load balancers ask")
            .coded()
            .gives::<Live>("It runs."),
        Operation::new("GET", "/ready", "health", "Whether requests can be served.")
            .open("load balancers ask")
            .coded()
            .gives::<Ready>("They can.")
            .answers(503, "They cannot.", vec![("application/json", of::<Ready>)]),
        Operation::new("GET", "/api/openapi.json", "health", "This description.")
            .open("it is the same in every installation of this version")
            .coded()
            .header("if-none-match", "The `etag` of what is known already.")
            .gives::<BTreeMap<String, Value>>("OpenAPI 3.1.")
            .answers(304, "It is what is known already.", Vec::new()),
        Operation::new("GET", "/api", "health", "This description as a page for people.")
            .open("it is the same in every installation of this version")
            .coded()
            .answers(200, "The page.", vec![("text/html; charset=utf-8", html)]),
        Operation::new(
            "GET",
            "/api/auth/login",
            "signing in",
            "Goes on if somebody is signed in, to a provider if one is named, else to the sign-in page. ZenML servers \
             send browsers here.",
        )
        .open("signing in")
        .coded()
        .may_say::<String>("redirect", "Where to go afterwards: a path here, or the address of a registered workspace.")
        .may_say::<String>("connection", "Through which connection.")
        .answers(303, AWAY, Vec::new()),
        Operation::new("GET", "/api/auth/callback", "signing in", "Where a provider sends browsers back.")
            .open("the provider's answer is the credential")
            .coded()
            .may_say::<String>("state", "Of the attempt.")
            .may_say::<String>("code", "To be redeemed.")
            .may_say::<String>("error", "Why not.")
            .may_say::<String>("iss", "Who answers (RFC 9207).")
            .answers(303, AWAY, Vec::new()),
        Operation::new(
            "GET",
            "/api/auth/logout-complete",
            "signing in",
            "Where a provider sends browsers after signing out there.",
        )
        .open("a provider sends people here")
        .coded()
        .answers(303, AWAY, Vec::new()),
        Operation::new(
            "GET",
            "/organizations/{org}/audit/export",
            "audit",
            "Exports the audit log, for browsers that are signed in.",
        )
        .needs::<AuditRead>()
        .coded()
        .may_say::<String>("format", "`jsonl` or `csv`.")
        .may_say::<String>("action", "Only this action.")
        .may_say::<String>("outcome", "Only this outcome.")
        .may_say::<String>("actor", "Only by the actor with this id.")
        .may_say::<String>("target", "Only on the thing with this id.")
        .may_say::<String>("from", "From this day or instant on.")
        .may_say::<String>("to", "Before this instant, or until this day.")
        .refuses(&[Invalid])
        .answers(
            200,
            "The log, newest first.",
            vec![("application/jsonl; charset=utf-8", lines), ("text/csv; charset=utf-8", lines)],
        )
        .answers(303, "Nobody is signed in: off to sign in.", Vec::new()),
    ]
}
