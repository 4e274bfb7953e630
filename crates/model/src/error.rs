//! The error every caller sees, and the one table of HTTP statuses.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What kind of failure it is. Stable: scripts match on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// Every kind. Where two have one status, the one that says more about it comes last.
    pub const ALL: [Self; 12] = [
        Self::Unauthenticated,
        Self::LimitReached,
        Self::FreshSignInRequired,
        Self::Forbidden,
        Self::NotFound,
        Self::Conflict,
        Self::Gone,
        Self::TooLarge,
        Self::Invalid,
        Self::RateLimited,
        Self::Internal,
        Self::Unavailable,
    ];

    /// What it means, in a sentence or two.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Unauthenticated => "Nobody is signed in, or no longer.",
            Self::LimitReached => "There may be no more of it.",
            Self::FreshSignInRequired => "Allowed, but the last sign-in of this browser is too long ago.",
            Self::Forbidden => {
                "Known, without this right or with a token that is for working with workspaces; or the request came from \
                 another site; or, with the code `fresh_sign_in_required`, the last sign-in is too long ago."
            }
            Self::NotFound => "Not there, or not for the caller to know of.",
            Self::Conflict => "It clashes with what is there, or has to be confirmed.",
            Self::Gone => "A link or a code that was used, revoked or has run out.",
            Self::TooLarge => "The body is larger than any valid one.",
            Self::Invalid => "The input is wrong; it is said which and why.",
            Self::RateLimited => "Too many attempts; wait.",
            Self::Internal => "A fault of ours.",
            Self::Unavailable => "Something needed does not answer; nothing was changed.",
        }
    }

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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
