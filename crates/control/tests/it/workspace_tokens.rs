//! Signed tokens for workspaces: who gets one, what is in it, and what ends it.

use super::arrange::grant;
use super::forged::Forger;
use super::tokens::{Enrolled, bearer, enrolled, present};
use control::api_keys::NewApiKey;
use control::authz::{
    ClientOrgRead, ServiceAccountCreate, ServiceAccountKeys, WorkspaceEnter, WorkspaceUpdate,
};
use control::service_accounts::NewServiceAccount;
use control::signing::{AHEAD_S, When};
use control::tokens::{Grant, Issued, Refusal};
use control::workspace_tokens::{LIFE_S, Live, Revoked, Wanted};
use control::workspaces::WorkspaceChange;
use control::{Actor, Open};
use model::grant::Principal;
use model::workspace::TokenAlgorithm;
use model::{ErrorCode, OrgId, OrgRole, UserId, WorkspaceId, WorkspaceRole};
use serde_json::Value;
use testkit::{Person, World, both_engines};

/// Somebody with a key who may enter a workspace, and another workspace they may not.
pub(super) struct Place {
    pub(super) world: World,
    pub(super) org: OrgId,
    pub(super) admin: Person,
    pub(super) bob: Person,
    pub(super) key: String,
    pub(super) dev: Enrolled,
    pub(super) prod: Enrolled,
}

impl Place {
    pub(super) async fn new(world: World) -> Self {
        let org = world.org("acme").await;
        let admin = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let (dev, prod) = (enrolled(&world, org, "dev").await, enrolled(&world, org, "prod").await);
        grant(&world, org, dev.id, Principal::User(bob.id), WorkspaceRole::Viewer).await;
        let key = make_key(&world, &bob, NewApiKey::parse("ci", "30", "").unwrap()).await;
        Self { world, org, admin, bob, key, dev, prod }
    }

    pub(super) async fn token(&self) -> String {
        exchange(&self.world, &self.key, self.dev.id, None).await.unwrap().secret.expose().to_owned()
    }

    pub(super) async fn introspect(&self, by: &Enrolled, token: &str) -> Option<Live> {
        introspect(&self.world, by, token).await
    }
}

pub(super) async fn make_key(world: &World, person: &Person, new: NewApiKey) -> String {
    let me = world.control.my_keys(&world.cx(person)).await.unwrap();
    world.control.create_api_key(&me, &new).await.unwrap().secret
}

pub(super) async fn exchange(
    world: &World,
    subject: &str,
    workspace: WorkspaceId,
    scope: Option<&str>,
) -> Result<Issued, Refusal> {
    let wanted = Wanted { subject, client: None, workspace, scope, grant: "token_exchange" };
    present(world, Grant::ForWorkspace(wanted)).await
}

pub(super) async fn introspect(world: &World, by: &Enrolled, token: &str) -> Option<Live> {
    let cx = world.anonymous();
    let open = Open::because(&cx, "test");
    let cx = world.control.by_enrollment_key(&open, by.id, by.key.expose()).await.unwrap().unwrap();
    let auth = world.control.as_workspace(&cx).await.unwrap();
    world.control.introspect(&auth, token).await.unwrap()
}

async fn revoke(world: &World, token: &str) -> Revoked {
    let cx = world.anonymous();
    world.control.revoke_token(&Open::because(&cx, "test"), token).await.unwrap()
}

/// The words of a token, unchecked.
pub(super) fn claims(token: &str) -> Value {
    part(token, 1)
}

