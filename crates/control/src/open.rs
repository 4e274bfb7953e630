//! Opening and closing: from an address and settings to a [`Control`], and what can be wrong with a database.

use crate::Control;
use crate::clock::SystemClock;
use crate::error::{Error, Result};
use crate::rng::{Ids, OsEntropy};
use crate::settings::Settings;
use secrecy::{ExposeSecret, SecretString};
use std::path::Path;
use std::sync::Arc;
use store::{EngineKind, Options, SchemaState, Store};

/// Why a database could not be opened. Each has its own remedy.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address cannot be used.
    #[error("{0}")]
    BadUrl(String),
    /// Nothing answers there, or it does not let us in.
    #[error("{0}")]
    Unreachable(String),
    /// It does not take changes.
    #[error(
        "the database is read-only: give this user the right to write the file and its folder, or the server its primary role"
    )]
    ReadOnly,
    /// A newer version has been here.
    #[error(
        "the database was changed by a newer version (migration {0}): run that version, or restore a backup made before"
    )]
    Newer(i64),
    /// An older version has been here, and this process was told not to migrate.
    #[error(
        "the database misses {0} migration(s) of this version: run `reeve migrate`, or start without --no-migrate"
    )]
    Behind(usize),
    /// The secret key is another one than its data keys are encrypted with.
    #[error(
        "is not the key that this database was sealed with: data key {data_key} belongs to the secret key with the \
         fingerprint {theirs}, this one has {ours}. Set the key that was in force; if it was changed on purpose, give the \
         one before it as REEVE_PREVIOUS_SECRET_KEY. If it is lost, see `reeve keys forget-lost --help`"
    )]
    OtherSecretKey {
        /// One of those data keys.
        data_key: String,
        /// The fingerprint it names.
        theirs: String,
        /// The fingerprint of the secret key of the settings.
        ours: String,
    },
    /// A data key was changed in the database.
    #[error(
        "the data key {0} in the database was changed: restore the table data_keys from a backup. If there is none, see \
         `reeve keys forget-lost --help`"
    )]
    DamagedKey(String),
    /// Anything else.
    #[error("the database cannot be used: {0}")]
    Failed(String),
}

impl From<store::Error> for OpenError {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::BadUrl(why) => Self::BadUrl(why),
            store::Error::ReadOnly(_) => Self::ReadOnly,
            store::Error::Newer(version) => Self::Newer(version),
            store::Error::Behind(missing) => Self::Behind(missing),
            store::Error::Unavailable(source) => {
                Self::Unreachable(format!("the database cannot be reached: {source}"))
            }
            other => Self::Failed(told(&other)),
        }
    }
}

impl From<Error> for OpenError {
    fn from(error: Error) -> Self {
        Self::Failed(told(&error))
    }
}

/// An error with all that is behind it.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}

/// Whether opening changes the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Migrate {
    /// Applies what is missing.
    Yes,
    /// Refuses a schema that is behind.
    No,
}

impl Control {
    /// Opens the database and its data keys, and puts the parts together, with the machine's clock and generator.
    pub async fn open(
        database_url: &SecretString,
        settings: Settings,
        migrate: Migrate,
    ) -> std::result::Result<Self, OpenError> {
        let control = Self::open_sealed(database_url, settings, migrate).await?;
        control.open_keys().await?;
        Ok(control)
    }

    /// The same without opening the data keys, for looking at what is wrong with them.
    pub async fn open_sealed(
        database_url: &SecretString,
        settings: Settings,
        migrate: Migrate,
    ) -> std::result::Result<Self, OpenError> {
        let url = database_url.expose_secret();
        if let Some(path) = url.strip_prefix("sqlite:") {
            make_folder(Path::new(path.strip_prefix("//").unwrap_or(path)))?;
        }
        let store = Store::open(&Options::new(url)).await?;
        match (store.schema_state().await?, migrate) {
            (SchemaState::Newer(version), _) => return Err(OpenError::Newer(version)),
            (SchemaState::Behind(missing), Migrate::No) => return Err(OpenError::Behind(missing)),
            (SchemaState::Behind(_), Migrate::Yes) => store.migrate().await?,
            (SchemaState::Current, _) => {}
        }
        let ids = Ids::new(Arc::new(OsEntropy));
        Ok(Self::new(store, Arc::new(SystemClock), ids, settings))
    }

    /// Whether requests can be served: the database answers and its schema is this version's.
    pub async fn ready(&self) -> Result<()> {
        match self.store().schema_state().await? {
            SchemaState::Current => Ok(()),
            SchemaState::Behind(_) => Err(Error::unavailable("The database waits for a migration.")),
            SchemaState::Newer(_) => Err(Error::unavailable("A newer version changed the database.")),
        }
    }

    /// Which engine holds the data, for people.
    pub fn engine(&self) -> &'static str {
        match self.store().kind() {
            EngineKind::Sqlite => "SQLite",
            EngineKind::Postgres => "PostgreSQL",
        }
    }

    /// Closes the database. Nothing works afterwards.
    pub async fn close(&self) {
        self.store().close().await;
    }
}

fn make_folder(database: &Path) -> std::result::Result<(), OpenError> {
    let Some(folder) = database.parent().filter(|folder| !folder.as_os_str().is_empty()) else {
        return Ok(());
    };
    std::fs::create_dir_all(folder).map_err(|error| {
        OpenError::Unreachable(format!("the folder {} cannot be made ({error})", folder.display()))
    })
}
