//! Members.

pub mod detail;
mod ending;
mod holdings;
pub mod list;
pub mod offboarding;
mod role;
pub mod sessions;
