//! The server functions about people and organizations, and those about workspaces.

use super::Leaves::{Entry, Reads, SeenBy};
use super::Who::{Anyone, Org, SignedIn, Workspace};
use super::{A, Endpoint, P, call, json};

/// About people, their sessions and tokens, and an organization's own settings.
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
    call("/api/fn/api_keys/list", SignedIn, Reads, "_="),
    call("/api/fn/api_keys/create_secret", SignedIn, Entry(A::ApiKeyCreated), "name=ci&expiry=30"),
    call("/api/fn/api_keys/revoke", SignedIn, SeenBy("control::tokens"), "id={nothing}"),
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
