//! Every way in: the router in one screen, and the layers around it.

pub mod assets;
pub mod audit_export;
pub mod cookies;
pub mod health;
pub mod layer;
pub mod login;
pub mod oauth;
pub mod openapi;
pub mod pages;
pub mod problem;
pub mod sign_out;
pub mod theme;
pub mod zenml;

use crate::site;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use control::Control;
use layer::peer::TrustedProxies;
use leptos::config::LeptosOptions;
use tower_http::compression::CompressionLayer;

/// What every handler can ask for.
#[derive(Clone, FromRef)]
pub struct AppState {
    /// The operations.
    pub control: Control,
    /// Where the built site is and what its files are called.
    pub leptos_options: LeptosOptions,
    /// Whose word about a caller's address is believed.
    pub proxies: TrustedProxies,
}

impl AppState {
    /// For a process that no proxy stands before, with the built site found where it usually is.
    pub fn new(control: Control) -> Self {
        Self { control, leptos_options: site::options(), proxies: TrustedProxies::default() }
    }
}

/// The whole server: pages, server functions, `/api/v1`, `/oauth`, and what is neither.
pub fn router(state: AppState) -> Router {
    layer::render::take_over_tasks();
    let plain = Router::new()
        .route("/health", get(health::live))
        .route("/ready", get(health::ready))
        .route("/logout", post(sign_out::sign_out))
        .route("/theme", post(theme::choose))
        .route("/organizations/{org}/audit/export", get(audit_export::export))
        .merge(login::routes())
        .merge(openapi::routes())
        .merge(oauth::routes())
        .merge(zenml::routes());
    layered(pages::add(plain, &state), state)
}

/// Puts the layers around routes. Each is wrapped by the one below it, so the last one here sees a request first.
fn layered(routes: Router<AppState>, state: AppState) -> Router {
    routes
        .layer(from_fn(layer::render::alone))
        .layer(from_fn(layer::error_status::set))
        .layer(from_fn_with_state(state.clone(), layer::caller::resolve))
        .layer(from_fn_with_state(state.clone(), layer::csrf::refuse_foreign))
        .layer(from_fn(layer::limits::time))
        .layer(from_fn(layer::limits::body))
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(layer::panic::catch))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(state.clone(), layer::headers::add))
        .layer(from_fn(layer::trace::log))
        .layer(from_fn_with_state(state.clone(), layer::peer::identify))
        .with_state(state)
}
