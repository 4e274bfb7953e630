//! Answers in the form in which ZenML reads them: JSON always, and a failure as `{"detail": "…"}`.

use axum::Json;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use control::{Cx, Error, Result};
use model::ErrorCode;
use serde::Serialize;
use serde_json::json;

/// `200` with the value, or the failure. What is not public in a failure goes to the log.
pub fn answer<T: Serialize>(cx: &Cx, result: Result<T>) -> Response {
    match result {
        Ok(value) => Json(value).into_response(),
        Err(error) => failure(cx, error),
    }
}

/// A failed operation.
pub fn failure(cx: &Cx, error: Error) -> Response {
    let error = error.into_api(&cx.origin().request_id);
    let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let fields: Vec<String> = error.fields.iter().map(|(name, why)| format!("{name}: {why}")).collect();
    let text = if fields.is_empty() { error.message } else { fields.join(" ") };
    let mut response = detail(status, &text);
    let headers = response.headers_mut();
    match error.code {
        ErrorCode::Unauthenticated => {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        ErrorCode::RateLimited => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        }
        _ => {}
    }
    response
}

/// A failure without an operation.
pub fn detail(status: StatusCode, text: &str) -> Response {
    (status, Json(json!({ "detail": text }))).into_response()
}

/// A body that could not be received.
pub fn unreadable(rejection: &BytesRejection) -> Response {
    let text = match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => "The body is too large.",
        _ => "The body broke off.",
    };
    detail(rejection.status(), text)
}

/// Keeps an answer that holds a secret out of every cache (RFC 6749 §5.1).
#[must_use]
pub fn uncached(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}
