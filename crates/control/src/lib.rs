//! The operations of Reeve: one function for everything that can be done, each taking the proof that it may be.
//!
//! *Invariant: nothing here knows HTTP, cookies or pages; time comes from [`Cx`], chance from [`rng`].*

pub mod access;
pub mod activity;
pub mod api_keys;
pub mod audit;
pub mod authz;
pub mod background;
pub mod bearer;
pub mod clock;
pub mod connections;
pub mod cx;
pub mod devices;
pub mod effects;
pub mod error;
pub mod frame;
pub mod grants;
pub mod handover;
pub mod invitations;
pub mod key_warnings;
pub mod keys;
pub mod limits;
pub mod links;
pub mod locks;
pub mod log;
pub mod mailbox;
pub mod member_sessions;
pub mod members;
pub mod offboarding;
pub mod open;
pub mod openid;
pub mod orgs;
pub mod outbox;
pub mod overview;
pub mod people;
pub mod projects;
mod retry;
pub mod rng;
pub mod roles;
pub mod seal;
pub mod secret;
pub mod service_accounts;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod signing;
pub mod sso;
pub mod teams;
pub mod throttle;
pub mod tokens;
pub mod trust;
mod whereabouts;
pub mod workspace_tokens;
pub mod workspaces;
pub mod zenml;

pub use authz::{Authorized, Open};
pub use cx::{Actor, Cx, Origin};
pub use error::{Error, Result};

use crate::clock::Clock;
use crate::keys::Keyring;
use crate::rng::Ids;
use crate::settings::Settings;
use std::sync::Arc;
use store::Store;

/// Everything an operation needs. Cheap to clone.
#[derive(Clone)]
pub struct Control(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    ids: Ids,
    keyring: Keyring,
    settings: Settings,
    denials: authz::Denials,
    policies: authz::Policies,
    activity: activity::Activity,
    outbox: outbox::Outbox,
    providers: sso::Providers,
    signing: signing::Signing,
    issues: workspace_tokens::Issues,
    issuers: sso::Issuers,
}

impl std::fmt::Debug for Control {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Control")
    }
}

impl Control {
    /// Puts the parts together. The store must be migrated.
    pub fn new(store: Store, clock: Arc<dyn Clock>, ids: Ids, settings: Settings) -> Self {
        let keyring = Keyring::new(&settings);
        let providers = sso::Providers::new(settings.provider_timeout);
        let issuers = sso::Issuers::new(settings.provider_timeout, settings.public_url.is_this_machine());
        Self(Arc::new(Inner {
            store,
            clock,
            ids,
            keyring,
            settings,
            denials: authz::Denials::default(),
            policies: authz::Policies::default(),
            activity: activity::Activity::default(),
            outbox: outbox::Outbox::default(),
            providers,
            signing: signing::Signing::default(),
            issues: workspace_tokens::Issues::default(),
            issuers,
        }))
    }

    /// The settings this process runs with.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.0.store.ping().await?)
    }

    /// The context of a request: reads the clock, once.
    pub fn cx(&self, origin: Origin, actor: Option<Actor>) -> Cx {
        Cx::new(self.0.clock.now(), self.0.ids.clone(), origin, actor)
    }

    /// The context of work nobody asked for by a request.
    pub fn system_cx(&self, job: &'static str) -> Cx {
        self.cx(Origin::default(), Some(Actor::System { job }))
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn keyring(&self) -> &Keyring {
        &self.0.keyring
    }

    pub(crate) fn ids(&self) -> &Ids {
        &self.0.ids
    }

    pub(crate) fn activity(&self) -> &activity::Activity {
        &self.0.activity
    }

    pub(crate) fn providers(&self) -> &sso::Providers {
        &self.0.providers
    }

    pub(crate) fn issuers(&self) -> &sso::Issuers {
        &self.0.issuers
    }

    pub(crate) fn outbox(&self) -> &outbox::Outbox {
        &self.0.outbox
    }

    pub(crate) fn policies(&self) -> &authz::Policies {
        &self.0.policies
    }

    pub(crate) fn signing(&self) -> &signing::Signing {
        &self.0.signing
    }

    pub(crate) fn issues(&self) -> &workspace_tokens::Issues {
        &self.0.issues
    }

    pub(crate) fn denials(&self) -> &authz::Denials {
        &self.0.denials
    }
}
