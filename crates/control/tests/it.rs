//! Operations on both engines. One binary, one file per noun: linking is the slow part.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test stops where something is not as it was arranged, and nobody imports it"
)]

mod it {
    mod arrange;
    mod connections;
    mod devices;
    mod grants;
    mod hostile_provider;
    mod invitations;
    mod mailbox;
    mod members;
    mod outbox;
    mod setup;
    mod smtp;
    mod sso;
    mod tokens;
    mod workspaces;
    mod zenml;
}
