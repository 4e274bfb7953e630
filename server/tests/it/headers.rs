//! What browsers are told, and what callers cannot make us say.

use super::site::{Answer, Ask, Caller, Cast, Site};
use axum::http::StatusCode;
use control::settings::{PublicUrl, Settings};
use testkit::{Engine, World, both_engines};

const HOSTILE: [(&str, &str); 9] = [
    ("host", "evil.test"),
    ("x-forwarded-host", "evil.test"),
    ("x-forwarded-proto", "gopher"),
    ("x-forwarded-for", "6.6.6.6"),
    ("x-forwarded-port", "666"),
    ("forwarded", "for=6.6.6.6;host=evil.test;proto=https"),
    ("x-original-url", "/organizations"),
    ("x-rewrite-url", "/organizations"),
    ("x-request-id", "evil-request-id"),
];

/// An answer without what differs from request to request by design: nonces and request ids.
fn comparable(answer: &Answer) -> (StatusCode, String, Vec<String>) {
    let nonces: Vec<&str> =
        answer.body.split("nonce=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let mut text = answer.body.clone();
    for nonce in nonces {
        text = text.replace(nonce, "NONCE");
    }
    text = text.replace(answer.header("x-request-id"), "REQUEST");
    // What a page's resources hand to the browser comes after the document, written as each becomes ready: order and
    // repetition are chance. Of a page that is left for another one even which are begun is.
    let written = text.find("</html>").unwrap_or(text.len());
    text.truncate(if answer.status.is_redirection() { 0 } else { written });
    let differs = ["x-request-id", "content-security-policy", "content-length"];
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !differs.contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort();
    (answer.status, text, headers)
}

both_engines! {
    async fn no_header_of_a_caller_changes_a_page_or_a_redirect(world: World) {
        let cast = Cast::new(world).await;
        let org = format!("/organizations/{}", cast.org);
        for path in ["/", "/login", "/me", "/nowhere", "/setup/rvsetup_x", "/api/v1/nothing", org.as_str()] {
            for caller in [&Caller::Nobody, &cast.by_admin] {
                let plain = cast.ask(Ask::page(path).by(caller)).await;
                let ask = HOSTILE.iter().fold(Ask::page(path), |ask, (name, value)| ask.header(name, value));
                let hostile = cast.ask(ask.by(caller)).await;
                assert_eq!(comparable(&plain), comparable(&hostile), "{path}");
                assert!(!hostile.body.contains("evil"), "{path}");
            }
        }
    }

    async fn every_answer_carries_the_headers_that_protect_it(world: World) {
        let cast = Cast::new(world).await;
        for path in ["/login", "/", "/me", "/nowhere", "/health", "/api/v1/nothing", "/pkg/none.js"] {
            let answer = cast.ask(Ask::page(path)).await;
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
            assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
            assert!(answer.header("permissions-policy").contains("camera=()"), "{path}");
            assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
            assert!(!answer.header("x-request-id").is_empty(), "{path}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
            assert_eq!(answer.header("strict-transport-security"), "", "{path}: there is no TLS on localhost");
        }
    }

    async fn scripts_of_a_page_carry_the_nonce_of_its_policy_and_no_other_runs(world: World) {
        let site = Site::of(&world);
        let (first, second) = (site.ask(Ask::page("/login")).await, site.ask(Ask::page("/login")).await);
        let nonce = |answer: &Answer| {
            let policy = answer.header("content-security-policy").to_owned();
            let (_, rest) = policy.split_once("script-src 'nonce-").expect("scripts need a nonce");
            rest.split('\'').next().unwrap().to_owned()
        };
        assert_ne!(nonce(&first), nonce(&second), "a nonce is used once");
        let policy = first.header("content-security-policy");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        let scripts: Vec<&str> = first.body.split("<script").skip(1).filter_map(|t| t.split('>').next()).collect();
        assert!(!scripts.is_empty(), "a page without scripts would prove nothing");
        for script in scripts {
            assert!(script.contains(&format!("nonce=\"{}\"", nonce(&first))), "<script{script}>");
        }
        assert!(!first.body.contains(" style=\"") && !first.body.contains(" onclick="), "inline style or handler");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_https_browsers_are_told_to_stay_there() {
    let settings =
        Settings::new(PublicUrl::parse("https://reeve.test").unwrap(), "a key for tests only".into());
    let world = World::with_settings(Engine::Sqlite, settings).await.unwrap();
    let site = Site::of(&world);
    let answer = site.ask(Ask::page("/login")).await;
    assert!(answer.header("strict-transport-security").contains("max-age=63072000"));
    let out = site.ask(Ask::call("/logout", "_=")).await;
    let cookie = out.set_cookies().join("\n");
    assert!(cookie.starts_with("__Host-reeve_session="), "{cookie}");
    for part in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
}
