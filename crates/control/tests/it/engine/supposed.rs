//! A snapshot as it would be after a change answers as one compiled after that change.

use super::arbitrary::{Question, asked, permissions};
use super::compare::agree;
use super::naive::Naive;
use super::{compile, config};
use control::authz::{Snapshot, custom_rights};
use model::{OrgRole, RoleRef};
use proptest::prelude::*;
use store::policy::Rows;

/// Every change one can ask about, as the snapshot supposes it and as the rows would be.
pub(super) fn changes(rows: &Rows, permissions: &str) -> Vec<(String, Snapshot, Rows)> {
    let before = compile(rows);
    let mut all = Vec::new();
    let mut suppose = |what: String, after: Snapshot, change: &dyn Fn(&mut Rows)| {
        let mut changed = rows.clone();
        change(&mut changed);
        all.push((what, after, changed));
    };
    for grant in rows.grants.iter().map(|grant| grant.id) {
        suppose(format!("without {grant:?}"), before.without_grants(&[grant]), &|rows| {
            rows.grants.retain(|kept| kept.id != grant);
        });
    }
    for role in &rows.roles {
        let id = RoleRef::Custom(role.id);
        if let Ok(level) = role.level.parse() {
            let rights = custom_rights(level, permissions);
            suppose(format!("{id} with {permissions:?}"), before.with_role(id, rights), &|rows| {
                let changed = rows.roles.iter_mut().find(|changed| changed.id == role.id);
                permissions.clone_into(&mut changed.unwrap().permissions);
            });
        }
        suppose(format!("without {id}"), before.without_role(id), &|rows| {
            rows.roles.retain(|kept| kept.id != role.id);
            rows.grants.retain(|kept| kept.role != role.id.to_string());
        });
    }
    for (team, user, _) in &rows.teams {
        if let Some(user) = user {
            let after = before.without_team_member(*team, *user);
            suppose(format!("{user:?} out of {team:?}"), after, &|rows| {
                rows.teams.retain(|(of, who, _)| of != team || *who != Some(*user));
            });
        }
        suppose(format!("without {team:?}"), before.without_team(*team), &|rows| {
            rows.teams.retain(|(kept, _, _)| kept != team);
            rows.grants.retain(|kept| kept.team_id != Some(*team));
            rows.shares.retain(|kept| kept.team_id != Some(*team));
        });
    }
    for user in rows.members.iter().map(|member| member.user_id) {
        suppose(format!("without {user:?}"), before.without_member(user), &|rows| {
            rows.members.retain(|kept| kept.user_id != user);
            rows.teams.retain(|(_, who, _)| *who != Some(user));
            rows.grants.retain(|kept| kept.user_id != Some(user));
            rows.shares.retain(|kept| kept.user_id != Some(user));
        });
        // Nobody is a member whose role is not known, and nobody becomes one by a change of it.
        let known = before.member(user).is_some();
        for role in OrgRole::ALL.iter().filter(|_| known) {
            suppose(format!("{user:?} as {role}"), before.with_member_role(user, *role), &|rows| {
                let member = rows.members.iter_mut().find(|member| member.user_id == user);
                member.unwrap().role = role.to_string();
            });
        }
    }
    all
}

fn agree_after(changes: &[(String, Snapshot, Rows)], questions: &[Question]) -> Result<(), String> {
    for (what, after, rows) in changes {
        agree(after, &Naive(rows), questions).map_err(|why| format!("{what}: {why}"))?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(60))]

    /// Fails if `without_role` keeps the grants of the role, or `without_team_member` the person's own list of teams.
    #[test]
    fn a_supposed_change_answers_as_the_change_itself(
        (rows, questions) in asked(25),
        permissions in permissions(),
    ) {
        agree_after(&changes(&rows, &permissions), &questions).map_err(TestCaseError::fail)?;
    }
}
