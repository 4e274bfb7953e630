//! The three kinds of keys, as the cryptographic library knows them, and their public halves as JSON (RFC 7517).

use crate::seal::Clear;
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::error::{KeyRejected, Unspecified};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents,
    VerificationAlgorithm,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::SigningKeyId;
use model::workspace::TokenAlgorithm;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// What begins a point of a curve that is written in full (SEC 1 §2.3.3).
const UNCOMPRESSED: u8 = 4;
/// Bytes of a coordinate on P-256.
const COORDINATE: usize = 32;

/// A public key as key sets show it. Members that its kind does not have are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    kty: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    crv: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    x: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    y: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    e: Option<String>,
    #[serde(rename = "use")]
    for_: String,
    alg: TokenAlgorithm,
    kid: SigningKeyId,
}

/// A key that signs.
pub(super) enum Pair {
    Ed(Ed25519KeyPair),
    Ec(EcdsaKeyPair),
    Rsa(Box<RsaKeyPair>),
}

impl std::fmt::Debug for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pair")
    }
}

/// A new private key in PKCS#8, from the library's own generator. Takes a moment for RSA.
pub(super) fn generate(algorithm: TokenAlgorithm) -> Result<Clear, Unspecified> {
    let der = match algorithm {
        TokenAlgorithm::EdDsa => Ed25519KeyPair::generate()?.to_pkcs8v1()?.as_ref().to_vec(),
        TokenAlgorithm::Es256 => {
            EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?.to_pkcs8v1()?.as_ref().to_vec()
        }
        TokenAlgorithm::Rs256 => RsaKeyPair::generate(KeySize::Rsa2048)?.as_der()?.as_ref().to_vec(),
    };
    Ok(Zeroizing::new(der))
}

impl Pair {
    pub(super) fn open(algorithm: TokenAlgorithm, pkcs8: &[u8]) -> Result<Self, KeyRejected> {
        Ok(match algorithm {
            TokenAlgorithm::EdDsa => Self::Ed(Ed25519KeyPair::from_pkcs8(pkcs8)?),
            TokenAlgorithm::Es256 => {
                Self::Ec(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8)?)
            }
            TokenAlgorithm::Rs256 => Self::Rsa(Box::new(RsaKeyPair::from_pkcs8(pkcs8)?)),
        })
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Unspecified> {
        Ok(match self {
            Self::Ed(pair) => pair.try_sign(message)?.as_ref().to_vec(),
            Self::Ec(pair) => pair.sign(&SystemRandom::new(), message)?.as_ref().to_vec(),
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)?;
                signature
            }
        })
    }

    /// The public half; `None` if the library gives one of another form than the standard's.
    pub(super) fn jwk(&self, kid: SigningKeyId) -> Option<Jwk> {
        let text = |bytes: &[u8]| Some(URL_SAFE_NO_PAD.encode(bytes));
        let bare = |kty: &str, alg| Jwk {
            kty: kty.to_owned(),
            crv: None,
            x: None,
            y: None,
            n: None,
            e: None,
            for_: "sig".to_owned(),
            alg,
            kid,
        };
        Some(match self {
            Self::Ed(pair) => Jwk {
                crv: Some("Ed25519".to_owned()),
                x: text(pair.public_key().as_ref()),
                ..bare("OKP", TokenAlgorithm::EdDsa)
            },
            Self::Ec(pair) => {
                let point = pair.public_key().as_ref().strip_prefix(&[UNCOMPRESSED])?;
                let (x, y) = point.split_at_checked(COORDINATE).filter(|(_, y)| y.len() == COORDINATE)?;
                Jwk {
                    crv: Some("P-256".to_owned()),
                    x: text(x),
                    y: text(y),
                    ..bare("EC", TokenAlgorithm::Es256)
                }
            }
            Self::Rsa(pair) => {
                let public = pair.public_key();
                Jwk {
                    n: text(public.modulus().big_endian_without_leading_zero()),
                    e: text(public.exponent().big_endian_without_leading_zero()),
                    ..bare("RSA", TokenAlgorithm::Rs256)
                }
            }
        })
    }
}

impl Jwk {
    /// Ready to verify, with the one algorithm that the key is made for.
    pub(super) fn verifier(&self) -> Option<ParsedPublicKey> {
        let bytes = |text: &Option<String>| URL_SAFE_NO_PAD.decode(text.as_ref()?).ok();
        let parsed = |algorithm: &'static dyn VerificationAlgorithm, key: &[u8]| {
            ParsedPublicKey::new(algorithm, key).ok()
        };
        match self.alg {
            TokenAlgorithm::EdDsa => parsed(&ED25519, &bytes(&self.x)?),
            TokenAlgorithm::Es256 => {
                let point = [&[UNCOMPRESSED][..], &bytes(&self.x)?, &bytes(&self.y)?].concat();
                parsed(&ECDSA_P256_SHA256_FIXED, &point)
            }
            TokenAlgorithm::Rs256 => {
                let parts = RsaPublicKeyComponents { n: bytes(&self.n)?, e: bytes(&self.e)? };
                parts.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).ok()
            }
        }
    }
}
