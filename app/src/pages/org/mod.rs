//! An organization.

pub mod overview;
pub mod settings;
