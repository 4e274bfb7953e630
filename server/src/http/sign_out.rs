//! Signing out: a plain form post, so that it works whatever else does not.

use crate::http::cookies;
use crate::http::problem::Asked;
use axum::extract::{Extension, Request, State};
use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use control::{Control, Cx};
use model::ErrorCode;

/// `POST /logout`. Ends the session and forgets the cookie; without a session it only forgets the cookie.
pub async fn sign_out(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    request: Request,
) -> Response {
    if let Some(session) = cx.session() {
        let ended = match control.myself(&cx).await {
            Ok(me) => control.end_session(&me, session).await,
            Err(error) => Err(error),
        };
        // Over already, by age or from another browser: what was asked for is so.
        if let Err(error) = ended
            && !matches!(error.code(), ErrorCode::NotFound | ErrorCode::Unauthenticated)
        {
            return Asked::of(&request).answer(error);
        }
    }
    let headers = [
        (SET_COOKIE, cookies::clear_session(&control)),
        (CACHE_CONTROL, axum::http::HeaderValue::from_static("no-store")),
        // Pages of the person who was here must not come back with the back button.
        (HeaderName::from_static("clear-site-data"), axum::http::HeaderValue::from_static("\"cache\"")),
    ];
    (headers, Redirect::to("/login")).into_response()
}
