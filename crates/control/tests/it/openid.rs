//! Signing in to a workspace with Reeve: what comes of a request, of a code, and of the end of a session.

use super::arrange::{At, grant};
use super::forged::plant_curve;
use super::tokens::{Enrolled, bearer, present};
use super::workspace_tokens::Place;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use control::authz::{GrantManage, WorkspaceDelete, WorkspaceKeys};
use control::openid::{AuthorizationRequest, CodeGrant, Outcome};
use control::tokens::{Grant, Issued, Refusal};
use control::workspaces::WorkspaceChange;
use control::{Actor, Cx, Open, Result};
use model::grant::Principal;
use model::workspace::TokenAlgorithm;
use model::{ErrorCode, WorkspaceRole};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use testkit::{Person, World, both_engines};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

const BACK: &str = "https://dev.acme.test/callback?from=reeve";
const VERIFIER: &str = "a-verifier-that-only-the-workspace-knows-0123456789";

pub(super) async fn register(world: &World, admin: &Person, at: &Enrolled, logout: &str) {
    let auth = world.control.authorize::<WorkspaceKeys>(&world.cx(admin), at.id).await.unwrap();
    world.control.set_workspace_sign_in(&auth, BACK, logout).await.unwrap();
}

fn asking(at: &Enrolled) -> AuthorizationRequest {
    let text = |text: &str| Some(text.to_owned());
    AuthorizationRequest {
        client_id: Some(at.id.to_string()),
        redirect_uri: text(BACK),
        response_type: text("code"),
        scope: text("openid profile"),
        state: text("a state & more"),
        nonce: text("n-0"),
        code_challenge: Some(URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))),
        code_challenge_method: text("S256"),
        ..AuthorizationRequest::default()
    }
}

/// Requests of a new browser in which a person has just signed in.
pub(super) async fn browser(world: &World, person: &Person) -> Cx {
    let secret = world.session(person).await;
    again(world, secret.expose()).await
}

async fn again(world: &World, cookie: &str) -> Cx {
    let actor = world.control.resolve_session(cookie, world.control.now()).await.unwrap();
    world.anonymous().with_actor(actor.expect("a living session"))
}

/// The query of the address somebody is sent back to.
fn sent_back(outcome: &Result<Outcome>) -> HashMap<String, String> {
    let Ok(Outcome::Back(url)) = outcome else { panic!("not sent back: {outcome:?}") };
    assert!(url.starts_with(&format!("{BACK}&")), "{url}");
    Url::parse(url).unwrap().query_pairs().into_owned().collect()
}

fn code_grant<'a>(at: &'a Enrolled, code: &'a str) -> CodeGrant<'a> {
    CodeGrant { workspace: at.id, key: at.key.expose(), code, redirect_uri: BACK, verifier: VERIFIER }
}

pub(super) async fn code(world: &World, cx: &Cx, at: &Enrolled) -> String {
    let outcome = world.control.authorize_sign_in(cx, &asking(at)).await;
    sent_back(&outcome).remove("code").expect("a code")
}

pub(super) async fn sign_in(world: &World, cx: &Cx, at: &Enrolled) -> std::result::Result<Issued, Refusal> {
    let code = code(world, cx, at).await;
    present(world, Grant::Code(code_grant(at, &code))).await
}

/// Chooses with what the tokens of a workspace are signed.
async fn choose(place: &Place, algorithm: TokenAlgorithm) {
    let change = WorkspaceChange { token_algorithm: Some(algorithm), ..Default::default() };
    let auth = place.world.control.authorize(&place.world.cx(&place.admin), place.dev.id).await.unwrap();
    place.world.control.update_workspace(&auth, &change).await.unwrap();
}

/// Signs a browser out.
async fn end(world: &World, cx: &Cx) {
    let me = world.control.myself(cx).await.unwrap();
    world.control.end_session(&me, cx.session().unwrap()).await.unwrap();
}

fn claims(token: &str) -> (Value, Value) {
    let part = |n| {
        let part = token.split('.').nth(n).expect("three parts");
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    };
    (part(0), part(1))
}

fn id_token(issued: &Issued) -> Value {
    claims(issued.id_token.as_ref().expect("an ID token").expose()).1
}

