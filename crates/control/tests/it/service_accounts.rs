use super::arrange::{At, code, grant, may, with_mail, workspace};
use super::smtp::MailServer;
use super::tokens::{bearer, present};
use super::zenml::{enroll, server_of};
use control::api_keys::{KeyChange, NewApiKey};
use control::authz::{
    InvitationManage, KeyPolicyManage, MemberRead, MemberRemove, MemberUpdate, OrgLeave,
    ServiceAccountCreate, ServiceAccountKeys, ServiceAccountManage, ServiceAccountRead, ServiceAccountSee,
    WorkspaceEnter, WorkspaceRead,
};
use control::invitations::NewInvitations;
use control::service_accounts::{NewServiceAccount, ServiceAccountChange};
use control::tokens::{Grant, Refusal};
use control::{Cx, Result};
use model::api_key::{ApiKeySecret, KeyPolicy, KeyState};
use model::grant::Principal;
use model::member::MemberQuery;
use model::service_account::{ServiceAccountDetail, ServiceAccountQuery};
use model::{ApiKeyId, ErrorCode, OrgId, OrgRole, ServiceAccountId, WorkspaceId, WorkspaceRole};
use testkit::{Person, World, both_engines};

async fn make(world: &World, by: &Person, org: OrgId, name: &str, role: OrgRole) -> Result<ServiceAccountId> {
    let auth = world.control.authorize::<ServiceAccountCreate>(&world.cx(by), org).await?;
    let new = NewServiceAccount::parse(name, "", role, "")?;
    Ok(world.control.create_service_account(&auth, &new).await?.id)
}

async fn key_of(
    world: &World,
    by: &Person,
    account: ServiceAccountId,
    new: &NewApiKey,
) -> Result<ApiKeySecret> {
    let auth = may::<ServiceAccountKeys>(world, by, account).await?;
    world.control.create_service_account_key(&auth, new).await
}

async fn key(world: &World, by: &Person, account: ServiceAccountId) -> Result<ApiKeySecret> {
    key_of(world, by, account, &NewApiKey::parse("ci", "90", "")?).await
}

async fn rotate(
    world: &World,
    by: &Person,
    account: ServiceAccountId,
    id: ApiKeyId,
    minutes: u32,
) -> Result<String> {
    let auth = may::<ServiceAccountKeys>(world, by, account).await?;
    Ok(world.control.rotate_service_account_key(&auth, id, minutes).await?.secret)
}

async fn detail(world: &World, by: &Person, account: ServiceAccountId) -> ServiceAccountDetail {
    let auth = may::<ServiceAccountSee>(world, by, account).await.unwrap();
    world.control.service_account(&auth).await.unwrap()
}

async fn change(
    world: &World,
    by: &Person,
    account: ServiceAccountId,
    to: ServiceAccountChange,
) -> Result<()> {
    let auth = may::<ServiceAccountManage>(world, by, account).await?;
    world.control.update_service_account(&auth, &to).await.map(drop)
}

async fn set_active(world: &World, by: &Person, account: ServiceAccountId, active: bool) -> Result<()> {
    let auth = may::<ServiceAccountManage>(world, by, account).await?;
    world.control.set_service_account_active(&auth, active).await.map(drop)
}

/// A request by whoever a secret speaks for; panics if it speaks for nobody.
async fn by(world: &World, secret: &str) -> Cx {
    world.anonymous().with_actor(bearer(world, secret).await.expect("somebody"))
}

async fn enters(world: &World, secret: &str, place: WorkspaceId) -> Option<String> {
    let cx = by(world, secret).await;
    let auth = world.control.authorize::<WorkspaceEnter>(&cx, place).await.ok()?;
    let entrance = world.control.enter_workspace(&auth).await.ok()?;
    assert!(entrance.is_service_account && entrance.email.is_none());
    Some(entrance.username)
}

