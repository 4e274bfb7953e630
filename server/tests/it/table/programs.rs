//! What ZenML servers and clients ask, and the few routes that are neither an API nor a page.

use super::Leaves::{Entry, Nothing, Reads, SeenBy};
use super::Who::{Anyone, Org, SignedIn, Visitor, Workspace};
use super::{A, Body, Endpoint, P, Who, get, post, server};

/// What is neither a page nor a server function.
pub(crate) const PLAIN: &[Endpoint] = &[
    get("/health", "/health", Anyone("load balancers ask"), Reads),
    get("/api", "/api", Anyone("the same in every installation of a version"), Reads),
    get(
        "/api/openapi.json",
        "/api/openapi.json",
        Anyone("the same in every installation of a version"),
        Reads,
    ),
    get("/api/auth/login", "/api/auth/login", Anyone("signing in"), Reads),
    get(
        "/api/auth/callback",
        "/api/auth/callback",
        Anyone("the provider's answer is the credential"),
        SeenBy("control::sso"),
    ),
    get(
        "/api/auth/logout-complete",
        "/api/auth/logout-complete",
        Anyone("a provider sends people here"),
        Reads,
    ),
    get(
        "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-authorization-server",
        Anyone("clients discover what there is"),
        Reads,
    ),
    get(
        "/.well-known/openid-configuration",
        "/.well-known/openid-configuration",
        Anyone("clients discover what there is"),
        Reads,
    ),
    get("/oauth/authorize", "/oauth/authorize", Anyone("whoever is not signed in is sent to sign in"), Reads),
    post(
        "/oauth/authorize",
        Anyone("it only goes on as a link"),
        Nothing("it only goes on as a link"),
        Body::Form("client_id=x"),
    ),
    get("/oauth/userinfo", "/oauth/userinfo", Visitor, Reads),
    post("/oauth/userinfo", Visitor, Nothing("it only reads"), Body::None),
    get("/oauth/jwks", "/oauth/jwks", Anyone("public keys"), Reads),
    post(
        "/oauth/token",
        Anyone("the token endpoint judges what it is shown"),
        SeenBy("control::workspace_tokens"),
        Body::Form("grant_type=refresh_token"),
    ),
    post(
        "/oauth/revoke",
        Anyone("whoever holds a token may end it"),
        SeenBy("control::workspace_tokens"),
        Body::Form("token=x"),
    ),
    get("/ready", "/ready", Anyone("load balancers ask"), Reads),
    post(
        "/logout",
        Anyone("forgetting a cookie needs nobody"),
        SeenBy("layers::signing_out_ends_the_session"),
        Body::None,
    ),
    post(
        "/theme",
        Anyone("colours are chosen before signing in, too"),
        Nothing("a cookie of this browser; nothing is kept here"),
        Body::Form("theme=dark"),
    ),
    get(
        "/organizations/{org}/audit/export",
        "/organizations/{org}/audit/export?format=csv",
        Org(P::AuditRead),
        Entry(A::AuditExported),
    ),
];

/// `/api/v1`: what ZenML servers and clients ask.
pub(crate) const PROGRAMS: &[Endpoint] = &[
    get(
        "/api/v1/auth/connections",
        "/api/v1/auth/connections",
        Anyone("the sign-in page shows the same"),
        Reads,
    ),
    post(
        "/api/v1/auth/device_authorization",
        Anyone("a command line asks before anybody signed in"),
        SeenBy("control::devices"),
        Body::Form("client_id={nothing}"),
    ),
    post(
        "/api/v1/auth/login",
        Anyone("the token endpoint judges what it is shown"),
        SeenBy("control::tokens"),
        Body::Form(
            "grant_type=urn:ietf:params:oauth:grant-type:device_code&client_id={nothing}&device_code=x",
        ),
    ),
    get("/api/v1/health", "/api/v1/health", Anyone("load balancers ask"), Reads),
    get("/api/v1/server/info", "/api/v1/server/info", Anyone("clients ask before they sign in"), Reads),
    get("/api/v1/users/me", "/api/v1/users/me", SignedIn, Reads),
    get("/api/v1/organizations", "/api/v1/organizations", SignedIn, Reads),
    get("/api/v1/organizations/{id_or_name}", "/api/v1/organizations/{org}", Org(P::OrgRead), Reads),
    get("/api/v1/workspaces", "/api/v1/workspaces", SignedIn, Reads),
    post(
        "/api/v1/workspaces",
        Org(P::WorkspaceEnroll),
        Entry(A::WorkspaceEnrolled),
        Body::Json(r#"{"enroll":true,"name":"second","organization_id":"{org}"}"#),
    ),
    get(
        "/api/v1/users/authorize_server",
        "/api/v1/users/authorize_server?server_id={workspace}",
        Who::Entrant,
        Entry(A::WorkspaceEntered),
    ),
    server(
        "PATCH",
        "/api/v1/workspace_status",
        "/api/v1/workspace_status",
        SeenBy("control::zenml"),
        Body::None,
    ),
    server("PATCH", "/api/v1/tenant_status", "/api/v1/tenant_status", SeenBy("control::zenml"), Body::None),
    server(
        "POST",
        "/api/v1/rbac/check_permissions",
        "/api/v1/rbac/check_permissions?user_id={user}&action=read",
        Reads,
        Body::Json(r#"["stack"]"#),
    ),
    server(
        "GET",
        "/api/v1/rbac/check_permissions",
        "/api/v1/rbac/check_permissions?user_id={user}&action=read&resources=stack",
        Reads,
        Body::None,
    ),
    server(
        "GET",
        "/api/v1/rbac/allowed_resource_ids",
        "/api/v1/rbac/allowed_resource_ids?user_id={user}&action=read&resource=stack",
        Reads,
        Body::None,
    ),
    server(
        "GET",
        "/api/v1/rbac/resource_members",
        "/api/v1/rbac/resource_members?resource=stack/{nothing}",
        Reads,
        Body::None,
    ),
    server(
        "POST",
        "/api/v1/rbac/resource_members",
        "/api/v1/rbac/resource_members",
        SeenBy("control::zenml"),
        Body::Json("{}"),
    ),
    server(
        "DELETE",
        "/api/v1/rbac/resources",
        "/api/v1/rbac/resources?resources=stack",
        SeenBy("control::zenml"),
        Body::None,
    ),
    server(
        "GET",
        "/api/v1/organizations/{id_or_name}/entitlement/{feature}",
        "/api/v1/organizations/{org}/entitlement/pipelines",
        Reads,
        Body::None,
    ),
    server("POST", "/oauth/introspect", "/oauth/introspect", Reads, Body::Form("token=x")),
    server(
        "POST",
        "/api/v1/usage-event",
        "/api/v1/usage-event",
        Nothing("a count of what was made in the workspace is a measurement"),
        Body::Json("{}"),
    ),
    get("/api/v1/workspaces/{id_or_name}", "/api/v1/workspaces/{name}", Workspace(P::WorkspaceRead), Reads),
];
