//! `reeve whoami`

use crate::connection::{Form, To};
use crate::stop::Done;
use crate::table::Table;
use clap::Args;
use client::Server;
use model::session::Me;

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
        self.form.show(me, |me| shown(client.server(), me))
    }
}

fn shown(server: &Server, me: Me) -> String {
    let mut facts = Table::facts();
    facts.fact("Server", server.as_str());
    facts.fact("Name", me.name);
    facts.fact("Address", me.email);
    facts.fact("Username", me.username);
    facts.fact("Kind", if me.is_service_account { "service account" } else { "person" });
    for org in me.orgs {
        facts.fact("Organization", format!("{} ({}), {}", org.display_name, org.name, org.role.label()));
    }
    facts.text()
}
