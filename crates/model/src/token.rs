//! Personal access tokens.

use crate::{Timestamp, TokenId};
use serde::{Deserialize, Serialize};

/// A personal access token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
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

/// One's own tokens, and where programs sign in with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenList {
    /// The tokens.
    pub tokens: Vec<Token>,
    /// The address of the API that a ZenML client is told.
    pub api_url: String,
}

/// A new token in clear, shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenSecret {
    /// Its id.
    pub id: TokenId,
    /// What its owner calls it.
    pub name: String,
    /// The token; it cannot be shown again.
    pub secret: String,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
}
