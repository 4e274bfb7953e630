//! What an administrator says of a workspace: where people may be sent back to, and where it is told of ended sessions.

use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, WorkspaceKeys};
use crate::error::{Error, Result};
use crate::settings::is_this_machine;
use crate::sso;
use crate::sso::Reach;
use model::audit::AuditAction;
use model::text::is_deceptive;
use model::workspace::SignInSettings;
use serde_json::json;
use std::collections::BTreeMap;
use store::openid::RelyingParty;
use url::Url;

/// Most addresses of one workspace, and the longest.
const MOST: usize = 20;
const LONGEST: usize = 500;
/// Characters of one in a message about it.
const SHOWN: usize = 100;

/// What is added to an address on the way back.
const ANSWER: [&str; 5] = ["code", "state", "iss", "error", "error_description"];

/// The addresses of a text that has one a line.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// Whether people may be sent to `address`: compared exactly (RFC 9700 §4.1.3).
pub(super) fn is_registered(party: &RelyingParty, address: &str) -> bool {
    lines(&party.redirect_uris).any(|registered| registered == address)
}

/// Every address of a text, once.
fn parse_addresses(text: &str) -> std::result::Result<String, String> {
    let mut all: Vec<&str> = Vec::new();
    for address in lines(text) {
        parse_address(address).map_err(|why| format!("“{}”: {why}", shown(address)))?;
        if !all.contains(&address) {
            all.push(address);
        }
    }
    if all.len() > MOST {
        return Err(format!("Use at most {MOST} addresses."));
    }
    Ok(all.join("\n"))
}

/// Enough of it to find it again.
pub(super) fn shown(address: &str) -> String {
    let plain: Vec<char> = address.chars().filter(|c| !is_deceptive(*c)).take(SHOWN + 1).collect();
    let cut = if plain.len() > SHOWN { "…" } else { "" };
    plain.into_iter().take(SHOWN).chain(cut.chars()).collect()
}

fn parse_address(text: &str) -> std::result::Result<Url, &'static str> {
    if text.len() > LONGEST {
        return Err("use at most 500 characters.");
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("write one address a line, without spaces, and other scripts in their xn-- form.");
    }
    let url = Url::parse(text).map_err(|_| "this is no URL such as https://ml.example.com/callback.")?;
    match url.scheme() {
        "https" => {}
        "http" if is_this_machine(&url) => {}
        _ => return Err("this must be https, or http on localhost or 127.0.0.1."),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("leave user and password out.");
    }
    if url.fragment().is_some() {
        return Err("leave out what stands after #.");
    }
    if text.contains('*') {
        return Err("write each address out: there are no wildcards.");
    }
    // What is compared to the letter must be where a browser goes.
    if url.as_str() != text && url.as_str().strip_suffix('/') != Some(text) {
        return Err(
            "write it as browsers do: lower case, no port that goes without saying, no dots in the path.",
        );
    }
    if url.query_pairs().any(|(name, _)| ANSWER.contains(&name.as_ref())) {
        return Err("leave out what an answer brings: code, state, iss and error.");
    }
    Ok(url)
}

impl Control {
    /// Whether calls may go to this machine itself: only from an installation on it.
    pub(super) fn reach(&self) -> Reach {
        if self.settings().public_url.is_this_machine() { Reach::ThisMachine } else { Reach::Elsewhere }
    }

