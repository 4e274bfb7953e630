//! Personal access tokens, and the one function that issues short ones.

use crate::audit::Event;
use crate::authz::{Authorized, Open, ProjectCreate, SelfManage};
use crate::bearer;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::secret::{self, Kind, Secret};
use crate::throttle::Limit;
use crate::{Control, devices};
use model::audit::AuditAction;
use model::text::DisplayName;
use model::token::{Token, TokenSecret};
use model::{DeviceId, Timestamp, TokenId, WorkspaceId};
use serde_json::json;
use std::collections::BTreeMap;
use store::WriteTx;
use store::audit::Scope;
use store::tokens::Source;
use uuid::Uuid;

/// Living personal access tokens a person may have.
pub const TOKENS_PER_PERSON: i64 = 50;

const DAY_S: i64 = 24 * 3600;
/// Furthest end of a token that has one.
const LONGEST_S: i64 = 3650 * DAY_S;
/// Life of a token of a device that is trusted, and of one that is not.
const TRUSTED_DEVICE_S: i64 = 30 * DAY_S;
const DEVICE_S: i64 = DAY_S;
/// Life of a token made from a personal access token.
const EXCHANGED_S: i64 = 3600;
/// Life of a workspace's token. Its server signs in again five minutes before the end, and before every single call
/// if there are never more than five.
const WORKSPACE_S: i64 = 3600;
/// Life of a token for one entry: long enough for a slow workspace, of no use a moment later.
const ENTRY_S: i64 = 60;

/// Refusals of one address that are written down; the rest of a flood costs a look-up each and no row.
const REFUSALS_NOTED: Limit = Limit { name: "token_refusals_noted", hits: 30, window_s: 600 };

/// How long a new personal access token holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    Days(i64),
    Until(Timestamp),
    Endless,
}

/// A personal access token to be made, parsed.
#[derive(Clone, Debug)]
pub struct NewToken {
    name: DisplayName,
    life: Life,
}

impl NewToken {
    /// Parses what a person typed. `expiry` is `30`, `90` or `365` days, `never`, or `date` with the last day on
    /// which the token shall work, in UTC, as `date`.
    pub fn parse(name: &str, expiry: &str, date: &str) -> Result<Self> {
        let mut wrong = BTreeMap::new();
        let name = DisplayName::parse(name).map_err(|e| wrong.insert("name", e.0.to_owned()));
        let life = match expiry.trim() {
            "30" => Some(Life::Days(30)),
            "90" => Some(Life::Days(90)),
            "365" => Some(Life::Days(365)),
            "never" => Some(Life::Endless),
            "date" => {
                let day = Timestamp::parse(date).filter(|_| date.trim().len() == 10);
                if day.is_none() {
                    wrong.insert("date", "Enter a date such as 2027-01-31.".to_owned());
                }
                // The named day is the last one that counts.
                day.map(|day| Life::Until(day.plus_s(DAY_S)))
            }
            _ => {
                wrong.insert("expiry", "Choose how long the token holds.".to_owned());
                None
            }
        };
        Error::invalid_fields(wrong)?;
        let (Ok(name), Some(life)) = (name, life) else {
            return Err(Error::internal("a field was wrong and was not named"));
        };
        Ok(Self { name, life })
    }
}

/// What is presented to the token endpoint.
#[derive(Clone, Copy, Debug)]
pub enum Grant<'a> {
    /// A polling device (RFC 8628 §3.4).
    DeviceCode {
        /// The installation of the command line that asked.
        client_id: Uuid,
        /// The code it polls with.
        device_code: &'a str,
    },
    /// A personal access token, to be exchanged for a short one.
    PersonalToken {
        /// The token.
        key: &'a str,
    },
    /// A workspace's server (RFC 6749 §4.4).
    Workspace {
        /// Which workspace it says it is.
        workspace: WorkspaceId,
        /// Its enrollment key.
        key: &'a str,
    },
}

/// A short token in clear.
#[derive(Debug)]
pub struct Issued {
    /// The token.
    pub secret: Secret,
    /// How long it holds, in seconds.
    pub expires_in_s: i64,
    /// The device it is for.
    pub device: Option<DeviceId>,
    /// The workspace that was chosen for the device.
    pub workspace: Option<WorkspaceId>,
}

