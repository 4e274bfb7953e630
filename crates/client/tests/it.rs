//! Servers that are none, or mean no good.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it was arranged")]

use client::{Client, Server};
use model::ErrorCode;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

/// A server that gives everybody the same answer, and counts them.
fn answering(answer: Vec<u8>) -> (Server, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let asked = Arc::new(AtomicU32::new(0));
    let counted = asked.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            counted.fetch_add(1, Ordering::SeqCst);
            let _ = stream.read(&mut [0; 4096]);
            // Whoever has had enough closes the connection.
            let _ = stream.write_all(&answer);
        }
    });
    (server, asked)
}

fn http(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
        .into_bytes()
}

async fn failure(answer: Vec<u8>) -> model::ApiError {
    let (server, _) = answering(answer);
    Client::new(&server).unwrap().with_token("ZENPROKEY_x".into()).me().await.unwrap_err()
}

#[tokio::test]
async fn a_redirect_takes_no_token_elsewhere() {
    let (elsewhere, asked) = answering(http("200 OK", "", "{}"));
    for status in ["301 Moved Permanently", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let error = failure(http(status, &format!("location: {elsewhere}/api/fn/sessions/me\r\n"), "")).await;
        assert_eq!(error.code, ErrorCode::Invalid);
        assert!(error.message.contains("not followed"), "{error}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn what_is_no_answer_of_ours_is_said_to_be_none() {
    for body in ["", "<html>Welcome to nginx</html>", "{}", "[1, 2]", "null"] {
        assert_eq!(failure(http("200 OK", "", body)).await.code, ErrorCode::Internal, "{body}");
    }
    for (status, code) in [
        ("401 Unauthorized", ErrorCode::Unauthenticated),
        ("404 Not Found", ErrorCode::NotFound),
        ("429 Too Many Requests", ErrorCode::RateLimited),
        ("500 Internal Server Error", ErrorCode::Internal),
        ("502 Bad Gateway", ErrorCode::Unavailable),
    ] {
        assert_eq!(failure(http(status, "", "<html>")).await.code, code, "{status}");
    }
}

#[tokio::test]
async fn the_servers_own_words_are_kept() {
    let body = r#"{"code":"invalid","message":"Look.","fields":{"org":"No."},"request_id":"7"}"#;
    let error = failure(http("422 Unprocessable Content", "", body)).await;
    assert_eq!(
        (error.code, error.message.as_str(), error.request_id.as_str()),
        (ErrorCode::Invalid, "Look.", "7")
    );
    assert_eq!(error.field("org").as_deref(), Some("No."));
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let mut endless = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n\"".to_vec();
    endless.resize(64 << 20, b'x');
    let error = failure(endless).await;
    assert!(error.message.contains("larger than any"), "{error}");
}

#[tokio::test]
async fn nobody_there_is_unavailable() {
    let server: Server = "http://127.0.0.1:9".parse().unwrap();
    let error = Client::new(&server).unwrap().me().await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Unavailable);
    assert!(error.message.contains("http://127.0.0.1:9 does not answer"), "{error}");
}
