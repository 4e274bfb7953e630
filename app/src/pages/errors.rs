//! What is shown when there is nothing else to show: each says what to do next.

use crate::layout::PublicFrame;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::{ApiError, ErrorCode};
use ui::{Button, ButtonKind, LinkButton, Problem, Variant};

/// A page that could not be made. Sets the response's status while the server renders.
#[component]
pub fn ErrorView(
    /// What went wrong.
    error: ApiError,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        let status = http::StatusCode::from_u16(error.code.status());
        response.set_status(status.unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR));
    }
    let location = use_location();
    let login = move || format!("/login?next={}", location.pathname.get());
    let title = match error.code {
        ErrorCode::Unauthenticated => "You are not signed in",
        ErrorCode::Forbidden => "You may not open this",
        ErrorCode::FreshSignInRequired => "Sign in again to confirm it is you",
        ErrorCode::NotFound => "There is nothing here",
        ErrorCode::Gone => "This is over",
        ErrorCode::Unavailable => "Reeve does not answer",
        ErrorCode::RateLimited => "Too many attempts",
        _ => "This did not work",
    };
    let lead = match error.code {
        ErrorCode::NotFound => {
            "The address may be mistyped, the thing deleted, or you were not given access to it. An administrator of \
             your organization can tell."
                .to_owned()
        }
        ErrorCode::Forbidden => format!("{} An administrator of your organization can give it.", error.message),
        _ => error.message.clone(),
    };
    let reference =
        matches!(error.code, ErrorCode::Internal | ErrorCode::Unavailable).then(|| error.request_id.clone());
    let next = match error.code {
        ErrorCode::Unauthenticated | ErrorCode::FreshSignInRequired => view! { <a href=login class="text-accent underline">"Sign in"</a> }.into_any(),
        ErrorCode::Unavailable | ErrorCode::RateLimited | ErrorCode::Internal => view! {
            <form method="get">
                <Button kind=ButtonKind::Submit variant=Variant::Secondary icon="refresh-cw">"Try again"</Button>
            </form>
        }
        .into_any(),
        _ => view! { <LinkButton href="/">"Go to the start page"</LinkButton> }.into_any(),
    };
    view! {
        <Title text=title />
        <Problem title lead status=error.code.status().to_string() reference=reference.filter(|id| !id.is_empty())>
            {next}
        </Problem>
    }
}

/// The page behind no route.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    crate::lazy::leave_to_server();
    view! {
        <PublicFrame>
            <ErrorView error=ApiError::new(ErrorCode::NotFound, "") />
        </PublicFrame>
    }
}
