//! Tokens that an outside issuer signed for Reeve: whether they are its own, and hold now. They have the form of ID tokens
//! (OpenID Connect Core 1.0 §2), and the same algorithms count.

use super::issuers::Issuers;
use super::token::{Failed, LEEWAY_S, algorithms, name};
use chrono::DateTime;
use model::Timestamp;
use openidconnect::core::{CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet};
use openidconnect::{ClientId, IssuerUrl, Nonce};
use std::sync::Arc;

/// Longest life of a token that is taken: those of CI services live for minutes, and one that leaked is of use as long.
const LONGEST_S: i64 = 24 * 3600;

/// A token, and what it says of itself that decides how it is checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outside<'a> {
    pub token: &'a str,
    pub issuer: &'a str,
    pub audience: &'a str,
}

/// Why a token is not taken.
#[derive(Debug)]
pub(crate) struct Unusable {
    /// For people who see the rule; holds nothing of the token.
    pub why: String,
    /// Whether the issuer did not answer, so that the same token may be taken later.
    pub outage: bool,
}

impl Unusable {
    fn because(why: &str) -> Self {
        Self { why: why.to_owned(), outage: false }
    }
}

impl Outside<'_> {
    /// Whether the issuer signed this token and it holds now; until when it does.
    pub(crate) async fn verify(self, issuers: &Issuers, now: Timestamp) -> Result<Timestamp, Unusable> {
        let keys = self.keys(issuers, false, now).await?;
        let first = self.check(&keys, now);
        let checked = if matches!(first, Err(Failed::Signature(_))) {
            // Perhaps the issuer changed its keys since they were asked for.
            let newer = self.keys(issuers, true, now).await?;
            if Arc::ptr_eq(&keys, &newer) { first } else { self.check(&newer, now) }
        } else {
            first
        };
        checked.map_err(|failed| match failed {
            Failed::Signature(why) | Failed::Otherwise(why) => Unusable::because(why),
        })
    }

    async fn keys(
        self,
        issuers: &Issuers,
        newer: bool,
        now: Timestamp,
    ) -> Result<Arc<CoreJsonWebKeySet>, Unusable> {
        let found = issuers.keys(self.issuer, newer, now).await;
        found.map_err(|none| Unusable { why: none.why, outage: none.outage })
    }

    fn check(self, keys: &CoreJsonWebKeySet, now: Timestamp) -> Result<Timestamp, Failed> {
        let token: CoreIdToken = self.token.parse().map_err(|_| {
            Failed::Otherwise("the token is not signed, or has not the claims of an ID token")
        })?;
        let issuer =
            IssuerUrl::new(self.issuer.to_owned()).map_err(|_| Failed::Otherwise("the issuer is no URL"))?;
        let at = |instant: Timestamp| DateTime::from_timestamp_millis(instant.millis()).unwrap_or_default();
        let verifier = CoreIdTokenVerifier::new_public_client(
            ClientId::new(self.audience.to_owned()),
            issuer,
            keys.clone(),
        )
        .set_allowed_algs(algorithms())
        .set_other_audience_verifier_fn(|_| false)
        .set_time_fn(move || at(now.plus_s(-LEEWAY_S)))
        .set_issue_time_verifier_fn(move |issued| {
            let sane = at(now.plus_s(-LONGEST_S - LEEWAY_S)) <= issued && issued <= at(now.plus_s(LEEWAY_S));
            if sane { Ok(()) } else { Err("issued at an impossible time".to_owned()) }
        });
        // Nobody was asked for this token in a browser, so there is no nonce to compare.
        let any_nonce = |_: Option<&Nonce>| Ok(());
        let claims = token.claims(&verifier, any_nonce).map_err(|error| name(&error))?;
        if claims.issuer().as_str() != self.issuer {
            return Err(Failed::Otherwise("the token is of another issuer"));
        }
        if claims.expiration() - claims.issue_time() > chrono::TimeDelta::seconds(LONGEST_S) {
            return Err(Failed::Otherwise("the token lives for more than a day, which is too long"));
        }
        Ok(Timestamp::from_millis(claims.expiration().timestamp_millis()))
    }
}
