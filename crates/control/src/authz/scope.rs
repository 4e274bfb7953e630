//! How a permission is decided in each kind of place.

use super::{Right, Snapshot};
use crate::Control;
use crate::cx::{Actor, Cx};
use crate::error::Result;
use model::grant::ProjectPlace;
use model::{OrgId, Permission, Rights, ServiceAccountId, TeamId, Timestamp, UserId, WorkspaceId};
use std::future::Future;
use std::sync::Arc;
use uuid::Uuid;

/// How long after signing in somebody in a browser may do what is sensitive, in seconds.
pub const FRESH_S: i64 = 10 * 60;

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
    /// No: they have this right, but not by the token or key they use.
    Withheld {
        /// The organization the place belongs to.
        org: Option<OrgId>,
        /// What about it.
        why: Withheld,
    },
    /// Not yet: they have this right, and have to sign in again before it is used.
    Stale,
}

impl Decision {
    /// The same about the right `R` in `place`, used with the credential of `actor`. That tokens of clients administer
    /// nothing, that keys are limited, and that what is sensitive takes a fresh sign-in, is decided here, for everything
    /// that takes a proof. Last, so that it tells nobody of a place they have no part in.
    pub(super) fn used_as<R: Right>(self, actor: &Actor, place: R::Scope, now: Timestamp) -> Self {
        match (self, withheld::<R>(actor, place)) {
            (Self::Allowed { org }, Some(why)) => Self::Withheld { org, why },
            (Self::Allowed { .. }, None) if R::SENSITIVE && !signed_in_lately(actor, now) => Self::Stale,
            (decision, _) => decision,
        }
    }
}

/// What about a token or key keeps its holder from using a right they have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// Workspaces' servers get to see it.
    ForWorkspaces,
    /// Workspaces' servers must not get to see it.
    NotForWorkspaces,
    /// The key is limited to other permissions.
    OutOfScope,
    /// The key is limited to another place.
    Elsewhere,
    /// There is no person behind it.
    ForPeople,
}

impl Withheld {
    /// For whoever used it.
    pub(super) const fn message(self) -> &'static str {
        match self {
            Self::ForWorkspaces => {
                "This token is for working with workspaces. Use an API key as it is, or the dashboard."
            }
            Self::NotForWorkspaces => {
                "This token is for administering Reeve and must not be shown to workspaces. Use zenml login."
            }
            Self::OutOfScope => "This key is limited to other permissions.",
            Self::Elsewhere => "This key is limited to one workspace.",
            Self::ForPeople => "This is for people, and a service account is none.",
        }
    }

    /// For the audit log.
    pub(super) const fn noted(self) -> &'static str {
        match self {
            Self::ForWorkspaces => "with a token for working with workspaces",
            Self::NotForWorkspaces => "with a token for administering",
            Self::OutOfScope => "with a key limited to other permissions",
            Self::Elsewhere => "with a key limited to one workspace",
            Self::ForPeople => "as a service account",
        }
    }
}

fn withheld<R: Right>(actor: &Actor, place: R::Scope) -> Option<Withheld> {
    if actor.is_seen_by_workspaces() && !R::FOR_CLIENTS {
        return Some(Withheld::ForWorkspaces);
    }
    if matches!(actor, Actor::CommandLine { .. }) && R::PERMISSION == Permission::WorkspaceEnter {
        return Some(Withheld::NotForWorkspaces);
    }
    let key = actor.key()?;
    if key.for_machine && R::PERMISSION == Permission::SelfManage && !R::FOR_CLIENTS {
        return Some(Withheld::ForPeople);
    }
    // Whoever may sign in to workspaces may ask what a client has to know for it.
    let in_scope = |scopes: Rights| {
        scopes.grants(R::PERMISSION) || R::FOR_CLIENTS && scopes.grants(Permission::WorkspaceEnter)
    };
    if !key.scopes.is_none_or(in_scope) {
        return Some(Withheld::OutOfScope);
    }
    // What a client has to know of itself and its organization is not in any workspace.
    let there = |only: WorkspaceId| place.workspace().map_or(R::FOR_CLIENTS, |workspace| workspace == only);
    (!key.workspace.is_none_or(there)).then_some(Withheld::Elsewhere)
}

/// A kind of place in which rights are held.
pub trait Scope: Copy + std::fmt::Debug + Send + Sync + 'static {
    /// Its id.
    fn uuid(self) -> Uuid;
    /// The workspace it is or is in.
    fn workspace(self) -> Option<WorkspaceId> {
        None
    }
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
        Some(policy.org_rights(actor.user()?, now)?.grants(permission))
    }

    async fn policy(self, control: &Control, actor: &Actor) -> Result<Option<Arc<Snapshot>>> {
        match actor.user() {
            Some(_) => control.policy(self).await,
            None => Ok(None),
        }
    }
}

impl Scope for WorkspaceId {
    fn uuid(self) -> Uuid {
        self.uuid()
    }

    fn workspace(self) -> Option<WorkspaceId> {
        Some(self)
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

    fn workspace(self) -> Option<WorkspaceId> {
        Some(self.workspace)
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
            .standing(actor.user()?, self.workspace, now)
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
        let user = actor.user()?;
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
        if actor.user().is_none() {
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

impl Scope for ServiceAccountId {
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
        let user = actor.user()?;
        let rights = policy.org_rights(user, now)?;
        // Whoever answers for an account sees it and manages its keys; who it is, and what it holds, is not theirs.
        let owns = policy.owns(user, self)?;
        let by_owning =
            owns && matches!(permission, Permission::ServiceAccountRead | Permission::ServiceAccountKeys);
        let allowed = rights.grants(permission) || by_owning;
        (allowed || owns || rights.grants(Permission::ServiceAccountRead)).then_some(allowed)
    }

    async fn policy(self, control: &Control, actor: &Actor) -> Result<Option<Arc<Snapshot>>> {
        if actor.user().is_none() {
            return Ok(None);
        }
        let mut tx = control.store().read().await?;
        let org = store::service_accounts::org_of(&mut tx, self).await?;
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
        (permission == Permission::SelfManage && actor.user() == Some(self)).then_some(true)
    }

    /// A person is not an organization's.
    async fn policy(self, _: &Control, _: &Actor) -> Result<Option<Arc<Snapshot>>> {
        Ok(None)
    }

    fn decided_without(self, actor: &Actor, permission: Permission) -> Option<Decision> {
        let own = permission == Permission::SelfManage && actor.user() == Some(self);
        Some(if own { Decision::Allowed { org: None } } else { Decision::Stranger })
    }
}

/// Whether it is certain enough who sits there. A key is no session: whoever holds it holds all of it.
fn signed_in_lately(actor: &Actor, now: Timestamp) -> bool {
    match actor {
        Actor::User { authenticated_at, .. } | Actor::CommandLine { authenticated_at, .. } => {
            now.since_ms(*authenticated_at) <= FRESH_S * 1000
        }
        Actor::ApiKey { .. }
        | Actor::Client { .. }
        | Actor::Entrant { .. }
        | Actor::Workspace { .. }
        | Actor::System { .. } => true,
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
        other => other.user(),
    }
}

/// What decides about a person in a workspace and below.
async fn policy_about(
    control: &Control,
    actor: &Actor,
    workspace: WorkspaceId,
) -> Result<Option<Arc<Snapshot>>> {
    match actor.user() {
        Some(user) => control.policy_about(user, workspace).await,
        None => Ok(None),
    }
}
