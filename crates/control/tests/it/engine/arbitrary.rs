//! Random organizations and random questions about them.
//!
//! Ids are small numbers, the same for every kind of thing: a team has the id of a person, a project that of a resource,
//! and a project of the same id is in several workspaces. Whatever mixes them up is found out soon.

use model::policy::{Action, ResourceType};
use model::{ProjectId, TeamId, Timestamp, UserId, WorkspaceId};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeMap;
use store::policy::{Grant, Member, Role, Rows, Share};
use uuid::Uuid;

/// Of what there is at most one share: workspace, holder, type and resource.
type OnceShared = (Uuid, Holder, String, Uuid);

/// People who may be members, and one number more who never are.
pub const PEOPLE: u128 = 4;
const TEAMS: u128 = 3;
/// Workspaces that may be there, and one number more that never is.
pub const WORKSPACES: u128 = 3;
/// Projects, resources, teams one may ask about.
pub const THINGS: u128 = 4;
const CUSTOM_ROLES: u128 = 4;
/// When questions are asked, give or take a moment.
pub const NOW: i64 = 1_800_000_000_000;

/// Roles by the level they are granted at.
pub const PREDEFINED: [&[&str]; 3] = [
    &[
        "organization-admin",
        "organization-manager",
        "organization-viewer",
        "billing-admin",
        "organization-member",
    ],
    &["workspace-admin", "workspace-developer", "workspace-contributor", "workspace-viewer", "stack-admin"],
    &["project-admin", "project-developer", "project-contributor", "project-viewer"],
];

/// One question.
#[derive(Clone, Debug)]
pub struct Question {
    /// Whether this person
    pub user: UserId,
    /// in this workspace
    pub workspace: WorkspaceId,
    /// on this
    pub resource: String,
    /// may do this
    pub action: Action,
    /// now.
    pub now: Timestamp,
}

/// An id by its number.
pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// The id of a custom role by its number.
pub fn custom_role(n: u128) -> model::RoleId {
    model::RoleId::from_uuid(id(0x100 + n))
}

/// An instant near which grants run out.
fn instant() -> impl Strategy<Value = Timestamp> {
    (-1_i64..=1).prop_map(|ms| Timestamp::from_millis(NOW + ms))
}

fn number(most: u128) -> impl Strategy<Value = Uuid> {
    (1..=most).prop_map(id)
}

/// One that may be there, and rarely one that never is.
fn mostly(most: u128) -> impl Strategy<Value = Uuid> {
    prop_oneof![12 => number(most), 1 => Just(id(most + 1))]
}

/// An organization with everything in it, what should not be there included.
fn organization() -> impl Strategy<Value = Rows> {
    (members(), teams(), roles(), btree_set(number(WORKSPACES), 2..=3), vec(grant(), 0..14), shares())
        .prop_map(|(members, teams, roles, workspaces, grants, shares)| Rows {
            // Who answers for an account decides nothing that is compared here.
            accounts: Vec::new(),
            version: 1,
            members,
            teams,
            roles,
            workspaces: workspaces.into_iter().map(WorkspaceId::from_uuid).collect(),
            grants: numbered(grants),
            shares,
        })
}

/// Every grant has an id of its own.
fn numbered(mut grants: Vec<Grant>) -> Vec<Grant> {
    for (n, grant) in (1..).zip(&mut grants) {
        grant.id = model::GrantId::from_uuid(id(n));
    }
    grants
}

fn members() -> impl Strategy<Value = Vec<Member>> {
    let role = prop_oneof![
        6 => Just("organization-member"),
        3 => select(PREDEFINED[0]),
        1 => select(&["organization-owner", "workspace-admin", ""][..]),
    ];
    btree_map(1..=PEOPLE, role, 2..=4).prop_map(|members| {
        let member =
            |(n, role): (u128, &str)| Member { user_id: UserId::from_uuid(id(n)), role: role.to_owned() };
        members.into_iter().map(member).collect()
    })
}

/// People who left are still in teams, as far as the rows go.
fn teams() -> impl Strategy<Value = Vec<(TeamId, Option<UserId>, bool)>> {
    let people = btree_map(1..=PEOPLE + 1, any::<bool>(), 0..=4);
    btree_map(1..=TEAMS, people, 1..=3).prop_map(|teams| {
        let mut rows = Vec::new();
        for (team, people) in teams {
            let team = TeamId::from_uuid(id(team));
            if people.is_empty() {
                rows.push((team, None, false));
            }
            let member = |(user, maintainer)| (team, Some(UserId::from_uuid(id(user))), maintainer);
            rows.extend(people.into_iter().map(member));
        }
        rows
    })
}

