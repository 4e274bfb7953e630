//! Where to ask, as whom, and in which organization.

use crate::credentials::Credentials;
use crate::environment;
use crate::screen::{harmless, print, print_json};
use crate::stop::{Done, Stop};
use clap::Args;
use client::{Client, Server};
use model::OrgId;
use secrecy::SecretString;
use serde::Serialize;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Longest file that can hold a key; anything longer is another file.
const LONGEST_KEY: u64 = 4096;

/// Over the options of the structs below, in the help of each command.
const WHERE: &str = "Where and as whom";

#[derive(Debug, Args)]
pub(crate) struct At {
    /// The Reeve to ask, such as https://reeve.example.com. Else REEVE_SERVER, else the one you signed in to last.
    #[arg(long, global = true, value_name = "URL", help_heading = WHERE)]
    server: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct To {
    #[command(flatten)]
    at: At,
    /// A file with an API key to use instead of your sign-in; - reads it from standard input. Else REEVE_API_KEY.
    #[arg(long, global = true, value_name = "FILE", help_heading = WHERE)]
    api_key_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct In {
    /// The organization, by identifier or id. Else REEVE_ORG, else your only one.
    #[arg(long, global = true, value_name = "NAME", help_heading = WHERE)]
    org: Option<String>,
}

impl At {
    /// The server that is meant.
    pub(crate) fn server(&self, kept: &Credentials) -> Result<Server, Stop> {
        let named = self.server.clone().or_else(environment::server);
        match named.or_else(|| kept.latest().map(str::to_owned)) {
            Some(text) => text.parse().map_err(|error: model::ApiError| Stop::Usage(error.message)),
            None => Err(Stop::Usage(
                "Say which server: with --server URL, in REEVE_SERVER, or by signing in: reeve login --server URL"
                    .to_owned(),
            )),
        }
    }

    fn is_named(&self) -> bool {
        self.server.is_some() || environment::server().is_some()
    }
}

impl To {
    /// A client of the server that is meant, as whoever is signed in there or as the account of the key.
    pub(crate) fn client(&self) -> Result<Client, Stop> {
        let key = match &self.api_key_file {
            Some(file) => Some(key_of(file)?),
            None => environment::api_key(),
        };
        if let Some(key) = key {
            // A script with a key and an address needs no file of sign-ins, and no place for one.
            let kept = if self.at.is_named() { Credentials::default() } else { Credentials::read()? };
            return Ok(Client::new(&self.at.server(&kept)?)?.with_token(key));
        }
        let kept = Credentials::read()?;
        let server = self.at.server(&kept)?;
        let Some(sign_in) = kept.of(&server) else {
            return Err(Stop::NotSignedIn(format!(
                "You are not signed in to {server}. Sign in with: reeve login --server {server}"
            )));
        };
        Ok(Client::new(&server)?.with_token(sign_in.token()))
    }
}

fn key_of(file: &Path) -> Result<SecretString, Stop> {
    let mut text = String::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().take(LONGEST_KEY).read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|file| file.take(LONGEST_KEY).read_to_string(&mut text))
    };
    let shown = file.display();
    read.map_err(|error| Stop::Usage(format!("--api-key-file: {shown} cannot be read ({error}).")))?;
    let key = text.trim();
    if key.is_empty() || key.contains(char::is_whitespace) {
        return Err(Stop::Usage(format!("--api-key-file: {shown} holds no API key, which is one word.")));
    }
    Ok(SecretString::from(key))
}

impl In {
    /// The organization that is meant.
    pub(crate) async fn org(&self, client: &Client) -> Result<OrgId, Stop> {
        let named = self.org.clone().or_else(environment::org);
        if let Some(id) = named.as_deref().and_then(|text| text.parse().ok()) {
            return Ok(id);
        }
        let orgs = client.me().await?.orgs;
        let listed = || {
            let names: Vec<String> = orgs.iter().map(|org| harmless(&org.name)).collect();
            if names.is_empty() { "none".to_owned() } else { names.join(", ") }
        };
        match (named, orgs.as_slice()) {
            (Some(name), orgs) => {
                let found = orgs.iter().find(|org| org.name == name);
                found.map(|org| org.id).ok_or_else(|| {
                    Stop::Usage(format!("You are in no organization “{name}”. Yours: {}.", listed()))
                })
            }
            (None, [only]) => Ok(only.id),
            (None, []) => Err(Stop::Usage("You are in no organization.".to_owned())),
            (None, _) => {
                Err(Stop::Usage(format!("Say which organization, with --org or in REEVE_ORG: {}.", listed())))
            }
        }
    }
}

/// All of it, of a command that asks in an organization.
#[derive(Debug, Args)]
pub(crate) struct Ask {
    #[command(flatten)]
    to: To,
    #[command(flatten)]
    place: In,
    #[command(flatten)]
    pub(crate) form: Form,
}

impl Ask {
    pub(crate) fn client(&self) -> Result<Client, Stop> {
        self.to.client()
    }

    pub(crate) async fn org(&self, client: &Client) -> Result<OrgId, Stop> {
        self.place.org(client).await
    }
}

/// In which form to answer.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Form {
    /// Prints the server's JSON instead of a table: a list as one array, instants in Unix milliseconds.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

impl Form {
    /// One thing, as JSON or as `shown`.
    pub(crate) fn show<T: Serialize>(self, thing: T, shown: impl FnOnce(T) -> String) -> Done {
        if self.json { print_json(&thing) } else { print(&shown(thing)) }
    }
}