both_engines! {
    async fn whoever_may_enter_signs_in_and_nobody_learns_more(world: World) {
        let place = Place::new(world).await;
        let (world, control) = (&place.world, &place.world.control);
        register(world, &place.admin, &place.dev, "").await;
        let cx = browser(world, &place.bob).await;

        let outcome = control.authorize_sign_in(&cx, &asking(&place.dev)).await;
        let back = sent_back(&outcome);
        assert_eq!((back["state"].as_str(), back["from"].as_str()), ("a state & more", "reeve"));
        assert_eq!(back["iss"], "http://localhost:8580");

        let issued = present(world, Grant::Code(code_grant(&place.dev, &back["code"]))).await.unwrap();
        let (header, said) = claims(issued.id_token.as_ref().unwrap().expose());
        assert_eq!((header["typ"].as_str(), header["alg"].as_str()), (Some("JWT"), Some("EdDSA")));
        let now = control.now().millis() / 1000;
        let person = json!({
            "sub": place.bob.id, "name": said["name"], "preferred_username": place.bob.username,
            "email": said["email"], "email_verified": said["email_verified"],
        });
        let mut all = person.clone();
        let of_it = json!({
            "iss": "http://localhost:8580", "aud": place.dev.id, "iat": now, "exp": now + issued.expires_in_s,
            "auth_time": now, "nonce": "n-0", "sid": said["sid"],
        });
        all.as_object_mut().unwrap().extend(of_it.as_object().unwrap().clone());
        assert_eq!(said, all);

        // The access token tells the same, and opens that one door.
        let actor = bearer(world, issued.secret.expose()).await.expect("it holds");
        assert!(matches!(&actor, Actor::Entrant { user, workspace, key: None, .. }
            if *user == place.bob.id && *workspace == place.dev.id));
        let told = control.userinfo(&world.anonymous().with_actor(actor)).await.unwrap();
        assert_eq!(serde_json::to_value(told).unwrap(), person);
        for other in [cx.clone(), world.anonymous(), world.cx(&place.admin)] {
            assert_eq!(control.userinfo(&other).await.unwrap_err().code(), ErrorCode::Unauthenticated);
        }
        // An ID token is no access token.
        assert_eq!(bearer(world, issued.id_token.unwrap().expose()).await, None);
        let log = world.audit(place.org).await;
        assert!(log.iter().any(|line| line.contains("token.issued")), "{log:?}");
    }

    async fn a_workspace_chooses_with_what_its_id_tokens_are_signed(world: World) {
        let place = Place::new(world).await;
        register(&place.world, &place.admin, &place.dev, "").await;
        let cx = browser(&place.world, &place.bob).await;
        for algorithm in TokenAlgorithm::ALL {
            choose(&place, *algorithm).await;
            let issued = sign_in(&place.world, &cx, &place.dev).await.unwrap();
            assert_eq!(claims(issued.id_token.unwrap().expose()).0["alg"], algorithm.as_str());
        }
    }

    async fn what_is_wrong_with_a_request_is_said_to_the_workspace(world: World) {
        let place = Place::new(world).await;
        let (world, control) = (&place.world, &place.world.control);
        register(world, &place.admin, &place.dev, "").await;
        let cx = browser(world, &place.bob).await;
        let long = "x".repeat(1001);
        let cases: &[(&str, Option<&str>, &str)] = &[
            ("response_type", None, "invalid_request"),
            ("response_type", Some("token"), "unsupported_response_type"),
            ("response_type", Some("code id_token"), "unsupported_response_type"),
            ("response_mode", Some("fragment"), "invalid_request"),
            ("scope", None, "invalid_scope"),
            ("scope", Some("profile"), "invalid_scope"),
            ("state", Some(&long), "invalid_request"),
            ("nonce", Some(&long), "invalid_request"),
            ("nonce", Some("a\0b"), "invalid_request"),
            ("code_challenge", None, "invalid_request"),
            ("code_challenge", Some(VERIFIER), "invalid_request"),
            ("code_challenge_method", None, "invalid_request"),
            ("code_challenge_method", Some("plain"), "invalid_request"),
            ("prompt", Some("none login"), "invalid_request"),
            ("max_age", Some("-1"), "invalid_request"),
            ("max_age", Some("soon"), "invalid_request"),
            ("request", Some("x"), "request_not_supported"),
            ("request_uri", Some("https://x.test"), "request_uri_not_supported"),
        ];
        for (field, value, error) in cases {
            let mut request = serde_json::to_value(asking(&place.dev)).unwrap();
            request[field] = json!(value);
            let request: AuthorizationRequest = serde_json::from_value(request).unwrap();
            let back = sent_back(&control.authorize_sign_in(&cx, &request).await);
            assert_eq!(back["error"], *error, "{field}={value:?}");
            assert!(!back.contains_key("code") && !back["error_description"].is_empty());
        }
        // Where nobody knows who asks, nobody is sent anywhere.
        for (field, value) in [
            ("client_id", json!(null)),
            ("client_id", json!("dev")),
            ("client_id", json!(place.dev.id.to_string().to_uppercase())),
            ("client_id", json!(format!(" {}", place.dev.id))),
            ("client_id", json!(place.prod.id)),
            ("client_id", json!(place.org)),
            ("redirect_uri", json!(null)),
            ("redirect_uri", json!("https://dev.acme.test/callback")),
            ("redirect_uri", json!("https://evil.test/callback?from=reeve")),
        ] {
            let mut request = serde_json::to_value(asking(&place.dev)).unwrap();
            request[field] = value.clone();
            let request: AuthorizationRequest = serde_json::from_value(request).unwrap();
            let refused = control.authorize_sign_in(&cx, &request).await.unwrap_err();
            assert_eq!(refused.code(), ErrorCode::Invalid, "{field}={value}");
        }
    }

    async fn nobody_is_let_in_who_is_not_signed_in_or_may_not_enter(world: World) {
        let place = Place::new(world).await;
        let (world, control) = (&place.world, &place.world.control);
        register(world, &place.admin, &place.dev, "").await;
        let ask = asking(&place.dev);
        let silent = AuthorizationRequest { prompt: Some("none".to_owned()), ..ask.clone() };

        // Nobody: first to sign in, and nothing is said of workspaces. The way back is the same request.
        let nobody = world.anonymous();
        let Ok(Outcome::SignIn(next)) = control.authorize_sign_in(&nobody, &ask).await else { panic!() };
        let query = next.strip_prefix("/oauth/authorize?").unwrap();
        let same: AuthorizationRequest = serde_urlencoded::from_str(query).unwrap();
        assert_eq!(serde_json::to_value(same).unwrap(), serde_json::to_value(&ask).unwrap());
        let unknown = AuthorizationRequest { client_id: Some("x".to_owned()), ..ask.clone() };
        assert!(matches!(control.authorize_sign_in(&nobody, &unknown).await, Ok(Outcome::SignIn(_))));
        assert_eq!(sent_back(&control.authorize_sign_in(&nobody, &silent).await)["error"], "login_required");

        // Somebody of the organization who may not enter; somebody of another one; a program.
        let anna = world.member(place.org, "anna", model::OrgRole::Member).await;
        let other = world.org("other").await;
        let stranger = world.member(other, "sven", model::OrgRole::Admin).await;
        for person in [&anna, &stranger] {
            let cx = browser(world, person).await;
            assert_eq!(sent_back(&control.authorize_sign_in(&cx, &ask).await)["error"], "access_denied");
        }
        let program = world.anonymous().with_actor(bearer(world, &place.key).await.unwrap());
        assert_eq!(control.authorize_sign_in(&program, &ask).await.unwrap_err().code(), ErrorCode::Forbidden);

        // A workspace that is switched off, for a token that it has, too.
        let cx = browser(world, &place.bob).await;
        let issued = sign_in(world, &cx, &place.dev).await.unwrap();
        let auth = control.authorize::<WorkspaceDelete>(&world.cx(&place.admin), place.dev.id).await.unwrap();
        control.deactivate_workspace(&auth).await.unwrap();
        let denied = async || {
            world.audit(place.org).await.iter().filter(|line| line.starts_with("access.denied/")).count()
        };
        let before = denied().await;
        assert_eq!(sent_back(&control.authorize_sign_in(&cx, &ask).await)["error"], "access_denied");
        assert_eq!(denied().await, before + 1);
        let entrant = world.anonymous().with_actor(bearer(world, issued.secret.expose()).await.unwrap());
        assert_eq!(control.userinfo(&entrant).await.unwrap_err().code(), ErrorCode::Forbidden);
    }

    async fn a_workspace_may_ask_for_a_fresh_sign_in(world: World) {
        let place = Place::new(world).await;
        let (world, control) = (&place.world, &place.world.control);
        register(world, &place.admin, &place.dev, "").await;
        let secret = world.session(&place.bob).await;
        let after = |outcome: Result<Outcome>| {
            let Ok(Outcome::SignIn(next)) = outcome else { panic!("{outcome:?}") };
            serde_urlencoded::from_str::<AuthorizationRequest>(next.split_once('?').unwrap().1).unwrap()
        };
        let ask = |prompt: Option<&str>, max_age: Option<&str>| AuthorizationRequest {
            prompt: prompt.map(str::to_owned),
            max_age: max_age.map(str::to_owned),
            ..asking(&place.dev)
        };
        world.clock.advance_s(300);
        let cx = again(world, secret.expose()).await;
        assert!(sent_back(&control.authorize_sign_in(&cx, &ask(None, Some("300"))).await).contains_key("code"));
        let silent = control.authorize_sign_in(&cx, &ask(Some("none"), Some("299"))).await;
        assert_eq!(sent_back(&silent)["error"], "login_required");
        // What comes back from signing in is answered, and does not ask for it for ever.
        for asked in [ask(None, Some("299")), ask(None, Some("0")), ask(Some("login"), None), ask(Some("select_account"), None)] {
            let then = after(control.authorize_sign_in(&cx, &asked).await);
            assert_eq!(then.prompt, None);
            let fresh = browser(world, &place.bob).await;
            assert!(sent_back(&control.authorize_sign_in(&fresh, &then).await).contains_key("code"));
            assert!(matches!(control.authorize_sign_in(&cx, &then).await, Ok(Outcome::SignIn(_))), "{asked:?}");
        }
    }

    async fn a_code_is_good_once_for_a_minute_and_for_nothing_else(world: World) {
        let place = Place::new(world).await;
        let world = &place.world;
        register(world, &place.admin, &place.dev, "").await;
        register(world, &place.admin, &place.prod, "").await;
        let cx = browser(world, &place.bob).await;
        let minted = code(world, &cx, &place.dev).await;
        let right = code_grant(&place.dev, &minted);
        let prod = CodeGrant { workspace: place.prod.id, key: place.prod.key.expose(), ..right };
        let wrong = [
            (prod, Refusal::UnknownAuthorizationCode),
            (CodeGrant { key: place.prod.key.expose(), ..right }, Refusal::UnknownWorkspace),
            (CodeGrant { key: "", ..right }, Refusal::UnknownWorkspace),
            (CodeGrant { code: "rvauth_x", ..right }, Refusal::UnknownAuthorizationCode),
            (CodeGrant { code: &place.key, ..right }, Refusal::UnknownAuthorizationCode),
            (CodeGrant { redirect_uri: "https://dev.acme.test/callback", ..right }, Refusal::UnknownAuthorizationCode),
            (CodeGrant { verifier: "", ..right }, Refusal::UnknownAuthorizationCode),
            (CodeGrant { verifier: "another-verifier-0123456789-0123456789-0123456789", ..right }, Refusal::UnknownAuthorizationCode),
        ];
        for (shown, refusal) in wrong {
            assert_eq!(present(world, Grant::Code(shown)).await.unwrap_err(), refusal, "{shown:?}");
        }
        world.clock.advance_s(59);
        let issued = present(world, Grant::Code(right)).await.unwrap();
        assert!(bearer(world, issued.secret.expose()).await.is_some());

        // Shown again it ends what it was exchanged for, on every replica, and is noted as that once.
        let replica = world.replica().await;
        for _ in 0..3 {
            let again = present(&replica, Grant::Code(right)).await;
            assert_eq!(again.unwrap_err(), Refusal::UnknownAuthorizationCode);
            assert_eq!(bearer(world, issued.secret.expose()).await, None);
        }
        let log = world.audit(place.org).await;
        assert_eq!(log.iter().filter(|line| line.starts_with("token.revoked")).count(), 1, "{log:?}");

        let late = code(world, &cx, &place.dev).await;
        world.clock.advance_s(60);
        let late = present(world, Grant::Code(code_grant(&place.dev, &late))).await;
        assert_eq!(late.unwrap_err(), Refusal::UnknownAuthorizationCode);
    }

    async fn of_two_who_show_a_code_at_once_one_gets_a_token(world: World) {
        let place = Place::new(world).await;
        let world = &place.world;
        register(world, &place.admin, &place.dev, "").await;
        let cx = browser(world, &place.bob).await;
        for _ in 0..5 {
            let code = code(world, &cx, &place.dev).await;
            let shown = Grant::Code(code_grant(&place.dev, &code));
            let (one, other) = tokio::join!(present(world, shown), present(world, shown));
            assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        }
    }

    async fn a_sign_in_again_and_an_exchange_at_once_wait_for_each_other(world: World) {
        let place = Place::new(world).await;
        let world = &place.world;
        let listener = Listener::start(0).await;
        register(world, &place.admin, &place.dev, &listener.url).await;
        let mut cx = browser(world, &place.bob).await;
        sign_in(world, &cx, &place.dev).await.unwrap();
        for _ in 0..8 {
            let minted = code(world, &cx, &place.dev).await;
            let next = browser(world, &place.bob).await;
            let ((), exchanged) = tokio::join!(
                follow(world, &place.bob, &cx, &next),
                present(world, Grant::Code(code_grant(&place.dev, &minted))),
            );
            assert!(matches!(exchanged, Ok(_) | Err(Refusal::UnknownAuthorizationCode)), "{exchanged:?}");
            cx = next;
        }
        assert_eq!(world.control.tell_of_ended_sessions().await.unwrap(), 0, "the session goes on");
        assert_eq!(listener.told(), [""; 0]);
    }

    async fn what_a_workspace_asks_keeps_no_session_alive(world: World) {
        let place = Place::new(world).await;
        let mut settings = place.world.control.settings().clone();
        settings.session_idle_s = 60;
        let world = place.world.configured(settings);
        register(&world, &place.admin, &place.dev, "").await;
        let cookie = world.session(&place.bob).await;
        let cx = again(&world, cookie.expose()).await;
        let issued = sign_in(&world, &cx, &place.dev).await.unwrap();
        let minted = code(&world, &cx, &place.dev).await;
        world.clock.advance_s(59);
        assert!(bearer(&world, issued.secret.expose()).await.is_some());
        world.control.flush_activity().await.unwrap();
        world.clock.advance_s(1);
        assert_eq!(bearer(&world, issued.secret.expose()).await, None);
        assert_eq!(world.control.resolve_session(cookie.expose(), world.control.now()).await.unwrap(), None);
        assert!(present(&world, Grant::Code(code_grant(&place.dev, &minted))).await.is_err());
    }

    async fn what_was_lost_since_the_code_counts(world: World) {
        let place = Place::new(world).await;
        let (world, control) = (&place.world, &place.world.control);
        register(world, &place.admin, &place.dev, "").await;
        let refused = async |code: &str| {
            let answer = present(world, Grant::Code(code_grant(&place.dev, code))).await;
            assert_eq!(answer.unwrap_err(), Refusal::UnknownAuthorizationCode);
        };
        // The session is over.
        let cx = browser(world, &place.bob).await;
        let minted = code(world, &cx, &place.dev).await;
        end(world, &cx).await;
        refused(&minted).await;

        // The role is taken: for a code, and for a token that was issued.
        let eva = world.member(place.org, "eva", model::OrgRole::Member).await;
        let held = grant(world, place.org, place.dev.id, Principal::User(eva.id), WorkspaceRole::Viewer).await;
        let cx = browser(world, &eva).await;
        let issued = sign_in(world, &cx, &place.dev).await.unwrap();
        let minted = code(world, &cx, &place.dev).await;
        let auth = control.authorize::<GrantManage>(&world.cx(&place.admin), place.dev.id).await.unwrap();
        control.revoke_in_workspace(&auth, held, false).await.unwrap();
        refused(&minted).await;
        let actor = bearer(world, issued.secret.expose()).await.unwrap();
        let told = control.userinfo(&world.anonymous().with_actor(actor)).await;
        assert!(matches!(told.unwrap_err().code(), ErrorCode::NotFound | ErrorCode::Forbidden));
        grant(world, place.org, place.dev.id, Principal::User(eva.id), WorkspaceRole::Viewer).await;
        assert!(sign_in(world, &cx, &place.dev).await.is_ok());
    }

    async fn a_workspace_is_told_of_the_end_of_every_session_it_was_signed_in_to_with(world: World) {
        let place = Place::new(world).await;
        let (world, control) = (&place.world, &place.world.control);
        let listener = Listener::start(1).await;
        register(world, &place.admin, &place.dev, &listener.url).await;

        // The same session is known by the same name, also after its person confirmed who they are.
        let before = browser(world, &place.bob).await;
        let sid = id_token(&sign_in(world, &before, &place.dev).await.unwrap())["sid"].clone();
        assert_eq!(id_token(&sign_in(world, &before, &place.dev).await.unwrap())["sid"], sid);
        let other = browser(world, &place.bob).await;
        let others = id_token(&sign_in(world, &other, &place.dev).await.unwrap())["sid"].clone();
        assert_ne!(others, sid);
        let after = browser(world, &place.bob).await;
        follow(world, &place.bob, &before, &after).await;
        assert_eq!(control.tell_of_ended_sessions().await.unwrap(), 0, "nothing is over");
        assert_eq!(id_token(&sign_in(world, &after, &place.dev).await.unwrap())["sid"], sid);

        // The first try is refused, and the notice is not lost.
        end(world, &after).await;
        assert_eq!(control.tell_of_ended_sessions().await.unwrap(), 1);
        assert_eq!((listener.told().len(), control.tell_of_ended_sessions().await.unwrap()), (0, 0));
        world.clock.advance_s(5);
        assert_eq!(world.replica().await.control.tell_of_ended_sessions().await.unwrap(), 1);
        let told = listener.told();
        assert_eq!(told.len(), 1);
        let (header, said) = claims(told[0].strip_prefix("logout_token=").expect("a form"));
        assert_eq!(header["typ"], "logout+jwt");
        assert_eq!((&said["sid"], &said["sub"]), (&sid, &json!(place.bob.id)));
        assert_eq!((&said["aud"], &said["nonce"]), (&json!(place.dev.id), &Value::Null));
        assert_eq!(said["events"], json!({ "http://schemas.openid.net/event/backchannel-logout": {} }));
        // It is nothing that would be taken for anything else.
        assert_eq!(bearer(world, &told[0]["logout_token=".len()..]).await, None);
        assert_eq!(control.tell_of_ended_sessions().await.unwrap(), 0, "once");

        // By age, too.
        world.clock.advance_s(31 * 24 * 3600);
        control.forget_ended().await.unwrap();
        assert_eq!(control.tell_of_ended_sessions().await.unwrap(), 1);
        assert_eq!(claims(listener.told()[1].strip_prefix("logout_token=").unwrap()).1["sid"], others);
    }

    async fn a_workspace_that_does_not_answer_waits_with_all_it_is_to_be_told(world: World) {
        let place = Place::new(world).await;
        let (world, control) = (&place.world, &place.world.control);
        let (bad, good) = (Listener::start(usize::MAX).await, Listener::start(0).await);
        grant(world, place.org, place.prod.id, Principal::User(place.bob.id), WorkspaceRole::Viewer).await;
        register(world, &place.admin, &place.dev, &bad.url).await;
        register(world, &place.admin, &place.prod, &good.url).await;
        let (one, other) = (browser(world, &place.bob).await, browser(world, &place.bob).await);
        for cx in [&one, &other] {
            sign_in(world, cx, &place.dev).await.unwrap();
            sign_in(world, cx, &place.prod).await.unwrap();
        }
        end(world, &one).await;
        assert_eq!(control.tell_of_ended_sessions().await.unwrap(), 2);
        end(world, &other).await;
        assert_eq!(control.tell_of_ended_sessions().await.unwrap(), 2, "what is new is tried once");
        assert_eq!(good.told().len(), 2);
        world.clock.advance_s(4);
        assert_eq!(control.tell_of_ended_sessions().await.unwrap(), 0);
        // Given up at last.
        for _ in 0..10 {
            world.clock.advance_s(3 * 3600);
            control.tell_of_ended_sessions().await.unwrap();
        }
        world.clock.advance_s(24 * 3600);
        assert_eq!(control.tell_of_ended_sessions().await.unwrap(), 0);
    }

    async fn whoever_is_removed_or_locked_is_signed_out_of_workspaces_while_their_sessions_go_on(world: World) {
        let place = Place::new(world).await;
        let (world, control) = (&place.world, &place.world.control);
        let told = Listener::start(0).await;
        register(world, &place.admin, &place.dev, &told.url).await;
        let elsewhere = world.org("elsewhere").await;
        world.join(elsewhere, &place.bob, model::OrgRole::Member).await;
        let cx = browser(world, &place.bob).await;
        let at = At(world, &place.admin, place.org);
        let first = sign_in(world, &cx, &place.dev).await.unwrap();
        let auth = control.authorize(&world.cx(&place.admin), place.org).await.unwrap();
        control.lock_member(&auth, place.bob.id).await.unwrap();
        assert_eq!((control.tell_of_ended_sessions().await.unwrap(), told.told().len()), (1, 1));
        assert!(control.myself(&cx).await.is_ok(), "the session is for elsewhere, too");
        control.unlock_member(&auth, place.bob.id).await.unwrap();
        let second = sign_in(world, &cx, &place.dev).await.unwrap();
        assert_ne!(id_token(&first)["sid"], id_token(&second)["sid"]);

        // Whoever is back before it was told is not signed out again.
        at.remove(&place.bob).await.unwrap();
        world.join(place.org, &place.bob, model::OrgRole::Member).await;
        grant(world, place.org, place.dev.id, Principal::User(place.bob.id), WorkspaceRole::Viewer).await;
        let third = sign_in(world, &cx, &place.dev).await.unwrap();
        assert_eq!(id_token(&second)["sid"], id_token(&third)["sid"]);
        assert_eq!(control.tell_of_ended_sessions().await.unwrap(), 0);
        at.remove(&place.bob).await.unwrap();
        assert_eq!((control.tell_of_ended_sessions().await.unwrap(), told.told().len()), (1, 2));
    }

    async fn a_notice_that_cannot_be_made_has_no_other_sent_twice(world: World) {
        let place = Place::new(world).await;
        let (world, control) = (&place.world, &place.world.control);
        let (lost, good) = (Listener::start(0).await, Listener::start(0).await);
        grant(world, place.org, place.prod.id, Principal::User(place.bob.id), WorkspaceRole::Viewer).await;
        register(world, &place.admin, &place.dev, &lost.url).await;
        register(world, &place.admin, &place.prod, &good.url).await;
        let cx = browser(world, &place.bob).await;
        sign_in(world, &cx, &place.dev).await.unwrap();
        sign_in(world, &cx, &place.prod).await.unwrap();
        // The private half of the key with which one of them is signed is lost.
        plant_curve(world, None).await;
        choose(&place, TokenAlgorithm::Es256).await;

        end(world, &cx).await;
        // More often than what a workspace refuses is sent.
        for wait_s in [0, 4, 1, 120, 300, 7200, 7200, 7200, 7200, 7200] {
            world.clock.advance_s(wait_s);
            let told = control.tell_of_ended_sessions().await;
            let is_due = wait_s != 4;
            assert_eq!(told.is_err(), is_due, "after {wait_s} s: {told:?}");
            assert_eq!((lost.told().len(), good.told().len()), (0, 1));
        }
        choose(&place, TokenAlgorithm::EdDsa).await;
        world.clock.advance_s(7200);
        assert_eq!(control.tell_of_ended_sessions().await.unwrap(), 1);
        assert_eq!((lost.told().len(), good.told().len()), (1, 1), "nothing is lost");
    }

    async fn a_code_is_not_used_up_by_what_cannot_be_signed(world: World) {
        let place = Place::new(world).await;
        let (world, control) = (&place.world, &place.world.control);
        register(world, &place.admin, &place.dev, "").await;
        let cx = browser(world, &place.bob).await;
        let minted = code(world, &cx, &place.dev).await;
        plant_curve(world, None).await;
        choose(&place, TokenAlgorithm::Es256).await;
        let (request, shown) = (world.anonymous(), Grant::Code(code_grant(&place.dev, &minted)));
        let answer = control.token(&Open::because(&request, "test"), shown).await;
        assert_eq!(answer.unwrap_err().code(), ErrorCode::Internal);
        // Somebody mends it.
        choose(&place, TokenAlgorithm::EdDsa).await;
        present(world, Grant::Code(code_grant(&place.dev, &minted))).await.unwrap();
    }

    async fn two_replicas_may_put_off_the_notices_of_one_workspace(world: World) {
        let place = Place::new(world).await;
        let (world, replica) = (&place.world, place.world.replica().await);
        // Answers when both have asked all they can, so that both write down what came of it at once.
        register(world, &place.admin, &place.dev, &refuses_together(20).await).await;
        for _ in 0..24 {
            let cx = browser(world, &place.bob).await;
            sign_in(world, &cx, &place.dev).await.unwrap();
            end(world, &cx).await;
        }
        for wait_s in [0, 5, 30, 300, 1800, 7200] {
            world.clock.advance_s(wait_s);
            let (one, other) =
                tokio::join!(world.control.tell_of_ended_sessions(), replica.control.tell_of_ended_sessions());
            // Neither waits for the other, which PostgreSQL would end by failing one of them.
            assert_eq!((one.unwrap(), other.unwrap()), (10, 10));
        }
    }

    async fn who_does_not_want_to_be_told_is_not(world: World) {
        let place = Place::new(world).await;
        let (world, control) = (&place.world, &place.world.control);
        register(world, &place.admin, &place.dev, "").await;
        let cx = browser(world, &place.bob).await;
        sign_in(world, &cx, &place.dev).await.unwrap();
        end(world, &cx).await;
        assert_eq!(control.tell_of_ended_sessions().await.unwrap(), 1);
        assert_eq!(control.tell_of_ended_sessions().await.unwrap(), 0);
    }

    async fn where_people_may_be_sent_is_for_whoever_manages_keys(world: World) {
        let place = Place::new(world).await;
        let (world, control) = (&place.world, &place.world.control);
        let denied = control.authorize::<WorkspaceKeys>(&world.cx(&place.bob), place.dev.id).await;
        assert_eq!(denied.unwrap_err().code(), ErrorCode::Forbidden);
        let auth = control.authorize::<WorkspaceKeys>(&world.cx(&place.admin), place.dev.id).await.unwrap();
        let wrong = control.set_workspace_sign_in(&auth, "http://evil.test/cb", "ftp://x.test").await.unwrap_err();
        assert_eq!(wrong.fields().keys().copied().collect::<Vec<_>>(), ["logout_uri", "redirect_uris"]);
        control.set_workspace_sign_in(&auth, &format!(" {BACK}\r\n\r\n"), "http://localhost:9/out").await.unwrap();
        let seen = async |person: &Person| {
            let auth = control.authorize(&world.cx(person), place.dev.id).await.unwrap();
            control.workspace(&auth).await.unwrap().sign_in
        };
        let kept = seen(&place.admin).await.unwrap();
        assert_eq!((kept.redirect_uris, kept.logout_uri.as_deref()), (vec![BACK.to_owned()], Some("http://localhost:9/out")));
        assert_eq!(seen(&place.bob).await, None);
        let log = world.audit(place.org).await;
        assert!(log.iter().any(|line| line.contains("workspace.updated")), "{log:?}");
    }
}

