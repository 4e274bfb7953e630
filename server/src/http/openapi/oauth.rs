//! The token service in the words of OAuth, and what clients discover it by.

use super::operation::Operation;
use crate::http::oauth::answer::OAuthError;
use crate::http::oauth::introspect::Introspection;
use crate::http::oauth::token::OAuthToken;
use control::authz::WorkspaceAct;
use model::ApiError;
use model::ErrorCode::{Forbidden, Unauthenticated};
use schemars::JsonSchema;
use serde_json::Value;
use std::collections::BTreeMap;

/// A failure of the token service.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum Refused {
    /// In the words of OAuth.
    OAuth(OAuthError),
    /// Where the request did not get that far.
    Coded(ApiError),
}

/// One form for every grant.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "described, and read by hand")]
pub struct TokenRequest {
    /// `client_credentials`, `urn:ietf:params:oauth:grant-type:token-exchange` or
    /// `urn:ietf:params:oauth:grant-type:device_code`.
    grant_type: String,
    /// The workspace the token is for, by its id.
    #[serde(default)]
    audience: String,
    /// Or by its URN.
    #[serde(default)]
    resource: String,
    /// Names of permissions, with spaces between; without it, all that the caller may do there.
    #[serde(default)]
    scope: String,
    /// Of an account, a workspace or a device; with a token of an outside issuer, the service account to become.
    #[serde(default)]
    client_id: String,
    /// An API key, or a workspace's enrollment key. Id and key may be sent by Basic as well.
    #[serde(default)]
    client_secret: String,
    /// What a device login began with.
    #[serde(default)]
    device_code: String,
    /// An API key, a short token made from one, or a token of an outside issuer.
    #[serde(default)]
    subject_token: String,
    /// `access_token`, or `jwt` or `id_token` for a token of an outside issuer, after
    /// `urn:ietf:params:oauth:token-type:`.
    #[serde(default)]
    subject_token_type: String,
    /// Only access tokens are issued.
    #[serde(default)]
    requested_token_type: String,
}

/// A token that is asked about, and with what a workspace's server proves who it is where it sends no token of its own.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "described, and read by hand")]
pub struct About {
    token: String,
    /// Not looked at: tokens tell by themselves what they are.
    #[serde(default)]
    token_type_hint: String,
    /// The workspace's id.
    #[serde(default)]
    client_id: String,
    /// Its enrollment key.
    #[serde(default)]
    client_secret: String,
}

/// A token that is given up.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "described, and read by hand")]
pub struct GivenUp {
    token: String,
    /// Not looked at: tokens tell by themselves what they are.
    #[serde(default)]
    token_type_hint: String,
}

type Document = BTreeMap<String, Value>;

/// All of it.
pub fn all() -> Vec<Operation> {
    const NOUN: &str = "tokens";
    let get = |path: &'static str, text: &str| Operation::new("GET", path, NOUN, text);
    let post = |path: &'static str, text: &str| Operation::new("POST", path, NOUN, text);
    vec![
        get("/.well-known/oauth-authorization-server", "What the token service can do (RFC 8414).")
            .open("clients discover what there is")
            .coded()
            .gives::<Document>("The metadata."),
        get("/oauth/jwks", "The keys by which tokens for workspaces are verified (RFC 7517).")
            .open("public keys")
            .oauth()
            .gives::<Document>("The keys."),
        post(
            "/oauth/token",
            "A token: by client credentials, by token exchange (RFC 8693) or by a device code.",
        )
        .open("the request holds the credential")
        .takes_form::<TokenRequest>()
        .refuses(&[Unauthenticated, Forbidden])
        .oauth()
        .gives::<OAuthToken>("The token."),
        post("/oauth/introspect", "Whether a token holds (RFC 7662), for the workspace it is for.")
            .needs::<WorkspaceAct>()
            .takes_form::<About>()
            .oauth()
            .gives::<Introspection>("Whether it does, and whose it is."),
        post("/oauth/revoke", "Ends a token (RFC 7009), for whoever holds it.")
            .open("whoever holds a token may end it")
            .takes_form::<GivenUp>()
            .refuses(&[Forbidden])
            .oauth()
            .answers(200, "Ended, or there was none.", Vec::new()),
    ]
}
