//! First run: a one-time link, the first organization, its owner. Closed for good once an organization has existed.

use crate::audit::Event;
use crate::authz::Open;
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::people::{self, NewPerson};
use crate::secret::{self, Kind, Secret};
use crate::sessions::{self, Begun};
use crate::{Control, links};
use model::audit::AuditAction;
use model::org::Org;
use model::text::{DisplayName, Email, Slug};
use model::{LinkId, OrgId, OrgRole, UserId};
use serde_json::json;
use std::collections::BTreeMap;
use store::WriteTx;
use store::audit::{NewEntry, Scope};
use store::identities::{Identity, MAILBOX};
use store::links::Link;
use store::users::User;

/// How long a setup link works.
pub const SETUP_LINK_S: i64 = 3600;

/// The first organization and its owner, parsed.
#[derive(Clone, Debug)]
pub struct NewInstallation {
    org_name: DisplayName,
    slug: Slug,
    owner_name: DisplayName,
    owner_email: Email,
}

impl NewInstallation {
    /// Parses what a person typed.
    pub fn parse(org_name: &str, owner_name: &str, owner_email: &str) -> Result<Self> {
        let mut wrong = BTreeMap::new();
        let org = DisplayName::parse(org_name).map_err(|e| wrong.insert("org_name", e.0.to_owned()));
        let owner = DisplayName::parse(owner_name).map_err(|e| wrong.insert("owner_name", e.0.to_owned()));
        let email = Email::parse(owner_email).map_err(|e| wrong.insert("owner_email", e.0.to_owned()));
        Error::invalid_fields(wrong)?;
        let (Ok(org_name), Ok(owner_name), Ok(owner_email)) = (org, owner, email) else {
            return Err(Error::internal("a field was wrong and was not named"));
        };
        let slug = Slug::from_text(org_name.as_str(), "organization");
        Ok(Self { org_name, slug, owner_name, owner_email })
    }
}

/// What `init` made.
#[derive(Debug)]
pub struct Initialized {
    /// The organization.
    pub org: OrgId,
    /// Its owner.
    pub user: UserId,
    /// The owner's one-time sign-in link, for a path on this site.
    pub sign_in: Secret,
    /// A personal access token, if one was asked for.
    pub api_key: Option<Secret>,
}

impl Control {
    /// Whether the installation still waits for its first organization.
    pub async fn needs_setup(&self) -> Result<bool> {
        let mut tx = self.store().read().await?;
        Ok(!store::orgs::setup_completed(&mut tx).await?)
    }

    /// A new setup link, replacing those before it; `None` if setup is closed.
    pub async fn create_setup_link(&self, cx: &Cx) -> Result<Option<String>> {
        let mut tx = self.store().write().await?;
        if store::orgs::setup_completed(&mut tx).await? {
            return Ok(None);
        }
        store::orgs::ensure_installation(&mut tx, cx.now()).await?;
        store::links::expire_setup(&mut tx, cx.now()).await?;
        let secret = Secret::generate(Kind::SetupLink, self.ids());
        let link = Link {
            id: cx.new_id::<LinkId>(),
            identity_id: None,
            next: None,
            mailed: false,
            created_at: cx.now(),
            expires_at: cx.now().plus_s(SETUP_LINK_S),
        };
        store::links::insert(&mut tx, &link, secret.digest().as_bytes()).await?;
        let event = Event::of(AuditAction::SetupLinkCreated).on("link", link.id.uuid(), "setup");
        tx.commit(event.stamped(cx, Scope::Installation)).await?;
        Ok(Some(self.settings().public_url.join(&format!("/setup/{}", secret.expose()))))
    }

    /// A one-time sign-in link for an administrator who lost every way in, made at the machine's own console.
    /// `None` if the organization or the administrator is not known.
    pub async fn create_owner_link(&self, cx: &Cx, email: &str) -> Result<Option<String>> {
        let mut tx = self.store().write().await?;
        let Some(identity) =
            store::identities::by_pair(&mut tx, MAILBOX, &email.to_ascii_lowercase()).await?
        else {
            return Ok(None);
        };
        let secret = links::create(self, &mut tx, cx, identity.id, false, None).await?;
        let event =
            Event::of(AuditAction::SignInLinkRequested).on("user", identity.user_id.uuid(), "console");
        tx.commit(event.stamped(cx, Scope::Person(identity.user_id))).await?;
        Ok(Some(self.sign_in_url(&secret)))
    }

    pub(crate) fn sign_in_url(&self, secret: &Secret) -> String {
        self.settings().public_url.join(&format!("/login/link/{}", secret.expose()))
    }

    /// Whether a setup link works, without using it.
    pub async fn peek_setup_link(&self, open: &Open, link: &str) -> Result<()> {
        let digest = secret::parse(Kind::SetupLink, link).ok_or_else(setup_is_over)?;
        let mut tx = self.store().read().await?;
        if store::orgs::setup_completed(&mut tx).await? {
            return Err(setup_is_closed());
        }
        store::links::peek(&mut tx, digest.as_bytes(), open.now()).await?.ok_or_else(setup_is_over)?;
        Ok(())
    }