/// Why the token endpoint issued nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody decided about the device yet.
    Pending,
    /// The device polls faster than it was told.
    SlowDown,
    /// Somebody refused the device, or took the approval back.
    Denied,
    /// The device code ran out.
    Expired,
    /// No such device code, or one of another client, or one that was used.
    UnknownCode,
    /// No such personal access token, or it or its owner's account does not hold.
    UnknownKey,
    /// No such pair of workspace and enrollment key, or one of them does not hold.
    UnknownWorkspace,
}

impl Refusal {
    /// The error code of RFC 6749 §5.2 and RFC 8628 §3.5.
    pub const fn oauth_code(self) -> &'static str {
        match self {
            Self::Pending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::Denied => "access_denied",
            Self::Expired => "expired_token",
            Self::UnknownCode | Self::UnknownKey => "invalid_grant",
            Self::UnknownWorkspace => "invalid_client",
        }
    }

    /// For people.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Pending => "Waiting for somebody to approve the device in the browser.",
            Self::SlowDown => "Wait longer between two requests.",
            Self::Denied => "The request was denied.",
            Self::Expired => "The code ran out before it was approved and used. Start the login again.",
            Self::UnknownCode => "This device code is not valid or was used already. Start the login again.",
            Self::UnknownKey => "This API key is not valid, has run out, or was revoked.",
            Self::UnknownWorkspace => {
                "Workspace and enrollment key do not belong together, or are no longer valid."
            }
        }
    }
}

impl Control {
    /// Makes a personal access token. Only in a browser: a token that makes tokens would outlive its own revocation.
    pub async fn create_token(&self, auth: &Authorized<SelfManage>, new: &NewToken) -> Result<TokenSecret> {
        in_browser(auth.cx())?;
        let now = auth.now();
        let expires_at = match new.life {
            Life::Endless => None,
            Life::Days(days) => Some(now.plus_s(days * DAY_S)),
            Life::Until(end) if end <= now => {
                return Err(Error::invalid("date", "Choose a day that is not over."));
            }
            Life::Until(end) if end > now.plus_s(LONGEST_S) => {
                return Err(Error::invalid("date", "Choose a day within ten years, or no end."));
            }
            Life::Until(end) => Some(end),
        };
        let mut tx = self.store().write().await?;
        if store::tokens::count_living(&mut tx, auth.scope(), now).await? >= TOKENS_PER_PERSON {
            return Err(Error::conflict(format!(
                "You have {TOKENS_PER_PERSON} tokens, the most one person may have. Revoke one that you do not use."
            )));
        }
        let secret = Secret::generate(Kind::PersonalToken, self.ids());
        let row = store::tokens::NewToken {
            id: auth.cx().new_id(),
            user: auth.scope(),
            name: new.name.as_str(),
            hint: &secret.hint(),
            created_at: now,
            expires_at,
        };
        store::tokens::insert(&mut tx, &row, secret.digest().as_bytes()).await?;
        let event = Event::of(AuditAction::TokenCreated)
            .on("token", row.id.uuid(), row.name)
            .after(json!({ "expires_at": expires_at.map(Timestamp::to_rfc3339) }));
        tx.commit(auth.audit(event)).await?;
        Ok(TokenSecret {
            id: row.id,
            name: new.name.to_string(),
            secret: secret.expose().to_owned(),
            expires_at,
        })
    }

    /// One's own personal access tokens, newest first, the dead ones too.
    pub async fn tokens(&self, auth: &Authorized<SelfManage>) -> Result<Vec<Token>> {
        let mut tx = self.store().read().await?;
        Ok(store::tokens::of_user(&mut tx, auth.scope(), auth.now()).await?)
    }

