//! Trust rules: made, changed, switched off and on, ended, and what became of the tokens they were asked about.
//!
//! A rule is a credential of its service account in the hands of whoever can have such tokens. So it is made under the same
//! rules as a key: nobody makes, changes or switches on one of an account that holds more than they do.

mod claims;
mod exchange;
mod input;

pub use input::TrustRuleInput;

use crate::Control;
use crate::api_keys::no_more_than_own;
use crate::audit::Event;
use crate::authz::{Authorized, ServiceAccountKeys, TrustRuleRead};
use crate::cx::Cx;
use crate::error::{Error, Result};
use model::audit::AuditAction;
use model::trust::{ShownTrustRule, Snippet, TrustAttempt, TrustRule, TrustRules, snippet};
use model::{ServiceAccountId, TrustRuleId};
use serde_json::{Value, json};
use store::WriteTx;
use store::trust::{Content, NewTrustRule};

/// Rules an account may have.
const AT_MOST: usize = 20;
/// Attempts that are shown together.
const ATTEMPTS: u32 = 50;

impl Control {
    /// The trust rules of a service account, each with what to write into a workflow.
    pub async fn trust_rules(&self, auth: &Authorized<TrustRuleRead>) -> Result<TrustRules> {
        let (org, id, now) = (auth.org(), auth.scope(), auth.now());
        let actor = auth.user().ok_or_else(Error::not_found)?;
        let policy = self.policy(org).await?.ok_or_else(Error::not_found)?;
        let mut tx = self.store().snapshot().await?;
        let account =
            store::service_accounts::by_id(&mut tx, org, id, now).await?.ok_or_else(Error::not_found)?;
        let token_url = self.settings().public_url.join(TOKEN_ENDPOINT);
        let shown = |rule: TrustRule| {
            let (issuer, audience, claims) = (&rule.issuer, &rule.audience, &rule.claims);
            let of = Snippet { issuer, audience, claims, account: id, token_url: &token_url };
            let (goes, snippet) = snippet(of);
            ShownTrustRule { rule, snippet, snippet_goes: goes.to_owned() }
        };
        Ok(TrustRules {
            account: id,
            active: account.active,
            make: account.active
                && (actor == id.account() || policy.beyond(id.account(), account.role, actor, now).is_none()),
            account_name: account.name,
            rules: store::trust::of_account(&mut tx, id).await?.into_iter().map(shown).collect(),
            audience: self.settings().public_url.as_str().to_owned(),
        })
    }

    /// The latest tokens that the rules of a service account were asked about, newest first: what became of each, and why.
    pub async fn trust_attempts(&self, auth: &Authorized<TrustRuleRead>) -> Result<Vec<TrustAttempt>> {
        let mut tx = self.store().read().await?;
        Ok(store::trust_attempts::of_account(&mut tx, auth.scope(), ATTEMPTS).await?)
    }

    /// Makes a trust rule, switched on.
    ///
    /// # Errors
    ///
    /// `forbidden` if the account holds more than the caller, or the caller acts by a key; `invalid` on an issuer that is
    /// not asked from here; `conflict` if the account is inactive or has too many rules.
    pub async fn create_trust_rule(
        &self,
        auth: &Authorized<ServiceAccountKeys>,
        input: &TrustRuleInput,
    ) -> Result<TrustRuleId> {
        by_somebody(auth.cx())?;
        self.can_ask(input)?;
        let (account, now) = (auth.scope(), auth.now());
        let by = auth.user().ok_or_else(Error::unauthenticated)?;
        let (mut tx, policy) = self.writing_under(auth).await?;
        no_more_than_own(&policy, auth)?;
        store::api_keys::hold(&mut tx, account.account()).await?;
        if store::trust::of_account(&mut tx, account).await?.len() >= AT_MOST {
            return Err(Error::conflict(format!(
                "There are {AT_MOST} rules, the most one account may have. Delete one that is not used."
            )));
        }
        let audience = input.audience_or(self.settings().public_url.as_str());
        let content = input.content(audience);
        let id = auth.cx().new_id();
        let new = NewTrustRule { id, org: auth.org(), account, content, by, at: now };
        store::trust::insert(&mut tx, &new).await?;
        let event = Event::of(AuditAction::TrustRuleCreated)
            .on("trust_rule", id.uuid(), content.name)
            .after(told(account, content, true));
        tx.commit(auth.audit(event)).await?;
        Ok(id)
    }

