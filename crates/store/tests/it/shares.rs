//! Shares: replaced as a set, found by whom and by what, and taken with whatever they hang on.

use model::{OrgId, OrgRole, ProjectId, WorkspaceId};
use store::WriteTx;
use store::shares::{Share, With};
use testkit::{Person, World, both_engines};
use uuid::Uuid;

struct Place {
    org: OrgId,
    bob: Person,
    here: WorkspaceId,
    there: WorkspaceId,
}

async fn place(world: &World) -> Place {
    let org = world.org("acme").await;
    let bob = world.member(org, "bob", OrgRole::Member).await;
    Place { org, here: workspace(world, org, "here").await, there: workspace(world, org, "there").await, bob }
}

pub(super) async fn workspace(world: &World, org: OrgId, name: &str) -> WorkspaceId {
    let now = world.anonymous().now();
    let workspace = store::workspaces::Workspace {
        id: world.id(),
        org_id: org,
        name: name.to_owned(),
        display_name: name.to_owned(),
        description: String::new(),
        server_url: None,
        version: None,
        created_at: now,
        updated_at: now,
        reported_at: None,
        last_seen_at: None,
        deactivated_at: None,
    };
    let mut tx = world.store.write().await.unwrap();
    assert!(store::workspaces::insert(&mut tx, &workspace, None).await.unwrap());
    tx.commit_unaudited("arranged by a test").await.unwrap();
    workspace.id
}

fn share(n: u128, project: Option<ProjectId>, actions: &str) -> Share {
    Share {
        resource_type: "pipeline".to_owned(),
        resource_id: Uuid::from_u128(n),
        project_id: project,
        actions: actions.to_owned(),
    }
}

async fn put(world: &World, tx: &mut WriteTx, p: &Place, at: WorkspaceId, with: With, share: &Share) {
    store::shares::put(tx, at, with, share, p.bob.id, world.anonymous().now()).await.unwrap();
}

async fn whom(tx: &mut WriteTx, at: WorkspaceId, n: u128) -> Vec<(With, String)> {
    store::shares::of_resource(tx, at, "pipeline", Uuid::from_u128(n)).await.unwrap()
}

both_engines! {
    async fn a_share_is_replaced_as_a_set_and_kept_apart_by_holder_workspace_and_type(world: World) {
        let p = place(&world).await;
        let team = With::Team(world.team(p.org, "crew", &[]).await);
        let bob = With::User(p.bob.id);
        let mut tx = world.store.write().await.unwrap();
        put(&world, &mut tx, &p, p.here, bob, &share(1, None, "read update")).await;
        put(&world, &mut tx, &p, p.here, bob, &share(1, None, "read")).await;
        put(&world, &mut tx, &p, p.here, team, &share(1, None, "share")).await;
        put(&world, &mut tx, &p, p.there, bob, &share(1, None, "delete")).await;
        let mut seen = whom(&mut tx, p.here, 1).await;
        seen.sort_by_key(|(_, actions)| actions.clone());
        assert_eq!(seen, [(bob, "read".to_owned()), (team, "share".to_owned())]);
        let id = Uuid::from_u128(1);
        assert_eq!(store::shares::actions(&mut tx, p.here, team, "pipeline", id).await.unwrap().as_deref(), Some("share"));
        assert_eq!(store::shares::actions(&mut tx, p.here, bob, "stack", id).await.unwrap(), None);
        assert!(store::shares::remove(&mut tx, p.here, bob, "pipeline", id).await.unwrap());
        assert!(!store::shares::remove(&mut tx, p.here, bob, "pipeline", id).await.unwrap());
        assert_eq!(whom(&mut tx, p.here, 1).await, [(team, "share".to_owned())]);
        assert_eq!(whom(&mut tx, p.there, 1).await, [(bob, "delete".to_owned())]);
    }

    async fn shares_go_with_the_resource_the_project_the_team_and_the_workspace(world: World) {
        let p = place(&world).await;
        let crew = world.team(p.org, "crew", &[]).await;
        let (team, bob) = (With::Team(crew), With::User(p.bob.id));
        let project = world.id::<ProjectId>();
        let mut tx = world.store.write().await.unwrap();
        for at in [p.here, p.there] {
            put(&world, &mut tx, &p, at, bob, &share(1, None, "read")).await;
            put(&world, &mut tx, &p, at, team, &share(1, None, "read")).await;
            put(&world, &mut tx, &p, at, bob, &share(2, Some(project), "read")).await;
        }
        assert_eq!(store::shares::remove_resource(&mut tx, p.here, "pipeline", Uuid::from_u128(1)).await.unwrap(), 2);
        assert_eq!(store::shares::remove_project(&mut tx, p.here, project).await.unwrap(), 1);
        assert_eq!(whom(&mut tx, p.there, 1).await.len() + whom(&mut tx, p.there, 2).await.len(), 3);
        assert_eq!(store::shares::remove_all_of_team(&mut tx, crew).await.unwrap(), 1);
        assert_eq!(whom(&mut tx, p.there, 1).await, [(bob, "read".to_owned())]);
        assert_eq!(store::shares::remove_all_of_workspace(&mut tx, p.there).await.unwrap(), 2);
    }
}
