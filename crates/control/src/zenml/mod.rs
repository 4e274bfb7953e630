//! What unmodified ZenML servers and clients ask.
//!
//! A client asks which workspaces its person has. A server reports itself, asks for decisions about people, passes on
//! shares, and counts what it makes: with its own token, but for signing a person in, and about its own workspace alone,
//! whose id is taken from the proof.

mod admin;
mod client;
mod decide;
mod enter;
mod report;
mod share;
mod usage;

pub use crate::authz::Allowed;
pub use client::{ClientQuery, ClientWorkspace};
pub use enter::Entrance;
pub use report::Report;
pub use share::{ResourceMember, ShareRequest};
pub use usage::UsageEvent;

use crate::Control;
use crate::activity::Touch;
use crate::authz::{Authorized, WorkspaceAct};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

impl Control {
    /// The proof that a workspace's own server asks.
    pub async fn as_workspace(&self, cx: &Cx) -> Result<Authorized<WorkspaceAct>> {
        match cx.actor() {
            Some(Actor::Workspace { workspace, .. }) => self.authorize::<WorkspaceAct>(cx, *workspace).await,
            Some(_) => Err(Error::forbidden("Only the server of a workspace may ask this.")),
            None => Err(Error::unauthenticated()),
        }
    }

    /// Every call of a server says that it is alive; it sends nothing just to say so.
    fn heard_of(&self, auth: &Authorized<WorkspaceAct>) {
        self.activity().note(Touch::Workspace(auth.scope()), auth.now());
    }
}
