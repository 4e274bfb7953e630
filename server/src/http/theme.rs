//! Light, dark, or as the system says.

use crate::http::cookies;
use app::layout::Theme;
use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{REFERER, SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use control::Control;
use control::settings::is_local_path;
use serde::Deserialize;
use url::Url;

/// A choice.
#[derive(Debug, Deserialize)]
pub struct Choice {
    #[serde(default)]
    theme: String,
}

/// `POST /theme`. Remembers the choice in this browser and goes back to the page where it was made.
pub async fn choose(
    State(control): State<Control>,
    headers: HeaderMap,
    Form(choice): Form<Choice>,
) -> Response {
    let theme: Theme = choice.theme.parse().unwrap_or_default();
    let back = back_to(&headers).unwrap_or_else(|| "/".to_owned());
    ([(SET_COOKIE, cookies::set_theme(&control, theme))], Redirect::to(&back)).into_response()
}

/// The path the form was on. Only the path is taken, so a referrer of another site leads nowhere else.
fn back_to(headers: &HeaderMap) -> Option<String> {
    let url = Url::parse(headers.get(REFERER)?.to_str().ok()?).ok()?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{}{query}", url.path())).filter(|path| is_local_path(path))
}
