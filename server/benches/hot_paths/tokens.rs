//! Keys that become tokens for a workspace, workspaces that ask whether tokens are good, and programs that ask who they
//! are: each as fast as this machine goes, over real connections.

use super::asking::{Enrolled, enrol};
use super::report;
use control::api_keys::NewApiKey;
use reqwest::RequestBuilder;
use server::http::{AppState, router};
use std::future::IntoFuture;
use std::time::{Duration, Instant};
use testkit::World;

/// Requests that are under way at any time.
const AT_ONCE: usize = 32;
const SECONDS: u64 = 5;

/// Measures all three. The client takes its part of the same cores.
pub(crate) async fn service(world: &World, engine: &str) {
    let org = world.org("tokens").await;
    let Enrolled { admin, workspace } = enrol(world, org, "theo").await;
    let me = world.control.my_keys(&world.cx(&admin)).await.expect("the right");
    let new = NewApiKey::parse("bench", "30", "").expect("a key");
    let key = world.control.create_api_key(&me, &new).await.expect("a key").secret;

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let app = router(AppState::new(world.control.clone()));
    let service = app.into_make_service_with_connect_info::<std::net::SocketAddr>();
    let server = tokio::spawn(axum::serve(listener, service).into_future());
    let client = reqwest::Client::new();

    let id = workspace.workspace.to_string();
    let exchange = client.post(format!("{base}/oauth/token")).form(&[
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("subject_token", &key),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ("audience", &id),
    ]);
    measure("key to workspace token", engine, &exchange, "issued_token_type", "3000/s").await;

    let answer = again(&exchange).send().await.expect("an answer");
    let token: serde_json::Value = answer.json().await.expect("a token");
    let token = token["access_token"].as_str().expect("a token");
    let introspect = client
        .post(format!("{base}/oauth/introspect"))
        .basic_auth(&id, Some(&workspace.key))
        .form(&[("token", token)]);
    measure("introspection", engine, &introspect, "\"active\":true", "").await;

    let me = client.get(format!("{base}/api/v1/users/me")).bearer_auth(&key);
    measure("GET /api/v1/users/me", engine, &me, "theo", "10000/s").await;
    server.abort();
}

fn again(request: &RequestBuilder) -> RequestBuilder {
    request.try_clone().expect("a request that can be sent again")
}

/// Sends the same request again and again, from several hands; each answer has to hold `needle`.
async fn measure(what: &str, engine: &str, request: &RequestBuilder, needle: &'static str, goal: &str) {
    let began = Instant::now();
    let end = began + Duration::from_secs(SECONDS);
    let hands: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let request = again(request);
            tokio::spawn(async move {
                let mut times = Vec::new();
                while Instant::now() < end {
                    let one = Instant::now();
                    let answer = again(&request).send().await.expect("an answer");
                    let status = answer.status();
                    let body = answer.text().await.expect("the whole answer");
                    assert!(status.is_success() && body.contains(needle), "{status}: {body}");
                    times.push(one.elapsed());
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for hand in hands {
        times.extend(hand.await.expect("a hand that has finished"));
    }
    #[expect(clippy::cast_precision_loss, reason = "far fewer than a float counts")]
    let pace = times.len() as f64 / began.elapsed().as_secs_f64();
    report::number(&format!("{what}, {AT_ONCE} at once, {engine}"), pace, "/s", goal);
    report::times(&format!("{what}, {engine}: p50 / p99"), &mut times, 0.99, "");
}
