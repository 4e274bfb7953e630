//! Failures in the form of RFC 6749 §5.2.

use crate::http::zenml::params::Unreadable;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use control::tokens::Refusal;
use control::{Cx, Error};
use model::ErrorCode;
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;

/// Why not (RFC 6749 §5.2).
#[derive(Serialize, JsonSchema)]
pub struct OAuthError {
    /// Such as `invalid_grant`.
    error: &'static str,
    /// In a sentence.
    error_description: Cow<'static, str>,
}

/// A failure: its code, and a sentence for whoever writes the client.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failure {
    status: StatusCode,
    code: &'static str,
    why: &'static str,
}

impl Failure {
    /// Something about the request.
    pub(super) const fn bad(code: &'static str, why: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code, why }
    }

    /// The client did not prove who it is.
    pub(super) const fn client(why: &'static str) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, code: "invalid_client", why }
    }

    /// Somebody else than who may ask.
    pub(super) const fn forbidden(why: &'static str) -> Self {
        Self { status: StatusCode::FORBIDDEN, code: "access_denied", why }
    }

    /// A refusal by its own code; `invalid_client` is what asks for another credential.
    pub(super) fn refused(refusal: Refusal) -> Self {
        match refusal.oauth_code() {
            "invalid_client" => Self::client(refusal.message()),
            code => Self::bad(code, refusal.message()),
        }
    }
}

impl From<Unreadable> for Failure {
    fn from((status, why): Unreadable) -> Self {
        let status = match status {
            // What RFC 6749 §5.2 has for whatever is wrong with a form.
            StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
            other => other,
        };
        Self { status, code: "invalid_request", why }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let body = Json(OAuthError { error: self.code, error_description: self.why.into() });
        let mut response = (self.status, body).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"reeve\""));
        }
        response
    }
}

/// A failure of ours, or of what we stand on. What is not public in it goes to the log.
pub(super) fn fault(cx: &Cx, error: Error) -> Response {
    let error = error.into_api(&cx.origin().request_id);
    let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let code = match error.code {
        ErrorCode::Unavailable => "temporarily_unavailable",
        _ => "server_error",
    };
    (status, Json(OAuthError { error: code, error_description: error.message.into() })).into_response()
}
