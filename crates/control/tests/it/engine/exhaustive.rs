//! Every organization up to a small size, and every question about it.
//!
//! Two people, a team, two workspaces with a project of the same id: enough for each rule to meet each other one.

use super::arbitrary::{NOW, Question, id};
use super::compare::allows;
use super::compile;
use super::naive::Naive;
use control::authz::Snapshot;
use model::policy::Action;
use model::{GrantId, ProjectId, TeamId, Timestamp, UserId, WorkspaceId};
use std::collections::BTreeSet;
use store::policy::{Grant, Member, Rows, Share};

const ANN: u128 = 1;
const BEN: u128 = 2;
const NEAR: u128 = 1;
const FAR: u128 = 2;
const PROJECT: u128 = 1;

/// A role: where, which, and whether it has run out.
type Given = (Option<u128>, Option<u128>, &'static str, bool);

/// What is given to the first person or to the team.
const GIVEN: [Given; 6] = [
    (None, None, "organization-viewer", false),
    (Some(NEAR), None, "workspace-viewer", false),
    (Some(NEAR), None, "workspace-admin", true),
    (Some(NEAR), Some(PROJECT), "project-admin", false),
    // Of a project's level, given in a workspace: it allows nothing.
    (Some(NEAR), None, "project-viewer", false),
    (Some(FAR), Some(PROJECT), "project-developer", false),
];

/// What is shared with the first person or with the team.
const SHARED: [(u128, &str, Option<u128>, &str); 3] = [
    (NEAR, "stack", None, "read"),
    (NEAR, "pipeline_run", Some(PROJECT), "read update"),
    (FAR, "resource_pool", None, "read"),
];

/// What is asked: of what may be shared, of its neighbours, of a whole type, of what means nothing.
fn asked() -> Vec<(Action, String)> {
    let (project, other) = (id(PROJECT), id(2));
    vec![
        (Action::Read, format!("stack/{project}")),
        (Action::Read, format!("stack/{other}")),
        (Action::Read, "tag".to_owned()),
        (Action::Read, format!("project/{project}")),
        (Action::Update, format!("project/{project}")),
        (Action::Read, format!("project/{other}")),
        (Action::Read, format!("{project}:pipeline_run/{project}")),
        (Action::Update, format!("{project}:pipeline_run/{project}")),
        (Action::Update, format!("{other}:pipeline_run/{project}")),
        (Action::Create, format!("{project}:pipeline_run")),
        (Action::Read, format!("resource_pool/{project}")),
        (Action::Read, format!("{project}:stack")),
    ]
}

fn person(n: u128) -> UserId {
    UserId::from_uuid(id(n))
}

fn grant(n: u128, (workspace, project, role, is_over): Given, to_team: bool) -> Grant {
    Grant {
        id: GrantId::from_uuid(id(n)),
        workspace_id: workspace.map(|n| WorkspaceId::from_uuid(id(n))),
        project_id: project.map(|n| ProjectId::from_uuid(id(n))),
        user_id: (!to_team).then_some(person(ANN)),
        team_id: to_team.then_some(TeamId::from_uuid(id(1))),
        role: role.to_owned(),
        expires_at: is_over.then_some(Timestamp::from_millis(NOW)),
    }
}

/// Nothing, each one, each two.
fn up_to_two<T: Clone>(all: &[T]) -> Vec<Vec<T>> {
    let mut sets = vec![Vec::new()];
    for (n, first) in all.iter().enumerate() {
        sets.push(vec![first.clone()]);
        sets.extend(all[n + 1..].iter().map(|second| vec![first.clone(), second.clone()]));
    }
    sets
}

fn grants() -> Vec<Vec<Grant>> {
    let all: Vec<Grant> = (1..)
        .zip(GIVEN.into_iter().flat_map(|given| [(given, false), (given, true)]))
        .map(|(n, (given, to_team))| grant(n, given, to_team))
        .collect();
    up_to_two(&all)
}

fn shares() -> Vec<Vec<Share>> {
    let one =
        |((workspace, kind, project, actions), to_team): ((u128, &str, Option<u128>, &str), bool)| Share {
            workspace_id: WorkspaceId::from_uuid(id(workspace)),
            user_id: (!to_team).then_some(person(ANN)),
            team_id: to_team.then_some(TeamId::from_uuid(id(1))),
            resource_type: kind.to_owned(),
            resource_id: id(1),
            project_id: project.map(|n| ProjectId::from_uuid(id(n))),
            actions: actions.to_owned(),
        };
    let all = SHARED.into_iter().flat_map(|shared| [(shared, false), (shared, true)]).map(one);
    std::iter::once(Vec::new()).chain(all.map(|share| vec![share])).collect()
}

/// Who is a member, as what, who is in the team, and which workspaces there are.
fn frames() -> Vec<Rows> {
    let mut frames = Vec::new();
    for ann in [None, Some("organization-member"), Some("organization-admin")] {
        for in_team in [&[][..], &[ANN], &[BEN], &[ANN, BEN]] {
            for workspaces in [&[NEAR][..], &[NEAR, FAR]] {
                let member = |n, role: &str| Member { user_id: person(n), role: role.to_owned() };
                let team = TeamId::from_uuid(id(1));
                let mut teams: Vec<_> = in_team.iter().map(|n| (team, Some(person(*n)), false)).collect();
                if teams.is_empty() {
                    teams.push((team, None, false));
                }
                frames.push(Rows {
                    version: 1,
                    members: ann
                        .map(|role| member(ANN, role))
                        .into_iter()
                        .chain([member(BEN, "organization-member")])
                        .collect(),
                    teams,
                    workspaces: workspaces.iter().map(|n| WorkspaceId::from_uuid(id(*n))).collect(),
                    ..Rows::default()
                });
            }
        }
    }
    frames
}

fn questions() -> Vec<Question> {
    let mut all = Vec::new();
    for user in [ANN, BEN].map(person) {
        for workspace in [NEAR, FAR].map(|n| WorkspaceId::from_uuid(id(n))) {
            let now = Timestamp::from_millis(NOW);
            let question = |(action, resource)| Question { user, workspace, resource, action, now };
            all.extend(asked().into_iter().map(question));
        }
    }
    all
}

fn decide(rows: &Rows, snapshot: &Snapshot, questions: &[Question]) {
    let rules = Naive(rows);
    for question in questions {
        let Question { user, workspace, resource, action, now } = question;
        let naive = rules.allows(*user, *workspace, resource, action.as_str(), *now);
        assert_eq!(allows(snapshot, question), naive, "{question:?} of {rows:#?}");
    }
    let now = Timestamp::from_millis(NOW);
    for user in [ANN, BEN].map(person) {
        let mut entered = BTreeSet::new();
        for workspace in [NEAR, FAR].map(|n| WorkspaceId::from_uuid(id(n))) {
            let enters = snapshot.standing(user, workspace, now).is_some_and(|standing| standing.enters());
            assert_eq!(enters, rules.enters(user, workspace, now), "{user} {workspace} of {rows:#?}");
            if enters {
                entered.insert(workspace);
            }
        }
        // Nobody sees a workspace they may not enter, or enters one they do not see, unless the organization says so.
        if snapshot.member(user) == Some(model::OrgRole::Member) {
            assert_eq!(rules.sees(user, now), entered, "{user} of {rows:#?}");
        }
    }
}

/// Fails if `Standing::by_project` lets a role in a project reach the next project, if `held` lets a role of another
/// level through, or if `Snapshot::standing` does not ask whether the workspace is there.
#[test]
fn every_small_organization_is_decided_by_the_rules() {
    let (frames, grants, shares, questions) = (frames(), grants(), shares(), questions());
    let mut organizations = 0;
    for frame in &frames {
        for grants in &grants {
            for shares in &shares {
                let rows = Rows { grants: grants.clone(), shares: shares.clone(), ..frame.clone() };
                decide(&rows, &compile(&rows), &questions);
                organizations += 1;
            }
        }
    }
    println!("{organizations} organizations, {} questions", organizations * questions.len());
}
