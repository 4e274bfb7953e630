//! Which addresses a provider's URLs may lead to. A provider names its own endpoints, so that a lying one, or a
//! mistyped issuer, could make this process ask the wrong machine.

use crate::settings::is_this_machine;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::{Host, Url};

/// Where the endpoints of an issuer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The issuer is this machine itself, as in development: its endpoints may be too, without TLS.
    ThisMachine,
    /// Anywhere else, with TLS, and not back to this machine.
    Elsewhere,
}

/// Why a URL is not called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadAddress {
    #[error("is not a URL")]
    NotAUrl,
    #[error("must be https (http only on this machine, for an issuer on this machine)")]
    NotSecure,
    #[error("must not hold a user or password")]
    Credentials,
    #[error("leads to an address that no provider has: this machine, or the metadata service of a cloud")]
    Forbidden,
}

impl Reach {
    /// By the issuer's own address.
    pub(crate) fn of(issuer: &Url) -> Self {
        if is_this_machine(issuer) { Self::ThisMachine } else { Self::Elsewhere }
    }
}

/// Parses a URL that may be called.
pub(crate) fn allowed(text: &str, reach: Reach) -> Result<Url, BadAddress> {
    let url = Url::parse(text).map_err(|_| BadAddress::NotAUrl)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BadAddress::Credentials);
    }
    let here = is_this_machine(&url);
    match url.scheme() {
        "https" => {}
        "http" if here && reach == Reach::ThisMachine => {}
        _ => return Err(BadAddress::NotSecure),
    }
    if here && reach == Reach::Elsewhere {
        return Err(BadAddress::Forbidden);
    }
    let literal = match url.host() {
        Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
        Some(Host::Domain(_)) => None,
        None => return Err(BadAddress::NotAUrl),
    };
    match literal {
        Some(ip) if is_forbidden(ip) => Err(BadAddress::Forbidden),
        _ => Ok(url),
    }
}

/// Addresses that are never a provider's: link-local ones, where clouds answer with the machine's credentials, and
/// those that are no single machine's. Private ranges are allowed: companies run providers inside.
pub(crate) fn is_forbidden(ip: IpAddr) -> bool {
    /// Where AWS answers over IPv6 (a unique local address, so the range alone does not give it away).
    const AWS_METADATA: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);
    match ip {
        IpAddr::V4(ip) => {
            let [first, ..] = ip.octets();
            ip.is_link_local() || first == 0 || ip.is_multicast() || ip.is_broadcast()
        }
        IpAddr::V6(ip) => {
            ip.is_unicast_link_local()
                || ip.is_unspecified()
                || ip.is_multicast()
                || ip == AWS_METADATA
                || embedded_v4(ip).is_some_and(|ip| is_forbidden(IpAddr::V4(ip)))
        }
    }
}

/// The IPv4 address inside an IPv6 one: mapped (`::ffff:0:0/96`), compatible (`::/96`) or translated (`64:ff9b::/96`).
fn embedded_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let [high, low] = [g.to_be_bytes(), h.to_be_bytes()];
    match (a, b, c, d, e, f) {
        (0, 0, 0, 0, 0, 0) if ip.is_loopback() => None,
        (0, 0, 0, 0, 0, 0 | 0xffff) | (0x64, 0xff9b, 0, 0, 0, 0) => {
            Some(Ipv4Addr::new(high[0], high[1], low[0], low[1]))
        }
        _ => None,
    }
}

/// Looks names up and drops the forbidden answers, so that a harmless name cannot stand for a forbidden address, not
/// even if it resolved to another one a moment ago: the connection is made to what was checked here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GuardedResolver;

impl reqwest::dns::Resolve for GuardedResolver {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let kept: Vec<SocketAddr> = found.into_iter().filter(|at| !is_forbidden(at.ip())).collect();
            if kept.is_empty() {
                return Err(BadAddress::Forbidden.into());
            }
            let addresses: reqwest::dns::Addrs = Box::new(kept.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_and_link_local_addresses_are_never_called_however_they_are_written() {
        for bad in [
            "https://169.254.169.254/latest/",
            "https://[fe80::1]/",
            "https://[::ffff:169.254.169.254]/",
            "https://[64:ff9b::a9fe:a9fe]/",
            "https://[::a9fe:a9fe]/",
            "https://[fd00:ec2::254]/",
            "https://2852039166/",
            "https://0xa9.0xfe.0xa9.0xfe/",
            "https://0.0.0.0/",
            "https://[::]/",
            "https://255.255.255.255/",
        ] {
            assert_eq!(allowed(bad, Reach::Elsewhere), Err(BadAddress::Forbidden), "{bad}");
            assert_eq!(allowed(bad, Reach::ThisMachine), Err(BadAddress::Forbidden), "{bad}");
        }
        for good in
            ["https://10.0.0.7/", "https://192.168.1.2/", "https://[fd12::1]/", "https://sso.acme.test/"]
        {
            assert!(allowed(good, Reach::Elsewhere).is_ok(), "{good}");
        }
    }

    #[test]
    fn only_an_issuer_on_this_machine_may_lead_back_to_it_and_do_without_tls() {
        for here in
            ["http://localhost:9400/jwks", "http://127.0.0.1:9400/", "http://[::1]/", "https://localhost/"]
        {
            assert!(allowed(here, Reach::ThisMachine).is_ok(), "{here}");
            assert!(allowed(here, Reach::Elsewhere).is_err(), "{here}");
        }
        for bad in [
            "http://sso.acme.test/",
            "http://localhost.evil.test/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://user:password@sso.acme.test/",
            "jwks",
        ] {
            assert!(allowed(bad, Reach::ThisMachine).is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_name_that_stands_for_a_forbidden_address_is_not_called() {
        use reqwest::dns::Resolve;
        let name = "169.254.169.254".parse().unwrap();
        assert!(GuardedResolver.resolve(name).await.is_err());
        assert!(GuardedResolver.resolve("127.0.0.1".parse().unwrap()).await.is_ok());
    }
}
