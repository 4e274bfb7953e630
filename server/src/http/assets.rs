//! Files of the built site, and the page for everything that is nowhere.

use crate::http::AppState;
use crate::http::pages::FOR_PROGRAMS;
use crate::http::problem::Asked;
use app::shell;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use control::Error;
use leptos_axum::file_and_error_handler_with_context;
use std::future::Future;
use std::pin::Pin;

/// Serves what no route answers. Files come with their compressed copies if the build made them.
pub fn serve(
    context: impl Fn() + Clone + Send + 'static,
) -> impl Fn(State<AppState>, Request) -> Pin<Box<dyn Future<Output = Response> + Send>> + Clone + Send + 'static
{
    let handler = file_and_error_handler_with_context::<AppState, _>(context, shell);
    move |state, request| {
        let handler = handler.clone();
        Box::pin(async move {
            let asked = Asked::of(&request);
            let uri = request.uri().clone();
            if FOR_PROGRAMS.iter().any(|start| uri.path().starts_with(start)) {
                return asked.answer(Error::not_found());
            }
            let mut response = handler(uri.clone(), state, request).await;
            if response.status() == StatusCode::OK {
                let keep = HeaderValue::from_static(cache_control(uri.path()));
                response.headers_mut().insert(header::CACHE_CONTROL, keep);
            }
            response
        })
    }
}

/// How long a file may be kept. One with a digest in its name never changes.
fn cache_control(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or("");
    if path.starts_with("/pkg/") && name.split('.').count() >= 3 {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=3600"
    }
}
