//! Issuers of outside tokens and their keys. They sign people in nowhere, so that most of a discovery document is missing.
//!
//! Anybody can present a token that names one of these issuers. So each is asked by one request at a time, and not again
//! for a while, whatever is presented: neither after an answer that was no use, nor for a key that nobody knows.

use super::address::{BadAddress, Reach, allowed};
use super::discovery::{DiscoveryError, document, keys_at, reach_of, usable};
use super::fetch::Http;
use model::Timestamp;
use openidconnect::core::CoreJsonWebKeySet;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
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

type Keys = Arc<CoreJsonWebKeySet>;

/// What is known of one issuer.
#[derive(Debug, Default)]
struct Known {
    /// Read without waiting for anybody: tokens that these keys are for do not wait behind one that has to ask.
    kept: RwLock<Option<(Timestamp, Keys)>>,
    /// The last failure. Held while the issuer is asked: the others wait for this answer and ask nothing.
    failed: Arc<tokio::sync::Mutex<Option<(Timestamp, NoKeys)>>>,
}

impl Known {
    fn kept(&self, good_for_ms: i64, now: Timestamp) -> Option<Keys> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(at, _)| now.since_ms(*at) < good_for_ms).map(|(_, keys)| keys.clone())
    }
}

/// Issuers by name, each with when it was last used.
type Slots = HashMap<String, (Timestamp, Arc<Known>)>;

/// The keys of issuers, kept for ten minutes.
#[derive(Debug)]
pub(crate) struct Issuers {
    http: Arc<Http>,
    /// Whether issuers may be on this machine.
    here: bool,
    known: Mutex<Slots>,
}

impl Issuers {
    const KEPT_MS: i64 = 10 * 60 * 1000;
    /// How long after asking an issuer it is not asked again.
    const QUIET_MS: i64 = 30 * 1000;
    /// Far more than there are issuers; a bound all the same.
    const AT_MOST: usize = 256;

    /// `here` where this server itself is for nobody but its own machine. Anywhere else a rule for an issuer on it would
    /// show whoever makes the rule what answers there.
    pub(crate) fn new(timeout: Duration, here: bool) -> Self {
        Self { http: Arc::new(Http::new(timeout)), here, known: Mutex::default() }
    }

    /// Whether an issuer is asked at all.
    pub(crate) fn check(&self, issuer: &str) -> Result<(), DiscoveryError> {
        match reach_of(issuer)? {
            Reach::ThisMachine if !self.here => {
                Err(DiscoveryError::Endpoint("issuer", BadAddress::Forbidden))
            }
            _ => Ok(()),
        }
    }

    /// The keys of an issuer; `newer` for ones that were not asked for a moment ago, if there may be some.
    pub(super) async fn keys(&self, issuer: &str, newer: bool, now: Timestamp) -> Result<Keys, NoKeys> {
        self.check(issuer)?;
        let known = self.slot(issuer, now);
        let good_for = if newer { Self::QUIET_MS } else { Self::KEPT_MS };
        if let Some(keys) = known.kept(good_for, now) {
            return Ok(keys);
        }
        let mut failed = known.failed.clone().lock_owned().await;
        // Whoever was before may have found keys, or failed.
        if let Some(keys) = known.kept(good_for, now) {
            return Ok(keys);
        }
        if let Some((_, why)) = failed.as_ref().filter(|(at, _)| now.since_ms(*at) < Self::QUIET_MS) {
            return Err(why.clone());
        }
        // In a task of its own: whoever hangs up ends neither the question nor what is learned from it, or the next one
        // would ask again, and again.
        let (http, issuer) = (self.http.clone(), issuer.to_owned());
        let asking = async move {
            let found = fetch(&http, &issuer).await.map(Arc::new).map_err(NoKeys::from);
            *failed = found.as_ref().err().map(|why| (now, why.clone()));
            if let Ok(keys) = &found {
                *known.kept.write().unwrap_or_else(PoisonError::into_inner) = Some((now, keys.clone()));
            }
            found
        };
        let asked = tokio::spawn(asking).await;
        asked.unwrap_or_else(|_| Err(NoKeys { why: "it could not be asked".to_owned(), outage: true }))
    }

    fn slot(&self, issuer: &str, now: Timestamp) -> Arc<Known> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((used, found)) = known.get_mut(issuer) {
            *used = now;
            return found.clone();
        }
        if known.len() >= Self::AT_MOST {
            forget_one(&mut known);
        }
        let (_, made) = known.entry(issuer.to_owned()).or_insert_with(|| (now, Arc::default()));
        made.clone()
    }
}

/// The one that was not used for the longest time, and that nobody is asking. Not all: those of one organization must not
/// push out everybody's.
fn forget_one(known: &mut Slots) {
    let idle = known.iter().filter(|(_, (_, slot))| Arc::strong_count(slot) == 1);
    let oldest = idle.min_by_key(|(_, (used, _))| *used).map(|(issuer, _)| issuer.clone());
    if let Some(issuer) = oldest {
        known.remove(&issuer);
    }
}

async fn fetch(http: &Http, issuer: &str) -> Result<CoreJsonWebKeySet, DiscoveryError> {
    let found: Document = document(http, issuer).await?;
    // To the letter, or one issuer could answer for another.
    if found.issuer != issuer {
        return Err(DiscoveryError::OtherIssuer);
    }
    check(&found.jwks_uri, reach_of(issuer)?)?;
    usable(&found.id_token_signing_alg_values_supported)?;
    keys_at(http, issuer, &found.jwks_uri).await
}

fn check(jwks_uri: &str, reach: Reach) -> Result<(), DiscoveryError> {
    allowed(jwks_uri, reach).map_err(|why| DiscoveryError::Endpoint("address of the keys", why))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuers_of_one_push_out_those_that_nobody_uses() {
        let issuers = Issuers::new(Duration::from_secs(1), false);
        let at = Timestamp::from_millis;
        let asking = issuers.slot("asked right now", at(0));
        let busy = Arc::downgrade(&issuers.slot("busy", at(1)));
        for n in 0..2000 {
            issuers.slot(&format!("https://{n}.test"), at(n));
            issuers.slot("busy", at(n));
        }
        assert!(busy.upgrade().is_some(), "used all the time");
        assert!(Arc::ptr_eq(&asking, &issuers.slot("asked right now", at(2000))));
        assert_eq!(issuers.known.lock().unwrap().len(), Issuers::AT_MOST);
    }

    #[test]
    fn this_machine_is_asked_only_from_itself() {
        for (here, issuer, asked) in [
            (false, "http://localhost:9200", false),
            (false, "https://127.0.0.1", false),
            (false, "https://ci.acme.test", true),
            (true, "http://localhost:9200", true),
        ] {
            let issuers = Issuers::new(Duration::from_secs(1), here);
            assert_eq!(issuers.check(issuer).is_ok(), asked, "{issuer}");
        }
    }
}
