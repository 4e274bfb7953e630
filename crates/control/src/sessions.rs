//! Browser sessions: begun at sign-in with a new secret, ended by their owner, by age or by idleness.

use crate::Control;
use crate::activity::Touch;
use crate::audit::Event;
use crate::authz::{Authorized, SelfManage};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::secret::{self, Kind, Secret};
use crate::whereabouts;
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

/// Begins a session inside the transaction that proved who the person is, which they did at `authenticated_at`. The caller
/// commits with [`AuditAction::SessionCreated`].
pub(crate) async fn begin(
    control: &Control,
    tx: &mut WriteTx,
    cx: &Cx,
    user: UserId,
    identity: IdentityId,
    method: &str,
    authenticated_at: Timestamp,
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
        authenticated_at,
        last_seen_at: cx.now(),
        expires_at: cx.now().plus_s(control.settings().session_absolute_s),
        ended_at: None,
    };
    // The account before its sessions, as where all of a person's end: two such transactions never wait for each other.
    store::users::touch(tx, user, cx.now()).await?;
    store::sessions::insert(tx, &session, secret.digest().as_bytes()).await?;
    // Signing in again in the same browser replaces the session there, which is also how the same person confirms who
    // they are: the old secret must not outlive this moment.
    match cx.actor() {
        Some(Actor::User { user: same, session: old, .. }) if *same == user => {
            store::sessions::replace(tx, user, *old, session.id, cx.now()).await?;
        }
        Some(Actor::User { user: other, session: old, .. }) => {
            store::sessions::end(tx, *other, *old, cx.now()).await?;
        }
        _ => {}
    }
    store::identities::touch(tx, identity, cx.now()).await?;
    Ok((session.id, secret))
}

impl Control {
    pub(crate) fn idle_since(&self, now: Timestamp) -> Timestamp {
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
            Actor::User {
                user: session.user_id,
                name: session.name,
                session: session.id,
                authenticated_at: session.authenticated_at,
            }
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
        Ok(rows.into_iter().map(|row| shown(row, current)).collect())
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

/// A session as people see it; `current` is the one they ask by.
pub(crate) fn shown(row: store::sessions::Session, current: Option<SessionId>) -> model::session::Session {
    model::session::Session {
        id: row.id,
        method: row.method,
        place: whereabouts::place(row.ip.as_deref()),
        agent: whereabouts::browser(row.user_agent.as_deref()),
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        expires_at: row.expires_at,
        current: Some(row.id) == current,
    }
}
