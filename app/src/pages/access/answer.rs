//! Why somebody may do one thing, or the least that would let them.

use super::wanted::{Asked, Wanted};
use crate::pages::ways::Ways;
use crate::pages::words::permission_words;
use leptos::prelude::*;
use model::ApiError;
use model::OrgId;
use model::access::{Explanation, Smallest};
use ui::{Alert, Code, Tone};

/// The answer to "may they?".
#[component]
pub(super) fn Answer(
    org: OrgId,
    /// Who it is about.
    name: String,
    asked: Asked,
    /// What the place is called.
    place: String,
    explanation: Explanation,
) -> impl IntoView {
    let what = permission_words(asked.permission);
    let about = asked.resource.map(|id| {
        view! { <p class="text-muted">"Asked about the one with id " <Code>{id.to_string()}</Code></p> }
    });
    if explanation.allowed {
        return view! {
            <Alert tone=Tone::Ok title=format!("Yes, {name} may {what} in {place}")>
                {about}
                <p class="mt-1">"Through"</p>
                <Ways ways=explanation.ways here=asked.place />
            </Alert>
        }
        .into_any();
    }
    view! {
        <Alert tone=Tone::Warn title=format!("No, {name} may not {what} in {place}")>
            {about}
            <Remedy org smallest=explanation.smallest />
        </Alert>
    }
    .into_any()
}

/// What to give, and who can.
#[component]
fn Remedy(org: OrgId, smallest: Option<Smallest>) -> impl IntoView {
    let Some(smallest) = smallest else {
        return view! { <p class="mt-1">"No role that can be given here would allow it."</p> }.into_any();
    };
    let givers = if smallest.givers.is_empty() {
        view! { <p class="mt-1">"Nobody in the organization can give it."</p> }.into_any()
    } else {
        let people = smallest
            .givers
            .into_iter()
            .map(|(user, name)| {
                let href = format!("/organizations/{org}/members/{user}");
                view! { <li><a class="link" href=href>{name}</a></li> }
            })
            .collect_view();
        view! {
            <p class="mt-1">"These people can give it, among others:"</p>
            <ul class="mt-1 flex flex-wrap gap-x-3 gap-y-1">{people}</ul>
        }
        .into_any()
    };
    view! {
        <p class="mt-1">
            "The least that would allow it is " <strong class="font-medium">{smallest.role_name}</strong> " in "
            <strong class="font-medium">{smallest.place_name}</strong> "."
        </p>
        {givers}
    }
    .into_any()
}

/// Why there is no answer. What is wrong with a field of the form stands there.
#[component]
pub(super) fn NoAnswer(error: ApiError, wanted: Wanted) -> impl IntoView {
    let clear = wanted.without_place();
    view! {
        <Alert tone=Tone::Warn title="There is no answer to this">
            <p>{error.message}</p>
            <a class="link" href=clear.address()>"Ask about something else"</a>
        </Alert>
    }
}
