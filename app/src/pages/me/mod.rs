//! One's own account.

pub mod account;
pub mod devices;
pub mod sessions;
pub mod tokens;
