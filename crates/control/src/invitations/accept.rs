//! What the invited person does: looks at the invitation, accepts or declines it.
//!
//! **Who may take an invitation.** Whoever presents the link holds a 256-bit secret that was given to one person. That
//! alone lets somebody new make an account, so it may also be taken by an account whose address is the invited one,
//! even if that address is only what a provider said: such an account gets nothing that a new one would not get.
//! Two limits make that safe. An account with another address is refused, because it is nearly always the wrong
//! browser profile, and a leaked link would otherwise join whoever clicks it under their own name. And where the
//! mailbox was proven by somebody, only that person is right: a provider that calls its user by the address of a
//! colleague does not make them that colleague.
//!
//! **What the link never does.** It never signs anybody in to an account that exists, never joins an address to such an
//! account, and the role, the organization and the address come from the invitation, not from the visitor.

use super::is_still_offered;
use crate::Control;
use crate::audit::Event;
use crate::authz::{Open, Snapshot};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::grants;
use crate::people::{self, NewPerson};
use crate::secret::{self, Kind};
use crate::{links, sessions};
use model::audit::AuditAction;
use model::grant::{Grant, Principal};
use model::invitation::{AcceptWay, InvitationState, InvitationView};
use model::text::{DisplayName, Email};
use model::{OrgId, Timestamp, UserId};
use serde_json::{Value, json};
use store::audit::{NewEntry, Scope};
use store::identities::{Identity, MAILBOX};
use store::invitations::Invitation;
use store::users::User;
use store::{ReadTx, WriteTx};

/// What came of accepting.
#[derive(Debug)]
pub struct Accepted {
    /// The organization joined.
    pub org: OrgId,
    /// A session that began: for a new account, and when the mailbox was proven.
    pub session: Option<secret::Secret>,
    /// Where to go now.
    pub next: String,
}

/// Who presents the link.
enum Visitor {
    /// Nobody is signed in, and nobody signs in with this mailbox.
    New,
    /// Nobody is signed in, and somebody signs in with this mailbox.
    Known,
    /// Signed in, and the invitation is for them; with their mailbox, if it is one of this address.
    Right(User, Option<Identity>),
    /// Signed in as somebody else.
    Wrong(User),
}

impl Control {
    /// What stands behind an invitation link, and how the visitor can take it.
    ///
    /// # Errors
    ///
    /// `gone` if there is no such link. One that was used, declined, revoked or ran out is described all the same.
    pub async fn invitation_view(&self, open: &Open, link: &str) -> Result<InvitationView> {
        let (row, _) = found(&mut self.store().read().await?, link).await?;
        let policy = self.policy(row.org_id).await?.ok_or_else(no_such_link)?;
        let mut tx = self.store().snapshot().await?;
        let org = store::orgs::by_id(&mut tx, row.org_id).await?.ok_or_else(no_such_link)?;
        let grants = store::invitations::waiting(&mut tx, &[row.id]).await?;
        let way = match visitor(&mut tx, open.cx(), &row).await? {
            Visitor::New => AcceptWay::NewAccount,
            Visitor::Known => AcceptWay::SignIn,
            Visitor::Right(user, _)
                if store::members::role(&mut tx, row.org_id, user.id).await?.is_some() =>
            {
                AcceptWay::AlreadyMember
            }
            Visitor::Right(user, _) => AcceptWay::SignedIn { name: user.name },
            Visitor::Wrong(user) => AcceptWay::OtherAccount { signed_in_as: user.email },
        };
        Ok(InvitationView {
            state: state(&mut tx, &policy, &row, open.now()).await?,
            org_name: org.display_name,
            email: row.email,
            role: row.role,
            grants: grants.into_iter().map(|(_, role)| role).collect(),
            invited_by: row.inviter,
            expires_at: row.expires_at,
            way,
        })
    }

