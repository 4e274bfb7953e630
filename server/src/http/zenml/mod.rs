//! `/api/v1`: what unmodified ZenML servers and clients ask.

use crate::http::AppState;
use axum::Router;

/// The routes of this module, with their whole paths.
pub fn routes() -> Router<AppState> {
    Router::new()
}
