//! Every way in: who may use it, and a request that reaches it. An endpoint without its row here fails the tests of
//! `endpoints.rs`.

use super::site::{Ask, Cast};
use model::Permission;
use model::audit::AuditAction;

/// Who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Anyone; why.
    Anyone(&'static str),
    /// Anyone who is signed in, for what is theirs.
    SignedIn,
    /// Whoever holds this right in the organization.
    Org(Permission),
    /// Whoever holds this right in the workspace.
    Workspace(Permission),
    /// Whoever may enter the workspace. Everybody else is told the same, whether it exists or not: 403, as a ZenML
    /// server takes 404 for "the control plane does not know me".
    Entrant,
    /// A workspace's own server and nobody else.
    Server,
}

/// What a call leaves in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaves {
    /// Nothing: it reads.
    Reads,
    /// An entry with this action, when an administrator of the organization sends the row's request.
    Entry(AuditAction),
    /// Nothing; why.
    Nothing(&'static str),
    /// An entry that the named test sees: the row's request alone cannot arrange what the call needs.
    SeenBy(&'static str),
}

/// How the request's body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    None,
    Form(&'static str),
    Json(&'static str),
}

/// One endpoint. `path` is written as the router writes it, `sent` is the request's. In `sent` and in bodies `{org}`,
/// `{workspace}`, `{name}` (of the workspace), `{user}` (a member) and `{nothing}` (an id of nothing) are filled in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Endpoint {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) sent: &'static str,
    pub(crate) who: Who,
    pub(crate) leaves: Leaves,
    pub(crate) body: Body,
}

impl Endpoint {
    /// The row's request, with this organization's ids in it.
    pub(crate) fn request(&self, cast: &Cast) -> Ask {
        let ask = Ask::new(self.method, &cast.fill(self.sent)).header("sec-fetch-site", "same-origin");
        let ask = if self.is_for_browsers() { ask.header("accept", "text/html") } else { ask };
        match self.body {
            Body::None => ask,
            Body::Form(form) => ask.form(&cast.fill(form)),
            Body::Json(json) => ask.json(&cast.fill(json)),
        }
    }

    pub(crate) fn is_for_browsers(&self) -> bool {
        !self.path.starts_with("/api/")
    }
}

/// Every endpoint. Files of the site are the fallback, not a route.
pub(crate) fn everything() -> impl Iterator<Item = &'static Endpoint> {
    calls().chain(PLAIN).chain(PROGRAMS).chain(PAGES)
}

/// Every server function.
pub(crate) fn calls() -> impl Iterator<Item = &'static Endpoint> {
    CALLS.iter().chain(WORKSPACE_CALLS)
}

/// A server function.
const fn call(path: &'static str, who: Who, leaves: Leaves, form: &'static str) -> Endpoint {
    Endpoint { method: "POST", path, sent: path, who, leaves, body: Body::Form(form) }
}

/// A server function that takes JSON.
const fn json(path: &'static str, who: Who, leaves: Leaves, json: &'static str) -> Endpoint {
    Endpoint { method: "POST", path, sent: path, who, leaves, body: Body::Json(json) }
}

/// A page.
const fn page(path: &'static str, sent: &'static str, who: Who) -> Endpoint {
    Endpoint { method: "GET", path, sent, who, leaves: Leaves::Reads, body: Body::None }
}

/// A plain route to read from.
const fn get(path: &'static str, sent: &'static str, who: Who, leaves: Leaves) -> Endpoint {
    Endpoint { method: "GET", path, sent, who, leaves, body: Body::None }
}

/// A plain route to post to.
const fn post(path: &'static str, who: Who, leaves: Leaves, body: Body) -> Endpoint {
    Endpoint { method: "POST", path, sent: path, who, leaves, body }
}

/// What only a workspace's server asks.
const fn server(
    method: &'static str,
    path: &'static str,
    sent: &'static str,
    leaves: Leaves,
    body: Body,
) -> Endpoint {
    Endpoint { method, path, sent, who: Who::Server, leaves, body }
}

