//! The frame around every page behind a session.

use crate::api::load::load;
use crate::api::sessions::frame;
use crate::layout::{AppFrame, WithNav};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;
use model::OrgId;

/// Where the person is, as far as the frame cares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Place {
    org: Option<OrgId>,
    workspace: Option<String>,
}

impl Place {
    fn of(path: &str) -> Self {
        let mut parts = path.trim_start_matches('/').split('/');
        match (parts.next(), parts.next()) {
            (Some("organizations"), Some(org)) => Self { org: org.parse().ok(), workspace: None },
            (Some("workspaces"), Some(name)) => Self { org: None, workspace: Some(name.to_owned()) },
            _ => Self::default(),
        }
    }
}

/// How many times a page has changed what the frame shows.
#[derive(Clone, Copy)]
struct FrameStale(RwSignal<u32>);

/// Has the frame loaded again after each success of `action`: one's own name and the organization's stand in it.
pub(super) fn reload_frame_after<S>(action: ServerAction<S>)
where
    S: ServerFn + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
    S::Error: Send + Sync + 'static,
{
    let stale = use_context::<FrameStale>();
    Effect::new(move |before: Option<usize>| {
        let done = action.version().get();
        let succeeded = action.value().with(|value| matches!(value, Some(Ok(_))));
        if let Some(stale) = stale
            && succeeded
            && before.is_some_and(|before| before != done)
        {
            stale.0.update(|times| *times += 1);
        }
        done
    });
}

/// Loads what the frame shows and puts the page into it.
#[component]
pub fn Framed() -> impl IntoView {
    let location = use_location();
    // Pages of no organization keep the one before: going to one's account does not change the sidebar.
    let place = Memo::new(move |before: Option<&Place>| {
        let here = location.pathname.with(|path| Place::of(path));
        match before {
            Some(before) if here.org.is_none() && *before != Place::default() => before.clone(),
            _ => here,
        }
    });
    let stale = RwSignal::new(0_u32);
    provide_context(FrameStale(stale));
    let nav = load(move || (place.get(), stale.get()), |(place, _)| frame(place.org, place.workspace));
    view! {
        <AppFrame nav=WithNav::later(nav)>
            <Outlet />
        </AppFrame>
    }
}
