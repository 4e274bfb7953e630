//! The remote command line: the real binary against a real server, on both engines.

use super::site::{Ask, Caller, Cast, token};
use control::authz::ServiceAccountKeys;
use serde_json::Value;
use server::http::{AppState, router};
use std::future::IntoFuture as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use testkit::{Person, World, both_engines};
use tokio::net::TcpListener;

/// A server on a port, and a person's machine with the binary on it.
pub(crate) struct Remote {
    pub(crate) cast: Cast,
    pub(crate) url: String,
    home: PathBuf,
}

impl Drop for Remote {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

/// What a command came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{self:?}"))
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Remote {
    pub(crate) async fn new(world: World) -> Self {
        let home = std::env::temp_dir().join(format!("reeve-remote-{}", world.id::<model::UserId>()));
        let cast = Cast::new(world).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let service = router(AppState::new(cast.world.control.clone()));
        let service = service.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(axum::serve(listener, service).into_future());
        Self { cast, url, home }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reeve"));
        command
            .args(arguments)
            .env_clear()
            .env("XDG_CONFIG_HOME", &self.home)
            .env("REEVE_SERVER", &self.url)
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) async fn run(&self, arguments: &[&str]) -> Ran {
        run(self.command(arguments)).await
    }

    /// With a personal access token of somebody.
    pub(crate) async fn run_as(&self, key: &str, arguments: &[&str]) -> Ran {
        let mut command = self.command(arguments);
        command.env("REEVE_API_KEY", key);
        run(command).await
    }

    pub(crate) async fn key(&self, person: &Person) -> String {
        match token(&self.cast.world, person).await {
            Caller::Program(key) => key,
            other => panic!("{other:?}"),
        }
    }

    /// A login that shows its code by now.
    fn begin_login(&self) -> (Child, String) {
        let mut child = self.command(&["login"]).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.as_mut().unwrap()).lines();
        let code =
            lines.find_map(|line| line.unwrap().trim().strip_prefix("Code").map(|c| c.trim().to_owned()));
        (child, code.expect("a code to compare"))
    }

    /// Signs in as somebody, who approves in a browser.
    pub(crate) async fn sign_in(&self, person: &Person) -> Ran {
        self.sign_in_while(person, || {}).await
    }

    /// The same, with something that happens before they approve.
    async fn sign_in_while(&self, person: &Person, meanwhile: impl FnOnce()) -> Ran {
        let (child, code) = tokio::task::block_in_place(|| self.begin_login());
        meanwhile();
        let control = &self.cast.world.control;
        let mine = control.my_command_lines(&self.cast.world.cx(person)).await.unwrap();
        control.approve_command_line(&mine, &code).await.unwrap();
        tokio::task::spawn_blocking(|| child.wait_with_output()).await.unwrap().unwrap().into()
    }

    fn credentials(&self) -> PathBuf {
        self.home.join("reeve/credentials.json")
    }

    /// What the server itself answers somebody, for comparison.
    pub(crate) async fn asked(&self, key: &str, path: &str, form: &str) -> Value {
        let ask =
            if form.starts_with('{') { Ask::new("POST", path).json(form) } else { Ask::call(path, form) };
        let answer = self.cast.ask(ask.by(&Caller::Program(key.to_owned()))).await;
        serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{path}: {}", answer.body))
    }
}

pub(crate) async fn run(mut command: Command) -> Ran {
    tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap().into()
}

