use super::zenml::enroll;
use control::authz::{GrantManage, WorkspaceEnter, WorkspaceRead};
use model::{ErrorCode, OrgRole, WorkspaceId, WorkspaceRole};
use testkit::{Person, World, both_engines};

/// Gives a role as `by` would.
pub(super) async fn give(
    world: &World,
    by: &Person,
    workspace: WorkspaceId,
    to: &Person,
    role: WorkspaceRole,
) {
    let auth = world.control.authorize::<GrantManage>(&world.cx(by), workspace).await.unwrap();
    world.control.set_grant(&auth, to.id, role).await.unwrap();
}

both_engines! {
    async fn a_role_is_given_changed_and_taken_with_effect_on_the_next_request(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = enroll(&world, org, &owner, "dev").await.workspace;
        let auth = world.control.authorize::<GrantManage>(&world.cx(&owner), dev).await.unwrap();
        let enters = async |on: &World| on.control.authorize::<WorkspaceEnter>(&on.cx(&bob), dev).await.is_ok();
        let replica = world.replica().await;
        assert!(!enters(&world).await);
        world.control.set_grant(&auth, bob.id, WorkspaceRole::Viewer).await.unwrap();
        assert!(enters(&world).await && enters(&replica).await);
        world.control.set_grant(&auth, bob.id, WorkspaceRole::Admin).await.unwrap();
        world.control.set_grant(&auth, bob.id, WorkspaceRole::Admin).await.unwrap();
        let read = world.control.authorize::<WorkspaceRead>(&world.cx(&bob), dev).await.unwrap();
        let people = world.control.workspace(&read).await.unwrap().people;
        let seen: Vec<_> = people.iter().map(|p| (p.name.as_str(), p.role, p.org_admin)).collect();
        assert_eq!(seen, [("bob", Some(WorkspaceRole::Admin), false), ("olivia", None, true)]);
        world.control.remove_grant(&auth, bob.id).await.unwrap();
        assert!(!enters(&world).await && !enters(&replica).await);
        assert_eq!(world.control.remove_grant(&auth, bob.id).await.unwrap_err().code(), ErrorCode::NotFound);
        let log = world.audit(org).await;
        let grants: Vec<_> = log.iter().filter(|entry| entry.starts_with("grant.")).collect();
        assert_eq!(grants, ["grant.deleted/success", "grant.updated/success", "grant.created/success"]);
    }

    async fn only_members_hold_roles(world: World) {
        let acme = world.org("acme").await;
        let other = world.org("other").await;
        let owner = world.member(acme, "olivia", OrgRole::Admin).await;
        let eve = world.member(other, "eve", OrgRole::Admin).await;
        let nobody = world.person("nobody").await;
        let dev = enroll(&world, acme, &owner, "dev").await.workspace;
        let auth = world.control.authorize::<GrantManage>(&world.cx(&owner), dev).await.unwrap();
        for stranger in [eve.id, nobody.id, world.id()] {
            let error = world.control.set_grant(&auth, stranger, WorkspaceRole::Viewer).await.unwrap_err();
            assert!(error.fields().contains_key("user"));
        }
        for who in ["eve", "eve@acme.test", "nobody", "", "%"] {
            let error = world.control.set_grant_by_name(&auth, who, WorkspaceRole::Viewer).await.unwrap_err();
            assert!(error.fields().contains_key("who"), "{who}");
        }
        let error = world.control.authorize::<GrantManage>(&world.cx(&eve), dev).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::NotFound);
    }

    async fn a_member_is_found_by_address_and_username_but_never_guessed(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = enroll(&world, org, &owner, "dev").await.workspace;
        let auth = world.control.authorize::<GrantManage>(&world.cx(&owner), dev).await.unwrap();
        world.control.set_grant_by_name(&auth, " Bob@Acme.test ", WorkspaceRole::Viewer).await.unwrap();
        world.control.set_grant_by_name(&auth, "BOB", WorkspaceRole::Developer).await.unwrap();
        let read = world.control.authorize::<WorkspaceRead>(&world.cx(&owner), dev).await.unwrap();
        let people = world.control.workspace(&read).await.unwrap().people;
        assert_eq!(people.iter().find(|p| p.user == bob.id).unwrap().role, Some(WorkspaceRole::Developer));

        let twin = world.member(org, "twin", OrgRole::Member).await;
        let mut tx = world.store.write().await.unwrap();
        let user = store::users::User {
            id: world.id(), username: "other-twin".into(), name: "Other Twin".into(), email: twin.email.clone(),
            created_at: auth.now(), deactivated_at: None,
        };
        store::users::insert(&mut tx, &user).await.unwrap();
        store::members::insert(&mut tx, org, &user, OrgRole::Member, auth.now()).await.unwrap();
        tx.commit_unaudited("arranged by a test").await.unwrap();
        let error = world.control.set_grant_by_name(&auth, &twin.email, WorkspaceRole::Viewer).await.unwrap_err();
        assert!(error.fields().get("who").is_some_and(|why| why.contains("username")));
    }

    async fn a_workspace_admin_grants_and_a_developer_does_not(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let wanda = world.member(org, "wanda", OrgRole::Member).await;
        let dora = world.member(org, "dora", OrgRole::Member).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = enroll(&world, org, &owner, "dev").await.workspace;
        let prod = enroll(&world, org, &owner, "prod").await.workspace;
        give(&world, &owner, dev, &wanda, WorkspaceRole::Admin).await;
        give(&world, &owner, dev, &dora, WorkspaceRole::Developer).await;
        give(&world, &wanda, dev, &bob, WorkspaceRole::Admin).await;
        let error = world.control.authorize::<GrantManage>(&world.cx(&dora), dev).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::Forbidden);
        // A role in one workspace is none in its neighbour.
        let error = world.control.authorize::<GrantManage>(&world.cx(&wanda), prod).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::NotFound);
    }
}
