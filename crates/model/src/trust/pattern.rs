//! What a claim has to be.

use crate::text::is_deceptive;
use std::collections::BTreeMap;

/// Names of claims, and the pattern each has to fit.
pub type ClaimPatterns = BTreeMap<String, String>;

/// Claims a rule may look at.
const AT_MOST: usize = 20;
const LONGEST_NAME: usize = 100;
const LONGEST_PATTERN: usize = 500;
/// What every token says of itself, and what is checked of every token.
const OWN: [&str; 6] = ["iss", "aud", "exp", "nbf", "iat", "jti"];

/// Whether a text is what a pattern says: the same to the letter, where a `*` stands for any characters, also for none.
/// Nothing but a `*` is special, and a text with a control character in it, such as the end of a line, fits nothing.
pub fn fits(pattern: &str, text: &str) -> bool {
    if text.chars().any(is_deceptive) {
        return false;
    }
    let Some((first, others)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut left) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts = others.split('*');
    let last = parts.next_back().unwrap_or("");
    for part in parts {
        // The earliest place leaves the most for the others.
        let Some((_, after)) = left.split_once(part) else {
            return false;
        };
        left = after;
    }
    left.ends_with(last)
}

/// What is wrong with the claims of a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct WrongClaims(pub String);

/// Reads claims, one in a line: its name, an equals sign, its pattern.
///
/// # Errors
///
/// A sentence that names the line, or says what is missing from all of them together.
pub fn parse_claims(issuer: &str, text: &str) -> Result<ClaimPatterns, WrongClaims> {
    let mut claims = ClaimPatterns::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let shown: String = line.chars().filter(|c| !is_deceptive(*c)).take(60).collect();
        let wrong = |why: &str| WrongClaims(format!("“{shown}”: {why}"));
        let Some((name, pattern)) = line.split_once('=') else {
            return Err(wrong("write a claim as name = pattern."));
        };
        let (name, pattern) = (name.trim(), pattern.trim());
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(is_deceptive) {
            return Err(wrong("a claim has a name of at most 100 characters."));
        }
        if OWN.contains(&name) {
            return Err(wrong("this claim is checked of every token, and not by a pattern."));
        }
        if pattern.chars().count() > LONGEST_PATTERN || pattern.chars().any(is_deceptive) {
            return Err(wrong("a pattern has at most 500 characters."));
        }
        if pattern.chars().all(|c| c == '*') {
            return Err(wrong("a pattern that everything fits says nothing. Write more than *."));
        }
        if claims.insert(name.to_owned(), pattern.to_owned()).is_some() {
            return Err(wrong("this claim is there twice."));
        }
    }
    if claims.is_empty() {
        return Err(WrongClaims(
            "Name at least one claim, or every token of this issuer would do.".to_owned(),
        ));
    }
    if claims.len() > AT_MOST {
        return Err(WrongClaims(format!("A rule looks at {AT_MOST} claims at most.")));
    }
    if !names_whose(issuer, &claims) {
        return Err(WrongClaims(
            "Everybody can have tokens of this issuer. Name the owner or group whose they have to be, without *."
                .to_owned(),
        ));
    }
    Ok(claims)
}

