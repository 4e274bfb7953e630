//! The only source of chance, and the ids made from it.

use model::Timestamp;
use model::id::TypedId;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

/// Fills memory with bytes nobody can guess.
pub trait Entropy: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness no secret can be made; going on would make guessable ones.
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// Makes ids and random bytes. Cheap to clone.
#[derive(Clone)]
pub struct Ids {
    entropy: Arc<dyn Entropy>,
    counter: Arc<AtomicU16>,
}

impl Ids {
    /// On top of a source of chance.
    pub fn new(entropy: Arc<dyn Entropy>) -> Self {
        Self { entropy, counter: Arc::new(AtomicU16::new(0)) }
    }

    /// An id for something made at `now`: UUIDv7 (RFC 9562 §5.7) with a counter after the time, so that ids of one
    /// process sort in the order in which they were made even within a millisecond.
    pub fn next<T: TypedId>(&self, now: Timestamp) -> T {
        let mut tail = [0_u8; 10];
        self.entropy.fill(&mut tail);
        let [high, low] = (self.counter.fetch_add(1, Ordering::Relaxed) & 0x0fff).to_be_bytes();
        tail[0] = high;
        tail[1] = low;
        let ms = u64::try_from(now.millis()).unwrap_or(0);
        T::wrap(uuid::Builder::from_unix_timestamp_millis(ms, &tail).into_uuid())
    }

    /// So many random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0_u8; N];
        self.entropy.fill(&mut bytes);
        bytes
    }
}

impl std::fmt::Debug for Ids {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ids")
    }
}
