//! The pages, one folder per feature.

pub mod audit;
pub mod connections;
pub mod device;
pub mod errors;
pub mod frame;
pub mod home;
pub mod invitations;
pub mod me;
pub mod members;
pub mod org;
pub mod public;
pub mod workspaces;

pub use errors::{ErrorView, NotFound};

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::OrgId;

/// The id in `:org` of the address; `None` if it is not an id.
pub(crate) fn org_param() -> Memo<Option<OrgId>> {
    let params = use_params_map();
    Memo::new(move |_| params.read().get("org").and_then(|text| text.parse().ok()))
}

/// A text parameter of the address's path.
pub(crate) fn text_param(name: &'static str) -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.read().get(name).unwrap_or_default())
}

/// What a failed form says: from the hydrated action, or from the address after a form post without JavaScript.
pub(crate) fn failure<T>(result: Option<&Result<T, crate::api::Error>>) -> Option<model::ApiError> {
    result.and_then(|result| result.as_ref().err()).map(|error| error.0.clone())
}

/// For a part of the address that cannot be an id.
pub(crate) fn missing() -> crate::api::Error {
    crate::api::Error(model::ApiError::new(model::ErrorCode::NotFound, ""))
}
