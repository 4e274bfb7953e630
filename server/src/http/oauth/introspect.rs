//! `POST /oauth/introspect` and `POST /oauth/revoke` (RFC 7662, 7009).

use super::answer::{Failure, fault};
use super::client::Client;
use crate::http::zenml::answer::uncached;
use crate::http::zenml::params::Params;
use axum::Json;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use control::authz::WorkspaceAct;
use control::workspace_tokens::{Live, Revoked};
use control::{Actor, Authorized, Control, Cx, Open};
use model::{AccessTokenId, UserId, WorkspaceId};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

const FIELDS: [&str; 4] = ["token", "token_type_hint", "client_id", "client_secret"];

/// `POST /oauth/introspect`. Right: `workspace.act`.
pub(super) async fn introspect(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    request: Request,
) -> Response {
    let (headers, form) = match read(request).await {
        Ok(read) => read,
        Err(failure) => return uncached(failure.into_response()),
    };
    uncached(introspected(&control, &cx, &headers, &form).await)
}

async fn introspected(control: &Control, cx: &Cx, headers: &HeaderMap, form: &Params) -> Response {
    // Before anything else is looked at, so that nobody learns about a token whom it is not for.
    let auth = match asking(control, cx, headers, form).await {
        Ok(Ok(auth)) => auth,
        Ok(Err(failure)) => return failure.into_response(),
        Err(error) => return fault(cx, error),
    };
    let Some(token) = form.get("token") else {
        return Failure::bad("invalid_request", "token is needed.").into_response();
    };
    match control.introspect(&auth, token).await {
        Ok(Some(live)) => Json(Introspection::of(control, live)).into_response(),
        Ok(None) => Json(Introspection::default()).into_response(),
        Err(error) => fault(cx, error),
    }
}

/// The workspace that asks: by its short token, or by its id and enrollment key.
async fn asking(
    control: &Control,
    cx: &Cx,
    headers: &HeaderMap,
    form: &Params,
) -> control::Result<Result<Authorized<WorkspaceAct>, Failure>> {
    match cx.actor() {
        Some(Actor::Workspace { .. }) => return Ok(Ok(control.as_workspace(cx).await?)),
        Some(_) => return Ok(Err(Failure::forbidden("Only the server of a workspace may ask this."))),
        None => {}
    }
    let client = match Client::of(headers, form) {
        Ok(client) => client,
        Err(failure) => return Ok(Err(failure)),
    };
    let Client { id: Some(id), secret: Some(key) } = client else {
        return Ok(Err(Failure::client(
            "A workspace's server asks: with its short token, or with its id and enrollment key.",
        )));
    };
    // What is no id is no workspace's.
    let workspace = id.parse().unwrap_or(WorkspaceId::from_uuid(Uuid::nil()));
    let open = Open::because(cx, "the workspace's key is in the request");
    Ok(match control.by_enrollment_key(&open, workspace, &key).await? {
        Ok(cx) => Ok(control.as_workspace(&cx).await?),
        Err(refusal) => Err(Failure::refused(refusal)),
    })
}

/// What is said of a token (RFC 7662 §2.2): of one that does not hold, or is not for whoever asks, only that.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Introspection {
    /// Whether it holds.
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<WorkspaceId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    /// Names of the permissions it is limited to, with spaces between.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<AccessTokenId>,
    /// In Unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    /// In Unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
}

impl Introspection {
    fn of(control: &Control, live: Live) -> Self {
        Self {
            active: true,
            iss: Some(control.settings().public_url.as_str().to_owned()),
            sub: Some(live.user),
            aud: Some(live.workspace),
            client_id: Some(live.user),
            username: Some(live.username),
            token_type: Some("Bearer"),
            scope: live.scope,
            jti: live.signed.map(|(id, ..)| id),
            iat: live.signed.map(|(_, iat, _)| iat),
            exp: live.signed.map(|(.., exp)| exp),
        }
    }
}

/// `POST /oauth/revoke`. Open to whoever holds the token: they could do more with it.
pub(super) async fn revoke(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    request: Request,
) -> Response {
    uncached(revoked(&control, &cx, request).await)
}

async fn revoked(control: &Control, cx: &Cx, request: Request) -> Response {
    let (_, form) = match read(request).await {
        Ok(read) => read,
        Err(failure) => return failure.into_response(),
    };
    let Some(token) = form.get("token") else {
        return Failure::bad("invalid_request", "token is needed.").into_response();
    };
    let open = Open::because(cx, "whoever holds a token may end it");
    match control.revoke_token(&open, token).await {
        Ok(Revoked::Done) => StatusCode::OK.into_response(),
        Ok(Revoked::NoToken) => Failure::bad(
            "unsupported_token_type",
            "This is a key and no token. Keys are revoked in the dashboard, or by the admin API.",
        )
        .into_response(),
        Err(error) => fault(cx, error),
    }
}

async fn read(request: Request) -> Result<(HeaderMap, Params), Failure> {
    let headers = request.headers().clone();
    let form = Params::of_form(request).await.map_err(Failure::from)?;
    if form.doubled(&FIELDS) {
        return Err(Failure::bad("invalid_request", "A field must not be there twice."));
    }
    Ok((headers, form))
}
