//! Sign-in through an OpenID provider: authorization code with PKCE S256, `state`, `nonce` and a cookie that ties the
//! attempt to one browser.
//!
//! *Invariant: a person is `(issuer, subject)`. An e-mail address from a provider is contact data and finds nobody.*
//!
//! *Invariant: the provider is called with no transaction open; the attempt is used up before, the session begins
//! after.*

mod address;
mod discovery;
mod fetch;
mod issuers;
mod outside;
mod token;

pub(crate) use address::{Reach, allowed};
pub(crate) use discovery::{Discovery, DiscoveryError, Providers};
pub(crate) use fetch::{FetchError, Http};
pub(crate) use issuers::Issuers;
pub(crate) use outside::{Outside, Unusable};

use crate::audit::Event;
use crate::authz::Open;
use crate::people::{self, NewPerson};
use crate::seal::{CannotOpen, Place};
use crate::secret::{self, Kind, Secret};
use crate::sessions::{self, Begun};
use crate::throttle::Limit;
use crate::{Control, Error};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::audit::AuditAction;
use model::text::{DisplayName, Email};
use model::{AttemptId, ConnectionId, ErrorCode, SignInProblem};
use secrecy::SecretString;
use serde_json::json;
use store::audit::Scope;
use store::connections::Connection;
use store::identities::Identity;
use store::sealed::Column;
use store::users::User;
use token::{AttemptSecrets, Claims, Client};

/// How long a sign-in may take.
pub const ATTEMPT_S: i64 = 10 * 60;

// Generous: a whole company may share one address.
const BEGIN: Limit = Limit { name: "sign-in begin by ip", hits: 300, window_s: 15 * 60 };
const FINISH: Limit = Limit { name: "sign-in finish by ip", hits: 300, window_s: 15 * 60 };

/// A sign-in that has begun.
#[derive(Debug)]
pub struct Started {
    /// Where to send the browser.
    pub url: String,
    /// For the browser's cookie.
    pub browser: Secret,
}

/// What the provider sent the browser back with. Nothing of it is trusted.
#[derive(Clone, Debug, Default)]
pub struct Callback {
    /// `state`.
    pub state: Option<String>,
    /// `code`.
    pub code: Option<String>,
    /// `error`.
    pub error: Option<String>,
    /// `iss` (RFC 9207).
    pub iss: Option<String>,
}

/// Why there is no sign-in.
#[derive(Debug)]
pub enum SignInError {
    /// Refused: it is in the audit log, and the person is told this much.
    Refused(SignInProblem),
    /// It could not be decided.
    Failed(Error),
}

impl From<Error> for SignInError {
    fn from(error: Error) -> Self {
        match error.code() {
            ErrorCode::RateLimited => Self::Refused(SignInProblem::TooMany),
            _ => Self::Failed(error),
        }
    }
}

impl From<store::Error> for SignInError {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// A refusal, with the reason for the log. The reason never holds anything a provider or a browser sent.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    problem: SignInProblem,
    reason: String,
}

impl Refusal {
    fn new(problem: SignInProblem, reason: impl Into<String>) -> Self {
        Self { problem, reason: reason.into() }
    }
    fn invalid(reason: impl Into<String>) -> Self {
        Self::new(SignInProblem::ProviderAnswerInvalid, reason)
    }
}

