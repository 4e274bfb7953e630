//! Trying again what a worker could not do.

/// How long what a worker took is its own, in seconds. Longer than doing it can last.
pub(crate) const LEASE_S: i64 = 120;

/// Seconds until the next try after the `attempts`th, if `waits` goes that far.
pub(crate) fn wait_s(waits: &[i64], attempts: i64) -> Option<i64> {
    waits.get(usize::try_from(attempts.max(1) - 1).ok()?).copied()
}
