use super::devices::{administering, approved, close_account};
use control::api_keys::{KEYS_PER_ACCOUNT, NewApiKey};
use control::rng::{Ids, OsEntropy};
use control::secret::{Kind, Secret};
use control::tokens::{Grant, Issued, Refusal};
use control::{Actor, Open, Origin};
use model::api_key::ApiKeySecret;
use model::{CredentialId, ErrorCode, OrgId, OrgRole, WorkspaceId};
use std::sync::Arc;
use store::workspaces::{Credential, Workspace};
use testkit::{Person, World, both_engines};

const DAY_S: i64 = 24 * 3600;

/// A workspace and an enrollment key of it.
pub(super) struct Enrolled {
    pub id: WorkspaceId,
    pub credential: CredentialId,
    pub key: Secret,
}

pub(super) async fn enrolled(world: &World, org: OrgId, name: &str) -> Enrolled {
    let now = world.control.now();
    let key = Secret::generate(Kind::EnrollmentKey, &Ids::new(Arc::new(OsEntropy)));
    let workspace = Workspace {
        id: world.id(),
        org_id: org,
        name: name.to_owned(),
        display_name: name.to_uppercase(),
        description: String::new(),
        server_url: None,
        version: None,
        created_at: now,
        updated_at: now,
        reported_at: None,
        last_seen_at: None,
        deactivated_at: None,
    };
    let credential = Credential {
        id: world.id(),
        hint: key.hint(),
        created_at: now,
        expires_at: None,
        last_used_at: None,
    };
    let mut tx = world.store.write().await.unwrap();
    assert!(store::workspaces::insert(&mut tx, &workspace, None).await.unwrap());
    store::workspaces::insert_credential(&mut tx, workspace.id, &credential, key.digest().as_bytes())
        .await
        .unwrap();
    tx.commit_unaudited("arranged by a test").await.unwrap();
    Enrolled { id: workspace.id, credential: credential.id, key }
}

pub(super) async fn present(world: &World, grant: Grant<'_>) -> Result<Issued, Refusal> {
    let cx = world.anonymous();
    world.control.token(&Open::because(&cx, "test"), grant).await.unwrap()
}

/// Who a token speaks for, now.
pub(super) async fn bearer(world: &World, token: &str) -> Option<Actor> {
    world.control.resolve_bearer(token, &Origin::default(), world.control.now()).await.unwrap()
}

/// Who a token speaks for at a server function.
pub(super) async fn by_function(world: &World, token: &str) -> Option<Actor> {
    let now = world.control.now();
    world.control.resolve_bearer_of_functions(token, &Origin::default(), now).await.unwrap()
}

async fn make(world: &World, person: &Person, expiry: &str, date: &str) -> control::Result<ApiKeySecret> {
    let me = world.control.my_keys(&world.cx(person)).await.unwrap();
    world.control.create_api_key(&me, &NewApiKey::parse("laptop", expiry, date)?).await
}

