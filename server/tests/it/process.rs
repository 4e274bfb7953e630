//! The real binary, on the database of a test.

use control::settings::{PublicUrl, Settings};
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use testkit::World;
use tokio::sync::oneshot;

/// The secret key of its processes.
pub(crate) const KEY: &str = "0123456789abcdef0123456789abcdef";

/// What a world is made with whose database the binary opens.
pub(crate) fn settings() -> Settings {
    Settings::new(PublicUrl::parse("http://localhost:8580").unwrap(), KEY.into())
}

pub(crate) fn reeve(world: &World, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_reeve"));
    command
        .args(arguments)
        .env_clear()
        .env("REEVE_DATABASE_URL", &world.url)
        .env("REEVE_SECRET_KEY", KEY)
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A server that takes requests by now, and where.
pub(crate) async fn serve(world: &World) -> (Child, String) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut server = reeve(world, &["serve"])
        .env("REEVE_LISTEN", format!("127.0.0.1:{port}"))
        .env("REEVE_PUBLIC_URL", "http://localhost:8580")
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(server.stderr.take().unwrap()).lines();
    let (tell, told) = oneshot::channel();
    // Reads to the end: a server whose log nobody takes would stop in the middle of a line.
    std::thread::spawn(move || {
        let mut lines = lines.map_while(Result::ok);
        if lines.any(|line| line.contains("Reeve serves")) {
            let _ = tell.send(());
        }
        lines.for_each(drop);
    });
    if told.await.is_err() {
        let _ = server.kill();
        panic!("the server did not start: {:?}", server.wait());
    }
    (server, format!("http://127.0.0.1:{port}"))
}
