//! Which tokens for workspaces are written down: a program that takes one for every job would fill the log.

use model::{ApiKeyId, Timestamp, WorkspaceId};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// When a token of a key was last noted. In memory: every replica counts for itself.
#[derive(Debug, Default)]
pub(crate) struct Issues(Mutex<HashMap<(ApiKeyId, WorkspaceId), Timestamp>>);

impl Issues {
    const EVERY_MS: i64 = 60_000;
    /// How many are remembered. Beyond it something is noted too often, and nothing too seldom.
    const PAIRS: usize = 10_000;

    /// Whether to write this one down: of one key and workspace, one in a minute.
    pub(super) fn is_due(&self, key: ApiKeyId, workspace: WorkspaceId, now: Timestamp) -> bool {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.get(&(key, workspace)).is_none_or(|at| now.since_ms(*at) >= Self::EVERY_MS)
    }

    /// To be said once it is written down: what could not be written is due again.
    pub(super) fn noted(&self, key: ApiKeyId, workspace: WorkspaceId, now: Timestamp) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.len() >= Self::PAIRS {
            noted.retain(|_, at| now.since_ms(*at) < Self::EVERY_MS);
        }
        if noted.len() >= Self::PAIRS {
            noted.clear();
        }
        noted.insert((key, workspace), now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn one_in_a_minute_and_no_more_memory_than_said() {
        let (issues, now) = (Issues::default(), Timestamp::from_millis(1_000_000));
        let key = |n: usize| ApiKeyId::from_uuid(Uuid::from_u128(n as u128));
        let (dev, prod) = (WorkspaceId::from_uuid(Uuid::nil()), WorkspaceId::from_uuid(Uuid::max()));
        assert!(issues.is_due(key(1), dev, now) && issues.is_due(key(1), prod, now));
        assert!(issues.is_due(key(1), dev, now), "not written down yet");
        issues.noted(key(1), dev, now);
        assert!(issues.is_due(key(1), prod, now));
        assert!(!issues.is_due(key(1), dev, now.plus_s(59)) && issues.is_due(key(1), dev, now.plus_s(60)));
        for n in 0..3 * Issues::PAIRS {
            issues.noted(key(n), dev, now);
        }
        assert!(issues.0.lock().unwrap().len() <= Issues::PAIRS);
    }
}
