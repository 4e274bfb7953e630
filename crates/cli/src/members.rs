//! `reeve members`

use crate::connection::Ask;
use crate::find;
use crate::pages::Most;
use crate::stop::Done;
use crate::table::Table;
use crate::ways::{grants, in_teams, part, until};
use clap::{Args, Subcommand};
use model::OrgRole;
use model::member::{Member, MemberDetail, MemberQuery};

/// Looks at the members of an organization.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  reeve members list --role organization-admin
  reeve members list --search ada --json | jq -r '.[].email'
  reeve members show ada@example.com")]
pub struct Members {
    #[command(flatten)]
    ask: Ask,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists members, by name. Takes the right member.read.
    List {
        /// Only those with this in their name, address or username.
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// Only those with this role in the organization, such as organization-admin.
        #[arg(long)]
        role: Option<OrgRole>,
        #[command(flatten)]
        most: Most,
    },
    /// Shows a member with their roles and teams. Takes the right member.read.
    Show {
        /// Their address, username, name or id.
        who: String,
    },
}

impl Members {
    pub(crate) async fn run(self) -> Done {
        let client = self.ask.client()?;
        let org = self.ask.org(&client).await?;
        match self.command {
            Command::List { search, role, most } => {
                let mut query = MemberQuery { search, role, cursor: None };
                let rows = most
                    .follow(async |cursor| {
                        query.cursor = cursor;
                        client.members(org, &query).await
                    })
                    .await?;
                rows.print(self.ask.form, "members", listed)
            }
            Command::Show { who } => {
                let user = find::member(&client, org, &who).await?;
                let member = client.member(org, user).await?;
                self.ask.form.show(member, shown)
            }
        }
    }
}

fn listed(members: &[Member]) -> Table {
    let mut table = Table::new(["Name", "Address", "Role", "Workspaces", "Last seen"]);
    for member in members {
        table.row([
            member.name.clone(),
            member.email.clone(),
            member.role.label().to_owned(),
            member.workspaces.to_string(),
            until(member.last_seen_at),
        ]);
    }
    table
}

fn shown(detail: MemberDetail) -> String {
    let MemberDetail { member, grants: held, teams, .. } = detail;
    let mut facts = Table::facts();
    facts.fact("Name", member.name);
    facts.fact("Address", member.email);
    facts.fact("Username", member.username);
    facts.fact("Id", member.user.to_string());
    facts.fact("Role", member.role.label());
    facts.fact("Joined", member.joined_at.to_human());
    facts.fact("Last seen", until(member.last_seen_at));
    facts.text() + &part("Roles", &grants(&held)) + &part("Teams", &in_teams(&teams))
}
