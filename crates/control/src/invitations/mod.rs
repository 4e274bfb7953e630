//! Invitations into an organization: made, sent again, taken back, listed. What the invited person does is in
//! `accept.rs`.
//!
//! An invitation has two links. The mailed one proves the mailbox to whoever opens it. The one an administrator copies
//! proves nothing but that they handed it on, so an account made with it has an unproven mailbox.

mod accept;

pub use accept::Accepted;

use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, InOrg, InvitationManage, InvitationPrepare, InvitationRead, Right, Snapshot};
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::grants::{self, Giver};
use crate::members::search_text;
use crate::outbox::{queue_mail, texts};
use crate::secret::{Kind, Secret};
use crate::teams;
use crate::throttle::Limit;
use model::audit::AuditAction;
use model::grant::{NewGrant, Place, Principal};
use model::invitation::{
    Invitation, InvitationChoices, InvitationQuery, InvitationSecret, InvitationState, Invited, InvitedRole,
    MailState,
};
use model::page::{PAGE_SIZE, Page};
use model::text::Email;
use model::{InvitationId, OrgId, OrgRole, Permission, Rights, RoleRef, Timestamp, UserId, WorkspaceId};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use store::audit::NewEntry;
use store::invitations::{Invitation as Row, Link, NewInvitation};
use store::{ReadTx, WriteTx};

/// How long an invitation works.
pub const INVITATION_S: i64 = 7 * 24 * 3600;
/// Addresses that can be invited at once.
pub const AT_ONCE: usize = 100;
/// Workspace roles that can wait on one invitation.
const GRANTS_AT_MOST: usize = 100;
/// The first link for an address, and ten more: nobody is mailed without end by a stuck script or an angry colleague.
const LINKS: Limit = Limit { name: "invitation.links", hits: 11, window_s: 3600 };

/// Whom to invite as what, parsed.
#[derive(Clone, Debug)]
pub struct NewInvitations {
    emails: Vec<Email>,
    role: OrgRole,
    grants: BTreeMap<WorkspaceId, RoleRef>,
}

impl NewInvitations {
    /// Parses what a person typed: addresses divided by commas, semicolons, spaces or line breaks. An address that
    /// stands there twice is invited once.
    pub fn parse(emails: &str, role: OrgRole, grants: &[(WorkspaceId, RoleRef)]) -> Result<Self> {
        let mut list: Vec<Email> = Vec::new();
        let mut wrong = Vec::new();
        for text in emails.split([',', ';', '\n', '\r', '\t', ' ']).filter(|text| !text.is_empty()) {
            match Email::parse(text) {
                Ok(email) if list.iter().any(|other| other.folded() == email.folded()) => {}
                Ok(email) => list.push(email),
                Err(_) => wrong.push(quoted(text)),
            }
            if list.len() > AT_ONCE {
                return Err(Error::invalid("emails", format!("Invite at most {AT_ONCE} addresses at once.")));
            }
        }
        match wrong.as_slice() {
            [] if list.is_empty() => return Err(Error::invalid("emails", "Enter an e-mail address.")),
            [] => {}
            [one] => return Err(Error::invalid("emails", format!("{one} is not an e-mail address."))),
            many => {
                return Err(Error::invalid(
                    "emails",
                    format!("These are not e-mail addresses: {}.", listed(many)),
                ));
            }
        }
        if grants.len() > GRANTS_AT_MOST {
            return Err(Error::invalid("grants", format!("Give at most {GRANTS_AT_MOST} workspace roles.")));
        }
        Ok(Self { emails: list, role, grants: grants.iter().copied().collect() })
    }
}

/// The two secrets of an invitation.
struct Secrets {
    mailed: Option<Secret>,
    copied: Secret,
}