/// Inside, a sign-in stops by a refusal or by a failure.
enum Stop {
    Refused(Refusal),
    Failed(Error),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<store::Error> for Stop {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<CannotOpen> for Stop {
    fn from(error: CannotOpen) -> Self {
        Self::Failed(error.into())
    }
}

fn is_outage(error: &FetchError) -> bool {
    match error {
        FetchError::Unreachable(_) | FetchError::TooSlow => true,
        FetchError::Status(status) => *status >= 500,
        FetchError::Address(_) | FetchError::TooLarge | FetchError::Request(_) => false,
    }
}

fn outage_or_invalid(error: DiscoveryError) -> Refusal {
    let problem = if error.is_outage() {
        SignInProblem::ProviderUnreachable
    } else {
        SignInProblem::ProviderAnswerInvalid
    };
    Refusal::new(problem, error.to_string())
}

impl Control {
    /// What to register at a provider.
    pub fn redirect_uri(&self) -> String {
        self.settings().public_url.join("/api/auth/callback")
    }

    /// Begins a sign-in: the browser goes to `url`, and keeps the cookie until it is back.
    pub async fn begin_sign_in(
        &self,
        open: &Open,
        connection: ConnectionId,
        next: Option<&str>,
    ) -> Result<Started, SignInError> {
        let cx = open.cx();
        self.throttle(BEGIN, &ip(open), cx.now()).await?;
        let found = {
            let mut tx = self.store().read().await?;
            store::connections::by_id(&mut tx, connection).await?
        };
        match self.try_begin(open, found.as_ref(), next).await {
            Ok(started) => Ok(started),
            Err(stop) => Err(self.stopped(open, found.as_ref(), stop).await),
        }
    }

    async fn try_begin(
        &self,
        open: &Open,
        connection: Option<&Connection>,
        next: Option<&str>,
    ) -> Result<Started, Stop> {
        let cx = open.cx();
        let connection = connection.filter(|c| c.enabled).ok_or_else(switched_off)?;
        let next = self.safe_next(next).await?;
        let provider =
            self.providers().discover(&connection.issuer, cx.now()).await.map_err(outage_or_invalid)?;
        let state = Secret::generate(Kind::State, self.ids());
        let browser = Secret::generate(Kind::SignInBrowser, self.ids());
        let random = || URL_SAFE_NO_PAD.encode(self.ids().bytes::<32>());
        // Whoever is signed in confirms who they are; a provider that lets them pass by an earlier sign-in confirms nothing.
        let again = cx.session().is_some();
        let secrets = AttemptSecrets { nonce: random(), verifier: random(), again };
        let url =
            token::authorization_url(&self.client(connection).await?, &provider, state.expose(), &secrets)?;
        let id = cx.new_id::<AttemptId>();
        let (state_sha256, browser_sha256) = (state.digest(), browser.digest());
        let clear = zeroize::Zeroizing::new(serde_json::to_vec(&secrets).map_err(Error::internal)?);
        let mut tx = self.store().write().await?;
        let sealed = self.seal(&mut tx, place(id), &clear).await?;
        let attempt = store::attempts::NewAttempt {
            id,
            connection: connection.id,
            state_sha256: state_sha256.as_bytes(),
            browser_sha256: browser_sha256.as_bytes(),
            secrets_sealed: &sealed,
            next: &next,
            created_at: cx.now(),
            expires_at: cx.now().plus_s(ATTEMPT_S),
        };
        store::attempts::insert(&mut tx, &attempt).await?;
        tx.commit_unaudited("how the attempt ends is audited").await?;
        Ok(Started { url, browser })
    }

    /// Ends a sign-in with what the provider sent back, and begins a session.
    pub async fn finish_sign_in(
        &self,
        open: &Open,
        callback: &Callback,
        browser: Option<&str>,
    ) -> Result<Begun, SignInError> {
        self.throttle(FINISH, &ip(open), open.now()).await?;
        let mut connection = None;
        match self.try_finish(open, callback, browser, &mut connection).await {
            Ok(begun) => Ok(begun),
            Err(stop) => Err(self.stopped(open, connection.as_ref(), stop).await),
        }
    }

    /// `through` is filled in as soon as it is known, so that a refusal lands in the right log.
    async fn try_finish(
        &self,
        open: &Open,
        callback: &Callback,
        browser: Option<&str>,
        through: &mut Option<Connection>,
    ) -> Result<Begun, Stop> {
        let cx = open.cx();
        let state = callback.state.as_deref().and_then(|state| secret::parse(Kind::State, state));
        let state = state.ok_or_else(|| expired("the state is none of ours"))?;
        let cookie = browser.and_then(|cookie| secret::parse(Kind::SignInBrowser, cookie));
        let cookie = cookie.as_ref().map_or(&[][..], |digest| digest.as_bytes());

        let mut tx = self.store().write().await?;
        let attempt = store::attempts::consume(&mut tx, state.as_bytes(), cookie, cx.now()).await?;
        let attempt = attempt.ok_or_else(|| expired("the attempt has run out or was used already"))?;
        *through = store::connections::by_id(&mut tx, attempt.connection_id).await?;
        let opened = self.try_unseal(&mut tx, place(attempt.id), &attempt.secrets_sealed).await?;
        tx.commit_unaudited("how the attempt ends is audited").await?;

        if !attempt.same_browser {
            return Err(
                Refusal::new(SignInProblem::WrongBrowser, "another browser began this attempt").into()
            );
        }
        let connection = through.as_ref().filter(|c| c.enabled).ok_or_else(switched_off)?;
        let provider =
            self.providers().discover(&connection.issuer, cx.now()).await.map_err(outage_or_invalid)?;
        // Before anything the answer says is believed: is it from the provider that was asked?
        match callback.iss.as_deref() {
            Some(iss) if iss != connection.issuer => {
                return Err(Refusal::invalid("the answer came from another provider (iss)").into());
            }
            None if provider.authorization_response_iss_parameter_supported => {
                return Err(
                    Refusal::invalid("the answer does not say which provider it is from (iss)").into()
                );
            }
            _ => {}
        }
        if let Some(error) = callback.error.as_deref() {
            return Err(declined(error).into());
        }
        let code = callback.code.clone().filter(|code| !code.is_empty());
        let code = code.ok_or_else(|| Refusal::invalid("the answer holds no code"))?;
        let secrets: AttemptSecrets = serde_json::from_slice(&opened?).map_err(Error::internal)?;

        let client = self.client(connection).await?;
        let (now, begun, again) = (cx.now(), attempt.created_at, secrets.again);
        let mut checked =
            token::redeem(self.providers(), &provider, &client, code, secrets, now, begun).await?;
        if again {
            checked.claims.refuse_earlier(begun)?;
        }
        let known = {
            let mut tx = self.store().read().await?;
            store::identities::by_pair(&mut tx, &connection.issuer, &checked.claims.subject).await?
        };
        if known.is_none() {
            checked.claims.complete(self.providers(), &provider, &checked.access_token).await?;
        }
        self.enter(open, connection, &checked.claims, &attempt.next).await
    }

    /// Finds the person or makes their account, and begins a session.
    async fn enter(
        &self,
        open: &Open,
        connection: &Connection,
        claims: &Claims,
        next: &str,
    ) -> Result<Begun, Stop> {
        let cx = open.cx();
        let mut tx = self.store().write().await?;
        let known = store::identities::by_pair(&mut tx, &connection.issuer, &claims.subject).await?;
        let (user, identity, is_new) = if let Some(identity) = known {
            let user = store::users::by_id(&mut tx, identity.user_id).await?.ok_or_else(closed)?;
            (user, identity, false)
        } else {
            let (user, identity) = self.provision(&mut tx, open, connection, claims).await?;
            (user, identity, true)
        };
        if user.deactivated_at.is_some() {
            return Err(closed().into());
        }
        store::connections::note_identity(&mut tx, identity.id, connection.id).await?;
        // A provider that says since when the person is signed in there is believed, as long as it is not the future.
        let authenticated_at = claims.authenticated_at.map_or(cx.now(), |at| at.min(cx.now()));
        let (session, secret) =
            sessions::begin(self, &mut tx, cx, user.id, identity.id, &connection.label, authenticated_at)
                .await?;
        let actor = crate::Actor::User { user: user.id, name: user.name.clone(), session, authenticated_at };
        let cx = cx.with_actor(actor);
        let scope = connection.org_id.map_or(Scope::Person(user.id), Scope::Org);
        let mut entries = Vec::new();
        if is_new {
            let event = Event::of(AuditAction::UserCreated)
                .on("user", user.id.uuid(), user.name.as_str())
                .after(json!({ "username": user.username, "through": connection.label }));
            entries.push(event.stamped(&cx, scope));
        }
        let event = Event::of(AuditAction::SessionCreated)
            .on("session", session.uuid(), user.name.as_str())
            .after(json!({ "method": connection.label }));
        entries.push(event.stamped(&cx, scope));
        tx.commit_all(&entries).await?;
        // Asked again: a workspace may have gone while the person was at the provider.
        let next = self.safe_next(Some(next)).await?;
        Ok(Begun { user: user.id, secret, next })
    }

    async fn provision(
        &self,
        tx: &mut store::WriteTx,
        open: &Open,
        connection: &Connection,
        claims: &Claims,
    ) -> Result<(User, Identity), Stop> {
        let named = contact(claims);
        let (email, name) = named.ok_or_else(|| {
            Refusal::new(SignInProblem::NoEmail, "the provider names no usable e-mail address")
        })?;
        let person = NewPerson {
            name: &name,
            email: &email,
            issuer: &connection.issuer,
            subject: &claims.subject,
            connection: Some(connection.id),
            verified: true,
        };
        // Two first sign-ins at once: the second finds the pair taken, and works when it is tried again.
        people::create(tx, open.cx(), &person)
            .await?
            .ok_or_else(|| Error::conflict("This account was made a moment ago. Sign in again.").into())
    }

    /// Writes a refusal down; nothing else was done.
    async fn stopped(&self, open: &Open, connection: Option<&Connection>, stop: Stop) -> SignInError {
        let refusal = match stop {
            Stop::Refused(refusal) => refusal,
            Stop::Failed(error) => return error.into(),
        };
        let cx = open.cx();
        tracing::warn!(
            request.id = cx.origin().request_id,
            connection.id = connection.map(|c| c.id.to_string()),
            "Sign-in refused ({}): {}",
            refusal.problem,
            refusal.reason
        );
        let scope = connection.and_then(|c| c.org_id).map_or(Scope::Installation, Scope::Org);
        let mut event = Event::refused(AuditAction::SignInRefused, &refusal.reason)
            .after(json!({ "reason": refusal.reason, "code": refusal.problem }));
        if let Some(connection) = connection {
            event = event.on("connection", connection.id.uuid(), connection.label.as_str());
        }
        match self.write_down(open.audit(scope, event)).await {
            Ok(()) => SignInError::Refused(refusal.problem),
            Err(error) => SignInError::Failed(error),
        }
    }

    async fn write_down(&self, entry: store::audit::NewEntry) -> crate::Result<()> {
        let tx = self.store().write().await?;
        Ok(tx.commit(entry).await?)
    }

    async fn client<'a>(&self, connection: &'a Connection) -> crate::Result<Client<'a>> {
        Ok(Client {
            issuer: &connection.issuer,
            id: &connection.client_id,
            secret: self.open_client_secret(connection).await?,
            redirect_uri: self.redirect_uri(),
        })
    }