use AuditAction as A;
use Leaves::{Entry, Nothing, Reads, SeenBy};
use Permission as P;
use Who::{Anyone, Org, SignedIn, Workspace};

/// The server functions.
pub(crate) const CALLS: &[Endpoint] = &[
    json("/api/fn/audit/list", Org(P::AuditRead), Reads, r#"{"org":"{org}","query":{}}"#),
    call("/api/fn/audit/get", Org(P::AuditRead), Reads, "org={org}&id={nothing}"),
    call("/api/fn/connections/list", Org(P::ConnectionRead), Reads, "org={org}"),
    call("/api/fn/connections/get", Org(P::ConnectionRead), Reads, "org={org}&id={nothing}"),
    call(
        "/api/fn/connections/create",
        Org(P::ConnectionManage),
        Entry(A::ConnectionCreated),
        "org={org}&label=Acme&issuer=https://id.acme.test&client_id=reeve&client_secret=",
    ),
    call(
        "/api/fn/connections/update",
        Org(P::ConnectionManage),
        SeenBy("control::connections"),
        "org={org}&id={nothing}&label=Acme&issuer=https://id.acme.test&client_id=reeve&client_secret=",
    ),
    call(
        "/api/fn/connections/set_enabled",
        Org(P::ConnectionManage),
        SeenBy("control::connections"),
        "org={org}&id={nothing}&enabled=true",
    ),
    call(
        "/api/fn/connections/delete",
        Org(P::ConnectionManage),
        SeenBy("control::connections"),
        "org={org}&id={nothing}",
    ),
    call(
        "/api/fn/connections/test",
        Org(P::ConnectionManage),
        SeenBy("control::connections"),
        "org={org}&id={nothing}",
    ),
    call("/api/fn/devices/request", SignedIn, Reads, "user_code=BBBB-BBBB"),
    call("/api/fn/devices/approve", SignedIn, SeenBy("control::devices"), "user_code=BBBB-BBBB"),
    call("/api/fn/devices/deny", SignedIn, SeenBy("control::devices"), "user_code=BBBB-BBBB"),
    call("/api/fn/devices/list", SignedIn, Reads, "_="),
    call("/api/fn/devices/revoke", SignedIn, SeenBy("control::devices"), "id={nothing}"),
    call(
        "/api/fn/grants/add",
        Workspace(P::GrantManage),
        Entry(A::GrantCreated),
        "workspace={workspace}&who=mallory@acme.test&role=workspace-viewer",
    ),
    call(
        "/api/fn/grants/set",
        Workspace(P::GrantManage),
        Entry(A::GrantUpdated),
        "workspace={workspace}&user={user}&role=workspace-developer",
    ),
    call(
        "/api/fn/grants/remove",
        Workspace(P::GrantManage),
        Entry(A::GrantDeleted),
        "workspace={workspace}&user={user}",
    ),
    call("/api/fn/invitations/list", Org(P::InvitationRead), Reads, "org={org}"),
    call("/api/fn/invitations/one", Org(P::InvitationRead), Reads, "org={org}&id={nothing}"),
    call("/api/fn/invitations/choices", Org(P::InvitationManage), Reads, "org={org}"),
    call(
        "/api/fn/invitations/create",
        Org(P::InvitationManage),
        Entry(A::InvitationCreated),
        "org={org}&emails=new@acme.test&role=organization-member",
    ),
    call(
        "/api/fn/invitations/resend",
        Org(P::InvitationManage),
        SeenBy("control::invitations"),
        "org={org}&id={nothing}",
    ),
    call(
        "/api/fn/invitations/revoke",
        Org(P::InvitationManage),
        SeenBy("control::invitations"),
        "org={org}&id={nothing}",
    ),
    call("/api/fn/invitations/view", Anyone("it is opened before signing in"), Reads, "link=rvinvite_x"),
    call(
        "/api/fn/invitations/accept",
        Anyone("the link is the credential"),
        SeenBy("control::invitations"),
        "link=rvinvite_x&name=New",
    ),
    call(
        "/api/fn/invitations/decline",
        Anyone("the link is the credential"),
        SeenBy("control::invitations"),
        "link=rvinvite_x",
    ),
    call(
        "/api/fn/invitations/sign_in",
        Anyone("the link is the credential"),
        SeenBy("control::invitations"),
        "link=rvinvite_x",
    ),
    call("/api/fn/members/list", Org(P::MemberRead), Reads, "org={org}"),
    call("/api/fn/members/one", Org(P::MemberRead), Reads, "org={org}&user={user}"),
    call(
        "/api/fn/members/set_role",
        Org(P::MemberUpdate),
        Entry(A::MemberUpdated),
        "org={org}&user={user}&role=organization-admin",
    ),
    call("/api/fn/members/remove", Org(P::MemberRemove), Entry(A::MemberRemoved), "org={org}&user={user}"),
    call("/api/fn/members/leave", Org(P::OrgRead), SeenBy("control::members"), "org={org}"),
    call("/api/fn/tokens/list", SignedIn, Reads, "_="),
    call("/api/fn/tokens/create_secret", SignedIn, Entry(A::TokenCreated), "name=ci&expiry=30"),
    call("/api/fn/tokens/revoke", SignedIn, SeenBy("control::tokens"), "id={nothing}"),
    call("/api/fn/orgs/get", Org(P::OrgRead), Reads, "org={org}"),
    call("/api/fn/orgs/overview", Org(P::OrgRead), Reads, "org={org}"),
    call(
        "/api/fn/orgs/update",
        Org(P::OrgUpdate),
        Entry(A::OrgUpdated),
        "org={org}&display_name=Acme&description=New",
    ),
    call("/api/fn/sessions/me", SignedIn, Reads, "_="),
    call("/api/fn/sessions/frame", SignedIn, Reads, "org={org}"),
    call("/api/fn/sessions/list", SignedIn, Reads, "_="),
    call("/api/fn/sessions/end", SignedIn, SeenBy("layers::signing_out_ends_the_session"), "id={nothing}"),
    call("/api/fn/sessions/end_others", SignedIn, Entry(A::SessionEnded), "_="),
    call("/api/fn/sessions/rename_me", SignedIn, Entry(A::UserUpdated), "name=Somebody"),
    call("/api/fn/sessions/options", Anyone("the sign-in page comes before signing in"), Reads, "_="),
    call(
        "/api/fn/sessions/request_link",
        Anyone("asking for a link comes before signing in"),
        SeenBy("control::mailbox"),
        "email=nobody@acme.test",
    ),
    call("/api/fn/sessions/peek_link", Anyone("the link is the credential"), Reads, "link=rvlink_x"),
    call(
        "/api/fn/sessions/use_link",
        Anyone("the link is the credential"),
        SeenBy("layers::a_session_begins_with_a_cookie_nobody_else_reads"),
        "link=rvlink_x",
    ),
    call("/api/fn/setup/peek", Anyone("the link is the credential"), Reads, "link=rvsetup_x"),
    call(
        "/api/fn/setup/complete",
        Anyone("the link is the credential"),
        SeenBy("control::setup"),
        "link=rvsetup_x&org_name=A&owner_name=B&owner_email=c@d.test",
    ),
];

/// The server functions about workspaces. Deactivating comes before activating again; deletion is only tried.
pub(crate) const WORKSPACE_CALLS: &[Endpoint] = &[
    call("/api/fn/workspaces/list", Org(P::OrgRead), Reads, "org={org}"),
    call("/api/fn/workspaces/get", Workspace(P::WorkspaceRead), Reads, "name={name}"),
    call(
        "/api/fn/workspaces/enroll",
        Org(P::WorkspaceEnroll),
        Entry(A::WorkspaceEnrolled),
        "org={org}&name=third",
    ),
    call(
        "/api/fn/workspaces/update",
        Workspace(P::WorkspaceUpdate),
        Entry(A::WorkspaceUpdated),
        "workspace={workspace}&display_name=Other",
    ),
    call(
        "/api/fn/workspaces/rotate_key",
        Workspace(P::WorkspaceKeys),
        Entry(A::WorkspaceKeyRotated),
        "workspace={workspace}&overlap_min=60",
    ),
    call(
        "/api/fn/workspaces/revoke_key",
        Workspace(P::WorkspaceKeys),
        SeenBy("control::workspaces"),
        "workspace={workspace}&key={nothing}",
    ),
    call(
        "/api/fn/workspaces/set_active",
        Workspace(P::WorkspaceDelete),
        Entry(A::WorkspaceDeactivated),
        "workspace={workspace}&active=false",
    ),
    call(
        "/api/fn/workspaces/set_active",
        Workspace(P::WorkspaceDelete),
        Entry(A::WorkspaceActivated),
        "workspace={workspace}&active=true",
    ),
    call(
        "/api/fn/workspaces/delete",
        Workspace(P::WorkspaceDelete),
        SeenBy("control::workspaces"),
        "workspace={workspace}&confirm=another",
    ),
];

/// What is neither a page nor a server function.
pub(crate) const PLAIN: &[Endpoint] = &[
    get("/health", "/health", Anyone("load balancers ask"), Reads),
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
    server(
        "POST",
        "/api/v1/usage-event",
        "/api/v1/usage-event",
        Nothing("a count of what was made in the workspace is a measurement"),
        Body::Json("{}"),
    ),
    get("/api/v1/workspaces/{id_or_name}", "/api/v1/workspaces/{name}", Workspace(P::WorkspaceRead), Reads),
];

/// The pages. One that shows something of a place names the right it takes; others only need somebody, as does a bare
/// form: its call decides.
pub(crate) const PAGES: &[Endpoint] = &[
    page("/login", "/login", Anyone("signing in")),
    page("/login/link/{secret}", "/login/link/rvlink_x", Anyone("the link is the credential")),
    page("/auth/error", "/auth/error?code=access_denied", Anyone("a sign-in failed")),
    page("/setup/{secret}", "/setup/rvsetup_x", Anyone("the link is the credential")),
    page("/invite/{secret}", "/invite/rvinvite_x", Anyone("the link is the credential")),
    page("/devices/verify", "/devices/verify", SignedIn),
    page("/", "/", SignedIn),
    page("/organizations/{org}", "/organizations/{org}", Org(P::OrgRead)),
    page("/organizations/{org}/settings", "/organizations/{org}/settings", Org(P::OrgRead)),
    page("/organizations/{org}/members", "/organizations/{org}/members", Org(P::MemberRead)),
    page("/organizations/{org}/members/{user}", "/organizations/{org}/members/{user}", Org(P::MemberRead)),
    page("/organizations/{org}/invitations", "/organizations/{org}/invitations", Org(P::InvitationRead)),
    page(
        "/organizations/{org}/invitations/new",
        "/organizations/{org}/invitations/new",
        Org(P::InvitationManage),
    ),
    page("/organizations/{org}/workspaces", "/organizations/{org}/workspaces", Org(P::OrgRead)),
    page("/organizations/{org}/workspaces/new", "/organizations/{org}/workspaces/new", SignedIn),
    page("/organizations/{org}/audit", "/organizations/{org}/audit", Org(P::AuditRead)),
    page("/organizations/{org}/audit/{entry}", "/organizations/{org}/audit/{nothing}", Org(P::AuditRead)),
    page("/organizations/{org}/connections", "/organizations/{org}/connections", Org(P::ConnectionRead)),
    page("/organizations/{org}/connections/new", "/organizations/{org}/connections/new", SignedIn),
    page(
        "/organizations/{org}/connections/{id}",
        "/organizations/{org}/connections/{nothing}",
        Org(P::ConnectionRead),
    ),
    page("/workspaces/{name}", "/workspaces/{name}", Workspace(P::WorkspaceRead)),
    page("/workspaces/{name}/{*rest}", "/workspaces/{name}/runs/1", Workspace(P::WorkspaceRead)),
    page("/me", "/me", SignedIn),
    page("/me/sessions", "/me/sessions", SignedIn),
    page("/me/devices", "/me/devices", SignedIn),
    page("/me/tokens", "/me/tokens", SignedIn),
];
