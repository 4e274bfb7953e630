//! `/api/v1`: what unmodified ZenML servers and clients ask, and the documented admin API for scripts.

pub mod admin;
pub mod answer;
pub mod asked;
pub mod client;
pub mod client_shape;
pub mod device;
pub mod enroll;
pub mod params;
pub mod token_endpoint;
pub mod workspace_server;

use crate::http::AppState;
use axum::Router;

/// The routes of this module, with their whole paths.
pub fn routes() -> Router<AppState> {
    Router::new()
        .merge(admin::routes())
        .merge(client::routes())
        .merge(device::routes())
        .merge(enroll::routes())
        .merge(token_endpoint::routes())
        .merge(workspace_server::routes())
}
