//! The secret key of an evaluation: made once, in a file only its owner can read.

use super::{Problem, Settings};
use control::rng::{Entropy, OsEntropy};
use secrecy::SecretString;
use std::fmt::Write as _;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

pub(super) fn sealing_key(settings: &Settings) -> Result<SecretString, Problem> {
    if let Some(key) = &settings.secret_key {
        return Ok(key.clone());
    }
    let Some(database) = settings.sqlite_path() else {
        return Err(Problem::new("secret_key", "is missing"));
    };
    let path = database.with_extension("key");
    let place = path.display().to_string();
    match std::fs::read_to_string(&path) {
        Ok(text) if !text.trim().is_empty() => Ok(SecretString::from(text.trim())),
        Ok(_) => Err(Problem::new(
            place,
            "is empty; restore it, or set REEVE_SECRET_KEY to the key that was in it",
        )),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if database.exists() {
                let what = format!(
                    "is missing, and {} was sealed with it; restore it, or set REEVE_SECRET_KEY to the key that was in it",
                    database.display()
                );
                return Err(Problem::new(place, what));
            }
            make(&path).map_err(|error| Problem::new(place, format!("cannot be written ({error})")))
        }
        Err(error) => Err(Problem::new(place, format!("cannot be read ({error})"))),
    }
}

fn make(path: &Path) -> std::io::Result<SecretString> {
    let mut bytes = [0_u8; 32];
    OsEntropy.fill(&mut bytes);
    let mut text = String::with_capacity(64);
    for byte in bytes {
        // Writing into a text cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()?;
    Ok(SecretString::from(text))
}
