//! An installation with people in it, made through the real operations.

use crate::{Engine, TestClock, fresh_store};
use control::clock::Clock;
use control::rng::{Ids, OsEntropy};
use control::secret::{Kind, Secret};
use control::settings::{PublicUrl, Settings};
use control::{Actor, Control, Cx, Origin};
use model::grant::Principal;
use model::id::TypedId;
use model::org::Org;
use model::{Level, OrgId, OrgRole, RoleId, SessionId, TeamId, UserId};
use std::sync::Arc;
use store::Store;
use store::identities::{Identity, MAILBOX};
use store::users::User;

/// A control plane over an empty database, with its clock in the test's hand.
#[derive(Clone)]
pub struct World {
    /// The operations.
    pub control: Control,
    /// Time.
    pub clock: TestClock,
    /// The database, for arranging and for looking past the operations.
    pub store: Store,
    /// Its address, for opening it a second time as another replica would.
    pub url: String,
    ids: Ids,
}

/// Somebody to act as.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their id.
    pub id: UserId,
    /// Their address.
    pub email: String,
    /// Their name inside workspaces.
    pub username: String,
}

impl World {
    /// An empty installation; `None` if PostgreSQL is asked for and not there.
    pub async fn new(engine: Engine) -> Option<Self> {
        let public_url = PublicUrl::parse("http://localhost:8580").expect("a valid address");
        Self::with_settings(engine, Settings::new(public_url, "a key for tests only".into())).await
    }

    /// An empty installation with other settings.
    pub async fn with_settings(engine: Engine, settings: Settings) -> Option<Self> {
        let (url, store) = fresh_store(engine).await?;
        let clock = TestClock::new();
        let ids = Ids::new(Arc::new(OsEntropy));
        let control = Control::new(store.clone(), Arc::new(clock.clone()), ids.clone(), settings);
        Some(Self { control, clock, store, url, ids })
    }

    /// A second process on the same database.
    pub async fn replica(&self) -> Self {
        let store = Store::open(&store::Options::new(&self.url)).await.expect("the database opens again");
        let settings = self.control.settings().clone();
        let control = Control::new(store.clone(), Arc::new(self.clock.clone()), self.ids.clone(), settings);
        Self { control, store, ..self.clone() }
    }

    /// The same installation run with other settings.
    #[must_use]
    pub fn configured(&self, settings: Settings) -> Self {
        let clock = Arc::new(self.clock.clone());
        let control = Control::new(self.store.clone(), clock, self.ids.clone(), settings);
        Self { control, ..self.clone() }
    }

    /// A new id.
    pub fn id<T: TypedId>(&self) -> T {
        self.ids.next(self.clock.now())
    }

    /// A request by nobody.
    pub fn anonymous(&self) -> Cx {
        self.control.cx(origin(), None)
    }

    /// A request by a person in a browser.
    pub fn cx(&self, person: &Person) -> Cx {
        let actor = Actor::User {
            user: person.id,
            name: person.username.clone(),
            session: self.id::<SessionId>(),
            authenticated_at: self.clock.now(),
        };
        self.control.cx(origin(), Some(actor))
    }

    /// An organization. The first one closes setup, as the real one does.
    pub async fn org(&self, name: &str) -> OrgId {
        let now = self.clock.now();
        let org = Org {
            id: self.id(),
            name: name.to_owned(),
            display_name: name.to_owned(),
            description: String::new(),
            created_at: now,
            updated_at: now,
        };
        let mut tx = self.store.write().await.expect("a transaction");
        store::orgs::ensure_installation(&mut tx, now).await.expect("the installation");
        assert!(store::orgs::insert(&mut tx, &org).await.expect("an organization"), "{name} is taken");
        store::orgs::complete_setup(&mut tx, org.id, now).await.expect("setup closes");
        tx.commit_unaudited("arranged by a test").await.expect("a commit");
        org.id
    }

    /// A person with a proven mailbox `<name>@acme.test`, in no organization.
    pub async fn person(&self, name: &str) -> Person {
        let now = self.clock.now();
        let email = format!("{name}@acme.test");
        let id: UserId = self.id();
        let mut tx = self.store.write().await.expect("a transaction");
        assert!(
            store::users::take_username(&mut tx, store::users::NameOf::User, name, id, now)
                .await
                .expect("a username"),
            "{name} is taken"
        );
        let user = User {
            id,
            username: name.to_owned(),
            name: name.to_owned(),
            email: email.clone(),
            is_service_account: false,
            created_at: now,
            deactivated_at: None,
        };
        store::users::insert(&mut tx, &user).await.expect("a user");
        let identity = Identity {
            id: self.id(),
            user_id: id,
            connection_id: None,
            issuer: MAILBOX.to_owned(),
            subject: email.clone(),
            created_at: now,
            verified_at: Some(now),
        };
        store::identities::insert(&mut tx, &identity).await.expect("an identity");
        tx.commit_unaudited("arranged by a test").await.expect("a commit");
        Person { id, email, username: name.to_owned() }
    }

    /// A person who is a member of `org`.
    pub async fn member(&self, org: OrgId, name: &str, role: OrgRole) -> Person {
        let person = self.person(name).await;
        self.join(org, &person, role).await;
        person
    }