impl Control {
    /// Invites all the addresses, or none of them.
    ///
    /// # Errors
    ///
    /// `invalid` with the field `emails` naming those who are members or are invited already, or the field `grants`
    /// if a workspace is not one of this organization; `rate_limited` after eleven links for one of the addresses within an
    /// hour.
    pub async fn invite(&self, auth: &Authorized<InvitationManage>, new: &NewInvitations) -> Result<Invited> {
        let (org, cx) = (auth.scope(), auth.cx());
        let inviter = auth.user().ok_or_else(Error::unauthenticated)?;
        for email in &new.emails {
            self.count_links(org, &email.folded(), cx.now()).await?;
        }
        let (mut tx, policy) = self.changing(auth).await?;
        let offered = policy.role(new.role.into()).ok_or_else(Error::not_found)?;
        let giver = Giver::of(cx)?;
        grants::no_more_than_held(&policy, giver, Place::Org(org), offered, cx.now())?;
        grants::no_longer_than_held(&policy, giver, Place::Org(org), offered, None)?;
        if new.grants.keys().any(|workspace| !policy.has_workspace(*workspace)) {
            return Err(Error::invalid(
                "grants",
                "One of the workspaces is not in this organization any more.",
            ));
        }
        let mut made = Invited { invitations: Vec::new() };
        let (mut members, mut invited, mut entries) = (Vec::new(), Vec::new(), Vec::new());
        for email in &new.emails {
            if store::members::has_address(&mut tx, org, &email.folded()).await? {
                members.push(quoted(email.as_str()));
                continue;
            }
            let id = cx.new_id::<InvitationId>();
            let secrets = self.new_secrets();
            let expires_at = cx.now().plus_s(INVITATION_S);
            let digests = secrets.digests();
            let row = NewInvitation {
                id,
                org,
                email: email.as_str(),
                email_folded: &email.folded(),
                role: new.role,
                invited_by: inviter,
                link: digests.link(cx.now(), expires_at),
            };
            if !store::invitations::insert(&mut tx, &row).await? {
                invited.push(quoted(email.as_str()));
                continue;
            }
            let mut given = Vec::with_capacity(new.grants.len());
            for (workspace, role) in &new.grants {
                let grant = NewGrant { principal: Principal::Invitation(id), role: *role, until: None };
                let place = Place::Workspace(*workspace);
                given.push(grants::give(&mut tx, &policy, place, &grant, cx).await?);
            }
            made.invitations
                .push(self.hand_over(&mut tx, cx, org, id, email, new.role, secrets, expires_at).await?);
            let event = Event::of(AuditAction::InvitationCreated)
                .on("invitation", id.uuid(), email.as_str())
                .after(json!({ "role": new.role, "workspaces": grants::listed(&given) }));
            entries.push(auth.audit(event));
        }
        refuse_known(&members, &invited)?;
        tx.commit_all(&entries).await?;
        Ok(made)
    }

    /// Gives an invitation new links and seven new days, and mails it again. The links before stop working, and whoever
    /// sends it again is the one who invites: they get a link to hand on.
    ///
    /// # Errors
    ///
    /// `forbidden` if it offers more than the caller holds; `conflict` unless it is open or ran out, or if the person has
    /// become a member; `rate_limited` after eleven links for the address within an hour.
    pub async fn resend_invitation(
        &self,
        auth: &Authorized<InvitationManage>,
        id: InvitationId,
    ) -> Result<InvitationSecret> {
        let (org, cx) = (auth.scope(), auth.cx());
        let asked = store::invitations::by_id(&mut self.store().read().await?, org, id).await?;
        self.count_links(org, &asked.ok_or_else(Error::not_found)?.email_folded, cx.now()).await?;
        let sender = auth.user().ok_or_else(Error::unauthenticated)?;
        let (mut tx, policy) = self.changing(auth).await?;
        let row = store::invitations::by_id(&mut tx, org, id).await?.ok_or_else(Error::not_found)?;
        no_more_than_offered(&mut tx, &policy, Giver::of(cx)?, &row, cx.now()).await?;
        if store::members::has_address(&mut tx, org, &row.email_folded).await? {
            return Err(Error::conflict("This person is a member already."));
        }
        let secrets = self.new_secrets();
        let expires_at = cx.now().plus_s(INVITATION_S);
        let digests = secrets.digests();
        if !store::invitations::renew(&mut tx, org, id, sender, digests.link(cx.now(), expires_at)).await? {
            return Err(Error::conflict("This invitation is closed. Invite the person anew."));
        }
        let email = Email::parse(&row.email).map_err(|e| Error::invalid("email", e.0))?;
        store::outbox::withdraw(&mut tx, id.uuid()).await?;
        let made = self.hand_over(&mut tx, cx, org, id, &email, row.role, secrets, expires_at).await?;
        let event = Event::of(AuditAction::InvitationResent).on("invitation", id.uuid(), row.email);
        tx.commit(auth.audit(event)).await?;
        Ok(made)
    }

