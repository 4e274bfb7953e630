use super::tokens::{bearer, by_function, enrolled, present};
use control::api_keys::NewApiKey;
use control::authz::{FRESH_S, MemberRead, RoleManage, WorkspaceEnter};
use control::devices::{Approval, DeviceStart};
use control::tokens::{Grant, Refusal};
use control::{Control, Open, Origin};
use model::device::{DevicePurpose, DeviceState};
use model::{ErrorCode, OrgRole, Timestamp, WorkspaceId};
use testkit::{Person, World, both_engines};
use uuid::Uuid;

const DAY_S: i64 = 24 * 3600;

/// A request by a stock command line.
async fn started(world: &World) -> (DeviceStart, Uuid) {
    asked(world, "Host/laptop ZenML/0.98.0 Python/3.13.1 OS/linux", DevicePurpose::Workspaces).await
}

async fn asked(world: &World, agent: &str, purpose: DevicePurpose) -> (DeviceStart, Uuid) {
    let client = world.id::<model::DeviceId>().uuid();
    let origin = Origin {
        request_id: "test-request".to_owned(),
        ip: Some(std::net::Ipv4Addr::new(192, 0, 2, 7).into()),
        user_agent: Some(agent.to_owned()),
    };
    let cx = world.control.cx(origin, None);
    let open = Open::because(&cx, "test");
    let start = world.control.request_device(&open, client, purpose).await.unwrap();
    (start, client)
}

/// A device that `person` approved and that did not fetch its token yet.
pub(super) async fn approved(
    world: &World,
    person: &Person,
    workspace: Option<WorkspaceId>,
) -> (DeviceStart, Uuid) {
    let (start, client) = started(world).await;
    approve(&world.control, world, person, &start.user_code, workspace, None, false).await.unwrap();
    (start, client)
}

/// A command line of Reeve that asks to administer.
pub(super) async fn command_line(world: &World) -> (DeviceStart, Uuid) {
    asked(world, "Host/laptop Reeve/0.1.0 OS/linux", DevicePurpose::Administering).await
}

/// The token of a command line that `person` let administer a moment after signing in.
pub(super) async fn administering(world: &World, person: &Person) -> control::tokens::Issued {
    let (start, client) = command_line(world).await;
    let mine = world.control.my_command_lines(&world.cx(person)).await.unwrap();
    world.control.approve_command_line(&mine, &start.user_code).await.unwrap();
    poll(world, &start, client).await.unwrap()
}

async fn approve(
    control: &Control,
    world: &World,
    person: &Person,
    user_code: &str,
    workspace: Option<WorkspaceId>,
    hint: Option<&str>,
    trusted: bool,
) -> control::Result<()> {
    let me = control.myself(&world.cx(person)).await.unwrap();
    control.approve_device(&me, &Approval { user_code, workspace, hint, trusted }).await
}

pub(super) async fn poll(
    world: &World,
    start: &DeviceStart,
    client: Uuid,
) -> Result<control::tokens::Issued, Refusal> {
    present(world, Grant::DeviceCode { client_id: client, device_code: start.device_code.expose() }).await
}

/// Closes an account, past every operation.
pub(super) async fn close_account(world: &World, person: &Person) {
    let mut tx = world.store.write().await.unwrap();
    assert!(store::users::deactivate(&mut tx, person.id, world.control.now()).await.unwrap());
    tx.commit_unaudited("arranged by a test").await.unwrap();
}

