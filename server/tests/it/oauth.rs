//! The token service over HTTP, in the words of its standards.

use super::process::{self, reeve};
use super::site::{Answer, Ask, Caller, Cast, Site};
use control::api_keys::NewApiKey;
use control::authz::WorkspaceKeys;
use model::WorkspaceRole;
use serde_json::{Value, json};
use testkit::{Engine, Person, World, both_engines};

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

async fn key(world: &World, person: &Person) -> String {
    let me = world.control.my_keys(&world.cx(person)).await.unwrap();
    world.control.create_api_key(&me, &NewApiKey::parse("ci", "30", "").unwrap()).await.unwrap().secret
}

fn form(fields: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(fields).unwrap()
}

fn post(path: &str, fields: &[(&str, &str)]) -> Ask {
    Ask::new("POST", path).form(&form(fields))
}

fn basic(ask: Ask, id: &str, secret: &str) -> Ask {
    use base64::Engine as _;
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{id}:{secret}"));
    ask.header("authorization", &format!("Basic {pair}"))
}

fn said(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{}: {}", answer.status, answer.body))
}

/// A member with a key who may enter the workspace.
struct Place {
    cast: Cast,
    site: Site,
    key: String,
    client: String,
    workspace: String,
}

impl Place {
    async fn new(world: World) -> Self {
        let cast = Cast::new(world).await;
        cast.give(&cast.member, WorkspaceRole::Viewer).await;
        let key = key(&cast.world, &cast.member).await;
        let (client, workspace) = (cast.member.id.to_string(), cast.workspace.to_string());
        Self { site: Site::of(&cast.world), cast, key, client, workspace }
    }

    async fn exchange(&self, changes: &[(&str, &str)]) -> Answer {
        let mut fields = vec![
            ("grant_type", EXCHANGE),
            ("subject_token", self.key.as_str()),
            ("subject_token_type", ACCESS_TOKEN),
            ("audience", self.workspace.as_str()),
        ];
        for (name, value) in changes {
            fields.retain(|(known, _)| known != name);
            fields.push((name, value));
        }
        self.site.ask(post("/oauth/token", &fields)).await
    }

    async fn token(&self) -> String {
        said(&self.exchange(&[]).await)["access_token"].as_str().unwrap().to_owned()
    }

    async fn introspect(&self, token: &str) -> Value {
        let ask = post("/oauth/introspect", &[("token", token)]);
        let answer = self.site.ask(basic(ask, &self.workspace, &self.cast.enrollment_key)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.header("cache-control"), "no-store");
        said(&answer)
    }
}

/// The status, the error's code, and that it is said as the standard wants it.
fn failed(answer: &Answer) -> (u16, String) {
    let body = said(answer);
    assert_eq!(answer.header("cache-control"), "no-store", "{body}");
    assert!(body["error_description"].as_str().is_some_and(|text| text.len() > 10), "{body}");
    if answer.status == 401 {
        assert!(answer.header("www-authenticate").starts_with("Basic"), "{body}");
    }
    (answer.status.as_u16(), body["error"].as_str().unwrap().to_owned())
}

