//! Who is behind a token.
//!
//! One question per kind of token, joining everything it hangs on, so that a revocation or an expiry anywhere in the
//! chain holds at the next request on every replica. The token endpoint asks the same question before it hands a
//! token out.

use crate::Control;
use crate::activity::Touch;
use crate::cx::{Actor, ByKey, ClientVia, Origin};
use crate::error::Result;
use crate::secret::{self, Digest, Kind};
use crate::signing::jws;
use model::device::DevicePurpose;
use model::{Rights, Timestamp};
use store::ReadTx;
use store::api_keys::KeyOwner;

/// The kinds of secrets that speak for somebody as `Authorization: Bearer`, where ZenML's programs ask too. The command
/// line's is not among them: a program that took it there would show it to workspaces next.
pub const BEARERS: [Kind; 6] = [
    Kind::ApiKey,
    Kind::DeviceToken,
    Kind::KeyToken,
    Kind::WorkspaceToken,
    Kind::EntryToken,
    Kind::TrustToken,
];

/// How old "last used" may get before it is written again.
const NOTE_EVERY_MS: i64 = 60_000;

/// Somebody, and what of theirs was used.
pub(crate) struct Bearer {
    pub actor: Actor,
    /// `None` of what is not kept alive by its use.
    used: Option<Touch>,
    last_used_at: Option<Timestamp>,
}

/// The holder of a token of `kind`; `None` if anything it hangs on no longer holds.
pub(crate) async fn holder(
    control: &Control,
    tx: &mut ReadTx,
    kind: Kind,
    digest: Digest,
    now: Timestamp,
) -> Result<Option<Bearer>> {
    let digest = digest.as_bytes();
    Ok(match kind {
        Kind::ApiKey => store::api_keys::owner_by_digest(tx, digest, now).await?.map(|found| Bearer {
            actor: Actor::ApiKey { user: found.user_id, key: by_key(&found), name: found.user_name },
            used: Some(Touch::ApiKey(found.id)),
            last_used_at: found.last_used_at,
        }),
        Kind::DeviceToken => store::tokens::device_by_digest(tx, digest, DevicePurpose::Workspaces, now)
            .await?
            .map(|found| Bearer {
                actor: Actor::Client {
                    user: found.user_id,
                    name: found.user_name,
                    via: ClientVia::Device(found.id, found.via),
                },
                used: Some(Touch::Device(found.via)),
                last_used_at: found.last_used_at,
            }),
        Kind::CommandLineToken => {
            store::tokens::device_by_digest(tx, digest, DevicePurpose::Administering, now).await?.and_then(
                |found| {
                    Some(Bearer {
                        actor: Actor::CommandLine {
                            user: found.user_id,
                            name: found.user_name,
                            device: found.via,
                            authenticated_at: found.authenticated_at?,
                        },
                        used: Some(Touch::Device(found.via)),
                        last_used_at: found.last_used_at,
                    })
                },
            )
        }
        Kind::KeyToken => {
            store::tokens::exchanged_by_digest(tx, digest, now).await?.map(|(id, _, found)| Bearer {
                actor: Actor::Client {
                    user: found.user_id,
                    via: ClientVia::Exchanged(id, by_key(&found)),
                    name: found.user_name,
                },
                used: Some(Touch::ApiKey(found.id)),
                last_used_at: found.last_used_at,
            })
        }
        Kind::WorkspaceToken => {
            store::tokens::workspace_by_digest(tx, digest, now).await?.map(|found| Bearer {
                actor: Actor::Workspace {
                    workspace: found.workspace_id,
                    org: found.org_id,
                    name: found.name,
                    credential: found.credential_id,
                },
                used: Some(Touch::Credential(found.credential_id)),
                last_used_at: found.last_used_at,
            })
        }
        Kind::EntryToken => {
            let idle_since = control.idle_since(now);
            store::tokens::entry_by_digest(tx, digest, now, idle_since).await?.map(|found| Bearer {
                actor: Actor::Entrant {
                    user: found.user_id,
                    name: found.user_name,
                    workspace: found.workspace_id,
                    key: None,
                },
                // A session lives by what its person does in the browser, not by what a workspace asks.
                used: None,
                last_used_at: None,
            })
        }
        Kind::TrustToken => store::trust::owner_by_digest(tx, digest, now).await?.map(|found| Bearer {
            actor: Actor::Client {
                user: found.user_id,
                name: found.user_name,
                via: ClientVia::Trusted(found.id, found.rule_id),
            },
            used: Some(Touch::TrustRule(found.rule_id)),
            last_used_at: found.last_used_at,
        }),
        _ => None,
    })
}

