//! Signed tokens in their compact form (RFC 7515 §3.1), as we write them and in no other.
//!
//! Nothing in a header chooses how it is verified: a key is found by its id among ours, and has one algorithm. What a
//! header may say beyond that (`jwk`, `jku`, `x5u`, `crit`, …) is not read but refused.

use super::Key;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::SigningKeyId;
use model::workspace::TokenAlgorithm;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Longer than any token of ours.
const MAX_LENGTH: usize = 4096;

/// All that stands in a header of ours. A name that comes twice, or another one, makes it unreadable.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    typ: String,
    alg: TokenAlgorithm,
    kid: SigningKeyId,
}

/// A token taken apart, and nothing believed of it yet.
#[derive(Debug)]
pub(crate) struct Unverified<'a> {
    header: Header,
    signed: &'a str,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// Whether a text looks like a signed token, and not like a secret of ours.
pub(crate) fn looks_signed(text: &str) -> bool {
    text.bytes().filter(|byte| *byte == b'.').count() == 2
}

impl<'a> Unverified<'a> {
    /// Takes a token apart. `None` for whatever is not of the form in which we write them.
    pub(crate) fn read(token: &'a str) -> Option<Self> {
        if token.len() > MAX_LENGTH {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        // Takes no padding and no bits beyond the end: there is one way to write a token.
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
        Some(Self {
            header: object(&bytes(header)?)?,
            signed,
            payload: bytes(payload)?,
            signature: bytes(signature)?,
        })
    }

    /// The key it says it was signed with.
    pub(crate) fn key(&self) -> SigningKeyId {
        self.header.kid
    }

    /// What it says, if `key` signed it as a token of type `typ`.
    pub(crate) fn verified<T: DeserializeOwned>(&self, key: &Key, typ: &str) -> Option<T> {
        let fits = self.header.kid == key.id && self.header.alg == key.algorithm && self.header.typ == typ;
        if !fits || !key.has_signed(self.signed.as_bytes(), &self.signature) {
            return None;
        }
        object(&self.payload)
    }
}

/// A JSON object. The library would take a list of the same values for one, too.
fn object<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    if bytes.first() == Some(&b'{') { serde_json::from_slice(bytes).ok() } else { None }
}

/// Header and claims, ready to be signed.
pub(super) fn to_be_signed(key: &Key, typ: &str, claims: &impl Serialize) -> serde_json::Result<String> {
    let header = Header { typ: typ.to_owned(), alg: key.algorithm, kid: key.id };
    let (header, claims) = (serde_json::to_vec(&header)?, serde_json::to_vec(claims)?);
    Ok(format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims)))
}

/// The whole token.
pub(super) fn with_signature(signed: &str, signature: &[u8]) -> String {
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}
