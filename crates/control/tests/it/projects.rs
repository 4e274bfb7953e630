use super::arrange::{grant, project};
use super::hostile_provider::{Answer, Lies, Provider};
use super::zenml::{counted, enroll, server_of};
use control::Origin;
use control::authz::{ProjectCreate, ProjectGrantRead, ProjectName, WorkspaceRead};
use control::zenml::Report;
use model::grant::{Place, Principal, ProjectPlace};
use model::limit::Feature;
use model::{ErrorCode, OrgRole, ProjectRole, WorkspaceRole};
use testkit::both_engines;
use uuid::Uuid;

both_engines! {
    async fn a_project_that_is_counted_is_known_and_forgotten_with_what_was_given_in_it(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = enroll(&world, org, &olivia, "dev").await;
        let server = server_of(&world, org, &dev).await;
        let place = ProjectPlace { workspace: dev.workspace, project: model::ProjectId::from_uuid(Uuid::from_u128(7)) };
        let event = counted(org, dev.workspace, Feature::Project, 1, &place.project.to_string());
        world.control.record_usage(&server, &event).await.unwrap();
        world.control.record_usage(&server, &event).await.unwrap();
        grant(&world, org, place, Principal::User(bob.id), ProjectRole::Viewer).await;
        let projects = async || {
            let auth = world.control.authorize::<WorkspaceRead>(&world.cx(&olivia), dev.workspace).await.unwrap();
            world.control.workspace(&auth).await.unwrap().projects
        };
        let known = projects().await;
        assert_eq!(known.iter().map(|one| (one.id, one.grants)).collect::<Vec<_>>(), [(place.project, 1)]);
        assert!(world.control.authorize::<WorkspaceRead>(&world.cx(&bob), dev.workspace).await.is_ok());
        world.control.forget_resources(&server, &[format!("project/{}", place.project)]).await.unwrap();
        assert!(projects().await.is_empty());
        let error = world.control.authorize::<WorkspaceRead>(&world.cx(&bob), dev.workspace).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::NotFound, "the role in it let him in, and is gone with it");
    }

    async fn a_project_shows_who_sees_it_and_through_what(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let vic = world.member(org, "vic", OrgRole::Member).await;
        let con = world.member(org, "con", OrgRole::Member).await;
        let dev = enroll(&world, org, &olivia, "dev").await.workspace;
        let place = project(&world, dev).await;
        grant(&world, org, place, Principal::User(bob.id), ProjectRole::Admin).await;
        grant(&world, org, dev, Principal::User(vic.id), WorkspaceRole::Viewer).await;
        grant(&world, org, dev, Principal::User(con.id), WorkspaceRole::Contributor).await;
        let read = world.control.authorize::<ProjectGrantRead>(&world.cx(&bob), place).await.unwrap();
        let detail = world.control.project(&read).await.unwrap();
        let seen: Vec<_> = detail.people.iter().map(|one| (one.name.as_str(), one.ways[0].place)).collect();
        assert_eq!(seen, [("bob", Place::Project(place)), ("olivia", org.into()), ("vic", dev.into())]);
        assert_eq!((detail.people_total, detail.grants.len()), (3, 1));
        let roles: Vec<_> = detail.choices.unwrap().roles.into_iter().map(|role| role.role).collect();
        assert_eq!(roles, ProjectRole::ALL.iter().map(|role| (*role).into()).collect::<Vec<_>>());
        for (person, code) in [(&vic, ErrorCode::NotFound), (&con, ErrorCode::NotFound)] {
            let error = world.control.authorize::<ProjectGrantRead>(&world.cx(person), place).await.unwrap_err();
            assert_eq!(error.code(), code);
        }
    }

    async fn whoever_manages_a_project_gives_it_a_name(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = enroll(&world, org, &olivia, "dev").await.workspace;
        let place = project(&world, dev).await;
        grant(&world, org, place, Principal::User(bob.id), ProjectRole::Developer).await;
        let refused = world.control.authorize::<ProjectName>(&world.cx(&bob), place).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Forbidden);
        let auth = world.control.authorize::<ProjectName>(&world.cx(&olivia), place).await.unwrap();
        world.control.name_project(&auth, " Fraud ").await.unwrap();
        for name in ["", "a\0b"] {
            assert!(world.control.name_project(&auth, name).await.unwrap_err().fields().contains_key("name"));
        }
        let read = world.control.authorize::<ProjectGrantRead>(&world.cx(&olivia), place).await.unwrap();
        assert_eq!(world.control.project(&read).await.unwrap().project.label(), "Fraud");
        assert_eq!(world.audit(org).await[0], "project.updated/success");
        let nowhere = ProjectPlace { workspace: dev, project: world.id() };
        let auth = world.control.authorize::<ProjectName>(&world.cx(&olivia), nowhere).await.unwrap();
        assert_eq!(world.control.name_project(&auth, "x").await.unwrap_err().code(), ErrorCode::NotFound);
    }

    async fn a_project_is_made_below_the_address_of_the_server_and_the_server_decides_nothing_else(world: World) {
        const LOGIN: &str = "/zen/api/v1/login";
        const PROJECTS: &str = "/zen/api/v1/projects";
        const SIGNED_IN: Answer = Answer::Body(r#"{"access_token":"t"}"#);
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let dev = enroll(&world, org, &olivia, "dev").await;
        let server = server_of(&world, org, &dev).await;
        let remote = Provider::start().await;
        let report = Report { url: Some(format!("{}/zen/", remote.issuer)), version: None };
        world.control.report_workspace(&server, &report).await.unwrap();
        let cookie = world.session(&olivia).await;
        let actor = world.control.resolve_session(cookie.expose(), world.control.now()).await.unwrap();
        let browser = world.control.cx(Origin::default(), actor);
        let enter = world.control.authorize::<ProjectCreate>(&browser, dev.workspace).await.unwrap();
        let refused = async || world.control.create_project(&enter, "demo", "").await.unwrap_err();

        // Whoever reports an address does not learn what is there.
        let strange = "The workspace’s server did not answer as a ZenML server does.";
        let unexpected = [Answer::Status(400), Answer::Status(404), Answer::Status(500), Answer::Redirect];
        for answer in unexpected.into_iter().chain([Answer::Status(402), Answer::Status(409), Answer::Html]) {
            remote.lie(Lies::answer(LOGIN, answer));
            let error = refused().await;
            assert_eq!((error.code(), error.message()), (ErrorCode::Unavailable, strange));
            assert_eq!(remote.take_calls(), [LOGIN]);
        }
        for answer in unexpected {
            remote.lie(Lies { answers: [(LOGIN, SIGNED_IN), (PROJECTS, answer)].into(), ..Lies::default() });
            assert_eq!(refused().await.message(), strange);
            assert_eq!(remote.take_calls(), [LOGIN, PROJECTS]);
        }
        remote.lie(Lies::answer(LOGIN, Answer::Status(403)));
        assert_eq!(refused().await.code(), ErrorCode::Forbidden);
        let made = Answer::Body(r#"{"id":"00000000-0000-0000-0000-000000000007"}"#);
        remote.lie(Lies { answers: [(LOGIN, SIGNED_IN), (PROJECTS, made)].into(), ..Lies::default() });
        let project = world.control.create_project(&enter, "demo", "").await.unwrap();
        assert_eq!(project.id.uuid(), Uuid::from_u128(7));
        remote.take_calls();

        // An address that would choose another path, however it came to be stored, is not called.
        for rest in ["/internal/admin?x=", "/internal/admin#", "/internal/admin?"] {
            let url = format!("{}{rest}", remote.issuer);
            let row = store::workspaces::Report { url: Some((&url, &url)), version: None };
            let mut tx = world.store.write().await.unwrap();
            store::workspaces::report(&mut tx, dev.workspace, row, world.control.now()).await.unwrap();
            tx.commit_unaudited("arranged by a test").await.unwrap();
            assert_eq!(refused().await.code(), ErrorCode::Conflict, "{rest}");
        }
        assert_eq!(remote.take_calls(), [""; 0]);
    }
}