    async fn open_client_secret(&self, connection: &Connection) -> crate::Result<Option<SecretString>> {
        let Some(sealed) = &connection.client_secret_sealed else {
            return Ok(None);
        };
        let place = crate::connections::place(connection.id);
        let clear = self.unseal(&mut self.store().read().await?, place, sealed).await?;
        Ok(Some(std::str::from_utf8(&clear).map_err(Error::internal)?.into()))
    }
}

/// The address of a new person and what they are called: the first claim that can be a name, else the address.
fn contact(claims: &Claims) -> Option<(Email, DisplayName)> {
    let email = Email::parse(claims.email.as_deref()?).ok()?;
    let name = {
        let fallbacks = [email.as_str(), email.local(), "Member"];
        let mut names = claims.names.iter().map(String::as_str).chain(fallbacks);
        names.find_map(|name| DisplayName::parse(name).ok())?
    };
    Some((email, name))
}

fn place(id: AttemptId) -> Place {
    Place { column: Column::AttemptSecrets, row: id.uuid() }
}

fn ip(open: &Open) -> String {
    open.cx().origin().network()
}

fn expired(reason: &'static str) -> Refusal {
    Refusal::new(SignInProblem::AttemptExpired, reason)
}

fn switched_off() -> Refusal {
    Refusal::new(SignInProblem::ConnectionDisabled, "the connection is switched off or gone")
}

fn closed() -> Refusal {
    Refusal::new(SignInProblem::AccountClosed, "the account is closed")
}

/// What the provider's own refusal means (RFC 6749 §4.1.2.1). Its text is not repeated.
fn declined(error: &str) -> Refusal {
    match error {
        "access_denied"
        | "login_required"
        | "consent_required"
        | "interaction_required"
        | "account_selection_required" => {
            Refusal::new(SignInProblem::AccessDenied, "the person or the provider declined")
        }
        "server_error" | "temporarily_unavailable" => {
            Refusal::new(SignInProblem::ProviderUnreachable, "the provider says that it cannot answer now")
        }
        _ => Refusal::invalid("the provider refused the request: client id or redirect URI may be wrong"),
    }
}
