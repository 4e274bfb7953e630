//! Operations on both engines. One binary, one file per noun: linking is the slow part.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test stops where something is not as it was arranged, and nobody imports it"
)]

mod it {
    mod access;
    mod arrange;
    mod connections;
    mod credentials;
    mod devices;
    mod engine;
    mod escalation;
    mod forged;
    mod fresh_sign_in;
    mod grants;
    mod hostile_provider;
    mod invitations;
    mod keys;
    mod lies;
    mod limited;
    mod limits;
    mod locks;
    mod mailbox;
    mod member_sessions;
    mod members;
    mod offboarding;
    mod openid;
    mod outbox;
    mod projects;
    mod roles;
    mod service_accounts;
    mod setup;
    mod smtp;
    mod sso;
    mod teams;
    mod tokens;
    mod trust;
    mod trust_tokens;
    mod workspace_tokens;
    mod workspaces;
    mod zenml;
}
