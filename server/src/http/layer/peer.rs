//! Outermost: gives the request its id and says from where it comes.

use crate::http::AppState;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use control::Origin;
use model::AuditId;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

/// Carries the request id back to the caller.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest `User-Agent` that is kept.
const MAX_AGENT: usize = 400;

/// Makes the [`Origin`] of the request. An id the caller brings is ignored: it could be another request's, or text
/// made to confuse whoever reads the log.
pub async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    // The generator of typed ids makes UUIDv7s; which type it makes here is dropped with the next call.
    let id = state.control.cx(Origin::default(), None).new_id::<AuditId>().to_string();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let ip = peer.map(|peer| state.proxies.caller(peer.to_canonical(), request.headers()));
    let user_agent = request
        .headers()
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .map(|text| text.chars().take(MAX_AGENT).collect());
    request.extensions_mut().insert(Origin { request_id: id.clone(), ip, user_agent });
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// Proxies whose `X-Forwarded-For` is believed, one step of it: the last address in it is the one such a proxy wrote
/// itself. Nothing else a proxy or a caller says about addresses, hosts or schemes is ever read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Arc<[Network]>);

impl TrustedProxies {
    /// From networks.
    pub fn new(networks: Vec<Network>) -> Self {
        Self(networks.into())
    }

    /// The caller's address, given who connected.
    fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.0.iter().any(|network| network.contains(peer)) {
            return peer;
        }
        let last =
            headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
        let named = last.and_then(|list| list.rsplit(',').next()).and_then(|text| text.trim().parse().ok());
        named.map_or(peer, |ip: IpAddr| ip.to_canonical())
    }
}

/// A network in CIDR notation (RFC 4632 §3.1), or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    fn contains(self, ip: IpAddr) -> bool {
        match (self.address, ip) {
            (IpAddr::V4(net), IpAddr::V4(ip)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or(0);
                net.to_bits() & mask == ip.to_bits() & mask
            }
            (IpAddr::V6(net), IpAddr::V6(ip)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.bits)).unwrap_or(0);
                net.to_bits() & mask == ip.to_bits() & mask
            }
            _ => false,
        }
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

impl FromStr for Network {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "must be addresses or networks such as 10.0.0.0/8, separated by commas";
        let (address, bits) = match text.trim().split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| WRONG)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| WRONG))?;
        if bits > most { Err(WRONG) } else { Ok(Self { address, bits }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(trusted: &str, peer: &str, forwarded: &[&str]) -> String {
        let networks = trusted.split(',').filter(|t| !t.is_empty()).map(|t| t.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_str(value).unwrap());
        }
        TrustedProxies::new(networks).caller(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_its_own_word() {
        assert_eq!(caller("", "10.0.0.1", &["6.6.6.6"]), "10.0.0.1");
        assert_eq!(caller("10.0.0.0/8", "11.0.0.1", &["6.6.6.6"]), "11.0.0.1");
        assert_eq!(caller("10.0.0.0/8", "10.9.9.9", &["6.6.6.6, 7.7.7.7"]), "7.7.7.7");
        assert_eq!(caller("10.0.0.0/8", "10.9.9.9", &["6.6.6.6", "7.7.7.7"]), "7.7.7.7");
        assert_eq!(caller("::1", "::1", &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(caller("10.0.0.0/8", "10.9.9.9", &["not an address"]), "10.9.9.9");
        assert_eq!(caller("10.0.0.0/8", "10.9.9.9", &[]), "10.9.9.9");
        assert_eq!(caller("0.0.0.0/0", "10.9.9.9", &["7.7.7.7"]), "7.7.7.7");
    }

    #[test]
    fn networks_that_are_none_are_refused() {
        for text in ["", "proxy", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0/8", "10.0.0.0/-1"] {
            assert!(text.parse::<Network>().is_err(), "{text:?}");
        }
    }
}
