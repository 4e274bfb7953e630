//! `reeve keys` as a process: killed in the middle, gone on with, and stopped where the secret key does not fit.

use super::process::{self, KEY, reeve};
use control::authz::InvitationManage;
use control::invitations::NewInvitations;
use control::settings::MailSettings;
use model::OrgRole;
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::process::{Output, Stdio};
use testkit::{Engine, World};

const NEXT: &str = "fedcba9876543210fedcba9876543210";
/// Several batches.
const MAILS: u64 = 800;

/// An installation with many sealed mails on their way; `None` if PostgreSQL is asked for and not there.
async fn with_mails(engine: Engine, test: &str) -> Option<World> {
    let mut settings = process::settings();
    // Nobody sends in this process, and the processes have no mail server.
    settings.mail =
        Some(MailSettings { smtp_url: "smtp://127.0.0.1:9".into(), from: "reeve@acme.test".to_owned() });
    let Some(world) = World::with_settings(engine, settings).await else {
        testkit::postgres_is_missing(test);
        return None;
    };
    let org = world.org("acme").await;
    let olivia = world.member(org, "olivia", OrgRole::Admin).await;
    let auth = world.control.authorize::<InvitationManage>(&world.cx(&olivia), org).await.unwrap();
    for hundred in 0..MAILS / 100 {
        let emails: Vec<_> = (0..100).map(|n| format!("p{hundred}-{n}@acme.test")).collect();
        let new = NewInvitations::parse(&emails.join(","), OrgRole::Member, &[]).unwrap();
        world.control.invite(&auth, &new).await.unwrap();
    }
    Some(world)
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
}

/// Values under each key, the oldest key first.
fn spread(world: &World) -> Vec<u64> {
    let output = reeve(world, &["keys", "status", "--json"]).output().unwrap();
    let status = json(&output);
    assert_eq!(status["without_key"], serde_json::json!({}));
    let keys = status["keys"].as_array().unwrap();
    keys.iter().map(|key| key["values"]["outbox.payload_sealed"].as_u64().unwrap_or(0)).collect()
}

/// Begins a rotation and kills it after its first batch.
fn kill_in_the_middle(world: &World) {
    for _ in 0..10 {
        let mut child = reeve(world, &["keys", "rotate"]).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let batch = lines.map_while(Result::ok).find(|line| line.contains("values moved"));
        // SIGKILL: it has no chance to tidy up.
        child.kill().unwrap();
        let killed = !child.wait().unwrap().success();
        assert!(batch.is_some(), "a line for each batch");
        if killed && spread(world).len() == 2 {
            return;
        }
    }
    panic!("the rotation was too fast to be killed, ten times");
}

async fn killed_and_run_again(engine: Engine) {
    let Some(world) = with_mails(engine, "killed_and_run_again").await else { return };
    kill_in_the_middle(&world);
    let [old, new] = spread(&world)[..] else { panic!("{:?}", spread(&world)) };
    assert!(old > 0 && new > 0 && old + new == MAILS, "{old} {new}");
    let output = reeve(&world, &["keys", "rotate", "--json"]).output().unwrap();
    let done = json(&output);
    assert!(output.status.success(), "{output:?}");
    assert_eq!((done["resumed"].as_bool(), done["moved"].as_u64()), (Some(true), Some(old)));
    assert_eq!((done["unreadable"].as_u64(), done["deleted"].as_u64()), (Some(0), Some(1)));
    // Each value is opened once more by the next rotation: all are whole.
    let output = reeve(&world, &["keys", "rotate", "--json"]).output().unwrap();
    let done = json(&output);
    assert_eq!((done["resumed"].as_bool(), done["moved"].as_u64()), (Some(false), Some(MAILS)));
    assert_eq!((done["unreadable"].as_u64(), done["deleted"].as_u64()), (Some(0), Some(1)));
    assert_eq!(spread(&world), [MAILS]);
}

async fn killed_and_finished_by_a_server(engine: Engine) {
    let Some(world) = with_mails(engine, "killed_and_finished_by_a_server").await else { return };
    kill_in_the_middle(&world);
    let mut server = reeve(&world, &["serve"])
        .env("REEVE_LISTEN", "127.0.0.1:0")
        .env("REEVE_PUBLIC_URL", "http://localhost:8580")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(server.stderr.take().unwrap()).lines();
    let finished = lines.map_while(Result::ok).find(|line| line.contains("rotation of keys is finished"));
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(finished.is_some(), "the server ended before");
    assert_eq!(spread(&world), [MAILS]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_rotation_is_gone_on_with_on_sqlite() {
    killed_and_run_again(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_rotation_is_gone_on_with_on_postgres() {
    killed_and_run_again(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_rotation_is_finished_by_a_server_on_sqlite() {
    killed_and_finished_by_a_server(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_rotation_is_finished_by_a_server_on_postgres() {
    killed_and_finished_by_a_server(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_key_that_does_not_fit_stops_the_start_and_is_named() {
    let world = with_mails(Engine::Sqlite, "sqlite").await.expect("SQLite is always there");
    let wrong = |arguments: &[&str]| reeve(&world, arguments).env("REEVE_SECRET_KEY", NEXT).output().unwrap();
    for arguments in [&["serve"][..], &["keys", "rotate"], &["owner-link"], &["migrate"]] {
        let output = wrong(arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{arguments:?}: {told}");
        assert!(told.contains("reeve: REEVE_SECRET_KEY: is not the key"), "{arguments:?}: {told}");
        assert!(told.contains("REEVE_PREVIOUS_SECRET_KEY"), "{arguments:?}: {told}");
        assert!(!told.contains(KEY) && !told.contains(NEXT), "{arguments:?}: {told}");
    }
    assert!(
        String::from_utf8_lossy(&wrong(&["keys", "status"]).stdout)
            .contains("under a secret key that is not set")
    );
    let asked = wrong(&["keys", "forget-lost"]);
    assert!(String::from_utf8_lossy(&asked.stdout).contains("Nothing was changed."), "{asked:?}");
    assert_eq!(spread(&world), [MAILS]);

    let changing = reeve(&world, &["keys", "rotate", "--json"])
        .env("REEVE_SECRET_KEY", NEXT)
        .env("REEVE_PREVIOUS_SECRET_KEY", KEY)
        .output()
        .unwrap();
    assert_eq!(
        (json(&changing)["rewrapped"].as_u64(), json(&changing)["moved"].as_u64()),
        (Some(1), Some(MAILS))
    );
    assert!(wrong(&["keys", "rotate"]).status.success(), "the new one does alone");
    let given_up = reeve(&world, &["keys", "forget-lost", "--yes", "--json"]).output().unwrap();
    assert_eq!(json(&given_up)["values"]["outbox.payload_sealed"].as_u64(), Some(MAILS));
    let rotated = reeve(&world, &["keys", "rotate", "--json"]).output().unwrap();
    assert_eq!(rotated.status.code(), Some(8), "{rotated:?}");
    assert_eq!(json(&rotated)["unreadable"].as_u64(), Some(MAILS));
}