/// Names of permissions, those that do not exist or are nobody's to give included.
pub fn permissions() -> impl Strategy<Value = String> {
    let reeve = select(model::Permission::ALL).prop_map(|permission| permission.to_string());
    let resource =
        (select(ResourceType::ALL), action()).prop_map(|(kind, action)| format!("{kind}.{action}"));
    let nonsense = select(&["nothing.read", "stack.fly", "stack", ".", "resource_pool.read", "*.read"][..]);
    let name = prop_oneof![
        3 => reeve,
        8 => resource,
        1 => nonsense.prop_map(str::to_owned),
    ];
    vec(name, 1..12).prop_map(|names| names.join(" "))
}

/// The first is for organizations, the second for workspaces, the third for projects, unless something is odd about it.
fn roles() -> impl Strategy<Value = Vec<Role>> {
    let odd = weighted(0.2, select(&["organization", "workspace", "project", "team", "galaxy"][..]));
    btree_map(1..=CUSTOM_ROLES, (odd, permissions()), 2..=4).prop_map(|roles| {
        let role = |(n, (odd, permissions)): (u128, (Option<&str>, String))| {
            let level = match n {
                2 => "workspace",
                3 => "project",
                _ => "organization",
            };
            let level = odd.unwrap_or(level).to_owned();
            Role { id: custom_role(n), level, name: format!("Role {n}"), permissions }
        };
        roles.into_iter().map(role).collect()
    })
}

/// Most are what the operations make; some are of another level than their place, to nobody, or of a role that is gone.
fn grant() -> impl Strategy<Value = Grant> {
    let place = prop_oneof![
        3 => Just((false, false)),
        4 => Just((true, false)),
        4 => Just((true, true)),
        1 => Just((false, true)),
    ];
    let place = (place, mostly(WORKSPACES), number(THINGS)).prop_map(
        |((in_workspace, in_project), workspace, project)| {
            (in_workspace.then_some(workspace), in_project.then_some(project))
        },
    );
    let given = place.prop_flat_map(|place| {
        let level = usize::from(place.0.is_some()) + usize::from(place.1.is_some());
        let any_level = (0..3_usize).prop_flat_map(|level| select(PREDEFINED[level]));
        let role = prop_oneof![
            8 => select(PREDEFINED[level]).prop_map(str::to_owned),
            4 => Just(custom_role(1 + level as u128).to_string()),
            2 => (1..=CUSTOM_ROLES).prop_map(|n| custom_role(n).to_string()),
            1 => any_level.prop_map(str::to_owned),
            1 => select(&["", "owner", "workspace-admin workspace-viewer"][..]).prop_map(str::to_owned),
        ];
        (Just(place), role)
    });
    let until = weighted(0.4, instant());
    (given, holder(), until).prop_map(|(((workspace, project), role), holder, expires_at)| Grant {
        id: model::GrantId::from_uuid(id(0)),
        workspace_id: workspace.map(WorkspaceId::from_uuid),
        project_id: project.map(ProjectId::from_uuid),
        user_id: holder.user(),
        team_id: holder.team(),
        role,
        expires_at,
    })
}

/// What kind of principal, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Holder(u8, Uuid);

impl Holder {
    fn user(self) -> Option<UserId> {
        (self.0 == 0).then_some(UserId::from_uuid(self.1))
    }
    fn team(self) -> Option<TeamId> {
        (self.0 == 1).then_some(TeamId::from_uuid(self.1))
    }
}

fn holder() -> impl Strategy<Value = Holder> {
    let kind = prop_oneof![5 => Just(0), 4 => Just(1), 1 => Just(2)];
    (kind, mostly(PEOPLE)).prop_map(|(kind, id)| Holder(kind, id))
}

/// Types of resources: known ones, and what this version has never heard of.
fn kind() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(&["stack", "tag", "project", "pipeline_run", "model", "secret"][..]).prop_map(str::to_owned),
        2 => select(ResourceType::ALL).prop_map(|kind| kind.to_string()),
        1 => select(&["resource_pool", "x"][..]).prop_map(str::to_owned),
    ]
}

/// A type, and a project where it belongs; now and then also where it does not.
fn typed() -> impl Strategy<Value = (String, Option<Uuid>)> {
    (kind(), number(THINGS), prop::bool::weighted(0.9), any::<bool>()).prop_map(
        |(kind, project, proper, coin)| {
            let in_project = kind.parse::<ResourceType>().map_or(coin, ResourceType::in_project);
            let written = in_project == proper;
            (kind, written.then_some(project))
        },
    )
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        3 => Just(Action::Read),
        2 => Just(Action::Update),
        4 => select(Action::ALL),
    ]
}

/// One row for a principal and a resource, as the database keeps it.
fn shares() -> impl Strategy<Value = Vec<Share>> {
    let word = prop_oneof![9 => action().prop_map(|action| action.to_string()), 1 => Just("fly".to_owned())];
    let actions = vec(word, 0..4).prop_map(|words| words.join(" "));
    let one = (mostly(WORKSPACES), holder(), typed(), number(THINGS), actions);
    vec(one, 0..8).prop_map(|shares| {
        let mut once = BTreeMap::new();
        for (workspace, holder, (kind, project), resource, actions) in shares {
            once.insert((workspace, holder, kind, resource), (project, actions));
        }
        let share = |((workspace, holder, kind, resource), (project, actions)): (
            OnceShared,
            (Option<Uuid>, String),
        )| Share {
            workspace_id: WorkspaceId::from_uuid(workspace),
            user_id: holder.user(),
            team_id: holder.team(),
            resource_type: kind,
            resource_id: resource,
            project_id: project.map(ProjectId::from_uuid),
            actions,
        };
        once.into_iter().map(share).collect()
    })
}

