//! `POST /api/v1/auth/device_authorization`: a command line begins to sign in (RFC 8628 §3.1).

use crate::http::AppState;
use crate::http::zenml::answer::{detail, failure, uncached};
use crate::http::zenml::params::Params;
use crate::http::zenml::token_endpoint::oauth;
use axum::extract::{Extension, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use control::devices::{CODES_S, INTERVAL_S};
use control::{Control, Cx, Open};
use model::device::DevicePurpose;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

/// What Reeve's own command line asks for: to administer in the name of whoever approves it.
const ADMINISTER: &str = "reeve:admin";

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/auth/device_authorization", post(authorize))
}

/// A sign-in that has begun (RFC 8628 §3.2).
#[derive(Serialize, JsonSchema)]
pub struct DeviceStartJson {
    /// What the command line polls with.
    device_code: String,
    /// What the person compares.
    user_code: String,
    verification_uri: String,
    verification_uri_complete: String,
    /// In seconds.
    expires_in: i64,
    /// Seconds between two polls.
    interval: i64,
}

async fn authorize(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    request: Request,
) -> Response {
    let form = match Params::of_form(request).await {
        Ok(form) => form,
        Err((status, why)) => return detail(status, why),
    };
    // A `device_id` of an earlier sign-in may be there. It is not looked at: whoever knew one could ask under the
    // name of a device that is not theirs.
    let client = form.get("client_id").and_then(|text| Uuid::try_parse(text).ok());
    let Some(client) = client.filter(|_| !form.doubled(&["client_id"])) else {
        return detail(StatusCode::UNPROCESSABLE_ENTITY, "client_id must be one UUID.");
    };
    // RFC 8628 §3.1. Programs of ZenML's ask for nothing in particular.
    let purpose = match form.get("scope").map(str::trim) {
        _ if form.doubled(&["scope"]) => None,
        None | Some("") => Some(DevicePurpose::Workspaces),
        Some(ADMINISTER) => Some(DevicePurpose::Administering),
        Some(_) => None,
    };
    let Some(purpose) = purpose else {
        let why = "The only scope there is, is reeve:admin. Leave it out to work with workspaces.";
        return oauth("invalid_scope", why);
    };
    let open = Open::because(&cx, "a command line asks before anybody signed in");
    match control.request_device(&open, client, purpose).await {
        Ok(start) => uncached(
            Json(DeviceStartJson {
                device_code: start.device_code.expose().to_owned(),
                user_code: start.user_code,
                verification_uri: start.verification_uri,
                verification_uri_complete: start.verification_uri_complete,
                expires_in: CODES_S,
                interval: INTERVAL_S,
            })
            .into_response(),
        ),
        Err(error) => failure(&cx, error),
    }
}