    /// Changes what a trust rule says. Tokens that were made by it end.
    ///
    /// # Errors
    ///
    /// As [`Control::create_trust_rule`]; `not_found` for a rule of another account.
    pub async fn update_trust_rule(
        &self,
        auth: &Authorized<ServiceAccountKeys>,
        id: TrustRuleId,
        input: &TrustRuleInput,
    ) -> Result<()> {
        by_somebody(auth.cx())?;
        self.can_ask(input)?;
        let account = auth.scope();
        let (mut tx, policy) = self.writing_under(auth).await?;
        no_more_than_own(&policy, auth)?;
        let old = held(&mut tx, account, id).await?;
        let audience = input.audience_or(self.settings().public_url.as_str());
        let content = input.content(audience);
        let before = content_of(&old);
        if told(account, before, old.enabled) == told(account, content, old.enabled) {
            return Ok(());
        }
        store::trust::update(&mut tx, id, content, auth.now()).await?;
        let event = Event::of(AuditAction::TrustRuleUpdated)
            .on("trust_rule", id.uuid(), content.name)
            .before(told(account, before, old.enabled))
            .after(told(account, content, old.enabled));
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// Switches a trust rule off or on. Tokens that were made by it end with the next request, and stay ended.
    ///
    /// # Errors
    ///
    /// To switch one on, as [`Control::create_trust_rule`]; `not_found` for a rule of another account.
    pub async fn set_trust_rule_enabled(
        &self,
        auth: &Authorized<ServiceAccountKeys>,
        id: TrustRuleId,
        enabled: bool,
    ) -> Result<()> {
        if enabled {
            by_somebody(auth.cx())?;
        }
        let account = auth.scope();
        let (mut tx, policy) = self.writing_under(auth).await?;
        if enabled {
            no_more_than_own(&policy, auth)?;
        }
        let old = held(&mut tx, account, id).await?;
        if old.enabled == enabled {
            return Ok(());
        }
        store::trust::set_enabled(&mut tx, id, enabled, auth.now()).await?;
        let event = Event::of(AuditAction::TrustRuleUpdated)
            .on("trust_rule", id.uuid(), old.name.as_str())
            .before(json!({ "account": account, "enabled": old.enabled }))
            .after(json!({ "account": account, "enabled": enabled }));
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// Deletes a trust rule, and with it the tokens that were made by it and what is kept of attempts.
    pub async fn delete_trust_rule(
        &self,
        auth: &Authorized<ServiceAccountKeys>,
        id: TrustRuleId,
    ) -> Result<()> {
        let account = auth.scope();
        let mut tx = self.writing(auth).await?;
        let old = held(&mut tx, account, id).await?;
        store::trust::delete(&mut tx, id, auth.now()).await?;
        let event = Event::of(AuditAction::TrustRuleDeleted)
            .on("trust_rule", id.uuid(), old.name.as_str())
            .before(told(account, content_of(&old), old.enabled));
        Ok(tx.commit(auth.audit(event)).await?)
    }
}

impl Control {
    /// As [`crate::sso::Issuers`] decides it again at use, with an answer for whoever types.
    fn can_ask(&self, input: &TrustRuleInput) -> Result<()> {
        self.issuers().check(input.issuer()).map_err(|why| Error::invalid("issuer", why.to_string()))
    }
}

/// A rule outlives the key that would make it, and what is made by it has none of the key's limits.
fn by_somebody(cx: &Cx) -> Result<()> {
    if cx.actor().is_some_and(|actor| actor.key().is_some()) {
        return Err(Error::forbidden(
            "Trust rules are made by somebody who is signed in, not by an API key.",
        ));
    }
    Ok(())
}

/// Where outside tokens are exchanged.
const TOKEN_ENDPOINT: &str = "/oauth/token";

/// A rule of an account, which nobody else changes meanwhile.
async fn held(tx: &mut WriteTx, account: ServiceAccountId, id: TrustRuleId) -> Result<TrustRule> {
    store::api_keys::hold(tx, account.account()).await?;
    store::trust::by_id(tx, account, id).await?.ok_or_else(Error::not_found)
}

fn content_of(rule: &TrustRule) -> Content<'_> {
    Content { name: &rule.name, issuer: &rule.issuer, audience: &rule.audience, claims: &rule.claims }
}

/// A rule as the audit log tells of it.
fn told(account: ServiceAccountId, content: Content<'_>, enabled: bool) -> Value {
    json!({
        "account": account,
        "name": content.name,
        "issuer": content.issuer,
        "audience": content.audience,
        "claims": content.claims,
        "enabled": enabled,
    })
}
