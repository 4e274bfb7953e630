//! The token service in the words of OAuth: `/oauth/*` and what clients discover it by. The operations behind it are
//! those of `/api/v1/auth/login`.

pub mod answer;
mod client;
mod discovery;
pub mod introspect;
mod sign_in;
pub mod token;

use crate::http::AppState;
use axum::Router;
use axum::routing::{get, post};

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/.well-known/oauth-authorization-server", get(discovery::metadata))
        .route("/.well-known/openid-configuration", get(discovery::metadata))
        .route("/oauth/authorize", get(sign_in::authorize).post(sign_in::authorize_by_form))
        .route("/oauth/userinfo", get(sign_in::userinfo).post(sign_in::userinfo))
        .route("/oauth/jwks", get(discovery::keys))
        .route("/oauth/token", post(token::token))
        .route("/oauth/introspect", post(introspect::introspect))
        .route("/oauth/revoke", post(introspect::revoke))
}
