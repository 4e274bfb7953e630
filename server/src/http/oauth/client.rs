//! With what a client proves who it is: HTTP Basic (RFC 6749 §2.3.1), or two fields of the form.

use super::answer::Failure;
use crate::http::zenml::params::Params;
use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A client's id and secret, as it sent them.
#[derive(Debug, Default)]
pub(super) struct Client {
    pub(super) id: Option<String>,
    pub(super) secret: Option<String>,
}

impl Client {
    /// From a request. Both ways at once are refused: a client uses one (RFC 6749 §2.3).
    pub(super) fn of(headers: &HeaderMap, form: &Params) -> Result<Self, Failure> {
        let in_form = Self {
            id: form.get("client_id").map(str::to_owned),
            secret: form.get("client_secret").map(str::to_owned),
        };
        let Some(basic) = basic(headers)? else { return Ok(in_form) };
        if in_form.secret.is_some() || in_form.id.is_some() && in_form.id != basic.id {
            return Err(Failure::bad(
                "invalid_request",
                "Name the client in one way: by Basic or in the form.",
            ));
        }
        Ok(basic)
    }
}

fn basic(headers: &HeaderMap) -> Result<Option<Client>, Failure> {
    const UNREADABLE: Failure = Failure::client("The Authorization header cannot be read.");
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().map_err(|_| UNREADABLE)?;
    let Some((scheme, encoded)) = text.split_once(' ') else { return Err(UNREADABLE) };
    if !scheme.eq_ignore_ascii_case("basic") {
        return Ok(None);
    }
    let bytes = STANDARD.decode(encoded.trim()).map_err(|_| UNREADABLE)?;
    let pair = String::from_utf8(bytes).map_err(|_| UNREADABLE)?;
    let (id, secret) = pair.split_once(':').ok_or(UNREADABLE)?;
    // Encoded as a form before they were joined.
    let plain = |text: &str| {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(&format!("v={text}")).unwrap_or_default();
        match <[(String, String); 1]>::try_from(pairs) {
            Ok([(_, value)]) if !value.is_empty() => Ok(value),
            _ => Err(UNREADABLE),
        }
    };
    Ok(Some(Client { id: Some(plain(id)?), secret: Some(plain(secret)?) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn read(value: &str, form: &str) -> Result<Client, Failure> {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        Client::of(&headers, &Params::parse(form.as_bytes()).unwrap())
    }

    #[test]
    fn one_way_at_a_time_and_nothing_half_read() {
        let basic = |pair: &str| format!("Basic {}", STANDARD.encode(pair));
        let client = read(&basic("a%2Fb:s%3Ac+d"), "grant_type=x").unwrap();
        assert_eq!((client.id.as_deref(), client.secret.as_deref()), (Some("a/b"), Some("s:c d")));
        let client = read("Bearer x", "client_id=a&client_secret=b").unwrap();
        assert_eq!((client.id.as_deref(), client.secret.as_deref()), (Some("a"), Some("b")));
        assert!(read(&basic("a:b"), "client_id=a").is_ok());
        assert!(read(&basic("a:b"), "client_id=c").is_err());
        assert!(read(&basic("a:b"), "client_secret=b").is_err());
        for value in ["Basic !!", "Basic", &basic("ab"), &basic(":b"), &basic("a:"), &basic("a:b&c=d")] {
            assert!(read(value, "").is_err(), "{value}");
        }
    }
}
