//! Leaving for good: what is seen is what ends, all of it or nothing.

use super::arrange::{At, grant, workspace};
use super::devices::approved;
use super::tokens::{Enrolled, bearer, enrolled};
use super::trust;
use control::api_keys::{KeyChange, NewApiKey};
use control::authz::{
    ClientOrgRead, MemberRead, MemberRemove, OffboardingPrepare, ServiceAccountCreate, ServiceAccountKeys,
    ServiceAccountSee, TeamManage, TeamMembers,
};
use control::offboarding::Offboarding;
use control::service_accounts::NewServiceAccount;
use control::trust::TrustRuleInput;
use control::{Error, Result};
use model::grant::{Place, Principal};
use model::member::MemberDetail;
use model::offboarding::{Offboarded, Preflight};
use model::service_account::Owner;
use model::{ApiKeyId, ErrorCode, Level, OrgId, OrgRole, RoleRef, ServiceAccountId, TeamId, WorkspaceRole};
use store::shares::{Share, With};
use testkit::{Person, World, both_engines};

/// An organization in which Bob, a manager, has one of everything.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) org: OrgId,
    pub(crate) olivia: Person,
    pub(crate) bob: Person,
    pub(crate) carol: Person,
    team: TeamId,
    pub(crate) dev: Enrolled,
    pub(crate) bot: ServiceAccountId,
    key: (ApiKeyId, String),
    cookie: String,
}

impl Stage {
    pub(crate) async fn new(world: &World, n: usize) -> Self {
        let world = world.clone();
        let org = world.org(&format!("acme-{n}")).await;
        let olivia = world.member(org, &format!("olivia-{n}"), OrgRole::Admin).await;
        let bob = world.member(org, &format!("bob-{n}"), OrgRole::Manager).await;
        let carol = world.member(org, &format!("carol-{n}"), OrgRole::Member).await;
        let dev = enrolled(&world, org, &format!("dev-{n}")).await;
        grant(&world, org, dev.id, Principal::User(bob.id), WorkspaceRole::Admin).await;
        let team = world.team(org, "Night shift", &[&bob]).await;
        let control = world.control.clone();
        let manage = control.authorize::<TeamManage>(&world.cx(&olivia), team).await.unwrap();
        control.set_team_maintainer(&manage, Principal::User(bob.id), true).await.unwrap();
        let auth = control.authorize::<ServiceAccountCreate>(&world.cx(&olivia), org).await.unwrap();
        let new =
            NewServiceAccount::parse(&format!("bot-{n}"), "Builds.", OrgRole::Member, &bob.email).unwrap();
        let bot = control.create_service_account(&auth, &new).await.unwrap().id;
        let keys = control.authorize::<ServiceAccountKeys>(&world.cx(&olivia), bot).await.unwrap();
        control.create_service_account_key(&keys, &NewApiKey::parse("ci", "30", "").unwrap()).await.unwrap();
        let mut tx = world.store.write().await.unwrap();
        let share = Share {
            resource_type: "stack".to_owned(),
            resource_id: uuid::Uuid::from_u128(7),
            project_id: None,
            actions: "read".to_owned(),
        };
        let with = With::User(bob.id);
        store::shares::put(&mut tx, dev.id, with, &share, olivia.id, control.now()).await.unwrap();
        tx.commit_unaudited("arranged by a test").await.unwrap();
        At(&world, &bob, org).invite(&format!("new-{n}@acme.test")).await;
        approved(&world, &bob, Some(dev.id)).await;
        let me = control.my_keys(&world.cx(&bob)).await.unwrap();
        let key = control.create_api_key(&me, &NewApiKey::parse("nightly", "30", "").unwrap()).await.unwrap();
        let cookie = world.session(&bob).await.expose().to_owned();
        Self { org, olivia, bob, carol, team, dev, bot, key: (key.id, key.secret), cookie, world }
    }

    pub(crate) async fn look(&self, by: &Person, at: &Person) -> Result<Preflight> {
        let auth = self.world.control.authorize::<OffboardingPrepare>(&self.world.cx(by), self.org).await?;
        self.world.control.offboarding(&auth, at.id).await
    }

