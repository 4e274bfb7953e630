//! Requests that are served at the same time take nothing from each other.

use super::site::{Ask, Caller, Cast, Site};
use any_spawner::Executor;
use axum::Router;
use axum::middleware::from_fn;
use axum::routing::get;
use futures::channel::oneshot;
use server::http::layer::render;
use server::http::{AppState, router};
use testkit::{Engine, World};

/// Values that a page derives are not made for two threads at once: one of them would find nothing and panic, and the
/// page would wait for ever. Seen about once in four thousand pages, so what is tested is what keeps it from happening.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_page_begins_runs_with_it_and_not_beside_it() {
    async fn page() -> String {
        let (tell, told) = oneshot::channel();
        Executor::spawn(async move { tell.send(tokio::task::id()).unwrap() });
        (told.await.unwrap() == tokio::task::id()).to_string()
    }
    render::take_over_tasks();
    let site = Site::from(Router::new().route("/", get(page)).layer(from_fn(render::alone)));
    let answer = tokio::spawn(async move { site.ask(Ask::get("/")).await }).await.unwrap();
    assert_eq!(answer.body, "true");
}

/// Files and pages share threads: on a single one they take turns, so that what one leaves behind the other finds.
#[tokio::test(flavor = "current_thread")]
async fn a_page_keeps_its_headers_while_files_are_served_beside_it() {
    let folder = std::env::temp_dir().join(format!("reeve-site-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("file.txt"), "a file of the site").unwrap();
    let world = World::new(Engine::Sqlite).await.expect("SQLite is always there");
    let cast = Cast::new(world).await;
    let mut state = AppState::new(cast.world.control.clone());
    state.leptos_options.site_root = folder.to_string_lossy().into();
    let site = Site::from(router(state));
    let Caller::Browser(session) = &cast.by_admin else { panic!("people use browsers") };

    for _ in 0..40 {
        let page = Ask::page(&cast.fill("/organizations/{org}/members")).cookie(session);
        let beside = || async {
            let mut files = Vec::new();
            for _ in 0..4 {
                files.push(site.ask(Ask::get("/file.txt")).await);
                tokio::task::yield_now().await;
            }
            files
        };
        let (page, some, others) = tokio::join!(site.ask(page), beside(), beside());
        assert!(page.header("content-security-policy").contains("script-src 'nonce-"), "{:?}", page.headers);
        assert!(page.body.contains("<h1"), "{}", page.body);
        for file in some.iter().chain(&others) {
            assert_eq!(file.body, "a file of the site");
            assert!(!file.header("content-security-policy").contains("nonce"), "{:?}", file.headers);
        }
    }
    std::fs::remove_dir_all(folder).unwrap();
}