both_engines! {
    async fn a_key_hands_out_none_with_fewer_limits_than_its_own(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let admin = make(&world, &olivia, org, "admin-bot", OrgRole::Admin).await.unwrap();
        let short = key_of(&world, &olivia, admin, &NewApiKey::parse("short", "30", "").unwrap()).await.unwrap();
        let long = key_of(&world, &olivia, admin, &NewApiKey::parse("long", "never", "").unwrap()).await.unwrap();
        let limited = NewApiKey::parse("limited", "never", "").unwrap();
        let limited = limited.limited(["organization_service_account.keys"], None).unwrap();
        let limited = key_of(&world, &olivia, admin, &limited).await.unwrap();
        for (secret, life, refused) in [
            (&short, "30", false),
            (&short, "90", true),
            (&short, "never", true),
            (&long, "never", false),
            (&limited, "30", true),
        ] {
            let cx = by(&world, &secret.secret).await;
            let auth = world.control.authorize::<ServiceAccountKeys>(&cx, admin).await.unwrap();
            let made = world.control.create_service_account_key(&auth, &NewApiKey::parse("x", life, "").unwrap()).await;
            assert_eq!(code(made), refused.then_some(ErrorCode::Forbidden), "{} makes {life}", secret.name);
        }
        // A rotated one is in other hands, too; only itself may a key rotate whatever its limits are.
        for (secret, target, refused) in [
            (&short, &long, true),
            (&limited, &short, true),
            (&long, &short, false),
            (&limited, &limited, false),
            (&long, &long, false),
        ] {
            let cx = by(&world, &secret.secret).await;
            let auth = world.control.authorize::<ServiceAccountKeys>(&cx, admin).await.unwrap();
            let done = world.control.rotate_service_account_key(&auth, target.id, 60).await;
            assert_eq!(code(done), refused.then_some(ErrorCode::Forbidden), "{} rotates {}", secret.name, target.name);
        }
    }

    async fn an_account_acts_by_its_keys_and_is_no_member_that_anybody_sees(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bot = make(&world, &olivia, org, "ci-bot", OrgRole::Member).await.unwrap();
        let dev = workspace(&world, org, "dev").await;
        grant(&world, org, dev, Principal::User(bot.account()), WorkspaceRole::Developer).await;
        let made = key(&world, &olivia, bot).await.unwrap();
        assert!(made.secret.starts_with("ZENPROKEY_"));

        let replica = world.replica().await;
        let cx = by(&replica, &made.secret).await;
        let seen = replica.control.authorize::<WorkspaceRead>(&cx, dev).await.unwrap();
        assert_eq!(seen.user(), Some(bot.account()));
        let short = present(&replica, Grant::ApiKey { key: &made.secret }).await.unwrap().secret;
        assert_eq!(enters(&world, short.expose(), dev).await.as_deref(), Some("ci-bot"));

        replica.control.flush_activity().await.unwrap();
        let shown = detail(&world, &olivia, bot).await;
        assert_eq!(shown.account.keys, 1);
        assert_eq!(shown.grants.len(), 1);
        assert_eq!(shown.keys[0].last_used_at, Some(world.control.now()));
        assert_eq!(shown.keys[0].last_used_ip.as_deref(), Some("127.0.0.1"));
        assert!(shown.keys[0].last_used_agent.as_deref().unwrap().starts_with("Mozilla"));

        let reads = world.control.authorize::<MemberRead>(&world.cx(&olivia), org).await.unwrap();
        let members = world.control.members(&reads, &MemberQuery::default()).await.unwrap().items;
        assert_eq!(members.iter().map(|m| m.username.as_str()).collect::<Vec<_>>(), ["olivia"]);
        // Nor can what is for people be done to it.
        let updates = world.control.authorize::<MemberUpdate>(&world.cx(&olivia), org).await.unwrap();
        let to_admin = world.control.set_member_role(&updates, bot.account(), OrgRole::Admin, false).await;
        assert_eq!(code(to_admin), Some(ErrorCode::NotFound));
        let removes = world.control.authorize::<MemberRemove>(&world.cx(&olivia), org).await.unwrap();
        assert_eq!(code(world.control.remove_member(&removes, bot.account()).await), Some(ErrorCode::NotFound));
    }

    async fn what_is_for_people_is_not_for_machines(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bot = make(&world, &olivia, org, "ci-bot", OrgRole::Admin).await.unwrap();
        let made = key(&world, &olivia, bot).await.unwrap();
        let cx = by(&world, &made.secret).await;
        assert_eq!(code(world.control.myself(&cx).await), Some(ErrorCode::Forbidden));
        assert!(world.control.whoami(&cx).await.is_ok());
        let reads = world.control.authorize::<OrgLeave>(&cx, org).await.unwrap();
        assert_eq!(code(world.control.leave_org(&reads).await), Some(ErrorCode::NotFound));
        // The organization keeps an administrator who is a person.
        let at = At(&world, &olivia, org);
        assert_eq!(code(at.set_role(&olivia, OrgRole::Member).await), Some(ErrorCode::Conflict));
        assert_eq!(code(at.remove(&olivia).await), Some(ErrorCode::Conflict));
    }

    async fn a_name_is_taken_for_good_in_the_whole_installation(world: World) {
        let (org, other) = (world.org("acme").await, world.org("other").await);
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let eve = world.member(other, "eve", OrgRole::Admin).await;
        let bot = make(&world, &olivia, org, "ci-bot", OrgRole::Member).await.unwrap();
        // People have names of their own, told apart from those of machines by every workspace.
        make(&world, &olivia, org, "eve", OrgRole::Member).await.unwrap();
        for who in [(&olivia, org), (&eve, other)] {
            let error = make(&world, who.0, who.1, "ci-bot", OrgRole::Member).await.unwrap_err();
            assert_eq!(error.code(), ErrorCode::Conflict);
            assert!(error.fields().contains_key("name"));
        }
        let made = key(&world, &olivia, bot).await.unwrap();
        let short = present(&world, Grant::ApiKey { key: &made.secret }).await.unwrap().secret;
        let auth = may::<ServiceAccountManage>(&world, &olivia, bot).await.unwrap();
        world.control.delete_service_account(&auth).await.unwrap();
        let replica = world.replica().await;
        for secret in [made.secret.as_str(), short.expose()] {
            assert_eq!(bearer(&replica, secret).await, None);
        }
        assert_eq!(code(world.control.delete_service_account(&auth).await), Some(ErrorCode::NotFound));
        assert_eq!(code(may::<ServiceAccountSee>(&world, &olivia, bot).await), Some(ErrorCode::NotFound));
        assert_eq!(code(make(&world, &eve, other, "ci-bot", OrgRole::Member).await), Some(ErrorCode::Conflict));
        for bad in ["", "CI Bot", "a", "0198f0aa-0000-7000-8000-000000000001"] {
            assert!(NewServiceAccount::parse(bad, "", OrgRole::Member, "").unwrap_err().fields().contains_key("name"), "{bad}");
        }
    }

    async fn nobody_gets_a_key_of_an_account_that_holds_more_than_they_do(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let mara = world.member(org, "mara", OrgRole::Manager).await;
        let admin = make(&world, &olivia, org, "admin-bot", OrgRole::Admin).await.unwrap();
        let plain = make(&world, &olivia, org, "plain-bot", OrgRole::Member).await.unwrap();
        let teamed = make(&world, &olivia, org, "team-bot", OrgRole::Member).await.unwrap();
        let dev = workspace(&world, org, "dev").await;
        grant(&world, org, dev, Principal::User(plain.account()), WorkspaceRole::Admin).await;
        let team = world.team(org, "Ops", &[]).await;
        grant(&world, org, dev, Principal::Team(team), WorkspaceRole::Viewer).await;
        let mut tx = world.store.write().await.unwrap();
        store::teams::add(&mut tx, team, Principal::User(teamed.account()), false, world.control.now()).await.unwrap();
        store::orgs::bump_policy_version(&mut tx, org).await.unwrap();
        tx.commit_unaudited("arranged by a test").await.unwrap();

        for account in [admin, plain, teamed] {
            let made = key(&world, &olivia, account).await.unwrap();
            assert_eq!(code(key(&world, &mara, account).await), Some(ErrorCode::Forbidden));
            assert_eq!(code(rotate(&world, &mara, account, made.id, 0).await), Some(ErrorCode::Forbidden));
            assert_eq!(code(set_active(&world, &mara, account, false).await), Some(ErrorCode::Forbidden));
            set_active(&world, &olivia, account, false).await.unwrap();
            assert_eq!(code(set_active(&world, &mara, account, true).await), Some(ErrorCode::Forbidden));
            set_active(&world, &olivia, account, true).await.unwrap();
            let auth = may::<ServiceAccountManage>(&world, &mara, account).await.unwrap();
            assert_eq!(code(world.control.delete_service_account(&auth).await), Some(ErrorCode::Forbidden));
            // To end a key takes nothing but the right: it gives nobody anything.
            let auth = may::<ServiceAccountKeys>(&world, &mara, account).await.unwrap();
            world.control.revoke_service_account_key(&auth, made.id).await.unwrap();
        }
        // Nor does anybody make an account that holds more, or make one hold more.
        assert_eq!(code(make(&world, &mara, org, "more", OrgRole::Admin).await), Some(ErrorCode::Forbidden));
        let own = make(&world, &mara, org, "own", OrgRole::Member).await.unwrap();
        let to_admin = ServiceAccountChange { role: Some(OrgRole::Admin), ..Default::default() };
        assert_eq!(code(change(&world, &mara, own, to_admin).await), Some(ErrorCode::Forbidden));
        assert!(key(&world, &mara, own).await.is_ok());
    }

    async fn whoever_answers_for_an_account_manages_its_keys_until_they_are_gone(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let carol = world.member(org, "carol", OrgRole::Member).await;
        let bot = make(&world, &olivia, org, "ci-bot", OrgRole::Member).await.unwrap();
        assert_eq!(code(key(&world, &bob, bot).await), Some(ErrorCode::NotFound));
        let to = |owner: &str| ServiceAccountChange { owner: Some(owner.to_owned()), ..Default::default() };
        change(&world, &olivia, bot, to("bob@acme.test")).await.unwrap();
        let made = key(&world, &bob, bot).await.unwrap();
        assert_eq!(code(may::<ServiceAccountManage>(&world, &bob, bot).await), Some(ErrorCode::Forbidden));
        // Of what holds more than they do they end keys, and get none.
        let dev = workspace(&world, org, "dev").await;
        grant(&world, org, dev, Principal::User(bot.account()), WorkspaceRole::Viewer).await;
        assert_eq!(code(key(&world, &bob, bot).await), Some(ErrorCode::Forbidden));
        let auth = may::<ServiceAccountKeys>(&world, &bob, bot).await.unwrap();
        let off = KeyChange { active: Some(false), ..Default::default() };
        let changed = world.control.update_service_account_key(&auth, made.id, &off).await.unwrap();
        assert_eq!(changed.state, KeyState::Disabled);

        At(&world, &olivia, org).remove(&bob).await.unwrap();
        assert_eq!(code(may::<ServiceAccountSee>(&world, &bob, bot).await), Some(ErrorCode::NotFound));
        let reads = world.control.authorize::<ServiceAccountRead>(&world.cx(&olivia), org).await.unwrap();
        let orphans = ServiceAccountQuery { orphans: true, ..Default::default() };
        let found = world.control.service_accounts(&reads, &orphans).await.unwrap().page.items;
        assert_eq!(found.iter().map(|a| a.id).collect::<Vec<_>>(), [bot]);
        // Handed to a team; whoever is in it answers, until the team is gone.
        world.team(org, "Ops", &[&carol]).await;
        change(&world, &olivia, bot, to("team:Ops")).await.unwrap();
        assert!(may::<ServiceAccountKeys>(&world, &carol, bot).await.is_ok());
        assert!(world.control.service_accounts(&reads, &orphans).await.unwrap().page.items.is_empty());
        // Nobody outside, no machine, and nobody who has not come yet.
        let stranger = world.person("eve").await;
        for wrong in [format!("user:{}", stranger.id), format!("user:{}", bot.account()), "nobody".to_owned()] {
            let error = change(&world, &olivia, bot, to(&wrong)).await.unwrap_err();
            assert!(error.fields().contains_key("owner"), "{wrong}");
        }
        change(&world, &olivia, bot, to("")).await.unwrap();
        assert!(detail(&world, &olivia, bot).await.account.owner.is_none());
    }

    async fn an_inactive_account_is_refused_everywhere_at_once_and_keeps_what_it_holds(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bot = make(&world, &olivia, org, "ci-bot", OrgRole::Member).await.unwrap();
        let dev = enroll(&world, org, &olivia, "dev").await;
        grant(&world, org, dev.workspace, Principal::User(bot.account()), WorkspaceRole::Viewer).await;
        let made = key(&world, &olivia, bot).await.unwrap();
        let replica = world.replica().await;
        let server = server_of(&replica, org, &dev).await;
        let reads = async || {
            let asked = vec!["stack".to_owned()];
            let user = bot.account().to_string();
            replica.control.check_permissions(&server, &user, "read", asked).await.unwrap()["stack"]
        };
        let short = present(&replica, Grant::ApiKey { key: &made.secret }).await.unwrap().secret;
        assert!(reads().await);
        set_active(&world, &olivia, bot, false).await.unwrap();
        assert!(!reads().await);
        assert_eq!(bearer(&replica, &made.secret).await, None);
        assert_eq!(bearer(&replica, short.expose()).await, None);
        assert_eq!(present(&replica, Grant::ApiKey { key: &made.secret }).await.unwrap_err(), Refusal::UnknownKey);
        assert_eq!(code(key(&world, &olivia, bot).await), Some(ErrorCode::Conflict));
        assert!(!detail(&world, &olivia, bot).await.account.active);
        set_active(&world, &olivia, bot, true).await.unwrap();
        assert!(reads().await);
        assert!(bearer(&replica, &made.secret).await.is_some());
    }

    async fn a_rotated_key_works_beside_the_old_one_as_long_as_was_said(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bot = make(&world, &olivia, org, "ci-bot", OrgRole::Member).await.unwrap();
        let first = key(&world, &olivia, bot).await.unwrap();
        let replica = world.replica().await;
        let from_first = present(&replica, Grant::ApiKey { key: &first.secret }).await.unwrap().secret;
        let second = rotate(&world, &olivia, bot, first.id, 10).await.unwrap();
        for secret in [first.secret.as_str(), second.as_str(), from_first.expose()] {
            assert!(bearer(&replica, secret).await.is_some());
        }
        // A token made of the old secret meanwhile is one of the old secret's.
        let late = present(&replica, Grant::ApiKey { key: &first.secret }).await.unwrap().secret;
        world.clock.advance_s(600);
        for secret in [first.secret.as_str(), from_first.expose(), late.expose()] {
            assert_eq!(bearer(&replica, secret).await, None);
        }
        assert_eq!(present(&replica, Grant::ApiKey { key: &first.secret }).await.unwrap_err(), Refusal::UnknownKey);
        let from_second = present(&replica, Grant::ApiKey { key: &second }).await.unwrap().secret;
        // Two rotations in a row: of three secrets two work.
        let third = rotate(&world, &olivia, bot, first.id, 60).await.unwrap();
        let fourth = rotate(&world, &olivia, bot, first.id, 60).await.unwrap();
        assert_eq!(bearer(&replica, &second).await, None);
        assert_eq!(bearer(&replica, from_second.expose()).await, None);
        assert!(bearer(&replica, &third).await.is_some() && bearer(&replica, &fourth).await.is_some());
        // Without an overlap the old one is refused with the next request.
        let fifth = rotate(&world, &olivia, bot, first.id, 0).await.unwrap();
        assert_eq!(bearer(&replica, &fourth).await, None);
        assert!(bearer(&replica, &fifth).await.is_some());
        let error = rotate(&world, &olivia, bot, first.id, 43_201).await.unwrap_err();
        assert!(error.fields().contains_key("retain_period_minutes"));
        assert_eq!(code(rotate(&world, &olivia, bot, world.id(), 0).await), Some(ErrorCode::NotFound));
    }

    async fn a_switched_off_key_can_be_switched_on_and_a_revoked_one_cannot(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let me = world.control.my_keys(&world.cx(&olivia)).await.unwrap();
        let made = world.control.create_api_key(&me, &NewApiKey::parse("laptop", "90", "").unwrap()).await.unwrap();
        let short = present(&world, Grant::ApiKey { key: &made.secret }).await.unwrap().secret;
        let set = async |active| {
            let change = KeyChange { active: Some(active), ..Default::default() };
            world.control.update_api_key(&me, made.id, &change).await
        };
        let replica = world.replica().await;
        set(false).await.unwrap();
        for secret in [made.secret.as_str(), short.expose()] {
            assert_eq!(bearer(&replica, secret).await, None);
        }
        assert_eq!(set(true).await.unwrap().state, KeyState::Works);
        assert!(bearer(&replica, &made.secret).await.is_some() && bearer(&replica, short.expose()).await.is_some());
        let renamed = KeyChange { name: Some("desk".into()), description: Some("At home".into()), active: None };
        let shown = world.control.update_api_key(&me, made.id, &renamed).await.unwrap();
        assert_eq!((shown.name.as_str(), shown.description.as_str()), ("desk", "At home"));
        world.control.revoke_api_key(&me, made.id).await.unwrap();
        assert_eq!(code(set(true).await), Some(ErrorCode::NotFound));
        assert_eq!(code(world.control.rotate_api_key(&me, made.id, 0).await), Some(ErrorCode::NotFound));
        // A key may be replaced by itself, and by no other key.
        let a = world.control.create_api_key(&me, &NewApiKey::parse("a", "90", "").unwrap()).await.unwrap();
        let b = world.control.create_api_key(&me, &NewApiKey::parse("b", "90", "").unwrap()).await.unwrap();
        let by_a = world.control.my_keys(&by(&world, &a.secret).await).await.unwrap();
        assert_eq!(code(world.control.rotate_api_key(&by_a, b.id, 0).await), Some(ErrorCode::Forbidden));
        let next = world.control.rotate_api_key(&by_a, a.id, 0).await.unwrap();
        assert_eq!(next.expires_at, a.expires_at);
        assert_eq!(bearer(&replica, &a.secret).await, None);
    }

    async fn a_limited_key_does_what_it_is_for_and_nothing_else(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let (dev, prod) = (workspace(&world, org, "dev").await, workspace(&world, org, "prod").await);
        let me = world.control.my_keys(&world.cx(&olivia)).await.unwrap();
        let new = |scopes: &str, place| NewApiKey::parse("x", "90", "").unwrap().limited([scopes], place);
        let made = world.control.create_api_key(&me, &new("workspace.enter", Some(dev)).unwrap()).await.unwrap();
        let short = present(&world, Grant::ApiKey { key: &made.secret }).await.unwrap().secret;
        for secret in [made.secret.as_str(), short.expose()] {
            let cx = by(&world, secret).await;
            assert!(world.control.whoami(&cx).await.is_ok());
            assert!(world.control.authorize::<WorkspaceEnter>(&cx, dev).await.is_ok());
            assert_eq!(code(world.control.authorize::<WorkspaceEnter>(&cx, prod).await), Some(ErrorCode::Forbidden));
            assert_eq!(code(world.control.authorize::<WorkspaceRead>(&cx, dev).await), Some(ErrorCode::Forbidden));
            assert_eq!(code(world.control.authorize::<MemberRead>(&cx, org).await), Some(ErrorCode::Forbidden));
            assert_eq!(code(world.control.myself(&cx).await), Some(ErrorCode::Forbidden));
            let whoami = world.control.whoami(&cx).await.unwrap();
            let query = control::zenml::ClientQuery { limit: 10, ..Default::default() };
            let seen = world.control.client_workspaces(&whoami, &query).await.unwrap();
            assert_eq!(seen.iter().map(|w| w.id).collect::<Vec<_>>(), [dev]);
        }
        let reader = world.control.create_api_key(&me, &new("member.read", None).unwrap()).await.unwrap();
        let cx = by(&world, &reader.secret).await;
        assert!(world.control.authorize::<MemberRead>(&cx, org).await.is_ok());
        assert_eq!(code(world.control.authorize::<WorkspaceEnter>(&cx, dev).await), Some(ErrorCode::Forbidden));
        // A limit gives nothing: what the account does not hold, its key does not.
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let bobs = world.control.my_keys(&world.cx(&bob)).await.unwrap();
        let reader = world.control.create_api_key(&bobs, &new("member.read", None).unwrap()).await.unwrap();
        let cx = by(&world, &reader.secret).await;
        assert_eq!(code(world.control.authorize::<MemberRead>(&cx, org).await), Some(ErrorCode::Forbidden));
        for wrong in ["self.manage", "workspace.act", "stack.read", "nonsense", "member.read;", "*"] {
            assert!(new(wrong, None).unwrap_err().fields().contains_key("scopes"), "{wrong}");
        }
        let elsewhere = world.control.create_api_key(&bobs, &new("", Some(dev)).unwrap()).await.unwrap_err();
        assert!(elsewhere.fields().contains_key("workspace"));
    }

    async fn the_form_for_a_key_offers_what_is_allowed_and_where_the_account_may_enter(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let (dev, _) = (workspace(&world, org, "dev").await, workspace(&world, org, "prod").await);
        let policy = KeyPolicy { longest_days: Some(30), endless: false, raw_keys: false };
        let auth = world.control.authorize::<KeyPolicyManage>(&world.cx(&olivia), org).await.unwrap();
        world.control.set_key_policy(&auth, &policy).await.unwrap();
        let bot = make(&world, &olivia, org, "ci-bot", OrgRole::Member).await.unwrap();
        grant(&world, org, dev, Principal::User(bot.account()), WorkspaceRole::Viewer).await;

        let offered = detail(&world, &olivia, bot).await.choices.unwrap();
        assert_eq!(offered.policy, policy);
        assert_eq!(offered.workspaces.iter().map(|w| w.id).collect::<Vec<_>>(), [dev]);
        // Whoever answers for it is offered nothing while it holds more than they do.
        let owner = Some(Principal::User(bob.id).to_string());
        change(&world, &olivia, bot, ServiceAccountChange { owner, ..Default::default() }).await.unwrap();
        assert_eq!(detail(&world, &bob, bot).await.choices, None);
        set_active(&world, &olivia, bot, false).await.unwrap();
        assert_eq!(detail(&world, &olivia, bot).await.choices, None);

        let me = world.control.myself(&world.cx(&olivia)).await.unwrap();
        let own = world.control.api_key_list(&me).await.unwrap();
        assert_eq!((own.keys.len(), own.choices.workspaces.len()), (0, 2));
        assert_eq!(own.choices.policy, policy);
        let me = world.control.myself(&world.cx(&bob)).await.unwrap();
        assert_eq!(world.control.api_key_list(&me).await.unwrap().choices.workspaces, []);
    }

    async fn the_strictest_organization_says_how_long_keys_live(world: World) {
        let (org, other) = (world.org("acme").await, world.org("other").await);
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        world.join(other, &olivia, OrgRole::Admin).await;
        let me = world.control.my_keys(&world.cx(&olivia)).await.unwrap();
        let set = async |org, policy| {
            let auth = world.control.authorize::<KeyPolicyManage>(&world.cx(&olivia), org).await.unwrap();
            world.control.set_key_policy(&auth, &policy).await
        };
        set(org, KeyPolicy { longest_days: Some(100), endless: true, raw_keys: false }).await.unwrap();
        set(other, KeyPolicy { longest_days: Some(200), endless: false, raw_keys: false }).await.unwrap();
        let made = async |expiry: &str| {
            world.control.create_api_key(&me, &NewApiKey::parse("x", expiry, "").unwrap()).await
        };
        assert!(made("90").await.is_ok());
        for expiry in ["365", "never"] {
            assert!(made(expiry).await.unwrap_err().fields().contains_key("expiry"), "{expiry}");
        }
        // An account for machines belongs to one organization.
        let bot = make(&world, &olivia, org, "ci-bot", OrgRole::Member).await.unwrap();
        assert!(key_of(&world, &olivia, bot, &NewApiKey::parse("x", "never", "").unwrap()).await.is_ok());
        assert!(key_of(&world, &olivia, bot, &NewApiKey::parse("x", "365", "").unwrap()).await.is_err());
        for days in [0, 3651, u32::MAX] {
            let policy = KeyPolicy { longest_days: Some(days), ..KeyPolicy::default() };
            assert!(set(org, policy).await.unwrap_err().fields().contains_key("longest_days"));
        }
        assert!(NewApiKey::for_minutes("x", Some(0)).is_err());
        let short = key_of(&world, &olivia, bot, &NewApiKey::for_minutes("x", Some(1)).unwrap()).await.unwrap();
        world.clock.advance_s(59);
        assert!(bearer(&world, &short.secret).await.is_some());
        world.clock.advance_s(1);
        assert_eq!(bearer(&world, &short.secret).await, None);
        assert_eq!(world.control.now().since_ms(short.expires_at.unwrap()), 0);
    }

    async fn a_machines_key_as_it_is_opens_workspaces_only_where_that_was_chosen(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bot = make(&world, &olivia, org, "ci-bot", OrgRole::Member).await.unwrap();
        let dev = workspace(&world, org, "dev").await;
        grant(&world, org, dev, Principal::User(bot.account()), WorkspaceRole::Viewer).await;
        let made = key(&world, &olivia, bot).await.unwrap();
        let short = present(&world, Grant::ApiKey { key: &made.secret }).await.unwrap().secret;
        assert_eq!(enters(&world, &made.secret, dev).await, None);
        assert!(enters(&world, short.expose(), dev).await.is_some());
        let auth = world.control.authorize::<KeyPolicyManage>(&world.cx(&olivia), org).await.unwrap();
        let open = KeyPolicy { raw_keys: true, ..KeyPolicy::default() };
        world.control.set_key_policy(&auth, &open).await.unwrap();
        assert!(enters(&world, &made.secret, dev).await.is_some());
        // A workspace-limited key of a machine stays out of all others.
        let other = workspace(&world, org, "other").await;
        grant(&world, org, other, Principal::User(bot.account()), WorkspaceRole::Viewer).await;
        let limited = NewApiKey::parse("x", "90", "").unwrap().limited([], Some(other)).unwrap();
        let limited = key_of(&world, &olivia, bot, &limited).await.unwrap();
        assert_eq!(enters(&world, &limited.secret, dev).await, None);
        assert!(enters(&world, &limited.secret, other).await.is_some());
        let foreign = world.org("foreign").await;
        let elsewhere = workspace(&world, foreign, "elsewhere").await;
        let wrong = NewApiKey::parse("x", "90", "").unwrap().limited([], Some(elsewhere)).unwrap();
        assert!(key_of(&world, &olivia, bot, &wrong).await.unwrap_err().fields().contains_key("workspace"));
    }
}

