//! Engines that are broken on purpose: the comparison has to notice each of them.
//!
//! An engine that ignores when a grant runs out answers as one whose grants never do. So each is the real engine, shown
//! rows that were spoiled in the way in which it is broken; the rules are told the true ones.

use super::arbitrary::asked;
use super::compare::agree;
use super::compile;
use super::naive::Naive;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::collections::HashSet;
use store::policy::{Member, Rows};

/// Organizations after which a broken engine must have been noticed.
const ENOUGH: u32 = 100;

/// How it is broken, and rows that make the real engine answer like that.
type Broken = (&'static str, fn(&mut Rows));

const BROKEN: [Broken; 10] = [
    ("grants never run out", |rows| {
        rows.grants.iter_mut().for_each(|grant| grant.expires_at = None);
    }),
    ("a grant holds at the very instant it runs out", |rows| {
        for grant in &mut rows.grants {
            grant.expires_at = grant.expires_at.map(|until| until.plus_ms(1));
        }
    }),
    ("only the first team of a person counts", |rows| {
        let mut seen = HashSet::new();
        rows.teams.retain(|(_, user, _)| user.is_none_or(|user| seen.insert(user)));
    }),
    ("what a team was given is overlooked", |rows| rows.grants.retain(|grant| grant.team_id.is_none())),
    ("what was shared with a team is overlooked", |rows| {
        rows.shares.retain(|share| share.team_id.is_none());
    }),
    ("whoever left is still a member", |rows| {
        let known: HashSet<_> = rows.members.iter().map(|member| member.user_id).collect();
        let in_teams = rows.teams.iter().filter_map(|(_, user, _)| *user);
        let given = rows.grants.iter().filter_map(|grant| grant.user_id);
        let left: HashSet<_> = in_teams.chain(given).filter(|user| !known.contains(user)).collect();
        let role = "organization-member".to_owned();
        rows.members.extend(left.into_iter().map(|user_id| Member { user_id, role: role.clone() }));
    }),
    ("deleted workspaces are still there", |rows| {
        let given = rows.grants.iter().filter_map(|grant| grant.workspace_id);
        let shared = rows.shares.iter().map(|share| share.workspace_id);
        let gone: HashSet<_> = given.chain(shared).filter(|id| !rows.workspaces.contains(id)).collect();
        rows.workspaces.extend(gone);
    }),
    ("a role in a workspace is one in every workspace", |rows| {
        let twins: Vec<_> = rows
            .grants
            .iter()
            .filter(|grant| grant.workspace_id.is_some())
            .flat_map(|grant| {
                rows.workspaces
                    .iter()
                    .map(|workspace| store::policy::Grant { workspace_id: Some(*workspace), ..grant.clone() })
            })
            .collect();
        rows.grants.extend(twins);
    }),
    ("shared once is shared for everything", |rows| {
        for share in &mut rows.shares {
            "create read update delete share".clone_into(&mut share.actions);
        }
    }),
    ("a custom role allows nothing", |rows| {
        rows.roles.iter_mut().for_each(|role| role.permissions.clear());
    }),
];

/// After how many organizations the comparison notices that the engine is broken.
fn noticed_after(spoil: fn(&mut Rows)) -> Option<u32> {
    // The same organizations in every run: what is noticed once is noticed always.
    let mut runner = TestRunner::deterministic();
    let cases = asked(40);
    (1..=ENOUGH).find(|_| {
        let (rows, questions) = cases.new_tree(&mut runner).unwrap().current();
        let mut spoiled = rows.clone();
        spoil(&mut spoiled);
        agree(&compile(&spoiled), &Naive(&rows), &questions).is_err()
    })
}

#[test]
fn every_broken_engine_is_noticed() {
    for (how, spoil) in BROKEN {
        let after = noticed_after(spoil);
        assert!(after.is_some(), "{how}: not noticed in {ENOUGH} organizations");
        println!("{how}: noticed after {}", after.unwrap());
    }
    assert_eq!(noticed_after(|_| ()), None, "an engine that is not broken is left alone");
}