    /// Takes an invitation back: its links stop working at once.
    ///
    /// # Errors
    ///
    /// `forbidden` if it offers more than the caller holds; `conflict` unless it is open.
    pub async fn revoke_invitation(
        &self,
        auth: &Authorized<InvitationManage>,
        id: InvitationId,
    ) -> Result<()> {
        let actor = auth.user().ok_or_else(Error::unauthenticated)?;
        let (mut tx, policy) = self.changing(auth).await?;
        let row = store::invitations::by_id(&mut tx, auth.scope(), id).await?.ok_or_else(Error::not_found)?;
        no_more_than_offered(&mut tx, &policy, Giver::person(actor), &row, auth.now()).await?;
        let event = take_back(&mut tx, row, auth.now()).await?;
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// A page of the invitations, newest first.
    pub async fn invitations(
        &self,
        auth: &Authorized<InvitationRead>,
        query: &InvitationQuery,
    ) -> Result<Page<Invitation>> {
        let wrong = || Error::invalid("cursor", "This page does not exist. Begin at the first one.");
        let filter = store::invitations::Filter {
            search: search_text(query.search.as_deref())?,
            state: query.state,
            before: query.cursor.as_deref().map(|text| text.parse().map_err(|_| wrong())).transpose()?,
        };
        let mut tx = self.store().snapshot().await?;
        let rows =
            store::invitations::list(&mut tx, auth.scope(), &filter, auth.now(), PAGE_SIZE + 1).await?;
        let page = Page::cut(rows, PAGE_SIZE, |row| row.id.to_string());
        let mut described = describe(&mut tx, &page.items, auth.now()).await?.into_iter();
        Ok(Page { items: described.by_ref().collect(), next: page.next })
    }

    /// One invitation.
    pub async fn invitation(
        &self,
        auth: &Authorized<InvitationRead>,
        id: InvitationId,
    ) -> Result<Invitation> {
        let mut tx = self.store().snapshot().await?;
        let row = store::invitations::by_id(&mut tx, auth.scope(), id).await?.ok_or_else(Error::not_found)?;
        describe(&mut tx, &[row], auth.now()).await?.pop().ok_or_else(Error::not_found)
    }

    /// What can be chosen when inviting.
    pub async fn invitation_choices(
        &self,
        auth: &Authorized<InvitationPrepare>,
    ) -> Result<InvitationChoices> {
        let mut tx = self.store().read().await?;
        let workspaces = store::invitations::workspaces(&mut tx, auth.scope(), 100).await?;
        Ok(InvitationChoices { workspaces, mailed: self.can_mail(), just_made: None })
    }

    async fn count_links(&self, org: OrgId, email_folded: &str, now: Timestamp) -> Result<()> {
        self.throttle(LINKS, &format!("{org}/{email_folded}"), now).await
    }

    fn new_secrets(&self) -> Secrets {
        // No mail server, no mailed link: a secret nobody was told must not exist.
        let mailed = self.can_mail().then(|| Secret::generate(Kind::InvitationLink, self.ids()));
        Secrets { mailed, copied: Secret::generate(Kind::InvitationLink, self.ids()) }
    }

    /// Queues the mail, and returns the other link for the administrator.
    #[expect(
        clippy::too_many_arguments,
        reason = "both callers have these at hand, and nothing else in common"
    )]
    async fn hand_over(
        &self,
        tx: &mut WriteTx,
        cx: &Cx,
        org: OrgId,
        id: InvitationId,
        email: &Email,
        role: OrgRole,
        secrets: Secrets,
        expires_at: Timestamp,
    ) -> Result<InvitationSecret> {
        if let Some(mailed) = &secrets.mailed {
            let org = store::orgs::by_id(tx, org).await?.ok_or_else(Error::not_found)?;
            let said = texts::InvitationText {
                inviter: &self.inviter_name(tx, cx).await?,
                org: &org.display_name,
                role: role.label(),
                url: &self.invitation_url(mailed),
                expires_at,
                id: id.uuid(),
            };
            queue_mail(self, tx, cx, texts::invitation(email, &said)?).await?;
        }
        Ok(InvitationSecret {
            id,
            email: email.to_string(),
            url: self.invitation_url(&secrets.copied),
            mailed: secrets.mailed.is_some(),
            expires_at,
        })
    }

    async fn inviter_name(&self, tx: &mut WriteTx, cx: &Cx) -> Result<String> {
        let user = cx.user().ok_or_else(Error::unauthenticated)?;
        Ok(store::users::by_id(tx, user).await?.ok_or_else(Error::unauthenticated)?.name)
    }

    fn invitation_url(&self, secret: &Secret) -> String {
        self.settings().public_url.join(&format!("/invite/{}", secret.expose()))
    }
}

