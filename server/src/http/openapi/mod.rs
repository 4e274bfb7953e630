//! The description of the API (OpenAPI 3.1): made of the types and rights that the code uses, once in a process.
//!
//! Every endpoint stands in one of the lists here, and a test holds them against the router.

pub mod document;
pub mod functions;
pub mod needs;
pub mod oauth;
pub mod operation;
pub mod page;
pub mod params;
pub mod plain;
pub mod rest;
pub mod shape;

use crate::http::AppState;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use operation::Operation;
use serde_json::Value;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new().route("/api/openapi.json", get(json)).route("/api", get(page::show))
}

/// Every operation, in the order in which people read them.
fn operations() -> Vec<Operation> {
    rest::all().into_iter().chain(functions::all()).chain(oauth::all()).chain(plain::all()).collect()
}

/// The description.
pub fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| document::assemble(&operations()));
    &DOCUMENT
}

/// A text that is the same until the next version of this binary, and its digest.
struct Fixed {
    text: String,
    tag: HeaderValue,
}

impl Fixed {
    fn new(text: String) -> Self {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let tag = HeaderValue::from_str(&format!("\"{:016x}\"", hasher.finish()));
        Self { text, tag: tag.unwrap_or(HeaderValue::from_static("\"\"")) }
    }
}

/// `GET /api/openapi.json`. Open to anyone: it is the same in every installation of this version.
async fn json(State(_): State<AppState>, headers: HeaderMap) -> Response {
    static TEXT: LazyLock<Fixed> = LazyLock::new(|| Fixed::new(document().to_string()));
    let fixed = [
        (header::ETAG, TEXT.tag.clone()),
        // Kept, and asked about again each time: another version may run here at any moment.
        (header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache")),
    ];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == TEXT.tag) {
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (fixed, kind, TEXT.text.as_str()).into_response()
}
