//! The pages.

use super::Who::{Account, Anyone, Org, Project, SignedIn, Team, Workspace};
use super::{Endpoint, P, page};

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
    page(
        "/organizations/{org}/members/{user}/offboarding",
        "/organizations/{org}/members/{user}/offboarding",
        Org(P::MemberRemove),
    ),
    page(
        "/organizations/{org}/members/{user}/sessions",
        "/organizations/{org}/members/{user}/sessions",
        Org(P::MemberSessionManage),
    ),
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
    page("/organizations/{org}/teams", "/organizations/{org}/teams", Org(P::OrgRead)),
    page("/organizations/{org}/teams/new", "/organizations/{org}/teams/new", SignedIn),
    page("/organizations/{org}/teams/{team}", "/organizations/{org}/teams/{team}", Team(P::TeamRead)),
    page(
        "/organizations/{org}/service-accounts",
        "/organizations/{org}/service-accounts",
        Org(P::ServiceAccountRead),
    ),
    page("/organizations/{org}/service-accounts/new", "/organizations/{org}/service-accounts/new", SignedIn),
    page(
        "/organizations/{org}/service-accounts/{id}",
        "/organizations/{org}/service-accounts/{account}",
        Account(P::ServiceAccountRead),
    ),
    page(
        "/organizations/{org}/service-accounts/{id}/trust",
        "/organizations/{org}/service-accounts/{account}/trust",
        Account(P::ServiceAccountKeys),
    ),
    page("/organizations/{org}/roles", "/organizations/{org}/roles", Org(P::RoleRead)),
    page("/organizations/{org}/roles/new", "/organizations/{org}/roles/new", SignedIn),
    page("/organizations/{org}/roles/{role}", "/organizations/{org}/roles/{role}", Org(P::RoleRead)),
    page("/organizations/{org}/access", "/organizations/{org}/access", Org(P::AccessRead)),
    page("/organizations/{org}/usage", "/organizations/{org}/usage", Org(P::LimitRead)),
    page("/workspaces/{name}", "/workspaces/{name}", Workspace(P::WorkspaceRead)),
    page(
        "/workspaces/{name}/project/{project}",
        "/workspaces/{name}/project/{project}",
        Project(P::ProjectGrantRead),
    ),
    page("/workspaces/{name}/{*rest}", "/workspaces/{name}/runs/1", Workspace(P::WorkspaceRead)),
    page("/me", "/me", SignedIn),
    page("/me/sessions", "/me/sessions", SignedIn),
    page("/me/devices", "/me/devices", SignedIn),
    page("/me/tokens", "/me/tokens", SignedIn),
];
