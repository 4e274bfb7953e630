//! The pages, one folder per feature.

pub mod access;
pub(crate) mod address;
pub mod audit;
pub mod connections;
pub mod device;
pub(crate) mod effect;
pub mod errors;
pub mod frame;
pub(crate) mod held;
pub mod home;
pub mod invitations;
pub(crate) mod keys;
pub mod me;
pub mod members;
pub mod org;
pub(crate) mod preview;
pub mod public;
pub mod roles;
pub mod service_accounts;
pub mod teams;
pub(crate) mod ways;
pub(crate) mod words;
pub mod workspaces;

pub use errors::{ErrorView, NotFound};

use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;
use model::OrgId;
use std::time::Duration;

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

/// Counts the successes of `action`: what is loaded again after them stays as it is after a refusal, and with it what
/// was typed.
pub(crate) fn successes<S>(action: ServerAction<S>) -> Memo<usize>
where
    S: ServerFn + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
    S::Error: Send + Sync + 'static,
{
    Memo::new(move |before: Option<&usize>| {
        let times = action.version().get();
        let succeeded = action.value().with(|value| matches!(value, Some(Ok(_))));
        if succeeded { times } else { before.copied().unwrap_or_default() }
    })
}

/// A form that is empty again after each of the successes counted by `done`: for adding one after the other.
pub(crate) fn emptied_after(done: Memo<usize>) -> NodeRef<html::Form> {
    let form = NodeRef::<html::Form>::new();
    Effect::new(move |before: Option<usize>| {
        let now = done.get();
        if before.is_some_and(|before| before != now)
            && let Some(form) = form.get_untracked()
        {
            form.reset();
        }
        now
    });
    form
}

/// Whether there was just one of the successes counted by `done`. Belongs to the page, not to the form in it: the form is
/// made again with what was saved.
pub(crate) fn saved_after(done: Memo<usize>) -> Signal<bool> {
    let saved = RwSignal::new(false);
    Effect::new(move |before: Option<usize>| {
        let now = done.get();
        if before.is_some_and(|before| before != now) {
            saved.set(true);
            // The page may be gone by then.
            set_timeout(move || _ = saved.try_set(false), Duration::from_secs(6));
        }
        now
    });
    saved.into()
}

/// For a part of the address that cannot be an id.
pub(crate) fn missing() -> crate::api::Error {
    crate::api::Error(model::ApiError::new(model::ErrorCode::NotFound, ""))
}