/// A type or one resource, as a workspace writes it.
fn written() -> impl Strategy<Value = String> {
    (typed(), weighted(0.8, mostly(THINGS))).prop_map(|((kind, project), id)| {
        let project = project.map(|project| format!("{project}:")).unwrap_or_default();
        let id = id.map(|id| format!("/{id}")).unwrap_or_default();
        format!("{project}{kind}{id}")
    })
}

/// What a workspace may send, and what none does.
fn resource() -> impl Strategy<Value = String> {
    let broken = select(
        &["", "/", ":", "stack/", "stack/x", ":stack", "Stack", "stack stack", "stack/../secret", "7:model"]
            [..],
    );
    let letters = vec(b' '..=b'~', 0..=2).prop_map(|bytes| bytes.into_iter().map(char::from).collect());
    let damaged = (written(), 0_usize..60, letters).prop_map(|(text, at, with): (_, _, String)| {
        let at = at.min(text.len());
        format!("{}{with}{}", &text[..at], &text[at..])
    });
    prop_oneof![
        30 => written(),
        1 => broken.prop_map(str::to_owned),
        2 => damaged,
        1 => written().prop_map(|text| format!("{text}{}", "0".repeat(200))),
    ]
}

/// A question, about somebody unknown and somewhere unknown now and then.
fn question() -> impl Strategy<Value = Question> {
    (mostly(PEOPLE), mostly(WORKSPACES), resource(), action(), instant()).prop_map(
        |(user, workspace, resource, action, now)| Question {
            user: UserId::from_uuid(user),
            workspace: WorkspaceId::from_uuid(workspace),
            resource,
            action,
            now,
        },
    )
}

/// What a row is about: who, where, and a resource it may give something on.
#[derive(Clone, Debug)]
struct Aim {
    people: Vec<UserId>,
    workspace: Option<WorkspaceId>,
    project: Option<Uuid>,
    kind: Option<String>,
    id: Option<Uuid>,
}

fn aims(rows: &Rows) -> Vec<Aim> {
    let people = |user: Option<UserId>, team: Option<TeamId>| -> Vec<UserId> {
        let in_team = rows.teams.iter().filter(|(of, _, _)| Some(*of) == team);
        user.into_iter().chain(in_team.filter_map(|(_, user, _)| *user)).collect()
    };
    let shares = rows.shares.iter().map(|share| Aim {
        people: people(share.user_id, share.team_id),
        workspace: Some(share.workspace_id),
        project: share.project_id.map(ProjectId::uuid),
        kind: Some(share.resource_type.clone()),
        id: Some(share.resource_id),
    });
    let grants = rows.grants.iter().map(|grant| Aim {
        people: people(grant.user_id, grant.team_id),
        workspace: grant.workspace_id,
        project: grant.project_id.map(ProjectId::uuid),
        kind: None,
        id: None,
    });
    shares.chain(grants).collect()
}

/// A question close to what a row gives: in one thing it may be about something else.
fn close(aims: Vec<Aim>) -> impl Strategy<Value = Question> {
    let other = (kind(), number(THINGS), number(THINGS));
    (select(aims), any::<usize>(), 0..12_u8, other, question()).prop_map(
        |(aim, person, off, (kind, project, id), random)| {
            let kind = aim.kind.filter(|_| off != 0).unwrap_or(kind);
            let id = aim.id.filter(|_| off != 1).unwrap_or(id);
            let project = if off == 2 { Some(project) } else { aim.project };
            // As the type is written, most of the time.
            let in_project = kind.parse::<ResourceType>().map_or(project.is_some(), ResourceType::in_project);
            let prefix = project.filter(|_| in_project).map(|project| format!("{project}:"));
            let person = aim.people.get(person % aim.people.len().max(1)).filter(|_| off != 3);
            Question {
                user: person.copied().unwrap_or(random.user),
                workspace: aim.workspace.filter(|_| off != 4).unwrap_or(random.workspace),
                resource: format!("{}{kind}/{id}", prefix.unwrap_or_default()),
                ..random
            }
        },
    )
}

/// An organization and so many questions about it: most are close to something that is there.
pub fn asked(questions: usize) -> impl Strategy<Value = (Rows, Vec<Question>)> {
    organization().prop_flat_map(move |rows| {
        let aims = aims(&rows);
        let one = if aims.is_empty() {
            question().boxed()
        } else {
            prop_oneof![2 => question(), 3 => close(aims)].boxed()
        };
        (Just(rows), vec(one, questions))
    })
}
