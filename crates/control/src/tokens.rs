//! The token endpoint, and the one function that issues short tokens.

use crate::activity::Touch;
use crate::api_keys::in_browser;
use crate::audit::Event;
use crate::authz::{Authorized, Open, ProjectCreate};
use crate::bearer;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::openid::CodeGrant;
use crate::secret::{self, Kind, Secret};
use crate::throttle::Limit;
use crate::workspace_tokens::Wanted;
use crate::{Control, devices};
use model::audit::AuditAction;
use model::device::DevicePurpose;
use model::{AccessTokenId, DeviceId, ErrorCode, ServiceAccountId, WorkspaceId};
use serde_json::json;
use store::WriteTx;
use store::audit::Scope;
use store::tokens::Source;
use store::workspaces::CredentialOwner;
use uuid::Uuid;

const DAY_S: i64 = 24 * 3600;
/// Life of a token of a device that is trusted, and of one that is not.
const TRUSTED_DEVICE_S: i64 = 30 * DAY_S;
const DEVICE_S: i64 = DAY_S;
/// Life of a token of the command line: a day's work. It lies in a file, and looks at everything its person may; so it is
/// gone by the next morning, whoever copied it.
const COMMAND_LINE_S: i64 = DAY_S / 2;
/// Life of a token made from an API key.
const EXCHANGED_S: i64 = 3600;
/// Life of a workspace's token. Its server signs in again five minutes before the end, and before every single call
/// if there are never more than five.
const WORKSPACE_S: i64 = 3600;
/// Life of a token for one entry: long enough for a slow workspace, of no use a moment later.
const ENTRY_S: i64 = 60;

