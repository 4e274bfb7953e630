//! Limits on guessing and flooding, counted in the database so that replicas share them.

use crate::Control;
use crate::error::{Error, Result};
use model::Timestamp;
use sha2::{Digest, Sha256};

/// At most `hits` in `window_s` seconds.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// What is limited; part of the key.
    pub name: &'static str,
    /// How many.
    pub hits: i64,
    /// In how many seconds.
    pub window_s: i64,
}

impl Control {
    /// Counts an attempt of `subject` and refuses it when there were too many. Of parallel attempts exactly the
    /// allowed number passes: each gets a number of its own. Committed by itself, so that a failing attempt counts.
    pub async fn throttle(&self, limit: Limit, subject: &str, now: Timestamp) -> Result<()> {
        let key = key(limit, subject);
        let mut tx = self.store().write().await?;
        let hits = store::throttles::hit(&mut tx, &key, now, now.plus_s(limit.window_s)).await?;
        tx.commit_unaudited("a counter; what it refuses is audited where it matters").await?;
        if hits > limit.hits {
            return Err(Error::rate_limited(format!(
                "Too many attempts. Wait up to {} and try again.",
                in_words(limit.window_s)
            )));
        }
        Ok(())
    }

    /// Refuses when there were too many attempts already, without counting one.
    pub async fn throttled(&self, limit: Limit, subject: &str, now: Timestamp) -> Result<bool> {
        let mut tx = self.store().read().await?;
        let current = store::throttles::current(&mut tx, &key(limit, subject), now).await?;
        Ok(current.is_some_and(|(hits, _)| hits >= limit.hits))
    }
}

fn key(limit: Limit, subject: &str) -> Vec<u8> {
    Sha256::new_with_prefix(limit.name).chain_update([0]).chain_update(subject).finalize().to_vec()
}

fn in_words(seconds: i64) -> String {
    match seconds / 60 {
        0 | 1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}
