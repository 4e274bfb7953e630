//! Keys that become tokens for a workspace, workspaces that ask whether tokens are good, and programs that ask who they
//! are: each as fast as this machine goes, over real connections. Beside it the same of npm oidc-provider, as a ratio.

use super::asking::{Enrolled, enrol};
use super::report;
use control::api_keys::NewApiKey;
use reqwest::{Client, RequestBuilder};
use server::http::{AppState, router};
use std::future::IntoFuture;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
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
    let client = Client::new();

    let id = workspace.workspace.to_string();
    let exchange = client.post(format!("{base}/oauth/token")).form(&[
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("subject_token", &key),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ("audience", &id),
    ]);
    let exchanges = measure("key to workspace token", engine, &exchange, "issued_token_type", "3000/s").await;

    let answer = again(&exchange).send().await.expect("an answer");
    let token: serde_json::Value = answer.json().await.expect("a token");
    let token = token["access_token"].as_str().expect("a token");
    let introspect = client
        .post(format!("{base}/oauth/introspect"))
        .basic_auth(&id, Some(&workspace.key))
        .form(&[("token", token)]);
    let introspections = measure("introspection", engine, &introspect, "\"active\":true", "").await;

    let me = client.get(format!("{base}/api/v1/users/me")).bearer_auth(&key);
    measure("GET /api/v1/users/me", engine, &me, "theo", "10000/s").await;
    server.abort();

    let Some(peer) = Peer::start() else {
        println!("oidc-provider: not measured, end2end/node_modules is not there");
        return;
    };
    let form = [("client_id", "measured"), ("client_secret", "known to everybody")];
    let credentials = client
        .post(format!("{}/token", peer.url))
        .form(&[&form[..], &[("grant_type", "client_credentials")]].concat());
    let theirs = measure("oidc-provider, client credentials", "in memory", &credentials, "Bearer", "").await;
    report::number(
        &format!("  key to workspace token, {engine}, is as many"),
        exchanges / theirs,
        "times",
        "",
    );
    let answer = again(&credentials).send().await.expect("an answer");
    let token: serde_json::Value = answer.json().await.expect("a token");
    let token = token["access_token"].as_str().expect("a token");
    let introspect = client
        .post(format!("{}/token/introspection", peer.url))
        .form(&[&form[..], &[("token", token)]].concat());
    let theirs =
        measure("oidc-provider, introspection", "in memory", &introspect, "\"active\":true", "").await;
    report::number(&format!("  introspection, {engine}, is as many"), introspections / theirs, "times", "");
}

/// npm oidc-provider, in a process of its own.
struct Peer {
    process: Child,
    url: String,
}

impl Peer {
    /// `None` if it does not start.
    fn start() -> Option<Self> {
        const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end/peers/measured-provider.mjs");
        let port = std::net::TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        let mut command = Command::new("node");
        command.args([SCRIPT, &port.to_string()]).stdout(Stdio::piped()).stderr(Stdio::null());
        // Dropped, it takes its process along.
        let mut peer = Self { process: command.spawn().ok()?, url: String::new() };
        let mut lines = BufReader::new(peer.process.stdout.take()?).lines().map_while(Result::ok);
        peer.url = lines.find(|line| line.starts_with("http"))?;
        // It says more later, and would end if nobody listened.
        std::thread::spawn(move || lines.for_each(drop));
        Some(peer)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let ended = self.process.kill().and_then(|()| self.process.wait());
        if let Err(error) = ended {
            println!("oidc-provider may still run: {error}");
        }
    }
}

fn again(request: &RequestBuilder) -> RequestBuilder {
    request.try_clone().expect("a request that can be sent again")
}

/// Sends the same request again and again, from several hands; each answer has to hold `needle`.
async fn measure(
    what: &str,
    engine: &str,
    request: &RequestBuilder,
    needle: &'static str,
    goal: &str,
) -> f64 {
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
    pace
}
