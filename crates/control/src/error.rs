//! What an operation fails with: always something a caller may read.

use model::{ApiError, ErrorCode};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What operations return.
pub type Result<T> = std::result::Result<T, Error>;

/// A failure of an operation. Its message is public by construction; what is not public is in `source`.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    code: ErrorCode,
    message: Cow<'static, str>,
    fields: BTreeMap<&'static str, String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    fn new(code: ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), fields: BTreeMap::new(), source: None }
    }
    /// Nobody is signed in, or the credential does not hold (any more).
    pub fn unauthenticated() -> Self {
        Self::new(ErrorCode::Unauthenticated, "Sign in to go on.")
    }
    /// Known, but without this right. The message names what is missing.
    pub fn forbidden(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::Forbidden, message)
    }
    /// Known and with this right, but their last sign-in is too long ago for something that is sensitive.
    pub fn fresh_sign_in_required() -> Self {
        Self::new(
            ErrorCode::FreshSignInRequired,
            "Your last sign-in is more than ten minutes ago. Nothing was changed: sign in again, and repeat it.",
        )
    }
    /// There may be no more of what would be made. The message says how many there are.
    pub fn limit_reached(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::LimitReached, message)
    }
    /// Not there, or not for the caller to know of.
    pub fn not_found() -> Self {
        Self::new(ErrorCode::NotFound, "There is nothing here, or you may not see it.")
    }
    /// One input is wrong.
    pub fn invalid(field: &'static str, why: impl Into<String>) -> Self {
        Self::new(ErrorCode::Invalid, "Check the marked fields.").and_field(field, why)
    }
    /// Several inputs are wrong; `Ok` if there are none.
    pub fn invalid_fields(fields: BTreeMap<&'static str, String>) -> Result<()> {
        if fields.is_empty() {
            return Ok(());
        }
        Err(Self { fields, ..Self::new(ErrorCode::Invalid, "Check the marked fields.") })
    }
    /// Clashes with what is there.
    pub fn conflict(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::Conflict, message)
    }
    /// Was there and is over.
    pub fn gone(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::Gone, message)
    }
    /// Too many attempts.
    pub fn rate_limited(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::RateLimited, message)
    }
    /// Something needed does not answer.
    pub fn unavailable(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::Unavailable, message)
    }
    /// A fault of ours.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::new(ErrorCode::Internal, "Something went wrong on our side.")
        }
    }
    /// Adds what is wrong with one input.
    #[must_use]
    pub fn and_field(mut self, field: &'static str, why: impl Into<String>) -> Self {
        self.fields.insert(field, why.into());
        self
    }
    /// Its kind.
    pub fn code(&self) -> ErrorCode {
        self.code
    }
    /// The message for callers.
    pub fn message(&self) -> &str {
        &self.message
    }
    /// What is wrong with each input.
    pub fn fields(&self) -> &BTreeMap<&'static str, String> {
        &self.fields
    }

    /// The public form. Logs what is not public, once, here.
    pub fn into_api(self, request_id: &str) -> ApiError {
        if let Some(source) = &self.source {
            tracing::error!(request.id = request_id, error = ?source, "Request {request_id} failed");
        }
        ApiError {
            code: self.code,
            message: self.message.into_owned(),
            fields: self.fields.into_iter().map(|(name, why)| (name.to_owned(), why)).collect(),
            request_id: request_id.to_owned(),
        }
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        let message = match &error {
            store::Error::Unavailable(_) => "The database does not answer. Nothing was changed; try again.",
            store::Error::ReadOnly(_) => "The database does not take changes right now. Nothing was changed.",
            _ => return Self::internal(error),
        };
        Self { source: Some(error.into()), ..Self::new(ErrorCode::Unavailable, message) }
    }
}

impl From<crate::seal::CannotOpen> for Error {
    fn from(error: crate::seal::CannotOpen) -> Self {
        Self::internal(error)
    }
}
