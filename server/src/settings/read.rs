//! From texts to settings. Collects what is wrong and goes on.

use super::names::{is_command, known, twice, unknown};
use super::{LogFormat, Problem, Settings, Sources};
use crate::http::layer::peer::Network;
use control::settings::{FileConnection, MailSettings, PublicUrl, is_this_machine};
use model::text::{DisplayName, Email};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use toml::{Table, Value};
use url::Url;

/// Variables that are no settings: where the settings file is, where the build keeps its tools, and what the remote
/// command line reads.
const OTHER_VARIABLES: [&str; 5] =
    ["REEVE_CONFIG", "REEVE_TOOLS", "REEVE_SERVER", "REEVE_ORG", "REEVE_API_KEY"];

/// Shortest key that seals, in characters.
const KEY_LENGTH: usize = 32;

/// A value and the name under which the operator gave it.
struct Given {
    place: String,
    value: String,
    /// Whether the value is a program that prints it. Run when everything was read: another place may win.
    is_command: bool,
}

struct Reader {
    given: BTreeMap<String, Given>,
    problems: Vec<Problem>,
}

pub(super) fn settings(sources: &Sources) -> Result<Settings, Vec<Problem>> {
    let mut reader = Reader { given: BTreeMap::new(), problems: Vec::new() };
    let mut connections = Vec::new();
    if let Some((path, text)) = &sources.file {
        match text.parse::<Table>() {
            Ok(table) => connections = reader.take_file(&path.display().to_string(), &table),
            Err(error) => {
                // The parser's long message shows the line, which may hold a secret.
                let line =
                    error.span().map_or(0, |span| text.get(..span.start).unwrap_or("").lines().count());
                let what = format!("is not TOML near line {line}: {}", error.message());
                reader.problems.push(Problem::new(path.display().to_string(), what));
            }
        }
    }
    reader.take_environment(&sources.environment);
    reader.finish(connections)
}

impl Reader {
    fn wrong(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.problems.push(Problem::new(place, what));
    }

    fn take_file(&mut self, file: &str, table: &Table) -> Vec<FileConnection> {
        let mut connections = Vec::new();
        for (key, value) in table {
            let place = format!("{key} in {file}");
            match (known(key), value) {
                (None, _) => self.wrong(place, unknown(key)),
                (Some("connections"), Value::Array(list)) => {
                    connections = self.take_connections(file, list);
                }
                (Some("connections"), _) => {
                    self.wrong(place, "is a list: write each connection under a heading [[connections]]");
                }
                (Some(_), value) => match if is_command(key) { command(value) } else { plain(value) } {
                    Some(value) => self.insert(key, place, value),
                    None => self.wrong(place, "must be a text or a number"),
                },
            }
        }
        connections
    }

    fn take_environment(&mut self, environment: &BTreeMap<String, String>) {
        let mut seen = Vec::new();
        for (name, value) in environment {
            let key = name.strip_prefix("REEVE_").unwrap_or(name).to_ascii_lowercase();
            if OTHER_VARIABLES.contains(&name.as_str()) {
                continue;
            }
            match known(&key) {
                Some("connections") => {
                    self.wrong(name, "cannot be a variable; write connections into the settings file");
                }
                Some(base) => {
                    if seen.contains(&base) {
                        self.wrong(name, twice(base));
                        continue;
                    }
                    seen.push(base);
                    // The environment wins over the file, whichever of the two forms either used.
                    self.given.remove(base);
                    self.insert(&key, name.clone(), value.clone());
                }
                None => self.wrong(name, unknown(&key)),
            }
        }
    }

    /// Keeps a value; follows a `…_file`.
    fn insert(&mut self, key: &str, place: String, value: String) {
        let base = known(key).unwrap_or(key);
        if self.given.contains_key(base) {
            return self.wrong(place, twice(base));
        }
        let is_command = is_command(key);
        let value = if base == key || is_command {
            value
        } else {
            self.read_secret_file(&place, &value).unwrap_or_default()
        };
        self.given.insert(base.to_owned(), Given { place, value, is_command });
    }

