//! The admin API, as scripts use it: roles, teams, members, projects and limits from first to last.

use super::site::{Ask, Caller, Cast, token};
use axum::http::StatusCode;
use model::{OrgRole, ProjectRole};
use serde_json::{Value, json};
use testkit::both_engines;

/// A program of an administrator.
pub(super) struct Script<'a> {
    pub(super) cast: &'a Cast,
    pub(super) by: Caller,
}

impl<'a> Script<'a> {
    pub(super) async fn of_admin(cast: &'a Cast) -> Self {
        Self { by: token(&cast.world, &cast.admin).await, cast }
    }

    /// Status and JSON. `path` is what follows `/api/v1`; its placeholders are filled in.
    pub(super) async fn call(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let (status, json, _) = self.page(method, path, body).await;
        (status, json)
    }

    async fn page(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value, String) {
        let ask = Ask::new(method, &self.cast.fill(&format!("/api/v1{path}"))).by(&self.by);
        let ask = if let Some(body) = body { ask.json(&body.to_string()) } else { ask };
        let answer = self.cast.ask(ask).await;
        let json = serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{path}: {}", answer.body));
        (answer.status.as_u16(), json, answer.header("x-next-cursor").to_owned())
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        let (status, json) = self.call("GET", path, None).await;
        assert_eq!(status, 200, "{path}: {json}");
        json
    }

    pub(super) async fn done(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let (status, json) = self.call(method, path, body).await;
        assert_eq!(status, 200, "{method} {path}: {json}");
        json
    }
}

fn texts<'v>(list: &'v Value, pointer: &str) -> Vec<&'v str> {
    let list = list.as_array().expect("a bare list").iter();
    list.map(|row| row.pointer(pointer).and_then(Value::as_str).unwrap_or("-")).collect()
}

