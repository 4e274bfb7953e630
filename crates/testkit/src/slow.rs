//! Making one statement of a transaction take long, so that a test can do something in the middle of it.

use crate::World;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use std::time::Duration;

/// Counting so far takes SQLite many seconds.
const ROWS: u64 = 100_000_000;
/// So long PostgreSQL sleeps. It does not notice before the end that whoever asked is gone.
const SLEEP_S: u32 = 4;

impl World {
    fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite:")
    }

    async fn run(&self, statements: &[String]) {
        for sql in statements {
            let sql = AssertSqlSafe(sql.clone());
            if self.is_sqlite() {
                let mut conn = SqliteConnection::connect(&self.url).await.expect("the test database answers");
                conn.execute(sql).await.expect("a statement");
            } else {
                let mut conn = PgConnection::connect(&self.url).await.expect("the test database answers");
                conn.execute(sql).await.expect("a statement");
            }
        }
    }

    /// From now on, deleting a row of a table takes many seconds.
    pub async fn slow_down(&self, table: &str) {
        let statements = if self.is_sqlite() {
            [
                format!(
                    "CREATE VIEW slow AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {ROWS}) \
                     SELECT x FROM n"
                ),
                format!("CREATE TRIGGER slow BEFORE DELETE ON {table} BEGIN SELECT COUNT(*) FROM slow; END"),
            ]
        } else {
            [
                format!(
                    "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS \
                     'BEGIN PERFORM pg_sleep({SLEEP_S}); RETURN OLD; END'"
                ),
                format!("CREATE TRIGGER slow BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION slow()"),
            ]
        };
        self.run(&statements).await;
    }

    /// As before [`World::slow_down`].
    pub async fn let_go(&self, table: &str) {
        let statements = if self.is_sqlite() {
            ["DROP TRIGGER slow".to_owned(), "DROP VIEW slow".to_owned()]
        } else {
            [format!("DROP TRIGGER slow ON {table}"), "DROP FUNCTION slow()".to_owned()]
        };
        self.run(&statements).await;
    }

    /// Waits until somebody deletes such a row.
    pub async fn is_slowed_down(&self) {
        // Others write for a moment, too: only who holds the database for a while is the one.
        const IN_A_ROW: u32 = 10;
        let mut in_a_row = 0;
        while in_a_row < IN_A_ROW {
            in_a_row = if self.is_held().await { in_a_row + 1 } else { 0 };
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until so many transactions wait for what another one holds. SQLite has one writer at a time, and whoever waits
    /// for it holds nothing: there is nothing to wait for.
    pub async fn others_wait(&self, count: i64) {
        if self.is_sqlite() {
            return;
        }
        let mut conn = PgConnection::connect(&self.url).await.expect("the test database answers");
        let waiting = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
            AND wait_event_type = 'Lock'";
        while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&mut conn).await.expect("an answer") < count {
            tokio::task::yield_now().await;
        }
    }

    async fn is_held(&self) -> bool {
        if self.is_sqlite() {
            let mut conn = SqliteConnection::connect(&self.url).await.expect("the test database answers");
            conn.execute("PRAGMA busy_timeout = 0").await.expect("a setting");
            let free = conn.execute("BEGIN IMMEDIATE").await.is_ok();
            if free {
                conn.execute("ROLLBACK").await.expect("nothing was done");
            }
            return !free;
        }
        let mut conn = PgConnection::connect(&self.url).await.expect("the test database answers");
        let sleeping = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
            AND wait_event = 'PgSleep'";
        sqlx::query_scalar::<_, i64>(sleeping).fetch_one(&mut conn).await.expect("an answer") > 0
    }
}
