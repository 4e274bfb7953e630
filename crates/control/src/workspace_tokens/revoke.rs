//! A token is given back before its end (RFC 7009). Holding it is all it takes: whoever has it could do worse.

use crate::audit::Event;
use crate::bearer;
use crate::cx::Actor;
use crate::error::Result;
use crate::secret::{self, Kind};
use crate::signing::jws;
use crate::{Control, Open};
use model::audit::AuditAction;
use serde_json::json;
use store::audit::Scope;
use uuid::Uuid;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// It is worth nothing from now on. Perhaps it never was.
    Done,
    /// It is no token of the token endpoint, but what those are made from.
    NoToken,
}

/// What the token endpoint gives out and keeps a digest of.
const KEPT: [Kind; 6] = [
    Kind::DeviceToken,
    Kind::CommandLineToken,
    Kind::KeyToken,
    Kind::WorkspaceToken,
    Kind::EntryToken,
    Kind::TrustToken,
];

impl Control {
    /// Ends a token, and what was made from it, for the next request on every replica.
    pub async fn revoke_token(&self, open: &Open, token: &str) -> Result<Revoked> {
        if jws::looks_signed(token) {
            self.revoke_signed(open, token).await?;
            return Ok(Revoked::Done);
        }
        let parsed =
            KEPT.into_iter().find_map(|kind| secret::parse(kind, token).map(|digest| (kind, digest)));
        let Some((kind, digest)) = parsed else {
            let known = secret::kind_of(token).filter(|kind| !KEPT.contains(kind));
            return Ok(known.map_or(Revoked::Done, |_| Revoked::NoToken));
        };
        // Whoever sends what is no token keeps nobody from writing.
        let mut tx = self.store().read().await?;
        if !store::tokens::is_there(&mut tx, digest.as_bytes()).await? {
            return Ok(Revoked::Done);
        }
        drop(tx);
        let mut tx = self.store().write().await?;
        let holder = bearer::holder(self, &mut tx, kind, digest, open.now()).await?;
        // One that does not hold any more may hold again when its account is switched on.
        let deleted = store::tokens::delete_by_digest(&mut tx, digest.as_bytes()).await?;
        if deleted {
            let event = Event::of(AuditAction::TokenRevoked).after(json!({ "token": word(kind) }));
            let (cx, scope) = match holder {
                Some(found) => (open.cx().with_actor(found.actor.clone()), found.actor.log()),
                None => (open.cx().clone(), Scope::Installation),
            };
            tx.commit(event.stamped(&cx, scope)).await?;
        }
        Ok(Revoked::Done)
    }

    async fn revoke_signed(&self, open: &Open, token: &str) -> Result<()> {
        let now = open.now();
        let Some(claims) = self.read_workspace_token(token, now).await? else { return Ok(()) };
        let mut tx = self.store().write().await?;
        let ends_at = model::Timestamp::from_millis(claims.exp.saturating_mul(1000));
        if !store::tokens::revoke_signed(&mut tx, claims.jti, ends_at).await? {
            return Ok(());
        }
        let account = store::users::by_id(&mut tx, claims.sub).await?;
        let name = account.map(|account| account.name).unwrap_or_default();
        let actor = Actor::Entrant { user: claims.sub, name, workspace: claims.aud, key: None };
        let workspace: Uuid = claims.aud.uuid();
        let name = store::workspaces::by_id(&mut tx, claims.aud).await?.map(|place| place.name);
        let event = Event::of(AuditAction::TokenRevoked)
            .on("workspace", workspace, name.unwrap_or_default())
            .after(json!({ "token": "workspace access" }));
        Ok(tx.commit(event.stamped(&open.cx().with_actor(actor), Scope::Person(claims.sub))).await?)
    }
}

/// For people.
const fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::DeviceToken => "device",
        Kind::CommandLineToken => "command line",
        Kind::KeyToken => "exchanged",
        Kind::WorkspaceToken => "workspace server",
        Kind::TrustToken => "exchanged for an outside one",
        _ => "entry",
    }
}
