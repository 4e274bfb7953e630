//! How large a request may be and how long it may take.

use crate::http::problem::Asked;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use control::Error;
use http_body_util::Limited;
use model::{ApiError, ErrorCode};
use std::time::Duration;

/// Largest body of any form or call.
pub const BODY: usize = 64 * 1024;

/// Largest list of permissions a workspace may ask about at once.
pub const PERMISSIONS_BODY: usize = 4 * 1024 * 1024;

/// Longest time until an answer begins.
const TIME: Duration = Duration::from_secs(30);

/// Refuses a body that is too large: at once by its announced length, else while it is read.
pub async fn body(request: Request, next: Next) -> Response {
    let limit = match request.uri().path() {
        "/api/v1/rbac/check_permissions" => PERMISSIONS_BODY,
        _ => BODY,
    };
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        let kib = limit / 1024;
        let message = format!("The request is larger than {kib} KiB.");
        return Asked::of(&request).answer_with(ApiError::new(ErrorCode::TooLarge, message));
    }
    next.run(request.map(|body| Body::new(Limited::new(body, limit)))).await
}

/// Gives up on an answer that does not begin in time.
pub async fn time(request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    match tokio::time::timeout(TIME, next.run(request)).await {
        Ok(response) => response,
        Err(_) => asked.answer(Error::unavailable("This took too long and was given up. Try again.")),
    }
}
