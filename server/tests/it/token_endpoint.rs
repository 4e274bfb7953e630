//! The token endpoint and what clients read, over HTTP, to the letter ZenML expects.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use control::api_keys::NewApiKey;
use control::authz::WorkspaceEnroll;
use control::devices::Approval;
use control::workspaces::NewWorkspace;
use control::zenml::Report;
use model::workspace::EnrollmentSecret;
use model::{OrgId, OrgRole};
use serde_json::{Value, json};
use server::http::{AppState, router};
use testkit::{Person, World, both_engines};
use tower::ServiceExt as _;

const LOGIN: &str = "/api/v1/auth/login";
const DEVICE: &str = "/api/v1/auth/device_authorization";
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const CLIENT: &str = "5c9c1f2e-0000-4000-8000-000000000001";

/// A client of the whole router.
struct Client(Router);

/// What came back.
struct Answer {
    status: StatusCode,
    cache: String,
    body: Value,
}

impl Client {
    fn new(world: &World) -> Self {
        Self(router(AppState::new(world.control.clone())))
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.0.clone().oneshot(request).await.unwrap();
        let cache = response.headers().get(header::CACHE_CONTROL).map(|v| v.to_str().unwrap().to_owned());
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| {
            panic!("{status}: not JSON: {}", String::from_utf8_lossy(&bytes));
        });
        Answer { status, cache: cache.unwrap_or_default(), body }
    }

    /// Posts a form with a header that must not matter.
    async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::AUTHORIZATION, "Bearer something-old")
            .header(header::USER_AGENT, "Host/laptop ZenML/0.98.0 Python/3.13.1 OS/linux")
            .body(Body::from(serde_urlencoded::to_string(fields).unwrap()));
        self.send(request.unwrap()).await
    }

    async fn get(&self, path: &str, token: &str) -> Answer {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn poll(&self, device_code: &str) -> Answer {
        let fields = [("grant_type", DEVICE_CODE), ("client_id", CLIENT), ("device_code", device_code)];
        self.form(LOGIN, &fields).await
    }
}

async fn key(world: &World, person: &Person) -> String {
    let me = world.control.my_keys(&world.cx(person)).await.unwrap();
    world.control.create_api_key(&me, &NewApiKey::parse("ci", "never", "").unwrap()).await.unwrap().secret
}

async fn enrolled(world: &World, org: OrgId, admin: &Person, name: &str) -> EnrollmentSecret {
    let auth = world.control.authorize::<WorkspaceEnroll>(&world.cx(admin), org).await.unwrap();
    world.control.enroll_workspace(&auth, &NewWorkspace::parse(name, "", "").unwrap()).await.unwrap()
}

/// Has the server of a workspace report itself.
async fn reported(world: &World, enrolled: &EnrollmentSecret, url: &str) {
    let client = Client::new(world);
    let token = client.form(LOGIN, &server_form(enrolled)).await.body["access_token"].clone();
    let now = world.control.now();
    let actor = world
        .control
        .resolve_bearer(token.as_str().unwrap(), &control::Origin::default(), now)
        .await
        .unwrap()
        .unwrap();
    let auth = world.control.as_workspace(&world.anonymous().with_actor(actor)).await.unwrap();
    let report = Report { url: Some(url.to_owned()), version: Some("0.98.0".to_owned()) };
    world.control.report_workspace(&auth, &report).await.unwrap();
}

fn server_form(enrolled: &EnrollmentSecret) -> Vec<(&str, &str)> {
    // Leaked on purpose: a test's form borrows the id for as long as it likes.
    let id: &'static str = Box::leak(enrolled.workspace.to_string().into_boxed_str());
    vec![
        ("grant_type", "client_credentials"),
        ("client_id", id),
        ("client_secret", enrolled.key.as_str()),
        ("audience", "http://localhost:8580/api/v1"),
    ]
}

