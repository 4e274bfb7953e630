//! The rights: a permission, and the kind of place it is held in.

use super::Scope;
use model::grant::ProjectPlace;
use model::{OrgId, Permission, ServiceAccountId, TeamId, UserId, WorkspaceId};

mod sealed {
    pub trait Sealed {}
}

/// A right.
pub trait Right: sealed::Sealed + Send + Sync + 'static {
    /// What is permitted.
    const PERMISSION: Permission;
    /// Whether it can be used with a token that workspaces' servers get to see.
    const FOR_CLIENTS: bool;
    /// Whether somebody in a browser has to have signed in lately to use it.
    const SENSITIVE: bool;
    /// Where.
    type Scope: Scope;
}

macro_rules! rights {
    (for_clients: $for_clients:literal, sensitive: $sensitive:literal; $($name:ident $(= $permission:ident)?: $scope:ty),+ $(,)?) => {$(
        rights!(@one $for_clients, $sensitive, $name, $scope, $($permission)? $name);
    )+};
    // The first word is the permission: the one that was named, or else the right's own name.
    (@one $for_clients:literal, $sensitive:literal, $name:ident, $scope:ty, $permission:ident $($rest:ident)?) => {
        #[doc = concat!("[`Permission::", stringify!($permission), "`] in a [`", stringify!($scope), "`].")]
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}
        impl sealed::Sealed for $name {}
        impl Right for $name {
            const PERMISSION: Permission = Permission::$permission;
            const FOR_CLIENTS: bool = $for_clients;
            const SENSITIVE: bool = $sensitive;
            type Scope = $scope;
        }
    };
}

// Looking, and what is done every day. Where one permission allows both to look and to do what is sensitive, looking is a
// right of its own here, so that nobody is asked to sign in again for reading a page.
rights! {
    for_clients: false, sensitive: false;
    OrgRead: OrgId,
    OrgUpdate: OrgId,
    MemberRead: OrgId,
    OffboardingPrepare = MemberRemove: OrgId,
    MemberSessionRead = MemberSessionManage: OrgId,
    InvitationRead: OrgId,
    InvitationPrepare = InvitationManage: OrgId,
    ConnectionRead: OrgId,
    AuditRead: OrgId,
    TeamCreate = TeamManage: OrgId,
    TeamRead: TeamId,
    ServiceAccountRead: OrgId,
    ServiceAccountSee = ServiceAccountRead: ServiceAccountId,
    TrustRuleRead = ServiceAccountKeys: ServiceAccountId,
    RoleRead: OrgId,
    AccessRead: OrgId,
    LimitRead: OrgId,
    LimitManage: OrgId,
    WorkspaceRead: WorkspaceId,
    WorkspaceUpdate: WorkspaceId,
    WorkspaceKeyShow = WorkspaceKeys: WorkspaceId,
    GrantRead: WorkspaceId,
    GrantPreview = GrantManage: WorkspaceId,
    ProjectCreate = WorkspaceEnter: WorkspaceId,
    ProjectName = ProjectGrantManage: ProjectPlace,
    ProjectGrantRead: ProjectPlace,
    WorkspaceAct: WorkspaceId,
    SelfManage: UserId,
}

// What makes or ends a way in, or gives or takes a right: in the hands of whoever finds a browser open it would outlast
// the session. (docs/decisions/0014)
rights! {
    for_clients: false, sensitive: true;
    OrgLeave = OrgRead: OrgId,
    MemberUpdate: OrgId,
    MemberRemove: OrgId,
    MemberSessionManage: OrgId,
    InvitationManage: OrgId,
    ConnectionManage: OrgId,
    TeamManage: TeamId,
    TeamMembers: TeamId,
    ServiceAccountCreate = ServiceAccountManage: OrgId,
    ServiceAccountManage: ServiceAccountId,
    ServiceAccountKeys: ServiceAccountId,
    KeyPolicyManage = OrgUpdate: OrgId,
    RoleManage: OrgId,
    OrgGrantManage: OrgId,
    WorkspaceEnroll: OrgId,
    WorkspaceKeys: WorkspaceId,
    WorkspaceDelete: WorkspaceId,
    GrantManage: WorkspaceId,
    ProjectGrantManage: ProjectPlace,
    ApiKeyManage = SelfManage: UserId,
    CommandLineApprove = SelfManage: UserId,
}

// All that a ZenML client asks. An operation that takes one of these can be called by whoever runs a workspace that the
// person signed in to: it tells what is there, and nothing about anybody else. The same permission for anything more is
// a right of its own, above.
rights! {
    for_clients: true, sensitive: false;
    ClientSelfRead = SelfManage: UserId,
    ClientOrgRead = OrgRead: OrgId,
    ClientWorkspaceRead = WorkspaceRead: WorkspaceId,
    WorkspaceEnter: WorkspaceId,
}
