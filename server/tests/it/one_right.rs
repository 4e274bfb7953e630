//! One right is enough for each write of the admin API: what was done is never answered as if it were forbidden.

use super::admin_api::Script;
use super::site::{Ask, Caller, Cast, browser, token};
use control::api_keys::NewApiKey;
use model::OrgRole;
use serde_json::{Value, json};
use testkit::{Person, both_engines};

/// A member who holds these permissions in the organization beyond what every member holds.
async fn holding(cast: &Cast, name: &str, permissions: &[&str]) -> Person {
    let person = cast.world.member(cast.org, name, OrgRole::Member).await;
    let admin = Script::of_admin(cast).await;
    let role = json!({ "level": "organization", "name": name, "permissions": permissions });
    let role = admin.done("POST", "/roles", Some(role)).await;
    let given = format!("/roles/{}/assignments?user_id={}", role["id"].as_str().unwrap(), person.id);
    admin.done("POST", &given, None).await;
    person
}

/// A program of such a member.
async fn script_of<'a>(cast: &'a Cast, name: &str, permissions: &[&str]) -> Script<'a> {
    let person = holding(cast, name, permissions).await;
    Script { by: token(&cast.world, &person).await, cast }
}

/// A program of the administrator by a key that is limited.
async fn limited<'a>(cast: &'a Cast, scopes: &[&str]) -> Script<'a> {
    let me = cast.world.control.my_keys(&cast.world.cx(&cast.admin)).await.unwrap();
    let new = NewApiKey::parse("limited", "30", "").unwrap().limited(scopes.iter().copied(), None).unwrap();
    let made = cast.world.control.create_api_key(&me, &new).await.unwrap();
    Script { by: Caller::Program(made.secret), cast }
}

/// The path of what was made.
fn one(all: &str, made: &Value) -> String {
    format!("{all}/{}", made["id"].as_str().unwrap())
}

