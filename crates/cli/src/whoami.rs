//! `reeve whoami`

use crate::connection::{Form, To};
use crate::screen::{print, print_json};
use crate::stop::Done;
use crate::table::Table;
use clap::Args;

/// Says who you are to the server, and in which organizations.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  reeve whoami
  REEVE_API_KEY=$KEY reeve whoami --server https://reeve.example.com --json")]
pub struct Whoami {
    #[command(flatten)]
    to: To,
    #[command(flatten)]
    form: Form,
}

impl Whoami {
    pub(crate) async fn run(self) -> Done {
        let client = self.to.client()?;
        let me = client.me().await?;
        if self.form.json {
            return print_json(&me);
        }
        let mut facts = Table::facts();
        facts.fact("Server", client.server().as_str());
        facts.fact("Name", me.name);
        facts.fact("Address", me.email);
        facts.fact("Username", me.username);
        facts.fact("Kind", if me.is_service_account { "service account" } else { "person" });
        for org in me.orgs {
            facts.fact("Organization", format!("{} ({}), {}", org.display_name, org.name, org.role.label()));
        }
        print(&facts.text())
    }
}
