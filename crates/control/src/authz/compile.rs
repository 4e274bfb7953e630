//! From the rows of the database to a [`Snapshot`].
//!
//! *Invariant: what this version does not understand allows nothing.*

use super::snapshot::{Held, Member, Role, Shared, SharedIn, Snapshot};
use model::grant::Principal;
use model::policy::Action;
use model::role::{PermissionName, Predefined, offered};
use model::{Level, OrgId, Permission, Rights, RoleRef, TeamId, UserId};
use std::collections::HashMap;
use store::policy::Rows;

impl Snapshot {
    /// Puts the tables together.
    pub fn compile(org: OrgId, rows: &Rows) -> Self {
        let roles = roles(rows);
        let numbers: HashMap<RoleRef, u32> = roles
            .iter()
            .enumerate()
            .filter_map(|(n, role)| Some((role.role, u32::try_from(n).ok()?)))
            .collect();

        let mut teams: HashMap<TeamId, Vec<(UserId, bool)>> = HashMap::new();
        let mut teams_of: HashMap<UserId, Vec<TeamId>> = HashMap::new();
        for (team, user, maintainer) in &rows.teams {
            let members = teams.entry(*team).or_default();
            if let Some(user) = user {
                members.push((*user, *maintainer));
                teams_of.entry(*user).or_default().push(*team);
            }
        }
        let members = rows.members.iter().filter_map(|member| {
            // A role this version does not know allows nothing, and neither does being a member with it.
            let role = member.role.parse().ok()?;
            let teams = teams_of.remove(&member.user_id).unwrap_or_default().into_boxed_slice();
            Some((member.user_id, Member { role, teams }))
        });

        let mut grants: Vec<Held> =
            rows.grants.iter().filter_map(|grant| held(grant, &numbers, &roles)).collect();
        grants.sort_unstable_by_key(|held| (held.principal, held.workspace, held.project, held.grant));

        let mut kinds: Vec<Box<str>> = Vec::new();
        let mut kind_numbers: HashMap<&str, Option<u16>> = HashMap::new();
        let mut shares: Vec<Shared> = Vec::with_capacity(rows.shares.len());
        for share in &rows.shares {
            let principal = match (share.user_id, share.team_id) {
                (Some(user), _) => Principal::User(user),
                (None, Some(team)) => Principal::Team(team),
                (None, None) => continue,
            };
            let known = kind_numbers.len();
            let kind = *kind_numbers.entry(share.resource_type.as_str()).or_insert_with(|| {
                kinds.push(share.resource_type.as_str().into());
                u16::try_from(known).ok()
            });
            // No workspace has so many types; beyond that a share allows nothing rather than something else.
            let Some(kind) = kind else { continue };
            let actions = share
                .actions
                .split(' ')
                .filter_map(|action| action.parse::<Action>().ok())
                .fold(0, |all, action| all | 1 << action as u16);
            shares.push(Shared {
                principal,
                workspace: share.workspace_id,
                resource: share.resource_id,
                project: share.project_id,
                kind,
                actions,
            });
        }
        shares.sort_unstable_by_key(|share| (share.principal, share.workspace, share.resource, share.kind));
        let in_project = |share: &Shared| Some((share.principal, share.workspace, share.project?));
        let mut shared_in: Vec<SharedIn> = shares.iter().filter_map(in_project).collect();
        shared_in.sort_unstable();
        shared_in.dedup();

        Self {
            org,
            version: rows.version,
            members: members.collect(),
            teams,
            roles,
            accounts: rows
                .accounts
                .iter()
                .map(|account| (account.user_id, (account.owner_user_id, account.owner_team_id)))
                .collect(),
            workspaces: rows.workspaces.iter().copied().collect(),
            grants,
            shares,
            shared_in,
            kinds,
        }
    }
}

/// The predefined roles, then the organization's own. A permission this version does not know, or does not offer at the
/// role's level, allows nothing.
fn roles(rows: &Rows) -> Vec<Role> {
    let predefined = Predefined::all().map(|role| Role {
        role: RoleRef::Predefined(role),
        name: role.label().to_owned(),
        level: role.level(),
        rights: role.rights(),
    });
    let custom = rows.roles.iter().filter_map(|row| {
        let level: Level = row.level.parse().ok()?;
        Some(Role {
            role: RoleRef::Custom(row.id),
            name: row.name.clone(),
            level,
            rights: custom_rights(level, &row.permissions),
        })
    });
    predefined.chain(custom).collect()
}

/// What a custom role of a level allows, from its permissions as they are stored. A role in a workspace always lets in.
pub fn custom_rights(level: Level, permissions: &str) -> Rights {
    let offered = Rights::of(offered(level));
    let named = Rights::of(permissions.split_whitespace().filter_map(|name| name.parse().ok()));
    let mut rights = named.without(&named.without(&offered));
    if level == Level::Workspace {
        rights.insert(PermissionName::Reeve(Permission::WorkspaceRead));
        rights.insert(PermissionName::Reeve(Permission::WorkspaceEnter));
    }
    rights
}

/// `None` for a grant that allows nothing: of a role that is gone, or of another level than its place.
fn held(grant: &store::policy::Grant, numbers: &HashMap<RoleRef, u32>, roles: &[Role]) -> Option<Held> {
    let principal = match (grant.user_id, grant.team_id) {
        (Some(user), _) => Principal::User(user),
        (_, Some(team)) => Principal::Team(team),
        _ => return None,
    };
    let role = *numbers.get(&grant.role.parse().ok()?)?;
    let level = match (grant.workspace_id, grant.project_id) {
        (None, None) => Level::Organization,
        (Some(_), None) => Level::Workspace,
        (Some(_), Some(_)) => Level::Project,
        (None, Some(_)) => return None,
    };
    (roles[role as usize].level == level).then_some(Held {
        principal,
        workspace: grant.workspace_id,
        project: grant.project_id,
        grant: grant.id,
        role,
        expires_at: grant.expires_at,
    })
}
