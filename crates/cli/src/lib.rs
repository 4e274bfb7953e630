//! The remote half of the command line: what people and scripts ask a Reeve from anywhere, over its server functions.
//!
//! One file per noun, each with its arguments, its manual and its tables. What all of them share is beside them: where to
//! ask and as whom (`connection`), how it ends (`stop`), what reaches the terminal (`screen`, `table`).
//!
//! *Invariant: nothing that came over the network reaches a terminal without `screen::harmless`, and no secret is taken
//! as an argument or printed.*

mod access;
mod api_keys;
mod audit;
mod completions;
mod connection;
mod credentials;
mod environment;
mod find;
mod login;
mod logout;
mod members;
mod pages;
mod roles;
mod screen;
mod service_accounts;
mod stop;
mod table;
mod teams;
mod ways;
mod whoami;
mod workspaces;

pub use completions::print as print_completions;
pub use completions::{Completions, Shell};

use clap::Subcommand;
use std::process::ExitCode;
use stop::Stop;

/// How remote commands end, for the help of all of them.
pub const EXIT_CODES: &str = "Exit codes of remote commands:
  0  done
  1  refused, or failed
  2  the command line is wrong, or names something that is not there
  3  not signed in, or the sign-in has to be confirmed: reeve login
  4  the server does not answer";

/// What can be asked of a Reeve that runs elsewhere.
#[derive(Debug, Subcommand)]
#[expect(missing_docs, reason = "each says what it does beside its arguments, where the help takes it from")]
pub enum Remote {
    Login(login::Login),
    Logout(logout::Logout),
    Whoami(whoami::Whoami),
    Members(members::Members),
    Teams(teams::Teams),
    Roles(roles::Roles),
    Access(access::Access),
    Workspaces(workspaces::Workspaces),
    ServiceAccounts(service_accounts::ServiceAccounts),
    ApiKeys(api_keys::ApiKeys),
    Audit(audit::Audit),
}

impl Remote {
    /// Does what was asked for, and says so.
    pub async fn run(self) -> ExitCode {
        let done = match self {
            Self::Login(login) => login.run().await,
            Self::Logout(logout) => logout.run().await,
            Self::Whoami(whoami) => whoami.run().await,
            Self::Members(members) => members.run().await,
            Self::Teams(teams) => teams.run().await,
            Self::Roles(roles) => roles.run().await,
            Self::Access(access) => access.run().await,
            Self::Workspaces(workspaces) => workspaces.run().await,
            Self::ServiceAccounts(accounts) => accounts.run().await,
            Self::ApiKeys(keys) => keys.run().await,
            Self::Audit(audit) => audit.run().await,
        };
        done.map_or_else(Stop::said, |()| ExitCode::SUCCESS)
    }
}
