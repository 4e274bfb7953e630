//! Service accounts: accounts for machines.

pub mod detail;
mod ending;
mod facts;
pub mod list;
pub mod new;
mod settings;
pub mod trust;
