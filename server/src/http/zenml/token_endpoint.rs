//! `POST /api/v1/auth/login`: one form for every grant, told apart by its fields.
//!
//! An `Authorization` header is not looked at: clients send the key a second time there, and servers an old token.

use crate::http::AppState;
use crate::http::zenml::answer::{detail, failure, uncached};
use crate::http::zenml::params::Params;
use axum::extract::{Extension, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use control::tokens::{Grant, Issued, Refusal};
use control::{Control, Cx, Open};
use model::DeviceId;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// RFC 8628 §3.4.
pub(in crate::http) const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const FIELDS: [&str; 7] =
    ["grant_type", "client_id", "client_secret", "device_code", "username", "password", "audience"];

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/auth/login", post(login))
}

/// A token, as clients read it.
#[derive(Serialize, JsonSchema)]
pub struct TokenAnswer {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_id: Option<DeviceId>,
    /// The chosen workspace under its historical name, `tenant_id`; its values are texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<BTreeMap<String, String>>")]
    device_metadata: Option<Value>,
}

impl From<Issued> for TokenAnswer {
    fn from(issued: Issued) -> Self {
        Self {
            access_token: issued.secret.expose().to_owned(),
            token_type: "bearer",
            expires_in: issued.expires_in_s,
            device_id: issued.device,
            device_metadata: issued.workspace.map(|id| json!({ "tenant_id": id.to_string() })),
        }
    }
}

/// Why a form asks for nothing that could be given. The device grant has an error format of its own.
enum Unusable {
    /// RFC 6749 §5.2.
    OAuth(&'static str, &'static str),
    /// In ZenML's form.
    Detail(StatusCode, &'static str),
}

async fn login(State(control): State<Control>, Extension(cx): Extension<Cx>, request: Request) -> Response {
    uncached(answered(&control, &cx, request).await)
}

async fn answered(control: &Control, cx: &Cx, request: Request) -> Response {
    let form = match Params::of_form(request).await {
        Ok(form) => form,
        Err((status, why)) => return detail(status, why),
    };
    let grant = match grant(&form) {
        Ok(grant) => grant,
        Err(Unusable::OAuth(error, why)) => return oauth(error, why),
        Err(Unusable::Detail(status, why)) => return detail(status, why),
    };
    let open = Open::because(cx, "whoever asks for a token has none yet; the form holds the credential");
    match control.token(&open, grant).await {
        Ok(Ok(issued)) => Json(TokenAnswer::from(issued)).into_response(),
        Ok(Err(refusal)) => refused(grant, refusal),
        Err(error) => failure(cx, error),
    }
}

fn refused(grant: Grant<'_>, refusal: Refusal) -> Response {
    match grant {
        Grant::DeviceCode { .. } | Grant::Code(_) | Grant::Outside { .. } => {
            oauth(refusal.oauth_code(), refusal.message())
        }
        Grant::ApiKey { .. } | Grant::Workspace { .. } | Grant::ForWorkspace(_) => {
            detail(StatusCode::UNAUTHORIZED, refusal.message())
        }
    }
}

/// An error of the device grant. A client that finds any other key in it gives up.
pub(super) fn oauth(error: &str, why: &str) -> Response {
    let body = Json(json!({ "error": error, "error_description": why }));
    (StatusCode::BAD_REQUEST, body).into_response()
}

/// Recognises the grant. A type that is named is taken at its word; without one the fields speak.
fn grant(form: &Params) -> Result<Grant<'_>, Unusable> {
    let for_device = form.has("grant_type", DEVICE_CODE);
    if form.doubled(&FIELDS) {
        const WHY: &str = "A field must not be there twice.";
        return Err(if for_device {
            Unusable::OAuth("invalid_request", WHY)
        } else {
            Unusable::Detail(StatusCode::UNPROCESSABLE_ENTITY, WHY)
        });
    }
    match form.get("grant_type") {
        Some(DEVICE_CODE) => device(form),
        Some("client_credentials") => workspace(form),
        Some("zenml_api_key" | "password") => key(form),
        Some(_) => Err(Unusable::Detail(
            StatusCode::BAD_REQUEST,
            "This grant type is not supported: use a device code, an API key or client credentials.",
        )),
        None if form.get("device_code").is_some() => device(form),
        None if form.get("client_secret").is_some() => workspace(form),
        None => key(form),
    }
}

fn device(form: &Params) -> Result<Grant<'_>, Unusable> {
    let (Some(client), Some(device_code)) = (form.get("client_id"), form.get("device_code")) else {
        return Err(Unusable::OAuth("invalid_request", "client_id and device_code are needed."));
    };
    let Ok(client_id) = Uuid::try_parse(client) else {
        return Err(Unusable::OAuth("invalid_client", "client_id must be a UUID."));
    };
    Ok(Grant::DeviceCode { client_id, device_code })
}

fn workspace(form: &Params) -> Result<Grant<'_>, Unusable> {
    const INCOMPLETE: Unusable = Unusable::Detail(
        StatusCode::UNPROCESSABLE_ENTITY,
        "client_id (the workspace's id), client_secret (its enrollment key) and audience are needed.",
    );
    let (Some(client), Some(key), Some(_)) =
        (form.get("client_id"), form.get("client_secret"), form.get("audience"))
    else {
        return Err(INCOMPLETE);
    };
    let Ok(workspace) = client.parse() else {
        return Err(Unusable::Detail(StatusCode::UNAUTHORIZED, Refusal::UnknownWorkspace.message()));
    };
    Ok(Grant::Workspace { workspace, key })
}

fn key(form: &Params) -> Result<Grant<'_>, Unusable> {
    match (form.get("username"), form.get("password")) {
        (None, Some(key)) => Ok(Grant::ApiKey { key }),
        (Some(_), _) => Err(Unusable::Detail(
            StatusCode::UNAUTHORIZED,
            "There are no passwords here. People sign in through the dashboard, programs with an API key.",
        )),
        (None, None) => Err(Unusable::Detail(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Send a device code, an API key as password, or client credentials.",
        )),
    }
}
