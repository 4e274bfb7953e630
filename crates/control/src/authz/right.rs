//! The rights: a permission, and the kind of place it is held in.

use super::Scope;
use model::grant::ProjectPlace;
use model::{OrgId, Permission, TeamId, UserId, WorkspaceId};

mod sealed {
    pub trait Sealed {}
}

/// A right.
pub trait Right: sealed::Sealed + Send + Sync + 'static {
    /// What is permitted.
    const PERMISSION: Permission;
    /// Where.
    type Scope: Scope;
}

macro_rules! rights {
    ($($name:ident $(= $permission:ident)?: $scope:ty),+ $(,)?) => {$(
        rights!(@one $name, $scope, $($permission)? $name);
    )+};
    // The first word is the permission: the one that was named, or else the right's own name.
    (@one $name:ident, $scope:ty, $permission:ident $($rest:ident)?) => {
        #[doc = concat!("[`Permission::", stringify!($permission), "`] in a [`", stringify!($scope), "`].")]
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}
        impl sealed::Sealed for $name {}
        impl Right for $name {
            const PERMISSION: Permission = Permission::$permission;
            type Scope = $scope;
        }
    };
}

rights! {
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
    RoleRead: OrgId,
    RoleManage: OrgId,
    OrgGrantManage: OrgId,
    AccessRead: OrgId,
    LimitRead: OrgId,
    LimitManage: OrgId,
    WorkspaceEnroll: OrgId,
    WorkspaceRead: WorkspaceId,
    WorkspaceEnter: WorkspaceId,
    WorkspaceUpdate: WorkspaceId,
    WorkspaceKeys: WorkspaceId,
    WorkspaceDelete: WorkspaceId,
    GrantRead: WorkspaceId,
    GrantManage: WorkspaceId,
    ProjectGrantRead: ProjectPlace,
    ProjectGrantManage: ProjectPlace,
    WorkspaceAct: WorkspaceId,
    SelfManage: UserId,
}
