//! Pages without a session.

pub mod auth_error;
pub mod invite;
pub mod link;
pub mod login;
pub mod setup;
