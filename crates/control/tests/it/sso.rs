//! Sign-in through a provider: the honest one gets in, and every lie is refused without a trace but the log.

use crate::it::hostile_provider::{Answer, CLIENT, Lies, Provider, SECRET, Sign};
use crate::it::lies::{honest_variants, lying_tokens, merge, with};
use control::authz::ConnectionManage;
use control::connections::ConnectionInput;
use control::sessions::Begun;
use control::sso::{Callback, SignInError, Started};
use control::{Actor, Authorized, Cx, Open, Origin};
use model::SignInProblem::{self, *};
use model::{ConnectionId, OrgId, OrgRole};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use testkit::{World, both_engines};
use url::Url;

/// An organization with a connection to a provider.
struct Stage {
    world: World,
    provider: Provider,
    org: OrgId,
    connection: ConnectionId,
    admin: Authorized<ConnectionManage>,
}

impl Stage {
    async fn set(world: World) -> Self {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let admin = world.control.authorize(&world.cx(&owner), org).await.unwrap();
        let provider = Provider::start().await;
        let connection = connect(&world, &admin, &provider).await;
        Self { world, provider, org, connection, admin }
    }

    fn anonymous(&self) -> Open {
        self.provider.set_time(self.world.clock_s());
        Open::because(&self.world.anonymous(), "test")
    }

    async fn begin(&self) -> Result<Started, SignInProblem> {
        let begun = self.world.control.begin_sign_in(&self.anonymous(), self.connection, Some("/me")).await;
        begun.map_err(problem)
    }

    async fn finish(&self, callback: &Callback, browser: Option<&str>) -> Result<Begun, SignInProblem> {
        let finished = self.world.control.finish_sign_in(&self.anonymous(), callback, browser).await;
        finished.map_err(problem)
    }

    /// What the provider sends the browser back with.
    fn answer(&self, started: &Started) -> Callback {
        Callback {
            state: Some(state(started)),
            code: Some(self.provider.authorize(&started.url)),
            error: None,
            iss: Some(self.provider.issuer.clone()),
        }
    }

    /// The whole way.
    async fn sign_in(&self) -> Result<Begun, SignInProblem> {
        let started = self.begin().await?;
        let callback = self.answer(&started);
        self.finish(&callback, Some(started.browser.expose())).await
    }

    /// The whole way, with a provider that lies, and nothing remembered of it from before.
    async fn sign_in_with(&self, lies: Lies) -> Result<Begun, SignInProblem> {
        self.provider.lie(lies);
        self.world.clock.advance_s(3600);
        self.sign_in().await
    }

    /// A first sign-in of `subject`.
    async fn person(&self, claims: Value) -> Result<Begun, SignInProblem> {
        self.sign_in_with(Lies::claims(move |all| merge(all, &claims))).await
    }

    /// The browser in which a sign-in ended.
    async fn browser(&self, begun: &Begun) -> Open {
        let now = self.anonymous().now();
        let actor = self.world.control.resolve_session(begun.secret.expose(), now).await.unwrap();
        Open::because(&self.world.control.cx(Origin::default(), actor), "test")
    }

    async fn me(&self, begun: &Begun) -> model::session::Me {
        let now = self.world.anonymous().now();
        let actor = self.world.control.resolve_session(begun.secret.expose(), now).await.unwrap();
        let cx = self.world.control.cx(Origin::default(), actor);
        let me = self.world.control.myself(&cx).await.unwrap();
        self.world.control.me(&me).await.unwrap()
    }
}

async fn connect(world: &World, admin: &Authorized<ConnectionManage>, provider: &Provider) -> ConnectionId {
    let input =
        ConnectionInput::parse(&format!("Acme {}", provider.issuer), &provider.issuer, CLIENT, SECRET)
            .unwrap();
    world.control.create_connection(admin, &input).await.unwrap()
}

trait ClockSeconds {
    fn clock_s(&self) -> i64;
}

impl ClockSeconds for World {
    fn clock_s(&self) -> i64 {
        self.anonymous().now().millis() / 1000
    }
}