pub(super) fn part(token: &str, n: usize) -> Value {
    use base64::Engine as _;
    let text = token.split('.').nth(n).unwrap();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

/// Whether a token opens the door of a workspace, as a ZenML server asks for it.
async fn enters(world: &World, token: &str, workspace: WorkspaceId) -> bool {
    let Some(actor) = bearer(world, token).await else { return false };
    let cx = world.anonymous().with_actor(actor);
    match world.control.authorize::<WorkspaceEnter>(&cx, workspace).await {
        Ok(auth) => world.control.enter_workspace(&auth).await.is_ok(),
        Err(_) => false,
    }
}

both_engines! {
    async fn a_key_becomes_a_token_for_one_workspace_and_opens_nothing_else(world: World) {
        let place = Place::new(world).await;
        let replica = place.world.replica().await;
        let issued = exchange(&place.world, &place.key, place.dev.id, None).await.unwrap();
        assert_eq!((issued.expires_in_s, issued.scope.as_deref()), (LIFE_S, None));
        let token = issued.secret.expose();
        let (head, said) = (part(token, 0), claims(token));
        assert_eq!((head["typ"].as_str(), head["alg"].as_str()), (Some("at+jwt"), Some("EdDSA")));
        assert_eq!(head.as_object().unwrap().len(), 3, "{head}");
        let now = place.world.control.now().millis() / 1000;
        assert_eq!(said["iss"], "http://localhost:8580");
        assert_eq!(said["sub"], place.bob.id.to_string());
        assert_eq!(said["client_id"], place.bob.id.to_string());
        assert_eq!(said["aud"], place.dev.id.to_string());
        assert_eq!((said["iat"].as_i64(), said["exp"].as_i64()), (Some(now), Some(now + LIFE_S)));
        assert!(said.get("scope").is_none() && said["jti"].is_string());
        // The replica never saw the key that signed it.
        assert!(enters(&replica, token, place.dev.id).await);
        assert!(!enters(&replica, token, place.prod.id).await);
        let actor = bearer(&replica, token).await.unwrap();
        assert!(matches!(&actor, Actor::Entrant { user, workspace, .. } if *user == place.bob.id && *workspace == place.dev.id));
        let cx = replica.anonymous().with_actor(actor);
        assert!(replica.control.authorize::<ClientOrgRead>(&cx, place.org).await.is_err());
        assert!(replica.control.myself(&cx).await.is_err());
        let live = introspect(&replica, &place.dev, token).await.unwrap();
        assert_eq!((live.user, live.username.as_str(), live.workspace), (place.bob.id, "bob", place.dev.id));
        assert_eq!(place.introspect(&place.prod, token).await, None);
        place.world.clock.advance_s(LIFE_S);
        assert!(!enters(&replica, token, place.dev.id).await);
        assert_eq!(introspect(&replica, &place.dev, token).await, None);
    }

    async fn who_may_not_enter_gets_no_token(world: World) {
        let place = Place::new(world).await;
        let world = &place.world;
        let nowhere: WorkspaceId = world.id();
        let other = world.org("other").await;
        let foreign = enrolled(world, other, "foreign").await;
        for workspace in [place.prod.id, nowhere, foreign.id] {
            assert_eq!(exchange(world, &place.key, workspace, None).await.unwrap_err(), Refusal::NotThere);
        }
        let server = present(world, Grant::Workspace { workspace: place.dev.id, key: place.dev.key.expose() });
        let server = server.await.unwrap().secret;
        let token = place.token().await;
        for subject in ["", "x", "ZENPROKEY_x", place.dev.key.expose(), server.expose(), &token] {
            let refused = exchange(world, subject, place.dev.id, None).await.unwrap_err();
            assert_eq!(refused, Refusal::UnknownKey, "{subject}");
        }
        let wanted = |client: UserId| Wanted {
            subject: &place.key, client: Some(client), workspace: place.dev.id, scope: None, grant: "client_credentials",
        };
        assert!(present(world, Grant::ForWorkspace(wanted(place.bob.id))).await.is_ok());
        let refused = present(world, Grant::ForWorkspace(wanted(place.admin.id))).await.unwrap_err();
        assert_eq!(refused, Refusal::UnknownKey);
        let mut tx = world.store.write().await.unwrap();
        store::workspaces::set_active(&mut tx, place.dev.id, false, world.control.now()).await.unwrap();
        tx.commit_unaudited("arranged by a test").await.unwrap();
        let denied =
            async || world.audit(place.org).await.iter().filter(|entry| *entry == "access.denied/refused").count();
        let before = denied().await;
        assert_eq!(exchange(world, &place.key, place.dev.id, None).await.unwrap_err(), Refusal::NotThere);
        assert_eq!(denied().await, before + 1);
    }

    async fn scopes_are_those_asked_for_that_the_key_allows(world: World) {
        let place = Place::new(world).await;
        let world = &place.world;
        let ask = async |key: &str, scope: Option<&str>| exchange(world, key, place.dev.id, scope).await.map(|made| made.scope);
        let names = |text: &'static str, only| NewApiKey::parse("narrow", "30", "").unwrap().limited([text], only).unwrap();
        let limited = make_key(world, &place.bob, names("workspace.enter workspace.read", None)).await;
        let some = |text: &str| Ok(Some(text.to_owned()));
        assert_eq!(ask(&place.key, Some("stack.read workspace.enter")).await, some("workspace.enter stack.read"));
        assert_eq!(ask(&limited, None).await, some("workspace.read workspace.enter"));
        assert_eq!(ask(&limited, Some("workspace.enter audit.read stack.read")).await, some("workspace.enter"));
        assert_eq!(ask(&limited, Some("stack.update audit.read")).await, Err(Refusal::NoScope));
        assert_eq!(ask(&place.key, Some("stack.fly")).await, Err(Refusal::UnknownScope));
        assert_eq!(ask(&place.key, Some("openid stack.read")).await, Err(Refusal::UnknownScope));
        let many = "stack.read ".repeat(200);
        assert_eq!(ask(&place.key, Some(&many)).await, Err(Refusal::TooManyScopes));
        // A token that is not for entering enters nowhere, and still says whose it is.
        let reads = exchange(world, &place.key, place.dev.id, Some("stack.read")).await.unwrap().secret;
        assert!(!enters(world, reads.expose(), place.dev.id).await);
        let live = place.introspect(&place.dev, reads.expose()).await.unwrap();
        assert_eq!(live.scope.as_deref(), Some("stack.read"));
        // A key that may not enter gets nothing to enter with.
        let blind = make_key(world, &place.bob, names("organization.read", None)).await;
        assert_eq!(ask(&blind, None).await, Err(Refusal::NotThere));
        let elsewhere = make_key(world, &place.admin, names("", Some(place.prod.id))).await;
        assert_eq!(ask(&elsewhere, None).await, Err(Refusal::NotThere));
        assert!(exchange(world, &elsewhere, place.prod.id, None).await.is_ok());
    }

    async fn a_token_outlives_neither_its_key_nor_the_token_in_between(world: World) {
        let place = Place::new(world).await;
        let world = &place.world;
        let short = present(world, Grant::ApiKey { key: &place.key }).await.unwrap().secret;
        world.clock.advance_s(3600 - 60);
        let made = exchange(world, short.expose(), place.dev.id, None).await.unwrap();
        assert_eq!(made.expires_in_s, 60);
        assert!(enters(world, made.secret.expose(), place.dev.id).await);
        assert_eq!(revoke(world, short.expose()).await, Revoked::Done);
        assert!(!enters(&world.replica().await, made.secret.expose(), place.dev.id).await);
        assert_eq!(place.introspect(&place.dev, made.secret.expose()).await, None);
        // The key itself still works, for less than a token's life.
        world.clock.advance_s(30 * 24 * 3600 - 3600);
        let last = exchange(world, &place.key, place.dev.id, None).await.unwrap();
        assert_eq!(last.expires_in_s, 60);
        world.clock.advance_s(60);
        assert!(!enters(world, last.secret.expose(), place.dev.id).await);
    }

    async fn a_revoked_token_is_refused_at_the_next_request_everywhere(world: World) {
        let place = Place::new(world).await;
        let (world, replica) = (&place.world, place.world.replica().await);
        let (token, other) = (place.token().await, place.token().await);
        assert!(enters(&replica, &token, place.dev.id).await);
        assert_eq!(revoke(world, &token).await, Revoked::Done);
        assert_eq!(revoke(&replica, &token).await, Revoked::Done);
        assert!(!enters(&replica, &token, place.dev.id).await);
        assert_eq!(introspect(&replica, &place.dev, &token).await, None);
        assert!(enters(&replica, &other, place.dev.id).await, "another one of the same key");
        let revoked = world.audit(place.org).await.iter().filter(|entry| *entry == "token.revoked/success").count();
        assert_eq!(revoked, 1);
        // What was revoked is forgotten only once it is over.
        world.control.forget_ended().await.unwrap();
        assert!(!enters(&replica, &token, place.dev.id).await);
        for kept in [
            present(world, Grant::ApiKey { key: &place.key }).await.unwrap().secret,
            present(world, Grant::Workspace { workspace: place.dev.id, key: place.dev.key.expose() }).await.unwrap().secret,
        ] {
            assert!(bearer(&replica, kept.expose()).await.is_some());
            assert_eq!(revoke(world, kept.expose()).await, Revoked::Done);
            assert_eq!(bearer(&replica, kept.expose()).await, None);
        }
        assert_eq!(revoke(world, "rvkey_nobody").await, Revoked::Done);
        assert_eq!(revoke(world, "a.b.c").await, Revoked::Done);
        for key in [place.key.as_str(), place.dev.key.expose()] {
            assert_eq!(revoke(world, key).await, Revoked::NoToken);
        }
        assert!(bearer(world, &place.key).await.is_some());
    }

    async fn issuing_is_noted_once_a_minute(world: World) {
        let place = Place::new(world).await;
        let world = &place.world;
        let noted = async || world.audit(place.org).await.iter().filter(|e| *e == "token.issued/success").count();
        for _ in 0..5 {
            place.token().await;
        }
        assert_eq!(noted().await, 1);
        world.clock.advance_s(60);
        place.token().await;
        assert_eq!(noted().await, 2);
        world.control.flush_activity().await.unwrap();
        let me = world.control.myself(&world.cx(&place.bob)).await.unwrap();
        assert!(world.control.api_keys(&me).await.unwrap()[0].last_used_at.is_some());
    }

    async fn a_token_is_small_however_many_teams_there_are(world: World) {
        let place = Place::new(world).await;
        for n in 0..500 {
            place.world.team(place.org, &format!("team-{n}"), &[&place.bob]).await;
        }
        let token = place.token().await;
        assert!(token.len() < 900, "{} characters", token.len());
        let everything: Vec<String> = model::Permission::ALL.iter().map(ToString::to_string).collect();
        let most = exchange(&place.world, &place.key, place.dev.id, Some(&everything.join(" "))).await.unwrap();
        assert!(most.secret.expose().len() < 3500, "{}", most.secret.expose().len());
        assert!(enters(&place.world, most.secret.expose(), place.dev.id).await);
    }

    async fn a_service_account_gets_one_without_its_raw_key_being_taken(world: World) {
        let place = Place::new(world).await;
        let (world, control) = (&place.world, &place.world.control);
        let auth = control.authorize::<ServiceAccountCreate>(&world.cx(&place.admin), place.org).await.unwrap();
        let new = NewServiceAccount::parse("ci-bot", "", OrgRole::Member, "").unwrap();
        let bot = control.create_service_account(&auth, &new).await.unwrap().id;
        grant(world, place.org, place.dev.id, Principal::User(bot.account()), WorkspaceRole::Viewer).await;
        let auth = control.authorize::<ServiceAccountKeys>(&world.cx(&place.admin), bot).await.unwrap();
        let key = control.create_service_account_key(&auth, &NewApiKey::parse("ci", "30", "").unwrap()).await.unwrap();
        assert!(!enters(world, &key.secret, place.dev.id).await);
        let token = exchange(world, &key.secret, place.dev.id, None).await.unwrap().secret;
        assert!(enters(world, token.expose(), place.dev.id).await);
    }

    async fn each_algorithm_signs_and_verifies_across_a_rotation(world: World) {
        let place = Place::new(world).await;
        let (world, replica) = (&place.world, place.world.replica().await);
        let keys = async |at: &World| {
            let cx = at.anonymous();
            let keys = at.control.published_keys(&Open::because(&cx, "test")).await.unwrap();
            serde_json::to_value(keys).unwrap().as_array().unwrap().clone()
        };
        for algorithm in TokenAlgorithm::ALL.iter().copied() {
            let auth = world.control.authorize::<WorkspaceUpdate>(&world.cx(&place.admin), place.dev.id).await.unwrap();
            let change = WorkspaceChange { token_algorithm: Some(algorithm), ..WorkspaceChange::default() };
            world.control.update_workspace(&auth, &change).await.unwrap();
            let before = place.token().await;
            let head = part(&before, 0);
            assert_eq!(head["alg"], algorithm.as_str());
            let cx = world.control.system_cx("test");
            let rotated = world.control.rotate_signing_keys(&cx, When::Announced).await.unwrap();
            let next = rotated.iter().find(|next| next.algorithm == algorithm).unwrap();
            assert!(!next.waiting && next.signs_from == world.control.now().plus_s(AHEAD_S));
            // Shown an hour before it signs, and made once.
            assert!(keys(world).await.iter().any(|key| key["kid"] == next.key.to_string()), "{algorithm}");
            let again = replica.control.rotate_signing_keys(&cx, When::Announced).await.unwrap();
            assert!(again.iter().all(|next| next.waiting));
            assert_eq!(part(&place.token().await, 0)["kid"], head["kid"]);
            world.clock.advance_s(AHEAD_S - 1);
            let last = place.token().await;
            assert_eq!(part(&last, 0)["kid"], head["kid"]);
            world.clock.advance_s(1);
            let after = exchange(&replica, &place.key, place.dev.id, None).await.unwrap().secret;
            assert_eq!(part(after.expose(), 0)["kid"], next.key.to_string());
            for token in [last.as_str(), after.expose()] {
                assert!(enters(world, token, place.dev.id).await && enters(&replica, token, place.dev.id).await);
            }
            // The old one is shown as long as anything that it signed lives.
            world.clock.advance_s(LIFE_S - 2);
            assert!(enters(&replica, &last, place.dev.id).await);
            assert!(keys(world).await.iter().any(|key| key["kid"] == head["kid"]));
            world.clock.advance_s(600);
            assert!(!keys(world).await.iter().any(|key| key["kid"] == head["kid"]));
            world.control.forget_ended().await.unwrap();
        }
        let mut tx = world.store.read().await.unwrap();
        let left = store::signing_keys::living(&mut tx, model::Timestamp::from_millis(0)).await.unwrap();
        assert_eq!(left.len(), TokenAlgorithm::ALL.len(), "{left:?}");
    }

    async fn a_withdrawn_key_is_refused_and_signs_no_more(world: World) {
        let place = Place::new(world).await;
        let (world, replica) = (&place.world, place.world.replica().await);
        let token = place.token().await;
        assert!(enters(&replica, &token, place.dev.id).await);
        let rotated = world.control.rotate_signing_keys(&world.control.system_cx("test"), When::Now).await.unwrap();
        assert_eq!(rotated.len(), 1, "only what is in use: {rotated:?}");
        assert!(!enters(world, &token, place.dev.id).await);
        // What another process knows of keys it believes for five seconds.
        world.clock.advance_s(5);
        assert!(!enters(&replica, &token, place.dev.id).await);
        let fresh = exchange(&replica, &place.key, place.dev.id, None).await.unwrap().secret;
        assert_eq!(part(fresh.expose(), 0)["kid"], rotated[0].key.to_string());
        assert!(enters(world, fresh.expose(), place.dev.id).await);
    }

    async fn of_two_who_withdraw_at_once_each_does_or_is_told(world: World) {
        let place = Place::new(world).await;
        let (world, replica) = (&place.world, place.world.replica().await);
        place.token().await;
        let at_once = async |world: &World| {
            world.control.rotate_signing_keys(&world.control.system_cx("test"), When::Now).await
        };
        for _ in 0..5 {
            world.clock.advance_s(10);
            let token = place.token().await;
            let both = <[_; 2]>::from(tokio::join!(at_once(world), at_once(&replica)));
            let mut made = Vec::new();
            for done in both {
                match done {
                    Ok(rotated) => {
                        assert!(rotated.iter().all(|one| !one.waiting), "{rotated:?}");
                        made.extend(rotated.into_iter().map(|one| one.key));
                    }
                    Err(error) => assert_eq!(error.code(), ErrorCode::Conflict),
                }
            }
            assert!(!made.is_empty() && made.iter().collect::<std::collections::BTreeSet<_>>().len() == made.len());
            world.clock.advance_s(5);
            assert!(!enters(world, &token, place.dev.id).await && !enters(&replica, &token, place.dev.id).await);
        }
    }

    async fn keys_are_made_and_rotated_by_themselves_once_for_all_replicas(world: World) {
        let org = world.org("acme").await;
        let replica = world.replica().await;
        let both = || async {
            let (one, other) =
                tokio::join!(world.control.rotate_due_signing_keys(), replica.control.rotate_due_signing_keys());
            one.unwrap();
            other.unwrap();
            let mut tx = world.store.read().await.unwrap();
            store::signing_keys::living(&mut tx, world.control.now()).await.unwrap().len()
        };
        assert_eq!(both().await, 1);
        world.clock.advance_s(90 * 24 * 3600 - 1);
        assert_eq!(both().await, 1);
        world.clock.advance_s(1);
        assert_eq!(both().await, 2);
        assert_eq!(both().await, 2);
        world.clock.advance_s(2 * 3600);
        assert_eq!(both().await, 1);
        let log = world.audit(org).await;
        for (entry, times) in [("signing_key.created/success", 1), ("signing_key.rotated/success", 1)] {
            assert_eq!(log.iter().filter(|found| *found == entry).count(), times, "{log:?}");
        }
    }

    async fn signing_keys_survive_a_rotation_of_data_keys(world: World) {
        let place = Place::new(world).await;
        let token = place.token().await;
        let control = &place.world.control;
        let mut rotation = control.begin_rotation(&control.system_cx("test")).await.unwrap();
        while rotation.step().await.unwrap().is_some() {}
        assert_eq!(rotation.finish().await.unwrap().unreadable, 0);
        let replica = place.world.replica().await;
        let after = exchange(&replica, &place.key, place.dev.id, None).await.unwrap().secret;
        assert_eq!(part(after.expose(), 0)["kid"], part(&token, 0)["kid"]);
        assert!(enters(&place.world, after.expose(), place.dev.id).await);
    }

    async fn forged_and_bent_tokens_are_refused(world: World) {
        let place = Place::new(world).await;
        let world = &place.world;
        let token = place.token().await;
        let forger = Forger::new(world, &token).await;
        assert!(enters(world, &forger.honest(), place.dev.id).await, "the forger's own key is one of ours");
        let everything = forger.everything();
        for (how, forged) in &everything {
            assert_eq!(bearer(world, forged).await, None, "{how}");
            assert_eq!(place.introspect(&place.dev, forged).await, None, "{how}");
        }
        for (how, forged) in forger.for_others(place.prod.id) {
            assert!(!enters(world, &forged, place.dev.id).await && !enters(world, &forged, place.prod.id).await, "{how}");
            for by in [&place.dev, &place.prod] {
                assert_eq!(place.introspect(by, &forged).await, None, "{how}");
            }
        }
        // To give them back ends none but their own.
        for (how, forged) in &everything {
            assert_eq!(revoke(world, forged).await, Revoked::Done, "{how}");
        }
        assert!(enters(world, &token, place.dev.id).await);
    }
}
