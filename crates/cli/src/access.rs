//! `reeve access`

use crate::connection::Ask;
use crate::find;
use crate::screen::harmless;
use crate::stop::Done;
use crate::table::Table;
use crate::ways::{part, table, through};
use clap::{Args, Subcommand};
use model::ProjectId;
use model::access::{AbleList, Explanation};
use model::role::PermissionName;
use uuid::Uuid;

/// Explains who may do what, and through what. Takes the right access.read.
#[derive(Debug, Args)]
#[command(
    after_long_help = "A permission is <noun>.<verb>: one of Reeve's own, such as member.remove, or one inside of workspaces,
such as stack.update. Without --workspace the question is about the organization.

Examples:
  reeve access explain ada@example.com member.remove
  reeve access explain ada@example.com stack.update --workspace research
  reeve access explain ada@example.com stack.update --workspace research --json | jq .allowed
  reeve access who-can workspace.delete --workspace research"
)]
pub struct Access {
    #[command(flatten)]
    ask: Ask,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Says whether a member may do one thing, through what, or what would let them.
    Explain {
        /// Their address, username, name or id.
        who: String,
        /// What they would do, such as stack.update.
        #[arg(value_parser = find::permission)]
        permission: PermissionName,
        #[command(flatten)]
        there: There,
    },
    /// Lists who may do one thing, and through what.
    WhoCan {
        /// What they would do, such as stack.update.
        #[arg(value_parser = find::permission)]
        permission: PermissionName,
        #[command(flatten)]
        there: There,
    },
}

#[derive(Debug, Args)]
struct There {
    /// In this workspace, by identifier or id.
    #[arg(long, value_name = "NAME")]
    workspace: Option<String>,
    /// In this project of it, by id.
    #[arg(long, value_name = "ID", requires = "workspace")]
    project: Option<ProjectId>,
    /// To this one resource, by id.
    #[arg(long, value_name = "ID", requires = "workspace")]
    resource: Option<Uuid>,
}

impl Access {
    pub(crate) async fn run(self) -> Done {
        let client = self.ask.client()?;
        let org = self.ask.org(&client).await?;
        match self.command {
            Command::Explain { who, permission, there } => {
                let user = find::member(&client, org, &who).await?;
                let place = find::place(&client, org, there.workspace.as_deref(), there.project).await?;
                let why = client.explain_access(org, user, place, permission, there.resource).await?;
                self.ask.form.show(why, |why| explained(&who, permission, &why))
            }
            Command::WhoCan { permission, there } => {
                let place = find::place(&client, org, there.workspace.as_deref(), there.project).await?;
                let able = client.who_can(org, place, permission, there.resource).await?;
                self.ask.form.show(able, |able| listed(permission, &able))
            }
        }
    }
}

fn explained(who: &str, permission: PermissionName, why: &Explanation) -> String {
    let who = harmless(who);
    if why.allowed {
        return format!("{who} may: {permission}") + &part("Through", &table(&why.ways));
    }
    let mut text = format!("{who} may not: {permission}");
    if let Some(least) = &why.smallest {
        let role = harmless(&least.role_name);
        let place = harmless(&least.place_name);
        text.push_str(&format!("\nThe least that would let them: the role {role} in {place}."));
        let givers: Vec<String> = least.givers.iter().map(|(_, name)| harmless(name)).collect();
        if !givers.is_empty() {
            text.push_str(&format!("\nWho could give it: {}.", givers.join(", ")));
        }
    }
    text
}

fn listed(permission: PermissionName, able: &AbleList) -> String {
    let mut people = Table::new(["Name", "Address", "Through", "In"]);
    for person in &able.people {
        for way in &person.ways {
            people.row([person.name.clone(), person.email.clone(), through(way), way.place_name.clone()]);
        }
    }
    let head = match able.total {
        0 => format!("Nobody may: {permission}"),
        1 => format!("1 may: {permission}"),
        n => format!("{n} may: {permission}"),
    };
    head + &part("Who", &people)
}
