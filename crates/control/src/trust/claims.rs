//! What an outside token says, read from its text.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::text::is_deceptive;
use model::trust::fits;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Longer than any token of a CI service.
const LONGEST: usize = 16 * 1024;
/// As long as the issuer of a rule may be.
const LONGEST_ISSUER: usize = crate::connections::MAX_ISSUER;
/// How much of a value is shown.
const SHOWN: usize = 200;

/// A token and its claims. Nothing of it is proven by reading it.
#[derive(Debug)]
pub(super) struct Said<'a> {
    pub token: &'a str,
    pub issuer: String,
    /// The one audience.
    pub audience: String,
    claims: BTreeMap<String, Value>,
}

impl<'a> Said<'a> {
    /// `None` for what is no JWT, names no issuer that a rule could have, not exactly one audience, or a claim twice.
    pub(super) fn read(token: &'a str) -> Option<Self> {
        if token.len() > LONGEST {
            return None;
        }
        let mut parts = token.split('.');
        let (Some(_), Some(payload), Some(_), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        let bytes = URL_SAFE_NO_PAD.decode(payload).ok()?;
        let Claims(claims) = serde_json::from_slice(&bytes).ok()?;
        let issuer = claims.get("iss")?.as_str()?.to_owned();
        // Looked up before anything is proven; PostgreSQL has no text with a NUL in it.
        if issuer.len() > LONGEST_ISSUER || issuer.chars().any(char::is_control) {
            return None;
        }
        let audience = match claims.get("aud")? {
            Value::String(one) => one.clone(),
            Value::Array(all) => match all.as_slice() {
                [Value::String(one)] => one.clone(),
                _ => return None,
            },
            _ => return None,
        };
        Some(Self { token, issuer, audience, claims })
    }

    /// From when on it holds, in Unix seconds, if it says so (RFC 7519 §4.1.5); an error if what it says is no such thing.
    pub(super) fn begins_s(&self) -> Result<Option<i64>, ()> {
        match self.claims.get("nbf") {
            None => Ok(None),
            Some(Value::Number(n)) => n.as_i64().map(Some).ok_or(()),
            Some(_) => Err(()),
        }
    }

    /// What tells this token from all others: the issuer and its `jti`, or what was signed. Not the signature: of some
    /// algorithms there are several for the same token.
    pub(super) fn identity(&self) -> [u8; 32] {
        let (kind, of) = match self.claims.get("jti") {
            Some(Value::String(id)) if !id.is_empty() => ("jti", id.as_str()),
            _ => ("text", self.token.rsplit_once('.').map_or(self.token, |(signed, _)| signed)),
        };
        let hash = Sha256::new_with_prefix(&self.issuer).chain_update([0]).chain_update(kind);
        hash.chain_update([0]).chain_update(of).finalize().into()
    }

    /// Why a claim is not what a pattern says; `None` if it is. A text has to fit. A number or a truth value is compared by
    /// its JSON text with a pattern that has no `*`. Of a list one element has to fit. Anything else fits nothing.
    pub(super) fn mismatch(&self, name: &str, pattern: &str) -> Option<String> {
        match self.claims.get(name) {
            None | Some(Value::Null) => Some(format!("The token has no claim {name}.")),
            Some(value) if is(value, pattern, true) => None,
            Some(value) => Some(format!("Claim {name} is “{}”, the rule wants “{pattern}”.", shown(value))),
        }
    }

    /// What the named claims are, for people.
    pub(super) fn named<'n>(&self, names: impl Iterator<Item = &'n String>) -> BTreeMap<String, String> {
        names.filter_map(|name| Some((name.clone(), shown(self.claims.get(name)?)))).collect()
    }
}

fn is(value: &Value, pattern: &str, lists: bool) -> bool {
    match value {
        Value::String(text) => fits(pattern, text),
        Value::Bool(yes) => pattern == if *yes { "true" } else { "false" },
        Value::Number(n) => (n.is_i64() || n.is_u64()) && !pattern.contains('*') && n.to_string() == pattern,
        Value::Array(all) => lists && all.iter().any(|one| is(one, pattern, false)),
        Value::Null | Value::Object(_) => false,
    }
}