    async fn offboard(&self, by: &Person, whom: &Person, decided: &Offboarding) -> Result<Offboarded> {
        let auth = self.world.control.authorize::<MemberRemove>(&self.world.cx(by), self.org).await?;
        self.world.control.offboard(&auth, whom.id, decided).await
    }

    /// What Olivia decides about Bob at this moment.
    pub(crate) async fn decided(&self) -> Offboarding {
        let fingerprint = self.look(&self.olivia, &self.bob).await.unwrap().fingerprint;
        let successor = self.carol.email.clone();
        Offboarding { fingerprint, successor, typed: Some(self.bob.username.clone()), confirmed: false }
    }

    /// What Bob has: in no case is less of it there than all.
    async fn bobs(&self) -> (Option<MemberDetail>, usize, bool) {
        let auth = At(&self.world, &self.olivia, self.org).may::<MemberRead>().await.unwrap();
        let member = self.world.control.member(&auth, self.bob.id).await.ok();
        let mut tx = self.world.store.read().await.unwrap();
        let keys = store::holdings::keys(&mut tx, self.bob.id, None, self.world.control.now()).await.unwrap();
        let session =
            self.world.control.resolve_session(&self.cookie, self.world.control.now()).await.unwrap();
        (member, keys.len(), session.is_some())
    }

    async fn owner_of_the_bot(&self) -> Option<Owner> {
        let cx = self.world.cx(&self.olivia);
        let auth = self.world.control.authorize::<ServiceAccountSee>(&cx, self.bot).await.unwrap();
        self.world.control.service_account(&auth).await.unwrap().account.owner
    }
}

fn code_of<T: std::fmt::Debug>(result: Result<T>) -> (ErrorCode, Vec<&'static str>) {
    let error: Error = result.unwrap_err();
    (error.code(), error.fields().keys().copied().collect())
}

