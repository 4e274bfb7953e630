//! For tests: every test runs on both engines, with a clock one can move and real parts underneath.

mod bulk;
mod clock;
mod company;
mod engines;
mod slow;
mod world;

pub use clock::TestClock;
pub use company::{Company, Size};
pub use engines::{Engine, fresh_store};
pub use world::{Person, World};

/// Runs the body once on SQLite and once on PostgreSQL, each with an empty, migrated database of its own.
///
/// ```text
/// testkit::both_engines! {
///     async fn a_link_works_once(world: World) { … }
/// }
/// ```
#[macro_export]
macro_rules! both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident: World) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn claim($world: $crate::World) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                claim($crate::World::new($crate::Engine::Sqlite).await.expect("SQLite opens")).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                match $crate::World::new($crate::Engine::Postgres).await {
                    Some(world) => claim(world).await,
                    None => $crate::postgres_is_missing(stringify!($name)),
                }
            }
        }
    )+};
}

/// Says that a PostgreSQL half did not run; a failure where one is demanded.
pub fn postgres_is_missing(test: &str) {
    #[expect(clippy::disallowed_methods, reason = "tests are told by the environment what must be there")]
    let demanded = std::env::var("REQUIRE_POSTGRES").is_ok();
    assert!(!demanded, "{test}: TEST_POSTGRES_URL is not set and REQUIRE_POSTGRES is");
    println!("{test}: skipped on PostgreSQL, TEST_POSTGRES_URL is not set");
}
