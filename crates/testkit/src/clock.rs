//! A clock that stands still until it is moved.

use control::clock::Clock;
use model::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Stands still until it is moved; clones show the same time.
#[derive(Clone, Debug)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// At noon of 23 November 2026, UTC.
    pub fn new() -> Self {
        Self(Arc::new(AtomicI64::new(1_795_435_200_000)))
    }
    /// Moves on by so many seconds.
    pub fn advance_s(&self, s: i64) {
        self.0.fetch_add(s * 1000, Ordering::SeqCst);
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}