    fn read_secret_file(&mut self, place: &str, path: &str) -> Option<String> {
        match std::fs::read_to_string(path) {
            Ok(text) if text.trim().is_empty() => {
                self.wrong(place, format!("names {path}, which is empty"));
                None
            }
            Ok(text) => Some(text.trim().to_owned()),
            Err(error) => {
                self.wrong(place, format!("names {path}, which cannot be read ({error})"));
                None
            }
        }
    }

    fn take_connections(&mut self, file: &str, list: &[Value]) -> Vec<FileConnection> {
        let mut connections = Vec::new();
        for (n, value) in list.iter().enumerate() {
            let place = format!("connections[{}] in {file}", n + 1);
            let Value::Table(table) = value else {
                self.wrong(place, "must be a table with label, issuer and client_id");
                continue;
            };
            for key in table.keys() {
                if !["label", "issuer", "client_id", "client_secret", "client_secret_file"]
                    .contains(&key.as_str())
                {
                    self.wrong(
                        format!("{key} of {place}"),
                        "is not known; a connection has label, issuer, client_id and client_secret or client_secret_file",
                    );
                }
            }
            let label = self.required(table, &place, "label");
            let issuer = self.required(table, &place, "issuer");
            let client_id = self.required(table, &place, "client_id");
            let client_secret = self.client_secret(table, &place);
            if let (Some(label), Some(issuer), Some(client_id)) = (label, issuer, client_id) {
                let connection = FileConnection { label, issuer, client_id, client_secret };
                if let Err(error) = control::connections::check_file_connection(&connection) {
                    for (field, why) in error.fields() {
                        self.wrong(format!("{field} of {place}"), why.clone());
                    }
                }
                connections.push(connection);
            }
        }
        connections
    }

    fn required(&mut self, table: &Table, place: &str, key: &str) -> Option<String> {
        let place = format!("{key} of {place}");
        let text = table.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
        let Some(text) = text else {
            self.wrong(place, "is missing; write a text");
            return None;
        };
        let wrong = match key {
            "label" => DisplayName::parse(text).err().map(|e| e.0),
            "issuer" => {
                let fits = Url::parse(text).is_ok_and(|url| {
                    url.scheme() == "https" || (url.scheme() == "http" && is_this_machine(&url))
                });
                (!fits).then_some("must be the provider's https address, as its discovery document writes it")
            }
            _ => None,
        };
        if let Some(what) = wrong {
            self.wrong(place, what);
            return None;
        }
        Some(text.to_owned())
    }

    fn client_secret(&mut self, table: &Table, place: &str) -> Option<SecretString> {
        let text = |key: &str| table.get(key).and_then(Value::as_str).map(str::to_owned);
        match (text("client_secret"), text("client_secret_file")) {
            (Some(_), Some(_)) => {
                self.wrong(
                    format!("client_secret of {place}"),
                    "is given twice, as a value and as a file; keep one",
                );
                None
            }
            (Some(secret), None) => Some(secret.into()),
            (None, Some(path)) => {
                self.read_secret_file(&format!("client_secret_file of {place}"), &path).map(Into::into)
            }
            (None, None) => {
                for key in ["client_secret", "client_secret_file"] {
                    if table.contains_key(key) {
                        self.wrong(format!("{key} of {place}"), "must be a text");
                    }
                }
                None
            }
        }
    }

    /// The value of a key, parsed; `None` if it is not given or wrong.
    fn parse<T>(&mut self, key: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let given = self.given.get(key)?;
        match parse(given.value.trim()) {
            Ok(value) => Some(value),
            Err(what) => {
                let place = given.place.clone();
                self.wrong(place, what);
                None
            }
        }
    }

