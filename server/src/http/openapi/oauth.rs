//! The token service in the words of OAuth, and what clients discover it by.

use super::operation::Operation;
use crate::http::oauth::answer::OAuthError;
use crate::http::oauth::introspect::Introspection;
use crate::http::oauth::token::OAuthToken;
use control::authz::WorkspaceAct;
use control::openid::Person;
use model::ApiError;
use model::ErrorCode::{Forbidden, RateLimited, Unauthenticated};
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
    /// `authorization_code`, `client_credentials`, `urn:ietf:params:oauth:grant-type:token-exchange` or
    /// `urn:ietf:params:oauth:grant-type:device_code`.
    grant_type: String,
    /// With which somebody came back who signs in to a workspace.
    #[serde(default)]
    code: String,
    /// Where they came back to.
    #[serde(default)]
    redirect_uri: String,
    /// What the challenge was made from (RFC 7636 §4.5).
    #[serde(default)]
    code_verifier: String,
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

/// A workspace that sends somebody here to sign in (OpenID Connect Core 1.0 §3.1.2.1, RFC 7636 §4.3).
#[derive(JsonSchema)]
#[expect(dead_code, reason = "described, and read by hand")]
pub struct SignInRequest {
    /// The workspace's id.
    client_id: String,
    /// Where to come back to: an address that the workspace registered.
    redirect_uri: String,
    /// `code`.
    response_type: String,
    /// `openid`, and more if you like.
    scope: String,
    /// SHA-256 of a verifier in base64url.
    code_challenge: String,
    /// `S256`.
    code_challenge_method: String,
    /// Comes back as it is.
    #[serde(default)]
    state: String,
    /// Comes back in the ID token.
    #[serde(default)]
    nonce: String,
    /// `none`, `login` or `select_account`.
    #[serde(default)]
    prompt: String,
    /// Seconds since the person last signed in, at most.
    #[serde(default)]
    max_age: String,
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
        get("/.well-known/openid-configuration", "The same by OpenID Connect Discovery 1.0.")
            .open("clients discover what there is")
            .coded()
            .gives::<Document>("The metadata."),
        get("/oauth/authorize", "Signs somebody in to a workspace with Reeve (OpenID Connect Core 1.0).")
            .open("whoever is not signed in is sent to sign in; who may not enter the workspace is sent back")
            .coded()
            .must_say::<String>("client_id", "The workspace's id.")
            .must_say::<String>("redirect_uri", "Where to come back to: an address that the workspace registered.")
            .must_say::<String>("response_type", "`code`.")
            .must_say::<String>("scope", "`openid`, and more if you like.")
            .must_say::<String>("code_challenge", "SHA-256 of a verifier in base64url (RFC 7636 §4.2).")
            .must_say::<String>("code_challenge_method", "`S256`.")
            .may_say::<String>("state", "Comes back as it is.")
            .may_say::<String>("nonce", "Comes back in the ID token.")
            .may_say::<String>("prompt", "`none`, `login` or `select_account`.")
            .may_say::<String>("max_age", "Seconds since the person last signed in, at most.")
            .refuses_with(400)
            .refuses(&[Forbidden, RateLimited])
            .answers(303, "Back to the workspace, or to sign in first.", Vec::new()),
        post("/oauth/authorize", "The same by a form: it goes on as a link.")
            .open("it only goes on as a link")
            .coded()
            .takes_form::<SignInRequest>()
            .refuses_with(400)
            .refuses(&[Forbidden])
            .answers(303, "To the link.", Vec::new()),
        get("/oauth/userinfo", "Who signed in (OpenID Connect Core 1.0 §5.3), for the workspace they signed in to.")
            .open("only the access token of a sign-in tells who that is")
            .oauth()
            .refuses(&[Unauthenticated])
            .gives::<Person>("The person."),
        post("/oauth/userinfo", "The same, asked by POST.")
            .open("only the access token of a sign-in tells who that is")
            .oauth()
            .refuses(&[Unauthenticated, Forbidden])
            .gives::<Person>("The person."),
        get("/oauth/jwks", "The keys by which tokens for workspaces are verified (RFC 7517).")
            .open("public keys")
            .oauth()
            .gives::<Document>("The keys."),
        post(
            "/oauth/token",
            "A token: by an authorization code, by client credentials, by token exchange (RFC 8693) or by a device code.",
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