/// Digests of both secrets, kept while a statement borrows them.
struct Digests {
    mailed: Option<crate::secret::Digest>,
    copied: crate::secret::Digest,
}

impl Secrets {
    fn digests(&self) -> Digests {
        Digests { mailed: self.mailed.as_ref().map(Secret::digest), copied: self.copied.digest() }
    }
}

impl Digests {
    fn link(&self, created_at: Timestamp, expires_at: Timestamp) -> Link<'_> {
        Link {
            mailed_sha256: self.mailed.as_ref().map(crate::secret::Digest::as_bytes),
            copied_sha256: self.copied.as_bytes(),
            created_at,
            expires_at,
        }
    }
}

/// Nobody hands out, or takes back, an invitation that offers more than they hold: the role in the organization, the
/// roles that wait on it, and what the teams hold in which it waits.
///
/// # Errors
///
/// `forbidden`, naming something of it.
async fn no_more_than_offered(
    tx: &mut WriteTx,
    policy: &Snapshot,
    giver: Giver,
    row: &Row,
    now: Timestamp,
) -> Result<()> {
    let place = Place::Org(policy.org);
    let offered = policy.role(row.role.into()).ok_or_else(Error::not_found)?;
    grants::no_more_than_held(policy, giver, place, offered, now)?;
    grants::no_longer_than_held(policy, giver, place, offered, None)?;
    for grant in store::grants::of_principal(tx, policy.org, Principal::Invitation(row.id), now).await? {
        // A role that is gone gives nothing.
        let Some(role) = policy.role(grant.role) else { continue };
        grants::no_more_than_held(policy, giver, grant.place, role, now)?;
        grants::no_longer_than_held(policy, giver, grant.place, role, grant.expires_at)?;
    }
    for team in store::invitations::teams(tx, row.id).await? {
        teams::may_bring_in(tx, policy, team, giver, now).await?;
    }
    Ok(())
}

/// Whether whoever sent an invitation may still offer what they did. It is no way back to what they have lost since, however
/// that came about. What others added to it is theirs, and not asked about.
async fn is_still_offered(tx: &mut ReadTx, policy: &Snapshot, row: &Row, now: Timestamp) -> Result<bool> {
    let (sender, place) = (Giver::person(row.invited_by), Place::Org(policy.org));
    let rights = policy.org_rights(row.invited_by, now).unwrap_or_default();
    let holds = |place, role| grants::no_more_than_held(policy, sender, place, role, now).is_ok();
    if !rights.grants(Permission::InvitationManage)
        || !policy.role(row.role.into()).is_some_and(|role| holds(place, role))
    {
        return Ok(false);
    }
    let own = store::invitations::offered_by_sender(tx, row.id).await?;
    let waiting = store::grants::of_principal(tx, policy.org, Principal::Invitation(row.id), now).await?;
    let mut own = waiting.iter().filter(|grant| own.contains(&grant.id));
    Ok(own.all(|grant| policy.role(grant.role).is_none_or(|role| holds(grant.place, role))))
}

/// Takes back the open invitations somebody sent, but for those that the role they `keep` still lets them offer. Otherwise
/// whoever loses a role could come back to it through a link they kept. Returns what the audit log is to say.
pub(crate) async fn end_those_of<R: Right<Scope: InOrg>>(
    tx: &mut WriteTx,
    auth: &Authorized<R>,
    policy: &Snapshot,
    inviter: UserId,
    keep: &Rights,
) -> Result<Vec<NewEntry>> {
    let may = |offered: OrgRole| {
        keep.grants(Permission::InvitationManage)
            && policy.role(offered.into()).is_some_and(|offered| keep.covers(&offered.rights))
    };
    let mut entries = Vec::new();
    for row in store::invitations::open_by(tx, auth.org(), inviter, auth.now()).await? {
        if !may(row.role) {
            entries.push(auth.audit(take_back(tx, row, auth.now()).await?));
        }
    }
    Ok(entries)
}

