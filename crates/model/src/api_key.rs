//! API keys: long-lived secrets with which programs act for the account they belong to. A person's are called personal
//! access tokens.

use crate::{ApiKeyId, Timestamp};
use serde::{Deserialize, Serialize};

/// An API key, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// What its owner calls it.
    pub name: String,
    /// Its last four characters.
    pub hint: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working; `None` if never.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to within a minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
    /// Whether it worked when this was asked for: neither revoked nor run out.
    pub works: bool,
}

/// One's own API keys, and where programs sign in with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKeyList {
    /// The keys.
    pub keys: Vec<ApiKey>,
    /// The address of the API that a ZenML client is told.
    pub api_url: String,
}

/// A new API key in clear, shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
