//! The decision engine, in an organization as large as they get.

use super::asking::{Asking, Enrolled, IDS_PER_CHECK, enrol, pace};
use super::report;
use control::authz::{GrantManage, Snapshot, WorkspaceAct};
use control::{Actor, Authorized, Origin};
use model::grant::Principal;
use model::{OrgId, OrgRole, UserId, WorkspaceRole};
use std::hint::black_box;
use std::time::{Duration, Instant};
use testkit::{Person, Size, World};

const SIZE: Size = Size { people: 10_000, teams: 1_000, workspaces: 1_000, grants: 100_000, shares: 100_000 };
const COMPILED: usize = 11;
const VERSIONS: usize = 2_000;
const REVOKED: usize = 30;
const LISTS: usize = 1000;
/// How long decisions are counted.
const COUNTED: Duration = Duration::from_secs(2);

/// Makes the organization, then measures everything that depends on its size.
pub(crate) async fn company(world: &World, engine: &str) {
    let org = world.org("company").await;
    let began = Instant::now();
    let company = world.company(org, SIZE).await;
    let made = enrol(world, org, "connie").await;
    report::number(
        &format!("an organization of {} people made, {engine}", SIZE.people),
        began.elapsed().as_secs_f64(),
        "s",
        "",
    );
    compiled(world, engine, org).await;
    versions(world, engine, &made).await;

    // Somebody with a bit of everything there: a role in a project, teams, shares.
    let worker = company.people[1];
    let workspace = made.workspace.workspace;
    world.share_many(org, workspace, worker, 100).await;
    let server = proof(world, org, &made).await;
    counted(world, engine, &server, worker).await;
    let asking = Asking::begin(world, &made.workspace).await;
    let mut times = asking.checks(worker, &resources(world, IDS_PER_CHECK)).await;
    report::times(&pace("large, ", engine), &mut times, 0.99, "p99 under 5 ms");
    revoked(world, engine, &made, &server).await;
}

/// Reading the rows, compiling them, and what they take then.
async fn compiled(world: &World, engine: &str, org: OrgId) {
    let (mut loads, mut compiles, mut both) = (Vec::new(), Vec::new(), Vec::new());
    let mut size = 0;
    for _ in 0..COMPILED {
        let began = Instant::now();
        let rows = world.policy_rows(org).await;
        loads.push(began.elapsed());
        let middle = Instant::now();
        let snapshot = Snapshot::compile(org, &rows);
        compiles.push(middle.elapsed());
        both.push(began.elapsed());
        size = black_box(&snapshot).size();
    }
    report::times(&format!("snapshot read, {engine}: p50 / worst"), &mut loads, 1.0, "");
    report::times(&format!("snapshot compiled, {engine}: p50 / worst"), &mut compiles, 1.0, "");
    report::times(
        &format!("snapshot read and compiled, {engine}: p50 / worst"),
        &mut both,
        1.0,
        "under 500 ms",
    );
    #[expect(clippy::cast_precision_loss, reason = "megabytes")]
    let megabytes = size as f64 / 1024.0 / 1024.0;
    report::number(&format!("snapshot in memory, {engine}"), megabytes, "MB", "under 64 MB");
}

/// What each question pays for being answered from the newest state.
async fn versions(world: &World, engine: &str, made: &Enrolled) {
    let mut times = Vec::with_capacity(VERSIONS);
    for _ in 0..VERSIONS {
        let began = Instant::now();
        black_box(world.policy_version(made.workspace.workspace).await);
        times.push(began.elapsed());
    }
    report::times(&format!("version compared, {engine}: p50 / p99"), &mut times, 0.99, "");
}

/// Decisions in this process, one question after the other.
async fn counted(world: &World, engine: &str, server: &Authorized<WorkspaceAct>, user: UserId) {
    let user = user.to_string();
    for ids in [1, IDS_PER_CHECK] {
        let resources = resources(world, ids);
        let began = Instant::now();
        let mut questions = 0_u32;
        while began.elapsed() < COUNTED {
            let asked = world.control.check_permissions(server, &user, "read", resources.clone()).await;
            assert_eq!(black_box(asked).expect("decisions").len(), ids);
            questions += 1;
        }
        let per_second = f64::from(questions) / began.elapsed().as_secs_f64();
        report::number(&format!("check_permissions, {ids} ids, in process, {engine}"), per_second, "/s", "");
    }
}

