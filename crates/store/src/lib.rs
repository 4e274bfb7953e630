//! The only crate that knows SQL. Every statement is one text that runs on SQLite and on PostgreSQL.
//!
//! To add a query: write the SQL as a constant inside a function of the table's module, take `&mut ReadTx` to look or
//! `&mut WriteTx` to change, run it through `on_engine!`, and call it from a test on both engines.
//!
//! *Invariant: no function here opens a transaction or reads a clock; both come from the caller.*

mod due;
mod engine;
mod error;
mod migrate;

pub mod api_keys;
pub mod attempts;
pub mod audit;
pub mod connections;
pub mod data_keys;
pub mod devices;
pub mod grants;
pub mod holdings;
pub mod identities;
pub mod invitations;
pub mod limits;
pub mod links;
pub mod members;
pub mod openid;
pub mod orgs;
pub mod outbox;
pub mod overview;
pub mod policy;
pub mod projects;
pub mod roles;
pub mod sealed;
pub mod service_accounts;
pub mod sessions;
pub mod shares;
pub mod signing_keys;
pub mod teams;
pub mod throttles;
pub mod tokens;
pub mod trust;
pub mod trust_attempts;
pub mod usage;
pub mod users;
pub mod workspaces;

pub use engine::{EngineKind, Options, ReadTx, Store, WriteTx};
pub use error::{Error, Result};
pub use migrate::{SchemaState, listings as migration_listings};