both_engines! {
    async fn a_command_line_signs_in(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Admin).await;
        let dev = enrolled(&world, org, "dev").await;
        let (start, client) = started(&world).await;
        assert_eq!(start.verification_uri, "http://localhost:8580/devices/verify");
        let code = &start.user_code;
        assert_eq!(
            start.verification_uri_complete,
            format!("http://localhost:8580/devices/verify?device_id={}&user_code={code}", start.id)
        );
        assert_eq!(poll(&world, &start, client).await.unwrap_err(), Refusal::Pending);

        let me = world.control.myself(&world.cx(&alice)).await.unwrap();
        let typed = code.to_lowercase().replace('-', " ");
        let shown = world.control.device_request(&me, &typed, Some("dev")).await.unwrap();
        assert_eq!((shown.state, &shown.user_code), (DeviceState::Pending, code));
        assert_eq!([&shown.hostname, &shown.client_version, &shown.python_version, &shown.os], ["laptop", "0.98.0", "3.13.1", "linux"]);
        assert_eq!(shown.ip, "192.0.2.7");
        assert_eq!((shown.preselected, shown.must_choose), (Some(dev.id), true));

        approve(&world.control, &world, &alice, code, Some(dev.id), Some("dev"), true).await.unwrap();
        let issued = poll(&world, &start, client).await.unwrap();
        assert_eq!(issued.expires_in_s, 30 * DAY_S);
        assert_eq!((issued.device, issued.workspace), (Some(start.id), Some(dev.id)));
        assert!(bearer(&world, issued.secret.expose()).await.is_some());
        world.clock.advance_s(30 * DAY_S - 1);
        assert!(bearer(&world, issued.secret.expose()).await.is_some());
        world.clock.advance_s(1);
        assert_eq!(bearer(&world, issued.secret.expose()).await, None);
        let log = world.audit(org).await;
        for entry in ["device.requested/success", "device.approved/success", "token.issued/success"] {
            assert!(log.iter().any(|e| e == entry), "{entry} in {log:?}");
        }
    }

    async fn an_untrusted_device_stays_for_a_day(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Member).await;
        let (start, client) = approved(&world, &alice, None).await;
        let issued = poll(&world, &start, client).await.unwrap();
        assert_eq!((issued.expires_in_s, issued.workspace), (DAY_S, None));
        world.clock.advance_s(DAY_S);
        assert_eq!(bearer(&world, issued.secret.expose()).await, None);
    }

    async fn a_revoked_device_is_out_at_its_next_request_on_every_replica(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Member).await;
        let (start, client) = approved(&world, &alice, None).await;
        let replica = world.replica().await;
        let issued = poll(&replica, &start, client).await.unwrap();
        let me = world.control.myself(&world.cx(&alice)).await.unwrap();
        let listed = world.control.devices(&me).await.unwrap();
        assert_eq!((listed.len(), listed[0].hostname.as_str(), listed[0].trusted), (1, "laptop", false));
        assert!(bearer(&replica, issued.secret.expose()).await.is_some());

        let bob = world.member(org, "bob", OrgRole::Admin).await;
        let bobs = world.control.myself(&world.cx(&bob)).await.unwrap();
        assert!(world.control.devices(&bobs).await.unwrap().is_empty());
        assert_eq!(world.control.revoke_device(&bobs, start.id).await.unwrap_err().code(), ErrorCode::NotFound);

        world.control.revoke_device(&me, start.id).await.unwrap();
        assert_eq!(bearer(&replica, issued.secret.expose()).await, None);

        let (waiting, client) = approved(&world, &alice, None).await;
        world.control.revoke_device(&me, waiting.id).await.unwrap();
        assert_eq!(poll(&replica, &waiting, client).await.unwrap_err(), Refusal::Denied);
    }

    async fn of_two_redemptions_at_once_one_gets_a_token(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Member).await;
        let replica = world.replica().await;
        for _ in 0..5 {
            let (start, client) = approved(&world, &alice, None).await;
            let polls = tokio::join!(
                poll(&world, &start, client), poll(&replica, &start, client),
                poll(&world, &start, client), poll(&replica, &start, client),
            );
            let outcomes = [polls.0, polls.1, polls.2, polls.3].map(|poll| poll.map(|_| ()));
            assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 1, "{outcomes:?}");
            assert_eq!(outcomes.iter().filter(|o| **o == Err(Refusal::UnknownCode)).count(), 3, "{outcomes:?}");
        }
    }

    async fn of_two_people_deciding_at_once_one_decides(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Member).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let (start, _) = started(&world).await;
        let (a, b) = tokio::join!(
            approve(&world.control, &world, &alice, &start.user_code, None, None, true),
            approve(&world.control, &world, &bob, &start.user_code, None, None, true),
        );
        assert_eq!(u8::from(a.is_ok()) + u8::from(b.is_ok()), 1);
        // The other one learns nothing of who did.
        assert_eq!(a.err().or(b.err()).unwrap().code(), ErrorCode::NotFound);
    }

    async fn a_device_is_decided_once_in_time_and_by_one_person(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Member).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let me = world.control.myself(&world.cx(&alice)).await.unwrap();
        let him = world.control.myself(&world.cx(&bob)).await.unwrap();

        let (denied, client) = started(&world).await;
        world.control.deny_device(&me, &denied.user_code).await.unwrap();
        assert_eq!(poll(&world, &denied, client).await.unwrap_err(), Refusal::Denied);
        assert_eq!(world.control.device_request(&me, &denied.user_code, None).await.unwrap().state, DeviceState::Denied);
        let again = approve(&world.control, &world, &alice, &denied.user_code, None, None, false).await;
        assert_eq!(again.unwrap_err().code(), ErrorCode::Gone);
        let other = world.control.device_request(&him, &denied.user_code, None).await;
        assert_eq!(other.unwrap_err().code(), ErrorCode::NotFound);

        let (late, client) = started(&world).await;
        world.clock.advance_s(600);
        let me = world.control.myself(&world.cx(&alice)).await.unwrap();
        assert_eq!(world.control.device_request(&me, &late.user_code, None).await.unwrap().state, DeviceState::Expired);
        let too_late = approve(&world.control, &world, &alice, &late.user_code, None, None, false).await;
        assert_eq!(too_late.unwrap_err().code(), ErrorCode::Gone);
        assert_eq!(world.control.deny_device(&me, &late.user_code).await.unwrap_err().code(), ErrorCode::Gone);
        assert_eq!(poll(&world, &late, client).await.unwrap_err(), Refusal::Expired);

        let (unfetched, client) = approved(&world, &alice, None).await;
        world.clock.advance_s(600);
        assert_eq!(poll(&world, &unfetched, client).await.unwrap_err(), Refusal::Expired);
    }

    async fn a_code_belongs_to_the_client_that_asked_for_it(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Member).await;
        let (start, client) = approved(&world, &alice, None).await;
        let stranger = world.id::<model::DeviceId>().uuid();
        assert_eq!(poll(&world, &start, stranger).await.unwrap_err(), Refusal::UnknownCode);
        assert!(poll(&world, &start, client).await.is_ok());
    }

    async fn polling_too_fast_is_slowed_and_every_time_more(world: World) {
        let (start, client) = started(&world).await;
        let after = async |s: i64| {
            world.clock.advance_s(s);
            poll(&world, &start, client).await.unwrap_err()
        };
        assert_eq!(after(0).await, Refusal::Pending);
        assert_eq!(after(5).await, Refusal::Pending);
        assert_eq!(after(1).await, Refusal::SlowDown);
        assert_eq!(after(6).await, Refusal::SlowDown);
        assert_eq!(after(15).await, Refusal::Pending);
    }

    async fn a_workspace_must_be_chosen_and_be_one_that_may_be_entered(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = enrolled(&world, org, "dev").await;
        let foreign = enrolled(&world, world.org("other").await, "foreign").await;
        let (start, _) = started(&world).await;
        let code = start.user_code.as_str();
        for (person, workspace, hint) in [
            (&alice, None, None), (&alice, None, Some("dev")), (&alice, Some(foreign.id), None),
            (&alice, Some(world.id()), None), (&bob, Some(dev.id), None), (&bob, None, Some("dev")),
        ] {
            let refused = approve(&world.control, &world, person, code, workspace, hint, false).await.unwrap_err();
            assert!(refused.fields().contains_key("workspace"), "{workspace:?} {hint:?}: {refused:?}");
        }
        let him = world.control.myself(&world.cx(&bob)).await.unwrap();
        let seen = world.control.device_request(&him, code, Some("dev")).await.unwrap();
        assert_eq!((seen.workspaces.len(), seen.preselected, seen.must_choose), (0, None, true));
        let me = world.control.myself(&world.cx(&alice)).await.unwrap();
        let by_id = world.control.device_request(&me, code, Some(&dev.id.to_string())).await.unwrap();
        assert_eq!((by_id.workspaces.len(), by_id.preselected), (1, Some(dev.id)));
        let by_foreign = world.control.device_request(&me, code, Some("foreign")).await.unwrap();
        assert_eq!(by_foreign.preselected, None);
        approve(&world.control, &world, &alice, code, Some(dev.id), None, false).await.unwrap();
    }

    async fn a_program_cannot_approve_devices(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Member).await;
        let (first, client) = approved(&world, &alice, None).await;
        let device = poll(&world, &first, client).await.unwrap().secret;
        let device = bearer(&world, device.expose()).await.unwrap();
        let refused = world.control.myself(&world.anonymous().with_actor(device)).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Forbidden, "a device manages nothing of its person's");

        let me = world.control.my_keys(&world.cx(&alice)).await.unwrap();
        let key = world.control.create_api_key(&me, &NewApiKey::parse("ci", "30", "").unwrap()).await.unwrap();
        let script = bearer(&world, &key.secret).await.unwrap();
        let me = world.control.myself(&world.anonymous().with_actor(script)).await.unwrap();
        let (second, _) = started(&world).await;
        let approval = Approval { user_code: &second.user_code, workspace: None, hint: None, trusted: true };
        assert_eq!(world.control.approve_device(&me, &approval).await.unwrap_err().code(), ErrorCode::Forbidden);
        assert_eq!(world.control.deny_device(&me, &second.user_code).await.unwrap_err().code(), ErrorCode::Forbidden);
    }

    async fn a_command_line_administers_for_half_a_day(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Admin).await;
        let dev = enrolled(&world, org, "dev").await;
        let (start, client) = command_line(&world).await;
        let me = world.control.myself(&world.cx(&alice)).await.unwrap();
        let shown = world.control.device_request(&me, &start.user_code, None).await.unwrap();
        assert_eq!(shown.purpose, DevicePurpose::Administering);
        assert_eq!([&shown.hostname, &shown.client_version, &shown.os], ["laptop", "0.1.0", "linux"]);
        assert_eq!((shown.workspaces.len(), shown.must_choose), (0, false));

        let mine = world.control.my_command_lines(&world.cx(&alice)).await.unwrap();
        world.control.approve_command_line(&mine, &start.user_code).await.unwrap();
        let issued = poll(&world, &start, client).await.unwrap();
        assert_eq!((issued.expires_in_s, issued.workspace), (DAY_S / 2, None));
        let token = issued.secret.expose();
        assert_eq!(bearer(&world, token).await, None, "not where programs of ZenML's ask");
        let cx = world.anonymous().with_actor(by_function(&world, token).await.unwrap());
        let _ = world.control.authorize::<MemberRead>(&cx, org).await.unwrap();
        let refused = world.control.authorize::<WorkspaceEnter>(&cx, dev.id).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Forbidden, "it enters no workspace");

        let me = world.control.myself(&cx).await.unwrap();
        let listed = world.control.devices(&me).await.unwrap();
        assert_eq!((listed[0].purpose, listed[0].agent.as_str()), (DevicePurpose::Administering, "Reeve 0.1.0 on linux"));
        world.clock.advance_s(DAY_S / 2 - 1);
        assert!(by_function(&world, token).await.is_some());
        world.clock.advance_s(1);
        assert_eq!(by_function(&world, token).await, None);
    }

    async fn what_is_sensitive_is_asked_of_a_command_line_ten_minutes_after_its_person_signed_in(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Admin).await;
        let cookie = world.session(&alice).await;
        world.clock.advance_s(FRESH_S - 60);
        let session = world.control.resolve_session(cookie.expose(), world.control.now()).await.unwrap().unwrap();
        let (start, client) = command_line(&world).await;
        let mine = world.control.my_command_lines(&world.anonymous().with_actor(session)).await.unwrap();
        world.control.approve_command_line(&mine, &start.user_code).await.unwrap();
        let token = poll(&world, &start, client).await.unwrap().secret;
        let may = async || {
            let cx = world.anonymous().with_actor(by_function(&world, token.expose()).await.unwrap());
            let _ = world.control.authorize::<MemberRead>(&cx, org).await.unwrap();
            world.control.authorize::<RoleManage>(&cx, org).await.err().map(|error| error.code())
        };
        assert_eq!(may().await, None);
        world.clock.advance_s(60);
        assert_eq!(may().await, None);
        world.clock.advance_s(1);
        assert_eq!(may().await, Some(ErrorCode::FreshSignInRequired), "approving is no signing in");
    }

    async fn administering_is_approved_in_a_browser_by_somebody_who_signed_in_lately(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Admin).await;
        let cookie = world.session(&alice).await;
        world.clock.advance_s(FRESH_S + 1);
        let session = world.control.resolve_session(cookie.expose(), world.control.now()).await.unwrap().unwrap();
        let stale = world.control.my_command_lines(&world.anonymous().with_actor(session)).await.unwrap_err();
        assert_eq!(stale.code(), ErrorCode::FreshSignInRequired);

        let key = world.control.my_keys(&world.cx(&alice)).await.unwrap();
        let key = world.control.create_api_key(&key, &NewApiKey::parse("ci", "30", "").unwrap()).await.unwrap();
        let script = by_function(&world, &key.secret).await.unwrap();
        let first = administering(&world, &alice).await.secret;
        let first = by_function(&world, first.expose()).await.unwrap();
        let (next, _) = command_line(&world).await;
        for program in [script, first] {
            let cx = world.anonymous().with_actor(program);
            let mine = world.control.my_command_lines(&cx).await.unwrap();
            let refused = world.control.approve_command_line(&mine, &next.user_code).await.unwrap_err();
            assert_eq!(refused.code(), ErrorCode::Forbidden, "no program lets another one in");
            let mine = world.control.my_keys(&cx).await.unwrap();
            let refused = world.control.create_api_key(&mine, &NewApiKey::parse("more", "30", "").unwrap()).await;
            assert_eq!(refused.unwrap_err().code(), ErrorCode::Forbidden, "nor makes itself a longer life");
        }
    }

    async fn what_is_approved_is_what_was_asked_for(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Admin).await;
        let mine = world.control.my_command_lines(&world.cx(&alice)).await.unwrap();
        let (zenml, zenml_client) = started(&world).await;
        let refused = world.control.approve_command_line(&mine, &zenml.user_code).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Conflict);
        assert_eq!(poll(&world, &zenml, zenml_client).await.unwrap_err(), Refusal::Pending);
        let (reeve, client) = command_line(&world).await;
        let refused = approve(&world.control, &world, &alice, &reeve.user_code, None, None, true).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Conflict);
        assert_eq!(poll(&world, &reeve, client).await.unwrap_err(), Refusal::Pending);
        let me = world.control.myself(&world.cx(&alice)).await.unwrap();
        world.control.deny_device(&me, &reeve.user_code).await.unwrap();
        let late = world.control.approve_command_line(&mine, &reeve.user_code).await.unwrap_err();
        assert_eq!(late.code(), ErrorCode::Gone);
        assert_eq!(poll(&world, &reeve, client).await.unwrap_err(), Refusal::Denied);
    }

    async fn guesses_of_short_codes_are_counted_exactly(world: World) {
        let org = world.org("acme").await;
        let eve = world.member(org, "eve", OrgRole::Member).await;
        let me = world.control.myself(&world.cx(&eve)).await.unwrap();
        let guesses = futures::future::join_all(
            (0..80).map(|_| world.control.device_request(&me, "BCDF-GHJK", None)),
        ).await;
        let count = |code| guesses.iter().filter(|g| g.as_ref().is_err_and(|e| e.code() == code)).count();
        assert_eq!((count(ErrorCode::NotFound), count(ErrorCode::RateLimited)), (40, 40));
        world.clock.advance_s(600);
        let me = world.control.myself(&world.cx(&eve)).await.unwrap();
        assert_eq!(world.control.device_request(&me, "BCDF-GHJK", None).await.unwrap_err().code(), ErrorCode::NotFound);
    }

    async fn what_ran_out_is_forgotten_and_nothing_else(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Member).await;
        let (used, client) = approved(&world, &alice, None).await;
        poll(&world, &used, client).await.unwrap();
        let (_undecided, _) = started(&world).await;
        let forget = async |before: Timestamp| {
            let mut tx = world.store.write().await.unwrap();
            let devices = store::devices::delete_undecided(&mut tx, before).await.unwrap();
            let tokens = store::tokens::delete_expired(&mut tx, before).await.unwrap();
            tx.commit_unaudited("arranged by a test").await.unwrap();
            (devices, tokens)
        };
        assert_eq!(forget(open_until(&world, 600)).await, (0, 0));
        assert_eq!(forget(open_until(&world, 601)).await, (1, 0));
        assert_eq!(forget(open_until(&world, DAY_S + 1)).await, (0, 1));
    }
}

fn open_until(world: &World, s: i64) -> Timestamp {
    world.control.now().plus_s(s)
}
