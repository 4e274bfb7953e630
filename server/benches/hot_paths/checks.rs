//! A thousand decisions two hundred times a second, in a small organization.

use super::asking::{Asking, IDS_PER_CHECK, enrol, pace};
use super::report;
use control::authz::GrantManage;
use model::grant::Principal;
use model::{OrgRole, WorkspaceRole};
use testkit::World;

/// Asks over a real connection, as a workspace's server does.
pub(crate) async fn under_load(world: &World, engine: &str) {
    let org = world.org("acme").await;
    let viewer = world.member(org, "victor", OrgRole::Member).await;
    let made = enrol(world, org, "alice").await;
    let cx = world.cx(&made.admin);
    let grant =
        world.control.authorize::<GrantManage>(&cx, made.workspace.workspace).await.expect("the right");
    let to = Principal::User(viewer.id);
    world.control.grant_to(&grant, to, WorkspaceRole::Viewer.into()).await.expect("a role");
    let asking = Asking::begin(world, &made.workspace).await;
    let resources: Vec<String> =
        (0..IDS_PER_CHECK).map(|_| format!("stack/{}", world.id::<model::ApiKeyId>())).collect();
    let mut times = asking.checks(viewer.id, &resources).await;
    report::times(&pace("", engine), &mut times, 0.99, "p99 under 5 ms");
}