both_engines! {
    async fn tokens_of_outside_issuers_are_for_an_account_and_for_nothing_else(world: World) {
        use base64::Engine as _;
        let place = Place::new(world).await;
        let claims = r#"{"iss":"https://nobody-trusts.test","aud":"http://localhost:8580","sub":"x"}"#;
        let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims);
        let token = format!("e30.{payload}.c2ln");
        let account = place.cast.account.to_string();
        let ask = async |changes: &[(&str, &str)]| {
            let mut fields = vec![
                ("grant_type", EXCHANGE),
                ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
                ("subject_token", token.as_str()),
                ("client_id", account.as_str()),
            ];
            for (name, value) in changes {
                fields.retain(|(known, _)| known != name);
                fields.push((name, value));
            }
            let answer = place.site.ask(post("/oauth/token", &fields)).await;
            let (status, code) = failed(&answer);
            assert_eq!((status, code.as_str()), (400, "invalid_request"), "{changes:?}");
            said(&answer)["error_description"].as_str().unwrap().to_owned()
        };
        for nobody in [
            &[][..],
            &[("client_id", "not-an-id")],
            &[("subject_token", "hello")],
            &[("subject_token_type", "urn:ietf:params:oauth:token-type:id_token")],
        ] {
            assert!(ask(nobody).await.starts_with("No trust rule takes this token."), "{nobody:?}");
        }
        for more in [("audience", place.workspace.as_str()), ("resource", "urn:x"), ("scope", "workspace.enter")] {
            assert!(ask(&[more]).await.contains("leave audience, resource and scope out"), "{more:?}");
        }
        assert!(ask(&[("actor_token", "x")]).await.starts_with("Nobody acts for somebody else"));
        assert!(ask(&[("subject_token_type", "urn:ietf:params:oauth:token-type:saml2")]).await.starts_with("subject_token_type"));
    }

    async fn keys_become_tokens_by_each_grant(world: World) {
        let place = Place::new(world).await;
        let answer = place.exchange(&[("scope", "workspace.enter")]).await;
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"));
        let body = said(&answer);
        assert_eq!(body["issued_token_type"], ACCESS_TOKEN);
        assert_eq!((&body["token_type"], &body["expires_in"], &body["scope"]), (&json!("Bearer"), &json!(900), &json!("workspace.enter")));

        let credentials = [("grant_type", "client_credentials"), ("resource", &format!("urn:uuid:{}", place.workspace))];
        let ask = basic(post("/oauth/token", &credentials), &place.client, &place.key);
        let by_basic = said(&place.site.ask(ask).await);
        assert!(by_basic.get("issued_token_type").is_none() && by_basic.get("scope").is_none(), "{by_basic}");
        let in_form = [&credentials[..], &[("client_id", &place.client), ("client_secret", &place.key)]].concat();
        let in_form = said(&place.site.ask(post("/oauth/token", &in_form)).await);
        for token in [&body, &by_basic, &in_form] {
            let token = token["access_token"].as_str().unwrap();
            let said = place.introspect(token).await;
            assert_eq!((&said["active"], &said["sub"], &said["aud"]), (&json!(true), &json!(place.client), &json!(place.workspace)));
            assert_eq!(said["exp"].as_i64().unwrap() - said["iat"].as_i64().unwrap(), 900);
            let path = format!("/api/v1/users/authorize_server?server_id={}", place.workspace);
            let program = Caller::Program(token.to_owned());
            assert_eq!(place.site.ask(Ask::get(&path).by(&program)).await.status, 200);
            // Nothing else is open to it.
            for path in ["/api/v1/users/me", "/api/v1/workspaces", "/api/v1/roles"] {
                let status = place.site.ask(Ask::get(path).by(&program)).await.status.as_u16();
                assert!(matches!(status, 401 | 403), "{path}: {status}");
            }
            let asks = post("/oauth/introspect", &[("token", token)]).by(&program);
            assert_eq!(place.site.ask(asks).await.status, 403);
        }

        // A workspace's own server, whose short token asks about others.
        let own = [("grant_type", "client_credentials")];
        let own = basic(post("/oauth/token", &own), &place.workspace, &place.cast.enrollment_key);
        let own = said(&place.site.ask(own).await)["access_token"].as_str().unwrap().to_owned();
        let token = place.token().await;
        let ask = post("/oauth/introspect", &[("token", &token)]).by(&Caller::Program(own.clone()));
        assert_eq!(said(&place.site.ask(ask).await)["active"], true);
        assert_eq!(place.introspect(&own).await, json!({ "active": false }));
        assert_eq!(place.introspect(&place.key).await, json!({ "active": false }));
    }

    async fn a_request_that_is_wrong_is_told_what_is(world: World) {
        let place = Place::new(world).await;
        let nowhere = "018f0000-0000-7000-8000-000000000000";
        let loud = place.workspace.to_uppercase();
        for (changes, error) in [
            (&[("grant_type", "")][..], "invalid_request"),
            (&[("grant_type", "password")], "unsupported_grant_type"),
            (&[("grant_type", "refresh_token")], "unsupported_grant_type"),
            (&[("grant_type", "implicit")], "unsupported_grant_type"),
            (&[("subject_token", "")], "invalid_request"),
            (&[("subject_token", "ZENPROKEY_wrong")], "invalid_request"),
            (&[("subject_token_type", "")], "invalid_request"),
            (&[("subject_token_type", "urn:ietf:params:oauth:token-type:id_token")], "invalid_request"),
            (&[("actor_token", "x")], "invalid_request"),
            (&[("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token")], "invalid_request"),
            (&[("audience", "")], "invalid_target"),
            (&[("audience", nowhere)], "invalid_target"),
            (&[("audience", "dev")], "invalid_target"),
            (&[("audience", &loud)], "invalid_target"),
            (&[("resource", "https://evil.test")], "invalid_target"),
            (&[("scope", "stack.fly")], "invalid_scope"),
            (&[("scope", &"stack.read ".repeat(300))], "invalid_scope"),
        ] {
            assert_eq!(failed(&place.exchange(changes).await), (400, error.to_owned()), "{changes:?}");
        }
        let good = [("grant_type", EXCHANGE), ("subject_token", &place.key), ("subject_token_type", ACCESS_TOKEN), ("audience", &place.workspace)];
        for (name, value) in good {
            let twice = [&good[..], &[(name, value)]].concat();
            assert_eq!(failed(&place.site.ask(post("/oauth/token", &twice)).await), (400, "invalid_request".to_owned()), "{name}");
        }
        let json = Ask::new("POST", "/oauth/token").json(r#"{"grant_type":"client_credentials"}"#);
        assert_eq!(failed(&place.site.ask(json).await), (415, "invalid_request".to_owned()));
        let bare = Ask::new("POST", "/oauth/token");
        assert_eq!(failed(&place.site.ask(bare).await), (415, "invalid_request".to_owned()));
        let broken = Ask::new("POST", "/oauth/introspect").form("token=%FF%FE");
        assert!(matches!(failed(&place.site.ask(broken).await).0, 400 | 401));
        let device = [("grant_type", DEVICE_CODE), ("client_id", nowhere), ("device_code", "x")];
        assert_eq!(failed(&place.site.ask(post("/oauth/token", &device)).await), (400, "invalid_grant".to_owned()));
        for path in ["/oauth/token", "/oauth/introspect", "/oauth/revoke"] {
            assert_eq!(place.site.ask(Ask::get(path)).await.status, 405, "{path}");
        }
    }

    async fn a_client_that_proves_nothing_is_refused(world: World) {
        let place = Place::new(world).await;
        let (admin, enrollment) = (place.cast.admin.id.to_string(), place.cast.enrollment_key.clone());
        let credentials = [("grant_type", "client_credentials"), ("audience", place.workspace.as_str())];
        for (id, secret) in [
            (place.client.as_str(), "wrong"), (&admin, &place.key), ("nobody", &place.key), (&place.client, &enrollment),
            (&place.workspace, &place.key), ("", &place.key), (&place.client, ""),
        ] {
            let ask = basic(post("/oauth/token", &credentials), id, secret);
            assert_eq!(failed(&place.site.ask(ask).await), (401, "invalid_client".to_owned()), "{id}");
            let ask = basic(post("/oauth/introspect", &[("token", "x")]), id, secret);
            assert_eq!(failed(&place.site.ask(ask).await), (401, "invalid_client".to_owned()), "{id}");
        }
        assert_eq!(failed(&place.site.ask(post("/oauth/token", &credentials)).await).1, "invalid_client");
        let both = [&credentials[..], &[("client_secret", &place.key)]].concat();
        let both = basic(post("/oauth/token", &both), &place.client, &place.key);
        assert_eq!(failed(&place.site.ask(both).await), (400, "invalid_request".to_owned()));
        // Another workspace learns nothing, and no session of a browser asks.
        let ask = post("/oauth/introspect", &[("token", &place.token().await)]).by(&place.cast.by_admin);
        assert!(matches!(place.site.ask(ask.header("sec-fetch-site", "same-origin")).await.status.as_u16(), 401 | 403));
        let foreign = post("/oauth/token", &credentials).by(&place.cast.by_admin).header("sec-fetch-site", "cross-site");
        assert_eq!(place.site.ask(foreign).await.status, 403);
    }

    async fn a_token_is_given_back_and_keys_are_not(world: World) {
        let place = Place::new(world).await;
        let token = place.token().await;
        for text in [token.as_str(), token.as_str(), "nonsense", "a.b.c", "rvkey_x"] {
            let answer = place.site.ask(post("/oauth/revoke", &[("token", text), ("token_type_hint", "odd")])).await;
            assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, ""), "{text}");
        }
        assert_eq!(place.introspect(&token).await, json!({ "active": false }));
        let answer = place.site.ask(post("/oauth/revoke", &[("token", &place.key)])).await;
        assert_eq!(failed(&answer), (400, "unsupported_token_type".to_owned()));
        for fields in [&[][..], &[("token", "")], &[("token", "x"), ("token", "y")]] {
            let answer = place.site.ask(post("/oauth/revoke", fields)).await;
            assert_eq!(failed(&answer), (400, "invalid_request".to_owned()), "{fields:?}");
        }
        assert!(place.token().await.len() > 100, "the key goes on");
    }

    async fn a_browser_goes_to_sign_in_and_back_and_never_to_an_address_that_is_not_known(world: World) {
        const BACK: &str = "https://ml.acme.test/callback";
        let place = Place::new(world).await;
        let control = &place.cast.world.control;
        let by = place.cast.world.cx(&place.cast.admin);
        let keys = control.authorize::<WorkspaceKeys>(&by, place.cast.workspace).await.unwrap();
        control.set_workspace_sign_in(&keys, BACK, "").await.unwrap();
        // The verifier and the challenge of RFC 7636, appendix B.
        let asked = [
            ("client_id", place.workspace.as_str()), ("redirect_uri", BACK), ("response_type", "code"), ("scope", "openid"),
            ("state", "s t"), ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), ("code_challenge_method", "S256"),
        ];
        let path = |fields: &[(&str, &str)]| format!("/oauth/authorize?{}", form(fields));
        let to = |answer: &Answer| {
            assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (303, "no-store"), "{}", answer.body);
            answer.header("location").to_owned()
        };

        let nobody = to(&place.site.ask(Ask::page(&path(&asked))).await);
        let next = serde_urlencoded::to_string([("next", path(&asked))]).unwrap();
        // The fields come in an order of their own.
        assert_eq!(nobody.len(), format!("/login?{next}").len(), "{nobody}");
        assert!(nobody.starts_with("/login?next=%2Foauth%2Fauthorize%3Fclient_id%3D"), "{nobody}");
        let by_form = to(&place.site.ask(post("/oauth/authorize", &asked)).await);
        assert!(by_form.starts_with("/oauth/authorize?client_id="), "{by_form}");
        let back = to(&place.site.ask(Ask::page(&path(&asked)).by(&place.cast.by_admin)).await);
        assert!(back.starts_with(&format!("{BACK}?code=rvauth_")) && back.contains("&state=s+t&iss="), "{back}");

        for (name, value) in [("redirect_uri", "https://evil.test/"), ("client_id", "x"), ("state", "twice")] {
            let mut wrong: Vec<_> = asked.iter().copied().filter(|(known, _)| *known != name || name == "state").collect();
            wrong.push((name, value));
            let page = place.site.ask(Ask::page(&path(&wrong)).by(&place.cast.by_admin)).await;
            assert_eq!((page.status.as_u16(), page.header("location")), (400, ""), "{name}: {}", page.body);
            assert!(page.header("content-type").starts_with("text/html") && page.body.contains("<h1>"), "{}", page.body);
        }

        let head = place.site.ask(Ask::new("HEAD", &path(&asked)).by(&place.cast.by_admin)).await;
        assert_eq!((head.status.as_u16(), head.header("allow")), (405, "GET, POST"));

        let code = back.split(['=', '&']).nth(1).unwrap();
        let shown = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", BACK),
            ("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
        ];
        for missing in ["code", "redirect_uri", "code_verifier"] {
            let less: Vec<_> = shown.iter().copied().filter(|(name, _)| *name != missing).collect();
            let answer = place.site.ask(basic(post("/oauth/token", &less), &place.workspace, &place.cast.enrollment_key)).await;
            assert_eq!(failed(&answer), (400, "invalid_request".to_owned()), "{missing}");
        }
        assert_eq!(failed(&place.site.ask(post("/oauth/token", &shown)).await), (401, "invalid_client".to_owned()));
        let ask = basic(post("/oauth/token", &shown), &place.workspace, &place.cast.enrollment_key);
        let answer = place.site.ask(ask).await;
        let tokens = said(&answer);
        assert_eq!((answer.status.as_u16(), &tokens["token_type"]), (200, &json!("Bearer")), "{tokens}");
        assert_eq!(tokens["id_token"].as_str().unwrap().split('.').count(), 3);
        let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        for method in ["GET", "POST"] {
            let answer = place.site.ask(Ask::new(method, "/oauth/userinfo").header("authorization", &bearer)).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            assert_eq!(said(&answer)["sub"], json!(place.cast.admin.id));
        }
        let wrong = place.site.ask(Ask::get("/oauth/userinfo").header("authorization", "Bearer rventry_x")).await;
        assert_eq!((wrong.status.as_u16(), said(&wrong)["error"].as_str()), (401, Some("invalid_token")));
        assert!(wrong.header("www-authenticate").contains("invalid_token"));
    }

    async fn what_there_is_is_discovered(world: World) {
        let place = Place::new(world).await;
        let token = place.token().await;
        let answer = place.site.ask(Ask::get("/.well-known/oauth-authorization-server")).await;
        assert_eq!(answer.status, 200);
        assert!(answer.header("content-type").starts_with("application/json"));
        let metadata = said(&answer);
        assert_eq!(said(&place.site.ask(Ask::get("/.well-known/openid-configuration")).await), metadata);
        let issuer = metadata["issuer"].as_str().unwrap();
        for name in ["token_endpoint", "introspection_endpoint", "revocation_endpoint", "device_authorization_endpoint"] {
            let path = metadata[name].as_str().unwrap().strip_prefix(issuer).unwrap();
            // There is something that takes a form.
            assert_ne!(place.site.ask(post(path, &[("x", "y")])).await.status, 404, "{name}");
        }
        let path = metadata["jwks_uri"].as_str().unwrap().strip_prefix(issuer).unwrap();
        let answer = place.site.ask(Ask::get(path)).await;
        assert_eq!(answer.header("cache-control"), "public, max-age=300");
        let keys = said(&answer)["keys"].clone();
        let keys = keys.as_array().unwrap();
        assert_eq!(keys.len(), 1);
        let mut names: Vec<&str> = keys[0].as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x"], "nothing of the private half");
        use base64::Engine as _;
        let head = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&head).unwrap()["kid"], keys[0]["kid"]);
    }
}

