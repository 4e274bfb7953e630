//! `POST /oauth/token`: an authorization code, client credentials, token exchange, and a device code (RFC 6749, 8693, 8628).
//!
//! There are no refresh tokens: a program that has a key exchanges it again.

use super::answer::{Failure, fault};
use super::client::Client;
use crate::http::zenml::answer::uncached;
use crate::http::zenml::params::Params;
use crate::http::zenml::token_endpoint::DEVICE_CODE;
use axum::Json;
use axum::extract::{Extension, Request, State};
use axum::response::{IntoResponse, Response};
use control::openid::CodeGrant;
use control::tokens::{Grant, Issued, Refusal};
use control::workspace_tokens::Wanted;
use control::{Control, Cx, Open};
use model::{ServiceAccountId, WorkspaceId};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

pub(super) const AUTHORIZATION_CODE: &str = "authorization_code";
pub(super) const CLIENT_CREDENTIALS: &str = "client_credentials";
pub(super) const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const FIELDS: [&str; 16] = [
    "grant_type",
    "client_id",
    "client_secret",
    "device_code",
    "scope",
    "audience",
    "resource",
    "subject_token",
    "subject_token_type",
    "requested_token_type",
    "actor_token",
    "actor_token_type",
    "refresh_token",
    "code",
    "code_verifier",
    "redirect_uri",
];

