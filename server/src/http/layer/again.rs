//! A page that is not rendered in time is rendered again. Rendering is many small tasks that tell each other when data
//! is there; now and then one of them misses the word, and the page would never be finished. Rendering changes nothing,
//! so beginning anew is safe, and each time it happens it is logged.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// How long each but the last attempt may take. A page takes milliseconds.
const PATIENCE: [Duration; 3] = [Duration::from_secs(3), Duration::from_secs(5), Duration::from_secs(7)];

/// No page is anywhere near this size.
const MOST: usize = 16 * 1024 * 1024;

/// Answers with a page that is finished, whichever attempt it took.
pub async fn render(request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let (parts, _) = request.into_parts();
    let again = || Request::from_parts(parts.clone(), Body::empty());
    for patience in PATIENCE {
        if let Ok(response) = tokio::time::timeout(patience, whole(again(), next.clone())).await {
            return response;
        }
        tracing::warn!("A page was not rendered in {} s and is rendered again", patience.as_secs());
    }
    whole(again(), next).await
}

async fn whole(request: Request, next: Next) -> Response {
    let (parts, body) = next.run(request).await.into_parts();
    match to_bytes(body, MOST).await {
        Ok(bytes) => Response::from_parts(parts, Body::from(bytes)),
        Err(error) => {
            tracing::error!(?error, "A page was not rendered to its end");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
