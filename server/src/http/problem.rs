//! Failures that arise before any page or operation was reached.

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use control::{Error, Origin};
use model::{ApiError, ErrorCode};
use serde_json::json;

/// In which form a failure is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A bare page.
    Html,
    /// With a code and by field.
    Coded,
    /// As ZenML reads it.
    Detail,
}

/// How a request wants to be answered, kept aside while the request itself is away.
#[derive(Clone, Debug)]
pub struct Asked {
    form: Form,
    request_id: String,
}

impl Asked {
    /// Of a request.
    pub fn of(request: &Request) -> Self {
        let accepts_html = request
            .headers()
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"));
        let form = match request.uri().path() {
            path if path.starts_with("/api/v1/") => Form::Detail,
            // The one address of the token service that people see.
            control::openid::PATH if accepts_html => Form::Html,
            path if path.starts_with("/api/") || path.starts_with("/oauth/") => Form::Coded,
            _ if accepts_html => Form::Html,
            _ => Form::Coded,
        };
        let request_id =
            request.extensions().get::<Origin>().map(|o| o.request_id.clone()).unwrap_or_default();
        Self { form, request_id }
    }

    /// The answer to a failed operation. What is not public in it goes to the log.
    pub fn answer(&self, error: Error) -> Response {
        self.answer_with(error.into_api(&self.request_id))
    }

    /// The answer to a failure.
    pub fn answer_with(&self, mut error: ApiError) -> Response {
        error.request_id.clone_from(&self.request_id);
        let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = match self.form {
            Form::Html => Html(bare_page(&error)).into_response(),
            Form::Coded => Json(&error).into_response(),
            Form::Detail => Json(json!({ "detail": error.message })).into_response(),
        };
        *response.status_mut() = status;
        if error.code == ErrorCode::RateLimited {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response
    }
}

/// A page that needs nothing: no database, no stylesheet, no script. Message and id are texts of ours, and escaped
/// all the same.
fn bare_page(error: &ApiError) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>This did not work · Reeve</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"></head>\
         <body><main><h1>This did not work</h1><p>{}</p><p>Reference: <code>{}</code></p>\
         <p><a href=\"/\">Go to the start page</a></p></main></body></html>",
        escape(&error.message),
        escape(&error.request_id),
    )
}
