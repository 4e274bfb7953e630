//! What clients and workspaces find out by themselves: metadata, which is the same by RFC 8414 and by `OpenID` Connect
//! Discovery 1.0, and the keys that tokens are signed with.

use super::answer::fault;
use super::token::{AUTHORIZATION_CODE, CLIENT_CREDENTIALS, EXCHANGE};
use crate::http::zenml::token_endpoint::DEVICE_CODE;
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use control::openid::PATH;
use control::{Control, Cx, Open};
use model::Permission;
use model::workspace::TokenAlgorithm;
use serde_json::json;

/// Much shorter than a key is published before it signs.
const KEYS_CACHED: HeaderValue = HeaderValue::from_static("public, max-age=300");
const METADATA_CACHED: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// `GET /.well-known/oauth-authorization-server` and `/.well-known/openid-configuration`
pub(super) async fn metadata(State(control): State<Control>) -> Response {
    let url = &control.settings().public_url;
    let scopes: Vec<&str> = ["openid", "profile", "email"]
        .into_iter()
        .chain(Permission::ALL.iter().map(|it| it.as_str()))
        .collect();
    let by_client = ["client_secret_basic", "client_secret_post"];
    let body = json!({
        "issuer": url.as_str(),
        "token_endpoint": url.join("/oauth/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "device_authorization_endpoint": url.join("/api/v1/auth/device_authorization"),
        "introspection_endpoint": url.join("/oauth/introspect"),
        "introspection_endpoint_auth_methods_supported": by_client,
        "revocation_endpoint": url.join("/oauth/revoke"),
        "revocation_endpoint_auth_methods_supported": ["none"],
        "jwks_uri": url.join("/oauth/jwks"),
        "grant_types_supported": [AUTHORIZATION_CODE, CLIENT_CREDENTIALS, EXCHANGE, DEVICE_CODE],
        "authorization_endpoint": url.join(PATH),
        "authorization_response_iss_parameter_supported": true,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "select_account"],
        "request_uri_parameter_supported": false,
        "userinfo_endpoint": url.join("/oauth/userinfo"),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": TokenAlgorithm::ALL,
        "claims_supported": [
            "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "sid",
            "name", "preferred_username", "email", "email_verified",
        ],
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "scopes_supported": scopes,
        // Not of RFC 8414: with what access tokens may be signed.
        "access_token_signing_alg_values_supported": TokenAlgorithm::ALL,
    });
    ([(header::CACHE_CONTROL, METADATA_CACHED)], Json(body)).into_response()
}

/// `GET /oauth/jwks`
pub(super) async fn keys(State(control): State<Control>, Extension(cx): Extension<Cx>) -> Response {
    let open = Open::because(&cx, "public keys are for everybody");
    match control.published_keys(&open).await {
        Ok(keys) => ([(header::CACHE_CONTROL, KEYS_CACHED)], Json(json!({ "keys": keys }))).into_response(),
        Err(error) => fault(&cx, error),
    }
}
