//! Failures of storage. "Not found" is an `Option` and "already there" a `bool`; neither is an error.

/// A failure of storage.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database does not answer, or no connection became free in time.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// The database does not take writes: read-only file, full disk, or a standby.
    #[error("the database is read-only")]
    ReadOnly(#[source] sqlx::Error),
    /// A row holds something this version cannot read.
    #[error("a stored row cannot be read")]
    Corrupt(#[source] sqlx::Error),
    /// The address of the database is wrong.
    #[error("{0}")]
    BadUrl(String),
    /// The database was made by a newer version.
    #[error("the database has migration {0}, which this version does not know: run the newer version")]
    Newer(i64),
    /// The schema is behind and this process was told not to migrate.
    #[error("the database schema is out of date: {0} migration(s) are missing; run `reeve migrate`")]
    Behind(usize),
    /// A migration failed.
    #[error("a migration failed")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// Everything else a statement can fail with.
    #[error("a statement failed")]
    Sql(#[source] sqlx::Error),
}

/// What functions of this crate return.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Whether trying again later may help.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::Io(_)
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error),
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Self::Corrupt(error),
            sqlx::Error::Database(database) => match database.code().as_deref() {
                // SQLite: readonly and its kinds (8 + n * 256), full disk. PostgreSQL: read_only_sql_transaction.
                Some("8" | "264" | "520" | "776" | "1032" | "1288" | "1544" | "13" | "25006") => {
                    Self::ReadOnly(error)
                }
                // SQLite: busy, cannot open. PostgreSQL: connection, resources, shutdown.
                Some("5" | "14" | "261" | "517") => Self::Unavailable(error),
                Some(code)
                    if code.len() == 5
                        && (code.starts_with("08") || code.starts_with("53") || code.starts_with("57")) =>
                {
                    Self::Unavailable(error)
                }
                _ => Self::Sql(error),
            },
            _ => Self::Sql(error),
        }
    }
}
