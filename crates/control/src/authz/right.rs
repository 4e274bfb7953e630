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
    /// Where.
    type Scope: Scope;
}

macro_rules! rights {
    (for_clients: $for_clients:literal; $($name:ident $(= $permission:ident)?: $scope:ty),+ $(,)?) => {$(
        rights!(@one $for_clients, $name, $scope, $($permission)? $name);
    )+};
    // The first word is the permission: the one that was named, or else the right's own name.
    (@one $for_clients:literal, $name:ident, $scope:ty, $permission:ident $($rest:ident)?) => {
        #[doc = concat!("[`Permission::", stringify!($permission), "`] in a [`", stringify!($scope), "`].")]
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}
        impl sealed::Sealed for $name {}
        impl Right for $name {
            const PERMISSION: Permission = Permission::$permission;
            const FOR_CLIENTS: bool = $for_clients;
            type Scope = $scope;
        }
    };
}

rights! {
    for_clients: false;
    OrgRead: OrgId,
    OrgUpdate: OrgId,
    MemberRead: OrgId,
    MemberUpdate: OrgId,
    MemberRemove: OrgId,
    InvitationRead: OrgId,
    InvitationManage: OrgId,
    ConnectionRead: OrgId,
    ConnectionManage: OrgId,
    AuditRead: OrgId,
    TeamCreate = TeamManage: OrgId,
    TeamManage: TeamId,
    TeamMembers: TeamId,
    TeamRead: TeamId,
    ServiceAccountRead: OrgId,
    ServiceAccountCreate = ServiceAccountManage: OrgId,
    ServiceAccountSee = ServiceAccountRead: ServiceAccountId,
    ServiceAccountManage: ServiceAccountId,
    ServiceAccountKeys: ServiceAccountId,
    RoleRead: OrgId,
    RoleManage: OrgId,
    OrgGrantManage: OrgId,
    AccessRead: OrgId,
    LimitRead: OrgId,
    LimitManage: OrgId,
    WorkspaceEnroll: OrgId,
    WorkspaceRead: WorkspaceId,
    WorkspaceUpdate: WorkspaceId,
    WorkspaceKeys: WorkspaceId,
    WorkspaceDelete: WorkspaceId,
    GrantRead: WorkspaceId,
    GrantManage: WorkspaceId,
    ProjectCreate = WorkspaceEnter: WorkspaceId,
    ProjectGrantRead: ProjectPlace,
    ProjectGrantManage: ProjectPlace,
    WorkspaceAct: WorkspaceId,
    SelfManage: UserId,
}

// All that a ZenML client asks. An operation that takes one of these can be called by whoever runs a workspace that the
// person signed in to: it tells what is there, and nothing about anybody else. The same permission for anything more is
// a right of its own, above.
rights! {
    for_clients: true;
    ClientSelfRead = SelfManage: UserId,
    ClientOrgRead = OrgRead: OrgId,
    ClientWorkspaceRead = WorkspaceRead: WorkspaceId,
    WorkspaceEnter: WorkspaceId,
}
