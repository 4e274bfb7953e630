//! Where a Reeve is.

use model::{ApiError, ErrorCode};
use std::fmt;
use std::str::FromStr;
use url::{Host, Url};

/// The address of a Reeve: an origin, in the one form in which it is compared and kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Server(String);

impl Server {
    /// The origin, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is at a path of it.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Server {
    type Err = ApiError;

    fn from_str(text: &str) -> Result<Self, ApiError> {
        let wrong =
            |why: &str| ApiError::new(ErrorCode::Invalid, format!("The address of the server {why}."));
        let url =
            Url::parse(text.trim()).map_err(|_| wrong("must be a URL such as https://reeve.example.com"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong("must begin with https://"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("must hold no user or password"));
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("must be without a path, as in https://reeve.example.com"));
        }
        if url.scheme() == "http" && !is_this_machine(&url) {
            return Err(wrong(
                "must begin with https:// unless it is this machine: a token would travel in clear",
            ));
        }
        Ok(Self(url.origin().ascii_serialization()))
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_has_one_form() {
        for (text, form) in [
            ("https://Reeve.Example.com/", "https://reeve.example.com"),
            (" https://reeve.example.com:443 ", "https://reeve.example.com"),
            ("http://localhost:8580/", "http://localhost:8580"),
            ("http://127.0.0.1:8580", "http://127.0.0.1:8580"),
            ("http://[::1]:8580", "http://[::1]:8580"),
        ] {
            assert_eq!(text.parse::<Server>().unwrap().as_str(), form);
        }
    }

    #[test]
    fn what_would_send_a_token_elsewhere_or_in_clear_is_no_server() {
        for text in [
            "",
            "reeve.example.com",
            "ftp://reeve.example.com",
            "http://reeve.example.com",
            "http://localhost.evil.test",
            "http://127.0.0.1.evil.test",
            "https://localhost@evil.test",
            "https://reeve.example.com/api",
            "https://reeve.example.com?x",
            "file:///etc/passwd",
        ] {
            assert!(text.parse::<Server>().is_err(), "{text}");
        }
    }
}
