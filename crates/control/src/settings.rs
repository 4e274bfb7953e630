//! Typed settings. Reading them from files and the environment is the process's business, not ours.

use crate::error::{Error, Result};
use secrecy::SecretString;
use std::time::Duration;
use url::{Host, Url};

/// Everything the operations can be told from outside.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where people reach the dashboard; every link is made from it, never from a request's headers.
    pub public_url: PublicUrl,
    /// Encrypts the data keys, which seal what must be read back.
    pub secret_key: SecretString,
    /// The one before it: opens data keys that are still encrypted with it.
    pub previous_secret_key: Option<SecretString>,
    /// How mails leave; without it links are handed over by hand.
    pub mail: Option<MailSettings>,
    /// Seconds after which an unused session ends.
    pub session_idle_s: i64,
    /// Seconds after which any session ends.
    pub session_absolute_s: i64,
    /// How long a provider may take to answer one call.
    pub provider_timeout: Duration,
    /// Connections from the settings file.
    pub connections: Vec<FileConnection>,
}

impl Settings {
    /// Defaults around the two that have none.
    pub fn new(public_url: PublicUrl, secret_key: SecretString) -> Self {
        Self {
            public_url,
            secret_key,
            previous_secret_key: None,
            mail: None,
            session_idle_s: 24 * 3600,
            session_absolute_s: 7 * 24 * 3600,
            provider_timeout: Duration::from_secs(10),
            connections: Vec::new(),
        }
    }
}

/// How mails leave.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// `smtp://`, `smtps://` or `smtp+starttls://`, with user and password if needed.
    pub smtp_url: SecretString,
    /// The sender.
    pub from: String,
}

/// A connection to an OpenID provider, from the settings file.
#[derive(Clone, Debug)]
pub struct FileConnection {
    /// What the sign-in button says after "Continue with".
    pub label: String,
    /// The issuer identifier.
    pub issuer: String,
    /// The client id registered there.
    pub client_id: String,
    /// The client secret, if the client is confidential.
    pub client_secret: Option<SecretString>,
}

/// The dashboard's address: scheme, host and port, nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Reads an address.
    ///
    /// # Errors
    ///
    /// A sentence for the operator: it must be an origin, and https unless the host is this machine.
    pub fn parse(text: &str) -> std::result::Result<Self, &'static str> {
        let url = Url::parse(text.trim()).map_err(|_| "must be a URL such as https://reeve.example.com")?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("must begin with http:// or https://");
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(
                "must be an origin without a path: ZenML servers compare it with browsers' Origin header",
            );
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must hold no user or password");
        }
        if url.scheme() == "http" && !is_this_machine(&url) {
            return Err("must be https unless the host is localhost: session cookies would travel in clear");
        }
        Ok(Self(url.origin().ascii_serialization()))
    }
    /// The origin, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// An absolute link to a local path.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
    /// Whether this is a server for whoever sits at it, as in development.
    pub fn is_this_machine(&self) -> bool {
        Url::parse(&self.0).is_ok_and(|url| is_this_machine(&url))
    }
    /// Whether cookies can be `Secure`.
    pub fn is_secure(&self) -> bool {
        self.0.starts_with("https://")
    }
}

/// Whether a URL names the loopback interface.
pub fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// The form in which workspace addresses are compared: scheme, host and port as browsers write them, and the path
/// without a slash at its end. The one URL comparison of the code base is equality of this text.
pub fn folded_url(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok()?;
    let plain =
        matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    let origin = url.origin();
    (plain && origin.is_tuple())
        .then(|| format!("{}{}", origin.ascii_serialization(), url.path().trim_end_matches('/')))
}

/// Why an address cannot be that of a workspace's server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoServer {
    /// Not a URL, or of something else than a web server.
    #[error("is no http or https address")]
    NotHttp,
    /// Holds a user or a password.
    #[error("holds a user or a password")]
    Credentials,
    /// Paths added to it would become part of its query or fragment.
    #[error("goes on after its path")]
    BeyondPath,
}

/// The address of a workspace's server: an origin, and at most a path below which its API is. Nothing in it can make
/// another path of the one that is added.
pub(crate) fn server_url(text: &str) -> std::result::Result<Url, NoServer> {
    let url = Url::parse(text.trim()).map_err(|_| NoServer::NotHttp)?;
    if !matches!(url.scheme(), "http" | "https") || url.cannot_be_a_base() {
        return Err(NoServer::NotHttp);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(NoServer::Credentials);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(NoServer::BeyondPath);
    }
    Ok(url)
}

