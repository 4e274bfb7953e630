//! What a provider says about itself, and its keys, kept for a while.

use super::address::{BadAddress, Reach, allowed};
use super::fetch::{FetchError, Http};
use model::Timestamp;
use openidconnect::core::CoreJsonWebKeySet;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use url::Url;

/// The algorithms an ID token may be signed with. Fixed here: a provider that offers `none`, or a shared secret, does
/// not get to use it.
pub(crate) const ALGORITHMS: [&str; 9] =
    ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"];

/// The parts of a discovery document that are used (OpenID Connect Discovery 1.0 §3, RFC 8414, RFC 9207).
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Discovery {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub userinfo_endpoint: Option<String>,
    pub jwks_uri: String,
    #[serde(default)]
    pub id_token_signing_alg_values_supported: Vec<String>,
    pub code_challenge_methods_supported: Option<Vec<String>>,
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

/// Why a provider cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DiscoveryError {
    #[error("The discovery document: {0}.")]
    Document(#[source] FetchError),
    #[error("The discovery document is not the JSON of an OpenID provider.")]
    NotJson,
    #[error(
        "The discovery document names another issuer than the connection; they must be equal to the letter."
    )]
    OtherIssuer,
    #[error("The {0} {1}.")]
    Endpoint(&'static str, BadAddress),
    #[error("The provider offers PKCE without S256.")]
    NoPkce,
    #[error("The provider signs ID tokens with no algorithm that is accepted here.")]
    NoAlgorithm,
    #[error("The keys: {0}.")]
    Keys(#[source] FetchError),
    #[error("The keys are not a JSON Web Key Set.")]
    KeysNotJson,
    #[error("The key set holds no key.")]
    NoKeys,
}

impl DiscoveryError {
    /// Whether nothing answered, as opposed to a wrong answer.
    pub(crate) fn is_outage(&self) -> bool {
        match self {
            Self::Document(error) | Self::Keys(error) => super::is_outage(error),
            _ => false,
        }
    }
}

impl Discovery {
    /// Asks the provider.
    pub(crate) async fn fetch(http: &Http, issuer: &str) -> Result<Self, DiscoveryError> {
        document(http, issuer).await
    }

    /// Whether the document is the issuer's own. Compared to the letter, or one provider could answer for another.
    pub(crate) fn check_issuer(&self, issuer: &str) -> Result<(), DiscoveryError> {
        if self.issuer == issuer { Ok(()) } else { Err(DiscoveryError::OtherIssuer) }
    }

    /// Whether all endpoints are ones to call.
    pub(crate) fn check_endpoints(&self) -> Result<(), DiscoveryError> {
        let reach = reach_of(&self.issuer)?;
        let named = [
            ("authorization endpoint", Some(&self.authorization_endpoint)),
            ("token endpoint", Some(&self.token_endpoint)),
            ("address of the keys", Some(&self.jwks_uri)),
            ("userinfo endpoint", self.userinfo_endpoint.as_ref()),
        ];
        for (name, url) in named {
            if let Some(url) = url {
                allowed(url, reach).map_err(|why| DiscoveryError::Endpoint(name, why))?;
            }
        }
        Ok(())
    }

    /// Whether PKCE with S256 works there. A provider that says nothing gets the challenge all the same: some large
    /// ones check it and do not say so. One that says it offers something else is not downgraded to.
    pub(crate) fn check_pkce(&self) -> Result<(), DiscoveryError> {
        match &self.code_challenge_methods_supported {
            Some(methods) if !methods.iter().any(|m| m == "S256") => Err(DiscoveryError::NoPkce),
            _ => Ok(()),
        }
    }

    /// The accepted ones among the algorithms it offers.
    pub(crate) fn check_algorithms(&self) -> Result<Vec<&'static str>, DiscoveryError> {
        usable(&self.id_token_signing_alg_values_supported)
    }

    /// Asks for the keys.
    pub(crate) async fn fetch_keys(&self, http: &Http) -> Result<CoreJsonWebKeySet, DiscoveryError> {
        keys_at(http, &self.issuer, &self.jwks_uri).await
    }
}

/// The discovery document of an issuer, or the parts of it that `T` reads.
pub(super) async fn document<T: DeserializeOwned>(http: &Http, issuer: &str) -> Result<T, DiscoveryError> {
    let reach = reach_of(issuer)?;
    let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let body = http.get(&url, None, reach).await.map_err(DiscoveryError::Document)?;
    serde_json::from_slice(&body).map_err(|_| DiscoveryError::NotJson)
}

