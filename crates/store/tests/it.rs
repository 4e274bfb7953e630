//! Storage on both engines. One binary: linking is the slow part.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test stops where something is not as it was arranged, and nobody imports it"
)]

mod it {
    mod counts;
    mod grants;
    mod migrations;
    mod schema;
    mod sealed;
    mod shares;
}
