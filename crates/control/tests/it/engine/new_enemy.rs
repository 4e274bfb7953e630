//! No check that begins after something was taken, and that was acknowledged, may still allow it: on no replica, whatever
//! else is being written and read at that moment.

use super::super::zenml::{enroll, server_of};
use control::authz::{GrantManage, OrgRead, TeamCreate, TeamMembers, WorkspaceAct, WorkspaceEnter};
use control::zenml::ShareRequest;
use control::{Authorized, Control};
use model::grant::Principal;
use model::workspace::WorkspaceQuery;
use model::{GrantId, OrgRole, WorkspaceId, WorkspaceRole};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use testkit::{Person, World, both_engines};
use uuid::Uuid;

/// How often each kind of thing is given and taken.
const ROUNDS: usize = 70;

/// What is given and taken.
#[derive(Clone, Copy, Debug)]
enum What {
    Role,
    TeamMembership,
    Share,
}

/// An organization that two replicas serve.
struct Stage {
    replicas: [World; 2],
    workspace: WorkspaceId,
    owner: Person,
    manage: Authorized<GrantManage>,
    members: Authorized<TeamMembers>,
    server: Authorized<WorkspaceAct>,
    /// What the people of this stage are given and asked about.
    resource: String,
    done: AtomicBool,
    checks: AtomicUsize,
}

async fn stage(world: &World) -> Stage {
    let org = world.org("acme").await;
    let owner = world.member(org, "olivia", OrgRole::Admin).await;
    let made = enroll(world, org, &owner, "dev").await;
    let cx = world.cx(&owner);
    let control = &world.control;
    let manage = control.authorize::<GrantManage>(&cx, made.workspace).await.unwrap();
    let create = control.authorize::<TeamCreate>(&cx, org).await.unwrap();
    let team = control.create_team(&create, "Readers", "").await.unwrap().id;
    let role = WorkspaceRole::Viewer.into();
    control.grant_in_workspace(&manage, &Principal::Team(team).to_string(), role, None).await.unwrap();
    Stage {
        workspace: made.workspace,

        members: control.authorize::<TeamMembers>(&cx, team).await.unwrap(),
        server: server_of(world, org, &made).await,
        manage,
        owner,
        replicas: [world.clone(), world.replica().await],
        resource: format!("{}:pipeline_run/{}", Uuid::from_u128(7), Uuid::from_u128(8)),
        done: AtomicBool::new(false),
        checks: AtomicUsize::new(0),
    }
}

impl Stage {
    async fn give(&self, on: &Control, what: What, person: &Person) -> Option<GrantId> {
        let who = Principal::User(person.id).to_string();
        match what {
            What::Role => {
                let role = WorkspaceRole::Viewer.into();
                return Some(on.grant_in_workspace(&self.manage, &who, role, None).await.unwrap());
            }
            What::TeamMembership => on.add_team_member(&self.members, &who).await.unwrap(),
            What::Share => self.share(on, person, &["read"]).await,
        }
        None
    }

    async fn take(&self, on: &Control, what: What, person: &Person, given: Option<GrantId>) {
        match what {
            What::Role => on.revoke_in_workspace(&self.manage, given.unwrap(), false).await.unwrap(),
            What::TeamMembership => {
                on.remove_team_member(&self.members, Principal::User(person.id), false).await.unwrap();
            }
            What::Share => self.share(on, person, &[]).await,
        }
    }

    async fn share(&self, on: &Control, person: &Person, actions: &[&str]) {
        let request = ShareRequest {
            user_id: Some(person.id.to_string()),
            team_id: None,
            sharing_user_id: self.owner.id.to_string(),
            resource: self.resource.clone(),
            actions: actions.iter().map(|action| (*action).to_owned()).collect(),
        };
        on.set_resource_members(&self.server, &request).await.unwrap();
    }

    /// Every way to ask: a single decision, a list, the way in; and one that waits for the whole to be compiled, the
    /// workspaces somebody sees.
    async fn asked(&self, on: &World, person: &Person) -> [bool; 4] {
        let (user, texts) = (person.id.to_string(), vec![self.resource.clone()]);
        let decided = on.control.check_permissions(&self.server, &user, "read", texts).await.unwrap();
        let of_type = self.resource.split('/').next().unwrap();
        let list = on.control.allowed_resource_ids(&self.server, &user, of_type, "read").await.unwrap();
        let entry = on.control.authorize::<WorkspaceEnter>(&on.cx(person), self.workspace).await;
        let read = on.control.authorize::<OrgRead>(&on.cx(person), self.manage.org()).await.unwrap();
        let seen = on.control.workspaces(&read, &WorkspaceQuery::default()).await.unwrap().page.items;
        self.checks.fetch_add(1, Ordering::Relaxed);
        let listed = list.full_access || !list.ids.is_empty();
        [decided[&self.resource], listed, entry.is_ok(), !seen.is_empty()]
    }

    /// Gives and takes, on one replica and then on the other; asks on the one that did not do it, at once.
    async fn rounds(&self, what: What, person: &Person) {
        for round in 0..ROUNDS {
            let [here, there] = [&self.replicas[round % 2], &self.replicas[(round + 1) % 2]];
            let given = self.give(&here.control, what, person).await;
            assert_eq!(self.asked(there, person).await, [true; 4], "{what:?} given, round {round}");
            self.take(&here.control, what, person, given).await;
            assert_eq!(self.asked(there, person).await, [false; 4], "{what:?} taken, round {round}");
        }
    }

    /// Changes the organization all the time, so that no snapshot is new for long.
    async fn disturb(&self, on: &World, person: &Person) {
        while !self.done.load(Ordering::Relaxed) {
            let given = self.give(&on.control, What::Role, person).await;
            self.take(&on.control, What::Role, person, given).await;
        }
    }

    /// Asks all the time, so that a snapshot is always being compiled.
    async fn watch(&self, on: &World, person: &Person) {
        while !self.done.load(Ordering::Relaxed) {
            self.asked(on, person).await;
        }
    }
}

both_engines! {
    /// Fails if `Slot::at_least` hands out the snapshot it has, whatever its version.
    async fn nothing_is_allowed_after_it_was_taken(world: World) {
        let stage = Arc::new(stage(&world).await);
        let org = stage.manage.org();
        let mut busy = Vec::new();
        for (n, on) in stage.replicas.iter().enumerate() {
            let person = world.member(org, &format!("noise{n}"), OrgRole::Member).await;
            let (stage, on) = (Arc::clone(&stage), on.clone());
            let (also, there, them) = (Arc::clone(&stage), on.clone(), person.clone());
            busy.push(tokio::spawn(async move { stage.disturb(&on, &person).await }));
            busy.push(tokio::spawn(async move { also.watch(&there, &them).await }));
        }
        let mut rounds = Vec::new();
        for what in [What::Role, What::TeamMembership, What::Share] {
            let person = world.member(org, &format!("{what:?}").to_lowercase(), OrgRole::Member).await;
            let stage = Arc::clone(&stage);
            rounds.push(tokio::spawn(async move { stage.rounds(what, &person).await }));
        }
        for round in rounds {
            round.await.unwrap();
        }
        stage.done.store(true, Ordering::Relaxed);
        for task in busy {
            task.await.unwrap();
        }
        println!("{} rounds among {} checks", 3 * ROUNDS, stage.checks.load(Ordering::Relaxed));
    }
}
