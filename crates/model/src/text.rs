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
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// A name for people: 1 to 100 characters in NFC, none of them invisible, parted by single plain spaces. Names are
    /// told apart by [`folded`].
    DisplayName
}

// Not compiled for the browser, which leaves names to the server: no page may come to carry the tables of Unicode by
// accident.
#[cfg(not(target_arch = "wasm32"))]
impl DisplayName {
    /// Parses a name; says what is wrong with it otherwise.
    pub fn parse(text: &str) -> Result<Self, BadText> {
        use unicode_normalization::UnicodeNormalization;
        let words: Vec<&str> = text.split_whitespace().collect();
        let name: String = words.join(" ").nfc().collect();
        if name.is_empty() {
            return Err(BadText("Enter a name."));
        }
        if name.chars().count() > 100 {
            return Err(BadText("A name has at most 100 characters."));
        }
        if name.chars().any(|c| is_deceptive(c) || is_unseen(c)) {
            return Err(BadText("Leave out control, invisible and blank characters."));
        }
        // One character can stand for eighteen, and an index holds what it stands for.
        if folded(&name).chars().count() > 200 {
            return Err(BadText("Write out the ligatures: this name is too long."));
        }
        Ok(Self(name))
    }
}

/// The form in which names are compared and ordered: compatible forms and cases of the same letters become one, so that
/// full-width, ligated or upper-case twins of a name are that name. Letters of other scripts that look alike stay apart.
///
/// NFKC, and the full case folding of Unicode made of what the standard library has: the lower case of the upper case of
/// the lower case, letter by letter, since neither of them alone joins `ß` and `ẞ`, or `σ` and `ς`.
#[cfg(not(target_arch = "wasm32"))]
pub fn folded(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let lower = |c: char| c.to_lowercase();
    text.nfkd().flat_map(lower).flat_map(char::to_uppercase).flat_map(lower).nfkc().collect()
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
pub fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

/// Characters that leave no trace where they stand, or only a gap: what Unicode calls `Default_Ignorable_Code_Point`, and
/// the signs that are blank by design. Free texts may have them: an emoji is often written with one.
#[cfg(not(target_arch = "wasm32"))]
fn is_unseen(c: char) -> bool {
    let ignorable = matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}');
    // The braille cell without dots, the object that is not there, the note without a head.
    ignorable || matches!(c, '\u{2800}' | '\u{FFFC}' | '\u{1D159}')
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

    fn name(text: &str) -> String {
        DisplayName::parse(text).unwrap().into_string()
    }

    #[test]
    fn names_carry_no_invisible_characters() {
        let unseen = "\0\u{7F}\u{AD}\u{34F}\u{61C}\u{115F}\u{1160}\u{17B4}\u{180E}\u{200B}\u{200D}\u{202E}\u{2060}\u{2800}\
            \u{3164}\u{FE00}\u{FE0F}\u{FEFF}\u{FFA0}\u{FFF0}\u{FFF9}\u{FFFC}\u{1BCA0}\u{1D159}\u{1D173}\u{E0001}\u{E0061}\u{E01EF}";
        for c in unseen.chars() {
            for text in
                [format!("Zoë{c}"), format!("Zo{c}ë"), format!("{c}Zoë"), format!("{c}"), format!(" {c} ")]
            {
                let error = DisplayName::parse(&text).unwrap_err();
                assert_eq!(error, BadText("Leave out control, invisible and blank characters."), "{text:?}");
            }
        }
        assert_eq!(name("  <b>Zoë</b> "), "<b>Zoë</b>");
    }

    #[test]
    fn white_space_in_a_name_is_single_plain_spaces() {
        for space in ["  ", "\u{A0}", "\u{2003}\u{202F}", "\u{3000}", "\t", "\r\n", "\u{2028}", "\u{85}"] {
            assert_eq!(
                name(&format!("{space}Organization{space}Admin{space}")),
                "Organization Admin",
                "{space:?}"
            );
            assert_eq!(DisplayName::parse(space), Err(BadText("Enter a name.")), "{space:?}");
        }
    }

    #[test]
    fn a_name_is_composed_and_counted_so() {
        assert_eq!(name("Zoe\u{308}"), "Zo\u{EB}");
        assert!(DisplayName::parse(&"e\u{308}".repeat(100)).is_ok());
        assert!(DisplayName::parse(&"e\u{308}".repeat(101)).is_err());
        assert!(DisplayName::parse(&"ß".repeat(100)).is_ok());
        assert!(DisplayName::parse(&"\u{FDFA}".repeat(12)).is_err(), "eighteen characters each");
    }

    #[test]
    fn twins_of_a_name_are_folded_into_one() {
        for (one, other) in [
            ("Zoë", "ZOE\u{308}"),
            ("Data", "\u{FF24}\u{FF41}\u{FF54}\u{FF41}"),
            ("office", "o\u{FB03}ce"),
            ("STRASSE", "straße"),
            ("STRAẞE", "straße"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("team a", "TEAM\u{A0}A"),
            ("x2", "X²"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        assert_ne!(folded("admin"), folded("аdmin"), "Cyrillic");
        assert_ne!(folded("resume"), folded("résumé"));
    }

    #[test]
    fn what_is_folded_stays_as_it_is_whatever_its_case_or_form_was() {
        use unicode_normalization::UnicodeNormalization;
        for c in ('\0'..='\u{1FFFF}').filter(|c| !c.is_control()) {
            let once = folded(&c.to_string());
            assert_eq!(folded(&once), once, "{c:?}");
            let twins: [String; 4] = [
                c.to_lowercase().collect(),
                c.to_uppercase().collect(),
                c.nfd().collect(),
                c.nfkc().collect(),
            ];
            for twin in twins {
                assert_eq!(folded(&twin), once, "{c:?} {twin:?}");
            }
        }
    }

    #[test]
    fn a_free_text_keeps_its_lines_and_emoji_and_turns_nothing_around() {
        assert_eq!(Note::parse(" a\n\u{2764}\u{FE0F} ").unwrap().as_str(), "a\n\u{2764}\u{FE0F}");
        for text in ["\u{61C}a", "a\u{202E}b"] {
            assert!(Note::parse(text).is_err(), "{text:?}");
        }
    }
}