both_engines! {
    async fn a_token_is_shown_once_used_and_revoked_for_the_next_request_everywhere(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Member).await;
        let made = make(&world, &alice, "90", "").await.unwrap();
        assert!(made.secret.starts_with("ZENPROKEY_"));
        assert_eq!(made.expires_at, Some(world.control.now().plus_s(90 * DAY_S)));
        let replica = world.replica().await;
        assert!(matches!(bearer(&replica, &made.secret).await, Some(Actor::ApiKey { user, .. }) if user == alice.id));

        let issued = present(&world, Grant::ApiKey { key: &made.secret }).await.unwrap();
        assert_eq!(issued.expires_in_s, 3600);
        assert!(matches!(bearer(&replica, issued.secret.expose()).await, Some(Actor::Client { user, .. }) if user == alice.id));

        replica.control.flush_activity().await.unwrap();
        let me = world.control.myself(&world.cx(&alice)).await.unwrap();
        let listed = world.control.api_keys(&me).await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].last_used_at, Some(world.control.now()));
        assert!(made.secret.ends_with(&listed[0].hint));

        let me = world.control.my_keys(&world.cx(&alice)).await.unwrap();
        world.control.revoke_api_key(&me, made.id).await.unwrap();
        assert_eq!(bearer(&replica, &made.secret).await, None);
        assert_eq!(bearer(&replica, issued.secret.expose()).await, None);
        assert_eq!(present(&replica, Grant::ApiKey { key: &made.secret }).await.unwrap_err(), Refusal::UnknownKey);
        assert_eq!(world.control.revoke_api_key(&me, made.id).await.unwrap_err().code(), ErrorCode::NotFound);
        let log = world.audit(org).await;
        for entry in ["api_key.created/success", "token.issued/success", "api_key.revoked/success", "token.refused/refused"] {
            assert!(log.iter().any(|e| e == entry), "{entry} in {log:?}");
        }
    }

    async fn tokens_run_out_at_use_and_take_what_was_made_from_them_along(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Member).await;
        // Noon of 23 November 2026: a token for that day lives twelve hours more.
        let today = make(&world, &alice, "date", "2026-11-23").await.unwrap();
        let endless = make(&world, &alice, "never", "").await.unwrap();
        world.clock.advance_s(12 * 3600 - 60);
        let from_today = present(&world, Grant::ApiKey { key: &today.secret }).await.unwrap();
        let from_endless = present(&world, Grant::ApiKey { key: &endless.secret }).await.unwrap();
        world.clock.advance_s(60);
        assert_eq!(bearer(&world, &today.secret).await, None);
        assert_eq!(bearer(&world, from_today.secret.expose()).await, None);
        assert!(bearer(&world, from_endless.secret.expose()).await.is_some());
        world.clock.advance_s(3600 - 61);
        assert!(bearer(&world, from_endless.secret.expose()).await.is_some());
        world.clock.advance_s(1);
        assert_eq!(bearer(&world, from_endless.secret.expose()).await, None);
        world.clock.advance_s(20 * 365 * DAY_S);
        assert!(bearer(&world, &endless.secret).await.is_some());
    }

    async fn nobody_touches_anothers_token_and_no_token_makes_tokens(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Admin).await;
        let made = make(&world, &alice, "30", "").await.unwrap();
        let bobs = world.control.myself(&world.cx(&bob)).await.unwrap();
        assert!(world.control.api_keys(&bobs).await.unwrap().is_empty());
        let bobs = world.control.my_keys(&world.cx(&bob)).await.unwrap();
        assert_eq!(world.control.revoke_api_key(&bobs, made.id).await.unwrap_err().code(), ErrorCode::NotFound);
        let actor = bearer(&world, &made.secret).await.unwrap();
        let program = world.control.my_keys(&world.anonymous().with_actor(actor)).await.unwrap();
        let new = NewApiKey::parse("more", "30", "").unwrap();
        assert_eq!(world.control.create_api_key(&program, &new).await.unwrap_err().code(), ErrorCode::Forbidden);
    }

    async fn a_person_has_at_most_fifty_living_tokens_even_when_asked_for_at_once(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Member).await;
        for _ in 1..KEYS_PER_ACCOUNT {
            make(&world, &alice, "30", "").await.unwrap();
        }
        let (a, b) = tokio::join!(make(&world, &alice, "30", ""), make(&world, &alice, "30", ""));
        assert_eq!(u8::from(a.is_ok()) + u8::from(b.is_ok()), 1);
        let refused = a.err().or(b.err()).unwrap();
        assert_eq!(refused.code(), ErrorCode::Conflict);
        world.clock.advance_s(30 * DAY_S);
        assert!(make(&world, &alice, "30", "").await.is_ok());
    }

    async fn wrong_input_is_named_by_its_field(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Member).await;
        for (expiry, date, field) in [
            ("31", "", "expiry"), ("", "", "expiry"), ("date", "", "date"), ("date", "2026-11-22", "date"),
            ("date", "2026-02-30", "date"), ("date", "2026-12-01T10:00", "date"), ("date", "9999-01-01", "date"),
        ] {
            let error = make(&world, &alice, expiry, date).await.unwrap_err();
            assert!(error.fields().contains_key(field), "{expiry:?} {date:?}: {:?}", error.fields());
        }
        assert!(NewApiKey::parse(" ", "30", "").unwrap_err().fields().contains_key("name"));
    }

    async fn a_server_signs_in_with_its_own_key_only_and_dies_with_it(world: World) {
        let org = world.org("acme").await;
        let dev = enrolled(&world, org, "dev").await;
        let prod = enrolled(&world, org, "prod").await;
        let other = world.org("other").await;
        let foreign = enrolled(&world, other, "foreign").await;
        let issued =
            present(&world, Grant::Workspace { workspace: dev.id, key: dev.key.expose() }).await.unwrap();
        assert!(issued.expires_in_s >= 3600);
        let actor = bearer(&world, issued.secret.expose()).await.unwrap();
        assert!(matches!(actor, Actor::Workspace { workspace, org: o, .. } if workspace == dev.id && o == org));
        for (workspace, key) in [
            (dev.id, prod.key.expose()), (prod.id, dev.key.expose()), (dev.id, foreign.key.expose()),
            (world.id(), dev.key.expose()), (dev.id, "wrong"), (dev.id, ""), (dev.id, issued.secret.expose()),
        ] {
            let refused = present(&world, Grant::Workspace { workspace, key }).await.unwrap_err();
            assert_eq!(refused, Refusal::UnknownWorkspace);
        }
        assert!(world.audit(org).await.iter().any(|e| e == "token.refused/refused"));
        assert!(!world.audit(other).await.iter().any(|e| e.starts_with("token.refused")));

        let mut tx = world.store.write().await.unwrap();
        store::workspaces::revoke_credential(&mut tx, dev.id, dev.credential, world.control.now()).await.unwrap();
        tx.commit_unaudited("arranged by a test").await.unwrap();
        assert_eq!(bearer(&world.replica().await, issued.secret.expose()).await, None);
        assert!(present(&world, Grant::Workspace { workspace: dev.id, key: dev.key.expose() }).await.is_err());

        let admitted =
            present(&world, Grant::Workspace { workspace: prod.id, key: prod.key.expose() }).await.unwrap();
        let mut tx = world.store.write().await.unwrap();
        store::workspaces::set_active(&mut tx, prod.id, false, world.control.now()).await.unwrap();
        tx.commit_unaudited("arranged by a test").await.unwrap();
        assert_eq!(bearer(&world, admitted.secret.expose()).await, None);
    }

    async fn a_flood_of_refusals_fills_no_log(world: World) {
        let org = world.org("acme").await;
        for _ in 0..60 {
            present(&world, Grant::ApiKey { key: "ZENPROKEY_wrong" }).await.unwrap_err();
        }
        let noted = world.audit(org).await.iter().filter(|e| *e == "token.refused/refused").count();
        assert_eq!(noted, 30);
        // Addresses of one connection are one.
        for n in 0..40 {
            let ip = Some(format!("2001:db8:1:2::{n}").parse().unwrap());
            let cx = world.control.cx(Origin { ip, ..Origin::default() }, None);
            let open = Open::because(&cx, "test");
            world.control.token(&open, Grant::ApiKey { key: "ZENPROKEY_wrong" }).await.unwrap().unwrap_err();
        }
        let noted = world.audit(org).await.iter().filter(|e| *e == "token.refused/refused").count();
        assert_eq!(noted, 60);
    }

    async fn every_kind_of_secret_is_taken_by_its_own_consumer_and_by_no_other(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Admin).await;
        let dev = enrolled(&world, org, "dev").await;
        let personal = make(&world, &alice, "never", "").await.unwrap().secret;
        let exchanged = present(&world, Grant::ApiKey { key: &personal }).await.unwrap().secret;
        let server =
            present(&world, Grant::Workspace { workspace: dev.id, key: dev.key.expose() }).await.unwrap().secret;
        let (start, client) = approved(&world, &alice, Some(dev.id)).await;
        let code = start.device_code.expose().to_owned();
        let device =
            present(&world, Grant::DeviceCode { client_id: client, device_code: &code }).await.unwrap().secret;
        let command_line = administering(&world, &alice).await.secret;
        let ids = Ids::new(Arc::new(OsEntropy));
        for kind in Kind::ALL {
            // A living secret where there is one; else one that is well formed and known to nobody.
            let secret = match kind {
                Kind::ApiKey => personal.clone(),
                Kind::KeyToken => exchanged.expose().to_owned(),
                Kind::WorkspaceToken => server.expose().to_owned(),
                Kind::DeviceToken => device.expose().to_owned(),
                Kind::CommandLineToken => command_line.expose().to_owned(),
                Kind::EnrollmentKey => dev.key.expose().to_owned(),
                Kind::DeviceCode => code.clone(),
                _ => Secret::generate(kind, &ids).expose().to_owned(),
            };
            let taken = [
                bearer(&world, &secret).await.is_some(),
                present(&world, Grant::ApiKey { key: &secret }).await.is_ok(),
                present(&world, Grant::Workspace { workspace: dev.id, key: &secret }).await.is_ok(),
                present(&world, Grant::DeviceCode { client_id: client, device_code: &secret }).await.is_ok(),
                world.control.resolve_session(&secret, world.control.now()).await.unwrap().is_some(),
            ];
            let expected = match kind {
                Kind::ApiKey => [true, true, false, false, false],
                Kind::KeyToken | Kind::WorkspaceToken | Kind::DeviceToken => [true, false, false, false, false],
                Kind::EnrollmentKey => [false, false, true, false, false],
                // The device code was used up above.
                // The command line's is taken by server functions alone.
                _ => [false; 5],
            };
            let by_functions = by_function(&world, &secret).await.is_some();
            assert_eq!(by_functions, expected[0] || kind == Kind::CommandLineToken, "{kind:?} at a server function");
            assert_eq!(taken, expected, "{kind:?} as bearer, key, enrollment key, device code, cookie");
            // The random part of one kind behind the prefix of another is nothing either.
            let body = secret.strip_prefix(kind.prefix()).unwrap();
            for other in Kind::ALL.into_iter().filter(|other| *other != kind) {
                let forged = format!("{}{body}", other.prefix());
                assert_eq!(by_function(&world, &forged).await, None, "{kind:?} dressed as {other:?}");
            }
        }
    }

    async fn nothing_of_a_closed_account_works(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Admin).await;
        let dev = enrolled(&world, org, "dev").await;
        let personal = make(&world, &alice, "never", "").await.unwrap().secret;
        let exchanged = present(&world, Grant::ApiKey { key: &personal }).await.unwrap().secret;
        let (used, client) = approved(&world, &alice, Some(dev.id)).await;
        let code = used.device_code.expose();
        let device =
            present(&world, Grant::DeviceCode { client_id: client, device_code: code }).await.unwrap().secret;
        let (waiting, other) = approved(&world, &alice, Some(dev.id)).await;
        close_account(&world, &alice).await;
        for token in [personal.as_str(), exchanged.expose(), device.expose()] {
            assert_eq!(bearer(&world, token).await, None);
        }
        assert!(present(&world, Grant::ApiKey { key: &personal }).await.is_err());
        let late = Grant::DeviceCode { client_id: other, device_code: waiting.device_code.expose() };
        assert_eq!(present(&world, late).await.unwrap_err(), Refusal::Denied);
    }
}
