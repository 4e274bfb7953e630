//! A panic ends its request and nothing else.

use crate::http::problem;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use control::Error;
use futures::FutureExt;
use std::panic::AssertUnwindSafe;

/// Turns a panic into a 500. That it happened, and where, is logged by the hook of [`crate::logging`].
pub async fn catch(request: Request, next: Next) -> Response {
    let asked = problem::Asked::of(&request);
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => asked.answer(Error::internal("a handler panicked")),
    }
}
