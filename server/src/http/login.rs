//! Signing in through a provider: off to it, and back. Browsers come here by links and redirects, so every answer is
//! a redirect to a page.

use crate::http::{AppState, cookies};
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use control::sso::{Callback, SignInError};
use control::{Control, Cx, Open};
use serde::Deserialize;

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/auth/login", get(login))
        .route("/api/auth/callback", get(callback))
        .route("/api/auth/logout-complete", get(logout_complete))
}

/// What `/api/auth/login` may be asked.
#[derive(Debug, Default, Deserialize)]
struct LoginQuery {
    /// Where to go afterwards: a path here, or the address of a registered workspace.
    redirect: Option<String>,
    /// Through which provider; without it the sign-in page offers all of them.
    connection: Option<String>,
}

/// What a provider may send a browser back with (RFC 6749 §4.1.2, RFC 9207).
#[derive(Debug, Default, Deserialize)]
struct CallbackQuery {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// `GET /api/auth/login`: onwards if somebody is signed in, off to the provider if one is named, else to the sign-in
/// page. ZenML servers send browsers here.
async fn login(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    query: Result<Query<LoginQuery>, QueryRejection>,
) -> Response {
    let Query(query) = query.unwrap_or_default();
    let open = Open::because(&cx, "signing in comes before being signed in");
    if let Some(named) = &query.connection {
        let Ok(connection) = named.parse() else {
            return refused(&cx, SignInError::Refused(model::SignInProblem::ConnectionDisabled));
        };
        return match control.begin_sign_in(&open, connection, query.redirect.as_deref()).await {
            Ok(started) => {
                let cookie = [(SET_COOKIE, cookies::set_sign_in(&control, started.browser.expose()))];
                (cookie, Redirect::to(&started.url)).into_response()
            }
            Err(error) => refused(&cx, error),
        };
    }
    match control.safe_next(query.redirect.as_deref()).await {
        Ok(next) if cx.session().is_some() => Redirect::to(&next).into_response(),
        Ok(next) => {
            let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
            Redirect::to(&format!("/login?next={next}")).into_response()
        }
        Err(error) => refused(&cx, SignInError::Failed(error)),
    }
}

/// `GET /api/auth/callback`: the provider sent the browser back. Whatever comes of it, the attempt is over.
async fn callback(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    headers: HeaderMap,
    query: Result<Query<CallbackQuery>, QueryRejection>,
) -> Response {
    // A parameter that is there twice is no answer: nothing of it is read.
    let Query(query) = query.unwrap_or_default();
    let callback = Callback { state: query.state, code: query.code, error: query.error, iss: query.iss };
    let open = Open::because(&cx, "the provider's answer is the credential, and checked as one");
    let browser = cookies::sign_in(&control, &headers);
    let mut response = match control.finish_sign_in(&open, &callback, browser.as_deref()).await {
        Ok(begun) => {
            let cookie = [(SET_COOKIE, cookies::set_session(&control, begun.secret.expose()))];
            (cookie, Redirect::to(&begun.next)).into_response()
        }
        Err(error) => refused(&cx, error),
    };
    response.headers_mut().append(SET_COOKIE, cookies::clear_sign_in(&control));
    response
}

/// `GET /api/auth/logout-complete`: where a provider sends browsers after signing out there.
async fn logout_complete() -> Redirect {
    Redirect::to("/login")
}

/// To the explaining page. What is not public goes to the log.
fn refused(cx: &Cx, error: SignInError) -> Response {
    let code = match error {
        SignInError::Refused(problem) => problem.as_str(),
        SignInError::Failed(error) => {
            // Logs what happened under the request's id.
            let _ = error.into_api(&cx.origin().request_id);
            "failed"
        }
    };
    Redirect::to(&format!("/auth/error?code={code}")).into_response()
}
