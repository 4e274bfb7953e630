//! Jobs written in the transaction that causes them.
