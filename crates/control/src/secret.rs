//! One type for every secret a person, a browser or a machine presents: how it is made, read and digested.
//!
//! A secret is `<prefix><256 random bits><checksum>`. The prefix says what it is for and is part of the digest, so
//! one kind can never be taken for another. The checksum turns a typing error away without a look at the database.
//!
//! *Invariant: secrets are looked up by digest; nothing in the code base compares two of them.*

use crate::rng::Ids;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest as _, Sha256};

/// What a secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A browser session's cookie.
    Session,
    /// First-run setup.
    SetupLink,
    /// Sign-in by a link.
    SignInLink,
    /// An invitation.
    InvitationLink,
    /// A personal access token; the prefix is the one stock ZenML clients look for.
    ApiKey,
    /// An access token for a signed-in device.
    DeviceToken,
    /// An access token for Reeve's own command line, which no workspace gets to see.
    CommandLineToken,
    /// An access token made from a personal access token.
    KeyToken,
    /// An access token of a workspace's server.
    WorkspaceToken,
    /// An access token with which a browser session enters one workspace: through this server, or signed in with it.
    EntryToken,
    /// An access token made from a token of an outside issuer.
    TrustToken,
    /// The long-lived key with which a workspace's server signs in.
    EnrollmentKey,
    /// The code a device polls with (RFC 8628 §3.2).
    DeviceCode,
    /// The code with which somebody comes back to a workspace that they sign in to (RFC 6749 §4.1.2).
    AuthorizationCode,
    /// `state` of a sign-in through a provider.
    State,
    /// The cookie that ties such a sign-in to one browser.
    SignInBrowser,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 16] = [
        Self::Session,
        Self::SetupLink,
        Self::SignInLink,
        Self::InvitationLink,
        Self::ApiKey,
        Self::DeviceToken,
        Self::CommandLineToken,
        Self::KeyToken,
        Self::WorkspaceToken,
        Self::EntryToken,
        Self::TrustToken,
        Self::EnrollmentKey,
        Self::DeviceCode,
        Self::AuthorizationCode,
        Self::State,
        Self::SignInBrowser,
    ];

    /// What such a secret begins with.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Session => "rvs_",
            Self::SetupLink => "rvsetup_",
            Self::SignInLink => "rvlink_",
            Self::InvitationLink => "rvinvite_",
            Self::ApiKey => "ZENPROKEY_",
            Self::DeviceToken => "rvdevice_",
            Self::CommandLineToken => "rvcli_",
            Self::KeyToken => "rvkey_",
            Self::WorkspaceToken => "rvworkspace_",
            Self::EntryToken => "rventry_",
            Self::TrustToken => "rvci_",
            Self::EnrollmentKey => "rvenroll_",
            Self::DeviceCode => "rvcode_",
            Self::AuthorizationCode => "rvauth_",
            Self::State => "rvstate_",
            Self::SignInBrowser => "rvbrowser_",
        }
    }
}

/// SHA-256 of a whole secret, prefix included: what the database keeps.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The bytes, for the database.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Digest")
    }
}

/// A secret in clear: exists from its making until it was handed over.
#[derive(Clone, Debug)]
pub struct Secret(SecretString);

/// Characters of 32 random bytes and 4 bytes of checksum in base64url.
const BODY: usize = 43;
const CHECKSUM: usize = 6;

impl Secret {
    /// A new one.
    pub fn generate(kind: Kind, ids: &Ids) -> Self {
        let body = URL_SAFE_NO_PAD.encode(ids.bytes::<32>());
        let text = format!("{}{body}", kind.prefix());
        let checksum = checksum(&text);
        Self(SecretString::from(text + &checksum))
    }

    /// A signed token, which is no secret of a kind: it is not looked up.
    pub(crate) fn signed(token: String) -> Self {
        Self(SecretString::from(token))
    }

    /// One of `kind` that was made before and is handed over a second time.
    pub(crate) fn read(kind: Kind, text: &str) -> Option<Self> {
        parse(kind, text).map(|_| Self(SecretString::from(text)))
    }

    /// The text, for handing it over.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What to keep.
    pub fn digest(&self) -> Digest {
        digest(self.expose())
    }

    /// The last four characters: enough to tell two apart, of no help in guessing.
    pub fn hint(&self) -> String {
        let text = self.expose();
        text.get(text.len().saturating_sub(4)..).unwrap_or("").to_owned()
    }
}

/// Reads a presented text as a secret of `kind`; `None` if it cannot be one. Does not say whether it exists.
pub fn parse(kind: Kind, text: &str) -> Option<Digest> {
    let body = text.strip_prefix(kind.prefix())?;
    if body.len() != BODY + CHECKSUM || !body.is_ascii() {
        return None;
    }
    let (unchecked, sum) = text.split_at_checked(text.len() - CHECKSUM)?;
    (checksum(unchecked) == sum).then(|| digest(text))
}

/// The kind a text claims to be by its prefix.
pub fn kind_of(text: &str) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| text.starts_with(kind.prefix()))
}

fn digest(text: &str) -> Digest {
    Digest(Sha256::digest(text.as_bytes()).into())
}

fn checksum(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(crc32fast::hash(text.as_bytes()).to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::OsEntropy;
    use std::sync::Arc;

    #[test]
    fn a_secret_is_read_as_its_own_kind_and_no_other() {
        let ids = Ids::new(Arc::new(OsEntropy));
        for made in Kind::ALL {
            let secret = Secret::generate(made, &ids);
            for read in Kind::ALL {
                assert_eq!(parse(read, secret.expose()).is_some(), read == made, "{made:?} as {read:?}");
            }
            assert_eq!(parse(made, secret.expose()), Some(secret.digest()));
            assert_eq!(kind_of(secret.expose()), Some(made));
        }
    }

    #[test]
    fn a_changed_shortened_or_lengthened_secret_is_none() {
        let ids = Ids::new(Arc::new(OsEntropy));
        let text = Secret::generate(Kind::ApiKey, &ids).expose().to_owned();
        let mut flipped = text.clone().into_bytes();
        flipped[15] ^= 1;
        let flipped = String::from_utf8(flipped).unwrap();
        for bad in [
            flipped.as_str(),
            &text[..text.len() - 1],
            &format!("{text}A"),
            &format!(" {text}"),
            "",
            "ZENPROKEY_",
        ] {
            assert_eq!(parse(Kind::ApiKey, bad), None);
        }
    }

    #[test]
    fn secrets_and_digests_print_nothing() {
        let ids = Ids::new(Arc::new(OsEntropy));
        let secret = Secret::generate(Kind::Session, &ids);
        let printed = format!("{secret:?} {:?}", secret.digest());
        assert!(!printed.contains(secret.expose()) && printed.ends_with("Digest"));
    }
}