both_engines! {
    async fn to_manage_roles_is_to_be_shown_what_one_makes_of_them(world: World) {
        let cast = Cast::new(world).await;
        let person = script_of(&cast, "rita", &["role.manage"]).await;
        let key = limited(&cast, &["role.manage"]).await;
        for (script, name) in [(person, "Auditors"), (key, "Keepers")] {
            let new = json!({
                "organization_id": cast.org, "level": "organization", "name": name, "permissions": ["role.manage"],
            });
            let made = script.done("POST", "/roles", Some(new)).await;
            assert_eq!((&made["name"], &made["revision"]), (&json!(name), &json!(1)));
            assert!(made["permissions"].as_array().unwrap().contains(&json!("role.manage")), "{made}");
            let role = one("/roles", &made);
            let change = json!({ "description": "Newer", "revision": 1 });
            let changed = script.done("PATCH", &role, Some(change.clone())).await;
            assert_eq!((&changed["name"], &changed["description"]), (&json!(name), &json!("Newer")));
            assert_eq!((&changed["permissions"], &changed["revision"]), (&made["permissions"], &json!(2)));
            assert_eq!(script.call("PATCH", &role, Some(change)).await.0, 409, "somebody changed it since");
            assert_eq!(script.call("GET", &role, None).await.0, 403, "looking is a right of its own");
        }
    }

    async fn to_manage_teams_is_to_be_shown_what_one_makes_of_them(world: World) {
        let cast = Cast::new(world).await;
        let person = script_of(&cast, "tara", &["team.manage"]).await;
        let key = limited(&cast, &["team.manage"]).await;
        for (script, name, looking) in [(person, "Data", 404), (key, "Science", 403)] {
            let new = json!({ "organization_id": cast.org, "name": name, "description": "First" });
            let made = script.done("POST", "/teams", Some(new)).await;
            assert_eq!((&made["name"], &made["member_count"]), (&json!(name), &json!(0)));
            let team = one("/teams", &made);
            let changed = script.done("PATCH", &team, Some(json!({ "description": "Second" }))).await;
            assert_eq!((&changed["name"], &changed["description"]), (&json!(name), &json!("Second")));
            assert_eq!(script.call("GET", &team, None).await.0, looking, "looking is a right of its own");
        }
    }

    async fn to_manage_service_accounts_is_to_be_shown_what_one_makes_of_them(world: World) {
        const ALL: &str = "/organizations/acme/service_accounts";
        let cast = Cast::new(world).await;
        let person = script_of(&cast, "sara", &["organization_service_account.manage"]).await;
        let key = limited(&cast, &["organization_service_account.manage"]).await;
        for (script, name, looking) in [(person, "nightly", 404), (key, "weekly", 403)] {
            // Whoever answers for an account sees it, so somebody else does.
            let new = json!({ "username": name, "owner": format!("user:{}", cast.colleague.id) });
            let made = script.done("POST", ALL, Some(new)).await;
            assert_eq!((&made["username"], &made["active"]), (&json!(name), &json!(true)));
            let account = one(ALL, &made);
            let changed = script.done("PATCH", &account, Some(json!({ "description": "Builds" }))).await;
            assert_eq!((&changed["username"], &changed["description"]), (&json!(name), &json!("Builds")));
            let again = script.done("PATCH", &account, Some(json!({ "description": "Builds" }))).await;
            assert_eq!(again, changed, "nothing changed, and it is shown all the same");
            let off = script.done("PATCH", &account, Some(json!({ "active": false }))).await;
            assert_eq!((&off["active"], &off["description"]), (&json!(false), &json!("Builds")));
            assert_eq!(script.call("GET", &account, None).await.0, looking, "looking is a right of its own");
            script.done("DELETE", &account, None).await;
        }
    }

    async fn a_service_account_is_deleted_in_the_dashboard_by_whoever_manages_it(world: World) {
        let cast = Cast::new(world).await;
        let person = holding(&cast, "sara", &["organization_service_account.manage"]).await;
        let by = browser(&cast.world, &person).await;
        let delete = async |typed: &str| {
            let form = cast.fill(&format!("org={{org}}&account={{account}}&confirm={typed}"));
            cast.ask(Ask::call("/api/fn/service_accounts/delete", &form).by(&by)).await
        };
        let wrong = delete("other").await;
        assert!(wrong.status == 422 && wrong.body.contains("ci-bot"), "{} {}", wrong.status, wrong.body);
        let done = delete("ci-bot").await;
        assert!(done.status.is_success() || done.status.is_redirection(), "{} {}", done.status, done.body);
        let admin = Script::of_admin(&cast).await;
        assert_eq!(admin.call("GET", "/organizations/acme/service_accounts/{account}", None).await.0, 404);
    }

    async fn a_key_lives_from_its_making_to_its_end_by_the_right_to_manage_keys_alone(world: World) {
        const ALL: &str = "/organizations/acme/service_accounts/ci-bot/api_keys";
        let cast = Cast::new(world).await;
        let script = script_of(&cast, "kim", &["organization_service_account.keys"]).await;
        for by_name in [false, true] {
            let new = json!({ "name": "nightly", "expires_in_minutes": 60 });
            let made = script.done("POST", ALL, Some(new)).await;
            let key = if by_name { format!("{ALL}/nightly") } else { one(ALL, &made) };
            let changed = script.done("PATCH", &key, Some(json!({ "description": "Builds" }))).await;
            assert_eq!((&changed["id"], &changed["description"]), (&made["id"], &json!("Builds")));
            let rotated = script.done("POST", &format!("{key}/rotate"), None).await;
            assert_eq!(rotated["id"], made["id"]);
            assert_ne!(rotated["key"], made["key"]);
            for looking in [ALL, &key] {
                assert_eq!(script.call("GET", looking, None).await.0, 404, "looking is a right of its own");
            }
            script.done("DELETE", &key, None).await;
            assert_eq!(script.call("PATCH", &key, Some(json!({ "active": true }))).await.0, 404, "it is over");
        }
        assert_eq!(script.call("DELETE", &format!("{ALL}/{{nothing}}"), None).await.0, 404);
    }

    async fn a_program_that_says_it_reads_pages_is_given_what_it_made(world: World) {
        let cast = Cast::new(world).await;
        let script = limited(&cast, &["workspace.enroll"]).await;
        let form = cast.fill("org={org}&name=staging");
        let ask = Ask::new("POST", "/api/fn/workspaces/enroll").header("accept", "text/html").form(&form);
        let answer = cast.ask(ask.by(&script.by)).await;
        assert!(answer.body.contains("rvenroll_"), "{} {}", answer.status, answer.body);
    }

    async fn to_give_roles_in_a_place_takes_no_right_to_look_at_it(world: World) {
        let cast = Cast::new(world).await;
        let taken = "members?user_id={colleague}";
        for (scope, place) in [
            ("grant.manage", "/workspaces/research"),
            ("project_grant.manage", "/workspaces/research/projects/{project}"),
        ] {
            let script = limited(&cast, &[scope]).await;
            let (status, told) = script.call("DELETE", &format!("{place}/{taken}"), None).await;
            assert_eq!(status, 404, "they hold nothing there: {told}");
            assert_eq!(script.call("GET", &format!("{place}/members"), None).await.0, 403);
        }
    }

    async fn what_a_change_does_not_name_stays_as_another_leaves_it_at_the_same_time(world: World) {
        let cast = Cast::new(world).await;
        let script = Script::of_admin(&cast).await;
        // Of many pairs, as no single one has to meet.
        for n in 0..8 {
            for path in ["/teams/{team}", "/roles/{role}"] {
                let named = json!({ "name": format!("Name {n}") });
                let described = json!({ "description": format!("Description {n}") });
                let both = tokio::join!(
                    script.done("PATCH", path, Some(named.clone())),
                    script.done("PATCH", path, Some(described.clone())),
                );
                let now = script.get(path).await;
                assert_eq!(
                    (&now["name"], &now["description"]),
                    (&named["name"], &described["description"]),
                    "{path}: {both:?}"
                );
            }
        }
    }
}