/// RFC 6749 §5.1, and RFC 8693 §2.2.1 for an exchange.
#[derive(Serialize, JsonSchema)]
pub struct OAuthToken {
    access_token: String,
    token_type: &'static str,
    /// In seconds.
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_token_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// Names of the permissions it is limited to, with spaces between.
    scope: Option<String>,
    /// Who signed in (`OpenID` Connect Core 1.0 §2).
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

/// What a form asks for.
enum Asked {
    Code { workspace: WorkspaceId, key: String, code: String, redirect_uri: String, verifier: String },
    Device { client: Uuid, code: String },
    Server { workspace: WorkspaceId, key: String },
    ByClient { client: String, key: String, workspace: WorkspaceId },
    Exchange { subject: String, workspace: WorkspaceId },
    Outside { subject: String, account: Option<ServiceAccountId> },
}

/// `POST /oauth/token`
pub(super) async fn token(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    request: Request,
) -> Response {
    uncached(answered(&control, &cx, request).await)
}

async fn answered(control: &Control, cx: &Cx, request: Request) -> Response {
    let headers = request.headers().clone();
    let form = match Params::of_form(request).await {
        Ok(form) => form,
        Err(unreadable) => return Failure::from(unreadable).into_response(),
    };
    let asked = match asked(&headers, &form) {
        Ok(asked) => asked,
        Err(failure) => return failure.into_response(),
    };
    let open = Open::because(cx, "whoever asks for a token has none yet; the request holds the credential");
    let wanted = |subject, client, workspace, grant| Wanted {
        subject,
        client,
        workspace,
        scope: form.get("scope"),
        grant,
    };
    let grant = match &asked {
        Asked::Code { workspace, key, code, redirect_uri, verifier } => {
            Grant::Code(CodeGrant { workspace: *workspace, key, code, redirect_uri, verifier })
        }
        Asked::Device { client, code } => Grant::DeviceCode { client_id: *client, device_code: code },
        Asked::Server { workspace, key } => Grant::Workspace { workspace: *workspace, key },
        Asked::ByClient { client, key, workspace } => {
            // What is no id is the id of nobody, and refused as such.
            let client = client.parse().unwrap_or(model::UserId::from_uuid(Uuid::nil()));
            Grant::ForWorkspace(wanted(key, Some(client), *workspace, "client_credentials"))
        }
        Asked::Exchange { subject, workspace } => {
            Grant::ForWorkspace(wanted(subject, None, *workspace, "token_exchange"))
        }
        Asked::Outside { subject, account } => Grant::Outside { token: subject, account: *account },
    };
    match control.token(&open, grant).await {
        Ok(Ok(issued)) => Json(OAuthToken::of(issued, &asked)).into_response(),
        Ok(Err(refusal)) => refused(&asked, refusal).into_response(),
        Err(error) => fault(cx, error),
    }
}

impl OAuthToken {
    fn of(issued: Issued, asked: &Asked) -> Self {
        Self {
            access_token: issued.secret.expose().to_owned(),
            token_type: "Bearer",
            expires_in: issued.expires_in_s,
            issued_token_type: matches!(asked, Asked::Exchange { .. } | Asked::Outside { .. })
                .then_some(ACCESS_TOKEN),
            scope: issued.scope,
            id_token: issued.id_token.map(|token| token.expose().to_owned()),
        }
    }
}

fn refused(asked: &Asked, refusal: Refusal) -> Failure {
    match (asked, refusal) {
        (Asked::ByClient { .. }, Refusal::UnknownKey) => Failure::client(refusal.message()),
        // RFC 8693 §2.2.2: a subject token that does not hold.
        (Asked::Exchange { .. }, Refusal::UnknownKey) => Failure::bad("invalid_request", refusal.message()),
        _ => Failure::refused(refusal),
    }
}

fn asked(headers: &axum::http::HeaderMap, form: &Params) -> Result<Asked, Failure> {
    let invalid = |why| Failure::bad("invalid_request", why);
    if form.doubled(&FIELDS) {
        return Err(invalid("A field must not be there twice. A token is for one workspace."));
    }
    match form.get("grant_type") {
        Some(DEVICE_CODE) => {
            let (Some(client), Some(code)) = (form.get("client_id"), form.get("device_code")) else {
                return Err(invalid("client_id and device_code are needed."));
            };
            let client = Uuid::try_parse(client)
                .map_err(|_| Failure::bad("invalid_client", "client_id must be a UUID."))?;
            Ok(Asked::Device { client, code: code.to_owned() })
        }
        Some(AUTHORIZATION_CODE) => by_code(headers, form),
        Some(CLIENT_CREDENTIALS) => {
            let Client { id: Some(id), secret: Some(secret) } = Client::of(headers, form)? else {
                return Err(Failure::client("Send client_id and client_secret, by Basic or in the form."));
            };
            if secret.starts_with(control::secret::Kind::EnrollmentKey.prefix()) {
                return Ok(Asked::Server { workspace: called(&id), key: secret });
            }
            Ok(Asked::ByClient { client: id, key: secret, workspace: target(form)? })
        }
        Some(EXCHANGE) => exchange(form),
        Some(_) => Err(Failure::bad(
            "unsupported_grant_type",
            "Use an authorization code, client credentials, a token exchange or a device code.",
        )),
        None => Err(invalid("grant_type is needed.")),
    }
}

/// What is no id is no workspace's.
fn called(id: &str) -> WorkspaceId {
    id.parse().unwrap_or(WorkspaceId::from_uuid(Uuid::nil()))
}

fn by_code(headers: &axum::http::HeaderMap, form: &Params) -> Result<Asked, Failure> {
    let Client { id: Some(id), secret: Some(key) } = Client::of(headers, form)? else {
        return Err(Failure::client("A workspace's server asks, with its id and enrollment key."));
    };
    let field = |name| form.get(name).map(str::to_owned);
    let (Some(code), Some(redirect_uri), Some(verifier)) =
        (field("code"), field("redirect_uri"), field("code_verifier"))
    else {
        return Err(Failure::bad("invalid_request", "code, redirect_uri and code_verifier are needed."));
    };
    Ok(Asked::Code { workspace: called(&id), key, code, redirect_uri, verifier })
}

fn exchange(form: &Params) -> Result<Asked, Failure> {
    let invalid = |why| Failure::bad("invalid_request", why);
    let Some(subject) = form.get("subject_token") else {
        return Err(invalid("subject_token is needed: an API key, or a short token made from one."));
    };
    let is_outside = match form.get("subject_token_type") {
        Some(ACCESS_TOKEN) => false,
        Some(JWT | ID_TOKEN) => true,
        _ => {
            return Err(invalid(
                "subject_token_type must be access_token, or jwt or id_token for a token of an outside issuer, \
                 after urn:ietf:params:oauth:token-type:.",
            ));
        }
    };
    if form.get("actor_token").is_some() || form.get("actor_token_type").is_some() {
        return Err(invalid("Nobody acts for somebody else here: leave actor_token out."));
    }
    if !matches!(form.get("requested_token_type"), None | Some(ACCESS_TOKEN | JWT)) {
        return Err(invalid("Only access tokens are issued."));
    }
    if is_outside {
        return outside(form, subject);
    }
    Ok(Asked::Exchange { subject: subject.to_owned(), workspace: target(form)? })
}

/// A token of an outside issuer, for one of a service account.
fn outside(form: &Params, subject: &str) -> Result<Asked, Failure> {
    // A token that is less than what was asked for would be taken for it.
    if ["audience", "resource", "scope"].into_iter().any(|name| form.get(name).is_some()) {
        return Err(Failure::bad(
            "invalid_request",
            "A token of an outside issuer becomes one of a service account, for all workspaces that it may enter: leave \
             audience, resource and scope out, and name the account as client_id.",
        ));
    }
    // What is no id is the id of no account.
    let named = |id: &str| id.parse().unwrap_or(ServiceAccountId::from_uuid(Uuid::nil()));
    Ok(Asked::Outside { subject: subject.to_owned(), account: form.get("client_id").map(named) })
}

/// The workspace a token is for: its id as `audience`, or as `resource` its URN (RFC 8707 §2 wants a URI).
fn target(form: &Params) -> Result<WorkspaceId, Failure> {
    let target = |why| Failure::bad("invalid_target", why);
    let named = match (form.get("audience"), form.get("resource")) {
        (Some(audience), None) => audience,
        (None, Some(resource)) => resource.strip_prefix("urn:uuid:").unwrap_or(resource),
        (Some(_), Some(_)) => return Err(target("Name the workspace once: as audience or as resource.")),
        (None, None) => return Err(target("Say for which workspace: its id as audience.")),
    };
    // In the one form in which it will stand in the token.
    match named.parse::<WorkspaceId>() {
        Ok(id) if id.to_string() == named => Ok(id),
        _ => Err(target(Refusal::NotThere.message())),
    }
}
