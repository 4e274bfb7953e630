//! The status of a failed server function. The framework answers 500 to all of them; the error in the body knows
//! better. A form post without JavaScript is left alone: its 302 carries the error back to the page.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use control::Origin;
use model::ApiError;

/// The header by which the framework marks a failed server function.
const MARK: &str = "serverfnerror";

/// No error is anywhere near this size.
const MOST: usize = 64 * 1024;

/// Sets the status of a failed server function from its error, and names the request in it.
pub async fn set(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<Origin>().map(|o| o.request_id.clone()).unwrap_or_default();
    let response = next.run(request).await;
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR || !response.headers().contains_key(MARK) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, MOST).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let Ok(mut error) = serde_json::from_slice::<ApiError>(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    parts.status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if parts.status == StatusCode::TOO_MANY_REQUESTS {
        parts.headers.insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    }
    if error.request_id.is_empty() {
        error.request_id = id;
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Response::from_parts(parts, serde_json::to_vec(&error).map_or_else(|_| Body::from(bytes), Body::from))
}
