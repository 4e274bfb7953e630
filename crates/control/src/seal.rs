//! Encryption of what must be read back, such as provider secrets and mails that hold a link: a secret key from the
//! settings encrypts data keys, and a data key seals values. [`crate::keys`] keeps the data keys and says which is in use.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use model::DataKeyId;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use store::data_keys::DataKey as Wrapped;
use store::sealed::{Column, Header, Sealed};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::rng::Ids;

/// What was sealed, in clear. Overwritten when it is dropped.
pub type Clear = Zeroizing<Vec<u8>>;

/// Where a sealed value lives. What is sealed for one place cannot be opened as another's.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// One of the columns that hold sealed values.
    pub column: Column,
    /// The row.
    pub row: Uuid,
}

/// Why a sealed value cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotOpen {
    /// It is not what was sealed, or not where.
    #[error("a sealed value was changed, or was sealed for another place")]
    Changed,
    /// Its first byte is none of ours.
    #[error("a sealed value is of a format that this version does not know")]
    Format,
    /// The database does not have its data key.
    #[error("the data key {0} of a sealed value is not there any more")]
    NoKey(DataKeyId),
    /// The database has its data key, for another secret key than ours.
    #[error("the data key {0} of a sealed value is encrypted with another secret key than this process has")]
    Locked(DataKeyId),
}

const NONCE: usize = 24;
/// First byte of a sealed value. 1 was sealed with the secret key itself; no release wrote it.
const FORMAT: u8 = 2;
/// First byte of a wrapped key.
const WRAPPED: u8 = 1;

/// Encrypts with XChaCha20-Poly1305. What stands around the text is authenticated with it: `head` goes before, `place`
/// nowhere.
#[derive(Clone)]
struct Cipher(XChaCha20Poly1305);

impl Cipher {
    fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    fn encrypt(&self, ids: &Ids, head: &[u8], place: &[u8], clear: &[u8]) -> Vec<u8> {
        let nonce = XNonce::from(ids.bytes::<NONCE>());
        let aad = [head, place].concat();
        let sealed = self
            .0
            .encrypt(&nonce, Payload { msg: clear, aad: &aad })
            .expect("XChaCha20-Poly1305 fails only beyond 256 GiB");
        [head, nonce.as_slice(), &sealed].concat()
    }

    fn decrypt(&self, head: &[u8], place: &[u8], sealed: &[u8]) -> Option<Clear> {
        let (nonce, sealed) = sealed.strip_prefix(head)?.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        let aad = [head, place].concat();
        self.0.decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: &aad }).ok().map(Zeroizing::new)
    }
}

/// Column and row as they are authenticated. Names hold no zero byte, and the row is always as long.
fn place_of(table: &str, column: &str, row: Uuid) -> Vec<u8> {
    [table.as_bytes(), b"\0", column.as_bytes(), b"\0", row.as_bytes()].concat()
}

/// A key of the settings: encrypts data keys, and what passes through a person's browser.
pub struct SecretKey {
    wrapping: Cipher,
    passing: Cipher,
    fingerprint: String,
}

impl SecretKey {
    /// From a text of any length: it is hashed, with a label for each use.
    pub fn new(text: &SecretString) -> Self {
        let derived = |label: &str| -> Zeroizing<[u8; 32]> {
            let hash = Sha256::new_with_prefix(label).chain_update([0]).chain_update(text.expose_secret());
            Zeroizing::new(hash.finalize().into())
        };
        Self {
            wrapping: Cipher::new(&derived("reeve secret key: data keys v2")),
            passing: Cipher::new(&derived("reeve secret key: cookies v2")),
            fingerprint: hex::encode(&derived("reeve secret key: fingerprint v2")[..8]),
        }
    }

    /// Tells it apart from others and says nothing else about it.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    fn wrap(&self, ids: &Ids, key: &DataKey) -> Vec<u8> {
        self.wrapping.encrypt(ids, &[WRAPPED], &wrapped_place(key.id), &*key.bytes)
    }

    fn unwrap(&self, id: DataKeyId, wrapped: &[u8]) -> Option<DataKey> {
        let clear = self.wrapping.decrypt(&[WRAPPED], &wrapped_place(id), wrapped)?;
        let bytes: [u8; 32] = clear.as_slice().try_into().ok()?;
        Some(DataKey::new(id, Zeroizing::new(bytes)))
    }
}

fn wrapped_place(id: DataKeyId) -> Vec<u8> {
    place_of("data_keys", "key_wrapped", id.uuid())
}

/// The secret key, and the one before it while it is being changed.
pub struct SecretKeys {
    current: SecretKey,
    previous: Option<SecretKey>,
}

