//! Sessions, statuses, foreign sites and sizes, over the whole stack.

use super::site::{Ask, Caller, Cast, browser, sign_in_link};
use axum::http::StatusCode;
use testkit::both_engines;

fn session(caller: &Caller) -> &str {
    match caller {
        Caller::Browser(session) => session,
        _ => panic!("no browser"),
    }
}

fn me() -> Ask {
    Ask::call("/api/fn/sessions/me", "_=")
}

both_engines! {
    async fn signing_out_ends_the_session(world: World) {
        let cast = Cast::new(world).await;
        assert_eq!(cast.ask(me().by(&cast.by_admin)).await.status, StatusCode::OK);
        let out = cast.ask(Ask::call("/logout", "").by(&cast.by_admin)).await;
        assert_eq!((out.status, out.header("location")), (StatusCode::SEE_OTHER, "/login"));
        assert!(out.set_cookies()[0].starts_with("reeve_session=; Path=/; Max-Age=0"), "{:?}", out.set_cookies());
        assert_eq!(cast.world.audit(cast.org).await[0], "session.ended/success");
        assert_eq!(cast.ask(me().by(&cast.by_admin)).await.status, StatusCode::UNAUTHORIZED);
        let again = cast.ask(Ask::call("/logout", "").by(&cast.by_admin)).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "signing out twice is no error");
    }

    async fn a_session_begins_with_a_cookie_nobody_else_reads(world: World) {
        let cast = Cast::new(world).await;
        let before = browser(&cast.world, &cast.admin).await;
        let link = sign_in_link(&cast.world, &cast.admin).await;

        let looked = cast.ask(Ask::page(&format!("/login/link/{link}"))).await;
        assert_eq!(looked.status, StatusCode::OK);
        assert!(looked.set_cookies().is_empty(), "looking must not use it up: mail programs look");
        let call = Ask::call("/api/fn/sessions/use_link", &format!("link={link}")).by(&before);
        let used = cast.ask(call.clone()).await;
        assert!(used.status.is_success() || used.status.is_redirection(), "{} {}", used.status, used.body);
        let cookie = used.set_cookies()[0].to_owned();
        for part in ["reeve_session=rvs_", "; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age="] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!used.body.contains("rvs_"), "scripts could read a secret in a body");
        let secret = cookie["reeve_session=".len()..].split(';').next().unwrap();
        assert_ne!(secret, session(&before), "the session was not rotated");
        assert_eq!(cast.ask(me().by(&before)).await.status, StatusCode::UNAUTHORIZED, "the one before lives on");
        assert_eq!(cast.ask(me().cookie(secret)).await.status, StatusCode::OK);
        assert_eq!(cast.ask(call).await.status, StatusCode::GONE, "a link works once");
    }

    async fn a_failed_call_has_the_status_of_its_error(world: World) {
        let cast = Cast::new(world).await;
        for (form, by, status) in [
            ("org={org}&display_name=&description=", &cast.by_admin, 422),
            ("org={org}", &cast.by_admin, 422),
            ("org=acme&display_name=a&description=", &cast.by_admin, 422),
            ("org={nothing}&display_name=a&description=", &cast.by_admin, 404),
            ("org={org}&display_name=a&description=", &cast.by_member, 403),
            ("org={org}&display_name=a&description=", &Caller::Nobody, 401),
        ] {
            let answer = cast.ask(Ask::call("/api/fn/orgs/update", &cast.fill(form)).by(by)).await;
            assert_eq!(answer.status.as_u16(), status, "{form}: {}", answer.body);
            let error: model::ApiError = serde_json::from_str(&answer.body).expect("an ApiError");
            assert_eq!(error.request_id, answer.header("x-request-id"), "{form}");
        }
    }

    async fn without_scripts_an_error_comes_back_to_the_form(world: World) {
        let cast = Cast::new(world).await;
        let page = format!("http://localhost:8580/organizations/{}/settings", cast.org);
        let ask = Ask::new("POST", "/api/fn/orgs/update")
            .header("accept", "text/html")
            .header("sec-fetch-site", "same-origin")
            .header("referer", &page)
            .form(&cast.fill("org={org}&display_name=&description="));
        let answer = cast.ask(ask.by(&cast.by_admin)).await;
        assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.body);
        let location = answer.header("location");
        assert!(location.starts_with(&page) && location.contains("__err="), "{location}");
    }

    async fn other_sites_cannot_use_somebodys_session(world: World) {
        let cast = Cast::new(world).await;
        let before = cast.world.audit(cast.org).await;
        let forms = [
            ("/api/fn/orgs/update", cast.fill("org={org}&display_name=Owned&description=")),
            ("/logout", String::new()),
            ("/theme", "theme=dark".to_owned()),
        ];
        for (path, form) in &forms {
            for (name, value) in [
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-site", "same-site"),
                ("origin", "https://evil.test"),
                ("origin", "null"),
                ("x-nothing", "at all"),
            ] {
                let ask = Ask::new("POST", path).form(form).header(name, value).by(&cast.by_admin);
                let answer = cast.ask(ask).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {name}: {value}: {}", answer.body);
            }
        }
        assert_eq!(cast.world.audit(cast.org).await, before, "something was changed");
        let ours = Ask::new("POST", "/theme").form("theme=dark").header("origin", "http://localhost:8580");
        assert_eq!(cast.ask(ours.by(&cast.by_admin)).await.status, StatusCode::SEE_OTHER);
    }

    async fn nobody_is_signed_in_by_another_site(world: World) {
        let cast = Cast::new(world).await;
        let form = format!("link={}", sign_in_link(&cast.world, &cast.member).await);
        let foreign = Ask::new("POST", "/api/fn/sessions/use_link").form(&form).header("sec-fetch-site", "cross-site");
        assert_eq!(cast.ask(foreign).await.status, StatusCode::FORBIDDEN);
        let ours = cast.ask(Ask::call("/api/fn/sessions/use_link", &form)).await;
        assert!(!ours.set_cookies().is_empty(), "the refused attempt used up the link");
    }

    async fn bodies_that_are_too_large_are_refused(world: World) {
        let cast = Cast::new(world).await;
        let form = |description: &str| format!("org={}&display_name=a&description={description}", cast.org);
        let large = Ask::call("/api/fn/orgs/update", &form(&"a".repeat(65 * 1024))).by(&cast.by_admin);
        let answer = cast.ask(large).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.body);
        let fits = Ask::call("/api/fn/orgs/update", &form("fits")).by(&cast.by_admin);
        assert_eq!(cast.ask(fits).await.status, StatusCode::OK);
    }

    async fn the_theme_is_remembered_and_leads_back_to_a_page_of_ours(world: World) {
        let cast = Cast::new(world).await;
        let choose =
            |theme: &str, referer: &str| Ask::call("/theme", &format!("theme={theme}")).header("referer", referer);
        let dark = cast.ask(choose("dark", "http://localhost:8580/me?a=b")).await;
        assert_eq!((dark.status, dark.header("location")), (StatusCode::SEE_OTHER, "/me?a=b"));
        assert!(dark.set_cookies()[0].starts_with("reeve_theme=dark;"), "{:?}", dark.set_cookies());
        let page = cast.ask(Ask::page("/login").header("cookie", "reeve_theme=dark")).await;
        assert!(page.body.contains("data-theme=\"dark\""), "{}", page.body.chars().take(300).collect::<String>());
        for (referer, location) in [
            ("https://evil.test/phish", "/phish"),
            ("https://evil.test//evil.test", "/"),
            ("javascript:alert(1)", "/"),
            ("nonsense", "/"),
        ] {
            assert_eq!(cast.ask(choose("light", referer)).await.header("location"), location, "{referer}");
        }
    }

    async fn pages_nobody_may_see_lead_to_signing_in_and_back(world: World) {
        let cast = Cast::new(world).await;
        let answer = cast.ask(Ask::page("/me/sessions?x=%2F%2Fevil")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.header("location"), "/login?next=%2Fme%2Fsessions%3Fx%3D%252F%252Fevil");
        assert_eq!(cast.ask(Ask::page("/nowhere/at/all")).await.status, StatusCode::NOT_FOUND);
        let api = cast.ask(Ask::get("/api/v1/nothing")).await;
        assert_eq!((api.status, api.header("content-type")), (StatusCode::NOT_FOUND, "application/json"));
    }
}
