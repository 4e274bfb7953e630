//! What load balancers and orchestrators ask.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use control::Control;
use serde_json::json;

/// The process runs and answers; says nothing about the database, so that an outage there restarts nobody.
pub async fn live() -> Json<serde_json::Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

/// Requests can be served: the database answers and its schema is this version's.
pub async fn ready(State(control): State<Control>) -> Response {
    match control.ready().await {
        Ok(()) => Json(json!({ "status": "ready" })).into_response(),
        Err(error) => {
            let body = json!({ "status": "not ready", "reason": error.message() });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
    }
}
