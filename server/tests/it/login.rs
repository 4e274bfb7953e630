//! Off to a provider and back, as a browser sees it.

#[path = "../../../crates/control/tests/it/hostile_provider.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with the tests of the operations, which use all of it")]
mod hostile_provider;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use control::Authorized;
use control::authz::ConnectionManage;
use control::connections::ConnectionInput;
use control::settings::PublicUrl;
use hostile_provider::{CLIENT, Provider, SECRET};
use model::{ConnectionId, OrgRole};
use server::http::{AppState, router};
use testkit::{World, both_engines};
use tower::ServiceExt as _;

struct Browser(Router);

struct Answer {
    status: StatusCode,
    to: String,
    headers: HeaderMap,
}

impl Browser {
    fn new(world: &World) -> Self {
        Self(router(AppState::new(world.control.clone())))
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap();
        let response = self.0.clone().oneshot(request).await.unwrap();
        let headers = response.headers().clone();
        let to = headers.get(header::LOCATION).map_or("", |to| to.to_str().unwrap()).to_owned();
        assert_eq!(headers[header::CACHE_CONTROL], "no-store", "{path}");
        Answer { status: response.status(), to, headers }
    }
}

impl Answer {
    /// The whole `Set-Cookie` line that begins so.
    fn cookie(&self, name: &str) -> Option<String> {
        let lines = self.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap());
        lines.filter(|line| line.starts_with(&format!("{name}="))).map(str::to_owned).next()
    }
}

fn pair(line: &str) -> String {
    line.split(';').next().unwrap().to_owned()
}

async fn connected(world: &World) -> (Provider, ConnectionId, Authorized<ConnectionManage>) {
    let org = world.org("acme").await;
    let owner = world.member(org, "olivia", OrgRole::Admin).await;
    let admin: Authorized<ConnectionManage> = world.control.authorize(&world.cx(&owner), org).await.unwrap();
    let provider = Provider::start().await;
    provider.set_time(world.control.now().millis() / 1000);
    let input = ConnectionInput::parse("Acme SSO", &provider.issuer, CLIENT, SECRET).unwrap();
    let id = world.control.create_connection(&admin, &input).await.unwrap();
    (provider, id, admin)
}

fn state(url: &str) -> String {
    let url = url::Url::parse(url).unwrap();
    url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned()
}

