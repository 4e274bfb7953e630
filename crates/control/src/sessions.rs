//! Browser sessions: begun at sign-in with a new secret, ended by their owner, by age or by idleness.

use crate::Control;
use crate::activity::Touch;
use crate::audit::Event;
use crate::authz::{Authorized, SelfManage};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::secret::{self, Kind, Secret};
use model::audit::AuditAction;
use model::{IdentityId, SessionId, Timestamp, UserId};
use serde_json::json;
use store::WriteTx;

/// A session that has just begun.
#[derive(Debug)]
pub struct Begun {
    /// Whose it is.
    pub user: UserId,
    /// For the cookie.
    pub secret: Secret,
    /// Where to go now.
    pub next: String,
}

/// Begins a session inside the transaction that proved who the person is. The caller commits with
/// [`AuditAction::SessionCreated`].
pub(crate) async fn begin(
    control: &Control,
    tx: &mut WriteTx,
    cx: &Cx,
    user: UserId,
    identity: IdentityId,
    method: &str,
) -> Result<(SessionId, Secret)> {
    let secret = Secret::generate(Kind::Session, control.ids());
    let session = store::sessions::Session {
        id: cx.new_id(),
        user_id: user,
        identity_id: identity,
        method: method.to_owned(),
        ip: cx.origin().ip.map(|ip| ip.to_string()),
        user_agent: cx.origin().user_agent.clone(),
        created_at: cx.now(),
        last_seen_at: cx.now(),
        expires_at: cx.now().plus_s(control.settings().session_absolute_s),
        ended_at: None,
    };
    // Signing in again in the same browser replaces the session there: its old secret must not outlive this moment.
    if let Some(Actor::User { user: before, session: old, .. }) = cx.actor() {
        store::sessions::end(tx, *before, *old, cx.now()).await?;
    }
    store::sessions::insert(tx, &session, secret.digest().as_bytes()).await?;
    store::identities::touch(tx, identity, cx.now()).await?;
    store::users::touch(tx, user, cx.now()).await?;
    Ok((session.id, secret))
}

impl Control {
    fn idle_since(&self, now: Timestamp) -> Timestamp {
        now.plus_s(-self.settings().session_idle_s)
    }

    /// The person behind a session cookie; `None` if it does not hold. Notes that they were here.
    pub async fn resolve_session(&self, cookie: &str, now: Timestamp) -> Result<Option<Actor>> {
        let Some(digest) = secret::parse(Kind::Session, cookie) else {
            return Ok(None);
        };
        let mut tx = self.store().read().await?;
        let found = store::sessions::resolve(&mut tx, digest.as_bytes(), now, self.idle_since(now)).await?;
        Ok(found.map(|session| {
            if now.since_ms(session.last_seen_at) > 60_000 {
                self.activity().note(Touch::Session(session.id), now);
                self.activity().note(Touch::User(session.user_id), now);
            }
            Actor::User { user: session.user_id, name: session.name, session: session.id }
        }))
    }

    /// The instant "now" for resolving credentials before a context exists.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// One's own living sessions, newest first.
    pub async fn sessions(&self, auth: &Authorized<SelfManage>) -> Result<Vec<model::session::Session>> {
        let mut tx = self.store().read().await?;
        let idle = self.idle_since(auth.now());
        let rows = store::sessions::of_user(&mut tx, auth.scope(), auth.now(), idle).await?;
        let current = auth.cx().session();
        Ok(rows
            .into_iter()
            .map(|s| model::session::Session {
                id: s.id,
                method: s.method,
                ip: s.ip,
                agent: describe_agent(s.user_agent.as_deref()),
                created_at: s.created_at,
                last_seen_at: s.last_seen_at,
                expires_at: s.expires_at,
                current: Some(s.id) == current,
            })
            .collect())
    }

    /// Ends one of one's own sessions; also how one signs out.
    pub async fn end_session(&self, auth: &Authorized<SelfManage>, id: SessionId) -> Result<()> {
        let mut tx = self.store().write().await?;
        if !store::sessions::end(&mut tx, auth.scope(), id, auth.now()).await? {
            return Err(Error::not_found());
        }
        let event = Event::of(AuditAction::SessionEnded).on("session", id.uuid(), "one session");
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// Ends all of one's own sessions but the one asking; returns how many.
    pub async fn end_other_sessions(&self, auth: &Authorized<SelfManage>) -> Result<u64> {
        let mut tx = self.store().write().await?;
        let n = store::sessions::end_all(&mut tx, auth.scope(), auth.cx().session(), auth.now()).await?;
        let event = Event::of(AuditAction::SessionEnded)
            .on("user", auth.scope().uuid(), "all other sessions")
            .after(json!({ "ended": n }));
        tx.commit(auth.audit(event)).await?;
        Ok(n)
    }
}

/// Browser and system in a few words.
fn describe_agent(user_agent: Option<&str>) -> String {
    let Some(text) = user_agent else {
        return "Unknown browser".to_owned();
    };
    let first = |pairs: &[(&str, &'static str)], other| {
        pairs.iter().find(|(mark, _)| text.contains(mark)).map_or(other, |(_, name)| *name)
    };
    // Order matters: Edge also says Chrome, and Chrome also says Safari.
    let browser = first(
        &[
            ("Edg/", "Edge"),
            ("OPR/", "Opera"),
            ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
        ],
        "Another browser",
    );
    let system = first(
        &[
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Windows", "Windows"),
            ("Mac OS X", "macOS"),
            ("Linux", "Linux"),
        ],
        "an unknown system",
    );
    format!("{browser} on {system}")
}
