//! Grants: once in a place, with the names of everything they join, until they run out.

use super::shares::workspace;
use model::grant::{Place, Principal, ProjectPlace};
use model::{Level, OrgId, OrgRole, ProjectRole, RoleRef, Timestamp, WorkspaceRole};
use store::WriteTx;
use store::grants::NewGrant;
use testkit::{World, both_engines};

/// Gives a role; `false` if it is held already.
async fn give(
    world: &World,
    tx: &mut WriteTx,
    org: OrgId,
    to: Principal,
    place: impl Into<Place>,
    role: impl Into<RoleRef>,
    expires_at: Option<Timestamp>,
) -> bool {
    let at = world.anonymous().now();
    let (place, role) = (place.into(), role.into());
    let grant = NewGrant { id: world.id(), org, place, principal: to, role, by: None, at, expires_at };
    store::grants::insert(tx, &grant).await.unwrap()
}

both_engines! {
    async fn a_role_is_held_once_by_one_principal_in_one_place(world: World) {
        let org = world.org("acme").await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let crew = Principal::Team(world.team(org, "crew", &[]).await);
        let dev = workspace(&world, org, "dev").await;
        let project = ProjectPlace { workspace: dev, project: world.id() };
        let bob = Principal::User(bob.id);
        let mut tx = world.store.write().await.unwrap();
        for again in [false, true] {
            for (to, place, role) in [
                (bob, Place::Org(org), RoleRef::from(OrgRole::Viewer)),
                (bob, dev.into(), WorkspaceRole::Viewer.into()),
                (bob, dev.into(), WorkspaceRole::Admin.into()),
                (crew, dev.into(), WorkspaceRole::Viewer.into()),
                (bob, project.into(), ProjectRole::Viewer.into()),
            ] {
                assert_ne!(give(&world, &mut tx, org, to, place, role, None).await, again, "{to} {place} {role}");
            }
        }
        assert_eq!(store::grants::of_workspace(&mut tx, org, dev, world.anonymous().now(), 10).await.unwrap().len(), 4);
        assert_eq!(store::grants::remove_all_of_project(&mut tx, project).await.unwrap(), 1);
        assert_eq!(store::grants::remove_all_of_workspace(&mut tx, dev).await.unwrap(), 3);
    }

    async fn a_grant_says_who_what_and_where_by_name(world: World) {
        let org = world.org("acme").await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let crew = world.team(org, "Crew", &[]).await;
        let (dev, now) = (workspace(&world, org, "dev").await, world.anonymous().now());
        let named = ProjectPlace { workspace: dev, project: world.id() };
        let nameless = ProjectPlace { workspace: dev, project: world.id() };
        let custom = world.role(org, Level::Project, "Helper", "pipeline.read").await;
        let mut tx = world.store.write().await.unwrap();
        store::projects::learn(&mut tx, named, Some("Fraud"), now).await.unwrap();
        give(&world, &mut tx, org, Principal::User(bob.id), org, OrgRole::Billing, None).await;
        give(&world, &mut tx, org, Principal::Team(crew), named, custom, None).await;
        give(&world, &mut tx, org, Principal::Team(crew), nameless, ProjectRole::Admin, None).await;
        let of_bob = store::grants::of_principal(&mut tx, org, Principal::User(bob.id), now).await.unwrap();
        assert_eq!((of_bob[0].principal_name.as_str(), of_bob[0].place_name.as_str()), ("bob", "acme"));
        assert_eq!((of_bob[0].place, of_bob[0].role, of_bob.len()), (org.into(), OrgRole::Billing.into(), 1));
        let of_custom = store::grants::of_role(&mut tx, org, custom.into(), now, 10).await.unwrap();
        assert_eq!((of_custom[0].principal_name.as_str(), of_custom[0].place_name.as_str()), ("Crew", "dev / Fraud"));
        assert_eq!(of_custom[0].custom_name.as_deref(), Some("Helper"));
        let in_nameless = store::grants::of_project(&mut tx, org, nameless, now, 10).await.unwrap();
        assert_eq!(in_nameless[0].place_name, format!("dev / {}", nameless.project));
        let mut counts = store::grants::count_by_role(&mut tx, org, now).await.unwrap();
        counts.sort();
        let mut expected = vec![("billing-admin".to_owned(), 1), (custom.to_string(), 1), ("project-admin".to_owned(), 1)];
        expected.sort();
        assert_eq!(counts, expected);
    }

    async fn what_ran_out_is_not_read_and_makes_room(world: World) {
        let org = world.org("acme").await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let bob = Principal::User(bob.id);
        let (dev, now) = (workspace(&world, org, "dev").await, world.anonymous().now());
        let mut tx = world.store.write().await.unwrap();
        assert!(give(&world, &mut tx, org, bob, dev, WorkspaceRole::Viewer, Some(now.plus_s(60))).await);
        assert!(!give(&world, &mut tx, org, bob, dev, WorkspaceRole::Viewer, None).await);
        world.clock.advance_s(59);
        let later = world.anonymous().now();
        assert_eq!(store::grants::of_principal(&mut tx, org, bob, later).await.unwrap().len(), 1);
        world.clock.advance_s(1);
        let later = world.anonymous().now();
        assert!(store::grants::of_principal(&mut tx, org, bob, later).await.unwrap().is_empty());
        assert!(store::grants::count_by_role(&mut tx, org, later).await.unwrap().is_empty());
        assert!(give(&world, &mut tx, org, bob, dev, WorkspaceRole::Viewer, None).await);
        let held = store::grants::of_principal(&mut tx, org, bob, later).await.unwrap();
        assert_eq!(held.iter().map(|grant| grant.expires_at).collect::<Vec<_>>(), [None]);
    }
}
