//! How a permission is decided in each kind of place.

use super::{Right, Snapshot};
use crate::Control;
use crate::cx::{Actor, Cx};
use crate::error::Result;
use model::grant::ProjectPlace;
use model::{OrgId, Permission, TeamId, Timestamp, UserId, WorkspaceId};
use std::future::Future;
use std::sync::Arc;
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
    /// No: they have this right, but workspaces' servers get to see the token they use.
    Withheld {
        /// The organization the place belongs to.
        org: Option<OrgId>,
    },
}

impl Decision {
    /// The same about the right `R`, used with the credential of `actor`. That tokens of clients administer nothing is
    /// decided here, for everything that takes a proof. Last, so that it tells nobody of a place they have no part in.
    pub(super) fn used_as<R: Right>(self, actor: &Actor) -> Self {
        match self {
            Self::Allowed { org } if actor.is_seen_by_workspaces() && !R::FOR_CLIENTS => {
                Self::Withheld { org }
            }
            decision => decision,
        }
    }
}

/// A kind of place in which rights are held.
pub trait Scope: Copy + std::fmt::Debug + Send + Sync + 'static {
    /// Its id.
    fn uuid(self) -> Uuid;
    /// Whether `actor` holds `permission` here, by what `policy` says, which has to be the place's organization's. `None`
    /// for somebody without any part in the place.
    fn judged(self, policy: &Snapshot, actor: &Actor, permission: Permission, now: Timestamp)
    -> Option<bool>;
    /// What decides about `actor` here, as of now. `None` if there is no such place, or nothing here can be about them.
    fn policy(
        self,
        control: &Control,
        actor: &Actor,
    ) -> impl Future<Output = Result<Option<Arc<Snapshot>>>> + Send;
    /// What needs no policy to be decided.
    fn decided_without(self, _actor: &Actor, _permission: Permission) -> Option<Decision> {
        None
    }
    /// Whether `actor` holds `permission` here, as of now.
    fn decide(
        self,
        control: &Control,
        cx: &Cx,
        actor: &Actor,
        permission: Permission,
    ) -> impl Future<Output = Result<Decision>> + Send {
        async move {
            if let Some(decision) = self.decided_without(actor, permission) {
                return Ok(decision);
            }
            let Some(policy) = self.policy(control, actor).await? else {
                return Ok(Decision::Stranger);
            };
            let org = Some(policy.org);
            Ok(match self.judged(&policy, actor, permission, cx.now()) {
                None => Decision::Stranger,
                Some(true) => Decision::Allowed { org },
                Some(false) => Decision::Lacking { org },
            })
        }
    }
}

impl Scope for OrgId {
    fn uuid(self) -> Uuid {
        self.uuid()
    }

    fn judged(
        self,
        policy: &Snapshot,
        actor: &Actor,
        permission: Permission,
        now: Timestamp,
    ) -> Option<bool> {
        Some(policy.org_rights(person(actor)?, now)?.grants(permission))
    }

    async fn policy(self, control: &Control, actor: &Actor) -> Result<Option<Arc<Snapshot>>> {
        match person(actor) {
            Some(_) => control.policy(self).await,
            None => Ok(None),
        }
    }
}

impl Scope for WorkspaceId {
    fn uuid(self) -> Uuid {
        self.uuid()
    }

    fn judged(
        self,
        policy: &Snapshot,
        actor: &Actor,
        permission: Permission,
        now: Timestamp,
    ) -> Option<bool> {
        if let Actor::Workspace { workspace, .. } = actor {
            return policy.has_workspace(self).then(|| acts(*workspace, self, permission))?;
        }
        let user = at_the_door(actor, self, permission)?;
        let standing = policy.standing(user, self, now).filter(|standing| !standing.is_nothing())?;
        Some(standing.grants(permission))
    }

    async fn policy(self, control: &Control, actor: &Actor) -> Result<Option<Arc<Snapshot>>> {
        match actor {
            Actor::Entrant { user, .. } => control.policy_about(*user, self).await,
            other => policy_about(control, other, self).await,
        }
    }

