//! The process: settings, the router with its layers, start and stop.
//!
//! *Invariant: nothing here decides who may do what, and nothing here reaches the database past `control`.*

pub mod cli;
pub mod http;
pub mod keys;
pub mod logging;
pub mod process;
pub mod settings;
pub mod site;