/// A limit that this version does not understand allows nothing.
pub(crate) fn by_key(found: &KeyOwner) -> ByKey {
    let scopes = |text: &String| Rights::of(text.split_whitespace().filter_map(|name| name.parse().ok()));
    ByKey {
        id: found.id,
        scopes: found.scopes.as_ref().map(scopes),
        workspace: found.limited_to,
        for_machine: found.is_service_account,
    }
}

/// Notes that a key was used, unless that was done a moment ago.
pub(crate) fn note_use(control: &Control, key: &KeyOwner, now: Timestamp, origin: &Origin) {
    if is_old(key.last_used_at, now) {
        control.activity().note_from(Touch::ApiKey(key.id), now, origin);
        control.activity().note(Touch::User(key.user_id), now);
    }
}

fn is_old(last_used_at: Option<Timestamp>, now: Timestamp) -> bool {
    last_used_at.is_none_or(|at| now.since_ms(at) > NOTE_EVERY_MS)
}

impl Control {
    /// Who a bearer token speaks for; `None` if it does not hold, or is a secret for something else.
    /// Notes that it was used, and from where.
    pub async fn resolve_bearer(
        &self,
        token: &str,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<Option<Actor>> {
        if jws::looks_signed(token) {
            return self.resolve_signed(token, origin, now).await;
        }
        self.resolve_one_of(&BEARERS, token, origin, now).await
    }

    /// The same where Reeve's own command line asks, and no program of ZenML's.
    pub async fn resolve_bearer_of_functions(
        &self,
        token: &str,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<Option<Actor>> {
        match self.resolve_one_of(&[Kind::CommandLineToken], token, origin, now).await? {
            None => self.resolve_bearer(token, origin, now).await,
            found => Ok(found),
        }
    }

    async fn resolve_one_of(
        &self,
        kinds: &[Kind],
        token: &str,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<Option<Actor>> {
        let parsed = kinds.iter().find_map(|kind| secret::parse(*kind, token).map(|digest| (*kind, digest)));
        let Some((kind, digest)) = parsed else {
            return Ok(None);
        };
        let mut tx = self.store().read().await?;
        let Some(found) = holder(self, &mut tx, kind, digest, now).await? else {
            return Ok(None);
        };
        if let Some(used) = found.used.filter(|_| is_old(found.last_used_at, now)) {
            self.activity().note_from(used, now, origin);
            if let Actor::ApiKey { user, .. } | Actor::Client { user, .. } | Actor::CommandLine { user, .. } =
                &found.actor
            {
                self.activity().note(Touch::User(*user), now);
            }
        }
        Ok(Some(found.actor))
    }

    /// Who comes with a signed token: to the door of its workspace, and nowhere else.
    async fn resolve_signed(&self, token: &str, origin: &Origin, now: Timestamp) -> Result<Option<Actor>> {
        let Some(claims) = self.read_workspace_token(token, now).await? else { return Ok(None) };
        let mut tx = self.store().read().await?;
        let Some(owner) = claims.source(&mut tx, now).await? else { return Ok(None) };
        note_use(self, &owner, now, origin);
        Ok(Some(claims.entrant(&owner)))
    }
}
