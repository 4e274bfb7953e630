//! How a permission is decided in each kind of place.

use crate::Control;
use crate::cx::{Actor, Cx};
use crate::error::Result;
use model::grant::ProjectPlace;
use model::{OrgId, Permission, TeamId, UserId, WorkspaceId};
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
        cx: &Cx,
        actor: &Actor,
        permission: Permission,
    ) -> Result<Decision> {
        let Some(user) = person(actor) else {
            return Ok(Decision::Stranger);
        };
        let Some(policy) = control.policy(self).await? else {
            return Ok(Decision::Stranger);
        };
        Ok(decided(policy.org_rights(user, cx.now()).map(|rights| rights.grants(permission)), self))
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
        let user = match actor {
            // Whoever is at the door of this workspace may ask to be let in, and nothing else.
            Actor::Entrant { user, workspace, .. }
                if *workspace == self && permission == Permission::WorkspaceEnter =>
            {
                Some(*user)
            }
            other => person(other),
        };
        let Some(user) = user else {
            return Ok(Decision::Stranger);
        };
        let Some(policy) = control.policy_about(user, self).await? else {
            return Ok(Decision::Stranger);
        };
        let standing = policy.standing(user, self, cx.now()).filter(|standing| !standing.is_nothing());
        Ok(decided(standing.map(|standing| standing.grants(permission)), policy.org))
    }
}

impl Scope for ProjectPlace {
    fn uuid(self) -> Uuid {
        self.project.uuid()
    }

    async fn decide(
        self,
        control: &Control,
        cx: &Cx,
        actor: &Actor,
        permission: Permission,
    ) -> Result<Decision> {
        let Some(user) = person(actor) else {
            return Ok(Decision::Stranger);
        };
        let Some(policy) = control.policy_about(user, self.workspace).await? else {
            return Ok(Decision::Stranger);
        };
        // Whoever has a part in the workspace, but none in this project, is told as little as of one that is not there.
        let standing = policy
            .standing(user, self.workspace, cx.now())
            .filter(|standing| standing.grants(permission) || standing.in_project(self.project).is_some());
        Ok(decided(standing.map(|standing| standing.grants_in(self.project, permission)), policy.org))
    }
}

impl Scope for TeamId {
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
        let Some(user) = person(actor) else {
            return Ok(Decision::Stranger);
        };
        let mut tx = control.store().read().await?;
        let org = store::teams::org_of(&mut tx, self).await?;
        drop(tx);
        let Some(org) = org else {
            return Ok(Decision::Stranger);
        };
        let Some(policy) = control.policy(org).await? else {
            return Ok(Decision::Stranger);
        };
        let Some(rights) = policy.org_rights(user, cx.now()) else {
            return Ok(Decision::Stranger);
        };
        // Being in a team is seeing it; maintaining it is managing who is in it, and nothing else.
        let part = policy.part_in_team(self, user);
        let by_part = match permission {
            Permission::TeamRead => part.is_some(),
            Permission::TeamMembers => part == Some(true),
            _ => false,
        };
        let allowed = rights.grants(permission) || by_part;
        let sees = part.is_some() || rights.grants(Permission::TeamRead);
        Ok(decided((allowed || sees).then_some(allowed), policy.org))
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

/// `None` for somebody without any part in the place.
fn decided(allowed: Option<bool>, org: OrgId) -> Decision {
    match allowed {
        None => Decision::Stranger,
        Some(true) => Decision::Allowed { org: Some(org) },
        Some(false) => Decision::Lacking { org: Some(org) },
    }
}

fn person(actor: &Actor) -> Option<UserId> {
    match actor {
        Actor::User { user, .. } | Actor::Token { user, .. } => Some(*user),
        Actor::Entrant { .. } | Actor::Workspace { .. } | Actor::System { .. } => None,
    }
}
