//! A question about one person in one workspace is answered from a part of the rows while the whole is compiled. The
//! part has to be the right one, and has to be enough.

use super::arbitrary::asked;
use super::compare::agree_about;
use super::naive::Naive;
use super::{compile, config};
use model::grant::Principal;
use model::{OrgId, OrgRole, TeamId, UserId, WorkspaceId};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Debug;
use store::policy::Rows;
use testkit::{Size, World, both_engines};

/// What concerns somebody in a workspace, as it should be read.
fn about(rows: &Rows, user: UserId, workspace: WorkspaceId) -> Rows {
    let mut part = rows.clone();
    part.members.retain(|member| member.user_id == user);
    part.teams.retain(|(_, member, _)| *member == Some(user));
    part.workspaces.retain(|known| *known == workspace);
    let teams: Vec<TeamId> = part.teams.iter().map(|(team, _, _)| *team).collect();
    let theirs = |owner: Option<UserId>, team: Option<TeamId>| {
        owner == Some(user) || team.is_some_and(|team| teams.contains(&team))
    };
    part.grants.retain(|grant| {
        theirs(grant.user_id, grant.team_id) && grant.workspace_id.is_none_or(|place| place == workspace)
    });
    let is_there = !part.workspaces.is_empty();
    part.shares
        .retain(|share| is_there && theirs(share.user_id, share.team_id) && share.workspace_id == workspace);
    part
}

proptest! {
    #![proptest_config(config(100))]

    /// For every decision about somebody in a workspace, whatever else the organization holds.
    #[test]
    fn the_part_is_enough((rows, questions) in asked(25)) {
        for question in &questions {
            let part = compile(&about(&rows, question.user, question.workspace));
            agree_about(&part, &Naive(&rows), question).map_err(TestCaseError::fail)?;
        }
    }
}

/// Rows in no order.
fn sorted(rows: &Rows) -> Vec<BTreeSet<String>> {
    fn texts<T: Debug>(rows: &[T]) -> BTreeSet<String> {
        rows.iter().map(|row| format!("{row:?}")).collect()
    }
    vec![
        texts(&[rows.version]),
        texts(&rows.members),
        texts(&rows.teams),
        texts(&rows.roles),
        texts(&rows.workspaces),
        texts(&rows.grants),
        texts(&rows.shares),
    ]
}

async fn is_the_right_one(world: &World, org: OrgId, user: UserId, workspace: WorkspaceId) {
    let mut tx = world.store.snapshot().await.unwrap();
    let all = store::policy::load(&mut tx, org).await.unwrap().unwrap();
    let part = store::policy::load_about(&mut tx, org, user, workspace).await.unwrap().unwrap();
    assert_eq!(sorted(&part), sorted(&about(&all, user, workspace)), "{user:?} in {workspace:?}");
}

both_engines! {
    /// Also for somebody who is in teams of two organizations.
    async fn the_part_is_read_from_the_rows_of_one_organization(world: World) {
        const SIZE: Size = Size { people: 12, teams: 4, workspaces: 3, grants: 150, shares: 150 };
        let (acme, other) = (world.org("acme").await, world.org("other").await);
        let (here, there) = (world.company(acme, SIZE).await, world.company(other, SIZE).await);
        // Somebody who is in both, in teams of both, and holds and shares something in both.
        let both = world.member(acme, "bea", OrgRole::Member).await;
        world.join(other, &both, OrgRole::Viewer).await;
        let mut tx = world.store.write().await.unwrap();
        for company in [&here, &there] {
            let (team, now) = (company.teams[0], world.control.now());
            store::teams::add(&mut tx, team, Principal::User(both.id), true, now).await.unwrap();
        }
        store::workspaces::delete(&mut tx, here.workspaces[2], world.control.now()).await.unwrap();
        tx.commit_unaudited("arranged by a test").await.unwrap();
        for (company, shares) in [(&here, 40), (&there, 50)] {
            world.share_many(company.org, company.workspaces[0], both.id, shares).await;
        }
        for user in here.people.iter().copied().chain([both.id, there.people[0], world.id()]) {
            for workspace in here.workspaces.iter().copied().chain([there.workspaces[0], world.id()]) {
                is_the_right_one(&world, acme, user, workspace).await;
            }
        }
        let mut tx = world.store.snapshot().await.unwrap();
        let nothing = store::policy::load_about(&mut tx, world.id(), both.id, here.workspaces[0]).await.unwrap();
        assert!(nothing.is_none(), "no such organization");
    }
}