/// Closes an open invitation.
async fn take_back(tx: &mut WriteTx, row: Row, now: Timestamp) -> Result<Event> {
    if !store::invitations::revoke(tx, row.id, now).await? {
        return Err(Error::conflict("This invitation is closed already."));
    }
    store::invitations::leave_teams(tx, row.id).await?;
    store::outbox::withdraw(tx, row.id.uuid()).await?;
    Ok(Event::of(AuditAction::InvitationRevoked).on("invitation", row.id.uuid(), row.email))
}

async fn describe(tx: &mut ReadTx, rows: &[Row], now: Timestamp) -> Result<Vec<Invitation>> {
    let ids: Vec<InvitationId> = rows.iter().map(|row| row.id).collect();
    let uuids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    let mut grants: HashMap<InvitationId, Vec<InvitedRole>> = HashMap::new();
    for (id, role) in store::invitations::waiting(tx, &ids).await? {
        grants.entry(id).or_default().push(role);
    }
    let mut mails: HashMap<_, _> = store::outbox::states(tx, &uuids).await?.into_iter().collect();
    Ok(rows
        .iter()
        .map(|row| Invitation {
            id: row.id,
            email: row.email.clone(),
            role: row.role,
            grants: grants.remove(&row.id).unwrap_or_default(),
            state: row.state(now),
            invited_by: row.inviter.clone(),
            created_at: row.created_at,
            expires_at: row.expires_at,
            mail: mails.remove(&row.id.uuid()).unwrap_or(MailState::NotSent),
        })
        .collect())
}

fn refuse_known(members: &[String], invited: &[String]) -> Result<()> {
    let mut why = Vec::new();
    match members {
        [] => {}
        [one] => why.push(format!("{one} is a member already.")),
        many => why.push(format!("These are members already: {}.", listed(many))),
    }
    match invited {
        [] => {}
        [one] => why.push(format!("{one} is invited already; resend that invitation instead.")),
        many => why.push(format!("These are invited already: {}.", listed(many))),
    }
    if why.is_empty() { Ok(()) } else { Err(Error::invalid("emails", why.join(" "))) }
}

/// An address as it was typed, cut, without what could change the text around it.
fn quoted(text: &str) -> String {
    let kept: String = text.chars().filter(|c| !c.is_control()).take(80).collect();
    format!("“{kept}”")
}

/// At most ten, and how many more there are.
fn listed(texts: &[String]) -> String {
    let shown = texts.iter().take(10).map(String::as_str).collect::<Vec<_>>().join(", ");
    match texts.len().saturating_sub(10) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Whether an invitation in this state can be sent again.
pub fn can_be_resent(state: InvitationState) -> bool {
    matches!(state, InvitationState::Open | InvitationState::Expired)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Vec<String>> {
        let new = NewInvitations::parse(text, OrgRole::Member, &[])?;
        Ok(new.emails.into_iter().map(Email::into_string).collect())
    }

    #[test]
    fn addresses_are_divided_as_people_divide_them_and_taken_once() {
        let text = "bob@acme.test, carol@acme.test;\r\n dan@acme.test BOB@acme.test\n\n";
        assert_eq!(parsed(text).unwrap(), ["bob@acme.test", "carol@acme.test", "dan@acme.test"]);
    }

    #[test]
    fn the_wrong_ones_are_named() {
        let error = parsed("bob@acme.test, bob@, x").unwrap_err();
        assert_eq!(error.fields()["emails"], "These are not e-mail addresses: “bob@”, “x”.");
        assert!(parsed("bob@").unwrap_err().fields()["emails"].contains("“bob@”"));
        assert!(parsed(" ,\n").is_err());
    }

    #[test]
    fn there_is_an_end_to_how_many() {
        let many = |n: usize| (0..n).map(|i| format!("a{i}@x.test")).collect::<Vec<_>>().join("\n");
        assert_eq!(parsed(&many(100)).unwrap().len(), 100);
        assert!(parsed(&many(101)).is_err());
        let wrong = (0..100).map(|i| format!("a{i}")).collect::<Vec<_>>().join("\n");
        assert!(parsed(&wrong).unwrap_err().fields()["emails"].ends_with("and 90 more."));
    }
}