    /// Makes the first organization and its owner, and signs them in.
    pub async fn set_up(&self, open: &Open, link: &str, new: &NewInstallation) -> Result<Begun> {
        let cx = open.cx();
        let digest = secret::parse(Kind::SetupLink, link).ok_or_else(setup_is_over)?;
        let mut tx = self.store().write().await?;
        if store::orgs::setup_completed(&mut tx).await? {
            return Err(setup_is_closed());
        }
        store::links::consume(&mut tx, digest.as_bytes(), cx.now()).await?.ok_or_else(setup_is_over)?;
        let first = create_first(&mut tx, cx, new).await?.ok_or_else(setup_is_closed)?;
        let (session, secret) =
            sessions::begin(self, &mut tx, cx, first.user.id, first.identity.id, "Setup link", cx.now())
                .await?;
        let actor = crate::Actor::User {
            user: first.user.id,
            name: first.user.name.clone(),
            session,
            authenticated_at: cx.now(),
        };
        tx.commit_all(&first.entries(&cx.with_actor(actor))).await?;
        Ok(Begun { user: first.user.id, secret, next: format!("/organizations/{}", first.org.id) })
    }

    /// Makes the first organization and its owner without a browser. `None` if an organization has ever existed:
    /// nothing is changed then.
    pub async fn init(
        &self,
        cx: &Cx,
        new: &NewInstallation,
        with_api_key: bool,
    ) -> Result<Option<Initialized>> {
        let mut tx = self.store().write().await?;
        store::orgs::ensure_installation(&mut tx, cx.now()).await?;
        let Some(first) = create_first(&mut tx, cx, new).await? else {
            return Ok(None);
        };
        let sign_in = links::create(self, &mut tx, cx, first.identity.id, false, None).await?;
        let mut entries = first.entries(cx);
        let api_key = if with_api_key {
            let secret = Secret::generate(Kind::ApiKey, self.ids());
            let row = store::api_keys::NewApiKey {
                id: cx.new_id(),
                user: first.user.id,
                name: "init",
                description: "",
                scopes: None,
                workspace: None,
                hint: &secret.hint(),
                created_at: cx.now(),
                expires_at: None,
            };
            store::api_keys::insert(&mut tx, &row, secret.digest().as_bytes()).await?;
            let event = Event::of(AuditAction::ApiKeyCreated).on("api_key", row.id.uuid(), row.name);
            entries.push(event.stamped(cx, Scope::Person(first.user.id)));
            Some(secret)
        } else {
            None
        };
        tx.commit_all(&entries).await?;
        Ok(Some(Initialized { org: first.org.id, user: first.user.id, sign_in, api_key }))
    }

    /// The link for the owner after [`Control::init`].
    pub fn initialized_url(&self, made: &Initialized) -> String {
        self.sign_in_url(&made.sign_in)
    }
}

/// The first organization with its owner.
struct First {
    org: Org,
    user: User,
    identity: Identity,
}

impl First {
    fn entries(&self, cx: &Cx) -> Vec<NewEntry> {
        let scope = Scope::Org(self.org.id);
        let made = Event::of(AuditAction::OrgCreated)
            .on("organization", self.org.id.uuid(), self.org.display_name.as_str())
            .after(json!({ "name": self.org.name, "display_name": self.org.display_name }));
        let joined = Event::of(AuditAction::MemberJoined)
            .on("user", self.user.id.uuid(), self.user.name.as_str())
            .after(json!({ "role": OrgRole::Admin, "username": self.user.username }));
        vec![made.stamped(cx, scope), joined.stamped(cx, scope)]
    }
}

async fn create_first(tx: &mut WriteTx, cx: &Cx, new: &NewInstallation) -> Result<Option<First>> {
    let org = Org {
        id: cx.new_id(),
        name: new.slug.to_string(),
        display_name: new.org_name.to_string(),
        description: String::new(),
        created_at: cx.now(),
        updated_at: cx.now(),
    };
    // The latch first: of two set-ups at once, the second finds it closed and changes nothing.
    if !store::orgs::complete_setup(tx, org.id, cx.now()).await? || !store::orgs::insert(tx, &org).await? {
        return Ok(None);
    }
    let person = NewPerson {
        name: &new.owner_name,
        email: &new.owner_email,
        issuer: MAILBOX,
        subject: &new.owner_email.folded(),
        connection: None,
        verified: false,
    };
    let Some((user, identity)) = people::create(tx, cx, &person).await? else {
        return Ok(None);
    };
    store::members::insert(tx, org.id, &user, OrgRole::Admin, cx.now()).await?;
    Ok(Some(First { org, user, identity }))
}

fn setup_is_over() -> Error {
    Error::gone(
        "This setup link was already used or has run out. Run `reeve owner-link` on the server for a new one.",
    )
}

fn setup_is_closed() -> Error {
    Error::gone("Reeve is set up already. Sign in, or ask an administrator for an invitation.")
}
