//! Which calls ask for a fresh sign-in, and how a page says so.

use super::site::{Ask, Cast, browser};
use super::table::{Endpoint, Leaves, Who, everything};
use axum::http::StatusCode;
use control::authz::FRESH_S;
use std::collections::BTreeSet;
use testkit::both_engines;

/// The code by which programs know it, wherever it stands: in an answer, or among the data of a page.
const CODE: &str = "fresh_sign_in_required";

/// All that is asked for. A call that is missing here is one that whoever finds a browser open can make.
pub(crate) const ASKED: [&str; 57] = [
    "/api/fn/api_keys/create_secret",
    "/api/fn/api_keys/revoke",
    "/api/fn/api_keys/rotate_secret",
    "/api/fn/api_keys/set_active",
    "/api/fn/api_keys/set_policy",
    "/api/fn/connections/create",
    "/api/fn/connections/delete",
    "/api/fn/connections/set_enabled",
    "/api/fn/connections/test",
    "/api/fn/connections/update",
    "/api/fn/devices/approve_command_line",
    "/api/fn/grants/add_in_org",
    "/api/fn/grants/add_in_project",
    "/api/fn/grants/add_in_workspace",
    "/api/fn/grants/remove_in_org",
    "/api/fn/grants/remove_in_project",
    "/api/fn/grants/remove_in_workspace",
    "/api/fn/invitations/create",
    "/api/fn/invitations/resend",
    "/api/fn/invitations/revoke",
    "/api/fn/member_sessions/end",
    "/api/fn/member_sessions/end_all",
    "/api/fn/member_sessions/revoke_device",
    "/api/fn/members/leave",
    "/api/fn/members/lock",
    "/api/fn/members/remove",
    "/api/fn/members/set_role",
    "/api/fn/members/unlock",
    "/api/fn/offboarding/carry_out",
    "/api/fn/roles/create",
    "/api/fn/roles/delete",
    "/api/fn/roles/update",
    "/api/fn/service_accounts/create",
    "/api/fn/service_accounts/create_key_secret",
    "/api/fn/service_accounts/delete",
    "/api/fn/service_accounts/hand_over",
    "/api/fn/service_accounts/revoke_key",
    "/api/fn/service_accounts/rotate_key_secret",
    "/api/fn/service_accounts/set_active",
    "/api/fn/service_accounts/set_key_active",
    "/api/fn/service_accounts/set_role",
    "/api/fn/service_accounts/update",
    "/api/fn/teams/add_member",
    "/api/fn/teams/delete",
    "/api/fn/teams/remove_member",
    "/api/fn/teams/set_maintainer",
    "/api/fn/teams/update",
    "/api/fn/trust_rules/create",
    "/api/fn/trust_rules/delete",
    "/api/fn/trust_rules/enable",
    "/api/fn/trust_rules/update",
    "/api/fn/workspaces/delete",
    "/api/fn/workspaces/enroll",
    "/api/fn/workspaces/revoke_key",
    "/api/fn/workspaces/rotate_key",
    "/api/fn/workspaces/set_active",
    "/api/fn/workspaces/set_sign_in",
];

both_engines! {
    async fn what_is_sensitive_is_asked_for_again_and_nothing_that_reads(world: World) {
        let cast = Cast::new(world).await;
        let mut browsers = Vec::new();
        // What describes the API names the code without failing by it.
        let described = |endpoint: &&Endpoint| matches!(endpoint.path, "/api" | "/api/openapi.json");
        let people = everything().filter(|endpoint| !matches!(endpoint.who, Who::Server | Who::Entrant));
        for endpoint in people.filter(|endpoint| !described(endpoint)) {
            browsers.push((endpoint, browser(&cast.world, &cast.admin).await));
        }
        cast.world.clock.advance_s(FRESH_S + 1);
        let before = cast.world.audit(cast.org).await;
        let mut asked = BTreeSet::new();
        for (endpoint, caller) in &browsers {
            let sensitive = ASKED.contains(&endpoint.path);
            if !sensitive && endpoint.leaves != Leaves::Reads {
                continue;
            }
            let answer = cast.ask(endpoint.request(&cast).by(caller)).await;
            if answer.body.contains(CODE) {
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{endpoint:?}");
                assert_ne!(endpoint.leaves, Leaves::Reads, "{endpoint:?} is asked for, and only reads");
                asked.insert(endpoint.path);
            }
        }
        assert_eq!(asked, BTreeSet::from(ASKED));
        assert_eq!(cast.world.audit(cast.org).await, before, "nothing was done, and nobody was denied anything");

        // What changes something and is not in the list is not asked for either. Each from a browser of its own, as ending
        // sessions is among them.
        for (endpoint, _) in browsers {
            if !ASKED.contains(&endpoint.path) && endpoint.leaves != Leaves::Reads {
                let caller = browser(&cast.world, &cast.admin).await;
                cast.world.clock.advance_s(FRESH_S + 1);
                let answer = cast.ask(endpoint.request(&cast).by(&caller)).await;
                assert!(!answer.body.contains(CODE), "{endpoint:?} is not in the list");
            }
        }
    }

    async fn a_page_without_javascript_says_where_to_sign_in_again(world: World) {
        let cast = Cast::new(world).await;
        let caller = browser(&cast.world, &cast.admin).await;
        cast.world.clock.advance_s(FRESH_S + 1);
        let page = cast.fill("/organizations/{org}/members/{user}");
        let form = cast.fill("org={org}&user={user}&role=organization-manager");
        let posted = Ask::new("POST", "/api/fn/members/set_role")
            .form(&form)
            .header("accept", "text/html,application/xhtml+xml")
            .header("sec-fetch-site", "same-origin")
            .header("referer", &format!("http://localhost:8580{page}"))
            .by(&caller);
        let back = cast.ask(posted).await;
        assert_eq!(back.status, StatusCode::FOUND, "{}", back.body);
        let location = back.header("location").trim_start_matches("http://localhost:8580").to_owned();
        assert!(location.starts_with(&page) && location.contains("__err="), "{location}");

        let shown = cast.ask(Ask::page(&location).by(&caller)).await.body;
        assert!(shown.contains("Sign in again to confirm it is you"), "{shown}");
        let next: String = url::form_urlencoded::byte_serialize(page.as_bytes()).collect();
        let plain = shown.replace("%2D", "-");
        assert!(plain.contains(&format!("href=\"/login?next={next}\"")), "{plain}");

        let login = cast.ask(Ask::page(&format!("/login?next={next}")).by(&caller)).await.body;
        for text in ["Confirm it is you", "You are signed in as olivia (olivia@acme.test)."] {
            assert!(login.contains(text), "{text}: {login}");
        }
        let nobody = cast.ask(Ask::page("/login")).await.body;
        assert!(!nobody.contains("Confirm it is you"));
    }
}
