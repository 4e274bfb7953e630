//! Members.

pub mod detail;
mod ending;
pub mod list;
mod role;
pub mod sessions;
