//! Settings: what they are called, where they come from, and everything that is wrong with them in one go.
//!
//! *Invariant: this is the only code that reads the environment.*

mod command;
mod key_file;
mod names;
mod read;
mod show;

pub use show::shown;

use crate::http::layer::peer::Network;
use control::settings::{FileConnection, MailSettings, PublicUrl};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Everything the process can be told from outside.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where people reach the dashboard.
    pub public_url: PublicUrl,
    /// The database, with a password in it on PostgreSQL.
    pub database_url: SecretString,
    /// Encrypts the keys that seal. `None` with SQLite: the one beside the database, made on first start.
    pub secret_key: Option<SecretString>,
    /// Where that was given.
    pub secret_key_place: String,
    /// The one before it, while it is being changed.
    pub previous_secret_key: Option<SecretString>,
    /// How mails leave.
    pub mail: Option<MailSettings>,
    /// Proxies whose word about a caller's address is believed.
    pub trusted_proxies: Vec<Network>,
    /// How log lines look.
    pub log_format: LogFormat,
    /// Down to which level is logged.
    pub log_level: tracing::Level,
    /// Minutes after which an unused session ends.
    pub session_idle_minutes: i64,
    /// Days after which any session ends.
    pub session_days: i64,
    /// Connections to providers.
    pub connections: Vec<FileConnection>,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Text on a terminal, JSON otherwise.
    Auto,
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

impl LogFormat {
    /// As it is written in settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

/// Something wrong with the settings: which one, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}")]
pub struct Problem {
    /// The key or variable, as the operator wrote it.
    pub place: String,
    /// What is wrong and what to do, never with a secret in it.
    pub what: String,
}

impl Problem {
    fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into() }
    }
}

/// Where settings come from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The settings file, if there is one.
    pub file: Option<(PathBuf, String)>,
    /// All variables whose names begin with `REEVE_`.
    pub environment: BTreeMap<String, String>,
}

impl Sources {
    /// The environment of this process, and the file named by `--config`, by `REEVE_CONFIG`, or `reeve.toml` in the
    /// working folder if it is there.
    pub fn of_process(config: Option<&Path>) -> Result<Self, Vec<Problem>> {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
        let environment: BTreeMap<String, String> =
            std::env::vars().filter(|(name, _)| name.starts_with("REEVE_")).collect();
        let named =
            config.map(Path::to_path_buf).or_else(|| environment.get("REEVE_CONFIG").map(PathBuf::from));
        let path = match named {
            Some(path) => path,
            None if Path::new("reeve.toml").is_file() => PathBuf::from("reeve.toml"),
            None => return Ok(Self { file: None, environment }),
        };
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Self { file: Some((path, text)), environment }),
            Err(error) => {
                let what = format!("cannot be read ({error}); name an existing settings file");
                Err(vec![Problem::new(path.display().to_string(), what)])
            }
        }
    }
}

impl Settings {
    /// Reads settings.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, not only the first.
    pub fn read(sources: &Sources) -> Result<Self, Vec<Problem>> {
        read::settings(sources)
    }

    /// The secret key, made beside an SQLite database that does not exist yet.
    ///
    /// # Errors
    ///
    /// If it is missing where it must exist, or cannot be read or written.
    pub fn sealing_key(&self) -> Result<SecretString, Problem> {
        key_file::sealing_key(self)
    }

    /// Where the secret key is: the setting that gives it, or the file beside the database.
    pub fn key_place(&self) -> String {
        match (&self.secret_key, self.sqlite_path()) {
            (None, Some(path)) => path.with_extension("key").display().to_string(),
            _ => self.secret_key_place.clone(),
        }
    }

    /// The path of the SQLite database; `None` on PostgreSQL.
    pub fn sqlite_path(&self) -> Option<&Path> {
        use secrecy::ExposeSecret;
        let path = self.database_url.expose_secret().strip_prefix("sqlite:")?;
        Some(Path::new(path.strip_prefix("//").unwrap_or(path)))
    }

    /// What the operations are told.
    pub fn for_control(&self, secret_key: SecretString) -> control::settings::Settings {
        control::settings::Settings {
            previous_secret_key: self.previous_secret_key.clone(),
            mail: self.mail.clone(),
            session_idle_s: self.session_idle_minutes * 60,
            session_absolute_s: self.session_days * 24 * 3600,
            connections: self.connections.clone(),
            ..control::settings::Settings::new(self.public_url.clone(), secret_key)
        }
    }
}
