use super::grants::give;
use super::zenml::{enroll, server_of};
use control::authz::{
    OrgRead, WorkspaceDelete, WorkspaceEnroll, WorkspaceKeys, WorkspaceRead, WorkspaceUpdate,
};
use control::secret::{self, Kind};
use control::workspaces::{NewWorkspace, WorkspaceChange};
use control::zenml::Report;
use model::workspace::{Health, WorkspaceQuery, WorkspaceStatus};
use model::{ErrorCode, OrgRole, WorkspaceRole};
use testkit::{World, both_engines};

/// Whether a key signs its server in.
async fn works(world: &World, key: &str) -> bool {
    let digest = secret::parse(Kind::EnrollmentKey, key).unwrap();
    let now = world.anonymous().now();
    let mut tx = world.store.read().await.unwrap();
    store::workspaces::credential_by_digest(&mut tx, digest.as_bytes(), now).await.unwrap().is_some()
}

fn change(name: &str, note: &str) -> WorkspaceChange {
    WorkspaceChange {
        display_name: Some(name.to_owned()),
        description: Some(note.to_owned()),
        ..WorkspaceChange::default()
    }
}

both_engines! {
    async fn an_enrolled_workspace_waits_with_a_key_and_ready_configuration(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let cx = world.cx(&owner);
        let auth = world.control.authorize::<WorkspaceEnroll>(&cx, org).await.unwrap();
        let new = NewWorkspace::parse("dev", "", "For trying things").unwrap();
        let made = world.control.enroll_workspace(&auth, &new).await.unwrap();
        assert!(works(&world, &made.key).await);
        for line in [
            "ZENML_SERVER_DEPLOYMENT_TYPE=cloud",
            "ZENML_SERVER_PRO_API_URL=http://localhost:8580/api/v1",
            "ZENML_SERVER_PRO_DASHBOARD_URL=http://localhost:8580",
            "ZENML_SERVER_PRO_OAUTH2_AUDIENCE=http://localhost:8580/api/v1",
            "ZENML_SERVER_PRO_ORGANIZATION_NAME=acme",
            "ZENML_SERVER_PRO_WORKSPACE_NAME=dev",
            &format!("ZENML_SERVER_PRO_ORGANIZATION_ID={org}"),
            &format!("ZENML_SERVER_PRO_WORKSPACE_ID={}", made.workspace),
            &format!("ZENML_SERVER_PRO_OAUTH2_CLIENT_SECRET={}", made.key),
        ] {
            assert!(made.environment.lines().any(|found| found == line), "{line} in {}", made.environment);
        }
        assert!(made.helm_values.contains(&format!("    enrollmentKey: \"{}\"\n", made.key)));
        assert!(made.docker_run.ends_with("  zenmldocker/zenml-server:0.98.0\n"));

        let read = world.control.authorize::<WorkspaceRead>(&cx, made.workspace).await.unwrap();
        let detail = world.control.workspace(&read).await.unwrap();
        assert_eq!((detail.row.status, detail.row.health), (WorkspaceStatus::Pending, Health::NeverReported));
        assert_eq!((detail.row.display_name.as_str(), detail.org), ("dev", org));
        assert_eq!(detail.keys.len(), 1);
        assert!(made.key.ends_with(&detail.keys[0].hint));
        assert_eq!(world.audit(org).await, ["workspace.enrolled/success"]);
    }

    async fn a_name_is_given_once_in_the_whole_installation_and_never_again(world: World) {
        let acme = world.org("acme").await;
        let other = world.org("other").await;
        let owner = world.member(acme, "olivia", OrgRole::Admin).await;
        let stranger = world.member(other, "eve", OrgRole::Admin).await;
        let made = enroll(&world, acme, &owner, "dev").await;
        let again = async || {
            let auth = world.control.authorize::<WorkspaceEnroll>(&world.cx(&stranger), other).await.unwrap();
            let new = NewWorkspace::parse("dev", "Mine", "").unwrap();
            let error = world.control.enroll_workspace(&auth, &new).await.unwrap_err();
            assert_eq!(error.code(), ErrorCode::Conflict);
            assert!(!format!("{} {:?}", error.message(), error.fields()).contains("acme"));
        };
        again().await;
        let auth = world.control.authorize::<WorkspaceDelete>(&world.cx(&owner), made.workspace).await.unwrap();
        let mistyped = world.control.delete_workspace(&auth, "prod").await.unwrap_err();
        assert!(mistyped.fields().contains_key("confirm"));
        world.control.delete_workspace(&auth, "dev").await.unwrap();
        again().await;
        assert!(world.audit(other).await.is_empty());
    }

    async fn deleting_takes_keys_roles_and_the_place_itself(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let made = enroll(&world, org, &owner, "dev").await;
        give(&world, &owner, made.workspace, &bob, WorkspaceRole::Viewer).await;
        let auth = world.control.authorize::<WorkspaceDelete>(&world.cx(&owner), made.workspace).await.unwrap();
        world.control.delete_workspace(&auth, " dev ").await.unwrap();
        assert!(!works(&world, &made.key).await);
        for person in [&owner, &bob] {
            let error = world.control.authorize::<WorkspaceRead>(&world.cx(person), made.workspace).await.unwrap_err();
            assert_eq!(error.code(), ErrorCode::NotFound);
            let error = world.control.workspace_named(&world.cx(person), "dev").await.unwrap_err();
            assert_eq!(error.code(), ErrorCode::NotFound);
        }
        assert_eq!(world.control.delete_workspace(&auth, "dev").await.unwrap_err().code(), ErrorCode::NotFound);
        let reads = world.control.authorize::<OrgRead>(&world.cx(&owner), org).await.unwrap();
        assert!(world.control.workspaces(&reads, &WorkspaceQuery::default()).await.unwrap().page.items.is_empty());
    }

    async fn old_keys_work_beside_a_new_one_until_the_overlap_is_over(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let first = enroll(&world, org, &owner, "dev").await;
        let auth = world.control.authorize::<WorkspaceKeys>(&world.cx(&owner), first.workspace).await.unwrap();
        let second = world.control.rotate_enrollment_key(&auth, 60).await.unwrap();
        assert_eq!(second.old_keys_until, Some(auth.now().plus_s(3600)));
        assert!(works(&world, &first.key).await && works(&world, &second.key).await);
        // A longer overlap later does not lengthen the life the first key has left.
        let third = world.control.rotate_enrollment_key(&auth, 24 * 60).await.unwrap();
        world.clock.advance_s(3600);
        assert!(!works(&world, &first.key).await);
        assert!(works(&world, &second.key).await && works(&world, &third.key).await);
        world.clock.advance_s(23 * 3600);
        assert!(!works(&world, &second.key).await && works(&world, &third.key).await);
        let at_once = world.control.authorize::<WorkspaceKeys>(&world.cx(&owner), first.workspace).await.unwrap();
        let fourth = world.control.rotate_enrollment_key(&at_once, 0).await.unwrap();
        assert!(!works(&world, &third.key).await && works(&world, &fourth.key).await);
        let error = world.control.rotate_enrollment_key(&at_once, 30 * 24 * 60 + 1).await.unwrap_err();
        assert!(error.fields().contains_key("overlap_min"));
    }

    async fn a_revoked_key_is_over_at_once_and_only_that_one(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let first = enroll(&world, org, &owner, "dev").await;
        let elsewhere = enroll(&world, org, &owner, "prod").await;
        let cx = world.cx(&owner);
        let auth = world.control.authorize::<WorkspaceKeys>(&cx, first.workspace).await.unwrap();
        let second = world.control.rotate_enrollment_key(&auth, 60).await.unwrap();
        let read = world.control.authorize::<WorkspaceRead>(&cx, first.workspace).await.unwrap();
        let keys = world.control.workspace(&read).await.unwrap().keys;
        let old = keys.iter().find(|key| key.expires_at.is_some()).unwrap();
        // A key is looked for in the workspace the proof is about, not by its id alone.
        let wrong = world.control.authorize::<WorkspaceKeys>(&cx, elsewhere.workspace).await.unwrap();
        let error = world.control.revoke_enrollment_key(&wrong, old.id).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::NotFound);
        world.control.revoke_enrollment_key(&auth, old.id).await.unwrap();
        assert!(!works(&world, &first.key).await && works(&world, &second.key).await);
        assert!(works(&world, &elsewhere.key).await);
        let twice = world.control.revoke_enrollment_key(&auth, old.id).await.unwrap_err();
        assert_eq!(twice.code(), ErrorCode::NotFound);
    }

    async fn a_deactivated_workspace_refuses_its_own_server_until_it_is_active_again(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let made = enroll(&world, org, &owner, "dev").await;
        let auth = world.control.authorize::<WorkspaceDelete>(&world.cx(&owner), made.workspace).await.unwrap();
        world.control.deactivate_workspace(&auth).await.unwrap();
        assert!(!works(&world, &made.key).await);
        assert_eq!(world.control.deactivate_workspace(&auth).await.unwrap_err().code(), ErrorCode::Conflict);
        let read = world.control.authorize::<WorkspaceRead>(&world.cx(&owner), made.workspace).await.unwrap();
        let detail = world.control.workspace(&read).await.unwrap();
        assert_eq!((detail.row.status, detail.row.health), (WorkspaceStatus::Deactivated, Health::Off));
        assert!(!detail.can.enter);
        world.control.activate_workspace(&auth).await.unwrap();
        assert!(works(&world, &made.key).await);
        assert_eq!(world.audit(org).await, [
            "workspace.activated/success", "workspace.deactivated/success", "workspace.enrolled/success",
        ]);
    }

    async fn the_list_shows_a_person_what_they_have_a_part_in(world: World) {
        let acme = world.org("acme").await;
        let other = world.org("other").await;
        let owner = world.member(acme, "olivia", OrgRole::Admin).await;
        let bob = world.member(acme, "bob", OrgRole::Member).await;
        let eve = world.member(other, "eve", OrgRole::Admin).await;
        let dev = enroll(&world, acme, &owner, "dev").await;
        enroll(&world, acme, &owner, "prod").await;
        enroll(&world, other, &eve, "theirs").await;
        give(&world, &owner, dev.workspace, &bob, WorkspaceRole::Viewer).await;
        let names = async |person, query: WorkspaceQuery| {
            let auth = world.control.authorize::<OrgRead>(&world.cx(person), acme).await.unwrap();
            let page = world.control.workspaces(&auth, &query).await.unwrap().page;
            page.items.into_iter().map(|row| (row.name, row.your_role.unwrap())).collect::<Vec<_>>()
        };
        let admin = "Organization Admin".to_owned();
        assert_eq!(names(&owner, WorkspaceQuery::default()).await, [
            ("dev".to_owned(), admin.clone()), ("prod".to_owned(), admin.clone()),
        ]);
        assert_eq!(names(&bob, WorkspaceQuery::default()).await, [("dev".to_owned(), "Workspace Viewer".to_owned())]);
        let search = |text: &str| WorkspaceQuery { search: Some(text.to_owned()), ..WorkspaceQuery::default() };
        assert_eq!(names(&owner, search("RO")).await, [("prod".to_owned(), admin.clone())]);
        assert!(names(&owner, search("%")).await.is_empty() && names(&owner, search("_")).await.is_empty());
        let status = |status| WorkspaceQuery { status: Some(status), ..WorkspaceQuery::default() };
        world.control.report_workspace(&server_of(&world, acme, &dev).await, &Report {
            url: Some("http://localhost:8581/".into()), version: Some("0.98.0".into()),
        }).await.unwrap();
        assert_eq!(names(&owner, status(WorkspaceStatus::Available)).await, [("dev".to_owned(), admin.clone())]);
        assert_eq!(names(&owner, status(WorkspaceStatus::Pending)).await, [("prod".to_owned(), admin)]);
        let stranger = world.control.authorize::<OrgRead>(&world.cx(&eve), acme).await.unwrap_err();
        assert_eq!(stranger.code(), ErrorCode::NotFound);
    }

    async fn pages_follow_each_other_without_gap_or_repeat(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        for n in 0..55 {
            enroll(&world, org, &owner, &format!("w-{n:02}")).await;
        }
        let auth = world.control.authorize::<OrgRead>(&world.cx(&owner), org).await.unwrap();
        let first = world.control.workspaces(&auth, &WorkspaceQuery::default()).await.unwrap().page;
        let query = WorkspaceQuery { cursor: first.next.clone(), ..WorkspaceQuery::default() };
        let second = world.control.workspaces(&auth, &query).await.unwrap().page;
        let names: Vec<_> = first.items.into_iter().chain(second.items).map(|row| row.name).collect();
        assert_eq!(names, (0..55).map(|n| format!("w-{n:02}")).collect::<Vec<_>>());
        assert_eq!(second.next, None);
    }

    async fn names_are_checked_and_changes_are_written_down(world: World) {
        for bad in ["", "D", "Dev", "-dev", "dev-", "a b", "../x", "0198f0aa-0000-7000-8000-000000000001",
            "abcdefab-cdef-7abc-8def-abcdefabcdef"] {
            let error = NewWorkspace::parse(bad, "Dev", "").unwrap_err();
            assert!(error.fields().contains_key("name"), "{bad}");
        }
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let made = enroll(&world, org, &owner, "dev").await;
        let auth = world.control.authorize::<WorkspaceUpdate>(&world.cx(&owner), made.workspace).await.unwrap();
        world.control.update_workspace(&auth, &change("Development <b>", "For trying")).await.unwrap();
        let error = world.control.update_workspace(&auth, &change("a\u{202E}b", "")).await.unwrap_err();
        assert!(error.fields().contains_key("display_name"));
        let named = world.control.workspace_named(&world.cx(&owner), "dev").await.unwrap();
        let detail = world.control.workspace(&named).await.unwrap();
        assert_eq!((detail.row.display_name.as_str(), detail.description.as_str()), ("Development <b>", "For trying"));
        assert_eq!(world.audit(org).await, ["workspace.updated/success", "workspace.enrolled/success"]);
        assert_eq!(world.control.workspace_named(&world.anonymous(), "dev").await.unwrap_err().code(), ErrorCode::Unauthenticated);
    }

    async fn each_role_manages_what_it_may_and_learns_nothing_more(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let made = enroll(&world, org, &owner, "dev").await;
        for (name, role) in [("wanda", WorkspaceRole::Admin), ("dora", WorkspaceRole::Developer), ("vic", WorkspaceRole::Viewer)] {
            let person = world.member(org, name, OrgRole::Member).await;
            give(&world, &owner, made.workspace, &person, role).await;
            let cx = world.cx(&person);
            let read = world.control.authorize::<WorkspaceRead>(&cx, made.workspace).await.unwrap();
            let detail = world.control.workspace(&read).await.unwrap();
            let admin = role == WorkspaceRole::Admin;
            assert!(detail.can.enter && !detail.can.keys && !detail.can.delete);
            assert_eq!((detail.can.update, detail.can.grant, !detail.people.is_empty()), (admin, admin, admin));
            assert!(detail.keys.is_empty());
            for refused in [
                world.control.authorize::<WorkspaceKeys>(&cx, made.workspace).await.map(|_| ()),
                world.control.authorize::<WorkspaceDelete>(&cx, made.workspace).await.map(|_| ()),
                world.control.authorize::<WorkspaceEnroll>(&cx, org).await.map(|_| ()),
            ] {
                assert_eq!(refused.unwrap_err().code(), ErrorCode::Forbidden);
            }
        }
        let outside = world.member(org, "mia", OrgRole::Member).await;
        let error = world.control.authorize::<WorkspaceRead>(&world.cx(&outside), made.workspace).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::NotFound);
    }
}
