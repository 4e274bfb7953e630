//! What a ZenML server asks over HTTP, and a workspace's way through the dashboard without JavaScript.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use control::api_keys::NewApiKey;
use control::setup::NewInstallation;
use control::{Actor, Open};
use model::{OrgId, OrgRole};
use serde_json::{Value, json};
use server::http::{AppState, router};
use testkit::{Person, World, both_engines};
use tower::ServiceExt as _;
use uuid::Uuid;

const API: &str = "/api/v1";

struct Client(Router);

struct Answer {
    status: StatusCode,
    location: String,
    cookies: Vec<String>,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|_| panic!("{}: not JSON: {}", self.status, self.text))
    }
    fn is(&self, status: u16, body: &Value) -> bool {
        self.status.as_u16() == status && self.json() == *body
    }
}

impl Client {
    fn new(world: &World) -> Self {
        Self(router(AppState::new(world.control.clone())))
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.0.clone().oneshot(request).await.unwrap();
        let texts = |name| {
            let found = response.headers().get_all(name).into_iter();
            found.map(|v| v.to_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let location = texts(header::LOCATION).pop().unwrap_or_default();
        let cookies = texts(header::SET_COOKIE);
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 8 << 20).await.unwrap();
        Answer { status, location, cookies, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    /// A call by a program.
    async fn call(&self, method: Method, path: &str, token: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{API}{path}"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header("zenml-server-url", "http://localhost:8581/")
            .header("zenml-server-version", "0.98.0");
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        self.send(request.body(body.map_or_else(Body::empty, |v| Body::from(v.to_string()))).unwrap()).await
    }

    /// A server's first call.
    async fn sign_in(&self, workspace: &Value) -> String {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", workspace["id"].as_str().unwrap()),
            ("client_secret", workspace["enrollment_key"].as_str().unwrap()),
            ("audience", "http://localhost:8580/api/v1"),
        ];
        let request = Request::post(format!("{API}/auth/login"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(serde_urlencoded::to_string(form).unwrap()));
        self.send(request.unwrap()).await.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// A page, or a form, as a browser without JavaScript asks for it.
    async fn browse(&self, path: &str, cookies: &str, form: Option<&[(&str, &str)]>) -> Answer {
        let method = if form.is_some() { Method::POST } else { Method::GET };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ACCEPT, "text/html,application/xhtml+xml")
            .header(header::COOKIE, cookies)
            .header(header::REFERER, "http://localhost:8580/")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let body =
            form.map_or_else(Body::empty, |form| Body::from(serde_urlencoded::to_string(form).unwrap()));
        self.send(request.body(body).unwrap()).await
    }
}

async fn key(world: &World, person: &Person) -> String {
    let me = world.control.my_keys(&world.cx(person)).await.unwrap();
    world.control.create_api_key(&me, &NewApiKey::parse("ci", "never", "").unwrap()).await.unwrap().secret
}

both_engines! {
    async fn an_enrolled_server_is_served_to_the_letter(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let (client, pat) = (Client::new(&world), key(&world, &owner).await);
        let dev = client.call(Method::POST, "/workspaces?enroll=True&name=dev", &pat, None).await.json();
        assert_eq!((dev["status"].as_str(), dev["organization"]["name"].as_str()), (Some("pending"), Some("acme")));
        let body = json!({ "name": "prod", "organization_id": org, "enroll": true });
        let prod = client.call(Method::POST, "/workspaces", &pat, Some(body.clone())).await.json();
        let taken = client.call(Method::POST, "/workspaces", &pat, Some(body)).await;
        assert!(taken.is(409, &json!({ "detail": "name: This identifier is taken. Choose another one." })), "{}", taken.text);
        let token = client.sign_in(&dev).await;
        for path in ["/workspace_status", "/tenant_status"] {
            assert!(client.call(Method::PATCH, path, &token, None).await.is(200, &Value::Null));
        }
        let id = dev["id"].as_str().unwrap();
        let shown = client.call(Method::GET, &format!("/workspaces/{id}"), &pat, None).await.json();
        assert_eq!(shown["status"], "available");
        assert_eq!(shown["zenml_service"]["status"], json!({ "server_url": "http://localhost:8581", "version": "0.98.0" }));

        let enter = format!("/users/authorize_server?server_id={id}");
        let entered = client.call(Method::GET, &enter, &pat, None).await;
        assert_eq!(entered.json(), json!({
            "id": owner.id, "username": "olivia", "email": "olivia@acme.test", "name": "olivia", "is_superuser": false,
            "is_service_account": false, "avatar_url": null, "oidc_claims": null,
        }));
        let check = format!("/rbac/check_permissions?user_id={}&action=read", owner.id);
        let asked = json!(["stack", "nope/", "stack"]);
        assert!(client.call(Method::POST, &check, &token, Some(asked)).await.is(200, &json!({ "stack": true, "nope/": false })));
        let old = format!("{check}&resources=stack&resources=secret");
        assert!(client.call(Method::GET, &old, &token, None).await.is(200, &json!({ "stack": true, "secret": true })));
        let many: Vec<String> = (0..10_000_u128)
            .map(|n| format!("{}:pipeline_run/{}", Uuid::from_u128(7), Uuid::from_u128(n))).collect();
        let answers = client.call(Method::POST, &check, &token, Some(json!(many))).await.json();
        assert_eq!(answers.as_object().unwrap().len(), 10_000);
        let allowed = format!("/rbac/allowed_resource_ids?user_id={}&resource=stack&action=read", owner.id);
        assert!(client.call(Method::GET, &allowed, &token, None).await.is(200, &json!({ "full_access": true, "ids": [] })));
        let own = format!("/organizations/{org}/entitlement/pipeline");
        assert!(client.call(Method::GET, &own, &token, None).await.is(200, &Value::Null));
        let other = format!("/organizations/{}/entitlement/pipeline", world.id::<OrgId>());
        assert_eq!(client.call(Method::GET, &other, &token, None).await.status, StatusCode::FORBIDDEN);
        // Whatever comes: it exists already.
        for event in [json!({}), json!([1]), json!({ "feature": "pipeline" })] {
            assert!(client.call(Method::POST, "/usage-event", &token, Some(event)).await.is(200, &Value::Null));
        }
        let gone = format!("/rbac/resources?resources=stack/{}&resources=x", Uuid::from_u128(1));
        assert!(client.call(Method::DELETE, &gone, &token, None).await.is(200, &Value::Null));
        let share = json!({ "user_id": null, "team_id": null, "sharing_user_id": owner.id, "resource": "stack", "actions": [] });
        assert_eq!(client.call(Method::POST, "/rbac/resource_members", &token, Some(share)).await.status, StatusCode::UNPROCESSABLE_ENTITY);

        // A key that was taken back takes its tokens with it, and its neighbour's go on.
        let neighbour = client.sign_in(&prod).await;
        let auth = world.control.authorize::<control::authz::WorkspaceKeys>(&world.cx(&owner), id.parse().unwrap()).await.unwrap();
        let read = world.control.workspace_named(&world.cx(&owner), "dev").await.unwrap();
        let keys = world.control.workspace(&read).await.unwrap().keys;
        world.control.revoke_enrollment_key(&auth, keys[0].id).await.unwrap();
        assert_eq!(client.call(Method::PATCH, "/workspace_status", &token, None).await.status, StatusCode::UNAUTHORIZED);
        assert!(client.call(Method::PATCH, "/workspace_status", &neighbour, None).await.is(200, &Value::Null));
    }

    async fn whoever_is_not_a_server_learns_nothing(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let (client, pat) = (Client::new(&world), key(&world, &owner).await);
        let dev = client.call(Method::POST, "/workspaces?enroll=true&name=dev", &pat, None).await.json();
        let token = client.sign_in(&dev).await;
        let calls = [
            (Method::PATCH, "/workspace_status".to_owned()),
            (Method::POST, "/rbac/check_permissions?user_id=x&action=read".to_owned()),
            (Method::GET, "/rbac/check_permissions?user_id=x&action=read".to_owned()),
            (Method::GET, "/rbac/allowed_resource_ids?user_id=x&action=read&resource=stack".to_owned()),
            (Method::POST, "/rbac/resource_members".to_owned()),
            (Method::DELETE, "/rbac/resources?resources=x".to_owned()),
            (Method::GET, format!("/organizations/{org}/entitlement/pipeline")),
            (Method::POST, "/usage-event".to_owned()),
        ];
        for (method, path) in calls {
            for (wrong, status) in [("", 401), ("rvworkspace_x", 401), (pat.as_str(), 403)] {
                let answer = client.call(method.clone(), &path, wrong, None).await;
                assert_eq!(answer.status.as_u16(), status, "{method} {path}");
                assert!(answer.json()["detail"].is_string());
            }
        }
        // A server does not enrol, nor enter as if it were a person.
        for path in [format!("/users/authorize_server?server_id={}", dev["id"].as_str().unwrap())] {
            let answer = client.call(Method::GET, &path, &token, None).await;
            assert!(answer.status.is_client_error(), "{}", answer.text);
        }
        let answer = client.call(Method::POST, "/workspaces?enroll=true&name=x", &token, None).await;
        assert!(answer.status.is_client_error(), "{}", answer.text);
    }

    async fn a_workspace_is_enrolled_and_shown_without_javascript(world: World) {
        let cx = world.anonymous();
        let url = world.control.create_setup_link(&cx).await.unwrap().unwrap();
        let new = NewInstallation::parse("Acme", "Olivia", "olivia@acme.test").unwrap();
        let open = Open::because(&cx, "test");
        let begun = world.control.set_up(&open, url.rsplit('/').next().unwrap(), &new).await.unwrap();
        let org = begun.next.rsplit('/').next().unwrap().to_owned();
        let session = format!("reeve_session={}", begun.secret.expose());
        let client = Client::new(&world);

        let list = client.browse(&format!("/organizations/{org}/workspaces"), &session, None).await;
        assert!(list.status.is_success() && list.text.contains("Enrol the first workspace"));
        let form = [("org", org.as_str()), ("name", "dev"), ("display_name", "<b>Dev</b>")];
        let made = client.browse("/api/fn/workspaces/enroll", &session, Some(&form)).await;
        assert_eq!((made.status, made.location.as_str()), (StatusCode::FOUND, "/workspaces/dev#keys"));
        let kept = made.cookies.iter().find(|c| !c.starts_with("reeve_session")).unwrap();
        assert!(!kept.contains("rvenroll_") && kept.contains("HttpOnly"));
        let both = format!("{session}; {}", kept.split(';').next().unwrap());
        let page = client.browse("/workspaces/dev", &both, None).await;
        let at = page.text.find("rvenroll_").expect("the key is shown once");
        let secret = &page.text[at..at + "rvenroll_".len() + 49];
        let actor = world.control.resolve_session(begun.secret.expose(), cx.now()).await.unwrap().unwrap();
        let id = world.control.workspace_named(&cx.with_actor(actor), "dev").await.unwrap().scope();
        assert!(!client.sign_in(&json!({ "id": id, "enrollment_key": secret })).await.is_empty());
        assert!(page.text.contains("ZENML_SERVER_PRO_WORKSPACE_NAME=dev") && page.text.contains("docker run"));
        assert!(page.text.contains("<title>&lt;b&gt;Dev&lt;/b&gt; · Reeve</title>"));
        assert!(!page.text.contains("<b>Dev</b>"), "a name is text, never markup");
        assert!(page.cookies.iter().any(|c| c.contains("Max-Age=0")), "shown once");
        let again = client.browse("/workspaces/dev", &session, None).await;
        assert!(again.status.is_success() && !again.text.contains("rvenroll_"));
        for what in ["zenml login dev --pro-api-url http://localhost:8580/api/v1", "Never reported", "Rotate key", "Give role", "Delete workspace"] {
            assert!(again.text.contains(what), "{what}");
        }
        let below = client.browse("/workspaces/dev/projects/x/runs/y", &session, None).await;
        assert!(below.status.is_success() && below.text.contains("zenml login dev"));
        let missing = client.browse("/workspaces/nosuch", &session, None).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
        let stranger = world.person("stranger").await;
        let actor = Actor::User { user: stranger.id, name: "stranger".into(), session: world.id(), authenticated_at: world.control.now() };
        let error = world.control.workspace_named(&cx.with_actor(actor), "dev").await.unwrap_err();
        assert_eq!(error.code(), model::ErrorCode::NotFound);
    }
}
