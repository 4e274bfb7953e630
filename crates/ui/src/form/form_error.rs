use crate::Icon;
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use leptos_router::params::ParamsMap;
use model::error::{ApiError, ErrorCode};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// What is wrong with the input `name`, for a field's `error`.
pub fn field_error(error: Signal<Option<ApiError>>, name: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || error.with(|error| error.as_ref().and_then(|error| error.field(name))))
}

/// Why a form was not accepted, above its fields. When an error arrives, focus moves to the first bad field, or here if it is
/// about none: the button that sent the form may be far below.
///
/// ```ignore
/// <FormError error=Signal::derive(move || action.value().get().and_then(Result::err)) />
/// ```
#[component]
pub fn FormError(
    /// The last answer's error.
    #[prop(into)]
    error: Signal<Option<ApiError>>,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    Effect::new(move |before: Option<bool>| {
        let failed = error.with(Option::is_some);
        // Not on the first run: an error that came with the page is read where it stands.
        if failed && before.is_some() {
            request_animation_frame(move || {
                // By then the page may have been read anew, and this be gone.
                if let Some(summary) = node.try_get_untracked().flatten() {
                    focus_first_bad(&summary);
                }
            });
        }
        failed
    });
    view! {
        <div node_ref=node role="alert" tabindex="-1" class="scroll-mt-20 outline-none empty:hidden">
            {move || {
                error
                    .get()
                    .map(|error| {
                        view! {
                            <div class="flex gap-2.5 rounded-control bg-bad-soft px-3 py-2.5 text-sm">
                                <Icon name="circle-alert" class="mt-0.5 size-4 shrink-0 text-bad" />
                                <div class="min-w-0">
                                    <p class="text-pretty">{error.message}</p>
                                    {(error.code == ErrorCode::FreshSignInRequired).then(|| view! { <SignInAgain /> })}
                                    {(error.code == ErrorCode::Internal && !error.request_id.is_empty())
                                        .then(|| {
                                            view! {
                                                <p class="mt-0.5 text-muted">
                                                    "Reference "
                                                    <code class="font-mono text-xs select-all">{error.request_id}</code>
                                                </p>
                                            }
                                        })}
                                </div>
                            </div>
                        }
                    })
            }}
        </div>
    }
}

/// The way to sign in again, and from there back to this page. In a tab of its own: what was entered here stays here, and
/// both tabs are one session.
#[component]
fn SignInAgain() -> impl IntoView {
    let location = use_location();
    let here =
        location.pathname.with_untracked(|path| location.search.with_untracked(|query| here(path, query)));
    let href = format!("/login{}", ParamsMap::from_iter([("next", here)]).to_query_string());
    view! {
        <p class="mt-1 text-pretty">
            <a href=href target="_blank" class="font-medium text-accent underline">
                "Sign in again to confirm it is you"
            </a>
            " (in a new tab). What you entered stays here: come back to this tab and send it once more."
        </p>
    }
}

/// The address of a page, without what a form post without JavaScript has added to it.
fn here(path: &str, query: &str) -> String {
    let ours = |pair: &&str| !pair.is_empty() && !pair.starts_with("__");
    let query: Vec<&str> = query.trim_start_matches('?').split('&').filter(ours).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

fn focus_first_bad(summary: &HtmlElement) {
    let form = summary.closest("form").ok().flatten();
    let field = form.and_then(|form| form.query_selector("[aria-invalid=true]").ok().flatten());
    let field = field.and_then(|field| field.dyn_into::<HtmlElement>().ok());
    let _ = field.as_ref().unwrap_or(summary).focus();
}

#[cfg(test)]
mod again {
    #[test]
    fn one_comes_back_to_the_page_and_not_to_its_error() {
        assert_eq!(super::here("/me/tokens", ""), "/me/tokens");
        assert_eq!(super::here("/me/tokens", "?__path=x&__err=y"), "/me/tokens");
        assert_eq!(super::here("/access", "user=1&__err=y&tab=who"), "/access?user=1&tab=who");
    }
}
