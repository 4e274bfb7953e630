//! What only the server of a workspace asks, with its own token.

use super::super::operation::Operation;
use super::{delete, get, patch, post};
use crate::http::zenml::workspace_server::AllowedJson;
use control::authz::WorkspaceAct;
use control::zenml::{ResourceMember, ShareRequest, UsageEvent};
use model::ErrorCode::{Conflict, LimitReached};
use std::collections::BTreeMap;

const NOUN: &str = "for workspaces";

fn report(path: &'static str) -> Operation {
    patch(path, NOUN, "The server of a workspace has started.")
        .needs::<WorkspaceAct>()
        .header("zenml-server-url", "Where it is.")
        .header("zenml-server-version", "Its version.")
        .gives::<()>("Noted.")
}

/// All of it.
pub fn all() -> Vec<Operation> {
    const RESOURCE: &str = "`[<project>:]<type>[/<id>]`.";
    vec![
        report("/api/v1/workspace_status"),
        report("/api/v1/tenant_status"),
        post("/api/v1/rbac/check_permissions", NOUN, "May this person do that to these resources?")
            .needs::<WorkspaceAct>()
            .must_say::<String>("user_id", "The person.")
            .must_say::<String>("action", "What they would do.")
            .takes::<Vec<String>>()
            .gives::<BTreeMap<String, bool>>("An answer for each."),
        get("/api/v1/rbac/check_permissions", NOUN, "The same, with the resources in the query.")
            .needs::<WorkspaceAct>()
            .must_say::<String>("user_id", "The person.")
            .must_say::<String>("action", "What they would do.")
            .may_say::<Vec<String>>("resources", RESOURCE)
            .gives::<BTreeMap<String, bool>>("An answer for each."),
        get("/api/v1/rbac/allowed_resource_ids", NOUN, "Which resources of a type may this person act on?")
            .needs::<WorkspaceAct>()
            .must_say::<String>("user_id", "The person.")
            .must_say::<String>("action", "What they would do.")
            .must_say::<String>("resource", RESOURCE)
            .gives::<AllowedJson>("All, or these."),
        post("/api/v1/rbac/resource_members", NOUN, "Shares a resource; no actions take it back.")
            .needs::<WorkspaceAct>()
            .takes::<ShareRequest>()
            .refuses(&[Conflict])
            .gives::<()>("Done."),
        get("/api/v1/rbac/resource_members", NOUN, "With whom a resource is shared, and for what.")
            .needs::<WorkspaceAct>()
            .must_say::<String>("resource", RESOURCE)
            .gives::<Vec<ResourceMember>>("With whom."),
        delete("/api/v1/rbac/resources", NOUN, "Forgets deleted resources.")
            .needs::<WorkspaceAct>()
            .may_say::<Vec<String>>("resources", RESOURCE)
            .gives::<()>("Forgotten."),
        get(
            "/api/v1/organizations/{id_or_name}/entitlement/{feature}",
            NOUN,
            "Whether there may be one more.",
        )
        .needs::<WorkspaceAct>()
        .refuses(&[LimitReached])
        .gives::<()>("There may."),
        post("/api/v1/usage-event", NOUN, "Counts what was made or deleted.")
            .needs::<WorkspaceAct>()
            .may_take::<UsageEvent>()
            .gives::<()>("Heard; whether it was counted is not said."),
    ]
}
