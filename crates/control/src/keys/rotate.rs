//! Rotation: a new data key, and everything sealed moved to it, batch by batch.
//!
//! What is not under the key in use is what is left. So a rotation that was stopped at any point goes on from there,
//! whoever drives it, and two at once only share the work: a value is replaced only where it still is what was read.

use super::short;
use crate::Control;
use crate::audit::Event;
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::seal::{CannotOpen, DataKey, OpenedBy, Place, header};
use model::audit::AuditAction;
use model::{DataKeyId, Timestamp};
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use store::audit::Scope;
use store::data_keys::DataKey as Row;
use store::sealed::{Column, Kept};
use store::{ReadTx, WriteTx};
use uuid::Uuid;

/// Values moved in one transaction.
const BATCH: i64 = 100;
/// Before values are looked at again that somebody was changing.
const PAUSE: Duration = Duration::from_millis(50);

/// A rotation under way. Dropped, it is as if it had been killed: nothing is lost, and it can be gone on with.
#[derive(Debug)]
pub struct Rotation {
    control: Control,
    key: Arc<DataKey>,
    at: usize,
    after: Uuid,
    /// Values of this pass that somebody was changing.
    passed_over: u64,
    left: u64,
    resumed: bool,
    rewrapped: u64,
    moved: u64,
    unreadable: u64,
}

/// How far it is, after a batch.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// The column the batch was of.
    pub column: Column,
    /// Values moved so far.
    pub moved: u64,
    /// Values that were to be moved when it began.
    pub of: u64,
}

/// What a rotation did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rotated {
    /// The key in use.
    pub data_key: DataKeyId,
    /// Whether it went on with a rotation that had been begun before.
    pub resumed: bool,
    /// Data keys encrypted anew because the secret key changed.
    pub rewrapped: u64,
    /// Values moved to the key in use.
    pub moved: u64,
    /// Values that cannot be opened, and stay as they are.
    pub unreadable: u64,
    /// Data keys that nothing is sealed under any more.
    pub deleted: u64,
}

impl Control {
    /// Begins a rotation: a new data key is in use from now on. If one was begun before and is not finished, goes on with
    /// that one. Data keys under the previous secret key are encrypted with the one in force.
    pub async fn begin_rotation(&self, cx: &Cx) -> Result<Rotation> {
        let mut tx = self.store().write().await?;
        store::data_keys::lock(&mut tx).await?;
        let rows = store::data_keys::all(&mut tx).await?;
        let rewrapped = self.rewrap(&mut tx, &rows).await?;
        let in_use = rows.iter().find(|row| row.retired_at.is_none()).map(|row| row.id);
        let unfinished = match in_use {
            Some(id) if self.is_unfinished(&mut tx, &rows, id).await? => Some(id),
            _ => None,
        };
        let id = match unfinished {
            Some(id) => id,
            None => self.replace_key_in_use(&mut tx, cx.now()).await?,
        };
        let rotation =
            Rotation { resumed: unfinished.is_some(), rewrapped, ..Rotation::to(self, &mut tx, id).await? };
        let event = Event::of(AuditAction::KeyRotationStarted)
            .on("data_key", id.uuid(), short(id))
            .after(json!({ "resumed": rotation.resumed, "rewrapped": rewrapped, "values": rotation.left }));
        tx.commit(event.stamped(cx, Scope::Installation)).await?;
        Ok(rotation)
    }

    /// Goes on with a rotation that somebody began and did not finish; `None` if there is nothing to do.
    pub async fn resume_rotation(&self) -> Result<Option<Rotation>> {
        let mut tx = self.store().snapshot().await?;
        let rows = store::data_keys::all(&mut tx).await?;
        // Every replica learns of new keys before it has to.
        self.keyring().load(&mut tx).await?;
        let Some(id) = rows.iter().find(|row| row.retired_at.is_none()).map(|row| row.id) else {
            return Ok(None);
        };
        if !self.is_unfinished(&mut tx, &rows, id).await? {
            return Ok(None);
        }
        Ok(Some(Rotation { resumed: true, ..Rotation::to(self, &mut tx, id).await? }))
    }

    /// Whether there is a retired key that could go, or a value that could be moved. What cannot be opened holds up no
    /// later rotation.
    async fn is_unfinished(&self, tx: &mut ReadTx, rows: &[Row], in_use: DataKeyId) -> Result<bool> {
        let retired: Vec<_> = rows.iter().filter(|row| row.retired_at.is_some()).collect();
        if retired.is_empty() {
            return Ok(false);
        }
        for row in retired {
            if !store::sealed::any_under(tx, &header(row.id)).await? {
                return Ok(true);
            }
        }
        for column in Column::ALL {
            let mut after = Uuid::nil();
            loop {
                let some = store::sealed::others(tx, *column, &header(in_use), after, BATCH).await?;
                let Some(last) = some.last() else { break };
                after = last.row;
                for kept in &some {
                    let place = Place { column: *column, row: kept.row };
                    if self.try_unseal(tx, place, &kept.sealed).await?.is_ok() {
                        return Ok(true);
                    }
                }
            }
        }
        Ok(false)
    }

    async fn rewrap(&self, tx: &mut WriteTx, rows: &[Row]) -> Result<u64> {
        let secret = self.keyring().secret();
        let mut rewrapped = 0;
        for row in rows {
            if let Some((key, OpenedBy::Previous)) = secret.open(row) {
                let wrapped = secret.rewrap(self.ids(), &key);
                store::data_keys::rewrap(tx, row.id, &wrapped, secret.current().fingerprint()).await?;
                rewrapped += 1;
            }
        }
        Ok(rewrapped)
    }