fn problem(error: SignInError) -> SignInProblem {
    match error {
        SignInError::Refused(problem) => problem,
        SignInError::Failed(error) => panic!("failed instead of refused: {error:?}"),
    }
}

fn state(started: &Started) -> String {
    let url = Url::parse(&started.url).unwrap();
    url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned()
}

both_engines! {
    async fn an_honest_provider_signs_people_in_as_the_same_person_each_time(world: World) {
        let stage = Stage::set(world).await;
        let mut people = Vec::new();
        for (name, lies) in honest_variants() {
            let begun = stage.sign_in_with(lies).await.unwrap_or_else(|p| panic!("{name}: {p:?}"));
            assert_eq!(begun.next, "/me", "{name}");
            people.push(begun.user);
        }
        people.dedup();
        assert_eq!(people.len(), 1, "one subject is one person");
        let log = stage.world.audit(stage.org).await;
        assert_eq!(log.iter().filter(|e| *e == "user.created/success").count(), 1);
        assert_eq!(log.iter().filter(|e| *e == "session.created/success").count(), honest_variants().len());
    }

    async fn every_lying_token_is_refused(world: World) {
        let stage = Stage::set(world).await;
        let mut let_in = Vec::new();
        let cases = lying_tokens();
        let n = cases.len();
        for (name, lies) in cases {
            match stage.sign_in_with(lies).await {
                Err(ProviderAnswerInvalid) => {}
                other => let_in.push(format!("{name}: {:?}", other.map(|_| "let in"))),
            }
        }
        assert!(let_in.is_empty(), "{let_in:#?}");
        let log = stage.world.audit(stage.org).await;
        assert_eq!(log.iter().filter(|e| *e == "sign_in.refused/refused").count(), n);
        assert!(!log.iter().any(|e| e.starts_with("user.") || e.starts_with("session.")), "{log:?}");
        // So that the table can fail: the same way, without a lie, leads in.
        assert!(stage.sign_in_with(Lies::default()).await.is_ok());
    }

    async fn endpoints_that_break_redirect_or_flood_sign_nobody_in(world: World) {
        let stage = Stage::set(world).await;
        let discovery = "/.well-known/openid-configuration";
        for (path, answer, expected) in [
            (discovery, Answer::Status(404), ProviderAnswerInvalid),
            (discovery, Answer::Status(503), ProviderUnreachable),
            (discovery, Answer::Html, ProviderAnswerInvalid),
            (discovery, Answer::Huge, ProviderAnswerInvalid),
            (discovery, Answer::Redirect, ProviderAnswerInvalid),
            (discovery, Answer::Body("[]"), ProviderAnswerInvalid),
            ("/jwks", Answer::Status(500), ProviderUnreachable),
            ("/jwks", Answer::Html, ProviderAnswerInvalid),
            ("/jwks", Answer::Huge, ProviderAnswerInvalid),
            ("/jwks", Answer::Redirect, ProviderAnswerInvalid),
            ("/jwks", Answer::Body(r#"{"keys":[]}"#), ProviderAnswerInvalid),
            ("/jwks", Answer::Body(r#"{"keys":[{"kty":"RSA"}]}"#), ProviderAnswerInvalid),
            ("/token", Answer::Status(400), ProviderAnswerInvalid),
            ("/token", Answer::Status(500), ProviderAnswerInvalid),
            ("/token", Answer::Error("invalid_grant"), ProviderAnswerInvalid),
            ("/token", Answer::Error("invalid_client"), ClientRefused),
            ("/token", Answer::Error("unauthorized_client"), ClientRefused),
            ("/token", Answer::Html, ProviderAnswerInvalid),
            ("/token", Answer::Huge, ProviderAnswerInvalid),
            ("/token", Answer::Redirect, ProviderAnswerInvalid),
            ("/token", Answer::Body(""), ProviderAnswerInvalid),
        ] {
            let refused = stage.sign_in_with(Lies::answer(path, answer)).await;
            assert_eq!(refused.map(|_| ()), Err(expected), "{path} of the {}", name(answer));
            let calls = stage.provider.take_calls();
            assert!(!calls.iter().any(|call| call == "/elsewhere"), "a redirect was followed: {calls:?}");
        }
        assert!(stage.sign_in_with(Lies::default()).await.is_ok());
    }

    async fn a_slow_provider_is_given_up_on(world: World) {
        let stage = Stage::set(impatient(&world)).await;
        for path in ["/.well-known/openid-configuration", "/jwks", "/token"] {
            let refused = stage.sign_in_with(Lies::answer(path, Answer::Slow)).await;
            assert_eq!(refused.map(|_| ()), Err(ProviderUnreachable), "{path}");
        }
    }

    async fn a_provider_that_is_not_there_is_said_to_be_so(world: World) {
        let stage = Stage::set(world).await;
        let gone = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", gone.local_addr().unwrap());
        drop(gone);
        let input = ConnectionInput::parse("Gone", &issuer, CLIENT, "").unwrap();
        let id = stage.world.control.create_connection(&stage.admin, &input).await.unwrap();
        let begun = stage.world.control.begin_sign_in(&stage.anonymous(), id, None).await;
        assert_eq!(problem(begun.unwrap_err()), ProviderUnreachable);
    }

    async fn a_discovery_document_that_lies_is_not_used(world: World) {
        let stage = Stage::set(world).await;
        for (name, change) in [
            ("another issuer", json!({ "issuer": "https://evil.test" })),
            ("the issuer with a slash", json!({ "issuer": format!("{}/", stage.provider.issuer) })),
            ("keys without TLS", json!({ "jwks_uri": "http://evil.test/jwks" })),
            ("keys from the metadata service", json!({ "jwks_uri": "https://169.254.169.254/jwks" })),
            ("tokens from a file", json!({ "token_endpoint": "file:///etc/passwd" })),
            ("a script as authorization endpoint", json!({ "authorization_endpoint": "javascript:alert(1)" })),
            ("userinfo with a password", json!({ "userinfo_endpoint": "https://a:b@evil.test" })),
            ("only algorithms that are not accepted", json!({ "id_token_signing_alg_values_supported": ["none", "HS256"] })),
            ("no keys", json!({ "jwks_uri": null })),
            ("no token endpoint", json!({ "token_endpoint": null })),
        ] {
            let lies = Lies::discovery(move |all| merge(all, &change));
            assert_eq!(stage.sign_in_with(lies).await.map(|_| ()), Err(ProviderAnswerInvalid), "{name}");
        }
    }

    async fn pkce_is_s256_or_nothing(world: World) {
        let stage = Stage::set(world).await;
        for (methods, works) in [
            (json!(["S256"]), true),
            (json!(["plain", "S256"]), true),
            // Some large providers check it and do not say so.
            (Value::Null, true),
            (json!(["plain"]), false),
            (json!([]), false),
            (json!(["s256"]), false),
        ] {
            let said = methods.clone();
            let lies = Lies::discovery(move |all| merge(all, &json!({ "code_challenge_methods_supported": said })));
            let done = stage.sign_in_with(lies).await;
            assert_eq!(done.is_ok(), works, "{methods}: {done:?}");
        }
    }

    async fn keys_may_change_and_the_old_ones_are_forgotten(world: World) {
        let stage = Stage::set(world).await;
        assert!(stage.sign_in().await.is_ok());
        // At once, with the old keys remembered: they are asked for again, once.
        let rotated = || Lies { sign: Sign::OtherKey, keys: vec![(Some("k2"), Sign::OtherKey)], ..Lies::header(|h| h["kid"] = "k2".into()) };
        stage.provider.lie(rotated());
        stage.provider.take_calls();
        assert!(stage.sign_in().await.is_ok());
        assert_eq!(stage.provider.take_calls(), ["/token", "/jwks"]);
        stage.provider.lie(rotated());
        assert!(stage.sign_in().await.is_ok());
        assert_eq!(stage.provider.take_calls(), ["/token"], "what was fetched is remembered");
        stage.provider.lie(Lies { keys: vec![(Some("k2"), Sign::OtherKey)], ..Lies::default() });
        assert_eq!(stage.sign_in().await.map(|_| ()), Err(ProviderAnswerInvalid), "the old key is over");
        assert_eq!(stage.provider.take_calls(), ["/token", "/jwks"], "one more look, not a loop");
    }

    async fn a_state_works_once_in_its_own_browser_for_ten_minutes(world: World) {
        let stage = Stage::set(world).await;
        let good = stage.begin().await.unwrap();
        let callback = stage.answer(&good);
        assert!(stage.finish(&callback, Some(good.browser.expose())).await.is_ok());
        assert_eq!(stage.finish(&callback, Some(good.browser.expose())).await.map(|_| ()), Err(AttemptExpired), "replayed state");

        let mine = stage.begin().await.unwrap();
        let theirs = stage.begin().await.unwrap();
        let callback = stage.answer(&mine);
        assert_eq!(stage.finish(&callback, Some(theirs.browser.expose())).await.map(|_| ()), Err(WrongBrowser));
        assert_eq!(stage.finish(&callback, Some(mine.browser.expose())).await.map(|_| ()), Err(AttemptExpired), "used up by the other browser");
        for cookie in [None, Some(""), Some("rvbrowser_x"), Some(state(&theirs).as_str())] {
            let started = stage.begin().await.unwrap();
            assert_eq!(stage.finish(&stage.answer(&started), cookie).await.map(|_| ()), Err(WrongBrowser), "{cookie:?}");
        }

        let late = stage.begin().await.unwrap();
        let callback = stage.answer(&late);
        stage.world.clock.advance_s(600);
        assert_eq!(stage.finish(&callback, Some(late.browser.expose())).await.map(|_| ()), Err(AttemptExpired));

        let cookie = late.browser.expose();
        for state in [None, Some(String::new()), Some("x".to_owned()), Some(late.browser.expose().to_owned()), Some(format!("{}A", state(&late)))] {
            let callback = Callback { state, ..callback.clone() };
            assert_eq!(stage.finish(&callback, Some(cookie)).await.map(|_| ()), Err(AttemptExpired));
        }
    }

    async fn of_two_callbacks_at_once_one_gets_in(world: World) {
        let stage = Arc::new(Stage::set(world).await);
        let started = stage.begin().await.unwrap();
        let callback = stage.answer(&started);
        let finish = || {
            let (stage, callback, cookie) = (stage.clone(), callback.clone(), started.browser.clone());
            tokio::spawn(async move { stage.finish(&callback, Some(cookie.expose())).await.is_ok() })
        };
        let (a, b) = (finish(), finish());
        assert_eq!(u8::from(a.await.unwrap()) + u8::from(b.await.unwrap()), 1);
    }

    async fn a_code_of_another_attempt_is_worth_nothing(world: World) {
        let stage = Stage::set(world).await;
        // Used once already.
        let first = stage.begin().await.unwrap();
        let used = stage.answer(&first);
        assert!(stage.finish(&used, Some(first.browser.expose())).await.is_ok());
        let second = stage.begin().await.unwrap();
        let replayed = Callback { code: used.code, ..stage.answer(&second) };
        assert_eq!(stage.finish(&replayed, Some(second.browser.expose())).await.map(|_| ()), Err(ProviderAnswerInvalid));
        // An attacker's fresh code put into the victim's attempt: stopped by PKCE, and by the nonce alone as well.
        for careless in [false, true] {
            stage.provider.lie(Lies { careless, ..Lies::default() });
            let (attacker, victim) = (stage.begin().await.unwrap(), stage.begin().await.unwrap());
            let injected = Callback { code: stage.answer(&attacker).code, ..stage.answer(&victim) };
            let refused = stage.finish(&injected, Some(victim.browser.expose())).await;
            assert_eq!(refused.map(|_| ()), Err(ProviderAnswerInvalid), "careless: {careless}");
        }
    }

    async fn an_answer_of_another_provider_is_not_taken(world: World) {
        let stage = Stage::set(world).await;
        for iss in [Some("https://evil.test".to_owned()), Some(format!("{}/", stage.provider.issuer)), Some(String::new()), None] {
            stage.provider.take_calls();
            let started = stage.begin().await.unwrap();
            let callback = Callback { iss: iss.clone(), ..stage.answer(&started) };
            let refused = stage.finish(&callback, Some(started.browser.expose())).await;
            assert_eq!(refused.map(|_| ()), Err(ProviderAnswerInvalid), "{iss:?}");
            assert!(!stage.provider.take_calls().contains(&"/token".to_owned()), "the code went to the wrong provider");
        }
    }

    async fn what_the_provider_declines_is_said_in_our_words(world: World) {
        let stage = Stage::set(world).await;
        for (error, expected) in [
            ("access_denied", AccessDenied),
            ("login_required", AccessDenied),
            ("temporarily_unavailable", ProviderUnreachable),
            ("invalid_request", ProviderAnswerInvalid),
            ("<script>alert(1)</script>", ProviderAnswerInvalid),
        ] {
            let started = stage.begin().await.unwrap();
            let callback = Callback { code: None, error: Some(error.to_owned()), ..stage.answer(&started) };
            assert_eq!(stage.finish(&callback, Some(started.browser.expose())).await.map(|_| ()), Err(expected));
        }
        let started = stage.begin().await.unwrap();
        let callback = Callback { code: None, ..stage.answer(&started) };
        assert_eq!(stage.finish(&callback, Some(started.browser.expose())).await.map(|_| ()), Err(ProviderAnswerInvalid));
    }

    async fn userinfo_fills_what_is_missing_and_nothing_else(world: World) {
        let stage = Stage::set(world).await;
        let sparse = || json!({ "sub": "carol", "email": null, "name": null });
        for (name, change, answer) in [
            ("somebody else", json!({ "sub": "mallory" }), None),
            ("nobody", json!({ "sub": null }), None),
            ("somebody in other case", json!({ "sub": "Carol" }), None),
            ("a page", json!({}), Some(Answer::Html)),
            ("a redirect", json!({}), Some(Answer::Redirect)),
            ("a flood", json!({}), Some(Answer::Huge)),
        ] {
            let lies = Lies {
                userinfo: Arc::new(move |all| { merge(all, &json!({ "sub": "carol" })); merge(all, &change) }),
                answers: answer.map(|a| ("/userinfo", a)).into_iter().collect::<HashMap<_, _>>(),
                ..with(sparse())
            };
            assert_eq!(stage.sign_in_with(lies).await.map(|_| ()), Err(ProviderAnswerInvalid), "{name}");
        }
        let lies = Lies { userinfo: Arc::new(|all| merge(all, &json!({ "sub": "carol", "email": null }))), ..with(sparse()) };
        assert_eq!(stage.sign_in_with(lies).await.map(|_| ()), Err(NoEmail));
        let lies = Lies {
            userinfo: Arc::new(|all| merge(all, &json!({ "sub": "carol", "email": "carol@provider.test", "name": "Carol" }))),
            ..with(sparse())
        };
        let me = stage.me(&stage.sign_in_with(lies).await.unwrap()).await;
        assert_eq!((me.email.as_str(), me.name.as_str()), ("carol@provider.test", "Carol"));
    }

    async fn an_address_from_a_provider_finds_nobody(world: World) {
        let stage = Stage::set(world).await;
        let bob = stage.world.member(stage.org, "bob", OrgRole::Admin).await;
        let mut seen = vec![bob.id];
        for (sub, email, verified) in [
            ("x1", "bob@acme.test", json!(true)),
            ("x2", "bob@acme.test", json!(false)),
            ("x3", "bob@acme.test", Value::Null),
            ("x4", "BOB@ACME.TEST", json!(true)),
            ("x5", " bob@acme.test ", json!("true")),
            // The subject of Bob's mailbox, from an issuer that is not the mailbox.
            ("bob@acme.test", "bob@acme.test", json!(true)),
            ("X1", "bob@acme.test", json!(true)),
            (bob.username.as_str(), "bob@acme.test", json!(true)),
            (bob.id.to_string().as_str(), "bob@acme.test", json!(true)),
        ] {
            let begun = stage.person(json!({ "sub": sub, "email": email, "email_verified": verified })).await.unwrap();
            let me = stage.me(&begun).await;
            assert!(!seen.contains(&me.id), "{sub} {email} got into an account that is not theirs");
            assert!(me.orgs.is_empty(), "a new account is in no organization");
            assert_ne!(me.username, bob.username, "a name inside workspaces is never given twice");
            seen.push(me.id);
        }
        for bad in ["b\u{043e}b@acme.test", "bob@acme.test\r\nBcc: eve@evil.test", "bob", "bob@acme.test,eve@evil.test", ""] {
            let refused = stage.person(json!({ "sub": format!("bad {bad:?}"), "email": bad })).await;
            assert_eq!(refused.map(|_| ()), Err(NoEmail), "{bad:?}");
        }
    }

    async fn the_same_subject_of_two_providers_is_two_people(world: World) {
        let stage = Stage::set(world).await;
        let first = stage.sign_in().await.unwrap();
        let other = Provider::start().await;
        let connection = connect(&stage.world, &stage.admin, &other).await;
        let stage = Stage { provider: other, connection, ..stage };
        assert_ne!(first.user, stage.sign_in().await.unwrap().user);
    }

    async fn signing_in_again_ends_the_session_of_that_browser(world: World) {
        let stage = Stage::set(world).await;
        let control = &stage.world.control;
        let first = stage.sign_in().await.unwrap();
        let actor = control.resolve_session(first.secret.expose(), stage.world.anonymous().now()).await.unwrap();
        let cx: Cx = control.cx(Origin::default(), actor);
        let started = stage.begin().await.unwrap();
        let callback = stage.answer(&started);
        let again = Open::because(&cx, "test");
        let second = control.finish_sign_in(&again, &callback, Some(started.browser.expose())).await.unwrap();
        assert_ne!(first.secret.expose(), second.secret.expose());
        let now = stage.world.anonymous().now();
        assert!(control.resolve_session(first.secret.expose(), now).await.unwrap().is_none());
        assert!(matches!(control.resolve_session(second.secret.expose(), now).await.unwrap(), Some(Actor::User { .. })));
    }

    async fn whoever_is_signed_in_is_asked_again_and_an_earlier_sign_in_there_confirms_nobody(world: World) {
        let stage = Stage::set(world).await;
        let first = stage.sign_in().await.unwrap();
        let asks = |started: &Started| {
            let url = Url::parse(&started.url).unwrap();
            let of = |wanted: &str| url.query_pairs().find(|(name, _)| name == wanted).map(|(_, v)| v.into_owned());
            (of("prompt"), of("max_age"))
        };
        assert_eq!(asks(&stage.begin().await.unwrap()), (None, None), "a first sign-in asks for nothing");

        // Seconds since the provider asked; what comes of it, and how old the sign-in of the session is then.
        let (fresh, refused) = (Ok(0), Err(NotAskedAgain));
        for (auth_time, outcome) in [(None, fresh), (Some(0), fresh), (Some(30), Ok(30)), (Some(3600), refused)] {
            stage.provider.lie(Lies::claims(move |all| {
                if let Some(ago) = auth_time {
                    all["auth_time"] = (all["iat"].as_i64().unwrap() - ago).into();
                }
            }));
            let cx = stage.browser(&first).await;
            let started = stage.world.control.begin_sign_in(&cx, stage.connection, Some("/me")).await.unwrap();
            assert_eq!(asks(&started), (Some("login".to_owned()), Some("0".to_owned())));
            let begun = stage.finish(&stage.answer(&started), Some(started.browser.expose())).await;
            let now = stage.world.control.now();
            let age = match begun {
                Ok(begun) => {
                    let actor = stage.world.control.resolve_session(begun.secret.expose(), now).await.unwrap();
                    let Some(Actor::User { authenticated_at, .. }) = actor else { panic!("a person") };
                    Ok(now.since_ms(authenticated_at) / 1000)
                }
                Err(problem) => Err(problem),
            };
            assert_eq!(age, outcome, "{auth_time:?}");
        }
    }

    async fn an_earlier_sign_in_at_the_provider_lets_in_and_is_not_taken_for_a_fresh_one(world: World) {
        let stage = Stage::set(world).await;
        let hours_ago = Lies::claims(|all| all["auth_time"] = (all["iat"].as_i64().unwrap() - 7200).into());
        stage.provider.lie(hours_ago);
        let begun = stage.sign_in().await.unwrap();
        let cx = stage.browser(&begun).await;
        let refused = stage.world.control.my_keys(cx.cx()).await.unwrap_err();
        assert_eq!(refused.code(), model::ErrorCode::FreshSignInRequired);
        // One that lies about the future gains nothing by it.
        stage.provider.lie(Lies::claims(|all| all["auth_time"] = (all["iat"].as_i64().unwrap() + 7200).into()));
        let begun = stage.sign_in().await.unwrap();
        stage.world.clock.advance_s(control::authz::FRESH_S + 1);
        let cx = stage.browser(&begun).await;
        assert!(stage.world.control.my_keys(cx.cx()).await.is_err());
    }

    async fn a_connection_that_is_switched_off_or_gone_signs_nobody_in(world: World) {
        let stage = Stage::set(world).await;
        let started = stage.begin().await.unwrap();
        let callback = stage.answer(&started);
        stage.world.control.set_connection_enabled(&stage.admin, stage.connection, false).await.unwrap();
        assert_eq!(stage.finish(&callback, Some(started.browser.expose())).await.map(|_| ()), Err(ConnectionDisabled));
        assert_eq!(stage.begin().await.map(|_| ()), Err(ConnectionDisabled));
        stage.world.control.set_connection_enabled(&stage.admin, stage.connection, true).await.unwrap();
        let started = stage.begin().await.unwrap();
        let callback = stage.answer(&started);
        stage.world.control.delete_connection(&stage.admin, stage.connection).await.unwrap();
        assert_eq!(stage.finish(&callback, Some(started.browser.expose())).await.map(|_| ()), Err(ConnectionDisabled));
        assert_eq!(stage.begin().await.map(|_| ()), Err(ConnectionDisabled));
    }

    async fn a_closed_account_gets_in_by_no_provider(world: World) {
        let stage = Stage::set(world).await;
        let user = stage.sign_in().await.unwrap().user;
        let mut tx = stage.world.store.write().await.unwrap();
        assert!(store::users::deactivate(&mut tx, user, stage.world.anonymous().now()).await.unwrap());
        tx.commit_unaudited("arranged by a test").await.unwrap();
        assert_eq!(stage.sign_in().await.map(|_| ()), Err(AccountClosed));
        let log = stage.world.audit(stage.org).await;
        assert_eq!(log.iter().filter(|e| *e == "session.created/success").count(), 1);
    }

    async fn an_attempt_begun_on_one_replica_ends_on_another(world: World) {
        let stage = Stage::set(world).await;
        let started = stage.begin().await.unwrap();
        let callback = stage.answer(&started);
        let replica = stage.world.replica().await;
        let begun = replica.control.finish_sign_in(&stage.anonymous(), &callback, Some(started.browser.expose())).await.unwrap();
        let now = stage.world.anonymous().now();
        assert!(stage.world.control.resolve_session(begun.secret.expose(), now).await.unwrap().is_some());
    }

    async fn begins_are_limited_per_address(world: World) {
        let stage = Stage::set(world).await;
        for _ in 0..300 {
            assert!(stage.begin().await.is_ok());
        }
        assert_eq!(stage.begin().await.map(|_| ()), Err(TooMany));
        stage.world.clock.advance_s(15 * 60);
        assert!(stage.begin().await.is_ok());
    }
}

fn name(answer: Answer) -> &'static str {
    match answer {
        Answer::Html => "page",
        Answer::Redirect => "redirect",
        Answer::Huge => "flood",
        Answer::Slow => "silence",
        Answer::Status(_) => "status",
        Answer::Error(_) => "error",
        Answer::Body(_) => "other document",
    }
}

/// The same installation, with little patience.
fn impatient(world: &World) -> World {
    let mut settings = world.control.settings().clone();
    settings.provider_timeout = Duration::from_millis(700);
    world.configured(settings)
}
