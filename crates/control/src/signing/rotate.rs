//! Making signing keys, and putting one in another's place.

use super::{AHEAD_S, Key, pair};
use crate::Control;
use crate::audit::Event;
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::seal::{Clear, Place};
use crate::workspace_tokens::{LEEWAY_S, LIFE_S};
use model::audit::AuditAction;
use model::workspace::TokenAlgorithm;
use model::{SigningKeyId, Timestamp};
use serde::Serialize;
use serde_json::json;
use store::WriteTx;
use store::audit::Scope;
use store::sealed::Column;
use store::signing_keys::SigningKey as Row;

/// After how long another key signs, without anybody asking for it.
const LIFE_OF_A_KEY_S: i64 = 90 * 24 * 3600;
/// What a process may believe of keys that were changed, and clocks that are off, on top of the life of a token.
const SLACK_S: i64 = LEEWAY_S + 240;

/// When the next key is to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// After everybody who keeps the key set has had time to see it. Tokens of the one before stay good.
    Announced,
    /// At once, and what the ones before signed is refused: somebody may have them.
    Now,
}

/// What a rotation did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rotated {
    /// Of which algorithm.
    pub algorithm: TokenAlgorithm,
    /// The key that follows.
    pub key: SigningKeyId,
    /// Since when, or from when, it signs.
    pub signs_from: Timestamp,
    /// Whether it was made before, and waits to sign.
    pub waiting: bool,
}

impl Control {
    /// Puts another key in the place of each that signs: one for each algorithm in use, EdDSA among them.
    pub async fn rotate_signing_keys(&self, cx: &Cx, when: When) -> Result<Vec<Rotated>> {
        let known = self.read_keys(cx.now()).await?;
        let mut rotated = Vec::new();
        for algorithm in TokenAlgorithm::ALL.iter().copied() {
            let in_use = known.keys.iter().any(|key| key.algorithm == algorithm && key.is_last());
            if in_use || algorithm == TokenAlgorithm::EdDsa {
                rotated.push(self.rotate_signing_key(cx, algorithm, when).await?);
            }
        }
        Ok(rotated)
    }

    /// Makes the key after each that has signed for long enough. Of two processes at once, one makes it.
    pub async fn rotate_due_signing_keys(&self) -> Result<()> {
        let cx = self.system_cx("signing keys");
        self.ensure_signing_key(TokenAlgorithm::EdDsa).await?;
        let known = self.read_keys(cx.now()).await?;
        let is_due = |key: &&Key| key.is_last() && cx.now() >= key.signs_from.plus_s(LIFE_OF_A_KEY_S);
        for key in known.keys.iter().filter(is_due) {
            self.rotate_signing_key(&cx, key.algorithm, When::Announced).await?;
        }
        Ok(())
    }

    async fn rotate_signing_key(&self, cx: &Cx, algorithm: TokenAlgorithm, when: When) -> Result<Rotated> {
        if let Some(rotated) = self.try_rotate(cx, algorithm, when).await? {
            return Ok(rotated);
        }
        // Somebody else made a key at this instant. It will do, unless the ones there were are to be refused: what was
        // made may be another successor of theirs.
        let second = match when {
            When::Announced => {
                let known = self.read_keys(cx.now()).await?;
                let last = known.keys.iter().find(|key| key.algorithm == algorithm && key.is_last());
                last.map(waiting)
            }
            When::Now => self.try_rotate(cx, algorithm, when).await?,
        };
        second.ok_or_else(|| Error::conflict("Another process rotates signing keys. Try again."))
    }

    /// `None` if another process was faster, and nothing was changed.
    async fn try_rotate(&self, cx: &Cx, algorithm: TokenAlgorithm, when: When) -> Result<Option<Rotated>> {
        let private = generate(algorithm).await?;
        let now = cx.now();
        let mut tx = self.store().write().await?;
        let last = self.read_keys_in(&mut tx, now).await?;
        let last = last.keys.iter().find(|key| key.algorithm == algorithm && key.is_last()).cloned();
        let signs_from = match (when, &last) {
            (When::Announced, Some(last)) if last.signs_from > now => {
                return Ok(Some(waiting(last)));
            }
            (When::Announced, Some(last)) => {
                let from = now.plus_s(AHEAD_S);
                let until = from.plus_s(LIFE_S + SLACK_S);
                if !store::signing_keys::succeed(&mut tx, last.id, from, until).await? {
                    return Ok(None);
                }
                from
            }
            (When::Announced, None) => now,
            (When::Now, _) => {
                store::signing_keys::withdraw(&mut tx, algorithm, now).await?;
                now
            }
        };
        let key = self.add_key(&mut tx, algorithm, &private, now, signs_from).await?;
        let Some(key) = key else { return Ok(None) };
        let event = Event::of(AuditAction::SigningKeyRotated)
            .on("signing_key", key.uuid(), algorithm.as_str())
            .before(json!({ "key": last.map(|last| last.id) }))
            .after(json!({ "signs_from": signs_from.to_rfc3339(), "at_once": when == When::Now }));
        tx.commit(event.stamped(cx, Scope::Installation)).await?;
        self.read_keys(now).await?;
        Ok(Some(Rotated { algorithm, key, signs_from, waiting: false }))
    }

    /// The first key of an algorithm. There are no tokens yet, so nobody has to be told of it before.
    pub(super) async fn make_first_key(&self, algorithm: TokenAlgorithm) -> Result<()> {
        let private = generate(algorithm).await?;
        let cx = self.system_cx("signing keys");
        let mut tx = self.store().write().await?;
        // Not there if another process was faster.
        if let Some(key) = self.add_key(&mut tx, algorithm, &private, cx.now(), cx.now()).await? {
            let event =
                Event::of(AuditAction::SigningKeyCreated).on("signing_key", key.uuid(), algorithm.as_str());
            tx.commit(event.stamped(&cx, Scope::Installation)).await?;
        }
        Ok(())
    }

    async fn add_key(
        &self,
        tx: &mut WriteTx,
        algorithm: TokenAlgorithm,
        private: &Clear,
        published_at: Timestamp,
        signs_from: Timestamp,
    ) -> Result<Option<SigningKeyId>> {
        let id: SigningKeyId = self.ids().next(published_at);
        let pair = pair::Pair::open(algorithm, private).map_err(|_| unusable())?;
        let jwk = pair.jwk(id).ok_or_else(unusable)?;
        let row = Row {
            id,
            algorithm,
            public_jwk: serde_json::to_string(&jwk).map_err(|_| unusable())?,
            private_sealed: self
                .seal(tx, Place { column: Column::SigningKey, row: id.uuid() }, private)
                .await?,
            published_at,
            signs_from,
            signs_until: None,
            verifies_until: None,
        };
        Ok(store::signing_keys::insert(tx, &row).await?.then_some(id))
    }
}

fn waiting(last: &Key) -> Rotated {
    Rotated { algorithm: last.algorithm, key: last.id, signs_from: last.signs_from, waiting: true }
}

/// RSA takes its time, in which other requests go on.
async fn generate(algorithm: TokenAlgorithm) -> Result<Clear> {
    let made = tokio::task::spawn_blocking(move || pair::generate(algorithm)).await;
    made.map_err(|_| unusable())?.map_err(|_| unusable())
}

fn unusable() -> Error {
    Error::internal("no usable signing key could be made")
}
