//! The paths whose time an organization feels: the members page of a large one, permission checks under load, and the
//! decision engine of one that is as large as they get. Run by `make bench`; prints what it measured beside the goal.
//! Not a test: nothing here fails for being slow.

mod asking;
mod checks;
mod engine;
mod members;
mod report;
mod tokens;

use testkit::{Engine, World};

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        for (engine, name) in [(Engine::Sqlite, "SQLite"), (Engine::Postgres, "PostgreSQL")] {
            let Some(world) = World::new(engine).await else {
                println!("{name}: not measured, TEST_POSTGRES_URL is not set");
                continue;
            };
            members::page(&world, name).await;
            checks::under_load(&world, name).await;
            tokens::service(&world, name).await;
            engine::company(&world, name).await;
            engine::many_shares(&world, name).await;
        }
    });
}