    fn parse_logout_uri(&self, text: &str) -> std::result::Result<Option<String>, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        parse_address(text).map_err(|why| format!("“{}”: {why}", shown(text)))?;
        sso::allowed(text, self.reach()).map_err(|why| format!("This address {why}."))?;
        Ok(Some(text.to_owned()))
    }

    /// Says how people sign in to a workspace with Reeve: where they may be sent back to, an address a line, and where the
    /// workspace is told that a session is over, if anywhere.
    ///
    /// # Errors
    ///
    /// `invalid` in `redirect_uris` and `logout_uri`.
    pub async fn set_workspace_sign_in(
        &self,
        auth: &Authorized<WorkspaceKeys>,
        redirect_uris: &str,
        logout_uri: &str,
    ) -> Result<()> {
        let mut wrong = BTreeMap::new();
        let addresses = parse_addresses(redirect_uris).map_err(|why| wrong.insert("redirect_uris", why));
        let logout = self.parse_logout_uri(logout_uri).map_err(|why| wrong.insert("logout_uri", why));
        Error::invalid_fields(wrong)?;
        let (Ok(addresses), Ok(logout)) = (addresses, logout) else {
            return Err(Error::internal("a field was wrong and was not named"));
        };
        let mut tx = self.writing(auth).await?;
        let workspace =
            store::workspaces::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        let before =
            store::openid::relying_party(&mut tx, workspace.id).await?.ok_or_else(Error::not_found)?;
        store::openid::register(&mut tx, workspace.id, &addresses, logout.as_deref(), auth.now()).await?;
        let told = |addresses: &str, logout: Option<&str>| json!({ "redirect_uris": lines(addresses).collect::<Vec<_>>(), "logout_uri": logout });
        let event = Event::of(AuditAction::WorkspaceUpdated)
            .on("workspace", workspace.id.uuid(), workspace.name)
            .before(told(&before.redirect_uris, before.logout_uri.as_deref()))
            .after(told(&addresses, logout.as_deref()));
        Ok(tx.commit(auth.audit(event)).await?)
    }

    pub(crate) fn sign_in_settings(&self, party: &RelyingParty) -> SignInSettings {
        SignInSettings {
            issuer: self.settings().public_url.as_str().to_owned(),
            redirect_uris: lines(&party.redirect_uris).map(str::to_owned).collect(),
            logout_uri: party.logout_uri.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_kept_as_they_are_typed_or_refused() {
        assert_eq!(parse_addresses(" \n").as_deref(), Ok(""));
        assert_eq!(
            parse_addresses(" https://ml.test/cb \n\nhttps://ml.test/cb\nhttp://127.0.0.1:9/x?y=1")
                .as_deref(),
            Ok("https://ml.test/cb\nhttp://127.0.0.1:9/x?y=1")
        );
        for bad in [
            "http://ml.test/cb",
            "https://ml.test/cb#x",
            "https://user@ml.test/cb",
            "https://*.ml.test/cb",
            "https://ml.test/c b",
            "https:ml.test/cb",
            "https://ml.test\\@evil.test/cb",
            "https://ML.test/cb",
            "https://ml.test:443/cb",
            "https://ml.test/../cb",
            "http://0x7f000001/cb",
            "https://ml.test/cb?x=1&code=2",
            "https://ml.test/\u{202E}cb",
            "javascript:alert(1)",
            "com.example:/cb",
            "/cb",
            "//ml.test/cb",
        ] {
            assert!(parse_addresses(bad).is_err(), "{bad}");
        }
        let many: Vec<String> = (0..=MOST).map(|n| format!("https://ml.test/{n}")).collect();
        assert!(parse_addresses(&many.join("\n")).is_err());
    }

    #[test]
    fn only_the_very_address_is_registered() {
        let party = RelyingParty {
            name: "dev".to_owned(),
            token_algorithm: model::workspace::TokenAlgorithm::EdDsa,
            redirect_uris: "https://ml.test/cb\nhttps://ml.test/other".to_owned(),
            logout_uri: None,
            deactivated_at: None,
        };
        assert!(
            is_registered(&party, "https://ml.test/cb") && is_registered(&party, "https://ml.test/other")
        );
        for near in [
            "",
            "https://ml.test/cb/",
            "https://ml.test/cb?x=1",
            "https://ML.test/cb",
            "https://ml.test:443/cb",
            "https://ml.test/c%62",
            "https://ml.test/cb\nhttps://ml.test/other",
            "https://ml.test/cb/../other",
        ] {
            assert!(!is_registered(&party, near), "{near}");
        }
    }
}
