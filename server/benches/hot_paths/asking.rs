//! A workspace's server that asks over a real connection.

use model::workspace::EnrollmentSecret;
use model::{OrgId, OrgRole, UserId};
use server::http::{AppState, router};
use std::future::IntoFuture;
use std::time::{Duration, Instant};
use testkit::{Person, World};
use tokio::task::JoinHandle;

const CHECKS_PER_SECOND: u32 = 200;
const SECONDS: u32 = 10;
/// Resources in one question.
pub(crate) const IDS_PER_CHECK: usize = 1_000;

/// An organization's admin, and a workspace that they enrolled.
pub(crate) struct Enrolled {
    /// The admin.
    pub(crate) admin: Person,
    /// The workspace and its key.
    pub(crate) workspace: EnrollmentSecret,
}

/// Enrols a workspace.
pub(crate) async fn enrol(world: &World, org: OrgId, admin: &str) -> Enrolled {
    let admin = world.member(org, admin, OrgRole::Admin).await;
    let cx = world.cx(&admin);
    let right =
        world.control.authorize::<control::authz::WorkspaceEnroll>(&cx, org).await.expect("the right");
    let name = format!("{}-dev", admin.username);
    let new = control::workspaces::NewWorkspace::parse(&name, "Dev", "").expect("a name");
    let workspace = world.control.enroll_workspace(&right, &new).await.expect("a workspace");
    Enrolled { admin, workspace }
}

/// A running Reeve, and somebody who holds a workspace's token.
pub(crate) struct Asking {
    client: reqwest::Client,
    base: String,
    token: String,
    server: JoinHandle<std::io::Result<()>>,
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Asking {
    /// Listens on a port of its own and signs the workspace in.
    pub(crate) async fn begin(world: &World, workspace: &EnrollmentSecret) -> Self {
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
                ("client_id", &workspace.workspace.to_string()),
                ("client_secret", &workspace.key),
                ("audience", "reeve"),
            ])
            .send()
            .await
            .expect("the token endpoint")
            .json()
            .await
            .expect("a token");
        let token = token["access_token"].as_str().expect("a token").to_owned();
        Self { client, base, token, server }
    }

    /// Asks for many decisions at a steady pace, whether the ones before were answered or not; how long each took.
    pub(crate) async fn checks(&self, user: UserId, resources: &[String]) -> Vec<Duration> {
        let url = format!("{}/rbac/check_permissions?user_id={user}&action=read", self.base);
        let body = serde_json::to_string(resources).expect("a body");
        let mut ticks = tokio::time::interval(Duration::from_secs(1) / CHECKS_PER_SECOND);
        let mut running = Vec::new();
        for _ in 0..CHECKS_PER_SECOND * SECONDS {
            ticks.tick().await;
            let request = self
                .client
                .post(&url)
                .bearer_auth(&self.token)
                .header("content-type", "application/json")
                .body(body.clone());
            running.push(tokio::spawn(timed(request, IDS_PER_CHECK * 40)));
        }
        let mut times = Vec::with_capacity(running.len());
        for one in running {
            times.push(one.await.expect("a finished request"));
        }
        times
    }

    /// Asks what a person may read of a type, once; how long it took.
    pub(crate) async fn list(&self, user: UserId, resource: &str, bytes: usize) -> Duration {
        let url = format!("{}/rbac/allowed_resource_ids", self.base);
        let query = [("user_id", user.to_string()), ("action", "read".into()), ("resource", resource.into())];
        let url = reqwest::Url::parse_with_params(&url, query).expect("an address");
        timed(self.client.get(url).bearer_auth(&self.token), bytes).await
    }
}

/// Until the whole answer is here, which must be at least so long.
async fn timed(request: reqwest::RequestBuilder, bytes: usize) -> Duration {
    let began = Instant::now();
    let response = request.send().await.expect("an answer");
    let status = response.status();
    let answer = response.bytes().await.expect("the whole answer");
    assert!(status.is_success() && answer.len() > bytes, "{status}, {} bytes", answer.len());
    began.elapsed()
}

/// What to print about [`Asking::checks`].
pub(crate) fn pace(where_: &str, engine: &str) -> String {
    format!("check_permissions, {IDS_PER_CHECK} ids, {CHECKS_PER_SECOND}/s, {where_}{engine}: p50 / p99")
}