    /// Revokes one of one's own personal access tokens, and with it the short tokens made from it.
    pub async fn revoke_token(&self, auth: &Authorized<SelfManage>, id: TokenId) -> Result<()> {
        let mut tx = self.store().write().await?;
        let name = store::tokens::revoke(&mut tx, auth.scope(), id, auth.now())
            .await?
            .ok_or_else(Error::not_found)?;
        let event = Event::of(AuditAction::TokenRevoked).on("token", id.uuid(), name);
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// The token endpoint: everything that is given out for programs is given out here.
    pub async fn token(&self, open: &Open, grant: Grant<'_>) -> Result<std::result::Result<Issued, Refusal>> {
        match grant {
            Grant::DeviceCode { client_id, device_code } => {
                self.redeem_device(open.cx(), client_id, device_code).await
            }
            Grant::PersonalToken { key } => self.exchange(open.cx(), key).await,
            Grant::Workspace { workspace, key } => self.admit_server(open.cx(), workspace, key).await,
        }
    }

    async fn exchange(&self, cx: &Cx, key: &str) -> Result<std::result::Result<Issued, Refusal>> {
        let found = match secret::parse(Kind::PersonalToken, key) {
            Some(digest) => {
                let mut tx = self.store().read().await?;
                store::tokens::personal_by_digest(&mut tx, digest.as_bytes(), cx.now()).await?
            }
            None => None,
        };
        let Some(owner) = found else {
            return self.refuse(cx, Scope::Installation, Refusal::UnknownKey).await;
        };
        let mut tx = self.store().write().await?;
        let source = Source::Personal(owner.user_id, owner.id);
        let Some(made) = self.issue(&mut tx, cx, source, EXCHANGED_S).await? else {
            drop(tx);
            return self.refuse(cx, Scope::Person(owner.user_id), Refusal::UnknownKey).await;
        };
        store::tokens::touch(&mut tx, owner.id, cx.now()).await?;
        let event = Event::of(AuditAction::TokenIssued)
            .on("token", owner.id.uuid(), owner.token_name)
            .after(json!({ "grant": "personal_access_token", "expires_in_s": EXCHANGED_S }));
        tx.commit(event.stamped(&cx.with_actor(made.actor), Scope::Person(owner.user_id))).await?;
        Ok(Ok(Issued { secret: made.secret, expires_in_s: EXCHANGED_S, device: None, workspace: None }))
    }

    async fn admit_server(
        &self,
        cx: &Cx,
        workspace: WorkspaceId,
        key: &str,
    ) -> Result<std::result::Result<Issued, Refusal>> {
        let mut tx = self.store().read().await?;
        let found = match secret::parse(Kind::EnrollmentKey, key) {
            Some(digest) => {
                store::workspaces::credential_by_digest(&mut tx, digest.as_bytes(), cx.now()).await?
            }
            None => None,
        };
        let known = store::workspaces::by_id(&mut tx, workspace).await?;
        drop(tx);
        // Whose log it belongs to: that of the workspace somebody claims to be, if there is one.
        let scope = known.map_or(Scope::Installation, |place| Scope::Org(place.org_id));
        let Some(owner) = found.filter(|owner| owner.workspace_id == workspace) else {
            return self.refuse(cx, scope, Refusal::UnknownWorkspace).await;
        };
        let mut tx = self.store().write().await?;
        let source = Source::Credential(workspace, owner.credential_id);
        let Some(made) = self.issue(&mut tx, cx, source, WORKSPACE_S).await? else {
            drop(tx);
            return self.refuse(cx, scope, Refusal::UnknownWorkspace).await;
        };
        store::workspaces::touch_credential(&mut tx, owner.credential_id, cx.now()).await?;
        let event = Event::of(AuditAction::TokenIssued)
            .on("workspace", workspace.uuid(), owner.name)
            .after(json!({ "grant": "enrollment_key", "expires_in_s": WORKSPACE_S }));
        tx.commit(event.stamped(&cx.with_actor(made.actor), scope)).await?;
        Ok(Ok(Issued { secret: made.secret, expires_in_s: WORKSPACE_S, device: None, workspace: None }))
    }

    async fn redeem_device(
        &self,
        cx: &Cx,
        client_id: Uuid,
        device_code: &str,
    ) -> Result<std::result::Result<Issued, Refusal>> {
        let Some(digest) = secret::parse(Kind::DeviceCode, device_code) else {
            return self.refuse(cx, Scope::Installation, Refusal::UnknownCode).await;
        };
        let mut tx = self.store().write().await?;
        let held = store::devices::hold_by_device_code(&mut tx, digest.as_bytes()).await?;
        let Some(device) = held.filter(|device| device.client_id == client_id) else {
            drop(tx);
            return self.refuse(cx, Scope::Installation, Refusal::UnknownCode).await;
        };
        let scope = device.user_id.map_or(Scope::Installation, Scope::Person);
        let user = match devices::standing(&device, cx.now()) {
            Ok(user) => user,
            Err(refusal @ (Refusal::Pending | Refusal::SlowDown)) => {
                let slower = if refusal == Refusal::SlowDown { devices::SLOWER_S } else { 0 };
                let interval = (device.poll_interval_s + slower).min(devices::SLOWEST_S);
                store::devices::note_poll(&mut tx, device.id, cx.now(), interval).await?;
                tx.commit_unaudited("waiting changes nothing").await?;
                return Ok(Err(refusal));
            }
            Err(refusal) => {
                drop(tx);
                return self.refuse(cx, scope, refusal).await;
            }
        };
        let life_s = if device.trusted { TRUSTED_DEVICE_S } else { DEVICE_S };
        let Some(made) = self.issue(&mut tx, cx, Source::Device(user, device.id), life_s).await? else {
            drop(tx);
            return self.refuse(cx, scope, Refusal::Denied).await;
        };
        store::devices::redeem(&mut tx, device.id, cx.now().plus_s(life_s), cx.now()).await?;
        let event = Event::of(AuditAction::TokenIssued)
            .on("device", device.id.uuid(), device.hostname)
            .after(json!({ "grant": "device_code", "expires_in_s": life_s, "trusted": device.trusted }));
        tx.commit(event.stamped(&cx.with_actor(made.actor), scope)).await?;
        Ok(Ok(Issued {
            secret: made.secret,
            expires_in_s: life_s,
            device: Some(device.id),
            workspace: device.workspace_id,
        }))
    }

    /// Makes a short token inside the caller's transaction. `None`, and nothing may be committed, if it would not be
    /// accepted right now: what decides is the question every use of it asks, so that no grant can skip a check.
    async fn issue(&self, tx: &mut WriteTx, cx: &Cx, source: Source, life_s: i64) -> Result<Option<Made>> {
        let kind = match source {
            Source::Device(..) => Kind::DeviceToken,
            Source::Personal(..) => Kind::KeyToken,
            Source::Credential(..) => Kind::WorkspaceToken,
            Source::Session(..) => Kind::EntryToken,
        };
        let secret = Secret::generate(kind, self.ids());
        let digest = secret.digest();
        let expires_at = cx.now().plus_s(life_s);
        store::tokens::insert_access(tx, cx.new_id(), digest.as_bytes(), source, cx.now(), expires_at)
            .await?;
        let holder = bearer::holder(tx, kind, digest, cx.now()).await?;
        Ok(holder.map(|bearer| Made { secret, actor: bearer.actor }))
    }

    /// A token with which the browser session of `auth` enters that one workspace, for the minute that takes.
    ///
    /// # Errors
    ///
    /// `forbidden` for a program: it has a token of its own to enter with.
    pub(crate) async fn entry_token(
        &self,
        auth: &Authorized<ProjectCreate>,
        workspace: &str,
    ) -> Result<Secret> {
        in_browser(auth.cx())?;
        let (Some(user), Some(session)) = (auth.user(), auth.cx().session()) else {
            return Err(Error::unauthenticated());
        };
        let mut tx = self.store().write().await?;
        let source = Source::Session(user, session, auth.scope());
        let made =
            self.issue(&mut tx, auth.cx(), source, ENTRY_S).await?.ok_or_else(Error::unauthenticated)?;
        let event = Event::of(AuditAction::TokenIssued)
            .on("workspace", auth.scope().uuid(), workspace)
            .after(json!({ "grant": "session", "expires_in_s": ENTRY_S }));
        tx.commit(auth.audit(event)).await?;
        Ok(made.secret)
    }

    async fn refuse(
        &self,
        cx: &Cx,
        scope: Scope,
        refusal: Refusal,
    ) -> Result<std::result::Result<Issued, Refusal>> {
        let from = cx.origin().ip.map_or_else(|| "unknown".to_owned(), |ip| ip.to_string());
        let flood = self.throttled(REFUSALS_NOTED, &from, cx.now()).await?
            || self.throttle(REFUSALS_NOTED, &from, cx.now()).await.is_err();
        if !flood {
            let event = Event::refused(AuditAction::TokenRefused, refusal.message());
            let tx = self.store().write().await?;
            tx.commit(event.stamped(cx, scope)).await?;
        }
        Ok(Err(refusal))
    }
}

/// A short token that would be accepted.
struct Made {
    secret: Secret,
    actor: Actor,
}

/// For what must not be done by a program: a stolen token must not be able to make itself a longer life.
pub(crate) fn in_browser(cx: &Cx) -> Result<()> {
    if cx.session().is_some() {
        return Ok(());
    }
    Err(Error::forbidden("This is done in the dashboard, signed in with a browser."))
}
