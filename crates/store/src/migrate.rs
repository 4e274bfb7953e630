//! Migrations, embedded, with equal numbers and names for both engines.

use crate::engine::Engine;
use crate::{Error, Result, Store};
use sqlx::migrate::{MigrateError, Migrator};

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

/// How the schema of a database compares with this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// Everything is applied.
    Current,
    /// So many migrations are missing.
    Behind(usize),
    /// The database knows this migration and this version does not.
    Newer(i64),
}

impl Store {
    fn migrator(&self) -> &'static Migrator {
        match self.engine {
            Engine::Sqlite { .. } => &SQLITE,
            Engine::Postgres(_) => &POSTGRES,
        }
    }

    /// Applies what is missing. Safe on several replicas at once: PostgreSQL's advisory lock lets one go first.
    ///
    /// # Errors
    ///
    /// [`Error::Newer`] if a newer version has been here, [`Error::Migration`] if a step failed.
    pub async fn migrate(&self) -> Result<()> {
        let done = match &self.engine {
            Engine::Sqlite { write, .. } => SQLITE.run(write).await,
            Engine::Postgres(pool) => POSTGRES.run(pool).await,
        };
        done.map_err(|error| match error {
            MigrateError::VersionMissing(version) => Error::Newer(version),
            MigrateError::Execute(source) => Error::from(source),
            other => Error::Migration(other),
        })
    }

    /// Compares the database's migrations with this version's.
    pub async fn schema_state(&self) -> Result<SchemaState> {
        const SQL: &str = "SELECT version FROM _sqlx_migrations WHERE success = TRUE ORDER BY version";
        let applied: std::result::Result<Vec<i64>, sqlx::Error> = match &self.engine {
            Engine::Sqlite { read, .. } => sqlx::query_scalar(SQL).fetch_all(read).await,
            Engine::Postgres(pool) => sqlx::query_scalar(SQL).fetch_all(pool).await,
        };
        let known: Vec<i64> = self.migrator().iter().map(|migration| migration.version).collect();
        let applied = match applied {
            Ok(applied) => applied,
            // The table is not there: nothing was ever applied.
            Err(sqlx::Error::Database(_)) => Vec::new(),
            Err(other) => return Err(other.into()),
        };
        if let Some(newer) = applied.iter().find(|version| !known.contains(version)) {
            return Ok(SchemaState::Newer(*newer));
        }
        let missing = known.iter().filter(|version| !applied.contains(version)).count();
        Ok(if missing == 0 { SchemaState::Current } else { SchemaState::Behind(missing) })
    }
}

/// Numbers and names of both engines' migrations, for the test that they agree.
#[doc(hidden)]
pub fn listings() -> [Vec<(i64, String)>; 2] {
    [&SQLITE, &POSTGRES].map(|m| m.iter().map(|one| (one.version, one.description.to_string())).collect())
}
