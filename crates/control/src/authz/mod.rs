//! Authorisation that cannot be forgotten: operations take an [`Authorized`] proof, and only this module makes one.
//!
//! ```compile_fail
//! // A proof cannot be forged.
//! let forged = control::Authorized::<control::authz::MemberRead> { .. };
//! ```
//! ```compile_fail
//! // A proof of one right is not a proof of another.
//! fn wants(_: &control::Authorized<control::authz::MemberRemove>) {}
//! fn has(proof: &control::Authorized<control::authz::MemberRead>) { wants(proof) }
//! ```
//! ```compile_fail
//! // A right is held in its own kind of place.
//! async fn ask(control: control::Control, cx: control::Cx, org: model::OrgId) {
//!     let _ = control.authorize::<control::authz::WorkspaceUpdate>(&cx, org).await;
//! }
//! ```

mod alone;
mod beyond;
mod compile;
mod denials;
mod policies;
mod right;
mod scope;
mod snapshot;
mod standing;
mod supposed;

pub use beyond::Beyond;
pub use compile::custom_rights;
pub(crate) use denials::Denials;
pub(crate) use policies::Policies;
pub use right::*;
pub use scope::{FRESH_S, Scope};
pub use snapshot::{Held, Role, Sees, Snapshot, Through};
pub use standing::{Allowed, Standing};

use crate::Control;
use crate::audit::Event;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use model::audit::AuditAction;
use model::{ErrorCode, OrgId, Permission, Timestamp, UserId, WorkspaceId};
use scope::Decision;
use std::marker::PhantomData;
use store::audit::NewEntry;
use store::openid::RelyingParty;
use uuid::Uuid;

/// Proof that the actor of `cx` held the right `R` in a place when it was checked.
#[derive(Clone, Debug)]
#[must_use = "an authorisation that is not passed on was checked for nothing"]
pub struct Authorized<R: Right> {
    cx: Cx,
    scope: R::Scope,
    org: Option<OrgId>,
    right: PhantomData<fn() -> R>,
}

impl<R: Right> Authorized<R> {
    /// The request.
    pub fn cx(&self) -> &Cx {
        &self.cx
    }
    /// The instant at which it is judged.
    pub fn now(&self) -> Timestamp {
        self.cx.now()
    }
    /// The place. Operations take the id from here, never from the request.
    pub fn scope(&self) -> R::Scope {
        self.scope
    }
    /// An audit entry about this.
    pub fn audit(&self, event: Event) -> NewEntry {
        let scope = self.org.map_or_else(
            || self.cx.user().map_or(store::audit::Scope::Installation, store::audit::Scope::Person),
            store::audit::Scope::Org,
        );
        event.stamped(&self.cx, scope)
    }
    /// The person who acts. `None` if a workspace or Reeve itself does.
    pub fn user(&self) -> Option<UserId> {
        self.cx.user()
    }
}

/// A kind of place that is somewhere in an organization.
pub trait InOrg: Scope {}
impl InOrg for OrgId {}
impl InOrg for model::WorkspaceId {}
impl InOrg for model::grant::ProjectPlace {}
impl InOrg for model::TeamId {}
impl InOrg for model::ServiceAccountId {}

impl<R: Right<Scope: InOrg>> Authorized<R> {
    /// The organization of the place.
    pub fn org(&self) -> OrgId {
        self.org.expect("a decision about a place in an organization names that organization")
    }
}

impl<R: Right> Authorized<R> {
    /// Whether the proof is still true by what `policy` says.
    fn holds_still(&self, policy: &Snapshot) -> Result<()> {
        let actor = self.cx.actor().ok_or_else(Error::unauthenticated)?;
        match self.scope.judged(policy, actor, R::PERMISSION, self.now()) {
            Some(true) => Ok(()),
            Some(false) => Err(lacking(R::PERMISSION)),
            None => Err(Error::not_found()),
        }
    }
}

fn lacking(permission: Permission) -> Error {
    Error::forbidden(format!("You need the right “{permission}” here."))
}

/// For operations open to anyone. `grep Open::because` lists the surface that needs no sign-in.
#[derive(Clone, Debug)]
pub struct Open {
    cx: Cx,
}

