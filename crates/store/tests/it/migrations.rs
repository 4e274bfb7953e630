//! Migrations: the same on both engines, and refused where a newer version has been.

use sqlx::{AssertSqlSafe, Executor, PgPool, SqlitePool};
use store::{Error, Options, SchemaState, Store};
use testkit::both_engines;

/// Runs one statement past the store, as another version of the program would.
async fn run(url: &str, sql: &'static str) {
    let done = if url.starts_with("sqlite:") {
        let pool = SqlitePool::connect(url).await.unwrap();
        let done = pool.execute(AssertSqlSafe(sql)).await.map(|_| ());
        pool.close().await;
        done
    } else {
        let pool = PgPool::connect(url).await.unwrap();
        let done = pool.execute(AssertSqlSafe(sql)).await.map(|_| ());
        pool.close().await;
        done
    };
    done.unwrap();
}

const NEWER: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
    SELECT 9999, 'from the future', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
const OLDER: &str =
    "DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";

#[test]
fn both_engines_have_the_same_migrations() {
    let [sqlite, postgres] = store::migration_listings();
    assert!(!sqlite.is_empty());
    assert_eq!(sqlite, postgres, "numbers and names, in order");
}

both_engines! {
    async fn migrating_twice_changes_nothing(world: World) {
        assert_eq!(world.store.schema_state().await.unwrap(), SchemaState::Current);
        world.store.migrate().await.unwrap();
        assert_eq!(world.store.schema_state().await.unwrap(), SchemaState::Current);
    }

    async fn a_database_of_a_newer_version_is_refused(world: World) {
        run(&world.url, NEWER).await;
        let store = Store::open(&Options::new(&world.url)).await.unwrap();
        assert_eq!(store.schema_state().await.unwrap(), SchemaState::Newer(9999));
        assert!(matches!(store.migrate().await, Err(Error::Newer(9999))));
    }

    async fn a_database_that_is_behind_says_by_how_much(world: World) {
        run(&world.url, OLDER).await;
        let store = Store::open(&Options::new(&world.url)).await.unwrap();
        assert_eq!(store.schema_state().await.unwrap(), SchemaState::Behind(1));
    }
}
