//! A typed client of Reeve's server functions (`/api/fn/…`), on the types the dashboard uses.
//!
//! ```no_run
//! # async fn example() -> Result<(), model::ApiError> {
//! use client::{Client, Server};
//!
//! let server: Server = "https://reeve.example.com".parse()?;
//! let client = Client::new(&server)?.with_token("ZENPROKEY_…".into());
//! for org in client.me().await?.orgs {
//!     let page = client.members(org.id, &model::member::MemberQuery::default()).await?;
//!     println!("{}: {} members on the first page", org.display_name, page.items.len());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Every call fails with an [`ApiError`]: the one the server answered with, or one in the same words for what happened
//! on the way. [`CryptoProvider`] is the program's to install, once, before the first client is made.
//!
//! *Invariant: a token goes to the server it is for and nowhere else. Redirects are not followed, plain HTTP is spoken to
//! this machine only, and no proxy is taken from the environment.*
//!
//! [`ApiError`]: model::ApiError
//! [`CryptoProvider`]: https://docs.rs/rustls/latest/rustls/crypto/struct.CryptoProvider.html

mod functions;
mod login;
mod send;
mod server;

pub use login::{Asked, DeviceStart, Poll, Token};
pub use send::Client;
pub use server::Server;
