//! Who asks: made once per request, before anything is done. Pages that need somebody send nobody to sign in.

use crate::http::problem::Asked;
use crate::http::{AppState, cookies, pages};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use control::{Actor, Control, Cx, Origin, Result};

/// Puts a [`Cx`] into the request's extensions.
///
/// What counts depends on what is asked for:
///
/// - `/api/v1` and `/oauth`: a bearer token; without one the cookie, for reading only.
/// - `/api/fn`: a bearer token, also the one of Reeve's own command line, which counts nowhere else; without one the
///   cookie.
/// - Pages: the cookie alone, so that a token never opens the dashboard.
pub async fn resolve(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let origin = request.extensions().get::<Origin>().cloned().unwrap_or_default();
    let asked = Asked::of(&request);
    // By parts: a body cannot be lent across an await.
    let presented = presented(&state.control, &request);
    let actor = match resolved(&state.control, presented, &origin).await {
        Ok(actor) => actor,
        Err(error) => return asked.answer(error),
    };
    if actor.is_none() && pages::needs_sign_in(&request) {
        return to_sign_in(&request);
    }
    let cx: Cx = state.control.cx(origin, actor);
    request.extensions_mut().insert(cx);
    next.run(request).await
}

/// What a request shows of its sender.
enum Presented {
    Nothing,
    /// Where programs of ZenML's ask too.
    Token(String),
    /// Of a server function.
    FunctionToken(String),
    Session(String),
}

fn presented(control: &Control, request: &Request) -> Presented {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let for_programs = is_for_programs(request.uri().path());
    let takes_tokens = for_programs || request.uri().path().starts_with("/api/fn/");
    if takes_tokens && let Some(token) = bearer(request.headers()) {
        // A token that is there and does not hold is not made up for by a cookie.
        let token = token.to_owned();
        return if for_programs { Presented::Token(token) } else { Presented::FunctionToken(token) };
    }
    match cookies::session(control, request.headers()) {
        Some(secret) if !for_programs || reads => Presented::Session(secret),
        _ => Presented::Nothing,
    }
}

async fn resolved(control: &Control, presented: Presented, origin: &Origin) -> Result<Option<Actor>> {
    let now = control.now();
    match presented {
        Presented::Nothing => Ok(None),
        Presented::Token(token) => control.resolve_bearer(&token, origin, now).await,
        Presented::FunctionToken(token) => control.resolve_bearer_of_functions(&token, origin, now).await,
        Presented::Session(secret) => control.resolve_session(&secret, now).await,
    }
}

/// Whether a path is there for programs, which authenticate themselves in each request: no cookie counts for what changes
/// something there.
pub(super) fn is_for_programs(path: &str) -> bool {
    path == "/api/v1" || path.starts_with("/api/v1/") || path.starts_with("/oauth/")
}

/// The token of an `Authorization: Bearer` header (RFC 6750 §2.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn to_sign_in(request: &Request) -> Response {
    let here = request.uri().path_and_query().map_or("/", |path| path.as_str());
    if here == "/" {
        return Redirect::to("/login").into_response();
    }
    let query = serde_urlencoded::to_string([("next", here)]).unwrap_or_default();
    Redirect::to(&format!("/login?{query}")).into_response()
}