    /// Takes an invitation: as the person who is signed in, or with a new account under `name`.
    ///
    /// # Errors
    ///
    /// `gone` if the link does not work (any more); `unauthenticated` if the person has an account and must sign in
    /// first; `forbidden` if another person is signed in; `conflict` if they are a member already; `invalid` with the
    /// field `name`.
    pub async fn accept_invitation(&self, open: &Open, link: &str, name: &str) -> Result<Accepted> {
        let cx = open.cx();
        let (row, _) = found(&mut self.store().read().await?, link).await?;
        // This locks the organization's row, so that what happens to the invitation or to the member at the same time is
        // seen whole, and a link that was replaced meanwhile is not found any more.
        let (mut tx, policy) = self.changing_from_outside(row.org_id).await?;
        let (row, mailed) = found(&mut tx, link).await?;
        refuse_closed(state(&mut tx, &policy, &row, cx.now()).await?)?;
        let taker = match visitor(&mut tx, cx, &row).await? {
            Visitor::New => self.join_as_new(&mut tx, cx, &row, name, mailed).await?,
            Visitor::Right(user, mailbox) => self.join_as_known(&mut tx, cx, user, mailbox, mailed).await?,
            Visitor::Known => return Err(Error::unauthenticated()),
            Visitor::Wrong(_) => return Err(wrong_account()),
        };
        if !store::invitations::accept(&mut tx, row.id, taker.user.id, cx.now()).await? {
            return Err(closed(InvitationState::Accepted));
        }
        if !store::members::insert(&mut tx, row.org_id, &taker.user, row.role, cx.now()).await? {
            return Err(Error::conflict("You are a member of this organization already."));
        }
        let waited =
            store::grants::of_principal(&mut tx, row.org_id, Principal::Invitation(row.id), cx.now()).await?;
        store::invitations::move_waiting(&mut tx, row.id, taker.user.id).await?;
        store::outbox::withdraw(&mut tx, row.id.uuid()).await?;
        let given: Vec<Grant> = waited.into_iter().map(grants::shown).collect();
        tx.commit_all(&taker.entries(&row, &given)).await?;
        Ok(Accepted {
            org: row.org_id,
            session: taker.session,
            next: format!("/organizations/{}", row.org_id),
        })
    }

    /// Turns an invitation down. Whoever holds the link may: it is for them.
    ///
    /// # Errors
    ///
    /// `gone` if the link does not work (any more).
    pub async fn decline_invitation(&self, open: &Open, link: &str) -> Result<()> {
        let mut tx = self.store().write().await?;
        let (row, _) = found(&mut tx, link).await?;
        store::orgs::lock(&mut tx, row.org_id).await?;
        let (row, _) = found(&mut tx, link).await?;
        refuse_closed(row.state(open.now()))?;
        if !store::invitations::decline(&mut tx, row.id, open.now()).await? {
            return Err(closed(InvitationState::Declined));
        }
        store::invitations::leave_teams(&mut tx, row.id).await?;
        store::outbox::withdraw(&mut tx, row.id.uuid()).await?;
        let event = Event::of(AuditAction::InvitationDeclined).on("invitation", row.id.uuid(), row.email);
        Ok(tx.commit(open.audit(Scope::Org(row.org_id), event)).await?)
    }

    async fn join_as_new(
        &self,
        tx: &mut WriteTx,
        cx: &Cx,
        row: &Invitation,
        name: &str,
        mailed: bool,
    ) -> Result<Taker> {
        let name = DisplayName::parse(name).map_err(|e| Error::invalid("name", e.0))?;
        let email = Email::parse(&row.email).map_err(|_| no_such_link())?;
        let person = NewPerson {
            name: &name,
            email: &email,
            issuer: MAILBOX,
            subject: &email.folded(),
            connection: None,
            verified: mailed,
        };
        // Of two acceptances at once, the second finds the mailbox taken.
        let (user, identity) =
            people::create(tx, cx, &person).await?.ok_or_else(|| closed(InvitationState::Accepted))?;
        let taker = self.signed_in(tx, cx, user, &identity).await?;
        Ok(Taker { is_new: true, ..taker })
    }

    async fn join_as_known(
        &self,
        tx: &mut WriteTx,
        cx: &Cx,
        user: User,
        mailbox: Option<Identity>,
        mailed: bool,
    ) -> Result<Taker> {
        match mailbox {
            // The mailed link proves the mailbox. The first proof ends the account's sessions, this one included, so
            // a new one begins here: this is the browser in which the proof was given.
            Some(identity) if mailed && identity.verified_at.is_none() && cx.session().is_some() => {
                let ended = links::prove_mailbox(tx, cx, &identity).await?;
                Ok(Taker { ended, ..self.signed_in(tx, cx, user, &identity).await? })
            }
            _ => Ok(Taker { user, session: None, cx: cx.clone(), is_new: false, ended: None }),
        }
    }

    async fn signed_in(&self, tx: &mut WriteTx, cx: &Cx, user: User, identity: &Identity) -> Result<Taker> {
        let (id, secret) =
            sessions::begin(self, tx, cx, user.id, identity.id, "Invitation", cx.now()).await?;
        let cx = cx.with_actor(Actor::User {
            user: user.id,
            name: user.name.clone(),
            session: id,
            authenticated_at: cx.now(),
        });
        Ok(Taker { user, session: Some(secret), cx, is_new: false, ended: None })
    }
}

