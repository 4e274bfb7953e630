//! Connections to identity providers.

pub mod detail;
pub mod list;
pub mod new;