both_engines! {
    async fn everything_somebody_holds_is_seen_and_ends_or_goes_to_the_successor(world: World) {
        let stage = Stage::new(&world, 1).await;
        let (control, org, bob, carol) = (&world.control, stage.org, &stage.bob, &stage.carol);
        let seen = stage.look(&stage.olivia, bob).await.unwrap();
        assert_eq!((seen.username.as_str(), seen.is_me, seen.elsewhere, &seen.obstacle), ("bob-1", false, false, &None));
        assert_eq!(seen.grants.len(), 1);
        assert_eq!(seen.teams.iter().map(|team| (team.name.as_str(), team.alone)).collect::<Vec<_>>(), [("Night shift", true)]);
        assert_eq!(seen.service_accounts.iter().map(|it| (it.id, it.keys)).collect::<Vec<_>>(), [(stage.bot, 1)]);
        assert_eq!(seen.workspaces.iter().map(|it| (it.id, it.role_name.as_str())).collect::<Vec<_>>(), [(stage.dev.id, "Workspace Admin")]);
        assert_eq!(seen.keys.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["nightly"]);
        assert_eq!(seen.invitations.iter().map(|it| it.email.as_str()).collect::<Vec<_>>(), ["new-1@acme.test"]);
        assert_eq!((seen.devices.len(), seen.sessions.len(), seen.shares), (1, 1, 1));
        assert!(seen.needs_successor());
        let told = serde_json::to_string(&seen).unwrap();
        assert!(!told.contains(&stage.key.1) && !told.contains(&stage.cookie), "no secret is told");

        let done = stage.offboard(&stage.olivia, bob, &stage.decided().await).await.unwrap();
        let all = Offboarded {
            grants: 1, teams: 1, shares: 1, keys: 1, sessions: 1, devices: 1, invitations: 1, handed_over: 3,
        };
        assert_eq!(done, all);
        assert!(matches!(stage.bobs().await, (None, 0, false)));
        assert!(bearer(&world, &stage.key.1).await.is_none());
        assert_eq!(stage.owner_of_the_bot().await, Some(Owner::User { id: carol.id, name: "carol-1".to_owned() }));
        let hers = stage.look(&stage.olivia, carol).await.unwrap();
        assert_eq!(hers.grants.iter().map(|it| (it.place, it.role)).collect::<Vec<_>>(),
            [(Place::Workspace(stage.dev.id), RoleRef::from(WorkspaceRole::Admin))]);
        assert!(hers.teams[0].maintainer && hers.teams[0].alone);
        assert!(hers.keys.is_empty() && hers.sessions.is_empty() && hers.devices.is_empty(), "nothing secret moved");
        assert!(control.authorize::<TeamMembers>(&world.cx(carol), stage.team).await.is_ok());

        let log = world.audit(org).await;
        let expected = [
            "member.offboarded/success", "member.removed/success", "invitation.revoked/success",
            "team_member.removed/success", "grant.deleted/success", "member_sessions.ended/success",
            "api_key.revoked/success", "grant.created/success", "team_member.added/success",
            "service_account.updated/success",
        ];
        assert_eq!(log[..expected.len()], expected);

        // The names are taken, for people and for good.
        let mut tx = world.store.write().await.unwrap();
        let again = store::users::take_username(&mut tx, store::users::NameOf::User, "bob-1", world.id(), control.now()).await;
        assert!(!again.unwrap());
        assert!(store::users::by_id(&mut tx, bob.id).await.unwrap().is_some());
        drop(tx);
        assert_eq!(code_of(stage.look(&stage.olivia, bob).await).0, ErrorCode::NotFound);
    }

    async fn what_belongs_to_another_organization_too_is_left_alone(world: World) {
        let stage = Stage::new(&world, 1).await;
        let other = world.org("other").await;
        world.join(other, &stage.bob, OrgRole::Member).await;
        let me = world.control.my_keys(&world.cx(&stage.bob)).await.unwrap();
        let here = NewApiKey::parse("here", "30", "").unwrap().limited([], Some(stage.dev.id)).unwrap();
        world.control.create_api_key(&me, &here).await.unwrap();
        let seen = stage.look(&stage.olivia, &stage.bob).await.unwrap();
        assert!(seen.elsewhere && seen.sessions.is_empty() && seen.devices.is_empty());
        assert_eq!(seen.keys.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["here"], "the one that reaches nowhere else");
        stage.offboard(&stage.olivia, &stage.bob, &stage.decided().await).await.unwrap();
        assert!(matches!(stage.bobs().await, (None, 1, true)), "his other key and his session are his");
        let actor = bearer(&world, &stage.key.1).await.unwrap();
        let cx = world.anonymous().with_actor(actor);
        assert!(world.control.authorize::<ClientOrgRead>(&cx, other).await.is_ok());
        assert_eq!(code_of(world.control.authorize::<ClientOrgRead>(&cx, stage.org).await).0, ErrorCode::NotFound);
    }

    async fn whoever_may_not_or_decides_wrongly_changes_nothing(world: World) {
        let stage = Stage::new(&world, 1).await;
        let (olivia, bob, carol) = (&stage.olivia, &stage.bob, &stage.carol);
        let good = stage.decided().await;
        let before = world.audit(stage.org).await;
        assert_eq!(code_of(stage.look(carol, bob).await).0, ErrorCode::Forbidden);
        assert_eq!(code_of(stage.look(&world.person("eve").await, bob).await).0, ErrorCode::NotFound);
        let seen = stage.look(bob, olivia).await.unwrap();
        assert_eq!(seen.obstacle.as_deref(), Some("olivia-1 holds more in this organization than you do."));
        let upwards = Offboarding { fingerprint: seen.fingerprint, ..good.clone() };
        assert_eq!(code_of(stage.offboard(bob, olivia, &upwards).await).0, ErrorCode::Forbidden);
        let seen = stage.look(olivia, olivia).await.unwrap();
        assert!(seen.is_me && seen.obstacle.unwrap().contains("only Organization Admin"));
        let last = Offboarding { fingerprint: seen.fingerprint, typed: None, ..good.clone() };
        assert_eq!(code_of(stage.offboard(olivia, olivia, &last).await).0, ErrorCode::Conflict);

        let typed = Offboarding { typed: Some("bob".to_owned()), ..good.clone() };
        let mut wrong = vec![(typed, "typed")];
        for fingerprint in ["", "keys.1.00"] {
            wrong.push((Offboarding { fingerprint: fingerprint.to_owned(), ..good.clone() }, "fingerprint"));
        }
        // Nobody, himself, a machine, a team, somebody who has not accepted, and what cannot be looked for.
        for successor in [" ", "nobody@acme.test", "bob-1", "bot-1", "Night shift", "new-1@acme.test", "a\0b"] {
            wrong.push((Offboarding { successor: successor.to_owned(), ..good.clone() }, "successor"));
        }
        for (decided, field) in wrong {
            let refused = code_of(stage.offboard(olivia, bob, &decided).await);
            assert_eq!(refused, (ErrorCode::Invalid, vec![field]), "{decided:?}");
        }
        let outsider = world.person("mallory").await;
        let to_outsider = Offboarding { successor: format!("user:{}", outsider.id), ..good.clone() };
        assert_eq!(code_of(stage.offboard(olivia, bob, &to_outsider).await), (ErrorCode::Invalid, vec!["successor"]));
        let lock = At(&world, olivia, stage.org).may::<MemberRemove>().await.unwrap();
        world.control.lock_member(&lock, carol.id).await.unwrap();
        assert_eq!(code_of(stage.offboard(olivia, bob, &good).await), (ErrorCode::Invalid, vec!["successor"]), "locked");
        world.control.unlock_member(&lock, carol.id).await.unwrap();
        assert_eq!(code_of(world.control.offboarding(&At(&world, olivia, stage.org).may().await.unwrap(), stage.bot.account()).await).0, ErrorCode::NotFound);

        let after = world.audit(stage.org).await;
        let denied = |log: &[String]| log.iter().filter(|line| !line.starts_with("access.") && !line.starts_with("member.")).count();
        assert_eq!(denied(&after), denied(&before));
        assert!(matches!(stage.bobs().await, (Some(_), 1, true)));
        stage.offboard(olivia, bob, &good).await.unwrap();
    }

    async fn nobody_hands_over_what_they_could_not_give(world: World) {
        let stage = Stage::new(&world, 1).await;
        // She may remove members, and holds as much in the organization as Dan, who is a member like her.
        let remover = world.role(stage.org, Level::Organization, "Remover", "member.read member.remove organization.read").await;
        grant(&world, stage.org, Place::Org(stage.org), Principal::User(stage.carol.id), RoleRef::Custom(remover)).await;
        let dan = world.member(stage.org, "dan", OrgRole::Member).await;
        let prod = workspace(&world, stage.org, "prod-1").await;
        grant(&world, stage.org, prod, Principal::User(dan.id), WorkspaceRole::Admin).await;
        let decided = async || {
            let fingerprint = stage.look(&stage.carol, &dan).await.unwrap().fingerprint;
            Offboarding { fingerprint, successor: "olivia-1".to_owned(), ..Offboarding::default() }
        };
        let refused = stage.offboard(&stage.carol, &dan, &decided().await).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Forbidden);
        assert!(refused.message().contains("Workspace Admin allows more than you hold here"), "{refused}");
        let team = world.team(stage.org, "Day shift", &[&dan]).await;
        let manage = world.control.authorize::<TeamManage>(&world.cx(&stage.olivia), team).await.unwrap();
        world.control.set_team_maintainer(&manage, Principal::User(dan.id), true).await.unwrap();
        let refused = stage.offboard(&stage.carol, &dan, &decided().await).await.unwrap_err();
        assert!(refused.message().contains("to hand over teams"), "{refused}");
        let seen = stage.look(&stage.carol, &dan).await.unwrap();
        assert_eq!((seen.grants.len(), seen.teams.len()), (1, 1), "nothing was taken");
    }

    async fn a_key_hands_over_no_more_than_it_is_for(world: World) {
        let stage = Stage::new(&world, 1).await;
        let decided = stage.decided().await;
        let others = async || {
            let log = world.audit(stage.org).await;
            log.into_iter().filter(|line| line != "api_key.created/success").collect::<Vec<_>>()
        };
        let before = others().await;
        let me = world.control.my_keys(&world.cx(&stage.olivia)).await.unwrap();
        let mut scopes = "member.read member.remove".to_owned();
        for missing in ["organization_service_account.manage", "team.manage", "grant.manage"] {
            let new = NewApiKey::parse("leavers", "30", "").unwrap().limited([scopes.as_str()], None).unwrap();
            let made = world.control.create_api_key(&me, &new).await.unwrap();
            let cx = world.anonymous().with_actor(bearer(&world, &made.secret).await.unwrap());
            let auth = world.control.authorize::<MemberRemove>(&cx, stage.org).await.unwrap();
            let refused = world.control.offboard(&auth, stage.bob.id, &decided).await.unwrap_err();
            assert_eq!(refused.code(), ErrorCode::Forbidden);
            assert!(refused.message().contains(&format!("not for “{missing}”")), "{refused}");
            scopes = format!("{scopes} {missing}");
        }
        assert!(matches!(stage.bobs().await, (Some(_), 1, true)));
        let offboard = async |scopes: &str| {
            let new = NewApiKey::parse("leavers", "30", "").unwrap().limited([scopes], None).unwrap();
            let made = world.control.create_api_key(&me, &new).await.unwrap();
            let cx = world.anonymous().with_actor(bearer(&world, &made.secret).await.unwrap());
            let auth = world.control.authorize::<MemberRemove>(&cx, stage.org).await.unwrap();
            world.control.offboard(&auth, stage.bob.id, &decided).await
        };
        let beyond = offboard(&scopes).await.unwrap_err();
        assert!(beyond.message().contains("Workspace Admin allows more than this key may do"), "{beyond}");
        assert_eq!(others().await, before, "nothing was handed over");
        let admin = model::role::Predefined::Workspace(WorkspaceRole::Admin).rights();
        let all = model::Permission::ALL.iter().filter(|permission| admin.grants(**permission));
        let scopes = all.fold(scopes, |scopes, permission| format!("{scopes} {permission}"));
        assert_eq!(offboard(&scopes).await.unwrap().handed_over, 3);
    }

    async fn another_way_into_a_service_account_is_seen_first(world: World) {
        let stage = Stage::new(&world, 1).await;
        let control = &world.control;
        let input = |claims: &str| TrustRuleInput::parse("ci", "https://issuer.example", claims, "").unwrap();
        let keys = control.authorize::<ServiceAccountKeys>(&world.cx(&stage.olivia), stage.bot).await.unwrap();
        let old = control.create_service_account_key(&keys, &NewApiKey::parse("old", "30", "").unwrap()).await.unwrap();
        let rule = trust::make(&world, &stage.olivia, stage.bot, &input("repository = acme/ci")).await.unwrap();
        let seen = stage.look(&stage.olivia, &stage.bob).await.unwrap();
        assert_eq!(seen.service_accounts.iter().map(|it| (it.keys, it.rules)).collect::<Vec<_>>(), [(2, 1)]);
        for step in 0..7 {
            let decided = stage.decided().await;
            match step {
                // One for another: there are as many as before.
                0 => {
                    control.revoke_service_account_key(&keys, old.id).await.unwrap();
                    let new = NewApiKey::parse("new", "30", "").unwrap();
                    control.create_service_account_key(&keys, &new).await.unwrap();
                }
                1 => {
                    let new = NewApiKey::parse("newer", "30", "").unwrap();
                    let made = control.create_service_account_key(&keys, &new).await.unwrap();
                    let seen = stage.decided().await;
                    control.rotate_service_account_key(&keys, made.id, 0).await.unwrap();
                    let rotated = stage.offboard(&stage.olivia, &stage.bob, &seen).await.unwrap_err();
                    assert_eq!(rotated.fields()["changed"], "service_accounts", "rotated");
                    let seen = stage.decided().await;
                    let off = KeyChange { active: Some(false), ..KeyChange::default() };
                    control.update_service_account_key(&keys, made.id, &off).await.unwrap();
                    let switched = stage.offboard(&stage.olivia, &stage.bob, &seen).await.unwrap_err();
                    assert_eq!(switched.fields()["changed"], "service_accounts", "switched off");
                }
                2 => control.update_trust_rule(&keys, rule, &input("repository = evil/ci")).await.unwrap(),
                3 => control.set_trust_rule_enabled(&keys, rule, false).await.unwrap(),
                4 => control.set_trust_rule_enabled(&keys, rule, true).await.unwrap(),
                5 => {
                    control.delete_trust_rule(&keys, rule).await.unwrap();
                    trust::make(&world, &stage.olivia, stage.bot, &input("repository = evil/ci")).await.unwrap();
                }
                _ => {
                    trust::make(&world, &stage.olivia, stage.bot, &input("repository = acme/cd")).await.unwrap();
                }
            }
            let refused = stage.offboard(&stage.olivia, &stage.bob, &decided).await.unwrap_err();
            assert_eq!((refused.code(), refused.fields()["changed"].as_str()), (ErrorCode::Conflict, "service_accounts"), "{step}");
        }
        let seen = stage.look(&stage.olivia, &stage.bob).await.unwrap();
        assert_eq!(seen.service_accounts.iter().map(|it| (it.keys, it.rules)).collect::<Vec<_>>(), [(3, 2)]);
        stage.offboard(&stage.olivia, &stage.bob, &stage.decided().await).await.unwrap();
    }

    async fn it_and_what_somebody_does_meanwhile_never_wait_for_each_other(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let control = &world.control;
        let link = control.create_owner_link(&world.anonymous(), &olivia.email).await.unwrap().unwrap();
        let replica = world.replica().await;
        let cookie = world.session(&olivia).await;
        world.clock.advance_s(120);
        let actor = replica.control.resolve_session(cookie.expose(), control.now()).await.unwrap();
        let cx = control.cx(control::Origin::default(), actor);
        // As offboarding does: first the account, a while later its sessions.
        let mut tx = world.store.write().await.unwrap();
        store::api_keys::hold(&mut tx, olivia.id).await.unwrap();
        let ends = async {
            world.others_wait(2).await;
            store::sessions::end_all(&mut tx, olivia.id, None, control.now()).await?;
            tx.commit_unaudited("arranged by a test").await
        };
        let open = control::Open::because(&cx, "test");
        let signs_in = control.use_sign_in_link(&open, link.rsplit('/').next().unwrap());
        let (ended, begun, noted) = tokio::join!(ends, signs_in, replica.control.flush_activity());
        ended.unwrap();
        begun.unwrap();
        noted.unwrap();
    }

    async fn what_somebody_else_looks_after_too_is_not_handed_over(world: World) {
        let stage = Stage::new(&world, 1).await;
        let shift = world.team(stage.org, "Keepers", &[&stage.carol]).await;
        grant(&world, stage.org, stage.dev.id, Principal::Team(shift), WorkspaceRole::Admin).await;
        assert!(stage.look(&stage.olivia, &stage.bob).await.unwrap().workspaces.is_empty(), "Carol does, by a team");
        let lock = At(&world, &stage.olivia, stage.org).may::<MemberRemove>().await.unwrap();
        world.control.lock_member(&lock, stage.carol.id).await.unwrap();
        assert_eq!(stage.look(&stage.olivia, &stage.bob).await.unwrap().workspaces.len(), 1, "she is locked");
        // A machine looks after nothing.
        grant(&world, stage.org, stage.dev.id, Principal::User(stage.bot.account()), WorkspaceRole::Admin).await;
        assert_eq!(stage.look(&stage.olivia, &stage.bob).await.unwrap().workspaces.len(), 1);
    }

    async fn whoever_goes_themselves_confirms_it(world: World) {
        let stage = Stage::new(&world, 1).await;
        let seen = stage.look(&stage.bob, &stage.bob).await.unwrap();
        assert!(seen.is_me);
        let mut decided = Offboarding { fingerprint: seen.fingerprint, successor: "olivia-1".to_owned(), ..stage.decided().await };
        assert_eq!(code_of(stage.offboard(&stage.bob, &stage.bob, &decided).await), (ErrorCode::Conflict, vec!["confirmed"]));
        decided.confirmed = true;
        stage.offboard(&stage.bob, &stage.bob, &decided).await.unwrap();
        assert!(matches!(stage.bobs().await, (None, 0, false)));
    }

    async fn nothing_ends_when_anything_changed_since_it_was_seen(world: World) {
        let stage = Stage::new(&world, 1).await;
        let (control, org, bob) = (&world.control, stage.org, &stage.bob);
        let by_bob = world.cx(bob);
        let prod = workspace(&world, org, "prod-1").await;
        for part in model::offboarding::Part::ALL {
            use model::offboarding::Part;
            let decided = stage.decided().await;
            match part {
                Part::Membership => world.join(world.org("other").await, bob, OrgRole::Member).await,
                Part::Grants => {
                    grant(&world, org, prod, Principal::User(bob.id), WorkspaceRole::Viewer).await;
                }
                Part::Teams => {
                    world.team(org, "Another", &[bob]).await;
                }
                Part::ServiceAccounts => {
                    let auth = control.authorize::<ServiceAccountCreate>(&world.cx(&stage.olivia), org).await.unwrap();
                    let new = NewServiceAccount::parse("later", "", OrgRole::Member, &bob.email).unwrap();
                    control.create_service_account(&auth, &new).await.unwrap();
                }
                Part::Workspaces => {
                    grant(&world, org, stage.dev.id, Principal::User(stage.carol.id), WorkspaceRole::Admin).await;
                }
                Part::Keys => {
                    // In two organizations by now, so only a key for a workspace here is looked at.
                    let me = control.my_keys(&by_bob).await.unwrap();
                    let here = NewApiKey::parse("here", "30", "").unwrap().limited([], Some(stage.dev.id)).unwrap();
                    let made = control.create_api_key(&me, &here).await.unwrap();
                    let seen = stage.decided().await;
                    let off = KeyChange { active: Some(false), ..KeyChange::default() };
                    control.update_api_key(&me, made.id, &off).await.unwrap();
                    let switched = stage.offboard(&stage.olivia, bob, &seen).await.unwrap_err();
                    assert_eq!(switched.fields()["changed"], "keys", "switched off");
                }
                Part::Invitations => {
                    At(&world, bob, org).invite("later@acme.test").await;
                }
                Part::Devices | Part::Sessions => continue,
                Part::Shares => {
                    let mut tx = world.store.write().await.unwrap();
                    store::shares::remove(&mut tx, stage.dev.id, With::User(bob.id), "stack", uuid::Uuid::from_u128(7)).await.unwrap();
                    tx.commit_unaudited("arranged by a test").await.unwrap();
                }
            }
            let refused = stage.offboard(&stage.olivia, bob, &decided).await.unwrap_err();
            assert_eq!(refused.code(), ErrorCode::Conflict, "{part}");
            assert!(refused.fields()["changed"].split(' ').any(|word| word == part.as_str()), "{part}: {refused}");
            assert!(stage.bobs().await.0.is_some(), "{part}");
        }
        stage.offboard(&stage.olivia, bob, &stage.decided().await).await.unwrap();
    }

    async fn a_sign_in_or_a_device_that_came_since_is_seen_first(world: World) {
        let stage = Stage::new(&world, 1).await;
        let decided = stage.decided().await;
        world.session(&stage.bob).await;
        let refused = stage.offboard(&stage.olivia, &stage.bob, &decided).await.unwrap_err();
        assert_eq!(refused.fields()["changed"], "sessions");
        assert!(refused.message().contains("sessions (1 before, 2 now)"), "{refused}");
        let decided = stage.decided().await;
        approved(&world, &stage.bob, Some(stage.dev.id)).await;
        let refused = stage.offboard(&stage.olivia, &stage.bob, &decided).await.unwrap_err();
        assert_eq!(refused.fields()["changed"], "devices");
        // What others do meanwhile is nothing that was looked at, and neither is a use of what is there.
        let decided = stage.decided().await;
        let dan = world.member(stage.org, "dan", OrgRole::Member).await;
        grant(&world, stage.org, stage.dev.id, Principal::User(dan.id), WorkspaceRole::Viewer).await;
        world.clock.advance_s(120);
        assert!(stage.bobs().await.2);
        stage.offboard(&stage.olivia, &stage.bob, &decided).await.unwrap();
    }

    async fn of_two_at_once_one_does_it_all_and_the_other_nothing(world: World) {
        let replica = world.replica().await;
        for n in 0..5 {
            let stage = Stage::new(&world, n).await;
            let decided = stage.decided().await;
            let offboard = async |world: &World| {
                let auth = At(world, &stage.olivia, stage.org).may::<MemberRemove>().await?;
                world.control.offboard(&auth, stage.bob.id, &decided).await
            };
            let (one, other) = tokio::join!(offboard(&world), offboard(&replica));
            let (done, refused) = if one.is_ok() { (one, other) } else { (other, one) };
            assert_eq!(done.unwrap().handed_over, 3);
            assert_eq!(refused.unwrap_err().code(), ErrorCode::NotFound, "he is no member any more");
            let log = world.audit(stage.org).await;
            for action in ["member.offboarded/success", "member.removed/success", "grant.created/success"] {
                assert_eq!(log.iter().filter(|line| *line == action).count(), 1, "{action}");
            }
        }
    }
}
