//! The error every caller sees, and the one table of HTTP statuses.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What kind of failure it is. Stable: scripts match on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// No identity, or one that no longer holds.
    Unauthenticated,
    /// A known identity without this right.
    Forbidden,
    /// A known identity with this right, who has to sign in again before it is used.
    FreshSignInRequired,
    /// There may be no more of what would be made.
    LimitReached,
    /// It does not exist, or the caller may not know that it does.
    NotFound,
    /// The input is wrong; `fields` says where.
    Invalid,
    /// It clashes with what is there.
    Conflict,
    /// It existed and is over: a used, revoked or expired link.
    Gone,
    /// The body is larger than any valid one.
    TooLarge,
    /// Too many attempts; wait.
    RateLimited,
    /// Something this server needs does not answer.
    Unavailable,
    /// A fault of ours; the request id leads to the log.
    Internal,
}

impl ErrorCode {
    /// The HTTP status (RFC 9110 §15).
    pub const fn status(self) -> u16 {
        match self {
            Self::Unauthenticated => 401,
            Self::Forbidden | Self::FreshSignInRequired => 403,
            Self::LimitReached => 402,
            Self::NotFound => 404,
            Self::Invalid => 422,
            Self::Conflict => 409,
            Self::Gone => 410,
            Self::TooLarge => 413,
            Self::RateLimited => 429,
            Self::Unavailable => 503,
            Self::Internal => 500,
        }
    }
}

/// A failure as callers see it. Travels in URLs when there is no JavaScript, so it never holds a secret or an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// Stable kind.
    pub code: ErrorCode,
    /// One or two sentences: what is wrong and what to do.
    pub message: String,
    /// Input name to what is wrong with it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// Leads to the log lines of this request. Empty if the failure arose in the browser.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub request_id: String,
}

impl ApiError {
    /// An error without fields or a request id.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), fields: BTreeMap::new(), request_id: String::new() }
    }
    /// What is wrong with the input `name`, if anything.
    pub fn field(&self, name: &str) -> Option<String> {
        self.fields.get(name).cloned()
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ApiError {}
