//! `reeve teams`

use crate::connection::Ask;
use crate::find;
use crate::pages::Most;
use crate::stop::Done;
use crate::table::Table;
use crate::ways::{grants, part};
use clap::{Args, Subcommand};
use model::page::Page;
use model::team::{Team, TeamDetail, TeamQuery};

/// Looks at the teams of an organization.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  reeve teams list
  reeve teams show Research
  reeve teams show Research --json | jq -r '.people.items[].email'")]
pub struct Teams {
    #[command(flatten)]
    ask: Ask,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists teams, by name: all of them with the right team.read, else those you are in.
    List {
        /// Only those with this in their name.
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        #[command(flatten)]
        most: Most,
    },
    /// Shows a team, who is in it and what it holds.
    Show {
        /// Its name or id.
        team: String,
    },
}

impl Teams {
    pub(crate) async fn run(self) -> Done {
        let client = self.ask.client()?;
        match self.command {
            Command::List { search, most } => {
                let org = self.ask.org(&client).await?;
                let mut query = TeamQuery { search, cursor: None };
                let rows = most
                    .follow(async |cursor| {
                        query.cursor = cursor;
                        client.teams(org, &query).await.map(|list| list.page)
                    })
                    .await?;
                rows.print(self.ask.form, "teams", listed)
            }
            Command::Show { team } => {
                let org = self.ask.org(&client).await?;
                let id = find::team(&client, org, &team).await?;
                let mut detail = client.team(id, None).await?;
                let mut first = Some(detail.people.clone());
                let people = Most::ALL
                    .follow(async |cursor| match first.take() {
                        Some(page) => Ok(page),
                        None => client.team(id, cursor.as_deref()).await.map(|detail| detail.people),
                    })
                    .await?;
                detail.people = Page { items: people.items, next: None };
                self.ask.form.show(detail, shown)
            }
        }
    }
}

fn listed(teams: &[Team]) -> Table {
    let mut table = Table::new(["Name", "Members", "Roles", "Description"]);
    for team in teams {
        table.row([
            team.name.clone(),
            team.members.to_string(),
            team.grants.to_string(),
            team.description.clone(),
        ]);
    }
    table
}

fn shown(detail: TeamDetail) -> String {
    let mut facts = Table::facts();
    facts.fact("Name", detail.team.name);
    facts.fact("Id", detail.team.id.to_string());
    facts.fact("Description", detail.team.description);
    facts.fact("Members", detail.team.members.to_string());
    facts.fact("Made", detail.team.created_at.to_human());
    let mut people = Table::new(["Name", "Address", "Part"]);
    for person in detail.people.items {
        let part = match (person.principal.kind(), person.maintainer) {
            ("invitation", _) => "invited",
            (_, true) => "maintainer",
            (_, false) => "member",
        };
        people.row([person.name, person.email, part.to_owned()]);
    }
    facts.text() + &part("People", &people) + &part("Roles", &grants(&detail.grants))
}
