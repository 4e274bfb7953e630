//! `reeve service-accounts`

use crate::api_keys::keys;
use crate::connection::Ask;
use crate::find;
use crate::pages::Most;
use crate::stop::Done;
use crate::table::Table;
use crate::ways::{grants, in_teams, part, until};
use clap::{Args, Subcommand};
use model::service_account::{Owner, ServiceAccount, ServiceAccountDetail, ServiceAccountQuery};

/// Looks at the accounts of machines, and their keys.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  reeve service-accounts list --orphans
  reeve service-accounts show ci-bot
  reeve service-accounts show ci-bot --json | jq -r '.keys[] | [.name, .state] | @tsv'")]
pub struct ServiceAccounts {
    #[command(flatten)]
    ask: Ask,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists service accounts, by name. Takes the right organization_service_account.read.
    List {
        /// Only those with this in their name.
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// Only those for whom nobody answers any more.
        #[arg(long)]
        orphans: bool,
        #[command(flatten)]
        most: Most,
    },
    /// Shows a service account with its keys and what it holds. Takes the same right, or to answer for it.
    Show {
        /// Its name or id.
        name: String,
    },
}

impl ServiceAccounts {
    pub(crate) async fn run(self) -> Done {
        let client = self.ask.client()?;
        let org = self.ask.org(&client).await?;
        match self.command {
            Command::List { search, orphans, most } => {
                let mut query = ServiceAccountQuery { search, orphans, cursor: None };
                let rows = most
                    .follow(async |cursor| {
                        query.cursor = cursor;
                        client.service_accounts(org, &query).await.map(|list| list.page)
                    })
                    .await?;
                rows.print(self.ask.form, "service accounts", listed)
            }
            Command::Show { name } => {
                let id = find::account(&client, org, &name).await?;
                let account = client.service_account(id).await?;
                self.ask.form.show(account, shown)
            }
        }
    }
}

fn listed(accounts: &[ServiceAccount]) -> Table {
    let mut table = Table::new(["Name", "Role", "Answers for it", "Keys", "Active", "Last used", "For"]);
    for account in accounts {
        table.row([
            account.name.clone(),
            account.role.label().to_owned(),
            owner(account),
            account.keys.to_string(),
            if account.active { "yes" } else { "no" }.to_owned(),
            until(account.last_used_at),
            account.description.clone(),
        ]);
    }
    table
}

fn owner(account: &ServiceAccount) -> String {
    account.owner.as_ref().map_or_else(|| "nobody".to_owned(), |owner| Owner::name(owner).to_owned())
}

fn shown(detail: ServiceAccountDetail) -> String {
    let ServiceAccountDetail { account, keys: its, grants: held, teams, .. } = detail;
    let mut facts = Table::facts();
    facts.fact("Answers for it", owner(&account));
    facts.fact("Name", account.name);
    facts.fact("Id", account.id.to_string());
    facts.fact("For", account.description);
    facts.fact("Role", account.role.label());
    facts.fact("Active", if account.active { "yes" } else { "no" });
    facts.fact("Made", account.created_at.to_human());
    facts.fact("Last used", until(account.last_used_at));
    facts.text()
        + &part("Keys", &keys(&its))
        + &part("Roles", &grants(&held))
        + &part("Teams", &in_teams(&teams))
}
