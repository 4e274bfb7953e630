//! An outside token becomes a short token of a service account (RFC 8693).
//!
//! *Invariant: what a token says is kept only after its issuer's signature was checked, and only at rules of accounts that
//! it was meant for: those of the account that was named, or of the one organization that trusts the issuer. An organization
//! learns nothing of what workflows of another one do.*

use super::claims::Said;
use crate::Control;
use crate::audit::Event;
use crate::cx::Cx;
use crate::error::Result;
use crate::sso::Outside;
use crate::tokens::{Issued, Refusal};
use model::audit::AuditAction;
use model::text::is_deceptive;
use model::trust::AttemptOutcome;
use model::{AuditId, ServiceAccountId, Timestamp};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use store::audit::Scope;
use store::tokens::Source;
use store::trust::Trusting;

/// Life of a token made from an outside one.
const LIFE_S: i64 = 15 * 60;
/// How far an issuer's clock may be off ours.
const LEEWAY_S: i64 = 60;
/// Rules that one token is judged by.
const JUDGED: u32 = 200;
/// Rules at which one token is noted.
const NOTED: usize = 20;
/// Attempts of one outcome that a rule notes in a minute.
const NOTED_A_MINUTE: i64 = 10;

type Answer = Result<std::result::Result<Issued, Refusal>>;

impl Control {
    /// Takes an outside token, if a rule of the account that is named does, or of the only one there is.
    pub(crate) async fn exchange_outside(
        &self,
        cx: &Cx,
        token: &str,
        account: Option<ServiceAccountId>,
    ) -> Answer {
        let Some(said) = Said::read(token) else {
            return self.refuse(cx, Scope::Installation, Refusal::Untrusted).await;
        };
        let rules = {
            let mut tx = self.store().read().await?;
            store::trust::of_issuer(&mut tx, &said.issuer, account, JUDGED).await?
        };
        let Some(first) = rules.first() else {
            return self.refuse(cx, Scope::Installation, Refusal::Untrusted).await;
        };
        let unseen = account.is_none() && rules.len() >= JUDGED as usize;
        let in_doubt = unseen || rules.iter().any(|rule| rule.org != first.org);
        let scope = if in_doubt { Scope::Installation } else { Scope::Org(first.org) };
        let of = Outside { token, issuer: &said.issuer, audience: &said.audience };
        let ends = match of.verify(self.issuers(), cx.now()).await.and_then(|ends| begun(&said, cx, ends)) {
            Ok(ends) => ends,
            Err(unusable) => {
                // Nobody's own where several trust the issuer.
                let at = if in_doubt { &[][..] } else { &rules };
                self.note(cx, at, AttemptOutcome::Unproven, |_| sentence(&unusable.why), None).await?;
                let refusal = if unusable.outage { Refusal::IssuerSilent } else { Refusal::Untrusted };
                return self.refuse(cx, scope, refusal).await;
            }
        };
        if in_doubt {
            // Rules of another organization could be made for this very token: it would lead to where its workflow
            // never wanted to go. Said only of a token that is one, or anybody could ask which issuers are trusted.
            return self.refuse(cx, scope, Refusal::AccountNotNamed).await;
        }
        let fitting: Vec<_> = rules.iter().filter(|rule| mismatch(rule, &said).is_none()).collect();
        let accounts: BTreeSet<_> = fitting.iter().map(|rule| rule.account).collect();
        match (fitting.first(), accounts.len()) {
            (Some(rule), 1) => self.take(cx, &said, rule, ends).await,
            (Some(_), _) => {
                let why = |_: &Trusting| {
                    "Rules of several service accounts take this token: the workflow has to name one."
                        .to_owned()
                };
                let fitting: Vec<_> = fitting.into_iter().cloned().collect();
                self.note(cx, &fitting, AttemptOutcome::Refused, why, Some(&said)).await?;
                self.refuse(cx, scope, Refusal::AccountNotNamed).await
            }
            (None, _) => {
                let why = |rule: &Trusting| mismatch(rule, &said).unwrap_or_default();
                self.note(cx, &rules, AttemptOutcome::Refused, why, Some(&said)).await?;
                self.refuse(cx, scope, Refusal::Untrusted).await
            }
        }
    }

