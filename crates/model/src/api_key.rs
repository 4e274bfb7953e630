//! API keys: long-lived secrets with which programs act for the account they belong to. A person's are called personal
//! access tokens.

use crate::device::DeviceWorkspace;
use crate::{ApiKeyId, Timestamp, WorkspaceId, words};
use serde::{Deserialize, Serialize};

/// An API key, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// What its owner calls it.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its last four characters.
    pub hint: String,
    /// Names of the permissions it is limited to; `None` if it may do all that the account may.
    pub scopes: Option<Vec<String>>,
    /// The one workspace it is limited to, and its name.
    pub workspace: Option<(WorkspaceId, String)>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its secret was last replaced.
    pub rotated_at: Option<Timestamp>,
    /// Until when the secret before that works; `None` if it does not any more.
    pub previous_until: Option<Timestamp>,
    /// When it stops working; `None` if never.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to within a minute.
    pub last_used_at: Option<Timestamp>,
    /// From which address that was.
    pub last_used_ip: Option<String>,
    /// With which agent that was.
    pub last_used_agent: Option<String>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
    /// Whether it worked when this was asked for.
    pub state: KeyState,
}

words! {
    /// Whether an API key works.
    KeyState {
        /// It does.
        Works = "works",
        /// It was switched off, and can be switched on again.
        Disabled = "disabled",
        /// It ran out.
        Expired = "expired",
        /// It was revoked, for good.
        Revoked = "revoked",
    }
}

/// What an organization allows of the API keys of its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeyPolicy {
    /// The longest life of a key, in days; `None` is no limit.
    pub longest_days: Option<u32>,
    /// Whether a key may have no end.
    pub endless: bool,
    /// Whether workspaces let in a service account that shows its key itself instead of a token made from it. Such a key
    /// opens everything in a workspace, whatever its account's roles are: the workspace does not ask Reeve about it.
    pub raw_keys: bool,
}

impl Default for KeyPolicy {
    fn default() -> Self {
        Self { longest_days: None, endless: true, raw_keys: false }
    }
}

impl KeyPolicy {
    /// What is left when both count.
    #[must_use]
    pub fn and(self, other: &Self) -> Self {
        let longest_days = match (self.longest_days, other.longest_days) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Self {
            longest_days,
            endless: self.endless && other.endless,
            raw_keys: self.raw_keys && other.raw_keys,
        }
    }
}

/// What the form for a new key offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeyChoices {
    /// What is allowed of its end.
    pub policy: KeyPolicy,
    /// The workspaces it can be limited to: those that its account may enter.
    pub workspaces: Vec<DeviceWorkspace>,
}

/// One's own API keys, and where programs sign in with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApiKeyList {
    /// The keys.
    pub keys: Vec<ApiKey>,
    /// What a new one can be.
    pub choices: KeyChoices,
    /// The address of the API that a ZenML client is told.
    pub api_url: String,
}

/// A new API key in clear, shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApiKeySecret {
    /// Its id.
    pub id: ApiKeyId,
    /// What its owner calls it.
    pub name: String,
    /// The key; it cannot be shown again.
    pub secret: String,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
}
