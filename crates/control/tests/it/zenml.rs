use super::arrange::At;
use super::grants::give;
use control::authz::{WorkspaceAct, WorkspaceDelete, WorkspaceEnroll, WorkspaceEnter, WorkspaceRead};
use control::cx::{ByKey, ClientVia};
use control::workspaces::NewWorkspace;
use control::zenml::{Report, ShareRequest, UsageEvent};
use control::{Actor, Authorized, Cx, Origin};
use model::limit::Feature;
use model::policy::{Action, ResourceType, allows};
use model::role::Predefined;
use model::workspace::{EnrollmentSecret, Health, WorkspaceStatus};
use model::{ApiKeyId, ErrorCode, OrgId, OrgRole, WorkspaceId, WorkspaceRole};
use std::time::{Duration, Instant};
use testkit::{Person, World, both_engines};
use uuid::Uuid;

/// Enrols a workspace as `by` would.
pub(super) async fn enroll(world: &World, org: OrgId, by: &Person, name: &str) -> EnrollmentSecret {
    let auth = world.control.authorize::<WorkspaceEnroll>(&world.cx(by), org).await.unwrap();
    world.control.enroll_workspace(&auth, &NewWorkspace::parse(name, "", "").unwrap()).await.unwrap()
}

/// A request by the server of an enrolled workspace.
fn server_cx(world: &World, org: OrgId, made: &EnrollmentSecret) -> Cx {
    let actor =
        Actor::Workspace { workspace: made.workspace, org, name: made.name.clone(), credential: world.id() };
    world.control.cx(Origin::default(), Some(actor))
}

/// The proof such a request gets.
pub(super) async fn server_of(
    world: &World,
    org: OrgId,
    made: &EnrollmentSecret,
) -> Authorized<WorkspaceAct> {
    world.control.as_workspace(&server_cx(world, org, made)).await.unwrap()
}

/// A request by a person's command line.
fn client_cx(world: &World, person: &Person) -> Cx {
    let via = ClientVia::Device(world.id(), world.id());
    let actor = Actor::Client { user: person.id, name: person.username.clone(), via };
    world.control.cx(Origin::default(), Some(actor))
}

/// A request by a person's script, with a personal access token as it is.
fn script_cx(world: &World, person: &Person, key: ApiKeyId) -> Cx {
    let key = ByKey::unlimited(key);
    let actor = Actor::ApiKey { user: person.id, name: person.username.clone(), key };
    world.control.cx(Origin::default(), Some(actor))
}

struct Place {
    org: OrgId,
    owner: Person,
    dev: EnrollmentSecret,
    server: Authorized<WorkspaceAct>,
}

async fn place(world: &World) -> Place {
    let org = world.org("acme").await;
    let owner = world.member(org, "olivia", OrgRole::Admin).await;
    let dev = enroll(world, org, &owner, "dev").await;
    let server = server_of(world, org, &dev).await;
    Place { org, owner, dev, server }
}

async fn may(
    world: &World,
    server: &Authorized<WorkspaceAct>,
    who: &Person,
    action: &str,
    resource: &str,
) -> bool {
    let texts = vec![resource.to_owned()];
    let answers = world.control.check_permissions(server, &who.id.to_string(), action, texts).await.unwrap();
    assert_eq!(answers.len(), 1);
    answers[resource]
}

/// A report that something was made or deleted in a workspace.
pub(super) fn counted(
    org: OrgId,
    workspace: WorkspaceId,
    feature: Feature,
    total: i64,
    resource: &str,
) -> UsageEvent {
    let metadata = serde_json::json!({ "workspace_id": workspace, "resource_id": resource });
    UsageEvent {
        organization_id: org.to_string(),
        feature: feature.to_string(),
        total,
        metadata: serde_json::from_value(metadata).unwrap(),
    }
}

fn share(sharer: &Person, target: &Person, resource: &str, actions: &[&str]) -> ShareRequest {
    ShareRequest {
        user_id: Some(target.id.to_string()),
        team_id: None,
        sharing_user_id: sharer.id.to_string(),
        resource: resource.to_owned(),
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
    }
}

