//! How a permission is decided in each kind of place.

use crate::Control;
use crate::cx::{Actor, Cx};
use crate::error::Result;
use model::{OrgId, Permission, UserId, WorkspaceId};
use std::future::Future;
use uuid::Uuid;

/// The answer to "may they?".
#[derive(Clone, Copy, Debug)]
pub enum Decision {
    /// Yes. `org` is the organization the place belongs to.
    Allowed {
        /// That organization.
        org: Option<OrgId>,
    },
    /// No: the place does not exist, or they have no part in it.
    Stranger,
    /// No: they have a part in it, but not this right.
    Lacking {
        /// The organization the place belongs to.
        org: Option<OrgId>,
    },
}

/// A kind of place in which rights are held.
pub trait Scope: Copy + std::fmt::Debug + Send + Sync + 'static {
    /// Its id.
    fn uuid(self) -> Uuid;
    /// Whether `actor` holds `permission` here.
    fn decide(
        self,
        control: &Control,
        cx: &Cx,
        actor: &Actor,
        permission: Permission,
    ) -> impl Future<Output = Result<Decision>> + Send;
}

impl Scope for OrgId {
    fn uuid(self) -> Uuid {
        self.uuid()
    }

    async fn decide(
        self,
        control: &Control,
        _cx: &Cx,
        actor: &Actor,
        permission: Permission,
    ) -> Result<Decision> {
        let Some(user) = person(actor) else {
            return Ok(Decision::Stranger);
        };
        let mut tx = control.store().read().await?;
        let Some(role) = store::members::role(&mut tx, self, user).await? else {
            return Ok(Decision::Stranger);
        };
        let org = Some(self);
        Ok(if role.grants(permission) { Decision::Allowed { org } } else { Decision::Lacking { org } })
    }
}

impl Scope for WorkspaceId {
    fn uuid(self) -> Uuid {
        self.uuid()
    }

    async fn decide(
        self,
        control: &Control,
        cx: &Cx,
        actor: &Actor,
        permission: Permission,
    ) -> Result<Decision> {
        if let Actor::Workspace { workspace, org, .. } = actor {
            // A server acts for its own workspace and sees nothing of any other.
            return Ok(match permission {
                Permission::WorkspaceAct if *workspace == self => Decision::Allowed { org: Some(*org) },
                _ => Decision::Stranger,
            });
        }
        let Some(user) = person(actor) else {
            return Ok(Decision::Stranger);
        };
        let mut tx = control.store().read().await?;
        let Some(place) = store::grants::standing(&mut tx, self, user, cx.now()).await? else {
            return Ok(Decision::Stranger);
        };
        let org = Some(place.org_id);
        let by_org = place.org_role.is_some_and(|role| role.grants(permission));
        let by_workspace = place.org_role.is_some() && place.role.is_some_and(|role| role.grants(permission));
        // A share of one resource lets a person in and shows them the place, and no more.
        let by_share = place.org_role.is_some()
            && place.has_share
            && matches!(permission, Permission::WorkspaceEnter | Permission::WorkspaceRead);
        if by_org || by_workspace || by_share {
            return Ok(Decision::Allowed { org });
        }
        let has_part = place.org_role.is_some() && (place.role.is_some() || place.has_share);
        Ok(if has_part { Decision::Lacking { org } } else { Decision::Stranger })
    }
}

impl Scope for UserId {
    fn uuid(self) -> Uuid {
        self.uuid()
    }

    async fn decide(
        self,
        _control: &Control,
        _cx: &Cx,
        actor: &Actor,
        permission: Permission,
    ) -> Result<Decision> {
        let own = permission == Permission::SelfManage && person(actor) == Some(self);
        Ok(if own { Decision::Allowed { org: None } } else { Decision::Stranger })
    }
}

fn person(actor: &Actor) -> Option<UserId> {
    match actor {
        Actor::User { user, .. } | Actor::Token { user, .. } => Some(*user),
        Actor::Workspace { .. } | Actor::System { .. } => None,
    }
}
