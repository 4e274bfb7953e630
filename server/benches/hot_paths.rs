//! The two paths whose time an organization feels: the members page of a large one, and permission checks under load.
//! Run by `make bench`; prints what it measured beside the goal. Not a test: nothing here fails for being slow.

use axum::body::Body;
use http::{Request, header};
use http_body_util::BodyExt;
use model::OrgRole;
use server::http::{AppState, router};
use std::future::IntoFuture;
use std::time::{Duration, Instant};
use testkit::{Engine, World};
use tower::ServiceExt;

const MEMBERS: usize = 100_000;
const PAGES: usize = 200;
const CHECKS_PER_SECOND: u32 = 200;
const SECONDS: u32 = 10;
const IDS_PER_CHECK: usize = 1_000;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        for (engine, name) in [(Engine::Sqlite, "SQLite"), (Engine::Postgres, "PostgreSQL")] {
            let Some(world) = World::new(engine).await else {
                println!("{name}: not measured, TEST_POSTGRES_URL is not set");
                continue;
            };
            members_page(&world, name).await;
            permission_checks(&world, name).await;
        }
    });
}

/// Renders the first page of the members list of an organization with a hundred thousand members.
async fn members_page(world: &World, engine: &str) {
    let org = world.org("large").await;
    let admin = world.member(org, "admin", OrgRole::Admin).await;
    world.crowd(org, MEMBERS).await;
    let cookie = format!("reeve_session={}", world.session(&admin).await.expose());
    let app = router(AppState::new(world.control.clone()));
    for (what, path) in [
        ("members page", format!("/organizations/{org}/members")),
        ("members page, search", format!("/organizations/{org}/members?search=person-77")),
    ] {
        let mut times = Vec::with_capacity(PAGES);
        for _ in 0..PAGES {
            let request =
                Request::get(&path).header(header::COOKIE, &cookie).body(Body::empty()).expect("a request");
            let began = Instant::now();
            let response = app.clone().oneshot(request).await.expect("an answer");
            let status = response.status();
            let body = response.into_body().collect().await.expect("a page").to_bytes();
            times.push(began.elapsed());
            assert!(
                status.is_success() && body.len() > 5_000,
                "{path} answered {status} with {} bytes",
                body.len()
            );
        }
        report(
            &format!("{what}, {MEMBERS} members, {engine}: p50 / p95"),
            &mut times,
            0.95,
            "p95 under 50 ms",
        );
    }
}

/// Asks for a thousand decisions two hundred times a second, over a real connection, as a workspace's server does.
async fn permission_checks(world: &World, engine: &str) {
    let org = world.org("acme").await;
    let admin = world.member(org, "alice", OrgRole::Admin).await;
    let viewer = world.member(org, "victor", OrgRole::Member).await;
    let cx = world.cx(&admin);
    let enroll =
        world.control.authorize::<control::authz::WorkspaceEnroll>(&cx, org).await.expect("the right");
    let new = control::workspaces::NewWorkspace::parse("dev", "Dev", "").expect("a name");
    let made = world.control.enroll_workspace(&enroll, &new).await.expect("a workspace");
    let grant =
        world.control.authorize::<control::authz::GrantManage>(&cx, made.workspace).await.expect("the right");
    world.control.set_grant(&grant, viewer.id, model::WorkspaceRole::Viewer).await.expect("a role");

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}/api/v1", listener.local_addr().expect("an address"));
    let app = router(AppState::new(world.control.clone()));
    let service = app.into_make_service_with_connect_info::<std::net::SocketAddr>();
    let server = tokio::spawn(axum::serve(listener, service).into_future());

    let client = reqwest::Client::new();
    let token: serde_json::Value = client
        .post(format!("{base}/auth/login"))
        .form(&[
            ("grant_type", "client_credentials"),
            ("client_id", &made.workspace.to_string()),
            ("client_secret", &made.key),
            ("audience", "reeve"),
        ])
        .send()
        .await
        .expect("the token endpoint")
        .json()
        .await
        .expect("a token");
    let token = token["access_token"].as_str().expect("a token").to_owned();
    let resources: Vec<String> =
        (0..IDS_PER_CHECK).map(|_| format!("stack/{}", world.id::<model::TokenId>())).collect();
    let url = format!("{base}/rbac/check_permissions?user_id={}&action=read", viewer.id);
    let body = serde_json::to_string(&resources).expect("a body");

    let mut ticks = tokio::time::interval(Duration::from_secs(1) / CHECKS_PER_SECOND);
    let mut running = Vec::new();
    for _ in 0..CHECKS_PER_SECOND * SECONDS {
        ticks.tick().await;
        let request = client
            .post(&url)
            .bearer_auth(&token)
            .header("content-type", "application/json")
            .body(body.clone());
        running.push(tokio::spawn(async move {
            let began = Instant::now();
            let response = request.send().await.expect("an answer");
            let status = response.status();
            let answer = response.bytes().await.expect("decisions");
            assert!(status.is_success() && answer.len() > IDS_PER_CHECK * 40, "{status}");
            began.elapsed()
        }));
    }
    let mut times = Vec::with_capacity(running.len());
    for one in running {
        times.push(one.await.expect("a finished request"));
    }
    server.abort();
    let what = format!("check_permissions, {IDS_PER_CHECK} ids, {CHECKS_PER_SECOND}/s, {engine}: p50 / p99");
    report(&what, &mut times, 0.99, "p99 under 5 ms");
}

fn report(what: &str, times: &mut [Duration], quantile: f64, goal: &str) {
    times.sort_unstable();
    let at = |q: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a rank within a short list"
        )]
        let rank = ((times.len() - 1) as f64 * q).round() as usize;
        times[rank].as_secs_f64() * 1000.0
    };
    println!("{what:<66} {:>7.2} / {:>7.2} ms   {goal}", at(0.5), at(quantile));
}