both_engines! {
    async fn a_server_that_reports_makes_its_workspace_available(world: World) {
        let p = place(&world).await;
        let detail = async || {
            let read = world.control.authorize::<WorkspaceRead>(&world.cx(&p.owner), p.dev.workspace).await.unwrap();
            world.control.workspace(&read).await.unwrap().row
        };
        // Without an address a client would have nowhere to go.
        world.control.report_workspace(&p.server, &Report { url: None, version: Some("0.98.0".into()) }).await.unwrap();
        assert_eq!(detail().await.status, WorkspaceStatus::Pending);
        let report = Report { url: Some("http://localhost:8581/".into()), version: Some("0.98.0".into()) };
        world.control.report_workspace(&p.server, &report).await.unwrap();
        let row = detail().await;
        assert_eq!((row.status, row.health), (WorkspaceStatus::Available, Health::Reporting));
        assert_eq!((row.server_url.as_deref(), row.version.as_deref()), (Some("http://localhost:8581"), Some("0.98.0")));
        // Whatever is no address or version leaves what is known.
        for url in [
            "javascript:alert(1)", "https://a:b@x.test", "", "x", "file:///etc/passwd", "https://x.test/internal/admin?x=",
            "https://x.test/?", "https://x.test/internal/admin#", &format!("https://x.test/{}", "x".repeat(2000)),
        ] {
            let report = Report { url: Some(url.into()), version: Some("1 <b>".into()) };
            world.control.report_workspace(&p.server, &report).await.unwrap();
        }
        let row = detail().await;
        assert_eq!((row.server_url.as_deref(), row.version.as_deref()), (Some("http://localhost:8581"), Some("0.98.0")));
        world.clock.advance_s(600);
        assert_eq!(detail().await.health, Health::Quiet);
        let server = server_of(&world, p.org, &p.dev).await;
        assert!(!may(&world, &server, &p.owner, "read", "nonsense/1").await);
        world.control.flush_activity().await.unwrap();
        assert_eq!(detail().await.health, Health::Reporting);
    }

    async fn a_server_acts_for_its_own_workspace_alone(world: World) {
        let p = place(&world).await;
        let prod = enroll(&world, p.org, &p.owner, "prod").await;
        let cx = server_cx(&world, p.org, &p.dev);
        for other in [prod.workspace, world.id::<WorkspaceId>()] {
            let error = world.control.authorize::<WorkspaceAct>(&cx, other).await.unwrap_err();
            assert_eq!(error.code(), ErrorCode::NotFound);
        }
        // Nor does a person act for it, be they who they may.
        let error = world.control.as_workspace(&world.cx(&p.owner)).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::Forbidden);
        let act = world.control.authorize::<WorkspaceAct>(&world.cx(&p.owner), p.dev.workspace).await;
        assert_eq!(act.unwrap_err().code(), ErrorCode::Forbidden);
        assert_eq!(world.control.as_workspace(&world.anonymous()).await.unwrap_err().code(), ErrorCode::Unauthenticated);
        // A role in one workspace decides nothing in its neighbour.
        let bob = world.member(p.org, "bob", OrgRole::Member).await;
        give(&world, &p.owner, p.dev.workspace, &bob, WorkspaceRole::Admin).await;
        let elsewhere = server_of(&world, p.org, &prod).await;
        assert!(may(&world, &p.server, &bob, "create", "stack").await);
        assert!(!may(&world, &elsewhere, &bob, "create", "stack").await);
    }

    async fn denials_are_told_to_whom_the_actor_belongs_and_nobody_floods_the_log(world: World) {
        // The first organization keeps the log of the installation.
        let first = world.org("first").await;
        let p = place(&world).await;
        let prod = enroll(&world, p.org, &p.owner, "prod").await;
        let nowhere = world.id::<WorkspaceId>();
        let denied = async |org| world.audit(org).await.iter().filter(|entry| *entry == "access.denied/refused").count();
        for made in [&p.dev, &prod, &p.dev, &prod] {
            let cx = server_cx(&world, p.org, made);
            world.control.authorize::<WorkspaceAct>(&cx, nowhere).await.unwrap_err();
        }
        assert_eq!((denied(p.org).await, denied(first).await), (2, 0), "one of each server");
        let entrant = Actor::Entrant { user: p.owner.id, name: "olivia".to_owned(), workspace: p.dev.workspace, key: None };
        let entrant = world.control.cx(Origin::default(), Some(entrant));
        world.control.authorize::<WorkspaceEnter>(&entrant, nowhere).await.unwrap_err();
        assert_eq!((denied(p.org).await, denied(first).await), (3, 0));
        let bob = world.member(p.org, "bob", OrgRole::Member).await;
        for _ in 0..50 {
            let program = script_cx(&world, &bob, world.id());
            for cx in [world.cx(&bob), program] {
                world.control.authorize::<WorkspaceRead>(&cx, world.id()).await.unwrap_err();
            }
        }
        assert_eq!((denied(p.org).await, denied(first).await), (23, 0), "twenty of one person");
        world.clock.advance_s(60);
        world.control.authorize::<WorkspaceRead>(&world.cx(&bob), world.id()).await.unwrap_err();
        assert_eq!(denied(p.org).await, 24);
    }

    async fn decisions_are_the_matrix(world: World) {
        let p = place(&world).await;
        let project = Uuid::from_u128(7);
        for role in WorkspaceRole::ALL {
            let person = world.member(p.org, &role.as_str().replace('-', ""), OrgRole::Member).await;
            give(&world, &p.owner, p.dev.workspace, &person, *role).await;
            for action in Action::ALL {
                let texts: Vec<(ResourceType, String)> = ResourceType::ALL.iter().map(|kind| {
                    let prefix = if kind.in_project() { format!("{project}:") } else { String::new() };
                    (*kind, format!("{prefix}{kind}/{}", Uuid::from_u128(1)))
                }).collect();
                let asked = texts.iter().map(|(_, text)| text.clone()).collect();
                let answers = world.control
                    .check_permissions(&p.server, &person.id.to_string(), action.as_str(), asked).await.unwrap();
                for (kind, text) in &texts {
                    assert_eq!(answers[text], allows(Predefined::Workspace(*role), Some(*kind), *action), "{role} {action} {text}");
                    let list = world.control
                        .allowed_resource_ids(&p.server, &person.id.to_string(), text.split('/').next().unwrap(), action.as_str())
                        .await.unwrap();
                    assert_eq!((list.full_access, list.ids.len()), (answers[text], 0));
                }
            }
        }
        assert!(may(&world, &p.server, &p.owner, "backup_restore", "secret").await);
        assert!(may(&world, &p.server, &p.owner, "create", "resource_pool").await);
    }

    async fn whoever_or_whatever_is_not_known_is_not_allowed(world: World) {
        let p = place(&world).await;
        let stranger_org = world.org("other").await;
        let eve = world.member(stranger_org, "eve", OrgRole::Admin).await;
        let mia = world.member(p.org, "mia", OrgRole::Member).await;
        for person in [&eve, &mia] {
            assert!(!may(&world, &p.server, person, "read", "stack").await);
        }
        for user in ["", "olivia", "0198f0aa-0000-7000-8000-000000000001", "' OR 1=1 --"] {
            let answers = world.control.check_permissions(&p.server, user, "read", vec!["stack".into()]).await.unwrap();
            assert!(!answers["stack"]);
            let list = world.control.allowed_resource_ids(&p.server, user, "stack", "read").await.unwrap();
            assert!(!list.full_access && list.ids.is_empty());
        }
        let texts = ["", "stack/", "stack/x", "pipeline", ":stack", "STACK", "stack/../secret", "7:pipeline",
            "0198f0aa-0000-7000-8000-000000000001:stack", &"x".repeat(100_000)];
        for text in texts {
            assert!(!may(&world, &p.server, &p.owner, "read", text).await, "{text:.40}");
        }
        for action in ["", "READ", "fly", "read,update"] {
            assert!(!may(&world, &p.server, &p.owner, action, "stack").await, "{action}");
        }
    }

    async fn an_offboarded_person_is_refused_by_the_very_next_check(world: World) {
        let p = place(&world).await;
        let replica = world.replica().await;
        let bob = world.member(p.org, "bob", OrgRole::Member).await;
        give(&world, &p.owner, p.dev.workspace, &bob, WorkspaceRole::Admin).await;
        assert!(may(&replica, &p.server, &bob, "read", "stack").await);
        At(&world, &p.owner, p.org).remove(&bob).await.unwrap();
        assert!(!may(&replica, &p.server, &bob, "read", "stack").await);
    }

    async fn ten_thousand_resources_get_ten_thousand_answers_in_a_moment(world: World) {
        let p = place(&world).await;
        let bob = world.member(p.org, "bob", OrgRole::Member).await;
        give(&world, &p.owner, p.dev.workspace, &bob, WorkspaceRole::Viewer).await;
        let texts: Vec<String> = (0..10_000_u128)
            .map(|n| format!("{}:pipeline_run/{}", Uuid::from_u128(7), Uuid::from_u128(n)))
            .collect();
        let begun = Instant::now();
        let answers = world.control.check_permissions(&p.server, &bob.id.to_string(), "read", texts.clone()).await.unwrap();
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?} without optimisation", begun.elapsed());
        assert_eq!(answers.len(), 10_000);
        assert!(texts.iter().all(|text| answers[text]));
    }

    async fn a_share_lets_in_to_one_resource_and_no_further(world: World) {
        let p = place(&world).await;
        let carol = world.member(p.org, "carol", OrgRole::Member).await;
        let (project, run, other) = (Uuid::from_u128(7), Uuid::from_u128(8), Uuid::from_u128(9));
        let text = format!("{project}:pipeline_run/{run}");
        assert!(world.control.authorize::<WorkspaceEnter>(&world.cx(&carol), p.dev.workspace).await.is_err());
        world.control.set_resource_members(&p.server, &share(&p.owner, &carol, &text, &["update", "read", "read"])).await.unwrap();
        assert!(world.control.authorize::<WorkspaceEnter>(&world.cx(&carol), p.dev.workspace).await.is_ok());
        assert!(may(&world, &p.server, &carol, "read", &text).await);
        assert!(may(&world, &p.server, &carol, "update", &text).await);
        // She sees the project, to get there, and nothing else in it.
        assert!(may(&world, &p.server, &carol, "read", &format!("project/{project}")).await);
        let refused = [
            ("delete", text.clone()), ("share", text.clone()), ("update", format!("project/{project}")),
            ("read", format!("{project}:pipeline_run/{other}")), ("read", format!("{project}:pipeline/{run}")),
            ("read", format!("{other}:pipeline_run/{run}")), ("read", format!("stack/{run}")),
            ("read", format!("{project}:pipeline_run")), ("create", format!("{project}:pipeline_run")),
        ];
        for (action, resource) in refused {
            assert!(!may(&world, &p.server, &carol, action, &resource).await, "{action} {resource}");
        }
        let ids = async |resource: &str| {
            let list = world.control.allowed_resource_ids(&p.server, &carol.id.to_string(), resource, "read").await.unwrap();
            assert!(!list.full_access);
            list.ids
        };
        assert_eq!(ids(&format!("{project}:pipeline_run")).await, [run]);
        assert_eq!(ids("project").await, [project]);
        assert!(ids(&format!("{other}:pipeline_run")).await.is_empty() && ids("stack").await.is_empty());
        // Taken back: an empty set.
        world.control.set_resource_members(&p.server, &share(&p.owner, &carol, &text, &[])).await.unwrap();
        world.control.set_resource_members(&p.server, &share(&p.owner, &carol, &text, &[])).await.unwrap();
        assert!(!may(&world, &p.server, &carol, "read", &text).await);
        assert!(world.control.authorize::<WorkspaceEnter>(&world.cx(&carol), p.dev.workspace).await.is_err());
        let shares: Vec<_> = world.audit(p.org).await.into_iter().filter(|e| e.starts_with("share.")).collect();
        assert_eq!(shares, ["share.updated/success", "share.updated/success"]);
    }

    async fn shares_that_make_no_sense_are_refused(world: World) {
        let p = place(&world).await;
        let carol = world.member(p.org, "carol", OrgRole::Member).await;
        let mia = world.member(p.org, "mia", OrgRole::Member).await;
        let other = world.org("other").await;
        let eve = world.member(other, "eve", OrgRole::Admin).await;
        let text = format!("stack/{}", Uuid::from_u128(1));
        let good = share(&p.owner, &carol, &text, &["read"]);
        let nobody = ShareRequest { user_id: None, ..good.clone() };
        let both = ShareRequest { team_id: Some(world.id::<model::TeamId>().to_string()), ..good.clone() };
        let team = ShareRequest { user_id: None, ..both.clone() };
        let code = async |request: &ShareRequest| {
            world.control.set_resource_members(&p.server, request).await.map_err(|e| e.code())
        };
        for (request, expected) in [
            (nobody, ErrorCode::Invalid),
            (both, ErrorCode::Invalid),
            (team, ErrorCode::Forbidden),
            (ShareRequest { user_id: Some("carol".into()), ..good.clone() }, ErrorCode::Invalid),
            (ShareRequest { sharing_user_id: String::new(), ..good.clone() }, ErrorCode::Invalid),
            (share(&p.owner, &p.owner, &text, &["read"]), ErrorCode::Invalid),
            (share(&p.owner, &carol, "stack", &["read"]), ErrorCode::Invalid),
            (share(&p.owner, &carol, "stack/x", &["read"]), ErrorCode::Invalid),
            (share(&p.owner, &carol, &text, &["read", "fly"]), ErrorCode::Invalid),
            (share(&p.owner, &eve, &text, &["read"]), ErrorCode::Forbidden),
            (share(&eve, &carol, &text, &["read"]), ErrorCode::Forbidden),
            (share(&mia, &carol, &text, &["read"]), ErrorCode::Forbidden),
        ] {
            assert_eq!(code(&request).await, Err(expected), "{request:?}");
        }
        assert!(!may(&world, &p.server, &carol, "read", &text).await);
        assert_eq!(code(&good).await, Ok(()));
    }

    async fn shares_of_what_was_deleted_are_forgotten_with_everything_in_a_project(world: World) {
        let p = place(&world).await;
        let prod = enroll(&world, p.org, &p.owner, "prod").await;
        let elsewhere = server_of(&world, p.org, &prod).await;
        let carol = world.member(p.org, "carol", OrgRole::Member).await;
        let project = Uuid::from_u128(7);
        let (run, stack, secret) = (
            format!("{project}:pipeline_run/{}", Uuid::from_u128(8)),
            format!("stack/{}", Uuid::from_u128(9)),
            format!("secret/{}", Uuid::from_u128(10)),
        );
        for text in [&run, &stack, &secret] {
            world.control.set_resource_members(&p.server, &share(&p.owner, &carol, text, &["read"])).await.unwrap();
        }
        // Another workspace's resources may have the same ids.
        world.control.set_resource_members(&elsewhere, &share(&p.owner, &carol, &stack, &["read"])).await.unwrap();
        let gone = [stack.clone(), format!("project/{project}"), "nonsense".to_owned(), "secret".to_owned()];
        world.control.forget_resources(&p.server, &gone).await.unwrap();
        world.control.forget_resources(&p.server, &gone).await.unwrap();
        assert!(!may(&world, &p.server, &carol, "read", &run).await);
        assert!(!may(&world, &p.server, &carol, "read", &stack).await);
        assert!(may(&world, &p.server, &carol, "read", &secret).await);
        assert!(may(&world, &elsewhere, &carol, "read", &stack).await);
        let forgotten = world.audit(p.org).await.into_iter().filter(|e| e == "shares.deleted/success").count();
        assert_eq!(forgotten, 1);
    }

    async fn a_person_enters_by_a_program_and_never_by_a_cookie(world: World) {
        let p = place(&world).await;
        let bob = world.member(p.org, "bob", OrgRole::Member).await;
        give(&world, &p.owner, p.dev.workspace, &bob, WorkspaceRole::Viewer).await;
        let by_device = client_cx(&world, &bob);
        let auth = world.control.authorize::<WorkspaceEnter>(&by_device, p.dev.workspace).await.unwrap();
        let entrance = world.control.enter_workspace(&auth).await.unwrap();
        assert_eq!((entrance.id, entrance.username.as_str(), entrance.email.as_deref()), (bob.id, "bob", Some("bob@acme.test")));
        let cookie = world.control.authorize::<WorkspaceEnter>(&world.cx(&bob), p.dev.workspace).await.unwrap();
        assert_eq!(world.control.enter_workspace(&cookie).await.unwrap_err().code(), ErrorCode::Unauthenticated);

        let entries = async || world.audit(p.org).await.iter().filter(|e| *e == "workspace.entered/success").count();
        world.control.enter_workspace(&auth).await.unwrap();
        assert_eq!(entries().await, 2);
        // A key presented as it is comes with every request: one entry a minute.
        let raw = world.id();
        for _ in 0..3 {
            let auth = world.control.authorize::<WorkspaceEnter>(&script_cx(&world, &bob, raw), p.dev.workspace).await.unwrap();
            world.control.enter_workspace(&auth).await.unwrap();
        }
        assert_eq!(entries().await, 3);
        world.clock.advance_s(60);
        let later = world.control.authorize::<WorkspaceEnter>(&script_cx(&world, &bob, raw), p.dev.workspace).await.unwrap();
        world.control.enter_workspace(&later).await.unwrap();
        assert_eq!(entries().await, 4);

        let off = world.control.authorize::<WorkspaceDelete>(&world.cx(&p.owner), p.dev.workspace).await.unwrap();
        world.control.deactivate_workspace(&off).await.unwrap();
        assert_eq!(world.control.enter_workspace(&auth).await.unwrap_err().code(), ErrorCode::Forbidden);
        let mia = world.member(p.org, "mia", OrgRole::Member).await;
        let stranger = script_cx(&world, &mia, raw);
        assert_eq!(
            world.control.authorize::<WorkspaceEnter>(&stranger, p.dev.workspace).await.unwrap_err().code(),
            ErrorCode::NotFound
        );
    }

    async fn usage_counts_resources_not_deliveries_and_only_ones_own(world: World) {
        let p = place(&world).await;
        let prod = enroll(&world, p.org, &p.owner, "prod").await;
        let dev = p.dev.workspace;
        for (total, workspace, resource) in
            [(1, dev, "a"), (1, dev, "a"), (1, dev, "b"), (-1, dev, "b"), (-1, dev, "b"), (1, dev, "c"), (1, prod.workspace, "x"), (0, dev, "z"), (1, dev, "")]
        {
            world.control.record_usage(&p.server, &counted(p.org, workspace, Feature::Pipeline, total, resource)).await.unwrap();
        }
        let counts = async |workspace| {
            let mut tx = world.store.read().await.unwrap();
            store::usage::counts(&mut tx, workspace).await.unwrap()
        };
        assert_eq!(counts(dev).await, [("pipeline".to_owned(), 2)]);
        assert!(counts(prod.workspace).await.is_empty());
        world.control.check_entitlement(&p.server, &p.org.to_string(), "pipeline").await.unwrap();
        for org in [world.id::<OrgId>().to_string(), String::new(), "acme".to_owned()] {
            assert_eq!(world.control.check_entitlement(&p.server, &org, "pipeline").await.unwrap_err().code(), ErrorCode::Forbidden);
        }
    }
}