/// The processes go by the machine's clock: what is asked is what they did.
async fn rotated_from_the_command_line(engine: Engine, test: &str) {
    let Some(world) = World::with_settings(engine, process::settings()).await else {
        return testkit::postgres_is_missing(test);
    };
    let org = world.org("acme").await;
    let run = |more: &[&str]| -> Value {
        let output = reeve(&world, &["keys", "rotate-signing", "--json"]).args(more).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
    };
    let first = run(&[]);
    assert_eq!((&first["algorithm"], &first["waiting"]), (&json!("EdDSA"), &json!(false)));
    let next = run(&[]);
    assert_ne!(next["key"], first["key"]);
    let at = |key: &Value| key["signs_from"].as_i64().unwrap();
    assert!(at(&next) - at(&first) >= 3_600_000, "an hour later: {next}");
    let again = run(&[]);
    assert_eq!((&again["key"], &again["waiting"]), (&next["key"], &json!(true)));
    let at_once = run(&["--now"]);
    assert_ne!(at_once["key"], next["key"]);
    let log = world.audit(org).await;
    assert_eq!(log.iter().filter(|entry| *entry == "signing_key.rotated/success").count(), 3, "{log:?}");
}

#[tokio::test]
async fn signing_keys_are_rotated_from_the_command_line_on_sqlite() {
    rotated_from_the_command_line(Engine::Sqlite, "signing_keys_are_rotated").await;
}

#[tokio::test]
async fn signing_keys_are_rotated_from_the_command_line_on_postgres() {
    rotated_from_the_command_line(Engine::Postgres, "signing_keys_are_rotated").await;
}
