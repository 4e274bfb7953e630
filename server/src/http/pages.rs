//! The dashboard: its pages, its server functions, and what each of them is given.

use crate::http::layer::headers;
use crate::http::{AppState, assets, cookies};
use app::{App, KeptCookies, SessionCookie, ThemeCookie, shell};
use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method};
use control::Control;
use leptos::config::Env;
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list};
use std::sync::{Arc, LazyLock};

/// Pages for people who are not signed in.
const PUBLIC: [&str; 5] =
    ["/login", "/login/link/{secret}", "/auth/error", "/setup/{secret}", "/invite/{secret}"];

/// Routes that are no pages and look after themselves.
const NO_PAGES: [&str; 3] = ["/api", "/health", "/ready"];

/// What begins like this is for programs.
pub(super) const FOR_PROGRAMS: [&str; 3] = ["/api/", "/oauth/", "/.well-known/"];

/// The pages. Listed once in a process, before any is served: while the framework lists them it lets nothing be loaded,
/// anywhere in the process, and a page that is rendered at that moment would wait for its data for ever.
static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));

/// Adds the pages and the server functions, and the files of the built site for everything else.
pub fn add(routes: Router<AppState>, state: &AppState) -> Router<AppState> {
    let context = context(state);
    let options = state.leptos_options.clone();
    let pages = Router::new()
        .leptos_routes_with_context(state, PAGES.clone(), context.clone(), move || shell(options.clone()));
    routes.merge(pages).fallback(assets::serve(context))
}

/// Whether a request is for a page that needs somebody. Any page does unless it is listed above, so that one which is
/// added later is closed and not open by mistake.
pub fn needs_sign_in(request: &Request) -> bool {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return false;
    }
    request.extensions().get::<MatchedPath>().is_some_and(|path| {
        let path = path.as_str();
        let for_programs = FOR_PROGRAMS.iter().any(|start| path.starts_with(start));
        !for_programs && !PUBLIC.contains(&path) && !NO_PAGES.contains(&path)
    })
}

/// What pages and server functions find in their context, made once for every rendering and every call.
fn context(state: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let control = state.control.clone();
    let watch = cfg!(debug_assertions) && state.leptos_options.env == Env::DEV;
    let (session, kept) = (session_cookie(&control), kept_cookies(&control));
    move || {
        provide_context(control.clone());
        provide_context(session.clone());
        provide_context(kept.clone());
        let headers = use_context::<Parts>().map(|parts| parts.headers).unwrap_or_default();
        provide_context(ThemeCookie(cookies::theme(&headers)));
        if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>())
            && let Ok(policy) = HeaderValue::from_str(&headers::page_policy(&nonce.to_string(), watch))
        {
            response.insert_header(CONTENT_SECURITY_POLICY, policy);
        }
    }
}

fn session_cookie(control: &Control) -> SessionCookie {
    let control = control.clone();
    SessionCookie(Arc::new(move |secret| cookies::set_session(&control, secret)))
}

fn kept_cookies(control: &Control) -> KeptCookies {
    let (setting, reading) = (control.clone(), control.clone());
    KeptCookies::new(
        Arc::new(move |kept, value| cookies::set_kept(&setting, kept, value)),
        Arc::new(move |kept, headers| cookies::kept(&reading, kept, headers)),
    )
}
