//! What one member looks after and nobody else does.

use super::snapshot::{Held, Snapshot};
use model::grant::Principal;
use model::{Permission, TeamId, Timestamp, UserId, WorkspaceId};
use std::collections::BTreeMap;

impl Snapshot {
    /// The workspaces in which a member, by themselves or in a team, is the only person with a role that was given there
    /// and manages who may do what; each with the grant by which they do, of several the one that holds longest.
    /// Administrators of the organization may do the same everywhere, and look after none of them.
    pub fn administers_alone(&self, user: UserId, now: Timestamp) -> BTreeMap<WorkspaceId, Held> {
        let here = |held: &Held| {
            let manages = self.role_of(held).rights.grants(Permission::GrantManage);
            let place = held.workspace.filter(|workspace| self.workspaces.contains(workspace));
            place.filter(|_| held.project.is_none() && held.holds_at(now) && manages)
        };
        let end = |held: &Held| held.expires_at.unwrap_or(Timestamp::MAX);
        let mut alone: BTreeMap<WorkspaceId, Held> = BTreeMap::new();
        for held in self.holders(user).flat_map(|(principal, _)| self.granted_to(principal, now)) {
            let Some(workspace) = here(held) else { continue };
            let longest = alone.entry(workspace).or_insert(*held);
            if end(held) > end(longest) {
                *longest = *held;
            }
        }
        if alone.is_empty() {
            return alone;
        }
        let person = |other: UserId| other != user && self.is_person(other);
        for held in &self.grants {
            let Some(workspace) = here(held) else { continue };
            let others = match held.principal {
                Principal::User(other) => person(other),
                Principal::Team(team) => self.in_team(team).any(person),
                Principal::Invitation(_) => false,
            };
            if others {
                alone.remove(&workspace);
            }
        }
        alone
    }

    /// Whether a member maintains a team, and no other person does.
    pub fn maintains_alone(&self, user: UserId, team: TeamId) -> bool {
        let people = self.teams.get(&team).map(Vec::as_slice).unwrap_or_default();
        self.part_in_team(team, user) == Some(true)
            && !people.iter().any(|(other, maintains)| *maintains && *other != user && self.is_person(*other))
    }

    /// Whether somebody is a member and no service account.
    pub fn is_person(&self, user: UserId) -> bool {
        self.members.contains_key(&user) && !self.is_service_account(user)
    }
}