both_engines! {
    async fn a_browser_goes_to_the_provider_and_comes_back_with_a_session(world: World) {
        let (provider, id, _) = connected(&world).await;
        let browser = Browser::new(&world);
        let mut sessions = Vec::new();
        for _ in 0..2 {
            let begun = browser.get(&format!("/api/auth/login?connection={id}&redirect=%2Fme"), "").await;
            assert_eq!(begun.status, StatusCode::SEE_OTHER);
            assert!(begun.to.starts_with(&format!("{}/authorize?", provider.issuer)), "{}", begun.to);
            let line = begun.cookie("reeve_sign_in").unwrap();
            assert!(line.contains("HttpOnly") && line.contains("SameSite=Lax") && line.contains("Max-Age=600"), "{line}");
            let code = provider.authorize(&begun.to);
            let iss: String = url::form_urlencoded::byte_serialize(provider.issuer.as_bytes()).collect();
            let back = format!("/api/auth/callback?code={code}&state={}&iss={iss}", state(&begun.to));
            let earlier = sessions.last().cloned().unwrap_or_default();
            let done = browser.get(&back, &format!("{}; {earlier}", pair(&line))).await;
            assert_eq!((done.status, done.to.as_str()), (StatusCode::SEE_OTHER, "/me"));
            let session = done.cookie("reeve_session").unwrap();
            assert!(session.contains("HttpOnly") && session.contains("SameSite=Lax") && session.contains("Path=/;"));
            assert!(done.cookie("reeve_sign_in").unwrap().contains("Max-Age=0"));
            sessions.push(pair(&session));

            let again = browser.get(&back, &pair(&line)).await;
            assert_eq!(again.to, "/auth/error?code=attempt_expired");
            assert!(again.cookie("reeve_session").is_none());
        }
        // A new secret at every sign-in, and the one this browser held before is worth nothing.
        assert_ne!(sessions[0], sessions[1]);
        assert_eq!(browser.get("/api/auth/login?redirect=%2Fme", &sessions[0]).await.to, "/login?next=%2Fme");
        assert_eq!(browser.get("/api/auth/login?redirect=%2Fme", &sessions[1]).await.to, "/me");
    }

    async fn where_one_goes_after_signing_in_is_never_a_strangers_choice(world: World) {
        let _ = connected(&world).await;
        let browser = Browser::new(&world);
        for (asked, next) in [
            ("", "/login?next=%2F"),
            ("?redirect=%2Fdevices%2Fverify%3Fuser_code%3DA-B", "/login?next=%2Fdevices%2Fverify%3Fuser_code%3DA-B"),
            ("?redirect=https%3A%2F%2Fevil.test", "/login?next=%2F"),
            ("?redirect=%2F%2Fevil.test", "/login?next=%2F"),
            ("?redirect=%2F%5Cevil.test", "/login?next=%2F"),
            ("?redirect=javascript%3Aalert(1)", "/login?next=%2F"),
            ("?redirect=http%3A%2F%2Flocalhost%3A8580%40evil.test", "/login?next=%2F"),
            ("?redirect=http%3A%2F%2Flocalhost%3A8580.evil.test", "/login?next=%2F"),
            ("?redirect=%2Fa&redirect=%2Fb", "/login?next=%2F"),
        ] {
            let answer = browser.get(&format!("/api/auth/login{asked}"), "").await;
            assert_eq!((answer.status, answer.to.as_str()), (StatusCode::SEE_OTHER, next), "{asked}");
        }
        assert_eq!(browser.get("/api/auth/logout-complete", "").await.to, "/login");
    }

    async fn what_goes_wrong_ends_on_the_explaining_page_without_a_session(world: World) {
        let (_, id, admin) = connected(&world).await;
        world.control.set_connection_enabled(&admin, id, false).await.unwrap();
        let browser = Browser::new(&world);
        for (path, code) in [
            ("/api/auth/callback".to_owned(), "attempt_expired"),
            ("/api/auth/callback?state=x&code=y".to_owned(), "attempt_expired"),
            ("/api/auth/callback?state=x&state=y&code=z".to_owned(), "attempt_expired"),
            ("/api/auth/callback?error=%3Cscript%3E".to_owned(), "attempt_expired"),
            (format!("/api/auth/login?connection={id}"), "connection_disabled"),
            (format!("/api/auth/login?connection={}", world.id::<ConnectionId>()), "connection_disabled"),
            ("/api/auth/login?connection=..%2F..".to_owned(), "connection_disabled"),
        ] {
            let answer = browser.get(&path, "reeve_sign_in=rvbrowser_x").await;
            assert_eq!(answer.to, format!("/auth/error?code={code}"), "{path}");
            assert!(answer.cookie("reeve_session").is_none());
        }
    }

    async fn over_https_cookies_belong_to_this_host_alone(world: World) {
        let mut settings = world.control.settings().clone();
        settings.public_url = PublicUrl::parse("https://reeve.acme.test").unwrap();
        let world = world.configured(settings);
        let (provider, id, _) = connected(&world).await;
        let begun = Browser::new(&world).get(&format!("/api/auth/login?connection={id}"), "").await;
        let line = begun.cookie("__Host-reeve_sign_in").unwrap();
        assert!(line.contains("; Secure") && line.contains("Path=/;") && !line.contains("Domain"), "{line}");
        assert!(begun.to.contains("redirect_uri=https%3A%2F%2Freeve.acme.test%2Fapi%2Fauth%2Fcallback"));
        assert!(begun.to.starts_with(&provider.issuer));
    }
}