    fn whole_number(&mut self, key: &str, default: i64, most: i64) -> i64 {
        self.parse(key, |text| match text.parse() {
            Ok(n) if (1..=most).contains(&n) => Ok(n),
            _ => Err(format!("is {text:?} and must be a whole number from 1 to {most}")),
        })
        .unwrap_or(default)
    }

    fn finish(mut self, connections: Vec<FileConnection>) -> Result<Settings, Vec<Problem>> {
        let listen = self
            .parse("listen", |text| {
                text.parse().map_err(|_| {
                    format!("is {text:?} and must be an address and a port such as 0.0.0.0:8580")
                })
            })
            .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8580)));
        let public_url = self.public_url(listen);
        let database_url = self
            .parse("database_url", database_url)
            .unwrap_or_else(|| SecretString::from("sqlite:data/reeve.db"));
        let secret_key = self.secret_key(&database_url);
        let previous_secret_key = self.previous_secret_key(secret_key.as_ref());
        let mail = self.mail();
        let trusted_proxies = self
            .parse("trusted_proxies", |text| {
                let each = text.split(',').filter(|part| !part.trim().is_empty());
                each.map(|part| part.parse::<Network>().map_err(|what| format!("has {part:?} and {what}")))
                    .collect()
            })
            .unwrap_or_default();
        let log_format = self
            .parse("log_format", |text| match text {
                "auto" => Ok(LogFormat::Auto),
                "text" => Ok(LogFormat::Text),
                "json" => Ok(LogFormat::Json),
                _ => Err(format!("is {text:?} and must be auto, text or json")),
            })
            .unwrap_or(LogFormat::Auto);
        let log_level = self
            .parse("log_level", |text| match text {
                "error" => Ok(tracing::Level::ERROR),
                "warn" => Ok(tracing::Level::WARN),
                "info" => Ok(tracing::Level::INFO),
                "debug" => Ok(tracing::Level::DEBUG),
                "trace" => Ok(tracing::Level::TRACE),
                _ => Err(format!("is {text:?} and must be error, warn, info, debug or trace")),
            })
            .unwrap_or(tracing::Level::INFO);
        let secret_key_place = self.place("secret_key");
        let session_idle_minutes = self.whole_number("session_idle_minutes", 24 * 60, 60 * 24 * 365);
        let session_days = self.whole_number("session_days", 7, 365);
        match public_url {
            Some(public_url) if self.problems.is_empty() => Ok(Settings {
                listen,
                public_url,
                database_url,
                secret_key,
                secret_key_place,
                previous_secret_key,
                mail,
                trusted_proxies,
                log_format,
                log_level,
                session_idle_minutes,
                session_days,
                connections,
            }),
            _ => Err(self.problems),
        }
    }

    fn public_url(&mut self, listen: SocketAddr) -> Option<PublicUrl> {
        if self.given.contains_key("public_url") {
            return self.parse("public_url", |text| {
                PublicUrl::parse(text).map_err(|what| format!("is {text:?} and {what}"))
            });
        }
        if listen.ip().is_loopback() {
            return PublicUrl::parse(&format!("http://localhost:{}", listen.port())).ok();
        }
        self.wrong(
            "public_url",
            format!("is missing: {listen} is open to other machines, so say how they reach it, such as https://reeve.example.com"),
        );
        None
    }

    fn secret_key(&mut self, database_url: &SecretString) -> Option<SecretString> {
        let on_postgres = !database_url.expose_secret().starts_with("sqlite:");
        if on_postgres && !self.given.contains_key("secret_key") {
            self.wrong(
                "secret_key",
                "is missing: with PostgreSQL all replicas need the same one; set REEVE_SECRET_KEY, or its _FILE or \
                 _COMMAND form, to a random text of at least 32 characters (openssl rand -hex 32)",
            );
        }
        self.key("secret_key")
    }

    fn previous_secret_key(&mut self, current: Option<&SecretString>) -> Option<SecretString> {
        let previous = self.key("previous_secret_key")?;
        if current.is_some_and(|current| current.expose_secret() == previous.expose_secret()) {
            let place = self.place("previous_secret_key");
            self.wrong(place, "is the same as secret_key; leave it out, or set secret_key to the new one");
        }
        Some(previous)
    }

    /// Where a key was given; its name if it was not.
    fn place(&self, key: &str) -> String {
        self.given.get(key).map_or_else(|| key.to_owned(), |given| given.place.clone())
    }

    fn key(&mut self, key: &str) -> Option<SecretString> {
        self.run_command(key);
        self.parse(key, |text| {
            if text.chars().count() < KEY_LENGTH {
                return Err(format!(
                    "is too short; use at least {KEY_LENGTH} random characters (openssl rand -hex 32)"
                ));
            }
            Ok(SecretString::from(text))
        })
    }

    /// Puts what the program prints in the place of the program.
    fn run_command(&mut self, key: &str) {
        let Some(given) = self.given.get_mut(key).filter(|given| given.is_command) else { return };
        match super::command::output(&given.value) {
            Ok(value) => given.value = value,
            Err(what) => {
                let place = given.place.clone();
                self.given.remove(key);
                self.wrong(place, what);
            }
        }
    }

    fn mail(&mut self) -> Option<MailSettings> {
        let smtp_url = self.parse("smtp_url", |text| {
            // The text is not repeated: it may hold a password.
            let fits = Url::parse(text).is_ok_and(|url| {
                matches!(url.scheme(), "smtp" | "smtps" | "smtp+starttls")
                    && url.host_str().is_some_and(|h| !h.is_empty())
            });
            if fits {
                Ok(SecretString::from(text))
            } else {
                Err("must look like smtps://user:password@mail.example.com or smtp+starttls://…:587"
                    .to_owned())
            }
        });
        let from = self.parse("mail_from", |text| {
            let address = text.rsplit_once('<').map_or(text, |(_, rest)| rest.trim_end_matches('>'));
            match Email::parse(address) {
                Ok(_) if !text.chars().any(char::is_control) => Ok(text.to_owned()),
                _ => Err(format!("is {text:?} and must be an address such as Reeve <reeve@example.com>")),
            }
        });
        match (smtp_url, from) {
            (Some(smtp_url), Some(from)) => {
                let mail = MailSettings { smtp_url, from };
                // The mailer's own reading, so that what starts can also send.
                if let Err(wrong) = mail.check() {
                    self.wrong("smtp_url", wrong.0);
                }
                Some(mail)
            }
            (Some(_), None) if !self.given.contains_key("mail_from") => {
                self.wrong("mail_from", "is missing: smtp_url is set, so say who mails come from");
                None
            }
            (None, Some(_)) if !self.given.contains_key("smtp_url") => {
                self.wrong("smtp_url", "is missing: mail_from is set, so say which server takes mails");
                None
            }
            _ => None,
        }
    }
}

fn database_url(text: &str) -> Result<SecretString, String> {
    let fits = match text.split_once(':') {
        Some(("sqlite", path)) => {
            let path = path.strip_prefix("//").unwrap_or(path);
            !path.is_empty() && !path.starts_with(":memory:")
        }
        Some(("postgres" | "postgresql", _)) => Url::parse(text).is_ok(),
        _ => false,
    };
    if fits {
        Ok(SecretString::from(text))
    } else {
        Err("must look like sqlite:data/reeve.db or postgres://user:password@host/database".to_owned())
    }
}

/// A program and its arguments as one line, from a line or from a list.
fn command(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(list) => {
            let words: Option<Vec<_>> = list.iter().map(Value::as_str).collect();
            shlex::try_join(words?).ok()
        }
        _ => None,
    }
}

/// A value as text; a list of texts as one, separated by commas.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(n) => Some(n.to_string()),
        Value::Array(list) => {
            let texts: Option<Vec<_>> = list.iter().map(Value::as_str).collect();
            texts.map(|texts| texts.join(","))
        }
        _ => None,
    }
}
