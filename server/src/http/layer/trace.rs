//! One log line per request. The *matched* route is named, never the path: paths hold one-time links.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use control::Origin;
use std::time::Instant;
use tracing::Instrument;

/// Logs the request when its answer is there, with everything logged meanwhile inside a span of its id.
pub async fn log(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<Origin>().map(|o| o.request_id.clone()).unwrap_or_default();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "(no route)".to_owned(), |path| path.as_str().to_owned());
    let span = tracing::info_span!("request", request.id = %id);
    async move {
        let start = Instant::now();
        let response = next.run(request).await;
        let ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        let status = response.status().as_u16();
        if status >= 500 {
            tracing::warn!(http.method = %method, http.route = %route, http.status = status, took.ms = ms, "Answered");
        } else if matches!(route.as_str(), "/health" | "/ready") || route.starts_with("/pkg/") {
            tracing::debug!(http.method = %method, http.route = %route, http.status = status, took.ms = ms, "Answered");
        } else {
            tracing::info!(http.method = %method, http.route = %route, http.status = status, took.ms = ms, "Answered");
        }
        response
    }
    .instrument(span)
    .await
}
