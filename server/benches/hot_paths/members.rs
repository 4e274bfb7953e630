//! The first page of the members list of an organization with a hundred thousand members.

use super::report;
use axum::body::Body;
use http::{Request, header};
use http_body_util::BodyExt;
use model::OrgRole;
use server::http::{AppState, router};
use std::time::Instant;
use testkit::World;
use tower::ServiceExt;

const MEMBERS: usize = 100_000;
const PAGES: usize = 200;

/// Renders it, with and without a search.
pub(crate) async fn page(world: &World, engine: &str) {
    let org = world.org("large").await;
    let admin = world.member(org, "admin", OrgRole::Admin).await;
    world.crowd(org, MEMBERS).await;
    let cookie = format!("reeve_session={}", world.session(&admin).await.expose());
    let app = router(AppState::new(world.control.clone()));
    for (what, path) in [
        ("members page", format!("/organizations/{org}/members")),
        ("members page, search", format!("/organizations/{org}/members?search=person-77")),
    ] {
        let mut times = Vec::with_capacity(PAGES);
        for _ in 0..PAGES {
            let request =
                Request::get(&path).header(header::COOKIE, &cookie).body(Body::empty()).expect("a request");
            let began = Instant::now();
            let response = app.clone().oneshot(request).await.expect("an answer");
            let status = response.status();
            let body = response.into_body().collect().await.expect("a page").to_bytes();
            times.push(began.elapsed());
            assert!(
                status.is_success() && body.len() > 5_000,
                "{path} answered {status} with {} bytes",
                body.len()
            );
        }
        report::times(
            &format!("{what}, {MEMBERS} members, {engine}: p50 / p95"),
            &mut times,
            0.95,
            "p95 under 50 ms",
        );
    }
}
