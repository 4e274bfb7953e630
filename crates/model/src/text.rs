//! Texts people type, parsed once at the edge.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text was not taken. The message stands under the field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadText(pub &'static str);

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str { &self.0 }
            /// The text, owned.
            pub fn into_string(self) -> String { self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
    };
}

text_type! {
    /// An e-mail address as typed, trimmed. At most 254 characters (RFC 5321 §4.5.3.1), ASCII only: an address
    /// in another script could look like a colleague's.
    Email
}

impl Email {
    /// Parses an address; says what is wrong with it otherwise.
    pub fn parse(text: &str) -> Result<Self, BadText> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BadText("Enter an e-mail address."));
        }
        if text.len() > 254 {
            return Err(BadText("An e-mail address has at most 254 characters."));
        }
        if !text.is_ascii() {
            return Err(BadText("Use an address with ASCII characters only."));
        }
        let Some((local, domain)) = text.rsplit_once('@') else {
            return Err(BadText("An e-mail address looks like name@example.com."));
        };
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~.-".contains(&b));
        let domain_ok = domain.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        });
        if !local_ok || !domain_ok {
            return Err(BadText("An e-mail address looks like name@example.com."));
        }
        Ok(Self(text.to_owned()))
    }
    /// The form in which addresses are compared: lower case. Providers that tell case apart are not known in practice.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
    /// The part before the `@`.
    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }
}

text_type! {
    /// An identifier in URLs and on the wire: 2 to 63 of `a-z 0-9 -`, starting with a letter, ending in no hyphen.
    Slug
}

impl Slug {
    /// Parses an identifier; says what is wrong with it otherwise.
    pub fn parse(text: &str) -> Result<Self, BadText> {
        let text = text.trim();
        if !(2..=63).contains(&text.len()) {
            return Err(BadText("Use 2 to 63 characters."));
        }
        if !text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            return Err(BadText("Use lower-case letters, digits and hyphens only."));
        }
        if !text.starts_with(|c: char| c.is_ascii_lowercase()) || text.ends_with('-') {
            return Err(BadText("Start with a letter and do not end with a hyphen."));
        }
        Ok(Self(text.to_owned()))
    }
    /// The nearest identifier to a free text, or `fallback` if nothing of it can be kept.
    pub fn from_text(text: &str, fallback: &str) -> Self {
        let mut slug = String::new();
        for c in text.chars().flat_map(char::to_lowercase) {
            if c.is_ascii_alphanumeric() {
                slug.push(c);
            } else if !slug.ends_with('-') && !slug.is_empty() {
                slug.push('-');
            }
        }
        let start = slug.find(|c: char| c.is_ascii_lowercase()).unwrap_or(slug.len());
        let kept: String = slug.get(start..).unwrap_or("").chars().take(50).collect();
        Self::parse(kept.trim_end_matches('-')).unwrap_or_else(|_| Self(fallback.to_owned()))
    }
}

text_type! {
    /// A name for people: 1 to 100 characters, no control or direction-changing characters, trimmed.
    DisplayName
}

impl DisplayName {
    /// Parses a name; says what is wrong with it otherwise.
    pub fn parse(text: &str) -> Result<Self, BadText> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BadText("Enter a name."));
        }
        if text.chars().count() > 100 {
            return Err(BadText("A name has at most 100 characters."));
        }
        if text.chars().any(is_deceptive) {
            return Err(BadText("Leave out control and invisible characters."));
        }
        Ok(Self(text.to_owned()))
    }
}

text_type! {
    /// A longer free text, may be empty: at most 1,000 characters, line breaks allowed.
    Note
}

impl Note {
    /// Parses a free text; says what is wrong with it otherwise.
    pub fn parse(text: &str) -> Result<Self, BadText> {
        let text = text.trim();
        if text.chars().count() > 1000 {
            return Err(BadText("Use at most 1,000 characters."));
        }
        if text.chars().any(|c| is_deceptive(c) && c != '\n' && c != '\r' && c != '\t') {
            return Err(BadText("Leave out control and invisible characters."));
        }
        Ok(Self(text.to_owned()))
    }
}

/// Control characters, zero-width characters and the ones that change the direction of the text around them.
fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_as_typed_and_compared_in_lower_case() {
        let email = Email::parse(" Bob.Smith+reeve@Example.COM ").unwrap();
        assert_eq!(email.as_str(), "Bob.Smith+reeve@Example.COM");
        assert_eq!(email.folded(), "bob.smith+reeve@example.com");
    }

    #[test]
    fn texts_that_are_no_address_are_refused() {
        for text in [
            "",
            "bob",
            "@x.test",
            "bob@",
            "bob@x..test",
            "b ob@x.test",
            "bob@x.test\r\nBcc: a@b.c",
            "bоb@x.test",
            "a@-x.test",
            ".a@x.test",
        ] {
            assert!(Email::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn identifiers_are_made_from_names() {
        assert_eq!(Slug::from_text("Acme, Inc.", "org").as_str(), "acme-inc");
        assert_eq!(Slug::from_text("42 Ünits!", "org").as_str(), "nits");
        assert_eq!(Slug::from_text("株式会社", "org").as_str(), "org");
        assert!(Slug::parse("Acme").is_err() && Slug::parse("a").is_err() && Slug::parse("a-").is_err());
    }

    #[test]
    fn names_carry_no_invisible_characters() {
        assert!(DisplayName::parse("Zoë \u{202E}nimda").is_err());
        assert!(DisplayName::parse("a\0b").is_err());
        assert_eq!(DisplayName::parse("  <b>Zoë</b> ").unwrap().as_str(), "<b>Zoë</b>");
    }
}