both_engines! {
    async fn a_command_line_of_reeve_asks_to_administer_and_is_for_server_functions_alone(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Admin).await;
        let dev = enrolled(&world, org, &alice, "dev").await;
        let client = Client::new(&world);
        for scope in ["reeve:everything", "reeve:admin reeve:admin", "REEVE:ADMIN"] {
            let refused = client.form(DEVICE, &[("client_id", CLIENT), ("scope", scope)]).await;
            assert_eq!((refused.status, &refused.body["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_scope")));
        }
        let twice = [("client_id", CLIENT), ("scope", "reeve:admin"), ("scope", "reeve:admin")];
        assert_eq!(client.form(DEVICE, &twice).await.status, StatusCode::BAD_REQUEST);

        let start = client.form(DEVICE, &[("client_id", CLIENT), ("scope", "reeve:admin")]).await;
        let mine = world.control.my_command_lines(&world.cx(&alice)).await.unwrap();
        let code = start.body["user_code"].as_str().unwrap();
        world.control.approve_command_line(&mine, code).await.unwrap();
        let issued = client.poll(start.body["device_code"].as_str().unwrap()).await.body;
        let token = issued["access_token"].as_str().unwrap();
        assert!(token.starts_with("rvcli_"), "{token:.10}");
        assert_eq!((&issued["expires_in"], &issued["device_metadata"]), (&json!(43_200), &Value::Null));

        let me = Request::post("/api/fn/sessions/me")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::empty());
        assert_eq!(client.send(me.unwrap()).await.body["email"], json!("alice@acme.test"));
        // What a ZenML client, an administrator's script and a workspace's server would show it to.
        let authorize = format!("/api/v1/users/authorize_server?server_id={}", dev.workspace);
        for path in ["/api/v1/users/me", "/api/v1/organizations", "/api/v1/workspaces", authorize.as_str()] {
            assert_eq!(client.get(path, token).await.status, StatusCode::UNAUTHORIZED, "{path}");
        }
    }

    async fn a_device_signs_in_by_polling(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Admin).await;
        let dev = enrolled(&world, org, &alice, "dev").await;
        let client = Client::new(&world);
        let start = client.form(DEVICE, &[("client_id", CLIENT)]).await;
        assert_eq!((start.status, start.cache.as_str()), (StatusCode::OK, "no-store"));
        assert_eq!((&start.body["expires_in"], &start.body["interval"]), (&json!(600), &json!(5)));
        let code = start.body["user_code"].as_str().unwrap();
        let complete = start.body["verification_uri_complete"].as_str().unwrap();
        assert!(complete.starts_with("http://localhost:8580/devices/verify?device_id=") && complete.ends_with(&format!("&user_code={code}")));
        let device_code = start.body["device_code"].as_str().unwrap();

        let pending = client.poll(device_code).await;
        assert_eq!(pending.status, StatusCode::BAD_REQUEST);
        assert_eq!(pending.body["error"], "authorization_pending");
        assert!(pending.body.as_object().unwrap().keys().all(|k| k == "error" || k == "error_description"));
        assert_eq!(client.poll(device_code).await.body["error"], "slow_down");

        let me = world.control.myself(&world.cx(&alice)).await.unwrap();
        let shown = world.control.device_request(&me, code, None).await.unwrap();
        assert_eq!((shown.hostname.as_str(), shown.client_version.as_str()), ("laptop", "0.98.0"));
        let approval = Approval { user_code: code, workspace: Some(dev.workspace), hint: None, trusted: true };
        world.control.approve_device(&me, &approval).await.unwrap();

        let issued = client.poll(device_code).await;
        assert_eq!((issued.status, issued.cache.as_str()), (StatusCode::OK, "no-store"));
        assert_eq!(issued.body["token_type"], "bearer");
        assert_eq!(issued.body["expires_in"], json!(30 * 24 * 3600));
        assert_eq!(issued.body["device_metadata"], json!({ "tenant_id": dev.workspace.to_string() }));
        assert!(uuid::Uuid::parse_str(issued.body["device_id"].as_str().unwrap()).is_ok());
        let token = issued.body["access_token"].as_str().unwrap();
        assert_eq!(client.get("/api/v1/users/me", token).await.body["username"], "alice");
        let reused = client.poll(device_code).await;
        assert_eq!((reused.status, &reused.body["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_grant")));
    }

    async fn a_key_is_exchanged_in_every_spelling_and_used_as_it_is(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Member).await;
        let key = key(&world, &alice).await;
        let client = Client::new(&world);
        for form in [
            vec![("password", key.as_str())],
            vec![("grant_type", ""), ("password", key.as_str()), ("username", ""), ("client_id", "")],
            vec![("grant_type", "zenml_api_key"), ("password", key.as_str()), ("scope", "x"), ("new_field", "y")],
        ] {
            let issued = client.form(LOGIN, &form).await;
            assert_eq!(issued.status, StatusCode::OK, "{}", issued.body);
            assert_eq!(issued.body["expires_in"], json!(3600));
            let token = issued.body["access_token"].as_str().unwrap();
            assert_eq!(client.get("/api/v1/users/me", token).await.body["id"], json!(alice.id));
        }
        let me = client.get("/api/v1/users/me", &key).await;
        assert_eq!((&me.body["id"], &me.body["is_superuser"]), (&json!(alice.id), &json!(false)));
    }

    async fn what_is_wrong_is_refused_in_the_words_of_its_grant(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Admin).await;
        let key = key(&world, &alice).await;
        let dev = enrolled(&world, org, &alice, "dev").await;
        let id = dev.workspace.to_string();
        let client = Client::new(&world);
        let (id, secret) = (id.as_str(), dev.key.as_str());
        let a = ("audience", "x");
        for (status, form) in [
            (401, vec![("password", "ZENPROKEY_wrong")]),
            (401, vec![("password", secret)]),
            (401, vec![("username", "admin"), ("password", "admin")]),
            (401, vec![("username", "alice"), ("password", key.as_str())]),
            (422, vec![]),
            (422, vec![("password", key.as_str()), ("password", key.as_str())]),
            (400, vec![("grant_type", "refresh_token"), ("refresh_token", "x")]),
            (401, vec![("client_id", id), ("client_secret", "wrong"), a]),
            (401, vec![("client_id", id), ("client_secret", key.as_str()), a]),
            (401, vec![("client_id", CLIENT), ("client_secret", secret), a]),
            (401, vec![("client_id", "dev"), ("client_secret", secret), a]),
            (422, vec![("client_id", id), ("client_secret", secret)]),
            (422, vec![("grant_type", "client_credentials"), ("client_id", id), a]),
        ] {
            let refused = client.form(LOGIN, &form).await;
            assert_eq!(refused.status.as_u16(), status, "{form:?}: {}", refused.body);
            assert!(refused.body["detail"].as_str().is_some_and(|text| !text.is_empty()));
            assert_eq!(refused.cache, "no-store");
        }
        for (error, form) in [
            ("invalid_request", vec![("grant_type", DEVICE_CODE)]),
            ("invalid_request", vec![("grant_type", DEVICE_CODE), ("client_id", CLIENT), ("device_code", "a"), ("device_code", "b")]),
            ("invalid_client", vec![("grant_type", DEVICE_CODE), ("client_id", "me"), ("device_code", "a")]),
            ("invalid_grant", vec![("grant_type", DEVICE_CODE), ("client_id", CLIENT), ("device_code", "a")]),
        ] {
            let refused = client.form(LOGIN, &form).await;
            assert_eq!((refused.status, &refused.body["error"]), (StatusCode::BAD_REQUEST, &json!(error)));
            assert_eq!(refused.body.get("detail"), None);
        }
        for (path, kind, body, status) in [
            (LOGIN, "application/json", "{}", 415),
            (LOGIN, "multipart/form-data; boundary=x", "--x--", 415),
            (DEVICE, "text/plain", "client_id=x", 415),
            (DEVICE, "application/x-www-form-urlencoded", "client_id=x", 422),
            (DEVICE, "application/x-www-form-urlencoded; charset=utf-8", "", 422),
        ] {
            let request = Request::post(path).header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap();
            let refused = client.send(request).await;
            assert_eq!(refused.status.as_u16(), status, "{kind} {body}");
            assert!(refused.body["detail"].is_string());
        }
    }

    async fn a_client_finds_its_workspaces(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let other = world.org("other").await;
        let eve = world.member(other, "eve", OrgRole::Admin).await;
        let dev = enrolled(&world, org, &alice, "dev").await;
        enrolled(&world, org, &alice, "prod").await;
        enrolled(&world, other, &eve, "foreign").await;
        reported(&world, &dev, "http://localhost:8581").await;
        let client = Client::new(&world);
        let (hers, his) = (key(&world, &alice).await, key(&world, &bob).await);
        let names = async |query: &str, token: &str| -> Vec<String> {
            let found = client.get(&format!("/api/v1/workspaces{query}"), token).await;
            assert_eq!(found.status, StatusCode::OK, "{query}: {}", found.body);
            found.body.as_array().unwrap().iter().map(|w| w["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names("", &hers).await, ["dev", "prod"]);
        for (query, expected) in [
            ("?workspace_name=dev&member_only=True&offset=0&limit=20", vec!["dev"]),
            ("?workspace_name=foreign&member_only=False", vec![]),
            ("?url=HTTP://LOCALHOST:8581/&member_only=True", vec!["dev"]),
            ("?url=http://localhost:8582", vec![]),
            ("?url=nonsense", vec![]),
            ("?status=pending", vec!["prod"]),
            ("?status=failed", vec![]),
            ("?offset=1&limit=1", vec!["prod"]),
            (&format!("?organization_id={other}"), vec![]),
        ] {
            assert_eq!(names(query, &hers).await, expected, "{query}");
        }
        assert!(names("?member_only=True", &his).await.is_empty());
        for query in ["?limit=0", "?limit=-1", "?limit=x", "?organization_id=x", "?member_only=perhaps", "?limit=1&limit=2"] {
            let refused = client.get(&format!("/api/v1/workspaces{query}"), &hers).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        }

        let running = client.get(&format!("/api/v1/workspaces/{}", dev.workspace), &hers).await.body;
        assert_eq!(running["status"], "available");
        assert_eq!(running["zenml_service"]["status"], json!({ "server_url": "http://localhost:8581", "version": "0.98.0" }));
        assert_eq!(running["zenml_service"]["configuration"], json!({ "version": "0.98.0" }));
        assert_eq!(running["organization"]["id"], json!(org));
        assert!(["id", "name", "desired_state", "state_reason"].iter().all(|field| running[field].is_string()));
        assert!(["created", "updated"].iter().all(|field| running["organization"][field].is_string()));
        let waiting = client.get("/api/v1/workspaces/prod", &hers).await.body;
        assert_eq!((&waiting["status"], &waiting["zenml_service"]), (&json!("pending"), &json!({ "configuration": null, "status": null })));

        for path in ["/api/v1/workspaces/dev", &format!("/api/v1/workspaces/{}", dev.workspace), "/api/v1/workspaces/nosuch", "/api/v1/organizations/other"] {
            let refused = client.get(path, &his).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{path}");
            assert!(refused.body["detail"].is_string());
        }
        let orgs = client.get("/api/v1/organizations", &his).await.body;
        assert_eq!((orgs.as_array().unwrap().len(), &orgs[0]["name"]), (1, &json!("acme")));
        for name in ["acme".to_owned(), org.to_string()] {
            assert_eq!(client.get(&format!("/api/v1/organizations/{name}"), &his).await.body["id"], json!(org));
        }
    }

    async fn without_a_living_token_nothing_is_read(world: World) {
        let org = world.org("acme").await;
        let alice = world.member(org, "alice", OrgRole::Admin).await;
        let dev = enrolled(&world, org, &alice, "dev").await;
        let client = Client::new(&world);
        let server = client.form(LOGIN, &server_form(&dev)).await.body;
        assert_eq!(server["expires_in"], json!(3600));
        let me = world.control.my_keys(&world.cx(&alice)).await.unwrap();
        let revoked = world.control.create_api_key(&me, &NewApiKey::parse("old", "30", "").unwrap()).await.unwrap();
        world.control.revoke_api_key(&me, revoked.id).await.unwrap();
        for token in ["", "x", &revoked.secret, dev.key.as_str(), server["access_token"].as_str().unwrap()] {
            for path in ["workspaces", "organizations", "users/me"] {
                let refused = client.get(&format!("/api/v1/{path}"), token).await;
                assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{path}");
                assert!(refused.body["detail"].is_string());
            }
        }
        for path in ["health", "server/info", "auth/connections"] {
            let open = Request::builder().method(Method::GET).uri(format!("/api/v1/{path}"));
            assert_eq!(client.send(open.body(Body::empty()).unwrap()).await.status, StatusCode::OK);
        }
    }
}