/// Has one session follow another, as signing in again in the same browser does.
async fn follow(world: &World, person: &Person, before: &Cx, after: &Cx) {
    let mut tx = world.store.write().await.unwrap();
    let (before, after) = (before.session().unwrap(), after.session().unwrap());
    store::sessions::replace(&mut tx, person.id, before, after, world.control.now()).await.unwrap();
    tx.commit_unaudited("arranged by a test").await.unwrap();
}

/// A workspace's server that is told of ended sessions, and answers 503 at first.
/// Where a workspace is told, and takes nothing: answers when so many requests are there.
async fn refuses_together(requests: usize) -> String {
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/logout", socket.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let mut open = Vec::new();
            while open.len() < requests {
                open.push(socket.accept().await.unwrap().0);
            }
            for mut stream in open {
                read_whole(&mut stream).await;
                answer(&mut stream, "503 Service Unavailable").await;
            }
        }
    });
    url
}

struct Listener {
    url: String,
    told: Arc<Mutex<Vec<String>>>,
}

impl Listener {
    async fn start(refuses: usize) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/logout", socket.local_addr().unwrap());
        let told = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&told);
        tokio::spawn(async move {
            for n in 0.. {
                let (mut stream, _) = socket.accept().await.unwrap();
                let text = read_whole(&mut stream).await;
                let status = if n < refuses { "503 Service Unavailable" } else { "200 OK" };
                if n >= refuses {
                    kept.lock().unwrap().push(text.split_once("\r\n\r\n").unwrap().1.to_owned());
                }
                answer(&mut stream, status).await;
            }
        });
        Self { url, told }
    }

    fn told(&self) -> Vec<String> {
        self.told.lock().unwrap().clone()
    }
}

async fn read_whole(stream: &mut TcpStream) -> String {
    let (mut text, mut part) = (String::new(), [0; 4096]);
    // A form of one field: it is whole when what follows the empty line is as long as was said.
    while !is_whole(&text) {
        let length = stream.read(&mut part).await.unwrap();
        text.push_str(std::str::from_utf8(&part[..length]).unwrap());
    }
    text
}

async fn answer(stream: &mut TcpStream, status: &str) {
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(answer.as_bytes()).await.unwrap();
}

fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    length.is_none_or(|length: usize| body.len() >= length)
}
