//! Where sign-ins are kept between two commands: a file that nobody else can read.

use crate::environment;
use crate::stop::Stop;
use client::Server;
use model::DeviceId;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// The sign-ins of this person on this machine, at most one for each server.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Credentials {
    /// The server of the last sign-in, which is asked if none is named.
    #[serde(default)]
    latest: Option<String>,
    #[serde(default)]
    servers: BTreeMap<String, SignIn>,
}

/// One sign-in.
#[derive(Serialize, Deserialize)]
pub(crate) struct SignIn {
    token: String,
    /// The device to revoke when signing out.
    pub(crate) device: Option<DeviceId>,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").field("device", &self.device).finish_non_exhaustive()
    }
}

impl SignIn {
    pub(crate) fn new(token: &str, device: Option<DeviceId>) -> Self {
        Self { token: token.to_owned(), device }
    }

    pub(crate) fn token(&self) -> SecretString {
        SecretString::from(self.token.as_str())
    }
}

impl Credentials {
    /// What is kept; nothing if there is no file yet.
    pub(crate) fn read() -> Result<Self, Stop> {
        let path = path()?;
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(Stop::Here(format!("{} cannot be read ({error}).", path.display()))),
        };
        refuse_open(&path)?;
        serde_json::from_str(&text).map_err(|_| {
            Stop::Here(format!("{} is not what it was. Delete it, and sign in again.", path.display()))
        })
    }

    pub(crate) fn latest(&self) -> Option<&str> {
        self.latest.as_deref()
    }

    pub(crate) fn of(&self, server: &Server) -> Option<&SignIn> {
        self.servers.get(server.as_str())
    }

    /// Keeps a sign-in, in place of the one before at the same server.
    pub(crate) fn keep(&mut self, server: &Server, sign_in: SignIn) -> Result<PathBuf, Stop> {
        self.latest = Some(server.as_str().to_owned());
        self.servers.insert(server.as_str().to_owned(), sign_in);
        self.write()
    }

    pub(crate) fn forget(&mut self, server: &Server) -> Result<PathBuf, Stop> {
        self.servers.remove(server.as_str());
        if self.latest() == Some(server.as_str()) {
            self.latest = self.servers.keys().next().cloned();
        }
        self.write()
    }

    /// Writes a new file and puts it in the place of the old one, so that whoever reads meanwhile sees one or the other.
    fn write(&self) -> Result<PathBuf, Stop> {
        let path = path()?;
        let failed =
            |error: std::io::Error| Stop::Here(format!("{} cannot be written ({error}).", path.display()));
        let text = serde_json::to_vec_pretty(self).map_err(|error| Stop::Here(error.to_string()))?;
        if let Some(folder) = path.parent() {
            make_private_folder(folder).map_err(failed)?;
        }
        let new = path.with_extension(format!("{}.new", std::process::id()));
        let written = write_private(&new, &text).and_then(|()| fs::rename(&new, &path));
        if written.is_err() {
            let _ = fs::remove_file(&new);
        }
        written.map_err(failed)?;
        Ok(path)
    }
}

fn path() -> Result<PathBuf, Stop> {
    let home = environment::config_home().ok_or_else(|| {
        Stop::Here(
            "Sign-ins have no place: neither XDG_CONFIG_HOME nor HOME is set. Use REEVE_API_KEY.".to_owned(),
        )
    })?;
    Ok(home.join("reeve").join("credentials.json"))
}

fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Private from its first byte on: not made readable first and closed later.
fn write_private(path: &Path, text: &[u8]) -> std::io::Result<()> {
    let _ = fs::remove_file(path);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text)?;
    file.sync_all()
}

/// A file that others can read is not used: what it holds may be known to them.
#[cfg(unix)]
fn refuse_open(path: &Path) -> Result<(), Stop> {
    use std::os::unix::fs::MetadataExt as _;
    let open = fs::metadata(path).is_ok_and(|about| about.mode() & 0o077 != 0);
    if open {
        return Err(Stop::Here(format!(
            "{0} can be read by others. First chmod 600 {0}; if others may have read it, then: reeve logout, and sign in again.",
            path.display()
        )));
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_open(_: &Path) -> Result<(), Stop> {
    Ok(())
}