    /// Makes a person a member.
    pub async fn join(&self, org: OrgId, person: &Person, role: OrgRole) {
        let mut tx = self.store.write().await.expect("a transaction");
        // As every change of who belongs to an organization does.
        store::orgs::bump_policy_version(&mut tx, org).await.expect("the organization");
        let user = store::users::by_id(&mut tx, person.id).await.expect("a look-up").expect("the person");
        store::members::insert(&mut tx, org, &user, role, self.clock.now()).await.expect("a membership");
        store::orgs::bump_policy_version(&mut tx, org).await.expect("the counting");
        tx.commit_unaudited("arranged by a test").await.expect("a commit");
    }

    /// Adds a member who gives the address of somebody else: addresses are contact data, and nobody's alone.
    pub async fn namesake(&self, org: OrgId, username: &str, of: &Person) {
        let now = self.clock.now();
        let user = User {
            id: self.id(),
            username: username.to_owned(),
            name: username.to_owned(),
            email: of.email.clone(),
            is_service_account: false,
            created_at: now,
            deactivated_at: None,
        };
        let mut tx = self.store.write().await.expect("a transaction");
        store::orgs::bump_policy_version(&mut tx, org).await.expect("the organization");
        store::users::insert(&mut tx, &user).await.expect("a user");
        store::members::insert(&mut tx, org, &user, OrgRole::Member, now).await.expect("a membership");
        store::orgs::bump_policy_version(&mut tx, org).await.expect("the counting");
        tx.commit_unaudited("arranged by a test").await.expect("a commit");
    }

    /// Adds so many members at once, without mailboxes: they are there to be listed.
    pub async fn crowd(&self, org: OrgId, count: usize) {
        let now = self.clock.now();
        let mut tx = self.store.write().await.expect("a transaction");
        store::orgs::bump_policy_version(&mut tx, org).await.expect("the organization");
        for n in 0..count {
            let user = User {
                id: self.id(),
                username: format!("person-{n}"),
                name: format!("Person {n}"),
                email: format!("person-{n}@crowd.test"),
                is_service_account: false,
                created_at: now,
                deactivated_at: None,
            };
            store::users::insert(&mut tx, &user).await.expect("a user");
            store::members::insert(&mut tx, org, &user, OrgRole::Member, now).await.expect("a membership");
        }
        store::orgs::bump_policy_version(&mut tx, org).await.expect("the counting");
        tx.commit_unaudited("arranged by a test").await.expect("a commit");
    }

    /// A team with these people in it.
    pub async fn team(&self, org: OrgId, name: &str, people: &[&Person]) -> TeamId {
        let (id, now) = (self.id(), self.clock.now());
        let mut tx = self.store.write().await.expect("a transaction");
        assert!(
            store::teams::insert(&mut tx, org, id, name, "", now).await.expect("a team"),
            "{name} is taken"
        );
        for person in people {
            let principal = Principal::User(person.id);
            store::teams::add(&mut tx, id, principal, false, now).await.expect("a member of the team");
        }
        store::orgs::bump_policy_version(&mut tx, org).await.expect("the counting");
        tx.commit_unaudited("arranged by a test").await.expect("a commit");
        id
    }

    /// A custom role that allows these permissions, separated by spaces.
    pub async fn role(&self, org: OrgId, level: Level, name: &str, permissions: &str) -> RoleId {
        let (id, now) = (self.id(), self.clock.now());
        let content = store::roles::Content { name, description: "", permissions };
        let mut tx = self.store.write().await.expect("a transaction");
        let made = store::roles::insert(&mut tx, org, id, level, content, now).await.expect("a role");
        assert!(made, "{name} is taken");
        store::orgs::bump_policy_version(&mut tx, org).await.expect("the counting");
        tx.commit_unaudited("arranged by a test").await.expect("a commit");
        id
    }

    /// A browser session of a person, as signing in makes it; the secret is the cookie's value.
    pub async fn session(&self, person: &Person) -> Secret {
        let now = self.clock.now();
        let secret = Secret::generate(Kind::Session, &self.ids);
        let mut tx = self.store.write().await.expect("a transaction");
        let identity = store::identities::of_user(&mut tx, person.id).await.expect("identities").remove(0);
        let session = store::sessions::Session {
            id: self.id(),
            user_id: person.id,
            identity_id: identity.id,
            method: "Test".to_owned(),
            ip: None,
            user_agent: None,
            created_at: now,
            authenticated_at: now,
            last_seen_at: now,
            expires_at: now.plus_s(7 * 24 * 3600),
            ended_at: None,
        };
        store::sessions::insert(&mut tx, &session, secret.digest().as_bytes()).await.expect("a session");
        tx.commit_unaudited("arranged by a test").await.expect("a commit");
        secret
    }

    /// Everything the database holds, as text, as whoever stole a copy would search it.
    pub async fn dump(&self) -> String {
        crate::engines::dump(&self.url).await
    }

    /// The newest audit entries of an organization, as `action/outcome`, newest first.
    pub async fn audit(&self, org: OrgId) -> Vec<String> {
        let mut tx = self.store.read().await.expect("a connection");
        let entries =
            store::audit::list(&mut tx, org, &store::audit::Filter::default(), 100).await.expect("the log");
        entries.into_iter().map(|e| format!("{}/{}", e.action, e.outcome)).collect()
    }
}

fn origin() -> Origin {
    Origin {
        request_id: "test-request".to_owned(),
        ip: Some(std::net::Ipv4Addr::LOCALHOST.into()),
        user_agent: Some("Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0 Safari/537.36".to_owned()),
    }
}
