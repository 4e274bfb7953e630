//! Sign-in by a one-time link, for people without a provider.

use crate::Control;
use crate::audit::Event;
use crate::authz::Open;
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::secret::{self, Kind, Secret};
use crate::sessions::{self, Begun};
use model::audit::AuditAction;
use model::{IdentityId, LinkId, Timestamp};
use serde_json::{Value, json};
use store::WriteTx;
use store::audit::Scope;
use store::identities::Identity;
use store::links::Link;

/// How long a sign-in link works.
pub const SIGN_IN_LINK_S: i64 = 15 * 60;

/// Makes a sign-in link inside the caller's transaction.
pub(crate) async fn create(
    control: &Control,
    tx: &mut WriteTx,
    cx: &Cx,
    identity: IdentityId,
    mailed: bool,
    next: Option<String>,
) -> Result<Secret> {
    let secret = Secret::generate(Kind::SignInLink, control.ids());
    let link = Link {
        id: cx.new_id::<LinkId>(),
        identity_id: Some(identity),
        next,
        mailed,
        created_at: cx.now(),
        expires_at: cx.now().plus_s(SIGN_IN_LINK_S),
    };
    store::links::insert(tx, &link, secret.digest().as_bytes()).await?;
    Ok(secret)
}

/// Proves a mailbox. The first proof ends every session begun before it: whoever made the account without holding
/// the mailbox, say from a link that was copied, is out. Returns what ended, for the audit log; nothing at a later proof.
pub(crate) async fn prove_mailbox(tx: &mut WriteTx, cx: &Cx, identity: &Identity) -> Result<Option<Value>> {
    if !store::identities::verify(tx, identity.id, cx.now()).await? {
        return Ok(None);
    }
    // The account, its keys, its sessions, its devices: in the order in which whoever notes their use takes them.
    let (user, now) = (identity.user_id, cx.now());
    store::api_keys::hold(tx, user).await?;
    let api_keys = store::api_keys::revoke_all_of_user(tx, user, now).await?;
    let sessions = store::sessions::end_all(tx, user, None, now).await?;
    let devices = store::devices::revoke_all_of_user(tx, user, now).await?;
    Ok(Some(json!({ "sessions": sessions, "api_keys": api_keys, "devices": devices })))
}

impl Control {
    /// Whether a sign-in link still works, without using it: mail programs open links to look at them.
    pub async fn peek_sign_in_link(&self, open: &Open, link: &str) -> Result<Timestamp> {
        let digest = secret::parse(Kind::SignInLink, link).ok_or_else(link_is_over)?;
        let mut tx = self.store().read().await?;
        let found =
            store::links::peek(&mut tx, digest.as_bytes(), open.now()).await?.ok_or_else(link_is_over)?;
        Ok(found.expires_at)
    }

    /// Signs in by a link, once.
    pub async fn use_sign_in_link(&self, open: &Open, link: &str) -> Result<Begun> {
        let cx = open.cx();
        let digest = secret::parse(Kind::SignInLink, link).ok_or_else(link_is_over)?;
        let mut tx = self.store().write().await?;
        let found =
            store::links::consume(&mut tx, digest.as_bytes(), cx.now()).await?.ok_or_else(link_is_over)?;
        let identity_id = found.identity_id.ok_or_else(link_is_over)?;
        let identity = store::identities::by_id(&mut tx, identity_id).await?.ok_or_else(link_is_over)?;
        let user = store::users::by_id(&mut tx, identity.user_id).await?.ok_or_else(link_is_over)?;
        if user.deactivated_at.is_some() {
            return Err(link_is_over());
        }
        let ended = if found.mailed { prove_mailbox(&mut tx, cx, &identity).await? } else { None };
        let method = if found.mailed { "E-mail link" } else { "One-time link" };
        let (session, secret) =
            sessions::begin(self, &mut tx, cx, user.id, identity.id, method, cx.now()).await?;
        let event = Event::of(AuditAction::SessionCreated)
            .on("session", session.uuid(), user.name.as_str())
            .after(json!({ "method": method, "ended_by_first_proof": ended }));
        let actor =
            crate::Actor::User { user: user.id, name: user.name, session, authenticated_at: cx.now() };
        tx.commit(event.stamped(&cx.with_actor(actor), Scope::Person(user.id))).await?;
        let next = self.safe_next(found.next.as_deref()).await?;
        Ok(Begun { user: user.id, secret, next })
    }
}

fn link_is_over() -> Error {
    Error::gone("This sign-in link was already used or has run out. Ask for a new one.")
}