/// Whether the patterns say whose tokens are meant, for issuers that give tokens to anybody who comes along.
fn names_whose(issuer: &str, claims: &ClaimPatterns) -> bool {
    // Whole, without a `*`.
    let whole = |names: &[&str]| names.iter().any(|name| claims.get(*name).is_some_and(|p| !p.contains('*')));
    // Up to the end of the owner's name, which the first `*` must not come before.
    let owned = |name: &str, before: &str, end: char| {
        let plain = claims.get(name).and_then(|pattern| pattern.split('*').next());
        let rest = plain.and_then(|plain| plain.strip_prefix(before)).and_then(|rest| rest.split_once(end));
        rest.is_some_and(|(owner, _)| !owner.is_empty())
    };
    match issuer.trim_end_matches('/') {
        "https://token.actions.githubusercontent.com" => {
            whole(&["repository_owner", "repository_owner_id", "repository_id"])
                || owned("repository", "", '/')
                || owned("sub", "repo:", '/')
        }
        "https://gitlab.com" => {
            whole(&["namespace_path", "namespace_id", "project_id"])
                || owned("namespace_path", "", '/')
                || owned("project_path", "", '/')
                || owned("sub", "project_path:", '/')
        }
        "https://agent.buildkite.com" => {
            whole(&["organization_slug", "organization_id"]) || owned("sub", "organization:", ':')
        }
        "https://app.terraform.io" => {
            whole(&["terraform_organization_name", "terraform_organization_id"])
                || owned("sub", "organization:", ':')
        }
        "https://accounts.google.com" => whole(&["sub", "email", "hd"]),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_anchored_at_both_ends_and_exact_to_the_letter() {
        for (pattern, text) in [
            ("acme/ci", "acme/ci"),
            ("acme/*", "acme/"),
            ("acme/*", "acme/a/b"),
            ("refs/*/v*", "refs/tags/v1.2"),
            ("*/ci", "acme/ci"),
            ("a*b*c", "abbcbc"),
            ("a**c", "ac"),
            ("[a-z].?+", "[a-z].?+"),
        ] {
            assert!(fits(pattern, text), "{pattern:?} and {text:?}");
        }
        for (pattern, text) in [
            ("acme/ci", "acme/ci-evil"),
            ("acme/ci", "evil/acme/ci"),
            ("acme/ci", "Acme/ci"),
            ("acme/ci", "acme/ci\n"),
            ("acme/ci", "acme/ci "),
            ("acme/ci", "acme/cі"), // A Cyrillic letter.
            ("acme/é", "acme/e\u{301}"),
            ("acme/*", "acme"),
            ("acme/*", "acme/ci\n"),
            ("acme/*", "acme/\u{0}"),
            ("*/ci", "acme/ci/"),
            ("aba*aba", "aba"),
            ("a*b*c", "acb"),
            (".*", "a"),
            ("a?", "ab"),
            ("acme/ci", ""),
        ] {
            assert!(!fits(pattern, text), "{pattern:?} and {text:?}");
        }
    }

    #[test]
    fn a_rule_looks_at_something() {
        let parse = |text: &str| parse_claims("https://ci.acme.test", text);
        let claims = parse("\n repository = acme/ci \nref=refs/heads/*\nx = a=b\n").unwrap();
        let expected = [("ref", "refs/heads/*"), ("repository", "acme/ci"), ("x", "a=b")];
        assert!(claims.iter().map(|(name, pattern)| (name.as_str(), pattern.as_str())).eq(expected));
        let many = (0..21).map(|n| format!("claim{n} = x")).collect::<Vec<_>>().join("\n");
        for bad in [
            "",
            " \n",
            "repository",
            "= x",
            "a =",
            "a = *",
            "a = ***",
            "iss = x",
            "aud = x",
            "a = x\na = y",
            &many,
        ] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
        assert!(parse(&format!("a = {}", "x".repeat(501))).is_err());
    }

    #[test]
    fn where_anybody_can_have_a_token_a_rule_says_whose() {
        let github = |text: &str| parse_claims("https://token.actions.githubusercontent.com", text).is_ok();
        for good in [
            "repository = acme/ci",
            "repository = acme/*",
            "repository_owner = acme",
            "sub = repo:acme/ci:*",
            "ref = refs/heads/main\nrepository_id = 7",
        ] {
            assert!(github(good), "{good}");
        }
        for bad in [
            "ref = refs/heads/main",
            "repository = */ci",
            "repository = acme*/ci",
            "repository = /ci",
            "repository_owner = acme*",
            "sub = repo:*",
            "sub = *acme/ci*",
            "environment = production",
        ] {
            assert!(!github(bad), "{bad}");
        }
        assert!(parse_claims("https://gitlab.com", "project_path = acme/ci").is_ok());
        for (issuer, good, bad) in [
            ("https://agent.buildkite.com", "organization_slug = acme", "pipeline_slug = ci"),
            ("https://agent.buildkite.com", "sub = organization:acme:pipeline:*", "sub = organization:acme*"),
            (
                "https://app.terraform.io",
                "terraform_organization_name = acme",
                "terraform_workspace_name = ci",
            ),
            ("https://app.terraform.io", "sub = organization:acme:*", "sub = organization::*"),
            ("https://accounts.google.com", "email = ci@acme.test", "email = *@acme.test"),
            ("https://accounts.google.com", "hd = acme.test", "email_verified = true"),
        ] {
            assert!(parse_claims(issuer, good).is_ok(), "{good}");
            assert!(parse_claims(issuer, bad).is_err(), "{bad}");
        }
        assert!(parse_claims("https://gitlab.com", "ref = main\nref_protected = true").is_err());
        assert!(parse_claims("https://gitlab.acme.test", "ref = main\nref_protected = true").is_ok());
    }
}
