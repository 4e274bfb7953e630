//! Signing in to a workspace with Reeve: an enrolled workspace is a relying party of `OpenID` Connect Core 1.0, with the
//! authorization code flow and PKCE (RFC 7636). Its id is the client id, its enrollment key the client secret.
//!
//! Whoever signs in gets a code, the workspace exchanges it for an ID token and an access token, and the access token hangs
//! on the person's session like everything else their browser does. When the session is over the workspace is told
//! (Back-Channel Logout 1.0). (docs/decisions/0021)

mod authorize;
mod code;
mod logout;
mod register;

pub use authorize::{AuthorizationRequest, Outcome, PATH};
pub use code::CodeGrant;

use crate::Control;
use crate::authz::{Authorized, WorkspaceEnter};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use model::UserId;
use schemars::JsonSchema;
use serde::Serialize;
use store::ReadTx;

/// What a workspace is told of a person (`OpenID` Connect Core 1.0 §5.1). It is the same in an ID token, for whoever asks
/// with the access token, and when it signs people in on its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Person {
    /// Who, in every workspace.
    pub sub: UserId,
    /// Their name for people.
    pub name: String,
    /// Their name inside workspaces.
    pub preferred_username: String,
    /// Their address.
    pub email: String,
    /// Whether they have shown that mail to it reaches them.
    pub email_verified: bool,
}

impl Person {
    /// Of whoever stands at the door of a workspace and may enter it.
    async fn at_the_door(tx: &mut ReadTx, auth: &Authorized<WorkspaceEnter>) -> Result<Self> {
        let Some(Actor::Entrant { user, .. }) = auth.cx().actor() else {
            return Err(Error::unauthenticated());
        };
        let user = store::users::by_id(tx, *user).await?.ok_or_else(Error::unauthenticated)?;
        let address = user.email.to_lowercase();
        let identities = store::identities::of_user(tx, user.id).await?;
        let proves = |it: &store::identities::Identity| {
            it.issuer == store::identities::MAILBOX && it.subject == address && it.verified_at.is_some()
        };
        Ok(Self {
            sub: user.id,
            name: user.name,
            preferred_username: user.username,
            email_verified: identities.iter().any(proves),
            email: user.email,
        })
    }
}

impl Control {
    /// The person whose access token a workspace shows (`OpenID` Connect Core 1.0 §5.3), if they may still enter it.
    ///
    /// # Errors
    ///
    /// `unauthenticated` for every other token; `not_found` or `forbidden` for whoever may not enter any more.
    pub async fn userinfo(&self, cx: &Cx) -> Result<Person> {
        let Some(Actor::Entrant { workspace, key: None, .. }) = cx.actor() else {
            return Err(Error::unauthenticated());
        };
        let auth = self.authorize::<WorkspaceEnter>(cx, *workspace).await?;
        self.still_open(&auth).await?;
        let mut tx = self.store().read().await?;
        Person::at_the_door(&mut tx, &auth).await
    }
}
