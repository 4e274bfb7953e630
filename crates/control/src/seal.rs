//! Encryption of what must be read back: provider secrets, and mails that hold a link.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::rng::Ids;

/// Seals with XChaCha20-Poly1305 under the installation's key. What is sealed for one row cannot be opened as
/// another's: table, column and row id are authenticated with it.
pub struct Sealer {
    cipher: XChaCha20Poly1305,
}

/// Where a sealed value lives.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// `table.column`.
    pub column: &'static str,
    /// The row.
    pub row: Uuid,
}

impl Place {
    fn associated_data(self) -> Vec<u8> {
        [self.column.as_bytes(), b"\0", self.row.as_bytes()].concat()
    }
}

/// A sealed value was changed, moved, or sealed under another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a sealed value cannot be opened: it was changed, or REEVE_SECRET_KEY is not the one it was sealed with"
)]
pub struct CannotOpen;

/// First byte of a sealed value: the format.
const VERSION: u8 = 1;
const NONCE: usize = 24;

impl Sealer {
    /// With the installation's key, of any length: it is hashed, with a label of its own, to the cipher's.
    pub fn new(secret_key: &SecretString) -> Self {
        let key = Sha256::new_with_prefix(b"reeve sealing key v1\0")
            .chain_update(secret_key.expose_secret())
            .finalize();
        Self { cipher: XChaCha20Poly1305::new(&key) }
    }

    /// Seals `clear` for `place`.
    pub fn seal(&self, ids: &Ids, place: Place, clear: &[u8]) -> Vec<u8> {
        let nonce = XNonce::from(ids.bytes::<NONCE>());
        let aad = place.associated_data();
        let sealed = self
            .cipher
            .encrypt(&nonce, Payload { msg: clear, aad: &aad })
            .expect("XChaCha20-Poly1305 fails only beyond 256 GiB");
        [&[VERSION], nonce.as_slice(), &sealed].concat()
    }

    /// Opens what was sealed for `place`.
    pub fn open(&self, place: Place, sealed: &[u8]) -> Result<Vec<u8>, CannotOpen> {
        let (version, rest) = sealed.split_first().ok_or(CannotOpen)?;
        let (nonce, sealed) = rest.split_at_checked(NONCE).ok_or(CannotOpen)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| CannotOpen)?;
        if *version != VERSION {
            return Err(CannotOpen);
        }
        let aad = place.associated_data();
        self.cipher.decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: &aad }).map_err(|_| CannotOpen)
    }
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::OsEntropy;
    use std::sync::Arc;

    #[test]
    fn a_sealed_value_opens_in_its_place_and_under_its_key_only() {
        let ids = Ids::new(Arc::new(OsEntropy));
        let sealer = Sealer::new(&"one key".into());
        let here = Place { column: "connections.client_secret", row: Uuid::from_u128(1) };
        let sealed = sealer.seal(&ids, here, b"hush");
        assert_eq!(sealer.open(here, &sealed).as_deref(), Ok(&b"hush"[..]));
        assert_eq!(sealer.open(Place { row: Uuid::from_u128(2), ..here }, &sealed), Err(CannotOpen));
        assert_eq!(sealer.open(Place { column: "outbox.payload", ..here }, &sealed), Err(CannotOpen));
        assert_eq!(Sealer::new(&"another".into()).open(here, &sealed), Err(CannotOpen));
        assert_eq!(sealer.open(here, &sealed[..20]), Err(CannotOpen));
        assert_ne!(sealed, sealer.seal(&ids, here, b"hush"), "each sealing has its own nonce");
    }
}
