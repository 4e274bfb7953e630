//! What somebody holds, and through what they have a right.

use crate::table::Table;
use model::Timestamp;
use model::grant::{By, Grant, Way};
use model::team::TeamOfMember;

pub(crate) fn table(ways: &[Way]) -> Table {
    let mut table = Table::new(["Through", "In", "By team", "Until"]);
    for way in ways {
        let team = way.team.as_ref().map_or_else(String::new, |(_, name)| name.clone());
        table.row([through(way), way.place_name.clone(), team, until(way.expires_at)]);
    }
    table
}

/// What gives the right.
pub(crate) fn through(way: &Way) -> String {
    match &way.by {
        By::Membership { role_name, .. } => format!("{role_name}, as a member"),
        By::Grant { role_name, .. } => role_name.clone(),
        By::Share { resources: 1 } => "a shared resource".to_owned(),
        By::Share { resources } => format!("{resources} shared resources"),
    }
}

pub(crate) fn grants(grants: &[Grant]) -> Table {
    let mut table = Table::new(["Role", "In", "Until"]);
    for grant in grants {
        table.row([grant.role_name.clone(), grant.place_name.clone(), until(grant.expires_at)]);
    }
    table
}

pub(crate) fn in_teams(teams: &[TeamOfMember]) -> Table {
    let mut table = Table::new(["Team", "Part"]);
    for team in teams {
        let part = if team.maintainer { "maintainer" } else { "member" };
        table.row([team.name.clone(), part.to_owned()]);
    }
    table
}

pub(crate) fn until(at: Option<Timestamp>) -> String {
    at.map_or_else(String::new, Timestamp::to_human)
}

/// A part of a longer answer, under its heading; nothing if there is nothing in it.
pub(crate) fn part(title: &str, table: &Table) -> String {
    if table.is_empty() {
        return String::new();
    }
    format!("\n\n{}\n{}", crate::screen::heading(title), table.text())
}
