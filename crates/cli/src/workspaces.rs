//! `reeve workspaces`

use crate::connection::Ask;
use crate::pages::Most;
use crate::stop::Done;
use crate::table::Table;
use crate::ways::{part, through, until};
use clap::{Args, Subcommand};
use model::workspace::{WorkspaceDetail, WorkspaceQuery, WorkspaceRow, WorkspaceStatus};

/// Looks at workspaces: those you have a part in.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  reeve workspaces list
  reeve workspaces list --status available --json | jq -r '.[].server_url'
  reeve workspaces show research")]
pub struct Workspaces {
    #[command(flatten)]
    ask: Ask,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists workspaces, by name.
    List {
        /// Only those with this in their name.
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// Only those in this state: pending, available, deactivated or deleted.
        #[arg(long)]
        status: Option<WorkspaceStatus>,
        #[command(flatten)]
        most: Most,
    },
    /// Shows a workspace, and as far as you may know who may enter it.
    Show {
        /// Its identifier.
        name: String,
    },
}

impl Workspaces {
    pub(crate) async fn run(self) -> Done {
        let client = self.ask.client()?;
        match self.command {
            Command::List { search, status, most } => {
                let org = self.ask.org(&client).await?;
                let mut query = WorkspaceQuery { search, status, cursor: None };
                let rows = most
                    .follow(async |cursor| {
                        query.cursor = cursor;
                        client.workspaces(org, &query).await.map(|list| list.page)
                    })
                    .await?;
                rows.print(self.ask.form, "workspaces", listed)
            }
            Command::Show { name } => {
                let workspace = client.workspace(&name).await?;
                self.ask.form.show(workspace, shown)
            }
        }
    }
}

fn listed(workspaces: &[WorkspaceRow]) -> Table {
    let mut table = Table::new(["Identifier", "Name", "Status", "Health", "Version", "Your role", "Address"]);
    for row in workspaces {
        table.row([
            row.name.clone(),
            row.display_name.clone(),
            row.status.to_string(),
            row.health.to_string().replace('_', " "),
            row.version.clone().unwrap_or_default(),
            row.your_role.clone().unwrap_or_default(),
            row.server_url.clone().unwrap_or_default(),
        ]);
    }
    table
}

fn shown(detail: WorkspaceDetail) -> String {
    let WorkspaceDetail { row, people, people_total, projects, .. } = detail;
    let mut facts = Table::facts();
    facts.fact("Identifier", row.name);
    facts.fact("Name", row.display_name);
    facts.fact("Id", row.id.to_string());
    facts.fact("Description", detail.description);
    facts.fact("Organization", detail.org_name);
    facts.fact("Status", row.status.to_string());
    facts.fact("Health", row.health.to_string().replace('_', " "));
    facts.fact("Version", row.version.unwrap_or_default());
    facts.fact("Address", row.server_url.unwrap_or_default());
    facts.fact("Last heard of", until(row.last_seen_at));
    facts.fact("Your role", row.your_role.unwrap_or_default());
    let mut may_enter = Table::new(["Name", "Address", "Through"]);
    for person in &people {
        let ways: Vec<String> = person.ways.iter().map(through).collect();
        may_enter.row([person.name.clone(), person.email.clone(), ways.join("; ")]);
    }
    let title = format!("May enter: {people_total}");
    let mut listed = Table::new(["Project", "Id"]);
    for project in &projects {
        listed.row([project.label(), project.id.to_string()]);
    }
    facts.text() + &part(&title, &may_enter) + &part("Projects", &listed)
}
