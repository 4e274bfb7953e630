//! Every endpoint is in the table, and nobody gets further than the table says.

use super::site::{Ask, Caller, Cast, Role, Site, device, exchanged};
use super::table::{Endpoint, Who, calls, everything};
use axum::http::StatusCode;
use control::authz::TeamManage;
use model::grant::Principal;
use model::{OrgRole, Permission, ProjectRole, WorkspaceRole};
use std::collections::BTreeSet;
use testkit::both_engines;

/// The paths in a router's printed form: `Node { paths: {RouteId(7): "/health", …} }`.
fn paths(printed: &str) -> BTreeSet<String> {
    let (_, named) = printed.split_once("Node { paths: {").expect("the router prints its paths");
    let end = named.find("} }").expect("the list of paths ends");
    named[..end].split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn kind(who: Who) -> &'static str {
    match who {
        Who::Anyone(_) => "anyone",
        Who::SignedIn => "signed in",
        Who::Org(_) => "organization",
        Who::Workspace(_) => "workspace",
        Who::Team(_) => "team",
        Who::Project(_) => "project",
        Who::Account(_) => "account",
        Who::Entrant => "entrant",
        Who::Server => "server",
        Who::Visitor => "visitor",
    }
}

fn rows(kinds: &'static [&'static str]) -> impl Iterator<Item = &'static Endpoint> {
    // A word that is no kind would make a test of nothing.
    for wanted in kinds {
        assert!(
            everything().any(|endpoint| kind(endpoint.who) == *wanted),
            "no endpoint is of the kind {wanted}"
        );
    }
    everything().filter(|endpoint| kinds.contains(&kind(endpoint.who)))
}

/// All that a ZenML client asks of those who are signed in.
pub(crate) const FOR_CLIENTS: [&str; 7] = [
    "/api/fn/sessions/me",
    "/api/v1/users/me",
    "/api/v1/users/authorize_server",
    "/api/v1/organizations",
    "/api/v1/organizations/{id_or_name}",
    "/api/v1/workspaces",
    "/api/v1/workspaces/{id_or_name}",
];

fn is_for_clients(endpoint: &Endpoint) -> bool {
    // Server functions are posted to, also those that read.
    let reads = endpoint.method == "GET" || endpoint.path.starts_with("/api/fn/");
    reads && FOR_CLIENTS.contains(&endpoint.path)
}

/// What an administrator's own clients sign in with: every workspace they work with sees it.
async fn clients(cast: &Cast) -> [Caller; 2] {
    [device(&cast.world, &cast.admin, cast.workspace).await, exchanged(&cast.world, &cast.admin).await]
}

/// What the log tells, apart from entering and from being refused.
async fn changes(cast: &Cast) -> Vec<String> {
    let mut log = cast.world.audit(cast.org).await;
    log.retain(|entry| !matches!(entry.as_str(), "access.denied/refused" | "workspace.entered/success"));
    log
}

/// Of the rows about a team, the member gets those that need one of `rights`.
async fn may_in_team(cast: &Cast, rights: &[Permission]) {
    for endpoint in rows(&["team"]) {
        let Who::Team(permission) = endpoint.who else { continue };
        let answer = cast.send(endpoint, Role::Member).await;
        if rights.contains(&permission) {
            let refused = matches!(answer.status.as_u16(), 401 | 403 | 404);
            assert!(!refused, "{endpoint:?}: {} {}", answer.status, answer.body);
        } else {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{endpoint:?}: {}", answer.body);
        }
    }
}

