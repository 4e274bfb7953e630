//! What somebody held when it was looked at, as a text that whoever looked hands back.
//!
//! One count and one digest for each part, so that a difference can be named without keeping anything: for every part
//! `<part>.<count>.<digest>`, divided by commas. It is no secret and proves nothing: it only says what was seen.

use crate::error::{Error, Result};
use model::offboarding::Part;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt;

/// Bytes of each digest: what it guards against is not forgery, only that something else is ended than was seen.
const BYTES: usize = 16;

/// Counts and digests, by part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fingerprint(BTreeMap<Part, (u32, String)>);

impl Fingerprint {
    /// Adds a part: how many things, and all that was seen of them.
    pub(super) fn with<T: Serialize>(mut self, part: Part, count: usize, seen: &T) -> Result<Self> {
        let canonical = serde_json::to_vec(&(part, seen)).map_err(Error::internal)?;
        let digest = hex::encode(&Sha256::digest(canonical)[..BYTES]);
        self.0.insert(part, (u32::try_from(count).unwrap_or(u32::MAX), digest));
        Ok(self)
    }

    /// Reads what a caller hands back.
    ///
    /// # Errors
    ///
    /// `invalid` on `fingerprint` for anything that is none.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let parts: Option<BTreeMap<Part, (u32, String)>> = text.trim().split(',').map(parsed).collect();
        let whole = parts.filter(|parts| parts.len() == Part::ALL.len());
        whole.map(Self).ok_or_else(|| {
            Error::invalid("fingerprint", "Look at what they hold first, and hand back what it says.")
        })
    }

    /// The parts that are not as they were when `seen` was made, each with its count then and now.
    pub(super) fn changed_since(&self, seen: &Self) -> Vec<(Part, u32, u32)> {
        let count = |of: &Self, part| of.0.get(part).map(|(count, _)| *count).unwrap_or_default();
        let differs = |part: &&Part| self.0.get(part) != seen.0.get(part);
        Part::ALL.iter().filter(differs).map(|part| (*part, count(seen, part), count(self, part))).collect()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (part, (count, digest))) in self.0.iter().enumerate() {
            let comma = if n == 0 { "" } else { "," };
            write!(f, "{comma}{part}.{count}.{digest}")?;
        }
        Ok(())
    }
}

fn parsed(text: &str) -> Option<(Part, (u32, String))> {
    let mut words = text.splitn(3, '.');
    let part = words.next()?.parse().ok()?;
    let count = words.next()?.parse().ok()?;
    let digest = words.next().filter(|digest| digest.len() == 2 * BYTES)?;
    Some((part, (count, digest.to_owned())))
}

/// The refusal that names what changed: for people in the message, for programs in the field `changed`.
pub(super) fn something_changed(changed: &[(Part, u32, u32)]) -> Error {
    let told = |(part, before, now): &(Part, u32, u32)| match (part, before == now) {
        (Part::Membership, _) => "the membership itself".to_owned(),
        (part, true) => format!("{} (still {now}, but not the same)", part.label().to_lowercase()),
        (part, false) => format!("{} ({before} before, {now} now)", part.label().to_lowercase()),
    };
    let list = changed.iter().map(told).collect::<Vec<_>>().join(", ");
    let words = changed.iter().map(|(part, _, _)| part.as_str()).collect::<Vec<_>>().join(" ");
    Error::conflict(format!(
        "This changed since you looked: {list}. Nothing was ended. Look at it below, and confirm again."
    ))
    .and_field("changed", words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(keys: &[&str]) -> Fingerprint {
        let all = Part::ALL.iter().try_fold(Fingerprint::default(), |all, part| {
            let seen: &[&str] = if *part == Part::Keys { keys } else { &[] };
            all.with(*part, seen.len(), &seen)
        });
        all.unwrap()
    }

    #[test]
    fn it_comes_back_as_it_went() {
        let made = of(&["ci"]);
        assert_eq!(Fingerprint::parse(&format!(" {made}\n")).unwrap(), made);
    }

    #[test]
    fn what_is_none_is_refused_with_the_field() {
        let whole = of(&[]).to_string();
        let short = whole.rsplit_once(',').unwrap().0;
        let doubled = format!("{short},{}", short.split(',').next().unwrap());
        for text in [
            "",
            "x",
            short,
            &doubled,
            &whole.replace("keys", "locks"),
            &format!("{whole},"),
            &whole[..whole.len() - 1],
        ] {
            let error = Fingerprint::parse(text).unwrap_err();
            assert!(error.fields().contains_key("fingerprint"), "{text}");
        }
    }

    #[test]
    fn it_names_what_changed_and_how_many_there_were() {
        assert_eq!(of(&["ci"]).changed_since(&of(&["ci"])), []);
        assert_eq!(of(&["ci", "nightly"]).changed_since(&of(&["ci"])), [(Part::Keys, 1, 2)]);
        let error = something_changed(&of(&["nightly"]).changed_since(&of(&["ci"])));
        assert!(error.message().contains("api keys (still 1, but not the same)"), "{error}");
        assert_eq!(error.fields()["changed"], "keys");
    }
}
