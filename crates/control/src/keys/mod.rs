//! The data keys of this process, and which of them is in use.
//!
//! A value is sealed under the key in use as of its transaction, whose row the transaction holds until it ends. So once a
//! key is retired nothing new comes under it, and a rotation knows when it is done. A key that another replica made is
//! read when it is first met.

mod rotate;
mod status;

pub use rotate::{Progress, Rotated, Rotation};
pub use status::{KeyStatus, KeysStatus, Lost, Values, short};

use crate::Control;
use crate::error::{Error, Result};
use crate::open::OpenError;
use crate::seal::{self, CannotOpen, Clear, DataKey, Place, SecretKeys};
use crate::settings::Settings;
use model::DataKeyId;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use store::sealed::Sealed;
use store::{ReadTx, WriteTx};

/// The data keys of this process.
pub(crate) struct Keyring {
    secret: SecretKeys,
    known: RwLock<Keys>,
}

/// Those in the database, opened; `None` for one that no secret key of this process opens.
type Keys = Arc<HashMap<DataKeyId, Option<Arc<DataKey>>>>;

impl Keyring {
    pub(crate) fn new(settings: &Settings) -> Self {
        let secret = SecretKeys::new(&settings.secret_key, settings.previous_secret_key.as_ref());
        Self { secret, known: RwLock::default() }
    }

    pub(crate) fn secret(&self) -> &SecretKeys {
        &self.secret
    }

    /// A key, read from the database if this process has not met it yet.
    async fn find(
        &self,
        tx: &mut ReadTx,
        id: DataKeyId,
    ) -> Result<std::result::Result<Arc<DataKey>, CannotOpen>> {
        let known = Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner));
        if let Some(Some(key)) = known.get(&id) {
            return Ok(Ok(Arc::clone(key)));
        }
        Ok(match self.load(tx).await?.get(&id) {
            Some(Some(key)) => Ok(Arc::clone(key)),
            Some(None) => Err(CannotOpen::Locked(id)),
            None => Err(CannotOpen::NoKey(id)),
        })
    }

    /// Reads all keys anew, and forgets those that are gone.
    async fn load(&self, tx: &mut ReadTx) -> Result<Keys> {
        let opened = |row| self.secret.open(row).map(|(key, _)| Arc::new(key));
        let rows = store::data_keys::all(tx).await?;
        let keys: Keys = Arc::new(rows.iter().map(|row| (row.id, opened(row))).collect());
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&keys);
        // What was read, not what is known by now: somebody else may have read meanwhile, before what is seen here.
        Ok(keys)
    }
}

impl Control {
    /// Seals `clear` for `place`, to be written in this same transaction.
    pub(crate) async fn seal(&self, tx: &mut WriteTx, place: Place, clear: &[u8]) -> Result<Sealed> {
        Ok(self.hold_key_in_use(tx).await?.seal(self.ids(), place, clear))
    }

    /// Opens what was read from `place`.
    pub(crate) async fn unseal(&self, tx: &mut ReadTx, place: Place, sealed: &Sealed) -> Result<Clear> {
        Ok(self.try_unseal(tx, place, sealed).await??)
    }

    /// The same, for who goes on if it cannot be opened.
    pub(crate) async fn try_unseal(
        &self,
        tx: &mut ReadTx,
        place: Place,
        sealed: &Sealed,
    ) -> Result<std::result::Result<Clear, CannotOpen>> {
        let opened = self.open_as_it_is(tx, place, sealed).await?;
        let Err(CannotOpen::NoKey(_)) = opened else { return Ok(opened) };
        // Since it was read a rotation may have moved it to another key, and deleted the one it was under.
        match store::sealed::read(tx, place.column, place.row).await? {
            Some(now) if now != *sealed => self.open_as_it_is(tx, place, &now).await,
            _ => Ok(opened),
        }
    }

    async fn open_as_it_is(
        &self,
        tx: &mut ReadTx,
        place: Place,
        sealed: &Sealed,
    ) -> Result<std::result::Result<Clear, CannotOpen>> {
        let id = match seal::key_of(sealed.as_bytes()) {
            Ok(id) => id,
            Err(cannot) => return Ok(Err(cannot)),
        };
        Ok(self.keyring().find(tx, id).await?.and_then(|key| key.open(place, sealed)))
    }

    /// The key in use, which is not retired before the transaction ends. Made if there is none yet.
    async fn hold_key_in_use(&self, tx: &mut WriteTx) -> Result<Arc<DataKey>> {
        // One that is retired at this instant is not found; the next look finds the one after it.
        for _ in 0..3 {
            if let Some(id) = store::data_keys::hold_current(tx).await? {
                return self.keyring().find(tx, id).await?.map_err(Error::from);
            }
            let now = self.now();
            let new = self.keyring().secret().generate(self.ids(), self.ids().next(now), now);
            store::data_keys::insert(tx, &new).await?;
        }
        Err(Error::internal("no data key is in use"))
    }

    /// Opens all data keys, and makes the first one. What is wrong with the secret key is wrong now, not at some request.
    pub(crate) async fn open_keys(&self) -> std::result::Result<(), OpenError> {
        let mut tx = self.store().read().await?;
        let rows = store::data_keys::all(&mut tx).await?;
        let ours = self.keyring().secret().current().fingerprint();
        if let Some(row) = rows.iter().find(|row| self.keyring().secret().open(row).is_none()) {
            if self.keyring().secret().knows(&row.kek_fingerprint) {
                return Err(OpenError::DamagedKey(short(row.id)));
            }
            return Err(OpenError::OtherSecretKey {
                data_key: short(row.id),
                theirs: row.kek_fingerprint.clone(),
                ours: ours.to_owned(),
            });
        }
        if !rows.is_empty() {
            self.keyring().load(&mut tx).await?;
            return Ok(());
        }
        drop(tx);
        let mut tx = self.store().write().await?;
        self.hold_key_in_use(&mut tx).await?;
        Ok(tx.commit_unaudited("the first key of a database that holds nothing sealed yet").await?)
    }
}