    async fn take(&self, cx: &Cx, said: &Said<'_>, rule: &Trusting, ends: Timestamp) -> Answer {
        let scope = Scope::Org(rule.org);
        let mut tx = self.store().write().await?;
        // Kept as long as the token could be presented.
        if !store::trust::use_up(&mut tx, &said.identity(), ends.plus_s(2 * LEEWAY_S)).await? {
            drop(tx);
            let why = |_: &Trusting| "The token was exchanged before, and counts once.".to_owned();
            self.note(cx, std::slice::from_ref(rule), AttemptOutcome::Refused, why, Some(said)).await?;
            return self.refuse(cx, scope, Refusal::UsedBefore).await;
        }
        let source = Source::Trust(rule.account, rule.id, rule.revision);
        let Some(made) = self.issue(&mut tx, cx, source, LIFE_S).await? else {
            drop(tx);
            return self.refuse(cx, scope, Refusal::Untrusted).await;
        };
        store::trust::touch(&mut tx, rule.id, cx.now()).await?;
        let claims = said.named(rule.claims.keys());
        let since = cx.now().plus_s(-60);
        let outcome = AttemptOutcome::Accepted;
        if store::trust_attempts::count_since(&mut tx, rule.id, outcome, since).await? < NOTED_A_MINUTE {
            let id = cx.new_id::<AuditId>().uuid();
            let why = "The token became a token of the service account.";
            store::trust_attempts::insert(&mut tx, id, rule.id, outcome, why, &claims, cx.now()).await?;
        }
        let event = Event::of(AuditAction::TokenIssued)
            .on("trust_rule", rule.id.uuid(), rule.name.as_str())
            .after(json!({ "grant": "outside_token", "expires_in_s": LIFE_S, "claims": claims }));
        tx.commit(event.stamped(&cx.with_actor(made.actor), scope)).await?;
        Ok(Ok(Issued::new(made.secret, LIFE_S)))
    }

    /// Notes what became of a token at rules, as often as they are to be bothered with it.
    async fn note(
        &self,
        cx: &Cx,
        rules: &[Trusting],
        outcome: AttemptOutcome,
        why: impl Fn(&Trusting) -> String,
        said: Option<&Said<'_>>,
    ) -> Result<()> {
        let since = cx.now().plus_s(-60);
        let mut due = Vec::new();
        {
            let mut tx = self.store().read().await?;
            for rule in rules.iter().take(NOTED) {
                let noted = store::trust_attempts::count_since(&mut tx, rule.id, outcome, since).await?;
                if noted < NOTED_A_MINUTE {
                    due.push(rule);
                }
            }
        }
        if due.is_empty() {
            return Ok(());
        }
        let mut tx = self.store().write().await?;
        for rule in due {
            let claims = said.map_or_else(BTreeMap::new, |said| said.named(rule.claims.keys()));
            let id = cx.new_id::<AuditId>().uuid();
            store::trust_attempts::insert(&mut tx, id, rule.id, outcome, &why(rule), &claims, cx.now())
                .await?;
        }
        Ok(tx.commit_unaudited("what is shown beside a rule; the refusal itself is audited").await?)
    }
}

/// The first thing about a token that is not as a rule wants it.
fn mismatch(rule: &Trusting, said: &Said<'_>) -> Option<String> {
    if said.audience != rule.audience {
        let shown: String = said.audience.chars().filter(|c| !is_deceptive(*c)).take(200).collect();
        return Some(format!("The token is for “{shown}”, the rule wants “{}” (aud).", rule.audience));
    }
    rule.claims.iter().find_map(|(name, pattern)| said.mismatch(name, pattern))
}

/// Whether a token that says from when on it holds does so already; the library that checks the rest does not look.
fn begun(said: &Said<'_>, cx: &Cx, ends: Timestamp) -> std::result::Result<Timestamp, crate::sso::Unusable> {
    let latest_s = cx.now().plus_s(LEEWAY_S).millis() / 1000;
    match said.begins_s() {
        Ok(begins) if begins.is_none_or(|begins| begins <= latest_s) => Ok(ends),
        _ => Err(crate::sso::Unusable { why: "the token does not hold yet (nbf)".to_owned(), outage: false }),
    }
}

/// A reason with a capital letter at its beginning and a full stop at its end.
fn sentence(why: &str) -> String {
    let mut chars = why.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let end = if why.ends_with('.') { "" } else { "." };
    format!("{first}{}{end}", chars.as_str())
}
