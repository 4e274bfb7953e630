//! The keys that sign tokens for workspaces.
//!
//! Whether a key signs or verifies follows from the instants in its row at the moment it is asked for. A key is
//! published for [`AHEAD_S`] before it signs, and verifies until the last token it signed is over, so that whoever keeps
//! the key set for a while never meets a token they cannot verify. A rotation only writes instants.
//!
//! Keys are kept in memory for `FRESH_MS`, their private halves opened. One that another process made is read when it
//! is first met; one that was withdrawn is forgotten within that time.

pub(crate) mod jws;
mod pair;
mod rotate;

pub use pair::Jwk;
pub use rotate::{Rotated, When};

use crate::Control;
use crate::error::{Error, Result};
use crate::seal::{CannotOpen, Place};
use aws_lc_rs::signature::ParsedPublicKey;
use model::workspace::TokenAlgorithm;
use model::{SigningKeyId, Timestamp};
use pair::Pair;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use store::ReadTx;
use store::sealed::{Column, Sealed};
use store::signing_keys::SigningKey as Row;

/// For how long a key is published before it signs.
pub const AHEAD_S: i64 = 3600;
/// For how long what was read of the keys is believed.
const FRESH_MS: i64 = 5_000;

/// A key, as of some moment.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) id: SigningKeyId,
    pub(crate) algorithm: TokenAlgorithm,
    published_at: Timestamp,
    signs_from: Timestamp,
    signs_until: Option<Timestamp>,
    verifies_until: Option<Timestamp>,
    sealed: Sealed,
    halves: Arc<Halves>,
}

/// What never changes about a key.
#[derive(Debug)]
struct Halves {
    jwk: Jwk,
    verifier: ParsedPublicKey,
    /// Opened when it first signs.
    pair: OnceLock<Arc<Pair>>,
}

impl Key {
    fn of(row: Row, known: Option<&Self>) -> Option<Self> {
        let halves = if let Some(known) = known {
            Arc::clone(&known.halves)
        } else {
            let jwk: Jwk = serde_json::from_str(&row.public_jwk).ok()?;
            Arc::new(Halves { verifier: jwk.verifier()?, jwk, pair: OnceLock::new() })
        };
        Some(Self {
            id: row.id,
            algorithm: row.algorithm,
            published_at: row.published_at,
            signs_from: row.signs_from,
            signs_until: row.signs_until,
            verifies_until: row.verifies_until,
            sealed: row.private_sealed,
            halves,
        })
    }

    fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.halves.verifier.verify_sig(message, signature).is_ok()
    }

    fn signs(&self, now: Timestamp) -> bool {
        self.signs_from <= now && self.signs_until.is_none_or(|end| now < end)
    }

    fn verifies(&self, now: Timestamp) -> bool {
        self.verifies_until.is_none_or(|end| now < end)
    }

    fn is_last(&self) -> bool {
        self.signs_until.is_none()
    }
}

/// A key whose private half is open.
pub(crate) struct Signer {
    key: Key,
    pair: Arc<Pair>,
}

impl Signer {
    /// Signs claims as a token of type `typ` (RFC 7515 §4.1.9).
    pub(crate) fn sign(&self, typ: &str, claims: &impl Serialize) -> Result<String> {
        let text =
            jws::to_be_signed(&self.key, typ, claims).map_err(|_| Error::internal("claims are no JSON"))?;
        let signature =
            self.pair.sign(text.as_bytes()).map_err(|_| Error::internal("the signing key signs nothing"))?;
        Ok(jws::with_signature(&text, &signature))
    }
}

/// The signing keys of this process.
#[derive(Debug, Default)]
pub(crate) struct Signing(RwLock<Option<Arc<Known>>>);

#[derive(Debug)]
struct Known {
    read_at: Timestamp,
    keys: Vec<Key>,
}

impl Known {
    fn find(&self, id: SigningKeyId) -> Option<&Key> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// The key that signs now. A clock that is behind the one by which a key was made takes the last one nevertheless.
    fn signing(&self, algorithm: TokenAlgorithm, now: Timestamp) -> Option<&Key> {
        let of_it = || self.keys.iter().filter(|key| key.algorithm == algorithm);
        of_it()
            .filter(|key| key.signs(now))
            .max_by_key(|key| key.signs_from)
            .or_else(|| of_it().find(|key| key.is_last()))
    }
}