/// Whether `text` is a path on this site: begins with exactly one slash and cannot be read as another host.
pub fn is_local_path(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next() == Some(b'/')
        && !matches!(bytes.next(), Some(b'/' | b'\\'))
        && text.len() <= 2000
        && !text.contains('\\')
        && !text.chars().any(char::is_control)
}

impl crate::Control {
    /// Where to go after signing in: `next` if it is a path on this site or the address of a registered workspace,
    /// else the start page.
    pub async fn safe_next(&self, next: Option<&str>) -> Result<String> {
        let next = next.map(str::trim).unwrap_or_default();
        if is_local_path(next) {
            return Ok(next.to_owned());
        }
        if let Some(local) = next.strip_prefix(self.settings().public_url.as_str())
            && is_local_path(local)
        {
            return Ok(local.to_owned());
        }
        let Some(origin) =
            Url::parse(next).ok().and_then(|url| folded_url(&url.origin().ascii_serialization()))
        else {
            return Ok("/".to_owned());
        };
        let plain = folded_url(next).is_some() && !next.chars().any(char::is_control) && next.len() <= 2000;
        let mut tx = self.store().read().await.map_err(Error::from)?;
        let known = plain && store::workspaces::is_registered_origin(&mut tx, &origin).await?;
        // Written anew by the parser, so that what was compared is what the browser is sent to.
        Ok(if known {
            Url::parse(next).map_or_else(|_| "/".to_owned(), String::from)
        } else {
            "/".to_owned()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_address_is_an_origin_and_https_off_this_machine() {
        assert_eq!(
            PublicUrl::parse("https://Reeve.Example.com:443/").map(|u| u.0),
            Ok("https://reeve.example.com".into())
        );
        assert!(PublicUrl::parse("http://localhost:8580").is_ok_and(|u| !u.is_secure()));
        for bad in [
            "http://reeve.example.com",
            "https://x.test/reeve",
            "ftp://x.test",
            "reeve",
            "https://a:b@x.test",
            "http://localhost.evil.test",
        ] {
            assert!(PublicUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_paths_of_this_site_are_local() {
        for good in ["/", "/me", "/organizations/x?role=a&b=//c", "/devices/verify?user_code=A-B"] {
            assert!(is_local_path(good), "{good}");
        }
        for bad in [
            "",
            "//evil.test",
            "/\\evil.test",
            "https://evil.test",
            "javascript:alert(1)",
            "/a\\b",
            "/a\nb",
            "me",
            "\t//evil.test",
            "/\t/evil.test",
        ] {
            assert!(!is_local_path(bad), "{bad}");
        }
    }

    #[test]
    fn addresses_are_compared_whole() {
        assert_eq!(folded_url("HTTP://LocalHost:80/"), folded_url("http://localhost"));
        assert_eq!(folded_url("https://ws.test:443/a/"), folded_url("https://WS.test/a"));
        for (a, b) in [
            ("https://ws.test", "https://ws.test.evil"),
            ("https://ws.test", "http://ws.test"),
            ("https://ws.test", "https://ws.test:8443"),
        ] {
            assert_ne!(folded_url(a), folded_url(b));
        }
        for bad in
            ["https://user@ws.test", "javascript:alert(1)", "file:///etc", "ws.test", "data:text/html,x"]
        {
            assert_eq!(folded_url(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_server_is_an_origin_and_a_path() {
        for (text, url) in [
            (" https://WS.test:443 ", "https://ws.test/"),
            ("http://localhost:8581/zen/", "http://localhost:8581/zen/"),
            ("https://ws.test/a/%2e%2E/b", "https://ws.test/b"),
        ] {
            assert_eq!(server_url(text).map(String::from), Ok(url.to_owned()));
        }
        for (text, why) in [
            ("https://ws.test/internal?x=", NoServer::BeyondPath),
            ("https://ws.test/?", NoServer::BeyondPath),
            ("https://ws.test#", NoServer::BeyondPath),
            ("https://user@ws.test", NoServer::Credentials),
            ("https://:secret@ws.test", NoServer::Credentials),
            ("ftp://ws.test", NoServer::NotHttp),
            ("ws.test", NoServer::NotHttp),
        ] {
            assert_eq!(server_url(text), Err(why), "{text}");
        }
    }
}