both_engines! {
    async fn every_route_has_a_row_and_every_row_a_route(world: World) {
        let found = paths(&Site::of(&world).printed_routes());
        let listed: BTreeSet<String> = everything().map(|e| e.path.to_owned()).collect();
        let missing: Vec<_> = found.difference(&listed).collect();
        assert!(missing.is_empty(), "routes without a row in table.rs: {missing:#?}");
        let gone: Vec<_> = listed.difference(&found).collect();
        assert!(gone.is_empty(), "rows of table.rs without a route: {gone:#?}");

        let found: BTreeSet<String> =
            server_fn::axum::server_fn_paths().map(|(path, method)| format!("{method} {path}")).collect();
        let listed: BTreeSet<String> = calls().map(|e| format!("{} {}", e.method, e.path)).collect();
        assert_eq!(found, listed, "server functions and their rows");
    }

    async fn nobody_gets_only_what_is_open_to_anyone(world: World) {
        let cast = Cast::new(world).await;
        for endpoint in everything() {
            let answer = cast.send(endpoint, Role::Nobody).await;
            let status = answer.status.as_u16();
            match endpoint.who {
                Who::Anyone(_) => assert!(!matches!(status, 401 | 403 | 405), "{endpoint:?}: {status}"),
                _ if endpoint.is_for_browsers() => {
                    assert_eq!(status, 303, "{endpoint:?}: {}", answer.body);
                    assert!(answer.header("location").starts_with("/login"), "{endpoint:?}");
                }
                _ => assert_eq!(status, 401, "{endpoint:?}: {}", answer.body),
            }
        }
    }

    async fn a_stranger_learns_of_nothing(world: World) {
        let cast = Cast::new(world).await;
        for endpoint in rows(&["organization", "workspace", "team", "project", "account"]) {
            let answer = cast.send(endpoint, Role::Stranger).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{endpoint:?}: {}", answer.body);
        }
    }

    async fn a_member_gets_what_members_may(world: World) {
        let cast = Cast::new(world).await;
        for endpoint in rows(&["organization"]) {
            let Who::Org(permission) = endpoint.who else { continue };
            // One of the calls is to leave.
            cast.world.join(cast.org, &cast.member, OrgRole::Member).await;
            let answer = cast.send(endpoint, Role::Member).await;
            if OrgRole::Member.grants(permission) {
                let refused = matches!(answer.status.as_u16(), 401 | 403);
                assert!(!refused, "{endpoint:?}: {} {}", answer.status, answer.body);
            } else {
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{endpoint:?}: {}", answer.body);
            }
        }
    }

    async fn a_viewer_gets_what_viewers_may(world: World) {
        let cast = Cast::new(world).await;
        cast.give(&cast.member, WorkspaceRole::Viewer).await;
        for endpoint in rows(&["workspace"]) {
            let Who::Workspace(permission) = endpoint.who else { continue };
            let answer = cast.send(endpoint, Role::Member).await;
            if WorkspaceRole::Viewer.grants(permission) {
                let refused = matches!(answer.status.as_u16(), 401 | 403);
                assert!(!refused, "{endpoint:?}: {} {}", answer.status, answer.body);
            } else {
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{endpoint:?}: {}", answer.body);
            }
        }
    }

    async fn a_member_without_a_part_in_a_workspace_learns_of_nothing_in_it(world: World) {
        let cast = Cast::new(world).await;
        for endpoint in rows(&["workspace"]) {
            let answer = cast.send(endpoint, Role::Member).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{endpoint:?}: {}", answer.body);
        }
    }

    async fn a_member_without_a_part_in_a_team_a_project_or_an_account_learns_of_nothing_in_it(world: World) {
        let cast = Cast::new(world).await;
        for endpoint in rows(&["team", "project", "account"]) {
            let answer = cast.send(endpoint, Role::Member).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{endpoint:?}: {}", answer.body);
        }
        // A role in the workspace shows its projects only if it says so.
        cast.give(&cast.member, WorkspaceRole::Viewer).await;
        for endpoint in rows(&["project"]) {
            let answer = cast.send(endpoint, Role::Member).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{endpoint:?}: {}", answer.body);
        }
    }

    async fn somebody_in_a_team_sees_it_and_a_maintainer_manages_who_is_in_it(world: World) {
        let plain = Cast::new(world).await;
        plain.put_in_team(&plain.member, false).await;
        may_in_team(&plain, &[Permission::TeamRead]).await;
        let (control, cx) = (&plain.world.control, plain.world.cx(&plain.admin));
        let auth = control.authorize::<TeamManage>(&cx, plain.team).await.unwrap();
        control.set_team_maintainer(&auth, Principal::User(plain.member.id), true).await.unwrap();
        may_in_team(&plain, &[Permission::TeamRead, Permission::TeamMembers]).await;
    }

    async fn whoever_answers_for_an_account_sees_it_and_manages_its_keys(world: World) {
        let cast = Cast::new(world).await;
        cast.hand_over_account(&cast.member).await;
        for endpoint in rows(&["account"]) {
            let Who::Account(permission) = endpoint.who else { continue };
            let answer = cast.send(endpoint, Role::Member).await;
            if matches!(permission, Permission::ServiceAccountRead | Permission::ServiceAccountKeys) {
                let refused = matches!(answer.status.as_u16(), 401 | 403 | 404);
                assert!(!refused || endpoint.sent_for_nothing(), "{endpoint:?}: {} {}", answer.status, answer.body);
            } else {
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{endpoint:?}: {}", answer.body);
            }
        }
    }

    async fn a_viewer_of_a_project_gets_what_viewers_may(world: World) {
        let cast = Cast::new(world).await;
        cast.give_in_project(&cast.member, ProjectRole::Viewer).await;
        for endpoint in rows(&["project"]) {
            let Who::Project(permission) = endpoint.who else { continue };
            let answer = cast.send(endpoint, Role::Member).await;
            if ProjectRole::Viewer.grants(permission) {
                let refused = matches!(answer.status.as_u16(), 401 | 403);
                assert!(!refused, "{endpoint:?}: {} {}", answer.status, answer.body);
            } else {
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{endpoint:?}: {}", answer.body);
            }
        }
    }

    async fn nobody_enters_a_workspace_they_have_no_part_in_or_learns_that_it_exists(world: World) {
        let cast = Cast::new(world).await;
        for endpoint in rows(&["entrant"]) {
            let stranger = cast.send(endpoint, Role::Stranger).await;
            let member = cast.send(endpoint, Role::Member).await;
            let nowhere = Endpoint { sent: "/api/v1/users/authorize_server?server_id={nothing}", ..*endpoint };
            let nowhere = cast.send(&nowhere, Role::Stranger).await;
            for answer in [&stranger, &member, &nowhere] {
                assert_eq!((answer.status, &answer.body), (StatusCode::FORBIDDEN, &stranger.body), "{endpoint:?}");
            }
            cast.give(&cast.member, WorkspaceRole::Viewer).await;
            assert_eq!(cast.send(endpoint, Role::Member).await.status, StatusCode::OK, "{endpoint:?}");
        }
    }

    async fn a_workspace_has_no_way_into_the_dashboard(world: World) {
        let cast = Cast::new(world).await;
        for endpoint in rows(&["signed in", "organization", "workspace", "team", "project", "account", "entrant"]) {
            let answer = cast.send(endpoint, Role::Workspace).await;
            let status = answer.status.as_u16();
            let refused = matches!(status, 401 | 303) || (!endpoint.is_for_browsers() && matches!(status, 403 | 404));
            assert!(refused, "{endpoint:?}: {status} {}", answer.body);
        }
    }

    async fn a_client_reads_what_it_needs_and_administers_nothing(world: World) {
        let cast = Cast::new(world).await;
        let mut answered = 0;
        for client in clients(&cast).await {
            let before = changes(&cast).await;
            for endpoint in everything().filter(|endpoint| !matches!(endpoint.who, Who::Anyone(_) | Who::Visitor)) {
                let answer = cast.ask(endpoint.request(&cast).by(&client)).await;
                let (status, said) = (answer.status.as_u16(), &answer.body);
                if is_for_clients(endpoint) {
                    assert_eq!(status, 200, "{endpoint:?}: {said}");
                    answered += 1;
                } else if endpoint.is_for_browsers() {
                    assert_eq!(status, 303, "{endpoint:?}: {said}");
                    assert!(answer.header("location").starts_with("/login"), "{endpoint:?}");
                } else {
                    assert_eq!(status, 403, "{endpoint:?}: {said}");
                    let why = if endpoint.who == Who::Server { "Only the server" } else { "for working with workspaces" };
                    assert!(said.contains(why), "{endpoint:?}: {said}");
                }
            }
            assert_eq!(changes(&cast).await, before);
        }
        assert_eq!(answered, 2 * FOR_CLIENTS.len());
    }

    async fn a_client_learns_of_nothing_its_person_has_no_part_in(world: World) {
        let cast = Cast::new(world).await;
        let client = exchanged(&cast.world, &cast.stranger).await;
        for endpoint in rows(&["organization", "workspace", "team", "project", "account"]) {
            let answer = cast.ask(endpoint.request(&cast).by(&client)).await;
            let status = if endpoint.is_for_browsers() { 303 } else { 404 };
            assert_eq!(answer.status.as_u16(), status, "{endpoint:?}: {}", answer.body);
        }
    }

    async fn only_a_workspace_acts_as_one(world: World) {
        let cast = Cast::new(world).await;
        for endpoint in rows(&["server"]) {
            for role in [Role::Nobody, Role::Admin, Role::Stranger] {
                let status = cast.send(endpoint, role).await.status.as_u16();
                assert!(matches!(status, 401 | 403 | 404), "{endpoint:?}: {status}");
            }
            let own = cast.send(endpoint, Role::Workspace).await;
            assert!(!matches!(own.status.as_u16(), 401 | 403 | 405), "{endpoint:?}: {} {}", own.status, own.body);
        }
    }

    async fn only_the_token_of_a_sign_in_tells_who_that_is(world: World) {
        let cast = Cast::new(world).await;
        let others = [Caller::Nobody, cast.by_admin.clone(), cast.by_workspace.clone()];
        let callers: Vec<_> = clients(&cast).await.into_iter().chain(others).collect();
        for endpoint in rows(&["visitor"]) {
            for caller in &callers {
                let answer = cast.ask(endpoint.request(&cast).by(caller)).await;
                // A form of another site is refused before it is asked who sends it.
                let by_cookie = matches!(caller, Caller::Browser(_)) && endpoint.method == "POST";
                let status = if by_cookie { [401, 403] } else { [401, 401] };
                assert!(status.contains(&answer.status.as_u16()), "{endpoint:?}: {} {}", answer.status, answer.body);
            }
        }
    }

    async fn an_administrator_reaches_everything_of_theirs(world: World) {
        let cast = Cast::new(world).await;
        for endpoint in rows(&["signed in", "organization", "workspace", "team", "project", "account", "entrant"]) {
            let answer = cast.send(endpoint, Role::Admin).await;
            let status = answer.status.as_u16();
            assert!(!matches!(status, 401 | 403 | 405) && status < 500, "{endpoint:?}: {status} {}", answer.body);
            // A row whose request cannot be read would pass every test above without reaching anything.
            assert!(!answer.body.contains("cannot be read"), "{endpoint:?}: {}", answer.body);
        }
    }

    async fn a_session_is_no_token_and_a_token_no_session(world: World) {
        let cast = Cast::new(world).await;
        let (Caller::Browser(session), Caller::Program(token)) = (&cast.by_admin, &cast.by_workspace) else {
            panic!("people use browsers, workspaces are programs")
        };
        let program = Ask::get("/organizations").header("authorization", &format!("Bearer {session}"));
        assert!(!cast.ask(program).await.status.is_success());
        assert_eq!(cast.ask(Ask::page("/me").cookie(token)).await.status, StatusCode::SEE_OTHER);
    }
}

#[test]
fn rights_are_asked_for_where_they_are_held() {
    for endpoint in everything() {
        let held = match endpoint.who {
            Who::Org(permission) => OrgRole::Admin.grants(permission),
            Who::Workspace(permission) => {
                permission == Permission::WorkspaceAct
                    || WorkspaceRole::Admin.grants(permission)
                    || OrgRole::Admin.grants(permission)
            }
            Who::Team(permission) | Who::Project(permission) => OrgRole::Admin.grants(permission),
            _ => true,
        };
        assert!(held, "no administrator could use {endpoint:?}");
    }
}
