//! The rights: a permission, and the kind of place it is held in.

use super::Scope;
use model::{OrgId, Permission, UserId, WorkspaceId};

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
    ($($name:ident: $scope:ty),+ $(,)?) => {$(
        #[doc = concat!("[`Permission::", stringify!($name), "`] in a [`", stringify!($scope), "`].")]
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}
        impl sealed::Sealed for $name {}
        impl Right for $name {
            const PERMISSION: Permission = Permission::$name;
            type Scope = $scope;
        }
    )+};
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
    WorkspaceEnroll: OrgId,
    WorkspaceRead: WorkspaceId,
    WorkspaceEnter: WorkspaceId,
    WorkspaceUpdate: WorkspaceId,
    WorkspaceKeys: WorkspaceId,
    WorkspaceDelete: WorkspaceId,
    GrantRead: WorkspaceId,
    GrantManage: WorkspaceId,
    WorkspaceAct: WorkspaceId,
    SelfManage: UserId,
}
