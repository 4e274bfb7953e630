//! Signing in to a workspace with Reeve: where its server sends browsers, and where it asks who that was
//! (`OpenID` Connect Core 1.0 §3.1.2, §5.3).

use super::answer::fault;
use crate::http::problem::Asked;
use crate::http::zenml::answer::uncached;
use crate::http::zenml::params::Params;
use axum::Json;
use axum::extract::{Extension, RawQuery, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use control::openid::{AuthorizationRequest, Outcome, PATH, Person};
use control::{Control, Cx, Error};
use model::ErrorCode;
use serde_json::json;

const FIELDS: [&str; 13] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "request",
    "request_uri",
];

/// `GET /oauth/authorize`. Right: `workspace.enter`, of whoever is signed in.
pub(super) async fn authorize(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    let form = Asked::of(&request);
    let answer = match asked(query.as_deref().unwrap_or_default().as_bytes()) {
        Ok(asked) => control.authorize_sign_in(&cx, &asked).await,
        Err(error) => Err(error),
    };
    uncached(match answer {
        Ok(Outcome::Back(url)) => Redirect::to(&url).into_response(),
        Ok(Outcome::SignIn(next)) => {
            let query = serde_urlencoded::to_string([("next", next)]).unwrap_or_default();
            Redirect::to(&format!("/login?{query}")).into_response()
        }
        Err(error) => bad_request(&form, &cx, error),
    })
}

/// `POST /oauth/authorize`: the same, by a form (`OpenID` Connect Core 1.0 §3.1.2.1). It goes on as a link, so that the
/// browser brings the cookie that it leaves out of forms of other sites.
pub(super) async fn authorize_by_form(Extension(cx): Extension<Cx>, request: Request) -> Response {
    let form = Asked::of(&request);
    let asked = Params::of_form(request).await.map_err(|(_, why)| Error::invalid("body", why));
    let query = asked
        .and_then(|params| asked_in(&params))
        .and_then(|asked| serde_urlencoded::to_string(asked).map_err(Error::internal));
    uncached(match query {
        Ok(query) => Redirect::to(&format!("{PATH}?{query}")).into_response(),
        Err(error) => bad_request(&form, &cx, error),
    })
}

fn asked(query: &[u8]) -> Result<AuthorizationRequest, Error> {
    asked_in(&Params::parse(query).ok_or_else(|| Error::invalid("query", "It cannot be read."))?)
}

fn asked_in(params: &Params) -> Result<AuthorizationRequest, Error> {
    if params.doubled(&FIELDS) {
        return Err(Error::invalid("query", "A parameter must not be there twice."));
    }
    let value = |name| params.get(name).map(str::to_owned);
    Ok(AuthorizationRequest {
        client_id: value("client_id"),
        redirect_uri: value("redirect_uri"),
        response_type: value("response_type"),
        response_mode: value("response_mode"),
        scope: value("scope"),
        state: value("state"),
        nonce: value("nonce"),
        code_challenge: value("code_challenge"),
        code_challenge_method: value("code_challenge_method"),
        prompt: value("prompt"),
        max_age: value("max_age"),
        request: value("request"),
        request_uri: value("request_uri"),
    })
}

/// A page that says what is wrong: nobody is sent to an address that is not known.
fn bad_request(asked: &Asked, cx: &Cx, error: Error) -> Response {
    let mut error = error.into_api(&cx.origin().request_id);
    if let Some(why) = error.fields.values().next() {
        error.message.clone_from(why);
    }
    let mut response = asked.answer_with(error);
    if response.status() == StatusCode::UNPROCESSABLE_ENTITY {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    response
}

/// `GET` or `POST /oauth/userinfo`. Right: `workspace.enter`, of whoever signed in.
pub(super) async fn userinfo(State(control): State<Control>, Extension(cx): Extension<Cx>) -> Response {
    uncached(match control.userinfo(&cx).await {
        Ok(person) => Json::<Person>(person).into_response(),
        // RFC 6750 §3.1. Whoever may not enter any more has a token that is good for nothing.
        Err(error)
            if matches!(
                error.code(),
                ErrorCode::Unauthenticated | ErrorCode::NotFound | ErrorCode::Forbidden
            ) =>
        {
            let why = json!({
                "error": "invalid_token",
                "error_description": "This is no access token of a sign-in, or it is over.",
            });
            let challenge = HeaderValue::from_static("Bearer realm=\"reeve\", error=\"invalid_token\"");
            (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge)], Json(why)).into_response()
        }
        Err(error) => fault(&cx, error),
    })
}
