//! What is sealed under which key, and giving up keys that nobody can open.

use crate::Control;
use crate::audit::Event;
use crate::cx::Cx;
use crate::error::Result;
use crate::seal::{OpenedBy, header, key_of};
use model::audit::AuditAction;
use model::{DataKeyId, Timestamp};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use store::ReadTx;
use store::audit::Scope;
use store::sealed::Column;

/// How many values, by `table.column`.
pub type Values = BTreeMap<&'static str, i64>;

/// A data key and what is under it.
#[derive(Clone, Debug, Serialize)]
pub struct KeyStatus {
    /// Its id.
    pub id: DataKeyId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When another one took its place; `None` for the one in use.
    pub retired_at: Option<Timestamp>,
    /// Which secret key opens it.
    pub opened_by: OpenedBy,
    /// What is sealed under it.
    pub values: Values,
}

/// All data keys, and values that none of them opens.
#[derive(Clone, Debug, Serialize)]
pub struct KeysStatus {
    /// The keys, the oldest first.
    pub keys: Vec<KeyStatus>,
    /// Values whose key is not there, or that are of no known format.
    pub without_key: Values,
}

/// Data keys that no secret key opens, and what is lost with them.
#[derive(Clone, Debug, Serialize)]
pub struct Lost {
    /// The keys.
    pub keys: Vec<DataKeyId>,
    /// What is sealed under them.
    pub values: Values,
}

/// The end of a key's id, enough for telling a few keys apart: ids begin with the time.
pub fn short(id: DataKeyId) -> String {
    let text = id.to_string();
    text.get(text.len().saturating_sub(8)..).unwrap_or_default().to_owned()
}

impl Control {
    /// How many values are sealed under which data key. Reads every sealed value's beginning.
    pub async fn keys_status(&self) -> Result<KeysStatus> {
        let mut tx = self.store().snapshot().await?;
        self.keys_status_in(&mut tx).await
    }

    async fn keys_status_in(&self, tx: &mut ReadTx) -> Result<KeysStatus> {
        let rows = store::data_keys::all(tx).await?;
        let opened_by = |row| self.keyring().secret().open(row).map_or(OpenedBy::Nothing, |(_, by)| by);
        let mut keys: Vec<KeyStatus> = rows
            .iter()
            .map(|row| KeyStatus {
                id: row.id,
                created_at: row.created_at,
                retired_at: row.retired_at,
                opened_by: opened_by(row),
                values: Values::new(),
            })
            .collect();
        let mut without_key = Values::new();
        for column in Column::ALL {
            for (begin, n) in store::sealed::counts(tx, *column).await? {
                let key = key_of(&begin).ok().and_then(|id| keys.iter_mut().find(|key| key.id == id));
                *key.map_or(&mut without_key, |key| &mut key.values).entry(column.path()).or_default() += n;
            }
        }
        Ok(KeysStatus { keys, without_key })
    }

    /// What giving up the keys that cannot be opened would lose. Changes nothing.
    pub async fn lost_keys(&self) -> Result<Lost> {
        Ok(lost(self.keys_status().await?))
    }

    /// Deletes the data keys that no secret key opens. Values sealed under them cannot be opened any more, by anybody.
    pub async fn forget_lost_keys(&self, cx: &Cx) -> Result<Lost> {
        let mut tx = self.store().write().await?;
        store::data_keys::lock(&mut tx).await?;
        let lost = lost(self.keys_status_in(&mut tx).await?);
        for id in &lost.keys {
            store::data_keys::delete(&mut tx, *id).await?;
        }
        let Some(last) = lost.keys.last() else { return Ok(lost) };
        let event = Event::of(AuditAction::DataKeysForgotten)
            .on("data_key", last.uuid(), short(*last))
            .after(json!({ "keys": lost.keys.len(), "values": lost.values }));
        tx.commit(event.stamped(cx, Scope::Installation)).await?;
        Ok(lost)
    }

    /// How many values are not under `key`.
    pub(super) async fn values_not_under(&self, tx: &mut ReadTx, key: DataKeyId) -> Result<u64> {
        let mut left = 0;
        for column in Column::ALL {
            let counts = store::sealed::counts(tx, *column).await?;
            left += counts.iter().filter(|(begin, _)| *begin != header(key)).map(|(_, n)| n).sum::<i64>();
        }
        Ok(u64::try_from(left).unwrap_or(0))
    }
}

fn lost(status: KeysStatus) -> Lost {
    let mut lost = Lost { keys: Vec::new(), values: Values::new() };
    for key in status.keys.into_iter().filter(|key| key.opened_by == OpenedBy::Nothing) {
        lost.keys.push(key.id);
        for (column, n) in key.values {
            *lost.values.entry(column).or_default() += n;
        }
    }
    lost
}
