//! Trust rules: which tokens of an outside issuer, such as a CI service, become short tokens of a service account.

mod pattern;
mod preset;
mod snippet;

pub use pattern::{ClaimPatterns, WrongClaims, fits, parse_claims};
pub use preset::{Preset, PresetFields};
pub use snippet::{Snippet, snippet};

use crate::words;
use crate::{ServiceAccountId, Timestamp, TrustRuleId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TrustRule {
    /// Its id.
    pub id: TrustRuleId,
    /// What people call it.
    pub name: String,
    /// Whose tokens, to the letter.
    pub issuer: String,
    /// For whom the token has to be.
    pub audience: String,
    /// The claims it looks at, and what each has to be.
    pub claims: ClaimPatterns,
    /// Whether it counts.
    pub enabled: bool,
    /// Who made it, if they are still known.
    pub created_by: Option<String>,
    /// When.
    pub created_at: Timestamp,
    /// When a token was last made or used by it, to within a minute.
    pub last_used_at: Option<Timestamp>,
}

/// A rule with what somebody needs who puts it to use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ShownTrustRule {
    /// The rule.
    pub rule: TrustRule,
    /// What to write into the workflow.
    pub snippet: String,
    /// Where that goes.
    pub snippet_goes: String,
}

/// The rules of a service account, and what a new one can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TrustRules {
    /// The account.
    pub account: ServiceAccountId,
    /// Its name.
    pub account_name: String,
    /// Whether it is active: otherwise no rule of it counts.
    pub active: bool,
    /// The rules, oldest first.
    pub rules: Vec<ShownTrustRule>,
    /// Whether whoever asks may make, change and switch on rules: they hold all that the account holds.
    pub make: bool,
    /// The audience of a rule that names none.
    pub audience: String,
}

words! {
    /// How it went with an outside token.
    AttemptOutcome {
        /// It became a short token.
        Accepted = "accepted",
        /// It is of the issuer, and no rule takes it.
        Refused = "refused",
        /// It could not be shown to be of the issuer, so that nothing it says is kept.
        Unproven = "unproven",
    }
}

/// An outside token that a rule was asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TrustAttempt {
    /// Which rule.
    pub rule: TrustRuleId,
    /// What it is called.
    pub rule_name: String,
    /// When.
    pub at: Timestamp,
    /// How it went.
    pub outcome: AttemptOutcome,
    /// Why, as a sentence.
    pub reason: String,
    /// What the claims were that the rule looks at.
    pub claims: BTreeMap<String, String>,
}
