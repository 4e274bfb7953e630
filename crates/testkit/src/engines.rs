//! An empty, migrated database on either engine, made from a template so that a test costs milliseconds.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use store::{Options, Store};
use tokio::sync::OnceCell;

/// Which engine a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file of its own.
    Sqlite,
    /// A database of its own in the cluster of `TEST_POSTGRES_URL`.
    Postgres,
}

static NEXT: AtomicU32 = AtomicU32::new(0);
static SQLITE_TEMPLATE: OnceCell<PathBuf> = OnceCell::const_new();
static POSTGRES_TEMPLATE: OnceCell<String> = OnceCell::const_new();

/// A fresh database's URL and store; `None` for PostgreSQL without `TEST_POSTGRES_URL`.
pub async fn fresh_store(engine: Engine) -> Option<(String, Store)> {
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    let url = match engine {
        Engine::Sqlite => {
            let template = SQLITE_TEMPLATE.get_or_init(sqlite_template).await;
            let path = template.with_file_name(format!("t{n}.db"));
            std::fs::copy(template, &path).expect("the template database can be copied");
            format!("sqlite:{}", path.display())
        }
        Engine::Postgres => {
            #[expect(
                clippy::disallowed_methods,
                reason = "tests are told by the environment where PostgreSQL is"
            )]
            let cluster = std::env::var("TEST_POSTGRES_URL").ok()?;
            let template = POSTGRES_TEMPLATE.get_or_init(|| postgres_template(cluster.clone())).await;
            let name = format!("{template}_{n}");
            run(&cluster, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
            database(&cluster, &name)
        }
    };
    let options =
        Options { acquire_timeout: Duration::from_secs(20), max_connections: 4, ..Options::new(&url) };
    let store = Store::open(&options).await.expect("the database opens");
    Some((url, store))
}

async fn sqlite_template() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../target/testkit")
        .join(std::process::id().to_string());
    // An earlier process of the same number may have left one.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder for test databases");
    let path = folder.join("template.db");
    let store = Store::open(&Options::new(format!("sqlite:{}", path.display()))).await.expect("SQLite opens");
    store.migrate().await.expect("the migrations run");
    store.close().await;
    path
}

async fn postgres_template(cluster: String) -> String {
    let name = format!("reeve_template_{}", std::process::id());
    run(&cluster, &format!("DROP DATABASE IF EXISTS {name}")).await;
    run(&cluster, &format!("CREATE DATABASE {name}")).await;
    let store = Store::open(&Options::new(database(&cluster, &name))).await.expect("PostgreSQL opens");
    store.migrate().await.expect("the migrations run");
    store.close().await;
    name
}

/// The cluster's URL with another database in it.
fn database(cluster: &str, name: &str) -> String {
    let (base, query) = cluster.split_once('?').map_or((cluster, None), |(base, query)| (base, Some(query)));
    let host = base.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    query.map_or_else(|| format!("{host}/{name}"), |query| format!("{host}/{name}?{query}"))
}

async fn run(cluster: &str, sql: &str) {
    let mut conn = PgConnection::connect(cluster).await.expect("the test cluster answers");
    conn.execute(AssertSqlSafe(sql.to_owned())).await.expect("the test database is made");
}

/// Every row of every table, as text.
pub(crate) async fn dump(url: &str) -> String {
    if let Some(path) = url.strip_prefix("sqlite:") {
        // The file itself and what is not folded into it yet; in it nothing stands between one value and the next.
        let read = |path: String| std::fs::read(path).unwrap_or_default();
        let bytes = [read(path.to_owned()), read(format!("{path}-wal")), sqlite_rows(url).await].concat();
        return String::from_utf8_lossy(&bytes).into_owned();
    }
    let mut conn = PgConnection::connect(url).await.expect("the test database answers");
    // Bytes that are letters are shown as letters.
    conn.execute("SET bytea_output = 'escape'").await.expect("a setting");
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
            .fetch_all(&mut conn)
            .await
            .expect("the tables");
    let mut text = String::new();
    for table in tables {
        let sql = AssertSqlSafe(format!("SELECT t::text FROM \"{table}\" t"));
        let rows: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut conn).await.expect("the rows");
        text.push_str(&rows.join("\n"));
    }
    text
}

/// Every row, its values apart from each other.
async fn sqlite_rows(url: &str) -> Vec<u8> {
    let mut conn = SqliteConnection::connect(url).await.expect("the test database answers");
    let columns: Vec<(String, String)> = sqlx::query_as(
        "SELECT t.name, group_concat('CAST(\"' || c.name || '\" AS TEXT)', ', ') FROM sqlite_schema t, \
         pragma_table_info(t.name) c WHERE t.type = 'table' GROUP BY t.name",
    )
    .fetch_all(&mut conn)
    .await
    .expect("the tables");
    let mut all = Vec::new();
    for (table, values) in columns {
        let sql = AssertSqlSafe(format!("SELECT CAST(concat_ws(' ', {values}) AS BLOB) FROM \"{table}\""));
        let rows: Vec<Vec<u8>> = sqlx::query_scalar(sql).fetch_all(&mut conn).await.expect("the rows");
        all.extend(rows.join(&b'\n'));
    }
    all
}
