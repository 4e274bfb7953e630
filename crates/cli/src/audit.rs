//! `reeve audit`

use crate::connection::Ask;
use crate::pages::Most;
use crate::stop::Done;
use crate::table::Table;
use crate::ways::part;
use clap::{Args, Subcommand};
use model::AuditId;
use model::audit::{AuditQuery, Entry, EntryDetail, Outcome};

/// Reads the audit log. Takes the right audit.read.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  reeve audit list --limit 20
  reeve audit list --action member.removed --from 2026-11-01 --to 2026-11-30
  reeve audit list --outcome refused --json | jq -r '.[] | [.at, .actor_name, .action] | @tsv'
  reeve audit show 0198f0aa-0000-7000-8000-000000000001")]
pub struct Audit {
    #[command(flatten)]
    ask: Ask,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists entries, the newest first.
    List {
        /// Only this action, such as member.removed.
        #[arg(long)]
        action: Option<String>,
        /// Only this outcome: success or refused.
        #[arg(long)]
        outcome: Option<Outcome>,
        /// Only what the person, workspace or machine with this id did.
        #[arg(long, value_name = "ID")]
        actor: Option<String>,
        /// Only what was done to the thing with this id.
        #[arg(long, value_name = "ID")]
        target: Option<String>,
        /// From this day or instant on, in UTC: 2026-11-01 or 2026-11-01T12:00:00Z.
        #[arg(long, value_name = "WHEN")]
        from: Option<String>,
        /// Before this instant, or until the end of this day, in UTC.
        #[arg(long, value_name = "WHEN")]
        to: Option<String>,
        #[command(flatten)]
        most: Most,
    },
    /// Shows an entry, with what it changed.
    Show {
        /// Its id, which list shows.
        id: AuditId,
    },
}

impl Audit {
    pub(crate) async fn run(self) -> Done {
        let client = self.ask.client()?;
        let org = self.ask.org(&client).await?;
        match self.command {
            Command::List { action, outcome, actor, target, from, to, most } => {
                let mut query = AuditQuery { action, outcome, actor, target, from, to, cursor: None };
                let rows = most
                    .follow(async |cursor| {
                        query.cursor = cursor;
                        client.audit_log(org, &query).await
                    })
                    .await?;
                rows.print(self.ask.form, "entries", listed)
            }
            Command::Show { id } => {
                let entry = client.audit_entry(org, id).await?;
                self.ask.form.show(entry, shown)
            }
        }
    }
}

fn listed(entries: &[Entry]) -> Table {
    let mut table = Table::new(["When", "Who", "Did", "Outcome", "To", "From", "Id"]);
    for entry in entries {
        table.row([
            entry.at.to_human(),
            entry.actor_name.clone(),
            entry.action.clone(),
            entry.outcome.to_string(),
            entry.target_name.clone().unwrap_or_default(),
            entry.ip.clone().unwrap_or_default(),
            entry.id.to_string(),
        ]);
    }
    table
}

fn shown(detail: EntryDetail) -> String {
    let EntryDetail { entry, changes } = detail;
    let text = |text: Option<String>| text.unwrap_or_default();
    let mut facts = Table::facts();
    facts.fact("When", entry.at.to_rfc3339());
    facts.fact("Who", format!("{} ({})", entry.actor_name, entry.actor_kind));
    facts.fact("Did", entry.action);
    facts.fact("Outcome", entry.outcome.to_string());
    facts.fact("To", text(entry.target_name));
    facts.fact("To what", text(entry.target_kind));
    facts.fact("To which", text(entry.target_id));
    facts.fact("From", text(entry.ip));
    facts.fact("With", text(entry.user_agent));
    facts.fact("Request", entry.request_id);
    let mut changed = Table::new(["What", "Before", "After"]);
    for change in changes {
        changed.row([change.name, text(change.before), text(change.after)]);
    }
    facts.text() + &part("Changes", &changed)
}
