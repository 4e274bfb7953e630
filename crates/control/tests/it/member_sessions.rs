//! Administrators see and end the sessions and devices of members.

use super::devices::{approved, poll};
use control::authz::{MemberSessionManage, MemberSessionRead};
use control::{Authorized, Control, Origin};
use model::session::{Ended, MemberSessions};
use model::{DeviceId, ErrorCode, OrgId, OrgRole, SessionId, UserId};
use testkit::{Person, World, both_engines};

async fn managing(
    world: &World,
    by: &Person,
    org: OrgId,
) -> control::Result<Authorized<MemberSessionManage>> {
    world.control.authorize::<MemberSessionManage>(&world.cx(by), org).await
}

async fn seen(world: &World, by: &Person, org: OrgId, of: UserId) -> MemberSessions {
    let auth = world.control.authorize::<MemberSessionRead>(&world.cx(by), org).await.unwrap();
    world.control.member_sessions(&auth, of).await.unwrap()
}

async fn holds(control: &Control, cookie: &str) -> bool {
    control.resolve_session(cookie, control.now()).await.unwrap().is_some()
}

/// What ending everything, one session, or one device of somebody answers.
async fn refusals(world: &World, by: &Person, org: OrgId, of: &Person) -> [ErrorCode; 3] {
    let auth = managing(world, by, org).await.unwrap();
    let control = &world.control;
    [
        control.end_member_sessions(&auth, of.id).await.unwrap_err().code(),
        control.end_member_session(&auth, of.id, world.id::<SessionId>()).await.unwrap_err().code(),
        control.revoke_member_device(&auth, of.id, world.id::<DeviceId>()).await.unwrap_err().code(),
    ]
}

