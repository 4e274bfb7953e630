//! The two engines behind one type, and the two kinds of transaction.

use crate::audit::{self, NewEntry};
use crate::{Error, Result};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Database, PgPool, Postgres, Sqlite, SqlitePool, Transaction};
use std::ops::{Deref, DerefMut};
use std::str::FromStr;
use std::time::Duration;

/// Which engine is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineKind {
    /// Embedded, one process.
    Sqlite,
    /// A server, several processes.
    Postgres,
}

/// How to open a store.
#[derive(Clone, Debug)]
pub struct Options {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// Connections to PostgreSQL, or readers of SQLite.
    pub max_connections: u32,
    /// How long a request waits for a free connection.
    pub acquire_timeout: Duration,
}

impl Options {
    /// The defaults for a server process.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), max_connections: 10, acquire_timeout: Duration::from_secs(5) }
    }
}

/// An open database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) engine: Engine,
}

#[derive(Clone, Debug)]
pub(crate) enum Engine {
    /// One writer, so that writes queue in the process instead of failing in the file.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
    Postgres(PgPool),
}

/// Looks at data. Either a single connection, each statement by itself, or a transaction.
#[derive(Debug)]
pub struct ReadTx {
    pub(crate) conn: Conn,
}

/// Changes data. Dropping it undoes everything; [`WriteTx::commit`] wants an audit entry.
#[derive(Debug)]
#[must_use = "a transaction that is dropped changes nothing"]
pub struct WriteTx(ReadTx);

#[derive(Debug)]
pub(crate) enum Conn {
    Sqlite(Lease<Sqlite>),
    Postgres(Lease<Postgres>),
}

/// A connection on loan: idle, or inside a transaction.
#[derive(Debug)]
pub(crate) enum Lease<DB: Database> {
    Idle(PoolConnection<DB>),
    Tx(Transaction<'static, DB>),
}

impl<DB: Database> Deref for Lease<DB> {
    type Target = DB::Connection;
    fn deref(&self) -> &Self::Target {
        match self {
            Self::Idle(conn) => conn,
            Self::Tx(tx) => tx,
        }
    }
}

impl<DB: Database> DerefMut for Lease<DB> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        match self {
            Self::Idle(conn) => conn,
            Self::Tx(tx) => tx,
        }
    }
}

/// Runs the same body against whichever engine is open; `$c` is the connection.
macro_rules! on_engine {
    ($tx:expr, |$c:ident| $body:expr) => {
        match &mut $tx.conn {
            $crate::engine::Conn::Sqlite(lease) => {
                let $c = &mut **lease;
                $body
            }
            $crate::engine::Conn::Postgres(lease) => {
                let $c = &mut **lease;
                $body
            }
        }
    };
}
pub(crate) use on_engine;

impl Store {
    /// Opens the database; makes the file if it is SQLite's and missing. Does not migrate.
    ///
    /// # Errors
    ///
    /// [`Error::BadUrl`] if the address cannot be read, [`Error::Unavailable`] if nothing answers there.
    pub async fn open(options: &Options) -> Result<Self> {
        let engine = match options.url.split_once(':') {
            Some(("sqlite", path)) => open_sqlite(path, options).await?,
            Some(("postgres" | "postgresql", _)) => {
                let connect = PgConnectOptions::from_str(&options.url)
                    .map_err(|e| Error::BadUrl(format!("the database URL is not valid: {e}")))?
                    .application_name("reeve");
                let pool = PgPoolOptions::new()
                    .max_connections(options.max_connections)
                    .acquire_timeout(options.acquire_timeout)
                    .connect_with(connect)
                    .await
                    .map_err(Error::Unavailable)?;
                Engine::Postgres(pool)
            }
            _ => {
                return Err(Error::BadUrl(
                    "the database URL must begin with sqlite: or postgres://".to_owned(),
                ));
            }
        };
        Ok(Self { engine })
    }

    /// Which engine it is.
    pub fn kind(&self) -> EngineKind {
        match self.engine {
            Engine::Sqlite { .. } => EngineKind::Sqlite,
            Engine::Postgres(_) => EngineKind::Postgres,
        }
    }