impl Open {
    /// Says why anyone may.
    pub fn because(cx: &Cx, _reason: &'static str) -> Self {
        Self { cx: cx.clone() }
    }
    /// The request.
    pub fn cx(&self) -> &Cx {
        &self.cx
    }
    /// The instant at which it is judged.
    pub fn now(&self) -> Timestamp {
        self.cx.now()
    }
    /// An audit entry about this, in the log it belongs to.
    pub fn audit(&self, scope: store::audit::Scope, event: Event) -> NewEntry {
        event.stamped(&self.cx, scope)
    }
}

impl Control {
    /// Checks that the actor of `cx` holds `R` in `scope`.
    ///
    /// # Errors
    ///
    /// `unauthenticated` without an actor; `not_found` if the place does not exist or the actor has no part in it, so
    /// that nobody learns what exists; `forbidden` if they have a part in it but not this right, or not by the token they
    /// use; `fresh_sign_in_required` if the right is [sensitive](Right::SENSITIVE) and their last sign-in is too long ago.
    pub async fn authorize<R: Right>(&self, cx: &Cx, scope: R::Scope) -> Result<Authorized<R>> {
        let Some(actor) = cx.actor() else {
            return Err(Error::unauthenticated());
        };
        let decision =
            scope.decide(self, cx, actor, R::PERMISSION).await?.used_as::<R>(actor, scope, cx.now());
        let (error, org, why) = match decision {
            Decision::Allowed { org } => {
                return Ok(Authorized { cx: cx.clone(), scope, org, right: PhantomData });
            }
            Decision::Stranger => (Error::not_found(), None, "without any part in this place"),
            Decision::Lacking { org } => (lacking(R::PERMISSION), org, "without this right"),
            Decision::Withheld { org, why } => (Error::forbidden(why.message()), org, why.noted()),
            // Nobody was denied anything that they could not do a moment later: nothing for the log.
            Decision::Stale => return Err(Error::fresh_sign_in_required()),
        };
        self.note_denial(cx, actor, scope.uuid(), R::PERMISSION, (org, why)).await?;
        Err(error)
    }

    /// A workspace that the actor of `cx` may enter now, and how it is signed in to. `None`, and noted in the log it belongs
    /// to, if they may not.
    pub(crate) async fn open_door(
        &self,
        cx: &Cx,
        workspace: WorkspaceId,
    ) -> Result<Option<(Authorized<WorkspaceEnter>, RelyingParty)>> {
        let opened = match self.authorize::<WorkspaceEnter>(cx, workspace).await {
            Ok(auth) => self.still_open(&auth).await.map(|party| (auth, party)),
            Err(error) => Err(error),
        };
        match opened {
            Ok(open) => Ok(Some(open)),
            Err(error) if matches!(error.code(), ErrorCode::NotFound | ErrorCode::Forbidden) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Being switched off takes nobody's right to enter; it closes the door.
    ///
    /// # Errors
    ///
    /// `forbidden` if the workspace is deactivated.
    pub(crate) async fn still_open(&self, auth: &Authorized<WorkspaceEnter>) -> Result<RelyingParty> {
        let mut tx = self.store().read().await?;
        let party =
            store::openid::relying_party(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        drop(tx);
        if party.deactivated_at.is_none() {
            return Ok(party);
        }
        if let Some(actor) = auth.cx().actor() {
            let why = (auth.org, "while it is deactivated");
            self.note_denial(auth.cx(), actor, auth.scope().uuid(), WorkspaceEnter::PERMISSION, why).await?;
        }
        Err(Error::forbidden("This workspace is deactivated."))
    }

    async fn note_denial(
        &self,
        cx: &Cx,
        actor: &Actor,
        place: Uuid,
        permission: Permission,
        (org, why): (Option<OrgId>, &'static str),
    ) -> Result<()> {
        if !self.denials().is_due(actor, permission, place, cx.now()) {
            return Ok(());
        }
        let scope = org.map_or_else(|| actor.log(), store::audit::Scope::Org);
        let event =
            Event::refused(AuditAction::AccessDenied, why).on("permission", place, permission.as_str());
        let tx = self.store().write().await?;
        Ok(tx.commit(event.stamped(cx, scope)).await?)
    }
}