both_engines! {
    async fn all_of_a_members_sessions_and_devices_end_and_every_replica_refuses_the_next_request(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let replica = world.replica().await;
        let (first, second, own) =
            (world.session(&bob).await, world.session(&bob).await, world.session(&olivia).await);
        let (start, client) = approved(&world, &bob, None).await;
        let device = poll(&world, &start, client).await.unwrap().secret;

        let shown = seen(&world, &olivia, org, bob.id).await;
        assert_eq!((shown.name.as_str(), shown.obstacle), ("bob", None));
        assert_eq!((shown.sessions.len(), shown.devices.len()), (2, 1));
        assert!(shown.sessions.iter().all(|session| !session.current));
        assert_eq!(shown.devices[0].place, "192.0.2.7");

        let auth = managing(&world, &olivia, org).await.unwrap();
        let ended = world.control.end_member_sessions(&auth, bob.id).await.unwrap();
        assert_eq!(ended, Ended { sessions: 2, devices: 1 });
        for control in [&world.control, &replica.control] {
            assert!(!holds(control, first.expose()).await && !holds(control, second.expose()).await);
            assert!(holds(control, own.expose()).await, "nobody else is signed out");
            let now = control.now();
            assert_eq!(control.resolve_bearer(device.expose(), &Origin::default(), now).await.unwrap(), None);
        }
        assert_eq!(world.audit(org).await[0], "member_sessions.ended/success");
        let again = world.control.end_member_sessions(&auth, bob.id).await.unwrap();
        assert_eq!(again, Ended::default());
    }

    async fn one_session_and_one_device_end_alone_and_the_person_is_told_by_whom(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Manager).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let kept = world.session(&bob).await;
        world.clock.advance_s(1);
        let ended = world.session(&bob).await;
        approved(&world, &bob, None).await;
        let shown = seen(&world, &olivia, org, bob.id).await;
        let auth = managing(&world, &olivia, org).await.unwrap();
        world.control.end_member_session(&auth, bob.id, shown.sessions[0].id).await.unwrap();
        assert!(!holds(&world.control, ended.expose()).await);
        assert!(holds(&world.control, kept.expose()).await);
        let twice = world.control.end_member_session(&auth, bob.id, shown.sessions[0].id).await.unwrap_err();
        assert_eq!(twice.code(), ErrorCode::NotFound);
        world.clock.advance_s(1);
        let auth = managing(&world, &olivia, org).await.unwrap();
        world.control.revoke_member_device(&auth, bob.id, shown.devices[0].id).await.unwrap();

        let me = world.control.myself(&world.cx(&bob)).await.unwrap();
        let told = world.control.endings(&me).await.unwrap();
        let told: Vec<_> = told.iter().map(|ending| (ending.by.as_str(), ending.ended)).collect();
        let (session, device) = (Ended { sessions: 1, devices: 0 }, Ended { sessions: 0, devices: 1 });
        assert_eq!(told, [("olivia", device), ("olivia", session)]);
        let hers = world.control.myself(&world.cx(&olivia)).await.unwrap();
        assert_eq!(world.control.endings(&hers).await.unwrap(), []);
        world.clock.advance_s(31 * 24 * 3600);
        let me = world.control.myself(&world.cx(&bob)).await.unwrap();
        assert_eq!(world.control.endings(&me).await.unwrap(), []);
    }

    async fn nobody_ends_what_is_of_somebody_who_holds_more(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let mia = world.member(org, "mia", OrgRole::Manager).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let cookie = world.session(&olivia).await;
        assert_eq!(refusals(&world, &mia, org, &olivia).await, [ErrorCode::Forbidden; 3]);
        let shown = seen(&world, &mia, org, olivia.id).await;
        assert_eq!(shown.obstacle.as_deref(), Some("olivia holds more in this organization than you do."));
        assert_eq!(shown.sessions.len(), 1);
        assert!(holds(&world.control, cookie.expose()).await);
        let refused = managing(&world, &bob, org).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Forbidden);
        assert_eq!(refusals(&world, &olivia, org, &olivia).await, [ErrorCode::Conflict; 3], "one's own has its own page");
    }

    async fn a_member_of_two_organizations_is_left_alone_by_the_administrators_of_both(world: World) {
        let (acme, other) = (world.org("acme").await, world.org("other").await);
        let olivia = world.member(acme, "olivia", OrgRole::Admin).await;
        let oscar = world.member(other, "oscar", OrgRole::Admin).await;
        let bob = world.member(acme, "bob", OrgRole::Member).await;
        let cookie = world.session(&bob).await;
        assert_eq!(refusals(&world, &oscar, other, &bob).await, [ErrorCode::NotFound; 3], "he is no member there");

        world.join(other, &bob, OrgRole::Member).await;
        for (admin, org) in [(&olivia, acme), (&oscar, other)] {
            assert_eq!(refusals(&world, admin, org, &bob).await, [ErrorCode::Forbidden; 3]);
            let shown = seen(&world, admin, org, bob.id).await;
            assert!(shown.obstacle.unwrap().contains("also belongs to another organization"));
            assert!(shown.sessions.is_empty() && shown.devices.is_empty(), "where he works from is told to neither");
        }
        assert!(holds(&world.control, cookie.expose()).await);
    }

    async fn a_session_is_ended_only_through_its_own_person(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let eve = world.person("eve").await;
        let cookie = world.session(&eve).await;
        let hers = world.control.myself(&world.cx(&eve)).await.unwrap();
        let id = world.control.sessions(&hers).await.unwrap()[0].id;
        let auth = managing(&world, &olivia, org).await.unwrap();
        for user in [bob.id, eve.id] {
            let refused = world.control.end_member_session(&auth, user, id).await.unwrap_err();
            assert_eq!(refused.code(), ErrorCode::NotFound);
        }
        assert!(holds(&world.control, cookie.expose()).await);
    }

    async fn all_of_ones_own_devices_are_revoked_at_once(world: World) {
        let org = world.org("acme").await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let mut tokens = Vec::new();
        for _ in 0..2 {
            let (start, client) = approved(&world, &bob, None).await;
            tokens.push(poll(&world, &start, client).await.unwrap().secret);
        }
        let me = world.control.myself(&world.cx(&bob)).await.unwrap();
        assert_eq!(world.control.revoke_devices(&me).await.unwrap(), 2);
        assert!(world.control.devices(&me).await.unwrap().iter().all(|device| !device.works));
        for token in tokens {
            assert_eq!(world.control.resolve_bearer(token.expose(), &Origin::default(), world.control.now()).await.unwrap(), None);
        }
        assert_eq!(world.audit(org).await[0], "device.revoked/success");
    }
}
