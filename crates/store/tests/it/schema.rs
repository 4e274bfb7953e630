//! The two schemas say the same: tables, columns, what may be missing, and what kind of value each column holds.

use sqlx::{AssertSqlSafe, PgPool, Row, SqlitePool};
use std::collections::BTreeMap;
use testkit::{Engine, fresh_store};

/// Table and column to the kind of value and whether it may be missing.
type Schema = BTreeMap<(String, String), (&'static str, bool)>;

async fn sqlite() -> Schema {
    let (url, store) = fresh_store(Engine::Sqlite).await.expect("SQLite is always there");
    let pool = SqlitePool::connect(&url).await.unwrap();
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
            .fetch_all(&pool)
            .await
            .unwrap();
    let mut schema = Schema::new();
    for table in tables.into_iter().filter(|table| table != "_sqlx_migrations") {
        let columns =
            sqlx::query(AssertSqlSafe(format!("PRAGMA table_info({table})"))).fetch_all(&pool).await.unwrap();
        let ddl: String =
            sqlx::query_scalar("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = $1")
                .bind(&table)
                .fetch_one(&pool)
                .await
                .unwrap();
        assert!(ddl.trim_end().ends_with("STRICT"), "{table} takes values of any type");
        for column in columns {
            let (name, kind): (String, String) = (column.get("name"), column.get("type"));
            let (not_null, key): (bool, i64) = (column.get("notnull"), column.get("pk"));
            let kind = match kind.as_str() {
                // Booleans are numbers that a CHECK holds to 0 and 1; ids are bytes.
                "INTEGER" if ddl.contains(&format!("CHECK ({name} IN (0, 1))")) => "boolean",
                "INTEGER" => "number",
                "TEXT" => "text",
                "BLOB" => "bytes",
                other => panic!("{table}.{name} is {other}"),
            };
            schema.insert((table.clone(), name), (kind, !not_null && key == 0));
        }
    }
    pool.close().await;
    store.close().await;
    schema
}

async fn postgres() -> Option<Schema> {
    let (url, store) = fresh_store(Engine::Postgres).await?;
    let pool = PgPool::connect(&url).await.unwrap();
    let rows = sqlx::query(
        "SELECT table_name::text, column_name::text, data_type::text, is_nullable = 'YES' AS nullable \
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let schema = rows
        .into_iter()
        .map(|row| {
            let (table, name, kind): (String, String, String) = (row.get(0), row.get(1), row.get(2));
            let kind = match kind.as_str() {
                "boolean" => "boolean",
                "bigint" | "integer" => "number",
                "text" => "text",
                "bytea" | "uuid" => "bytes",
                other => panic!("{table}.{name} is {other}"),
            };
            ((table, name), (kind, row.get("nullable")))
        })
        .collect();
    pool.close().await;
    store.close().await;
    Some(schema)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_engines_hold_the_same() {
    let Some(postgres) = postgres().await else {
        return testkit::postgres_is_missing("both_engines_hold_the_same");
    };
    let sqlite = sqlite().await;
    assert!(sqlite.len() > 50, "the schema was not read");
    let differing: Vec<_> = sqlite
        .keys()
        .chain(postgres.keys())
        .filter(|column| sqlite.get(*column) != postgres.get(*column))
        .map(|column| {
            format!("{column:?}: SQLite {:?}, PostgreSQL {:?}", sqlite.get(column), postgres.get(column))
        })
        .collect();
    assert!(differing.is_empty(), "{differing:#?}");
}
