//! An organization.

pub mod overview;
pub mod settings;
pub mod usage;
