//! Offboarding through a running Reeve: by programs, and killed in the middle.

use super::process::{self, serve};
use super::site::{Ask, Cast, token};
use axum::http::StatusCode;
use control::api_keys::NewApiKey;
use control::authz::{GrantManage, InvitationManage, ServiceAccountCreate, WorkspaceEnroll};
use control::invitations::NewInvitations;
use control::service_accounts::NewServiceAccount;
use control::workspaces::NewWorkspace;
use model::grant::Principal;
use model::{OrgId, OrgRole, UserId, WorkspaceRole};
use serde_json::{Value, json};
use testkit::{Engine, Person, World, both_engines};

both_engines! {
    async fn programs_look_and_then_end_what_they_saw(world: World) {
        let cast = Cast::new(world).await;
        let program = token(&cast.world, &cast.admin).await;
        let path = cast.fill("/api/v1/organizations/{org}/members/{colleague}/offboarding");
        let look = async || cast.ask(Ask::get(&path).by(&program)).await;
        let seen: Value = serde_json::from_str(&look().await.body).unwrap();
        let decided = json!({ "fingerprint": seen["fingerprint"] }).to_string();
        let send = async |body: &str| cast.ask(Ask::new("POST", &path).json(body).by(&program)).await;

        let key = NewApiKey::parse("late", "never", "").unwrap();
        let me = cast.world.control.my_keys(&cast.world.cx(&cast.colleague)).await.unwrap();
        cast.world.control.create_api_key(&me, &key).await.unwrap();
        let refused = send(&decided).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
        let told: Value = serde_json::from_str(&refused.body).unwrap();
        assert_eq!(told["detail"], "changed: keys");
        for wrong in [r#"{"fingerprint":""}"#, r#"{"fingerprint":"x","who":"me"}"#, "{}", "[]", ""] {
            assert_eq!(send(wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }

        let seen: Value = serde_json::from_str(&look().await.body).unwrap();
        let done = send(&json!({ "fingerprint": seen["fingerprint"] }).to_string()).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.body);
        let told: Value = serde_json::from_str(&done.body).unwrap();
        assert_eq!(told["keys"], 1);
        assert_eq!(look().await.status, StatusCode::NOT_FOUND);
        assert_eq!(cast.world.audit(cast.org).await[0], "member.offboarded/success");
    }
}

/// An organization in a database of its own, an administrator's key, and somebody who holds several things.
struct Stage {
    world: World,
    org: OrgId,
    key: String,
    bob: UserId,
}

impl Stage {
    async fn new(engine: Engine) -> Option<Self> {
        let world = World::with_settings(engine, process::settings()).await?;
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Admin).await;
        let (control, by_bob) = (&world.control, world.cx(&bob));
        let auth = control.authorize::<WorkspaceEnroll>(&by_bob, org).await.unwrap();
        let new = NewWorkspace::parse("research", "Research", "").unwrap();
        let workspace = control.enroll_workspace(&auth, &new).await.unwrap().workspace;
        let auth = control.authorize::<GrantManage>(&by_bob, workspace).await.unwrap();
        control.grant_to(&auth, Principal::User(bob.id), WorkspaceRole::Admin.into()).await.unwrap();
        let auth = control.authorize::<ServiceAccountCreate>(&by_bob, org).await.unwrap();
        let new = NewServiceAccount::parse("nightly", "", OrgRole::Member, "").unwrap();
        control.create_service_account(&auth, &new).await.unwrap();
        let auth = control.authorize::<InvitationManage>(&by_bob, org).await.unwrap();
        let new = NewInvitations::parse("new@acme.test", OrgRole::Member, &[]).unwrap();
        control.invite(&auth, &new).await.unwrap();
        world.team(org, "Night shift", &[&bob]).await;
        let key = async |of: &Person| {
            let me = control.my_keys(&world.cx(of)).await.unwrap();
            // Without an end: the process reads the clock of the machine, and the world stands still.
            control.create_api_key(&me, &NewApiKey::parse("ci", "never", "").unwrap()).await.unwrap().secret
        };
        key(&bob).await;
        let key = key(&olivia).await;
        Some(Self { org, key, bob: bob.id, world })
    }

    fn path(&self, url: &str) -> String {
        format!("{url}/api/v1/organizations/{}/members/{}/offboarding", self.org, self.bob)
    }

    /// What the log tells, but of the key that a server makes to sign with, at some moment after its start.
    async fn log(&self) -> Vec<String> {
        let mut log = self.world.audit(self.org).await;
        log.retain(|entry| !entry.starts_with("signing_key."));
        log
    }

    async fn look(&self, url: &str) -> Value {
        let asked = reqwest::Client::new().get(self.path(url)).bearer_auth(&self.key);
        let text = asked.send().await.unwrap().error_for_status().unwrap().text().await.unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn offboard(&self, url: &str, seen: &Value) -> reqwest::RequestBuilder {
        let decided = json!({ "fingerprint": seen["fingerprint"], "successor": "olivia" }).to_string();
        let asked = reqwest::Client::new().post(self.path(url)).bearer_auth(&self.key);
        asked.header("content-type", "application/json").body(decided)
    }
}

/// Kills a server while it ends a membership: most of what is to be changed is changed by then, in its transaction.
async fn killed_in_the_middle(engine: Engine) {
    let Some(stage) = Stage::new(engine).await else {
        testkit::postgres_is_missing("killed_in_the_middle");
        return;
    };
    let (mut server, url) = serve(&stage.world).await;
    let before = stage.look(&url).await;
    // The invitation may have run out by the clock of the machine.
    for held in ["grants", "teams", "service_accounts", "workspaces", "keys"] {
        assert!(!before[held].as_array().unwrap().is_empty(), "{held}");
    }
    let log = stage.log().await;
    stage.world.slow_down("memberships").await;
    // The caller waits to the end: one who hangs up would end it, too, in another way.
    let asked = tokio::spawn(stage.offboard(&url, &before).send());
    stage.world.is_slowed_down().await;
    assert!(!asked.is_finished(), "it was too fast to be killed");
    // SIGKILL: it has no chance to tidy up.
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(asked.await.unwrap().is_err(), "nobody answers");
    stage.world.let_go("memberships").await;

    let (mut server, url) = serve(&stage.world).await;
    assert_eq!(stage.look(&url).await, before, "nothing of it happened");
    assert_eq!(stage.log().await, log);
    let answer = stage.offboard(&url, &before).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200, "what was seen is still what is there");
    let done: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!((&done["keys"], &done["teams"], &done["handed_over"]), (&json!(1), &json!(1), &json!(2)));
    let gone = reqwest::Client::new().get(stage.path(&url)).bearer_auth(&stage.key).send().await.unwrap();
    assert_eq!(gone.status().as_u16(), 404);
    server.kill().unwrap();
    server.wait().unwrap();
    let after = stage.log().await;
    assert_eq!(after[0], "member.offboarded/success");
    assert_eq!(after.iter().filter(|line| *line == "member.removed/success").count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_offboarding_changed_nothing_on_sqlite() {
    killed_in_the_middle(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_offboarding_changed_nothing_on_postgres() {
    killed_in_the_middle(Engine::Postgres).await;
}
