//! What the remote commands read from the environment.

use secrecy::SecretString;
use std::path::PathBuf;

#[expect(clippy::disallowed_methods, reason = "the one place where these commands read the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.trim().is_empty())
}

/// `REEVE_SERVER`: where to ask.
pub(crate) fn server() -> Option<String> {
    variable("REEVE_SERVER")
}

/// `REEVE_ORG`: in which organization.
pub(crate) fn org() -> Option<String> {
    variable("REEVE_ORG")
}

/// `REEVE_API_KEY`: as whom, for scripts.
pub(crate) fn api_key() -> Option<SecretString> {
    variable("REEVE_API_KEY").map(|key| SecretString::from(key.trim()))
}

/// `NO_COLOR`, in any value, and terminals without colours.
pub(crate) fn wants_colours() -> bool {
    variable("NO_COLOR").is_none() && variable("TERM").is_none_or(|term| term != "dumb")
}

/// Where a person's settings are (XDG Base Directory Specification): `XDG_CONFIG_HOME`, which counts if it is absolute, or
/// `.config` in their folder.
pub(crate) fn config_home() -> Option<PathBuf> {
    let absolute = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute("XDG_CONFIG_HOME").or_else(|| absolute("HOME").map(|home| home.join(".config")))
}