/// A value on one line, shortened. Whoever has a token of the issuer chooses some of them.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut line = String::new();
    for c in text.chars().take(SHOWN) {
        if c.is_control() {
            line.extend(c.escape_default());
        } else if is_deceptive(c) {
            line.extend(c.escape_unicode());
        } else {
            line.push(c);
        }
    }
    if text.chars().nth(SHOWN).is_some() {
        line.push('…');
    }
    line
}

/// A JSON object that names nothing twice: which of the two counts would depend on who reads it.
struct Claims(BTreeMap<String, Value>);

impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Once;
        impl<'de> Visitor<'de> for Once {
            type Value = Claims;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Claims, M::Error> {
                let mut claims = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if claims.insert(name, value).is_some() {
                        return Err(M::Error::custom("a claim is there twice"));
                    }
                }
                Ok(Claims(claims))
            }
        }
        deserializer.deserialize_map(Once)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(claims: &str) -> String {
        format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(claims))
    }

    #[test]
    fn claims_of_each_kind_fit_as_is_said() {
        let text = token(
            r#"{"iss":"i","aud":["a"],"text":"acme/ci","yes":true,"n":7,"f":7.0,"big":1e3,"nothing":null,
               "list":["x","acme/ci",7,["deep"]],"object":{"a":1},"line":"acme/ci\n"}"#,
        );
        let said = Said::read(&text).unwrap();
        for (name, pattern, fits) in [
            ("text", "acme/ci", true),
            ("text", "acme/*", true),
            ("text", "acme", false),
            ("yes", "true", true),
            ("yes", "tru*", false),
            ("n", "7", true),
            ("n", "7*", false),
            ("n", "07", false),
            ("f", "7", false),
            ("f", "7.0", false),
            ("big", "1000", false),
            ("nothing", "null", false),
            ("missing", "x", false),
            ("list", "acme/ci", true),
            ("list", "acme/*", true),
            ("list", "7", true),
            ("list", "deep", false),
            ("list", "xacme/ci7", false),
            ("object", r#"{"a":1}"#, false),
            ("line", "acme/ci", false),
            ("line", "acme/*", false),
        ] {
            assert_eq!(said.mismatch(name, pattern).is_none(), fits, "{name} and {pattern}");
        }
        assert_eq!(
            said.mismatch("line", "acme/ci").unwrap(),
            r"Claim line is “acme/ci\n”, the rule wants “acme/ci”."
        );
        assert_eq!(said.mismatch("missing", "x").unwrap(), "The token has no claim missing.");
    }

    #[test]
    fn what_is_no_token_or_ambiguous_is_not_read() {
        for bad in [
            r#"{"iss":"i"}"#,
            r#"{"aud":"a"}"#,
            r#"{"iss":1,"aud":"a"}"#,
            r#"{"iss":"\u0000","aud":"a"}"#,
            r#"{"iss":"i\n","aud":"a"}"#,
            r#"{"iss":"i","aud":["a","b"]}"#,
            r#"{"iss":"i","aud":[]}"#,
            r#"{"iss":"i","aud":"a","sub":"x","sub":"y"}"#,
            r#"["iss"]"#,
            "hello",
        ] {
            assert!(Said::read(&token(bad)).is_none(), "{bad}");
        }
        let good = token(r#"{"iss":"i","aud":"a"}"#);
        assert!(Said::read(&good).is_some());
        for bad in
            [String::new(), "a.b".into(), format!("{good}.more"), good.replace('.', " "), "x".repeat(20_000)]
        {
            assert!(Said::read(&bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_token_is_itself_by_its_id_or_by_what_was_signed() {
        let id = |text: &str| Said::read(text).unwrap().identity();
        let a = token(r#"{"iss":"i","aud":"a","jti":"1","n":1}"#);
        assert_eq!(id(&a), id(&token(r#"{"iss":"i","aud":"a","jti":"1","n":2}"#)));
        assert_ne!(id(&a), id(&token(r#"{"iss":"j","aud":"a","jti":"1","n":1}"#)));
        let plain = token(r#"{"iss":"i","aud":"a","n":1}"#);
        assert_eq!(id(&plain), id(&plain.replace(".sig", ".other")));
        assert_ne!(id(&plain), id(&token(r#"{"iss":"i","aud":"a","n":2}"#)));
    }
}
