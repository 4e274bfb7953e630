//! A trust rule as somebody wants it.

use crate::connections::parse_issuer;
use crate::error::{Error, Result};
use model::text::DisplayName;
use model::trust::{ClaimPatterns, Preset, PresetFields, parse_claims};
use std::collections::BTreeMap;
use store::trust::Content;

const LONGEST_AUDIENCE: usize = 255;

/// A trust rule to be made, or as it shall be, parsed.
#[derive(Clone, Debug)]
pub struct TrustRuleInput {
    name: DisplayName,
    issuer: String,
    audience: String,
    claims: ClaimPatterns,
}

impl TrustRuleInput {
    /// Parses what a person typed into the form of a preset.
    ///
    /// # Errors
    ///
    /// `invalid` on each field that is wrong; on `claims` what a rule may not say, whichever fields it came from.
    pub fn from_preset(
        name: &str,
        preset: Preset,
        fields: &PresetFields,
        claims: &str,
        audience: &str,
    ) -> Result<Self> {
        if preset == Preset::Other {
            return Self::parse(name, &fields.issuer, claims, audience);
        }
        let (issuer, found) = match preset.claims(fields) {
            Ok(found) => found,
            Err(mut wrong) => {
                if let Err(error) = DisplayName::parse(name) {
                    wrong.insert("name", error.0.to_owned());
                }
                Error::invalid_fields(wrong)?;
                return Err(Error::internal("a field was wrong and was not named"));
            }
        };
        let lines: Vec<_> = found.iter().map(|(name, pattern)| format!("{name} = {pattern}")).collect();
        Self::parse(name, &issuer, &lines.join("\n"), audience)
    }

    /// Parses what a person typed: claims one in a line, and an audience that is blank for the usual one.
    pub fn parse(name: &str, issuer: &str, claims: &str, audience: &str) -> Result<Self> {
        let mut wrong = BTreeMap::new();
        let name = DisplayName::parse(name).map_err(|e| wrong.insert("name", e.0.to_owned()));
        let issuer = parse_issuer(issuer).map_err(|why| wrong.insert("issuer", why));
        let named = issuer.as_deref().unwrap_or_default();
        let claims = parse_claims(named, claims).map_err(|e| wrong.insert("claims", e.0));
        let audience = audience.trim();
        if !audience.is_empty() && !is_audience(audience) {
            let why = "Use letters, digits and - . _ ~ : / only, at most 255 of them.";
            wrong.insert("audience", why.to_owned());
        }
        Error::invalid_fields(wrong)?;
        let (Ok(name), Ok(issuer), Ok(claims)) = (name, issuer, claims) else {
            return Err(Error::internal("a field was wrong and was not named"));
        };
        Ok(Self { name, issuer, audience: audience.to_owned(), claims })
    }

    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    pub(super) fn audience_or<'a>(&'a self, usual: &'a str) -> &'a str {
        if self.audience.is_empty() { usual } else { &self.audience }
    }

    pub(super) fn content<'a>(&'a self, audience: &'a str) -> Content<'a> {
        Content { name: self.name.as_str(), issuer: &self.issuer, audience, claims: &self.claims }
    }
}

/// What stands in a workflow as it is, without quotes.
fn is_audience(text: &str) -> bool {
    text.len() <= LONGEST_AUDIENCE
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !text.ends_with(':')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:/".contains(&b))
}
