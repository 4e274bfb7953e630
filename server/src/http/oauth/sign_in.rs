//! Signing in to a workspace with Reeve: where its server sends browsers, and where it asks who that was
//! (`OpenID` Connect Core 1.0 §3.1.2, §5.3).

use super::answer::fault;
use crate::http::problem::Asked;
use crate::http::zenml::answer::uncached;
use crate::http::zenml::params::Params;
use axum::Json;
use axum::extract::{Extension, RawQuery, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use control::openid::{AuthorizationRequest, Outcome, PATH, Person};
use control::{Control, Cx, Error};
use model::ErrorCode;
use serde_json::json;

/// `GET /oauth/authorize`. Right: `workspace.enter`, of whoever is signed in.
pub(super) async fn authorize(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    let form = Asked::of(&request);
    if request.method() == Method::HEAD {
        // It would make a code that nobody gets.
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, POST")]).into_response();
    }
    let params = Params::parse(query.as_deref().unwrap_or_default().as_bytes());
    let answer = match asked_by(params.as_ref()) {
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
        .and_then(|params| asked_by(Some(&params)))
        .and_then(|asked| serde_urlencoded::to_string(asked).map_err(Error::internal));
    uncached(match query {
        Ok(query) => Redirect::to(&format!("{PATH}?{query}")).into_response(),
        Err(error) => bad_request(&form, &cx, error),
    })
}

fn asked_by(params: Option<&Params>) -> Result<AuthorizationRequest, Error> {
    let unreadable = || Error::invalid("query", "The request cannot be read, or names something twice.");
    params.and_then(Params::read).ok_or_else(unreadable)
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