impl Signing {
    fn current(&self) -> Option<Arc<Known>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, rows: Vec<Row>, read_at: Timestamp) -> Arc<Known> {
        let before = self.current();
        let before: HashMap<SigningKeyId, &Key> =
            before.iter().flat_map(|known| &known.keys).map(|key| (key.id, key)).collect();
        let keys = rows.into_iter().filter_map(|row| {
            let (id, known) = (row.id, before.get(&row.id).copied());
            let key = Key::of(row, known);
            if key.is_none() {
                tracing::error!(key = %id, "The public half of a signing key cannot be read; it is passed over");
            }
            key
        });
        let known = Arc::new(Known { read_at, keys: keys.collect() });
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&known));
        known
    }
}

impl Control {
    async fn known_keys(&self, now: Timestamp) -> Result<Arc<Known>> {
        match self.signing().current() {
            Some(known) if (0..FRESH_MS).contains(&now.since_ms(known.read_at)) => Ok(known),
            _ => self.read_keys(now).await,
        }
    }

    async fn read_keys(&self, now: Timestamp) -> Result<Arc<Known>> {
        let mut tx = self.store().read().await?;
        self.read_keys_in(&mut tx, now).await
    }

    async fn read_keys_in(&self, tx: &mut ReadTx, now: Timestamp) -> Result<Arc<Known>> {
        let rows = store::signing_keys::living(tx, now).await?;
        Ok(self.signing().keep(rows, now))
    }

    /// The key with which tokens are signed now; made if there is none of this algorithm yet.
    async fn signing_key(&self, algorithm: TokenAlgorithm, now: Timestamp) -> Result<Key> {
        let mut known = self.known_keys(now).await?;
        for _ in 0..3 {
            if let Some(key) = known.signing(algorithm, now) {
                return Ok(key.clone());
            }
            known = self.read_keys(now).await?;
            if known.signing(algorithm, now).is_none() {
                self.make_first_key(algorithm).await?;
                known = self.read_keys(now).await?;
            }
        }
        Err(Error::internal("no key signs"))
    }

    /// The key of this id, if it verifies. What no process of ours made costs one look at the database.
    pub(crate) async fn verifying_key(&self, id: SigningKeyId, now: Timestamp) -> Result<Option<Key>> {
        let mut known = self.known_keys(now).await?;
        if known.find(id).is_none() {
            known = self.read_keys(now).await?;
        }
        Ok(known.find(id).filter(|key| key.verifies(now)).cloned())
    }

    /// Makes sure that tokens can be signed with an algorithm.
    pub(crate) async fn ensure_signing_key(&self, algorithm: TokenAlgorithm) -> Result<()> {
        self.signing_key(algorithm, self.now()).await.map(|_| ())
    }

    /// What signs tokens now.
    pub(crate) async fn signer(&self, algorithm: TokenAlgorithm, now: Timestamp) -> Result<Signer> {
        let key = self.signing_key(algorithm, now).await?;
        let pair = self.opened(&key).await?;
        Ok(Signer { key, pair })
    }

    async fn opened(&self, key: &Key) -> Result<Arc<Pair>> {
        if let Some(pair) = key.halves.pair.get() {
            return Ok(Arc::clone(pair));
        }
        let place = Place { column: Column::SigningKey, row: key.id.uuid() };
        let mut tx = self.store().read().await?;
        let clear = match self.try_unseal(&mut tx, place, &key.sealed).await? {
            Ok(clear) => clear,
            Err(cannot) => return Err(lost(key.id, cannot)),
        };
        let pair = Pair::open(key.algorithm, &clear)
            .map_err(|_| Error::internal("a private signing key cannot be read"))?;
        Ok(Arc::clone(key.halves.pair.get_or_init(|| Arc::new(pair))))
    }

    /// The key set: every key that verifies, or will sign. Open to anyone, as its purpose is.
    pub async fn published_keys(&self, open: &crate::Open) -> Result<Vec<Jwk>> {
        let now = open.now();
        let known = self.known_keys(now).await?;
        let published = |key: &&Key| key.published_at <= now && key.verifies(now);
        Ok(known.keys.iter().filter(published).map(|key| key.halves.jwk.clone()).collect())
    }
}

/// Somebody has to make another one, and is told how.
fn lost(id: SigningKeyId, cannot: CannotOpen) -> Error {
    tracing::error!(key = %id, %cannot, "A signing key cannot be opened: run `reeve keys rotate-signing --now` for another one");
    cannot.into()
}
