//! Rows written hundreds at a time, where one statement for each would take minutes.

use model::Timestamp;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use uuid::Uuid;

/// Rows of one statement.
const AT_ONCE: usize = 500;

/// A connection of its own, past the store.
pub(crate) enum Bulk {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// A value, written into the statement itself: made up here, never taken from anybody.
pub(crate) enum Cell {
    Id(Uuid),
    Text(String),
    At(Timestamp),
    False,
    Null,
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(cell: Option<T>) -> Self {
        cell.map_or(Self::Null, Into::into)
    }
}

impl From<Uuid> for Cell {
    fn from(id: Uuid) -> Self {
        Self::Id(id)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Timestamp> for Cell {
    fn from(at: Timestamp) -> Self {
        Self::At(at)
    }
}

impl Bulk {
    pub(crate) async fn open(url: &str) -> Self {
        match url.strip_prefix("sqlite:") {
            Some(path) => Self::Sqlite(
                SqliteConnection::connect(&format!("sqlite:{path}")).await.expect("the database opens again"),
            ),
            None => Self::Postgres(PgConnection::connect(url).await.expect("the database opens again")),
        }
    }

    /// Writes rows of a table; `columns` as SQL has them, between commas.
    pub(crate) async fn insert<const N: usize>(&mut self, table: &str, columns: &str, rows: Vec<[Cell; N]>) {
        self.run("BEGIN".to_owned()).await;
        for some in rows.chunks(AT_ONCE) {
            let values: Vec<String> = some.iter().map(|row| self.row(row)).collect();
            self.run(format!("INSERT INTO {table} ({columns}) VALUES {}", values.join(", "))).await;
        }
        self.run("COMMIT".to_owned()).await;
    }

    /// Counts what there is now, so that statements are planned for it; in time either engine would do so by itself.
    pub(crate) async fn counted(mut self) {
        self.run("ANALYZE".to_owned()).await;
    }

    fn row(&self, cells: &[Cell]) -> String {
        let cells: Vec<String> = cells
            .iter()
            .map(|cell| match (cell, self) {
                (Cell::Id(id), Self::Sqlite(_)) => format!("X'{}'", id.simple()),
                (Cell::Id(id), Self::Postgres(_)) => format!("'{id}'"),
                (Cell::Text(text), _) => format!("'{}'", text.replace('\'', "''")),
                (Cell::At(at), _) => at.millis().to_string(),
                (Cell::False, _) => "FALSE".to_owned(),
                (Cell::Null, _) => "NULL".to_owned(),
            })
            .collect();
        format!("({})", cells.join(", "))
    }

    async fn run(&mut self, sql: String) {
        match self {
            Self::Sqlite(conn) => conn.execute(AssertSqlSafe(sql)).await.map(|_| ()),
            Self::Postgres(conn) => conn.execute(AssertSqlSafe(sql)).await.map(|_| ()),
        }
        .expect("the rows are written");
    }
}