    fn decided_without(self, actor: &Actor, permission: Permission) -> Option<Decision> {
        let Actor::Workspace { workspace, org, .. } = actor else {
            return None;
        };
        // Its key was found among those of a living workspace a moment ago.
        Some(match acts(*workspace, self, permission) {
            Some(_) => Decision::Allowed { org: Some(*org) },
            None => Decision::Stranger,
        })
    }
}

impl Scope for ProjectPlace {
    fn uuid(self) -> Uuid {
        self.project.uuid()
    }

    fn judged(
        self,
        policy: &Snapshot,
        actor: &Actor,
        permission: Permission,
        now: Timestamp,
    ) -> Option<bool> {
        // Whoever has a part in the workspace, but none in this project, is told as little as of one that is not there.
        let standing = policy
            .standing(person(actor)?, self.workspace, now)
            .filter(|standing| standing.grants(permission) || standing.in_project(self.project).is_some())?;
        Some(standing.grants_in(self.project, permission))
    }

    async fn policy(self, control: &Control, actor: &Actor) -> Result<Option<Arc<Snapshot>>> {
        policy_about(control, actor, self.workspace).await
    }
}

impl Scope for TeamId {
    fn uuid(self) -> Uuid {
        self.uuid()
    }

    fn judged(
        self,
        policy: &Snapshot,
        actor: &Actor,
        permission: Permission,
        now: Timestamp,
    ) -> Option<bool> {
        let user = person(actor)?;
        let rights = policy.org_rights(user, now)?;
        // Being in a team is seeing it; maintaining it is managing who is in it, and nothing else.
        let part = policy.part_in_team(self, user);
        let by_part = match permission {
            Permission::TeamRead => part.is_some(),
            Permission::TeamMembers => part == Some(true),
            _ => false,
        };
        let allowed = rights.grants(permission) || by_part;
        let sees = part.is_some() || rights.grants(Permission::TeamRead);
        (allowed || sees).then_some(allowed)
    }

    async fn policy(self, control: &Control, actor: &Actor) -> Result<Option<Arc<Snapshot>>> {
        if person(actor).is_none() {
            return Ok(None);
        }
        let mut tx = control.store().read().await?;
        let org = store::teams::org_of(&mut tx, self).await?;
        drop(tx);
        match org {
            Some(org) => control.policy(org).await,
            None => Ok(None),
        }
    }
}

impl Scope for UserId {
    fn uuid(self) -> Uuid {
        self.uuid()
    }

    fn judged(self, _: &Snapshot, actor: &Actor, permission: Permission, _: Timestamp) -> Option<bool> {
        (permission == Permission::SelfManage && person(actor) == Some(self)).then_some(true)
    }

    /// A person is not an organization's.
    async fn policy(self, _: &Control, _: &Actor) -> Result<Option<Arc<Snapshot>>> {
        Ok(None)
    }

    fn decided_without(self, actor: &Actor, permission: Permission) -> Option<Decision> {
        let own = permission == Permission::SelfManage && person(actor) == Some(self);
        Some(if own { Decision::Allowed { org: None } } else { Decision::Stranger })
    }
}

/// A server acts for its own workspace and sees nothing of any other.
fn acts(server: WorkspaceId, place: WorkspaceId, permission: Permission) -> Option<bool> {
    (server == place && permission == Permission::WorkspaceAct).then_some(true)
}

/// Who asks about a workspace. Whoever is at its door may ask to be let in, and nothing else.
fn at_the_door(actor: &Actor, place: WorkspaceId, permission: Permission) -> Option<UserId> {
    match actor {
        Actor::Entrant { user, workspace, .. } => {
            (*workspace == place && permission == Permission::WorkspaceEnter).then_some(*user)
        }
        other => person(other),
    }
}

/// What decides about a person in a workspace and below.
async fn policy_about(
    control: &Control,
    actor: &Actor,
    workspace: WorkspaceId,
) -> Result<Option<Arc<Snapshot>>> {
    match person(actor) {
        Some(user) => control.policy_about(user, workspace).await,
        None => Ok(None),
    }
}

fn person(actor: &Actor) -> Option<UserId> {
    match actor {
        Actor::User { user, .. } | Actor::ApiKey { user, .. } | Actor::Client { user, .. } => Some(*user),
        Actor::Entrant { .. } | Actor::Workspace { .. } | Actor::System { .. } => None,
    }
}