/// The accepted ones among algorithms.
pub(super) fn usable(offered: &[String]) -> Result<Vec<&'static str>, DiscoveryError> {
    let usable: Vec<_> =
        ALGORITHMS.into_iter().filter(|ours| offered.iter().any(|theirs| theirs == ours)).collect();
    if usable.is_empty() { Err(DiscoveryError::NoAlgorithm) } else { Ok(usable) }
}

/// The keys of an issuer.
pub(super) async fn keys_at(
    http: &Http,
    issuer: &str,
    jwks_uri: &str,
) -> Result<CoreJsonWebKeySet, DiscoveryError> {
    let body = http.get(jwks_uri, None, reach_of(issuer)?).await.map_err(DiscoveryError::Keys)?;
    let keys: CoreJsonWebKeySet = serde_json::from_slice(&body).map_err(|_| DiscoveryError::KeysNotJson)?;
    if keys.keys().is_empty() { Err(DiscoveryError::NoKeys) } else { Ok(keys) }
}

pub(crate) fn reach_of(issuer: &str) -> Result<Reach, DiscoveryError> {
    let url = Url::parse(issuer).map_err(|_| DiscoveryError::Endpoint("issuer", BadAddress::NotAUrl))?;
    Ok(Reach::of(&url))
}

/// Asks providers, and remembers what they said for ten minutes.
#[derive(Debug)]
pub(crate) struct Providers {
    pub http: Http,
    documents: Kept<Discovery>,
    keys: Kept<CoreJsonWebKeySet>,
}

type Kept<T> = Mutex<HashMap<String, (Timestamp, Arc<T>)>>;

impl Providers {
    const KEPT_MS: i64 = 10 * 60 * 1000;
    /// Far more than there are connections; a bound all the same.
    const AT_MOST: usize = 256;

    pub(crate) fn new(timeout: Duration) -> Self {
        Self { http: Http::new(timeout), documents: Mutex::default(), keys: Mutex::default() }
    }

    /// The checked discovery document of an issuer.
    pub(crate) async fn discover(
        &self,
        issuer: &str,
        now: Timestamp,
    ) -> Result<Arc<Discovery>, DiscoveryError> {
        if let Some(kept) = recall(&self.documents, issuer, now) {
            return Ok(kept);
        }
        let document = Discovery::fetch(&self.http, issuer).await?;
        document.check_issuer(issuer)?;
        document.check_endpoints()?;
        document.check_pkce()?;
        document.check_algorithms()?;
        Ok(keep(&self.documents, issuer, now, document))
    }

    /// The keys of a provider, and whether they were fetched just now.
    pub(crate) async fn keys(
        &self,
        provider: &Discovery,
        now: Timestamp,
    ) -> Result<(Arc<CoreJsonWebKeySet>, bool), DiscoveryError> {
        match recall(&self.keys, &provider.jwks_uri, now) {
            Some(kept) => Ok((kept, false)),
            None => Ok((self.fresh_keys(provider, now).await?, true)),
        }
    }

    /// The keys as they are now.
    pub(crate) async fn fresh_keys(
        &self,
        provider: &Discovery,
        now: Timestamp,
    ) -> Result<Arc<CoreJsonWebKeySet>, DiscoveryError> {
        Ok(keep(&self.keys, &provider.jwks_uri, now, provider.fetch_keys(&self.http).await?))
    }

    /// Forgets what an issuer said, so that the next sign-in asks again.
    pub(crate) fn forget(&self, issuer: &str) {
        self.documents.lock().unwrap_or_else(PoisonError::into_inner).remove(issuer);
    }
}

fn recall<T>(kept: &Kept<T>, name: &str, now: Timestamp) -> Option<Arc<T>> {
    let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    kept.get(name).filter(|(at, _)| now.since_ms(*at) < Providers::KEPT_MS).map(|(_, value)| value.clone())
}

fn keep<T>(kept: &Kept<T>, name: &str, now: Timestamp, value: T) -> Arc<T> {
    let value = Arc::new(value);
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= Providers::AT_MOST {
        kept.clear();
    }
    kept.insert(name.to_owned(), (now, value.clone()));
    value
}
