//! Named values of a form or a query, as ZenML sends them: an empty value is as good as none, names that are not
//! known are passed over, and a name that comes twice is a mistake or an attack.

use crate::http::layer::limits;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;

/// Why a form cannot be read: a status and a sentence.
pub type Unreadable = (StatusCode, &'static str);

/// Named values.
#[derive(Clone, Debug, Default)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// From a query, or from the text of a form. `None` if it cannot be read.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(text).ok()?;
        Some(Self(pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()))
    }

    /// From the body of a request.
    ///
    /// # Errors
    ///
    /// The status to answer with: 415 for what is no form, 422 for one that cannot be read, 413 for one too large.
    pub async fn of_form(request: Request) -> Result<Self, Unreadable> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = kind.map(|kind| kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase());
        if essence.as_deref() != Some("application/x-www-form-urlencoded") {
            return Err((
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Send a form: application/x-www-form-urlencoded.",
            ));
        }
        let body = to_bytes(request.into_body(), limits::BODY)
            .await
            .map_err(|_| (StatusCode::PAYLOAD_TOO_LARGE, "The form is too large or broke off."))?;
        Self::parse(&body).ok_or((StatusCode::UNPROCESSABLE_ENTITY, "The form cannot be read."))
    }

    /// One value. Ask [`Params::doubled`] first.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All of them, as what they are. `None` if one has the wrong form, or is there twice.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        let text = serde_urlencoded::to_string(&self.0).ok()?;
        serde_urlencoded::from_str(&text).ok()
    }

    /// Every value of a name that may come again and again.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether any of `names` is there twice.
    pub fn doubled(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.0.iter().filter(|(key, _)| key == name).count() > 1)
    }

    /// Whether one of the values of `name` is `value`.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.0.iter().any(|(key, found)| key == name && found == value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_values_are_absent_and_doubled_names_are_noticed() {
        let params = Params::parse(b"grant_type=&password=a+b%26c&x=1&x=2&y=&y=3").unwrap();
        assert_eq!(params.get("grant_type"), None);
        assert_eq!(params.get("password"), Some("a b&c"));
        assert_eq!(params.get("y"), Some("3"));
        assert!(params.doubled(&["password", "x"]) && !params.doubled(&["password", "y", "z"]));
    }
}
