//! Sign-in through a provider did not work. The address holds a short code and nothing else; the texts are ours.

use crate::layout::PublicFrame;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::SignInProblem;
use ui::{Centered, LinkButton, Variant};

/// Sign-in through a provider did not work.
#[component]
pub fn AuthError() -> impl IntoView {
    let query = use_query_map();
    let problem = query.with_untracked(|q| q.get("code").and_then(|code| code.parse::<SignInProblem>().ok()));
    let (title, advice) = problem.map_or(
        (
            "Sign-in did not work",
            "Something went wrong on our side, and nobody was signed in. Try again in a minute.",
        ),
        |problem| (problem.title(), problem.advice()),
    );
    view! {
        <Title text="Sign-in did not work" />
        <PublicFrame>
            <Centered title lead=advice>
                <LinkButton href="/login" variant=Variant::Primary full=true icon="arrow-left">"Back to sign-in"</LinkButton>
            </Centered>
        </PublicFrame>
    }
}