/// Refusals of one address that are written down; the rest of a flood costs a look-up each and no row.
const REFUSALS_NOTED: Limit = Limit { name: "token_refusals_noted", hits: 30, window_s: 600 };

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
    /// An API key, to be exchanged for a short one.
    ApiKey {
        /// The token.
        key: &'a str,
    },
    /// An API key, or a short token made from it, for a token for one workspace (RFC 8693).
    ForWorkspace(Wanted<'a>),
    /// A workspace's server (RFC 6749 §4.4).
    Workspace {
        /// Which workspace it says it is.
        workspace: WorkspaceId,
        /// Its enrollment key.
        key: &'a str,
    },
    /// A code with which somebody came back to a workspace (RFC 6749 §4.1.3).
    Code(CodeGrant<'a>),
    /// A token of an outside issuer (RFC 8693), to be exchanged for a short one of a service account.
    Outside {
        /// The token.
        token: &'a str,
        /// For which account. Without it there must be no doubt.
        account: Option<ServiceAccountId>,
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
    /// Names of permissions it is limited to, of a token for a workspace.
    pub scope: Option<String>,
    /// Who signed in, for the workspace they signed in to (`OpenID` Connect Core 1.0 §2).
    pub id_token: Option<Secret>,
}

impl Issued {
    /// A token and its life, and nothing else to say of it.
    pub(crate) const fn new(secret: Secret, expires_in_s: i64) -> Self {
        Self { secret, expires_in_s, device: None, workspace: None, scope: None, id_token: None }
    }
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
    /// No such authorization code, or one that is over, was used, or belongs to something else.
    UnknownAuthorizationCode,
    /// No such API key, or it or its owner's account does not hold.
    UnknownKey,
    /// No such pair of workspace and enrollment key, or one of them does not hold.
    UnknownWorkspace,
    /// The workspace that a token is wanted for is not there, is switched off, or the key's account may not enter it.
    NotThere,
    /// A scope that is asked for is no permission.
    UnknownScope,
    /// More scopes than fit into a token.
    TooManyScopes,
    /// The key allows none of the scopes that are asked for.
    NoScope,
    /// No trust rule takes this outside token.
    Untrusted,
    /// Which service account an outside token is for is in doubt.
    AccountNotNamed,
    /// This outside token was exchanged before.
    UsedBefore,
    /// The issuer of an outside token does not answer.
    IssuerSilent,
}

impl Refusal {
    /// The error code of RFC 6749 §5.2 and RFC 8628 §3.5.
    pub const fn oauth_code(self) -> &'static str {
        match self {
            Self::Pending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::Denied => "access_denied",
            Self::Expired => "expired_token",
            Self::UnknownCode | Self::UnknownAuthorizationCode | Self::UnknownKey => "invalid_grant",
            Self::UnknownWorkspace => "invalid_client",
            Self::NotThere => "invalid_target",
            Self::UnknownScope | Self::TooManyScopes | Self::NoScope => "invalid_scope",
            // RFC 8693 §2.2.2: a subject token that is not taken, for whatever reason.
            Self::Untrusted | Self::AccountNotNamed | Self::UsedBefore => "invalid_request",
            Self::IssuerSilent => "temporarily_unavailable",
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
            Self::UnknownAuthorizationCode => {
                "This code is not valid, has run out, was used before, or belongs to another request. Sign in again."
            }
            Self::UnknownKey => "This API key is not valid, has run out, or was revoked.",
            Self::NotThere => "There is no such workspace, or this key does not let anybody into it.",
            Self::UnknownScope => "A scope is not one of the permissions there are.",
            Self::TooManyScopes => "These are more scopes than a token holds. Ask for fewer.",
            Self::NoScope => "The key allows none of these scopes.",
            Self::UnknownWorkspace => {
                "Workspace and enrollment key do not belong together, or are no longer valid."
            }
            Self::Untrusted => {
                "No trust rule takes this token. The page of the service account says why, if its issuer is known there."
            }
            Self::AccountNotNamed => {
                "This token could be meant for several service accounts: name one, by its id as client_id."
            }
            Self::UsedBefore => {
                "This token was exchanged before, and counts once. Ask its issuer for a new one."
            }
            Self::IssuerSilent => "The issuer of this token does not answer. Try again.",
        }
    }
}

impl Control {
    /// The token endpoint: everything that is given out for programs is given out here.
    pub async fn token(&self, open: &Open, grant: Grant<'_>) -> Result<std::result::Result<Issued, Refusal>> {
        match grant {
            Grant::DeviceCode { client_id, device_code } => {
                self.redeem_device(open.cx(), client_id, device_code).await
            }
            Grant::ApiKey { key } => self.exchange(open.cx(), key).await,
            Grant::ForWorkspace(wanted) => self.issue_for_workspace(open.cx(), wanted).await,
            Grant::Workspace { workspace, key } => self.admit_server(open.cx(), workspace, key).await,
            Grant::Code(shown) => self.exchange_code(open.cx(), shown).await,
            Grant::Outside { token, account } => self.exchange_outside(open.cx(), token, account).await,
        }
    }

    async fn exchange(&self, cx: &Cx, key: &str) -> Result<std::result::Result<Issued, Refusal>> {
        let found = match secret::parse(Kind::ApiKey, key) {
            Some(digest) => {
                let mut tx = self.store().read().await?;
                store::api_keys::owner_by_digest(&mut tx, digest.as_bytes(), cx.now()).await?
            }
            None => None,
        };
        let Some(owner) = found else {
            return self.refuse(cx, Scope::Installation, Refusal::UnknownKey).await;
        };
        let mut tx = self.store().write().await?;
        let source = Source::ApiKey(owner.user_id, owner.id, owner.generation);
        let Some(made) = self.issue(&mut tx, cx, source, EXCHANGED_S).await? else {
            drop(tx);
            return self.refuse(cx, Scope::Person(owner.user_id), Refusal::UnknownKey).await;
        };
        let ip = cx.origin().ip.map(|ip| ip.to_string());
        let agent = cx.origin().user_agent.as_deref();
        store::api_keys::touch(&mut tx, owner.id, cx.now(), ip.as_deref(), agent).await?;
        let event = Event::of(AuditAction::TokenIssued)
            .on("api_key", owner.id.uuid(), owner.key_name)
            .after(json!({ "grant": "api_key", "expires_in_s": EXCHANGED_S }));
        tx.commit(event.stamped(&cx.with_actor(made.actor), Scope::Person(owner.user_id))).await?;
        Ok(Ok(Issued::new(made.secret, EXCHANGED_S)))
    }

    /// The enrollment key of a workspace, if it holds. If not, whose log that belongs to: of the workspace that somebody
    /// claims to be, if there is one.
    pub(crate) async fn server_by_key(
        &self,
        cx: &Cx,
        workspace: WorkspaceId,
        key: &str,
    ) -> Result<std::result::Result<CredentialOwner, Scope>> {
        let mut tx = self.store().read().await?;
        let found = match secret::parse(Kind::EnrollmentKey, key) {
            Some(digest) => {
                store::workspaces::credential_by_digest(&mut tx, digest.as_bytes(), cx.now()).await?
            }
            None => None,
        };
        if let Some(owner) = found.filter(|owner| owner.workspace_id == workspace) {
            self.activity().note(Touch::Credential(owner.credential_id), cx.now());
            return Ok(Ok(owner));
        }
        let claimed = store::workspaces::by_id(&mut tx, workspace).await?;
        Ok(Err(claimed.map_or(Scope::Installation, |place| Scope::Org(place.org_id))))
    }

    async fn admit_server(
        &self,
        cx: &Cx,
        workspace: WorkspaceId,
        key: &str,
    ) -> Result<std::result::Result<Issued, Refusal>> {
        let owner = match self.server_by_key(cx, workspace, key).await? {
            Ok(owner) => owner,
            Err(scope) => return self.refuse(cx, scope, Refusal::UnknownWorkspace).await,
        };
        let scope = Scope::Org(owner.org_id);
        let mut tx = self.store().write().await?;
        let source = Source::Credential(workspace, owner.credential_id);
        let Some(made) = self.issue(&mut tx, cx, source, WORKSPACE_S).await? else {
            drop(tx);
            return self.refuse(cx, scope, Refusal::UnknownWorkspace).await;
        };
        let event = Event::of(AuditAction::TokenIssued)
            .on("workspace", workspace.uuid(), owner.name)
            .after(json!({ "grant": "enrollment_key", "expires_in_s": WORKSPACE_S }));
        tx.commit(event.stamped(&cx.with_actor(made.actor), scope)).await?;
        Ok(Ok(Issued::new(made.secret, WORKSPACE_S)))
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
        let (source, life_s) = match device.purpose {
            DevicePurpose::Administering => (Source::CommandLine(user, device.id), COMMAND_LINE_S),
            DevicePurpose::Workspaces if device.trusted => {
                (Source::Device(user, device.id), TRUSTED_DEVICE_S)
            }
            DevicePurpose::Workspaces => (Source::Device(user, device.id), DEVICE_S),
        };
        let Some(made) = self.issue(&mut tx, cx, source, life_s).await? else {
            drop(tx);
            return self.refuse(cx, scope, Refusal::Denied).await;
        };
        store::devices::redeem(&mut tx, device.id, cx.now().plus_s(life_s), cx.now()).await?;
        let event = Event::of(AuditAction::TokenIssued)
            .on("device", device.id.uuid(), device.hostname)
            .after(
                json!({ "grant": "device_code", "purpose": device.purpose, "expires_in_s": life_s, "trusted": device.trusted }),
            );
        tx.commit(event.stamped(&cx.with_actor(made.actor), scope)).await?;
        Ok(Ok(Issued {
            device: Some(device.id),
            workspace: device.workspace_id,
            ..Issued::new(made.secret, life_s)
        }))
    }

    /// Makes a short token inside the caller's transaction. `None`, and nothing may be committed, if it would not be
    /// accepted right now: what decides is the question every use of it asks, so that no grant can skip a check.
    pub(crate) async fn issue(
        &self,
        tx: &mut WriteTx,
        cx: &Cx,
        source: Source,
        life_s: i64,
    ) -> Result<Option<Made>> {
        let kind = match source {
            Source::Device(..) => Kind::DeviceToken,
            Source::CommandLine(..) => Kind::CommandLineToken,
            Source::ApiKey(..) => Kind::KeyToken,
            Source::Credential(..) => Kind::WorkspaceToken,
            Source::Session(..) => Kind::EntryToken,
            Source::Trust(..) => Kind::TrustToken,
        };
        let secret = Secret::generate(kind, self.ids());
        let digest = secret.digest();
        let expires_at = cx.now().plus_s(life_s);
        let id = cx.new_id();
        store::tokens::insert_access(tx, id, digest.as_bytes(), source, cx.now(), expires_at).await?;
        let holder = bearer::holder(self, tx, kind, digest, cx.now()).await?;
        Ok(holder.map(|bearer| Made { id, secret, actor: bearer.actor }))
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

    /// Writes a refusal down, unless there are too many.
    pub(crate) async fn refuse<T>(
        &self,
        cx: &Cx,
        scope: Scope,
        refusal: Refusal,
    ) -> Result<std::result::Result<T, Refusal>> {
        if !self.is_flood(cx).await? {
            let event = Event::refused(AuditAction::TokenRefused, refusal.message());
            let tx = self.store().write().await?;
            tx.commit(event.stamped(cx, scope)).await?;
        }
        Ok(Err(refusal))
    }

    async fn is_flood(&self, cx: &Cx) -> Result<bool> {
        let from = cx.origin().network();
        if self.throttled(REFUSALS_NOTED, &from, cx.now()).await? {
            return Ok(true);
        }
        match self.throttle(REFUSALS_NOTED, &from, cx.now()).await {
            Ok(()) => Ok(false),
            Err(error) if error.code() == ErrorCode::RateLimited => Ok(true),
            Err(error) => Err(error),
        }
    }
}

/// A short token that would be accepted.
pub(crate) struct Made {
    pub(crate) id: AccessTokenId,
    pub(crate) secret: Secret,
    pub(crate) actor: Actor,
}
