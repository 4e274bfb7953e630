//! Somebody signs in to a workspace.

use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, WorkspaceEnter};
use crate::cx::{Actor, ClientVia};
use crate::error::{Error, Result};
use crate::throttle::Limit;
use model::audit::AuditAction;
use model::{ApiKeyId, ErrorCode, UserId};
use serde_json::json;

/// Who came in, as their account inside the workspace is made from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entrance {
    /// Their id, which the workspace will ask about later.
    pub id: UserId,
    /// Their account's name there.
    pub username: String,
    /// Their address; a service account has none.
    pub email: Option<String>,
    /// Their name for people.
    pub name: String,
    /// Whether it is an account for machines: workspaces keep those in a list of their own.
    pub is_service_account: bool,
}

/// What somebody comes in with.
enum With {
    /// An API key, as it is.
    Key(ApiKeyId),
    /// A short token exchanged for one.
    Exchanged,
    /// A signed token for this workspace.
    Signed,
    /// A device's token.
    Device,
    /// A short token made from an outside one.
    Trusted,
    /// A token of their browser session.
    Session,
}

/// A key presented as it is signs in anew with every request; one entry a minute says the same.
const ENTRIES_OF_ONE_KEY: Limit = Limit { name: "workspace entered", hits: 1, window_s: 60 };

impl Control {
    /// Signs the person whose credential a workspace's server presents in to that workspace.
    ///
    /// # Errors
    ///
    /// `unauthenticated` for a browser session and for a command line: theirs are for this site alone; and for a service account's key as it
    /// is, unless the organization takes those; `forbidden` if the workspace is deactivated.
    pub async fn enter_workspace(&self, auth: &Authorized<WorkspaceEnter>) -> Result<Entrance> {
        let (user, with) = match auth.cx().actor() {
            Some(Actor::ApiKey { user, key, .. }) => (user, With::Key(key.id)),
            Some(Actor::Client { user, via: ClientVia::Exchanged(..), .. }) => (user, With::Exchanged),
            Some(Actor::Client { user, via: ClientVia::Device(..), .. }) => (user, With::Device),
            Some(Actor::Client { user, via: ClientVia::Trusted(..), .. }) => (user, With::Trusted),
            Some(Actor::Entrant { user, key: Some(_), .. }) => (user, With::Signed),
            Some(Actor::Entrant { user, key: None, .. }) => (user, With::Session),
            _ => return Err(Error::unauthenticated()),
        };
        let party = self.still_open(auth).await?;
        let mut tx = self.store().read().await?;
        let account = store::users::by_id(&mut tx, *user).await?.ok_or_else(Error::unauthenticated)?;
        // The workspace forgets whose key it is and lets it do everything there; see docs/concepts.md.
        let is_raw = account.is_service_account && matches!(with, With::Key(_));
        if is_raw && !store::api_keys::policy(&mut tx, auth.org()).await?.raw_keys {
            return Err(Error::unauthenticated());
        }
        drop(tx);
        self.note_entrance(auth, &party.name, with).await?;
        Ok(Entrance {
            id: account.id,
            username: account.username,
            email: (!account.is_service_account).then_some(account.email),
            name: account.name,
            is_service_account: account.is_service_account,
        })
    }

    async fn note_entrance(&self, auth: &Authorized<WorkspaceEnter>, name: &str, with: With) -> Result<()> {
        let workspace = auth.scope();
        let (with, key) = match with {
            With::Key(id) => ("token", Some(format!("{id}/{workspace}"))),
            With::Exchanged => ("exchanged token", None),
            With::Signed => ("workspace token", None),
            With::Device => ("device", None),
            With::Trusted => ("outside token", None),
            With::Session => ("session", None),
        };
        if let Some(key) = &key {
            if self.throttled(ENTRIES_OF_ONE_KEY, key, auth.now()).await? {
                return Ok(());
            }
            match self.throttle(ENTRIES_OF_ONE_KEY, key, auth.now()).await {
                Err(error) if error.code() == ErrorCode::RateLimited => return Ok(()),
                other => other?,
            }
        }
        let event = Event::of(AuditAction::WorkspaceEntered)
            .on("workspace", workspace.uuid(), name)
            .after(json!({ "with": with }));
        let tx = self.store().write().await?;
        Ok(tx.commit(auth.audit(event)).await?)
    }
}
