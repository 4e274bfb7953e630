//! Snapshots as they would be after a change that nobody has made, and how large a snapshot is.

use super::snapshot::{Held, Member, Role, Shared, SharedIn, Snapshot};
use model::grant::Principal;
use model::{GrantId, OrgRole, Rights, RoleRef, TeamId, UserId, WorkspaceId};

impl Snapshot {
    /// Without some grants.
    #[must_use]
    pub fn without_grants(&self, grants: &[GrantId]) -> Self {
        let mut after = self.clone();
        after.grants.retain(|held| !grants.contains(&held.grant));
        after
    }

    /// With other rights in a role.
    #[must_use]
    pub fn with_role(&self, role: RoleRef, rights: Rights) -> Self {
        let mut after = self.clone();
        for known in after.roles.iter_mut().filter(|known| known.role == role) {
            known.rights = rights;
        }
        after
    }

    /// Without a role, and without its grants.
    #[must_use]
    pub fn without_role(&self, role: RoleRef) -> Self {
        let mut after = self.clone();
        after.grants.retain(|held| self.role_of(held).role != role);
        after
    }

    /// With somebody out of a team.
    #[must_use]
    pub fn without_team_member(&self, team: TeamId, user: UserId) -> Self {
        let mut after = self.clone();
        if let Some(people) = after.teams.get_mut(&team) {
            people.retain(|(member, _)| *member != user);
        }
        if let Some(member) = after.members.get_mut(&user) {
            member.teams = member.teams.iter().copied().filter(|of| *of != team).collect();
        }
        after
    }

    /// Without a team, and without its grants and shares.
    #[must_use]
    pub fn without_team(&self, team: TeamId) -> Self {
        let mut after = self.clone();
        after.teams.remove(&team);
        for member in after.members.values_mut().filter(|member| member.teams.contains(&team)) {
            member.teams = member.teams.iter().copied().filter(|of| *of != team).collect();
        }
        after.grants.retain(|held| held.principal != Principal::Team(team));
        after.shares.retain(|share| share.principal != Principal::Team(team));
        after.shared_in.retain(|(with, _, _)| *with != Principal::Team(team));
        after
    }

    /// Without a member.
    #[must_use]
    pub fn without_member(&self, user: UserId) -> Self {
        let mut after = self.clone();
        after.members.remove(&user);
        after
    }

    /// With another role of a member in the organization.
    #[must_use]
    pub fn with_member_role(&self, user: UserId, role: OrgRole) -> Self {
        let mut after = self.clone();
        if let Some(member) = after.members.get_mut(&user) {
            member.role = role;
        }
        after
    }

    /// Bytes the tables take, by their lengths: for the benchmark, which holds them against their goal.
    pub fn size(&self) -> usize {
        let entry = size_of::<(UserId, Member)>() + 1;
        let in_teams: usize = self.teams.values().map(Vec::capacity).sum();
        let teams_of: usize = self.members.values().map(|member| member.teams.len()).sum();
        self.members.capacity() * entry
            + self.teams.capacity() * (size_of::<(TeamId, Vec<(UserId, bool)>)>() + 1)
            + in_teams * size_of::<(UserId, bool)>()
            + teams_of * size_of::<TeamId>()
            + self.roles.capacity() * size_of::<Role>()
            + self.workspaces.capacity() * (size_of::<WorkspaceId>() + 1)
            + self.grants.capacity() * size_of::<Held>()
            + self.shares.capacity() * size_of::<Shared>()
            + self.shared_in.capacity() * size_of::<SharedIn>()
    }
}
