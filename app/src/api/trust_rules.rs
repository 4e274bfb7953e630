//! Trust rules of service accounts: which tokens of outside issuers become theirs.

use super::{Described, Error};
use leptos::prelude::*;
use model::trust::{Preset, PresetFields, TrustAttempt, TrustRules};
use model::{ServiceAccountId, TrustRuleId};
use serde::{Deserialize, Serialize};

/// The trust rules of a service account, each with what to write into a workflow. Right:
/// `organization_service_account.keys`, or to answer for the account.
#[server(prefix = "/api/fn", endpoint = "trust_rules/list", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn list_trust_rules(account: ServiceAccountId) -> Result<TrustRules, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::TrustRuleRead>(account).await?;
    Ok(caller.control.trust_rules(&auth).await?)
}

/// The latest outside tokens that the rules of a service account were asked about, newest first, and what became of each.
/// Right: `organization_service_account.keys`, or to answer for the account.
#[server(prefix = "/api/fn", endpoint = "trust_rules/attempts", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn list_trust_attempts(account: ServiceAccountId) -> Result<Vec<TrustAttempt>, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::TrustRuleRead>(account).await?;
    Ok(caller.control.trust_attempts(&auth).await?)
}

/// Makes a trust rule. A preset makes the claims from `fields`; `other` takes them from `claims`, one in a line as
/// `name = pattern`. A blank audience is Reeve's own address. Right: `organization_service_account.keys`, or to answer for
/// the account; and to hold all that it holds.
#[server(prefix = "/api/fn", endpoint = "trust_rules/create", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn create_trust_rule(
    account: ServiceAccountId,
    #[server(default)] name: String,
    preset: Preset,
    #[server(default)] fields: PresetFields,
    #[server(default)] claims: String,
    #[server(default)] audience: String,
) -> Result<TrustRuleId, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ServiceAccountKeys>(account).await?;
    let input = control::trust::TrustRuleInput::from_preset(&name, preset, &fields, &claims, &audience)?;
    Ok(caller.control.create_trust_rule(&auth, &input).await?)
}

/// Changes what a trust rule says; tokens that were made by it end. Right: as for making one.
#[server(prefix = "/api/fn", endpoint = "trust_rules/update", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn update_trust_rule(
    account: ServiceAccountId,
    rule: TrustRuleId,
    #[server(default)] name: String,
    #[server(default)] issuer: String,
    #[server(default)] claims: String,
    #[server(default)] audience: String,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ServiceAccountKeys>(account).await?;
    let input = control::trust::TrustRuleInput::parse(&name, &issuer, &claims, &audience)?;
    Ok(caller.control.update_trust_rule(&auth, rule, &input).await?)
}

/// Switches a trust rule off or on; tokens that were made by it end. Right: `organization_service_account.keys`, or to
/// answer for the account; to switch it on, to hold all that the account holds.
#[server(prefix = "/api/fn", endpoint = "trust_rules/enable", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn enable_trust_rule(
    account: ServiceAccountId,
    rule: TrustRuleId,
    enabled: bool,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ServiceAccountKeys>(account).await?;
    Ok(caller.control.set_trust_rule_enabled(&auth, rule, enabled).await?)
}

/// Deletes a trust rule, and ends the tokens that were made by it. Right: `organization_service_account.keys`, or to answer
/// for the account.
#[server(prefix = "/api/fn", endpoint = "trust_rules/delete", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn delete_trust_rule(account: ServiceAccountId, rule: TrustRuleId) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ServiceAccountKeys>(account).await?;
    Ok(caller.control.delete_trust_rule(&auth, rule).await?)
}
