//! Issuers of outside tokens and their keys. They sign people in nowhere, so that most of a discovery document is missing.
//!
//! Anybody can present a token that names one of these issuers. So each is asked by one request at a time, and not again
//! for a while, whatever is presented: neither after an answer that was no use, nor for a key that nobody knows.

use super::address::{Reach, allowed};
use super::discovery::{DiscoveryError, document, keys_at, usable};
use super::fetch::Http;
use model::Timestamp;
use openidconnect::core::CoreJsonWebKeySet;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What is used of a discovery document (OpenID Connect Discovery 1.0 §3).
#[derive(Deserialize)]
struct Document {
    issuer: String,
    jwks_uri: String,
    #[serde(default)]
    id_token_signing_alg_values_supported: Vec<String>,
}

/// Why there are no keys.
#[derive(Clone, Debug)]
pub(crate) struct NoKeys {
    /// For people.
    pub why: String,
    /// Whether nothing answered, as opposed to a wrong answer.
    pub outage: bool,
}

impl From<DiscoveryError> for NoKeys {
    fn from(error: DiscoveryError) -> Self {
        Self { why: error.to_string(), outage: error.is_outage() }
    }
}

/// What is known of one issuer.
#[derive(Debug, Default)]
struct Known {
    keys: Option<(Timestamp, Arc<CoreJsonWebKeySet>)>,
    failed: Option<(Timestamp, NoKeys)>,
}

type Slot = Arc<tokio::sync::Mutex<Known>>;

/// The keys of issuers, kept for ten minutes.
#[derive(Debug)]
pub(crate) struct Issuers {
    http: Http,
    known: Mutex<HashMap<String, Slot>>,
}

impl Issuers {
    const KEPT_MS: i64 = 10 * 60 * 1000;
    /// How long after asking an issuer it is not asked again.
    const QUIET_MS: i64 = 30 * 1000;
    /// Far more than there are issuers; a bound all the same.
    const AT_MOST: usize = 256;

    pub(crate) fn new(timeout: Duration) -> Self {
        Self { http: Http::new(timeout), known: Mutex::default() }
    }

    /// The keys of an issuer; `newer` for ones that were not asked for a moment ago, if there may be some.
    pub(super) async fn keys(
        &self,
        issuer: &str,
        newer: bool,
        now: Timestamp,
    ) -> Result<Arc<CoreJsonWebKeySet>, NoKeys> {
        let slot = self.slot(issuer);
        // Held while the issuer is asked: the others wait for this answer and ask nothing.
        let mut known = slot.lock().await;
        let good_for = if newer { Self::QUIET_MS } else { Self::KEPT_MS };
        let kept = known.keys.as_ref().filter(|(at, _)| now.since_ms(*at) < good_for);
        if let Some((_, keys)) = kept {
            return Ok(keys.clone());
        }
        let failed = known.failed.as_ref().filter(|(at, _)| now.since_ms(*at) < Self::QUIET_MS);
        if let Some((_, why)) = failed {
            return Err(why.clone());
        }
        match self.fetch(issuer).await {
            Ok(keys) => {
                let keys = Arc::new(keys);
                *known = Known { keys: Some((now, keys.clone())), failed: None };
                Ok(keys)
            }
            Err(error) => {
                let why = NoKeys::from(error);
                known.failed = Some((now, why.clone()));
                Err(why)
            }
        }
    }

    async fn fetch(&self, issuer: &str) -> Result<CoreJsonWebKeySet, DiscoveryError> {
        let found: Document = document(&self.http, issuer).await?;
        // To the letter, or one issuer could answer for another.
        if found.issuer != issuer {
            return Err(DiscoveryError::OtherIssuer);
        }
        let reach = super::discovery::reach_of(issuer)?;
        check(&found.jwks_uri, reach)?;
        usable(&found.id_token_signing_alg_values_supported)?;
        keys_at(&self.http, issuer, &found.jwks_uri).await
    }

    fn slot(&self, issuer: &str) -> Slot {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= Self::AT_MOST && !known.contains_key(issuer) {
            known.clear();
        }
        known.entry(issuer.to_owned()).or_default().clone()
    }
}

fn check(jwks_uri: &str, reach: Reach) -> Result<(), DiscoveryError> {
    allowed(jwks_uri, reach).map_err(|why| DiscoveryError::Endpoint("address of the keys", why))?;
    Ok(())
}
