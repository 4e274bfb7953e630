//! Requests that other sites make a browser send are refused, by what browsers say about where they come from
//! (Fetch Metadata). Forms stay plain: no hidden token, so they work without JavaScript and out of any cache.

use super::caller::is_for_programs;
use crate::http::AppState;
use crate::http::problem::Asked;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use control::Error;

/// Refuses unsafe requests of other sites.
///
/// Without a cookie, only what begins with `/api/v1` or `/oauth` may come from anywhere: it is for programs, which
/// authenticate themselves in each request. Forms of the dashboard are checked even then, or another site could sign a person in
/// as somebody else.
pub async fn refuse_foreign(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE);
    let has_cookie = request.headers().contains_key(header::COOKIE);
    let path = request.uri().path();
    let for_programs = !has_cookie && is_for_programs(path);
    // Workspaces may send people here by a form of theirs. It goes on as a link, whoever sent it, and looks at no cookie.
    let goes_on = path == control::openid::PATH;
    if safe
        || goes_on
        || for_programs
        || is_ours(request.headers(), state.control.settings().public_url.as_str(), has_cookie)
    {
        return next.run(request).await;
    }
    Asked::of(&request).answer(Error::forbidden(
        "This request came from another site. Open the page of this dashboard and try again there.",
    ))
}

/// Whether the browser says that a page of ours sent this, or the person did by themselves.
fn is_ours(headers: &HeaderMap, public_url: &str, has_cookie: bool) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin == public_url,
        // No browser of the last years: a program, which is no danger as long as it brings nobody's cookie.
        (None, None) => !has_cookie,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    #[test]
    fn what_a_browser_says_about_a_request_decides() {
        let ours = |pairs: &[(&'static str, &'static str)], cookie| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            is_ours(&headers, "https://reeve.test", cookie)
        };
        assert!(ours(&[("sec-fetch-site", "same-origin")], true));
        assert!(ours(&[("sec-fetch-site", "none")], true));
        assert!(ours(&[("origin", "https://reeve.test")], true));
        assert!(ours(&[], false));
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-site", ""),
            ("origin", "https://reeve.test.evil"),
            ("origin", "http://reeve.test"),
            ("origin", "null"),
        ] {
            assert!(!ours(&[(name, value)], true) && !ours(&[(name, value)], false), "{name}: {value}");
        }
        assert!(!ours(&[], true), "a cookie without a word about where the request comes from");
        assert!(
            !ours(&[("sec-fetch-site", "cross-site"), ("origin", "https://reeve.test")], true),
            "the newer header wins"
        );
    }
}