    async fn replace_key_in_use(&self, tx: &mut WriteTx, now: Timestamp) -> Result<DataKeyId> {
        store::data_keys::retire_current(tx, now).await?;
        let new = self.keyring().secret().generate(self.ids(), self.ids().next(now), now);
        store::data_keys::insert(tx, &new).await?;
        store::data_keys::hold_current(tx).await?.ok_or_else(|| Error::internal("no data key is in use"))
    }
}

impl Rotation {
    async fn to(control: &Control, tx: &mut ReadTx, id: DataKeyId) -> Result<Self> {
        let key = control.keyring().find(tx, id).await??;
        Ok(Self {
            control: control.clone(),
            key,
            at: 0,
            after: Uuid::nil(),
            passed_over: 0,
            left: control.values_not_under(tx, id).await?,
            resumed: false,
            rewrapped: 0,
            moved: 0,
            unreadable: 0,
        })
    }

    /// The key that everything is moved to.
    pub fn data_key(&self) -> DataKeyId {
        self.key.id()
    }

    /// Whether it goes on with one that was begun before.
    pub fn resumed(&self) -> bool {
        self.resumed
    }

    /// Moves the next batch, in a transaction of its own. `None` once nothing is left that can be moved.
    pub async fn step(&mut self) -> Result<Option<Progress>> {
        loop {
            let Some(column) = Column::ALL.get(self.at).copied() else {
                if self.passed_over == 0 {
                    return Ok(None);
                }
                tokio::time::sleep(PAUSE).await;
                self.start_over();
                continue;
            };
            let mut tx = self.control.store().read().await?;
            let some = store::sealed::others(&mut tx, column, &self.key.header(), self.after, BATCH).await?;
            let Some(last) = some.last() else {
                self.at += 1;
                self.after = Uuid::nil();
                continue;
            };
            let after = last.row;
            let fresh = self.sealed_anew(&mut tx, column, some).await?;
            drop(tx);
            if self.replace(column, fresh).await? {
                self.after = after;
                return Ok(Some(Progress { column, moved: self.moved, of: self.left.max(self.moved) }));
            }
        }
    }

    fn start_over(&mut self) {
        (self.at, self.after, self.passed_over, self.unreadable) = (0, Uuid::nil(), 0, 0);
    }

    /// Each value as it was read, and the same under the new key.
    async fn sealed_anew(
        &mut self,
        tx: &mut ReadTx,
        column: Column,
        some: Vec<Kept>,
    ) -> Result<Vec<(Kept, store::sealed::Sealed)>> {
        let mut fresh = Vec::with_capacity(some.len());
        for kept in some {
            let place = Place { column, row: kept.row };
            match self.control.try_unseal(tx, place, &kept.sealed).await? {
                Ok(clear) => {
                    let new = self.key.seal(self.control.ids(), place, &clear);
                    fresh.push((kept, new));
                }
                // Held back, not lost: whoever has that secret key can move it.
                Err(CannotOpen::Locked(id)) => return Err(CannotOpen::Locked(id).into()),
                Err(cannot) => {
                    self.unreadable += 1;
                    tracing::warn!(column = column.path(), row = %kept.row, %cannot, "A sealed value cannot be opened and stays as it is");
                }
            }
        }
        Ok(fresh)
    }

    /// `false` if the key is not in use any more: somebody began another rotation, which this one then takes part in.
    async fn replace(&mut self, column: Column, fresh: Vec<(Kept, store::sealed::Sealed)>) -> Result<bool> {
        let mut tx = self.control.store().write().await?;
        let in_use = self.control.hold_key_in_use(&mut tx).await?;
        if in_use.id() != self.key.id() {
            self.key = in_use;
            self.start_over();
            return Ok(false);
        }
        let (mut moved, mut passed_over) = (0, 0);
        for (old, new) in &fresh {
            if store::sealed::replace(&mut tx, column, old, new).await? {
                moved += 1;
            } else {
                passed_over += 1;
            }
        }
        tx.commit_unaudited("the beginning and the end of the rotation are audited").await?;
        self.moved += moved;
        self.passed_over += passed_over;
        Ok(true)
    }

    /// Deletes the keys that nothing is sealed under any more, and says what was done.
    pub async fn finish(self) -> Result<Rotated> {
        let control = &self.control;
        let mut tx = control.store().write().await?;
        store::data_keys::lock(&mut tx).await?;
        let mut deleted = 0;
        // Nothing comes under a retired key any more, so what is found unused stays so.
        for row in store::data_keys::all(&mut tx).await?.into_iter().filter(|row| row.retired_at.is_some()) {
            if !store::sealed::any_under(&mut tx, &header(row.id)).await? {
                deleted += u64::from(store::data_keys::delete(&mut tx, row.id).await?);
            }
        }
        let done = Rotated {
            data_key: self.key.id(),
            resumed: self.resumed,
            rewrapped: self.rewrapped,
            moved: self.moved,
            unreadable: self.unreadable,
            deleted,
        };
        let event = Event::of(AuditAction::KeyRotationFinished)
            .on("data_key", done.data_key.uuid(), short(done.data_key))
            .after(json!({ "moved": done.moved, "unreadable": done.unreadable, "keys_deleted": deleted }));
        let cx = control.system_cx("key rotation");
        tx.commit(event.stamped(&cx, Scope::Installation)).await?;
        control.keyring().load(&mut control.store().read().await?).await?;
        Ok(done)
    }
}