/// Who takes the invitation, and how they act from now on.
struct Taker {
    user: User,
    session: Option<secret::Secret>,
    cx: Cx,
    is_new: bool,
    /// What ended because the link proved the mailbox for the first time.
    ended: Option<Value>,
}

impl Taker {
    fn entries(&self, row: &Invitation, given: &[Grant]) -> Vec<NewEntry> {
        let (user, scope) = (&self.user, Scope::Org(row.org_id));
        let mut events = Vec::new();
        if self.is_new {
            let event = Event::of(AuditAction::UserCreated).on("user", user.id.uuid(), user.name.as_str());
            events.push(event.after(json!({ "username": user.username, "by": "invitation" })));
        }
        if let (Some(_), Some(session)) = (&self.session, self.cx.session()) {
            let event =
                Event::of(AuditAction::SessionCreated).on("session", session.uuid(), user.name.as_str());
            events.push(event.after(json!({ "method": "Invitation", "ended_by_first_proof": self.ended })));
        }
        let accepted = Event::of(AuditAction::InvitationAccepted);
        events.push(accepted.on("invitation", row.id.uuid(), row.email.as_str()));
        let joined = Event::of(AuditAction::MemberJoined).on("user", user.id.uuid(), user.name.as_str());
        events.push(joined.after(json!({
            "role": row.role, "username": user.username, "roles": grants::listed(given),
        })));
        events.into_iter().map(|event| event.stamped(&self.cx, scope)).collect()
    }
}

async fn found(tx: &mut ReadTx, link: &str) -> Result<(Invitation, bool)> {
    let digest = secret::parse(Kind::InvitationLink, link).ok_or_else(no_such_link)?;
    store::invitations::by_secret(tx, digest.as_bytes()).await?.ok_or_else(no_such_link)
}

/// Where an invitation stands for whoever it is for. One that its sender may not offer any more is as good as taken back.
async fn state(
    tx: &mut ReadTx,
    policy: &Snapshot,
    row: &Invitation,
    now: Timestamp,
) -> Result<InvitationState> {
    Ok(match row.state(now) {
        InvitationState::Open if !is_still_offered(tx, policy, row, now).await? => InvitationState::Revoked,
        state => state,
    })
}

async fn visitor(tx: &mut ReadTx, cx: &Cx, row: &Invitation) -> Result<Visitor> {
    let mailbox = store::identities::by_pair(tx, MAILBOX, &row.email_folded).await?;
    // Joining an organization is not for tokens that workspaces see: to the link, their holder is not signed in.
    let signed_in = cx.user().filter(|_| !cx.actor().is_some_and(Actor::is_seen_by_workspaces));
    let Some(user) = person(tx, signed_in).await? else {
        return Ok(if mailbox.is_some() { Visitor::Known } else { Visitor::New });
    };
    Ok(match mailbox {
        Some(identity) if identity.user_id == user.id => Visitor::Right(user, Some(identity)),
        Some(identity) if identity.verified_at.is_some() => Visitor::Wrong(user),
        _ if user.email.eq_ignore_ascii_case(&row.email_folded) => Visitor::Right(user, None),
        _ => Visitor::Wrong(user),
    })
}

async fn person(tx: &mut ReadTx, id: Option<UserId>) -> Result<Option<User>> {
    match id {
        Some(id) => Ok(store::users::by_id(tx, id).await?),
        None => Ok(None),
    }
}

fn refuse_closed(state: InvitationState) -> Result<()> {
    if state == InvitationState::Open { Ok(()) } else { Err(closed(state)) }
}

fn closed(state: InvitationState) -> Error {
    Error::gone(match state {
        InvitationState::Open | InvitationState::Accepted => {
            "This invitation was already used. If that was you, sign in."
        }
        InvitationState::Declined => "This invitation was declined. Ask for a new one if that was a mistake.",
        InvitationState::Revoked => "This invitation was taken back. Ask whoever invited you.",
        InvitationState::Expired => "This invitation has run out. Ask whoever invited you to send it again.",
    })
}

fn wrong_account() -> Error {
    Error::forbidden(
        "This invitation is for another address than the one you are signed in with. Sign out, then open the link again.",
    )
}

fn no_such_link() -> Error {
    Error::gone(
        "This invitation link does not work. It may be incomplete, or a newer one has taken its place: look for the latest mail.",
    )
}