/// The readers of the mails that were sent about keys, in order.
fn readers(server: &MailServer) -> Vec<String> {
    let to = |mail: String| mail.lines().find_map(|line| line.strip_prefix("To: ").map(str::to_owned));
    let mut all: Vec<String> = server.mails().into_iter().filter_map(to).collect();
    all.sort();
    all
}

both_engines! {
    async fn whoever_can_make_another_key_is_told_once_before_one_ends(world: World) {
        let server = MailServer::start().await;
        let world = with_mail(&world, &server);
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let bot = make(&world, &olivia, org, "ci-bot", OrgRole::Member).await.unwrap();
        let days = |days: u32| NewApiKey::for_minutes("nightly", Some(days * 24 * 60)).unwrap();
        key_of(&world, &olivia, bot, &days(90)).await.unwrap();
        let me = world.control.my_keys(&world.cx(&bob)).await.unwrap();
        world.control.create_api_key(&me, &days(8)).await.unwrap();
        world.control.create_api_key(&me, &NewApiKey::for_minutes("hourly", Some(60)).unwrap()).await.unwrap();
        let off = world.control.create_api_key(&me, &days(8)).await.unwrap();
        let change = KeyChange { active: Some(false), ..Default::default() };
        world.control.update_api_key(&me, off.id, &change).await.unwrap();

        let replica = world.replica().await;
        let told = async || {
            let told = world.control.warn_of_ending_keys().await.unwrap();
            assert_eq!(replica.control.warn_of_ending_keys().await.unwrap(), 0, "once on all replicas");
            world.control.send_due_mails().await.unwrap();
            told
        };
        assert_eq!(told().await, 0);
        // Of eight days two are a quarter.
        world.clock.advance_s(6 * 24 * 3600 + 1);
        assert_eq!((told().await, readers(&server)), (1, vec!["bob@acme.test".to_owned()]));
        // Of ninety a week is left.
        world.clock.advance_s(77 * 24 * 3600);
        assert_eq!(told().await, 1);
        assert_eq!(readers(&server), ["bob@acme.test", "olivia@acme.test"]);
        let mail = server.mails().into_iter().find(|mail| mail.contains("To: olivia")).unwrap();
        assert!(mail.contains("Subject: The key nightly of ci-bot ends soon"), "{mail}");
        assert!(mail.contains(&format!("/organizations/{org}/service-accounts/{bot}")), "{mail}");
        assert_eq!(told().await, 0);
    }
}