/// Which secret key opens a data key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OpenedBy {
    /// The one of the settings.
    Current,
    /// The one before it.
    Previous,
    /// None that this process has.
    Nothing,
}

impl SecretKeys {
    /// The keys of the settings.
    pub fn new(current: &SecretString, previous: Option<&SecretString>) -> Self {
        Self { current: SecretKey::new(current), previous: previous.map(SecretKey::new) }
    }

    /// The one that is in force.
    pub fn current(&self) -> &SecretKey {
        &self.current
    }

    /// Whether one of them has this fingerprint.
    pub fn knows(&self, fingerprint: &str) -> bool {
        [Some(&self.current), self.previous.as_ref()]
            .into_iter()
            .flatten()
            .any(|key| key.fingerprint == fingerprint)
    }

    /// A new data key.
    pub fn generate(&self, ids: &Ids, id: DataKeyId, now: model::Timestamp) -> Wrapped {
        let key = DataKey::new(id, Zeroizing::new(ids.bytes()));
        Wrapped {
            id,
            key_wrapped: self.current.wrap(ids, &key),
            kek_fingerprint: self.current.fingerprint.clone(),
            created_at: now,
            retired_at: None,
        }
    }

    /// A data key, opened; and by which key.
    pub fn open(&self, row: &Wrapped) -> Option<(DataKey, OpenedBy)> {
        let by_current = || Some((self.current.unwrap(row.id, &row.key_wrapped)?, OpenedBy::Current));
        let by_previous =
            || Some((self.previous.as_ref()?.unwrap(row.id, &row.key_wrapped)?, OpenedBy::Previous));
        by_current().or_else(by_previous)
    }

    /// Encrypts an opened data key with the key in force.
    pub fn rewrap(&self, ids: &Ids, key: &DataKey) -> Vec<u8> {
        self.current.wrap(ids, key)
    }

    /// Seals what a person's own browser carries to the next page. Nothing of it is kept, so no data key takes part.
    pub fn seal_passing(&self, ids: &Ids, what: &str, whose: Uuid, clear: &[u8]) -> Vec<u8> {
        self.current.passing.encrypt(ids, &[FORMAT], &place_of("cookie", what, whose), clear)
    }

    /// Opens what a browser brought. Begun before the secret key was changed, it opens as well.
    pub fn open_passing(&self, what: &str, whose: Uuid, sealed: &[u8]) -> Option<Clear> {
        let place = place_of("cookie", what, whose);
        let by = |key: &SecretKey| key.passing.decrypt(&[FORMAT], &place, sealed);
        by(&self.current).or_else(|| self.previous.as_ref().and_then(by))
    }
}

/// A key that seals.
pub struct DataKey {
    id: DataKeyId,
    bytes: Zeroizing<[u8; 32]>,
    cipher: Cipher,
}

impl DataKey {
    fn new(id: DataKeyId, bytes: Zeroizing<[u8; 32]>) -> Self {
        let cipher = Cipher::new(&bytes);
        Self { id, bytes, cipher }
    }

    /// Its id.
    pub fn id(&self) -> DataKeyId {
        self.id
    }

    /// What every value under it begins with.
    pub fn header(&self) -> Header {
        header(self.id)
    }

    /// Seals `clear` for `place`.
    pub fn seal(&self, ids: &Ids, place: Place, clear: &[u8]) -> Sealed {
        let at = place_of(place.column.table(), place.column.name(), place.row);
        Sealed::from_bytes(self.cipher.encrypt(ids, &self.header(), &at, clear))
    }

    /// Opens what was sealed for `place` with this key.
    pub fn open(&self, place: Place, sealed: &Sealed) -> Result<Clear, CannotOpen> {
        let at = place_of(place.column.table(), place.column.name(), place.row);
        self.cipher.decrypt(&self.header(), &at, sealed.as_bytes()).ok_or(CannotOpen::Changed)
    }
}

/// What every value under a data key begins with.
pub fn header(id: DataKeyId) -> Header {
    let mut header = [FORMAT; 17];
    header[1..].copy_from_slice(id.uuid().as_bytes());
    header
}

/// The data key that a value was sealed with.
pub fn key_of(sealed: &[u8]) -> Result<DataKeyId, CannotOpen> {
    let (format, rest) = sealed.split_first().ok_or(CannotOpen::Changed)?;
    if *format != FORMAT {
        return Err(CannotOpen::Format);
    }
    let id = rest.first_chunk::<16>().ok_or(CannotOpen::Changed)?;
    Ok(DataKeyId::from_uuid(Uuid::from_bytes(*id)))
}

macro_rules! say_nothing {
    ($($name:ident)+) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    )+};
}
say_nothing! { SecretKey SecretKeys DataKey }

#[cfg(test)]
mod tests;
