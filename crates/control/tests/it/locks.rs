//! Locking a member: at once, on every replica, and nothing of theirs is lost.

use super::arrange::{At, open, secret};
use super::devices::approved;
use super::offboarding::Stage;
use super::tokens::bearer;
use control::Result;
use control::api_keys::NewApiKey;
use control::authz::{
    MemberRead, MemberRemove, OrgRead, ServiceAccountCreate, ServiceAccountKeys, WorkspaceEnter,
};
use control::service_accounts::NewServiceAccount;
use model::{ErrorCode, OrgId, OrgRole};
use testkit::{Person, World, both_engines};

async fn lock(world: &World, by: &Person, org: OrgId, whom: &Person) -> Result<()> {
    world.control.lock_member(&At(world, by, org).may::<MemberRemove>().await?, whom.id).await
}

async fn unlock(world: &World, by: &Person, org: OrgId, whom: &Person) -> Result<()> {
    world.control.unlock_member(&At(world, by, org).may::<MemberRemove>().await?, whom.id).await
}

both_engines! {
    async fn a_locked_member_is_nobody_until_they_are_unlocked_and_keeps_what_they_hold(world: World) {
        let stage = Stage::new(&world, 1).await;
        let (org, olivia, bob) = (stage.org, &stage.olivia, &stage.bob);
        let replica = world.replica().await;
        let seen = stage.look(olivia, bob).await.unwrap();
        assert!(replica.control.authorize::<WorkspaceEnter>(&replica.cx(bob), stage.dev.id).await.is_ok());
        lock(&world, olivia, org, bob).await.unwrap();
        for at in [&world, &replica] {
            let cx = at.cx(bob);
            assert_eq!(at.control.authorize::<OrgRead>(&cx, org).await.unwrap_err().code(), ErrorCode::NotFound);
            assert_eq!(at.control.authorize::<WorkspaceEnter>(&cx, stage.dev.id).await.unwrap_err().code(), ErrorCode::NotFound);
            let me = at.control.myself(&cx).await.unwrap();
            assert!(at.control.me(&me).await.unwrap().orgs.is_empty(), "it is not offered to him either");
        }
        assert_eq!(world.audit(org).await[..2], ["access.denied/refused", "access.denied/refused"]);
        let log = world.audit(org).await;
        let done: Vec<_> = log.iter().filter(|line| !line.starts_with("access.")).take(2).collect();
        assert_eq!(done, ["member.locked/success", "invitation.revoked/success"]);

        let auth = At(&world, olivia, org).may::<MemberRead>().await.unwrap();
        let shown = world.control.member(&auth, bob.id).await.unwrap();
        assert_eq!(shown.member.locked_at, Some(world.control.now()));
        assert_eq!((shown.grants.len(), shown.teams.len(), shown.can.remove), (1, 1, true));
        let locked = stage.look(olivia, bob).await.unwrap();
        assert_eq!((&locked.grants, &locked.teams, &locked.service_accounts), (&seen.grants, &seen.teams, &seen.service_accounts));
        assert_eq!((&locked.workspaces, &locked.keys), (&seen.workspaces, &seen.keys));
        assert!(locked.sessions.is_empty() && locked.devices.is_empty() && locked.invitations.is_empty());

        lock(&world, olivia, org, bob).await.unwrap();
        unlock(&world, olivia, org, bob).await.unwrap();
        unlock(&world, olivia, org, bob).await.unwrap();
        assert_eq!(world.audit(org).await[0], "member.unlocked/success");
        for at in [&world, &replica] {
            assert!(at.control.authorize::<WorkspaceEnter>(&at.cx(bob), stage.dev.id).await.is_ok());
        }
    }

    async fn a_machine_whose_key_a_locked_member_knows_does_not_unlock_them(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Manager).await;
        let cx = world.cx(&olivia);
        let auth = world.control.authorize::<ServiceAccountCreate>(&cx, org).await.unwrap();
        let new = NewServiceAccount::parse("bot", "", OrgRole::Admin, &bob.email).unwrap();
        let bot = world.control.create_service_account(&auth, &new).await.unwrap().id;
        let keys = world.control.authorize::<ServiceAccountKeys>(&cx, bot).await.unwrap();
        let new = NewApiKey::parse("ci", "30", "").unwrap();
        let key = world.control.create_service_account_key(&keys, &new).await.unwrap();
        lock(&world, &olivia, org, &bob).await.unwrap();
        let by_bot = world.anonymous().with_actor(bearer(&world, &key.secret).await.unwrap());
        let auth = world.control.authorize::<MemberRemove>(&by_bot, org).await.unwrap();
        let refused = world.control.unlock_member(&auth, bob.id).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Forbidden);
        assert_eq!(world.audit(org).await[0], "member.locked/success");
        assert_eq!(world.control.authorize::<OrgRead>(&world.cx(&bob), org).await.unwrap_err().code(), ErrorCode::NotFound);
        unlock(&world, &olivia, org, &bob).await.unwrap();
    }

    async fn a_locked_member_is_offboarded_like_any_other(world: World) {
        let stage = Stage::new(&world, 1).await;
        lock(&world, &stage.olivia, stage.org, &stage.bob).await.unwrap();
        let decided = stage.decided().await;
        let auth = At(&world, &stage.olivia, stage.org).may::<MemberRemove>().await.unwrap();
        let done = world.control.offboard(&auth, stage.bob.id, &decided).await.unwrap();
        assert_eq!((done.handed_over, done.keys, done.sessions), (3, 1, 0));
    }

    async fn a_lock_makes_nobody_the_prey_of_whoever_holds_less(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let adam = world.member(org, "adam", OrgRole::Admin).await;
        let mia = world.member(org, "mia", OrgRole::Manager).await;
        assert_eq!(lock(&world, &mia, org, &adam).await.unwrap_err().code(), ErrorCode::Forbidden);
        lock(&world, &olivia, org, &adam).await.unwrap();
        assert_eq!(unlock(&world, &mia, org, &adam).await.unwrap_err().code(), ErrorCode::Forbidden);
        assert_eq!(At(&world, &mia, org).remove(&adam).await.unwrap_err().code(), ErrorCode::Forbidden);
        let auth = At(&world, &mia, org).may::<MemberRead>().await.unwrap();
        assert!(!world.control.member(&auth, adam.id).await.unwrap().can.remove);
        unlock(&world, &olivia, org, &adam).await.unwrap();
    }

    async fn nobody_locks_themselves_or_the_last_administrator_or_a_stranger(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let adam = world.member(org, "adam", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        assert_eq!(lock(&world, &olivia, org, &olivia).await.unwrap_err().code(), ErrorCode::Conflict);
        assert_eq!(lock(&world, &bob, org, &adam).await.unwrap_err().code(), ErrorCode::Forbidden);
        let eve = world.person("eve").await;
        assert_eq!(lock(&world, &olivia, org, &eve).await.unwrap_err().code(), ErrorCode::NotFound);
        assert_eq!(lock(&world, &eve, org, &bob).await.unwrap_err().code(), ErrorCode::NotFound);
        lock(&world, &olivia, org, &adam).await.unwrap();
        // He does not count as the one the organization has to keep.
        assert_eq!(At(&world, &olivia, org).set_role(&olivia, OrgRole::Member).await.unwrap_err().code(), ErrorCode::Conflict);
        assert_eq!(At(&world, &olivia, org).remove(&olivia).await.unwrap_err().code(), ErrorCode::Conflict);
    }

    async fn sessions_and_devices_end_where_it_is_the_only_organization(world: World) {
        let (org, other) = (world.org("acme").await, world.org("other").await);
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let ann = world.member(org, "ann", OrgRole::Member).await;
        world.join(other, &ann, OrgRole::Member).await;
        for (person, stays) in [(&bob, false), (&ann, true)] {
            let cookie = world.session(person).await;
            approved(&world, person, None).await;
            lock(&world, &olivia, org, person).await.unwrap();
            let found = world.control.resolve_session(cookie.expose(), world.control.now()).await.unwrap();
            assert_eq!(found.is_some(), stays);
            let me = world.control.myself(&world.cx(person)).await.unwrap();
            assert_eq!(world.control.devices(&me).await.unwrap()[0].works, stays);
        }
        assert!(world.control.authorize::<OrgRead>(&world.cx(&ann), other).await.is_ok());
    }

    async fn a_link_that_a_locked_member_kept_lets_nobody_in(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let adam = world.member(org, "adam", OrgRole::Admin).await;
        let kept = At(&world, &adam, org).invite("adam-again@acme.test").await;
        lock(&world, &olivia, org, &adam).await.unwrap();
        let cx = world.anonymous();
        let refused = world.control.accept_invitation(&open(&cx), secret(&kept.url), "Adam").await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Gone);
    }
}
