//! An organization.

mod key_policy;
pub mod overview;
pub mod settings;
pub mod usage;