both_engines! {
    async fn somebody_signs_in_looks_and_signs_out(world: World) {
        let remote = Remote::new(world).await;
        let before = remote.run(&["whoami"]).await;
        assert_eq!((before.code, before.out.as_str()), (3, ""));
        assert!(before.err.contains(&format!("reeve login --server {}", remote.url)), "{}", before.err);

        let signed_in = remote.sign_in(&remote.cast.admin).await;
        assert_eq!(signed_in.code, 0, "{signed_in:?}");
        assert!(signed_in.err.contains("as olivia (olivia@acme.test), for 12 hours"), "{}", signed_in.err);
        let kept = std::fs::read_to_string(remote.credentials()).unwrap();
        let token = kept.split('"').find(|text| text.starts_with("rvcli_")).unwrap().to_owned();
        assert!(!signed_in.out.contains("rvcli_") && !signed_in.err.contains("rvcli_"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&remote.credentials()), 0o600);
            assert_eq!(mode(remote.credentials().parent().unwrap()), 0o700);
        }

        let whoami = remote.run(&["whoami"]).await;
        assert_eq!(whoami.code, 0, "{whoami:?}");
        for text in ["olivia@acme.test", "acme (acme), Organization Admin", &remote.url] {
            assert!(whoami.out.contains(text), "{text}: {}", whoami.out);
        }
        let json = remote.run(&["whoami", "--json"]).await.json();
        assert_eq!(json, remote.asked(&token, "/api/fn/sessions/me", "_=").await);
        // Without naming the server: the one signed in to last.
        let mut unnamed = remote.command(&["members", "list"]);
        unnamed.env_remove("REEVE_SERVER");
        assert_eq!(run(unnamed).await.code, 0);

        let out = remote.run(&["logout"]).await;
        assert_eq!(out.code, 0, "{out:?}");
        assert!(!std::fs::read_to_string(remote.credentials()).unwrap().contains("rvcli_"));
        let me = Ask::call("/api/fn/sessions/me", "_=").by(&Caller::Program(token));
        assert_eq!(remote.cast.ask(me).await.status, 401, "it ended on the server, too");
        assert_eq!(remote.run(&["logout"]).await.code, 3);
    }

    async fn signing_in_again_ends_the_sign_in_before(world: World) {
        let remote = Remote::new(world).await;
        remote.sign_in(&remote.cast.admin).await;
        let first = std::fs::read_to_string(remote.credentials()).unwrap();
        let first = first.split('"').find(|text| text.starts_with("rvcli_")).unwrap().to_owned();
        assert_eq!(remote.sign_in(&remote.cast.admin).await.code, 0);
        let me = Ask::call("/api/fn/sessions/me", "_=").by(&Caller::Program(first));
        assert_eq!(remote.cast.ask(me).await.status, 401);
        assert_eq!(remote.run(&["whoami"]).await.code, 0);
    }

    async fn a_sign_in_elsewhere_while_one_waits_is_kept(world: World) {
        let remote = Remote::new(world).await;
        remote.sign_in(&remote.cast.admin).await;
        let kept = || serde_json::from_slice::<Value>(&std::fs::read(remote.credentials()).unwrap()).unwrap();
        let elsewhere = serde_json::json!({ "token": "rvcli_elsewhere", "device": null });
        let signed_in = remote
            .sign_in_while(&remote.cast.admin, || {
                let mut meanwhile = kept();
                meanwhile["servers"]["https://other.example.com"] = elsewhere.clone();
                std::fs::write(remote.credentials(), meanwhile.to_string()).unwrap();
            })
            .await;
        assert_eq!(signed_in.code, 0, "{signed_in:?}");
        let servers = &kept()["servers"];
        assert_eq!(servers["https://other.example.com"], elsewhere);
        assert!(servers.as_object().is_some_and(|all| all.len() == 2), "both are kept");
    }

    async fn a_denied_login_keeps_nothing(world: World) {
        let remote = Remote::new(world).await;
        let (child, code) = tokio::task::block_in_place(|| remote.begin_login());
        let control = &remote.cast.world.control;
        let me = control.myself(&remote.cast.world.cx(&remote.cast.member)).await.unwrap();
        control.deny_device(&me, &code).await.unwrap();
        let ran: Ran = tokio::task::spawn_blocking(|| child.wait_with_output()).await.unwrap().unwrap().into();
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.err.contains("denied") && !remote.credentials().exists(), "{ran:?}");
    }

    async fn a_sign_in_grows_stale_and_then_runs_out(world: World) {
        let remote = Remote::new(world).await;
        remote.sign_in(&remote.cast.admin).await;
        let key = remote.run(&["api-keys", "list", "--json"]).await.json()[0]["id"].as_str().unwrap().to_owned();
        remote.cast.world.clock.advance_s(control::authz::FRESH_S + 1);
        let stale = remote.run(&["api-keys", "revoke", &key]).await;
        assert_eq!(stale.code, 3, "{stale:?}");
        assert!(stale.err.contains("Sign in again with: reeve login"), "{}", stale.err);
        assert_eq!(remote.run(&["members", "list"]).await.code, 0, "looking is never asked");
        remote.sign_in(&remote.cast.admin).await;
        let done = remote.run(&["api-keys", "revoke", &key]).await;
        assert_eq!((done.code, done.err.starts_with("Revoked.")), (0, true), "{done:?}");

        remote.cast.world.clock.advance_s(12 * 3600);
        let over = remote.run(&["members", "list"]).await;
        assert_eq!((over.code, over.out.as_str()), (3, ""), "{over:?}");
        assert!(over.err.contains("reeve login"), "{}", over.err);
    }

    async fn a_file_of_sign_ins_that_others_can_read_is_not_used(world: World) {
        let remote = Remote::new(world).await;
        remote.sign_in(&remote.cast.admin).await;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(remote.credentials(), std::fs::Permissions::from_mode(0o644)).unwrap();
            let refused = remote.run(&["whoami"]).await;
            assert_eq!((refused.code, refused.err.contains("First chmod 600")), (1, true), "{refused:?}");
            std::fs::set_permissions(remote.credentials(), std::fs::Permissions::from_mode(0o600)).unwrap();
            let advised = remote.run(&["logout"]).await;
            assert_eq!(advised.code, 0, "{advised:?}");
        }
        std::fs::write(remote.credentials(), "not JSON").unwrap();
        let mut perms = std::fs::metadata(remote.credentials()).unwrap().permissions();
        #[cfg(unix)]
        std::os::unix::fs::PermissionsExt::set_mode(&mut perms, 0o600);
        std::fs::set_permissions(remote.credentials(), perms).unwrap();
        let broken = remote.run(&["whoami"]).await;
        assert_eq!((broken.code, broken.err.contains("is not what it was")), (1, true), "{broken:?}");
    }

    async fn scripts_bring_a_key_in_the_environment_a_file_or_a_pipe_and_never_as_an_argument(world: World) {
        let remote = Remote::new(world).await;
        let key = remote.key(&remote.cast.member).await;
        assert!(remote.run_as(&key, &["whoami"]).await.out.contains("mallory@acme.test"));

        let file = std::env::temp_dir().join(format!("{}.key", remote.cast.org));
        std::fs::write(&file, format!("{key}\n")).unwrap();
        let by_file = remote.run(&["whoami", "--api-key-file", file.to_str().unwrap()]).await;
        std::fs::write(&file, "two words").unwrap();
        let two_words = remote.run(&["whoami", "--api-key-file", file.to_str().unwrap()]).await;
        std::fs::remove_file(&file).unwrap();
        assert!(by_file.out.contains("mallory@acme.test"), "{by_file:?}");
        assert_eq!((two_words.code, two_words.err.contains("--api-key-file")), (2, true));

        let mut piped = remote.command(&["whoami", "--api-key-file", "-"]);
        let mut child = piped.stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(key.as_bytes()).unwrap();
        let piped: Ran = tokio::task::spawn_blocking(|| child.wait_with_output()).await.unwrap().unwrap().into();
        assert!(piped.out.contains("mallory@acme.test"), "{piped:?}");

        assert_eq!(remote.run(&["whoami", "--api-key", &key]).await.code, 2);
        let wrong = remote.run_as("ZENPROKEY_wrong", &["whoami"]).await;
        assert_eq!((wrong.code, wrong.out.as_str()), (3, ""), "{wrong:?}");
        assert!(!remote.credentials().exists(), "scripts leave nothing behind");

        // A service account knows who it is, and what it may.
        let control = &remote.cast.world.control;
        let cx = remote.cast.world.cx(&remote.cast.admin);
        let auth = control.authorize::<ServiceAccountKeys>(&cx, remote.cast.account).await.unwrap();
        let new = control::api_keys::NewApiKey::parse("script", "30", "").unwrap();
        let machine = control.create_service_account_key(&auth, &new).await.unwrap().secret;
        let whoami = remote.run_as(&machine, &["whoami"]).await;
        assert!(whoami.out.contains("ci-bot") && whoami.out.contains("service account"), "{whoami:?}");
        assert_eq!(remote.run_as(&machine, &["teams", "list"]).await.code, 0);
        assert_eq!(remote.run_as(&machine, &["members", "list"]).await.code, 1);
    }

    async fn whoever_has_read_enough_may_close_the_pipe(world: World) {
        let remote = Remote::new(world).await;
        let mut child = remote.command(&["completions", "bash"]).spawn().unwrap();
        drop(child.stdout.take());
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
    }
}