/// From a revocation that was acknowledged here to the first denial there. Nothing is allowed in between.
async fn revoked(world: &World, engine: &str, made: &Enrolled, server: &Authorized<WorkspaceAct>) {
    let replica = world.replica().await;
    let right = world
        .control
        .authorize::<GrantManage>(&world.cx(&made.admin), made.workspace.workspace)
        .await
        .expect("the right");
    let leaver = world.member(server.org(), "lea", OrgRole::Member).await;
    let (mut times, mut changes) = (Vec::new(), Vec::new());
    for _ in 0..REVOKED {
        let to = Principal::User(leaver.id);
        let began = Instant::now();
        let given = world.control.grant_to(&right, to, WorkspaceRole::Viewer.into()).await.expect("a role");
        changes.push(began.elapsed());
        assert!(reads(&replica, server, &leaver).await, "given and not allowed");
        world.control.revoke_in_workspace(&right, given, false).await.expect("no role");
        let began = Instant::now();
        assert!(!reads(&replica, server, &leaver).await, "taken and still allowed");
        times.push(began.elapsed());
    }
    report::times(&format!("a role given, {engine}: p50 / p99"), &mut changes, 0.99, "");
    report::times(
        &format!("revocation to denial on another replica, {engine}: p50 / p99"),
        &mut times,
        0.99,
        "p99 under 50 ms",
    );
}

async fn reads(world: &World, server: &Authorized<WorkspaceAct>, person: &Person) -> bool {
    let asked = vec!["stack".to_owned()];
    let answers = world.control.check_permissions(server, &person.id.to_string(), "read", asked).await;
    answers.expect("a decision")["stack"]
}

/// What one person with a hundred thousand shares in one workspace may read.
pub(crate) async fn many_shares(world: &World, engine: &str) {
    let org = world.org("sharing").await;
    let person = world.member(org, "sharon", OrgRole::Member).await;
    let made = enrol(world, org, "sam").await;
    world.share_many(org, made.workspace.workspace, person.id, SIZE.shares).await;
    let server = proof(world, org, &made).await;
    let resource = "00000000-0000-0000-0000-000000000001:pipeline_run";
    let mut times = Vec::with_capacity(LISTS);
    for _ in 0..LISTS {
        let began = Instant::now();
        let list =
            world.control.allowed_resource_ids(&server, &person.id.to_string(), resource, "read").await;
        assert_eq!(black_box(list).expect("a list").ids.len(), SIZE.shares);
        times.push(began.elapsed());
    }
    let what = |how: &str| format!("allowed ids, {} shares, {how}{engine}: p50 / p99", SIZE.shares);
    report::times(&what("in process, "), &mut times, 0.99, "p99 under 20 ms");
    let asking = Asking::begin(world, &made.workspace).await;
    times.clear();
    for _ in 0..LISTS {
        times.push(asking.list(person.id, resource, SIZE.shares * 38).await);
    }
    report::times(&what("over HTTP, "), &mut times, 0.99, "");
}

/// The proof that a workspace's server asks.
async fn proof(world: &World, org: OrgId, made: &Enrolled) -> Authorized<WorkspaceAct> {
    let (workspace, name) = (made.workspace.workspace, made.workspace.name.clone());
    let actor = Actor::Workspace { workspace, org, name, credential: world.id() };
    let cx = world.control.cx(Origin::default(), Some(actor));
    world.control.as_workspace(&cx).await.expect("the right")
}

/// Resources of the types a workspace asks about most, none of which anybody was given by itself.
fn resources(world: &World, count: usize) -> Vec<String> {
    let project = "00000000-0000-0000-0000-000000000001";
    (0..count)
        .map(|n| {
            let id = world.id::<model::ApiKeyId>();
            if n % 2 == 0 { format!("stack/{id}") } else { format!("{project}:pipeline_run/{id}") }
        })
        .collect()
}
