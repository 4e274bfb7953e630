//! Connections to identity providers.

use crate::{ConnectionId, Timestamp};
use serde::{Deserialize, Serialize};

/// A connection to an OpenID provider, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// What the sign-in button says after "Continue with".
    pub label: String,
    /// The issuer identifier (OpenID Connect Discovery 1.0 §2).
    pub issuer: String,
    /// The client id registered there.
    pub client_id: String,
    /// Whether a client secret is kept, sealed.
    pub has_secret: bool,
    /// Whether it comes from the settings file and is changed there only.
    pub from_file: bool,
    /// Whether it is offered at sign-in.
    pub enabled: bool,
    /// When it was added.
    pub created_at: Timestamp,
    /// When somebody last signed in through it.
    pub last_used_at: Option<Timestamp>,
    /// How many people have an identity there.
    pub people: u32,
}

/// The connections page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Connections {
    /// The connections, by label.
    pub connections: Vec<Connection>,
    /// What to register at the provider.
    pub redirect_uri: String,
    /// Whether a mail server is set, so that one-time links work.
    pub email: bool,
}

/// What a provider's discovery document said, step by step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConnectionTest {
    /// Whether people could sign in through it.
    pub ok: bool,
    /// What was looked at, in order; stops at the first that failed.
    pub steps: Vec<TestStep>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TestStep {
    /// What.
    pub name: String,
    /// Whether it was as it should be.
    pub ok: bool,
    /// What was found, or what is wrong and what to do.
    pub detail: String,
}

/// The page of one connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConnectionDetail {
    /// The connection.
    pub connection: Connection,
    /// What to register at the provider.
    pub redirect_uri: String,
}
