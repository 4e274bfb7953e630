//! `reeve roles`

use crate::connection::Ask;
use crate::find;
use crate::pages::Rows;
use crate::stop::Done;
use crate::table::Table;
use crate::ways::{part, until};
use clap::{Args, Subcommand};
use model::Level;
use model::role::{RoleAssignment, RoleDetail, RoleRow};

/// Looks at roles, predefined and custom ones. Takes the right role.read.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  reeve roles list --level workspace
  reeve roles show workspace-developer
  reeve roles assignments \"Release manager\" --json")]
pub struct Roles {
    #[command(flatten)]
    ask: Ask,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists every role that can be given.
    List {
        /// Only those that are given there: organization, workspace or project.
        #[arg(long)]
        level: Option<Level>,
    },
    /// Shows what a role allows.
    Show {
        /// Its text, such as workspace-viewer, its name or its id.
        role: String,
    },
    /// Lists to whom a role is given, and where.
    Assignments {
        /// Its text, such as workspace-viewer, its name or its id.
        role: String,
    },
}

impl Roles {
    pub(crate) async fn run(self) -> Done {
        let client = self.ask.client()?;
        let org = self.ask.org(&client).await?;
        match self.command {
            Command::List { level } => {
                let mut roles = client.roles(org).await?.roles;
                roles.retain(|role| level.is_none_or(|level| role.level == level));
                Rows::all(roles).print(self.ask.form, "roles", listed)
            }
            Command::Show { role } => {
                let role = find::role(&client, org, &role).await?;
                let detail = client.role(org, role).await?;
                self.ask.form.show(detail, shown)
            }
            Command::Assignments { role } => {
                let role = find::role(&client, org, &role).await?;
                let given = client.role_assignments(org, role).await?;
                Rows::all(given).print(self.ask.form, "assignments", assigned)
            }
        }
    }
}

fn listed(roles: &[RoleRow]) -> Table {
    let mut table = Table::new(["Role", "Name", "Level", "Held", "For"]);
    for role in roles {
        table.row([
            role.role.to_string(),
            role.name.clone(),
            role.level.label().to_owned(),
            role.assignments.to_string(),
            role.description.clone(),
        ]);
    }
    table
}

fn shown(detail: RoleDetail) -> String {
    let mut facts = Table::facts();
    facts.fact("Role", detail.row.role.to_string());
    facts.fact("Name", detail.row.name);
    facts.fact("Level", detail.row.level.label());
    facts.fact("For", detail.row.description);
    facts.fact("Held", detail.row.assignments.to_string());
    let mut allows = Table::new(["Permission"]);
    for permission in detail.permissions {
        allows.row([permission.to_string()]);
    }
    facts.text() + &part("Allows", &allows)
}

fn assigned(given: &[RoleAssignment]) -> Table {
    let mut table = Table::new(["To", "Kind", "In", "Until"]);
    for each in given {
        table.row([
            each.principal_name.clone(),
            each.principal.kind().to_owned(),
            each.place_name.clone(),
            until(each.expires_at),
        ]);
    }
    table
}
