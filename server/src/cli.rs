//! The command line.

use crate::keys;
use crate::process::{self, Exit};
use clap::{Args, CommandFactory as _, Parser, Subcommand};
use cli::{Completions, Remote};
use std::path::PathBuf;
use std::process::ExitCode;

const EXIT_CODES: &str = "Exit codes of what runs Reeve:
  0  done
  1  a fault inside Reeve
  2  the command line is wrong
  3  init: there is an organization already, nothing was changed
  4  the settings are wrong
  5  the database cannot be used
  6  the address to listen on cannot be used
  7  owner-link: nobody has this address
  8  keys rotate: done, but some values cannot be opened and stay as they were";

/// The control plane for machine learning workspaces.
///
/// One program with two halves. serve, init, migrate, check-config, owner-link and keys run Reeve, on the machine and with
/// the settings it runs with. All other commands ask a Reeve that runs elsewhere: sign in with reeve login, or give
/// scripts an API key in REEVE_API_KEY. Those read no settings.
#[derive(Debug, Parser)]
#[command(name = "reeve", version, after_help = format!("{EXIT_CODES}\n\n{}", cli::EXIT_CODES))]
pub struct Cli {
    /// The settings file; reeve.toml in the working folder if there is one. REEVE_… variables win over it.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the server until it is told to stop.
    Serve {
        /// Refuse a database that lacks migrations instead of applying them.
        #[arg(long)]
        no_migrate: bool,
    },
    /// Makes the first organization and its owner, without a browser.
    Init(Init),
    /// Brings the database to this version.
    Migrate,
    /// Says whether the settings are right, and prints them without secrets.
    CheckConfig,
    /// Prints a link for whoever lost every other way in: to set up while there is no organization yet, else to sign in.
    OwnerLink {
        /// The address of the person it is for. Needed once there is an organization.
        #[arg(long)]
        email: Option<String>,
    },
    /// Looks after the keys that seal secrets in the database, and those that sign tokens. Those of programs are api-keys.
    Keys {
        #[command(subcommand)]
        command: Keys,
    },
    #[command(flatten)]
    Remote(Box<Remote>),
    Completions(Completions),
}

/// What is done with keys.
#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Makes a new data key and moves everything sealed to it, while servers go on.
    ///
    /// Stopped or killed, it loses nothing: run again, it goes on where it was, and so does a running server. Data keys
    /// under the previous secret key are encrypted with the one in force. What nothing is sealed under any more is
    /// deleted.
    Rotate {
        /// Prints one JSON object at the end.
        #[arg(long)]
        json: bool,
    },
    /// Makes the next key that signs tokens for workspaces, one for each algorithm in use.
    ///
    /// Servers do this by themselves every 90 days. The new key is shown in the key set at once and signs an hour later,
    /// so that every workspace knows it by then; tokens of the one before stay good until they run out. With --now it
    /// signs at once, and every token signed before is refused: for keys that somebody else may have. A running server
    /// goes by it within five seconds; workspaces that verify tokens by themselves, as soon as they read the key set anew.
    RotateSigning {
        /// Withdraws the keys before it.
        #[arg(long)]
        now: bool,
        /// Prints one JSON object for each algorithm.
        #[arg(long)]
        json: bool,
    },
    /// Says how many values are sealed under which data key.
    Status {
        /// Prints one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Gives up data keys that neither the secret key nor the previous one opens.
    ///
    /// For a secret key that is lost: the server does not start while such data keys are there. Values sealed under them
    /// cannot be opened any more: client secrets of connections have to be entered again, mails on their way are given
    /// up, and `reeve keys rotate-signing --now` makes other signing keys. Without --yes it says what would be lost and
    /// changes nothing.
    ForgetLost {
        /// Gives them up.
        #[arg(long)]
        yes: bool,
        /// Prints one JSON object.
        #[arg(long)]
        json: bool,
    },
}

/// What `init` makes.
#[derive(Debug, Args)]
pub struct Init {
    /// The organization's name.
    #[arg(long, value_name = "NAME")]
    pub org: String,
    /// The owner's e-mail address.
    #[arg(long, value_name = "ADDRESS")]
    pub owner: String,
    /// The owner's name; the part before the @ if it is left out.
    #[arg(long, value_name = "NAME")]
    pub owner_name: Option<String>,
    /// Also makes a personal access token for the owner.
    ///
    /// If the owner signs in by a mailed link later, the first time ends it: the account was made in their name before they
    /// had shown that the address is theirs.
    #[arg(long)]
    pub api_key: bool,
    /// Prints one JSON object.
    #[arg(long)]
    pub json: bool,
}

impl Cli {
    /// Does what was asked for.
    pub fn run(self) -> ExitCode {
        // Before anything speaks TLS: two providers are compiled in, and the first one used would be a matter of chance.
        if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
            eprintln!("reeve: another cryptographic provider is installed already");
            return Exit::Fault.into();
        }
        let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                eprintln!("reeve: cannot start its threads ({error})");
                return Exit::Fault.into();
            }
        };
        let config = self.config.as_deref();
        let done = match self.command {
            Command::Remote(remote) => return runtime.block_on(remote.run()),
            Command::Completions(asked) => return cli::print_completions(asked, Self::command()),
            Command::Serve { no_migrate } => runtime.block_on(process::serve(config, no_migrate)),
            Command::Init(init) => runtime.block_on(process::init(config, &init)),
            Command::Migrate => runtime.block_on(process::migrate(config)),
            Command::CheckConfig => process::check_config(config),
            Command::OwnerLink { email } => runtime.block_on(process::owner_link(config, email.as_deref())),
            Command::Keys { command: Keys::Rotate { json } } => runtime.block_on(keys::rotate(config, json)),
            Command::Keys { command: Keys::RotateSigning { now, json } } => {
                runtime.block_on(keys::rotate_signing(config, now, json))
            }
            Command::Keys { command: Keys::Status { json } } => runtime.block_on(keys::status(config, json)),
            Command::Keys { command: Keys::ForgetLost { yes, json } } => {
                runtime.block_on(keys::forget_lost(config, yes, json))
            }
        };
        match done {
            Ok(()) => ExitCode::SUCCESS,
            Err(stopped) => {
                for line in &stopped.lines {
                    eprintln!("reeve: {line}");
                }
                stopped.exit.into()
            }
        }
    }
}