both_engines! {
    async fn permissions_are_named_with_the_levels_they_are_for(world: World) {
        let cast = Cast::new(world).await;
        let script = Script::of_admin(&cast).await;
        let all = script.get("/permissions").await;
        let of = |name: &str| all.as_array().unwrap().iter().find(|row| row["name"] == name).cloned();
        assert_eq!(of("pipeline_run.read").unwrap(), json!({
            "name": "pipeline_run.read", "noun": "pipeline_run", "verb": "read",
            "levels": ["organization", "workspace", "project"], "in_workspace": true,
        }));
        assert_eq!(of("organization_grant.manage").unwrap()["levels"], json!(["organization"]));
        assert!(of("self.manage").is_none() && of("workspace.act").is_none(), "nobody gives these");
        let few = script.get("/permissions?level=project").await;
        assert!(texts(&few, "/name").contains(&"model.promote") && !texts(&few, "/name").contains(&"stack.read"));
        assert_eq!(script.call("GET", "/permissions?level=galaxy", None).await.0, 422);
    }

    async fn a_role_lives_from_its_making_to_its_end(world: World) {
        let cast = Cast::new(world).await;
        let script = Script::of_admin(&cast).await;
        let new = json!({ "level": "workspace", "name": "Runner", "permissions": ["stack.read", "stack.read"] });
        let made = script.done("POST", "/roles", Some(new.clone())).await;
        assert_eq!((&made["level"], &made["type"], &made["system_managed"]), (&json!("workspace"), &json!("custom"), &json!(false)));
        assert_eq!((&made["permissions"], &made["organization_id"]), (&json!(["workspace.read", "workspace.enter", "stack.read"]), &json!(cast.org)));
        assert_eq!(script.call("POST", "/roles", Some(new)).await.0, 409);
        let id = made["id"].as_str().unwrap();
        let one = format!("/roles/{id}");

        let change = json!({ "permissions": ["stack.read", "stack.update"], "revision": made["revision"] });
        let changed = script.done("PATCH", &one, Some(change.clone())).await;
        assert_eq!((&changed["name"], &changed["permissions"]), (&json!("Runner"), &json!(["workspace.read", "workspace.enter", "stack.read", "stack.update"])));
        let (status, told) = script.call("PATCH", &one, Some(change)).await;
        assert_eq!(status, 409, "somebody changed it since: {told}");

        let named = script.get("/organizations/acme/roles?level=workspace&name=Runner").await;
        assert_eq!(texts(&named, "/id"), [id]);
        let predefined = script.get("/roles?level=project").await;
        assert_eq!(texts(&predefined, "/name")[0], ProjectRole::Admin.label());
        let admin = predefined[0]["id"].as_str().unwrap();
        assert_eq!(script.get(&format!("/roles/{admin}")).await["system_managed"], true);
        for method in ["PATCH", "DELETE"] {
            assert_eq!(script.call(method, &format!("/roles/{admin}"), None).await.0, 403);
        }

        script.done("DELETE", &one, None).await;
        assert_eq!(script.call("GET", &one, None).await.0, 404);
    }

    async fn what_a_body_says_wrong_is_named(world: World) {
        let cast = Cast::new(world).await;
        let script = Script::of_admin(&cast).await;
        let base = json!({ "level": "workspace", "name": "X", "permissions": [] });
        let with = |name: &str, value: Value| {
            let mut body = base.clone();
            body[name] = value;
            body
        };
        for (body, names) in [
            (with("permission", json!([])), "permission"),
            (with("permissions", json!(["stack.fly"])), "stack.fly"),
            (with("permissions", json!(["organization.read"])), "organization.read"),
            (with("level", json!("team")), "level"),
            (json!([]), "body"),
        ] {
            let (status, told) = script.call("POST", "/roles", Some(body)).await;
            assert!(status == 422 && told["detail"].as_str().unwrap().contains(names), "{status} {told}");
        }
        for path in ["/roles/nothing", "/roles/{nothing}", "/teams/x", "/organizations/nosuch/teams"] {
            assert_eq!(script.call("GET", path, None).await.0, 404, "{path}");
        }
        for (path, names) in [
            ("/organizations/{org}/members?limit=0", "limit"),
            ("/organizations/{org}/members?limit=1001", "limit"),
            ("/organizations/{org}/members?cursor=x", "cursor"),
            ("/organizations/{org}/members?limit=1&limit=2", "twice"),
            ("/roles/{role}/assignments?project_id={project}", "workspace_id"),
            ("/roles/{role}/assignments?user_id={user}&team_id={team}", "user_id"),
        ] {
            let (status, told) = script.call("GET", path, None).await;
            assert!(status == 422 && told["detail"].as_str().unwrap().contains(names), "{path}: {status} {told}");
        }
        let stranger = Script { by: token(&cast.world, &cast.stranger).await, cast: &cast };
        for path in ["/roles/{role}", "/roles/{role}?organization_id={org}", "/teams/{team}", "/organizations/acme/roles"] {
            assert_eq!(stranger.call("GET", path, None).await.0, 404, "{path}");
        }
        let bad = Script { by: Caller::Nobody, cast: &cast };
        for path in ["/roles/x", "/teams/x", "/organizations/x/usage?limit=1&limit=2", "/permissions"] {
            assert_eq!(bad.call("GET", path, None).await.0, 401, "{path}");
        }
    }

    async fn a_role_is_given_once_and_taken_again(world: World) {
        let cast = Cast::new(world).await;
        let script = Script::of_admin(&cast).await;
        let path = "/roles/{role}/assignments?user_id={colleague}&workspace_id={workspace}";
        let given = script.done("POST", &format!("{path}&until=2027-01-31"), None).await;
        assert_eq!(given["user"], json!({ "id": cast.colleague.id, "name": "oscar" }));
        assert_eq!((&given["team"], &given["workspace_id"]), (&Value::Null, &json!(cast.workspace)));
        assert_eq!(given["role"]["name"], "Stack reader");
        assert!(given["expires_at"].as_str().unwrap().starts_with("2027-02-01T00:00:00"), "{given}");
        assert_eq!(script.call("POST", path, None).await.0, 409);
        let all = script.get("/roles/{role}/assignments").await;
        assert_eq!(all.as_array().unwrap().len(), 2, "and the team’s: {all}");
        assert_eq!(script.get("/roles/{role}/assignments?team_id={team}").await[0]["team"]["name"], "Ops");
        assert_eq!(script.get(path).await[0]["id"], given["id"]);
        assert_eq!(script.get("/workspaces/research/assignments").await.as_array().unwrap().len(), 2);
        script.done("DELETE", path, None).await;
        assert_eq!(script.call("DELETE", path, None).await.0, 404);

        // In the organization, by a predefined role and its only organization; not by one of another level.
        let viewer = script.get("/roles?name=Organization%20Viewer").await[0]["id"].as_str().unwrap().to_owned();
        let in_org = format!("/roles/{viewer}/assignments?user_id={{colleague}}");
        assert_eq!(script.done("POST", &in_org, None).await["workspace_id"], Value::Null);
        assert_eq!(script.call("POST", &format!("{in_org}&workspace_id={{workspace}}"), None).await.0, 422);
        assert_eq!(script.call("POST", "/roles/{role}/assignments?user_id={colleague}", None).await.0, 422);
        script.done("DELETE", &in_org, None).await;
        let outside = format!("/roles/{{role}}/assignments?user_id={}&workspace_id={{workspace}}", cast.stranger.id);
        assert_eq!(script.call("POST", &outside, None).await.0, 422);
    }

    async fn a_team_lives_from_its_making_to_its_end(world: World) {
        let cast = Cast::new(world).await;
        let script = Script::of_admin(&cast).await;
        let made = script.done("POST", "/teams", Some(json!({ "name": "Data", "description": "Science" }))).await;
        assert_eq!((&made["name"], &made["member_count"]), (&json!("Data"), &json!(0)));
        let one = format!("/teams/{}", made["id"].as_str().unwrap());
        let renamed = script.done("PATCH", &one, Some(json!({ "name": "Data science" }))).await;
        assert_eq!((&renamed["name"], &renamed["description"]), (&json!("Data science"), &json!("Science")));
        assert_eq!(script.call("PATCH", &one, Some(json!({ "members": 3 }))).await.0, 422);
        for who in ["{colleague}", "{user}"] {
            script.done("POST", &format!("{one}/members?user_id={who}"), None).await;
        }
        assert_eq!(script.call("POST", &format!("{one}/members?user_id={{user}}"), None).await.0, 409);
        assert_eq!(script.call("POST", &format!("{one}/members?team_id={{team}}"), None).await.0, 422);

        // Page by page.
        let (_, first, next) = script.page("GET", &format!("{one}/members?limit=1"), None).await;
        let (_, second, end) = script.page("GET", &format!("{one}/members?limit=1&cursor={next}"), None).await;
        assert!(!next.is_empty() && end.is_empty());
        let mut names = [texts(&first, "/user/name"), texts(&second, "/user/name")].concat();
        names.sort_unstable();
        assert_eq!(names, ["mallory", "oscar"]);
        let (_, teams, next) = script.page("GET", "/organizations/acme/teams?limit=1", None).await;
        assert_eq!(texts(&teams, "/name"), ["Data science"]);
        let (_, teams, _) = script.page("GET", &format!("/organizations/acme/teams?limit=1&cursor={next}"), None).await;
        assert_eq!(texts(&teams, "/name"), ["Ops"]);

        let member = Script { by: token(&cast.world, &cast.member).await, cast: &cast };
        assert_eq!(texts(&member.get("/organizations/acme/teams").await, "/name"), ["Data science"], "their own alone");
        script.done("DELETE", &format!("{one}/members?user_id={{user}}"), None).await;
        assert_eq!(member.call("GET", &one, None).await.0, 404);
        script.done("DELETE", &one, None).await;
        assert_eq!(script.call("GET", &one, None).await.0, 404);
    }

    async fn whoever_would_lose_something_themselves_has_to_say_so(world: World) {
        let cast = Cast::new(world).await;
        let lead = cast.world.member(cast.org, "lena", OrgRole::Member).await;
        let script = Script::of_admin(&cast).await;
        let path = format!("/workspaces/research/members?user_id={}", lead.id);
        script.done("POST", &format!("{path}&role_id=workspace-admin"), None).await;
        let lead = Script { by: token(&cast.world, &lead).await, cast: &cast };
        let (status, told) = lead.call("DELETE", &path, None).await;
        assert_eq!(status, 409);
        assert!(told["detail"].as_str().unwrap().contains("You would lose"), "{told}");
        assert_eq!(lead.call("DELETE", &format!("{path}&confirmed=perhaps"), None).await.0, 422);
        assert_eq!(lead.call("GET", "/workspaces/research/members", None).await.0, 200, "nothing was taken");
        lead.done("DELETE", &format!("{path}&confirmed=true"), None).await;
        assert_eq!(lead.call("GET", "/workspaces/research/members", None).await.0, 404);

        let manager = cast.world.member(cast.org, "mira", OrgRole::Manager).await;
        cast.put_in_team(&manager, false).await;
        let manager = Script { by: token(&cast.world, &manager).await, cast: &cast };
        assert_eq!(manager.call("DELETE", "/teams/{team}", None).await.0, 409);
        manager.done("DELETE", "/teams/{team}?confirmed=true", None).await;
        assert_eq!(script.get("/roles/{role}/assignments").await, json!([]));
    }

    async fn members_of_places_come_with_what_they_come_through(world: World) {
        let cast = Cast::new(world).await;
        let script = Script::of_admin(&cast).await;
        assert_eq!(texts(&script.get("/organizations/acme/members").await, "/user/username"), ["mallory", "olivia", "oscar"]);
        let (_, first, next) = script.page("GET", "/organizations/acme/members?limit=2", None).await;
        assert_eq!(texts(&first, "/role/name"), ["Organization Member", "Organization Admin"]);
        assert_eq!(texts(&script.get(&format!("/organizations/acme/members?limit=2&cursor={next}")).await, "/user/name"), ["oscar"]);

        let projects = script.get("/workspaces/research/projects").await;
        assert_eq!(projects[0]["id"], json!(cast.project));
        let there = "/workspaces/research/projects/{project}/members";
        let given = script.done("POST", &format!("{there}?user_id={{colleague}}&role_id=project-viewer"), None).await;
        assert_eq!((&given["project_id"], &given["role"]["level"]), (&json!(cast.project), &json!("project")));
        let people = script.get(there).await;
        assert_eq!(texts(&people, "/user/name"), ["olivia", "oscar"]);
        assert_eq!(people[1]["through"][0]["assignment_id"], given["id"]);
        assert_eq!(people[0]["through"][0]["role"]["name"], "Organization Admin");
        let (_, first, next) = script.page("GET", "/workspaces/research/members?limit=1", None).await;
        let (_, second, end) = script.page("GET", &format!("/workspaces/research/members?limit=1&cursor={next}"), None).await;
        assert_eq!([texts(&first, "/user/name"), texts(&second, "/user/name")], [["olivia"], ["oscar"]]);
        assert!(end.is_empty());
        assert_eq!(texts(&script.get(&there.replace("members", "assignments")).await, "/user/name"), ["oscar"]);
        let unknown = "/workspaces/research/projects/{nothing}/members";
        assert_eq!(script.call("GET", unknown, None).await.0, 404);
        assert_eq!(script.call("POST", &format!("{unknown}?user_id={{colleague}}&role_id=project-viewer"), None).await.0, 404);
        script.done("DELETE", &format!("{there}?user_id={{colleague}}"), None).await;
        script.done("DELETE", "/organizations/acme/members?user_id={colleague}", None).await;
        assert_eq!(texts(&script.get("/organizations/acme/members").await, "/user/name"), ["mallory", "olivia"]);
    }

    async fn a_limit_is_told_to_the_workspace_as_402(world: World) {
        let cast = Cast::new(world).await;
        let script = Script::of_admin(&cast).await;
        let limit = "/organizations/acme/limits/project";
        let server = Script { by: cast.by_workspace.clone(), cast: &cast };
        let asks = "/organizations/{org}/entitlement/project";
        assert_eq!(server.call("GET", asks, None).await, (200, Value::Null));
        script.done("PUT", limit, Some(json!({ "limit": 1 }))).await;
        let (status, told) = server.call("GET", asks, None).await;
        assert_eq!(status, StatusCode::PAYMENT_REQUIRED.as_u16());
        assert!(told["detail"].as_str().unwrap().contains("limit of 1"), "{told}");
        let usage = script.get("/organizations/acme/usage").await;
        let project = usage.as_array().unwrap().iter().find(|row| row["feature"] == "project").unwrap();
        assert_eq!((&project["used"], &project["limit"]), (&json!(1), &json!(1)));
        assert_eq!(project["workspaces"][0]["id"], json!(cast.workspace));
        for body in [json!({}), json!({ "limit": "2" }), json!({ "limit": -1 }), json!({ "limit": 1.5 }), json!({ "limit": 1, "x": 1 })] {
            assert_eq!(script.call("PUT", limit, Some(body)).await.0, 422);
        }
        assert_eq!(script.call("PUT", "/organizations/acme/limits/moons", Some(json!({ "limit": 1 }))).await.0, 404);
        script.done("PUT", limit, Some(json!({ "limit": null }))).await;
        assert_eq!(server.call("GET", asks, None).await, (200, Value::Null));
    }

    async fn a_workspace_reads_with_whom_a_resource_is_shared(world: World) {
        let cast = Cast::new(world).await;
        cast.give(&cast.colleague, model::WorkspaceRole::Developer).await;
        let server = Script { by: cast.by_workspace.clone(), cast: &cast };
        let resource = "stack/0198f0aa-0000-7000-8000-000000000009";
        let path = format!("/rbac/resource_members?resource={resource}");
        assert_eq!(server.get(&path).await, json!([]));
        for (kind, id) in [("user_id", cast.member.id.to_string()), ("team_id", cast.team.to_string())] {
            let share = json!({ kind: id, "sharing_user_id": cast.colleague.id, "resource": resource, "actions": ["update", "read"] });
            server.done("POST", "/rbac/resource_members", Some(share)).await;
        }
        let mut shared = server.get(&path).await.as_array().unwrap().clone();
        shared.sort_by_key(|row| row["user_id"].is_null());
        assert_eq!(shared, [
            json!({ "user_id": cast.member.id, "team_id": null, "actions": ["read", "update"] }),
            json!({ "user_id": null, "team_id": cast.team, "actions": ["read", "update"] }),
        ]);
        for wrong in ["/rbac/resource_members", "/rbac/resource_members?resource=stack", "/rbac/resource_members?resource=%00"] {
            assert_eq!(server.call("GET", wrong, None).await.0, 422, "{wrong}");
        }
    }
}
