//! The documented admin API, for scripts: roles, teams, members, service accounts, keys and limits, by the operations the dashboard uses.

pub mod api_keys;
pub mod limits;
pub mod members;
pub mod places;
pub mod roles;
pub mod service_accounts;
pub mod shape;
pub mod teams;

use crate::http::AppState;
use axum::Router;

/// The routes of this module, with their whole paths.
pub fn routes() -> Router<AppState> {
    Router::new()
        .merge(api_keys::routes())
        .merge(limits::routes())
        .merge(members::routes())
        .merge(places::routes())
        .merge(roles::routes())
        .merge(service_accounts::routes())
        .merge(teams::routes())
}