both_engines! {
    async fn an_account_that_loses_its_role_leaves_no_open_link_behind(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let open = async |email: &str| {
            let mut tx = world.store.read().await.unwrap();
            store::invitations::open_for(&mut tx, org, email).await.unwrap().is_some()
        };
        let invite = async |secret: &str, email: &str, role| {
            let cx = by(&world, secret).await;
            let auth = world.control.authorize::<InvitationManage>(&cx, org).await.unwrap();
            let new = NewInvitations::parse(email, role, &[]).unwrap();
            world.control.invite(&auth, &new).await.unwrap();
        };
        let bot = make(&world, &olivia, org, "invites", OrgRole::Admin).await.unwrap();
        let made = key(&world, &olivia, bot).await.unwrap();
        invite(&made.secret, "ann@acme.test", OrgRole::Admin).await;
        invite(&made.secret, "ben@acme.test", OrgRole::Member).await;
        let to_manager = ServiceAccountChange { role: Some(OrgRole::Manager), ..Default::default() };
        change(&world, &olivia, bot, to_manager).await.unwrap();
        assert_eq!((open("ann@acme.test").await, open("ben@acme.test").await), (false, true));
        let auth = may::<ServiceAccountManage>(&world, &olivia, bot).await.unwrap();
        world.control.delete_service_account(&auth).await.unwrap();
        assert!(!open("ben@acme.test").await);
    }

    async fn keys_are_let_in_as_they_are_only_by_who_may_do_everything_in_workspaces(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let mara = world.member(org, "mara", OrgRole::Manager).await;
        let set = async |who: &Person, raw_keys| {
            let auth = world.control.authorize::<KeyPolicyManage>(&world.cx(who), org).await.unwrap();
            world.control.set_key_policy(&auth, &KeyPolicy { raw_keys, ..KeyPolicy::default() }).await
        };
        assert_eq!(code(set(&mara, true).await), Some(ErrorCode::Forbidden));
        set(&olivia, true).await.unwrap();
        set(&mara, false).await.unwrap();
    }

    async fn whoever_answers_from_now_on_is_told_of_keys_that_end(world: World) {
        let server = MailServer::start().await;
        let world = with_mail(&world, &server);
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        world.member(org, "bob", OrgRole::Member).await;
        let bot = make(&world, &olivia, org, "ci-bot", OrgRole::Member).await.unwrap();
        key_of(&world, &olivia, bot, &NewApiKey::for_minutes("nightly", Some(8 * 24 * 60)).unwrap()).await.unwrap();
        world.clock.advance_s(7 * 24 * 3600);
        assert_eq!(world.control.warn_of_ending_keys().await.unwrap(), 1);
        let to_bob = ServiceAccountChange { owner: Some("bob@acme.test".to_owned()), ..Default::default() };
        change(&world, &olivia, bot, to_bob).await.unwrap();
        assert_eq!(world.control.warn_of_ending_keys().await.unwrap(), 1);
        world.control.send_due_mails().await.unwrap();
        assert_eq!(readers(&server), ["bob@acme.test", "olivia@acme.test"]);
    }
}
