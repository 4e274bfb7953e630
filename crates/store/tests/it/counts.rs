//! What counts against limits, the limits, and the projects that are learnt by counting.

use super::shares::workspace;
use model::grant::{Place, Principal, ProjectPlace};
use model::limit::Feature;
use model::{OrgRole, ProjectId, ProjectRole, Timestamp};
use testkit::{World, both_engines};

fn now(world: &World) -> Timestamp {
    world.anonymous().now()
}

both_engines! {
    async fn a_resource_counts_once_and_as_long_as_its_workspace_is_there(world: World) {
        let (org, other) = (world.org("acme").await, world.org("other").await);
        let (dev, prod) = (workspace(&world, org, "dev").await, workspace(&world, org, "prod").await);
        let theirs = workspace(&world, other, "theirs").await;
        let at = now(&world);
        let mut tx = world.store.write().await.unwrap();
        for (place, resource, new) in [(dev, "a", true), (dev, "a", false), (dev, "b", true), (prod, "a", true), (theirs, "a", true)] {
            assert_eq!(store::usage::add(&mut tx, place, "pipeline", resource, at).await.unwrap(), new);
        }
        store::usage::add(&mut tx, prod, "model", "m", at).await.unwrap();
        assert_eq!(store::usage::count(&mut tx, org, "pipeline").await.unwrap(), 3);
        assert_eq!(store::usage::of_org(&mut tx, org).await.unwrap(), [
            ("model".to_owned(), prod, "prod".to_owned(), 1),
            ("pipeline".to_owned(), dev, "dev".to_owned(), 2),
            ("pipeline".to_owned(), prod, "prod".to_owned(), 1),
        ]);
        assert!(store::usage::remove(&mut tx, dev, "pipeline", "a").await.unwrap());
        assert!(!store::usage::remove(&mut tx, dev, "pipeline", "a").await.unwrap());
        store::workspaces::delete(&mut tx, prod, at).await.unwrap();
        assert_eq!(store::usage::count(&mut tx, org, "pipeline").await.unwrap(), 1);
        assert_eq!(store::usage::counts(&mut tx, dev).await.unwrap(), [("pipeline".to_owned(), 1)]);
        assert_eq!(store::usage::of_org(&mut tx, org).await.unwrap().len(), 1);
    }

    async fn a_limit_is_set_changed_and_lifted_in_its_organization_alone(world: World) {
        let (org, other) = (world.org("acme").await, world.org("other").await);
        let at = now(&world);
        let mut tx = world.store.write().await.unwrap();
        store::limits::set(&mut tx, org, Feature::Pipeline, 3, at).await.unwrap();
        store::limits::set(&mut tx, org, Feature::Model, 0, at).await.unwrap();
        store::limits::set(&mut tx, org, Feature::Pipeline, 5, at.plus_s(1)).await.unwrap();
        assert_eq!(store::limits::list(&mut tx, org).await.unwrap(), [
            ("model".to_owned(), 0, at), ("pipeline".to_owned(), 5, at.plus_s(1)),
        ]);
        assert_eq!(store::limits::of(&mut tx, other, Feature::Pipeline).await.unwrap(), None);
        store::limits::lift(&mut tx, org, Feature::Pipeline).await.unwrap();
        store::limits::lift(&mut tx, org, Feature::Pipeline).await.unwrap();
        assert_eq!(store::limits::of(&mut tx, org, Feature::Pipeline).await.unwrap(), None);
        assert_eq!(store::limits::of(&mut tx, org, Feature::Model).await.unwrap(), Some(0));
    }

    async fn a_project_is_learnt_once_and_keeps_its_name_until_it_gets_another(world: World) {
        let org = world.org("acme").await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let (dev, prod) = (workspace(&world, org, "dev").await, workspace(&world, org, "prod").await);
        let project: ProjectId = world.id();
        let (here, there) = (ProjectPlace { workspace: dev, project }, ProjectPlace { workspace: prod, project });
        let at = now(&world);
        let mut tx = world.store.write().await.unwrap();
        assert!(store::projects::learn(&mut tx, here, None, at).await.unwrap());
        assert!(store::projects::learn(&mut tx, there, Some("Theirs"), at).await.unwrap());
        assert!(!store::projects::learn(&mut tx, here, Some("Fraud"), at.plus_s(1)).await.unwrap());
        assert!(!store::projects::learn(&mut tx, here, None, at.plus_s(2)).await.unwrap());
        let grant = store::grants::NewGrant {
            id: world.id(), org, place: Place::Project(here), principal: Principal::User(bob.id),
            role: ProjectRole::Viewer.into(), by: None, at, expires_at: None,
        };
        assert!(store::grants::insert(&mut tx, &grant).await.unwrap());
        let found = store::projects::by_id(&mut tx, here).await.unwrap().unwrap();
        assert_eq!((found.label(), found.created_at, found.grants), ("Fraud".to_owned(), at, 1));
        let second = ProjectPlace { workspace: dev, project: world.id() };
        store::projects::learn(&mut tx, second, None, at.plus_s(1)).await.unwrap();
        let listed = store::projects::list(&mut tx, dev, 10).await.unwrap();
        assert_eq!(listed.iter().map(|one| one.id).collect::<Vec<_>>(), [project, second.project]);
        assert_eq!(listed[1].label(), second.project.to_string(), "without a name it is called by its id");
        assert!(store::projects::forget(&mut tx, here).await.unwrap());
        assert!(!store::projects::forget(&mut tx, here).await.unwrap());
        assert_eq!(store::projects::by_id(&mut tx, there).await.unwrap().unwrap().label(), "Theirs");
        store::projects::forget_all(&mut tx, prod).await.unwrap();
        assert!(store::projects::list(&mut tx, prod, 10).await.unwrap().is_empty());
    }
}