    /// A connection for single look-ups: each statement sees the newest state.
    pub async fn read(&self) -> Result<ReadTx> {
        let conn = match &self.engine {
            Engine::Sqlite { read, .. } => Conn::Sqlite(Lease::Idle(read.acquire().await?)),
            Engine::Postgres(pool) => Conn::Postgres(Lease::Idle(pool.acquire().await?)),
        };
        Ok(ReadTx { conn })
    }

    /// A read transaction, for several statements that must agree.
    pub async fn snapshot(&self) -> Result<ReadTx> {
        let conn = match &self.engine {
            Engine::Sqlite { read, .. } => Conn::Sqlite(Lease::Tx(read.begin().await?)),
            Engine::Postgres(pool) => Conn::Postgres(Lease::Tx(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?,
            )),
        };
        Ok(ReadTx { conn })
    }

    /// A write transaction. On SQLite it waits for the one before it; never open a second one inside.
    pub async fn write(&self) -> Result<WriteTx> {
        let conn = match &self.engine {
            // Immediate: a deferred transaction that reads and then writes fails at once when another one writes.
            Engine::Sqlite { write, .. } => {
                Conn::Sqlite(Lease::Tx(write.begin_with("BEGIN IMMEDIATE").await?))
            }
            Engine::Postgres(pool) => Conn::Postgres(Lease::Tx(pool.begin().await?)),
        };
        Ok(WriteTx(ReadTx { conn }))
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        let mut tx = self.read().await?;
        on_engine!(tx, |c| sqlx::query("SELECT 1").execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// Closes all connections; SQLite's write-ahead log is folded in.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }
}

async fn open_sqlite(path: &str, options: &Options) -> Result<Engine> {
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() || path.starts_with(":memory:") {
        return Err(Error::BadUrl(
            "the database URL must name a file, such as sqlite:data/reeve.db".to_owned(),
        ));
    }
    let connect = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5));
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(options.acquire_timeout)
        .connect_with(connect.clone().create_if_missing(true))
        .await
        .map_err(Error::Unavailable)?;
    let read = SqlitePoolOptions::new()
        .max_connections(options.max_connections)
        .acquire_timeout(options.acquire_timeout)
        .connect_with(connect.read_only(true))
        .await
        .map_err(Error::Unavailable)?;
    Ok(Engine::Sqlite { read, write })
}

impl ReadTx {
    /// The engine it runs on, for the few statements that differ.
    pub(crate) fn kind(&self) -> EngineKind {
        match self.conn {
            Conn::Sqlite(_) => EngineKind::Sqlite,
            Conn::Postgres(_) => EngineKind::Postgres,
        }
    }
}

impl WriteTx {
    /// Makes the changes hold, together with the entry that says who made them.
    pub async fn commit(mut self, entry: NewEntry) -> Result<()> {
        audit::insert(&mut self, &entry).await?;
        self.finish().await
    }

    /// Makes the changes hold, together with several entries.
    pub async fn commit_all(mut self, entries: &[NewEntry]) -> Result<()> {
        for entry in entries {
            audit::insert(&mut self, entry).await?;
        }
        self.finish().await
    }

    /// Makes the changes hold without an entry; `_reason` says why none is due.
    pub async fn commit_unaudited(self, _reason: &'static str) -> Result<()> {
        self.finish().await
    }

    async fn finish(self) -> Result<()> {
        match self.0.conn {
            Conn::Sqlite(Lease::Tx(tx)) => tx.commit().await?,
            Conn::Postgres(Lease::Tx(tx)) => tx.commit().await?,
            // `Store::write` is the only maker of a `WriteTx`, and it always begins a transaction.
            Conn::Sqlite(Lease::Idle(_)) | Conn::Postgres(Lease::Idle(_)) => {}
        }
        Ok(())
    }
}

impl Deref for WriteTx {
    type Target = ReadTx;
    fn deref(&self) -> &ReadTx {
        &self.0
    }
}

impl DerefMut for WriteTx {
    fn deref_mut(&mut self) -> &mut ReadTx {
        &mut self.0
    }
}
