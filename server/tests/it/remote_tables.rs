//! What the remote command line prints: for people, for scripts, and to whom it says no.

use super::remote::{Remote, run};
use model::{OrgRole, WorkspaceRole};
use serde_json::Value;
use std::process::Command;
use testkit::both_engines;

/// A command, what its table holds, and the call whose answer (or the part of it behind the pointer) its JSON is.
struct Case {
    command: &'static [&'static str],
    holds: &'static [&'static str],
    path: &'static str,
    form: &'static str,
    part: &'static str,
}

const fn case(
    command: &'static [&'static str],
    holds: &'static [&'static str],
    path: &'static str,
    form: &'static str,
    part: &'static str,
) -> Case {
    Case { command, holds, path, form, part }
}

const CASES: &[Case] = &[
    case(
        &["members", "list"],
        &["NAME", "ADDRESS", "mallory@acme.test", "Organization Admin"],
        "/api/fn/members/list",
        "org={org}",
        "/items",
    ),
    case(
        &["members", "list", "--role", "organization-admin"],
        &["olivia"],
        "/api/fn/members/list",
        "org={org}&role=organization-admin",
        "/items",
    ),
    case(
        &["members", "show", "mallory@acme.test"],
        &["Username   mallory", "Role       Organization Member"],
        "/api/fn/members/one",
        "org={org}&user={user}",
        "",
    ),
    case(&["teams", "list"], &["MEMBERS"], "/api/fn/teams/list", "org={org}", "/page/items"),
    case(
        &["teams", "show", "{team}"],
        &["Members", "PART", "oscar@acme.test"],
        "/api/fn/teams/one",
        "team={team}",
        "",
    ),
    case(
        &["roles", "list"],
        &["workspace-viewer", "Organization Admin"],
        "/api/fn/roles/list",
        "org={org}",
        "/roles",
    ),
    case(
        &["roles", "show", "workspace-viewer"],
        &["Level  Workspace", "PERMISSION", "stack.read"],
        "/api/fn/roles/one",
        "org={org}&role=workspace-viewer",
        "",
    ),
    case(
        &["roles", "assignments", "workspace-viewer"],
        &["oscar", "user"],
        "/api/fn/roles/assignments",
        "org={org}&role=workspace-viewer",
        "",
    ),
    case(
        &["access", "explain", "oscar", "stack.read", "--workspace", "research"],
        &["oscar may: stack.read", "THROUGH", "Workspace Viewer"],
        "/api/fn/access/explain",
        "org={org}&user={colleague}&place=workspace:{workspace}&permission=stack.read",
        "",
    ),
    case(
        &["access", "explain", "mallory", "stack.read", "--workspace", "research"],
        &["mallory may not: stack.read", "The least that would let them", "Who could give it: olivia"],
        "/api/fn/access/explain",
        "org={org}&user={user}&place=workspace:{workspace}&permission=stack.read",
        "",
    ),
    case(
        &["access", "who-can", "member.remove"],
        &["1 may: member.remove", "olivia@acme.test"],
        "/api/fn/access/who_can",
        "org={org}&place=organization:{org}&permission=member.remove",
        "",
    ),
    case(
        &["workspaces", "list"],
        &["IDENTIFIER", "research"],
        "/api/fn/workspaces/list",
        "org={org}",
        "/page/items",
    ),
    case(
        &["workspaces", "show", "research"],
        &["Identifier", "May enter: ", "oscar@acme.test", "PROJECT"],
        "/api/fn/workspaces/get",
        "name=research",
        "",
    ),
    case(
        &["service-accounts", "list"],
        &["ci-bot", "ANSWERS FOR IT"],
        "/api/fn/service_accounts/list",
        "org={org}",
        "/page/items",
    ),
    case(
        &["service-accounts", "show", "ci-bot"],
        &["Keys", "first", "works"],
        "/api/fn/service_accounts/one",
        "account={account}",
        "",
    ),
    case(&["api-keys", "list"], &["test", "works", "STATE"], "/api/fn/api_keys/list", "_=", "/keys"),
    case(
        &["audit", "list", "--action", "team.created"],
        &["team.created", "olivia", "success"],
        "/api/fn/audit/list",
        r#"{"org":"{org}","query":{"action":"team.created"}}"#,
        "/items",
    ),
];

both_engines! {
    async fn every_command_has_a_table_for_people_and_the_servers_json_for_scripts(world: World) {
        let remote = Remote::new(world).await;
        remote.cast.give(&remote.cast.colleague, WorkspaceRole::Viewer).await;
        remote.cast.put_in_team(&remote.cast.colleague, false).await;
        let key = remote.key(&remote.cast.admin).await;
        // Reading notes when a key was used, at most once a minute: after this, nothing changes under the comparison.
        remote.run_as(&key, &["whoami"]).await;
        for case in CASES {
            let filled: Vec<String> = case.command.iter().map(|text| remote.cast.fill(text)).collect();
            let mut arguments: Vec<&str> = filled.iter().map(String::as_str).collect();
            let table = remote.run_as(&key, &arguments).await;
            assert_eq!((table.code, table.err.as_str()), (0, ""), "{:?}: {table:?}", case.command);
            for text in case.holds {
                assert!(table.out.contains(text), "{:?} without {text}:\n{}", case.command, table.out);
            }
            assert!(!table.out.contains('\u{1b}'), "no colours in a pipe");
            arguments.push("--json");
            let printed = remote.run_as(&key, &arguments).await.json();
            let answer = remote.asked(&key, case.path, &remote.cast.fill(case.form)).await;
            let part = answer.pointer(case.part).expect("the part that is listed");
            assert!(part.as_array().is_none_or(|rows| !rows.is_empty()), "{:?} lists nothing", case.command);
            assert_eq!(&printed, part, "{:?}", case.command);
        }
        let entries = remote.run_as(&key, &["audit", "list", "--limit", "1", "--json"]).await.json();
        let shown = remote.run_as(&key, &["audit", "show", entries[0]["id"].as_str().unwrap()]).await;
        assert!(shown.out.contains("Outcome   success"), "{shown:?}");
    }

    async fn a_refusal_says_what_is_missing_and_ends_as_documented(world: World) {
        let remote = Remote::new(world).await;
        let member = remote.key(&remote.cast.member).await;
        let org = remote.cast.org.to_string();
        let cases: [(&[&str], i32, &str); 9] = [
            (&["audit", "list"], 1, "audit.read"),
            (&["members", "list"], 1, "member.read"),
            (&["access", "explain", "x", "nothing.at.all"], 2, "no such permission"),
            (&["members", "list", "--limit", "0"], 2, "--limit"),
            (&["members", "list", "--org", "other"], 2, "Yours: acme"),
            (&["members"], 2, "Usage"),
            (&["workspaces", "show", "nowhere"], 1, ""),
            (&["whoami", "--server", "http://reeve.example.com"], 2, "https://"),
            (&["whoami", "--server", "http://127.0.0.1:9"], 4, "does not answer"),
        ];
        for (command, code, told) in cases {
            let ran = remote.run_as(&member, command).await;
            assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{command:?}: {ran:?}");
            assert!(ran.err.contains(told), "{command:?}: {}", ran.err);
        }
        // Whoever is no part of the organization hears nothing of it, also by its id.
        let stranger = remote.key(&remote.cast.stranger).await;
        let ran = remote.run_as(&stranger, &["members", "list", "--org", &org]).await;
        assert_eq!(ran.code, 1);
        assert!(!ran.err.contains("acme"), "{ran:?}");
        let admin = remote.key(&remote.cast.admin).await;
        let ran = remote.run_as(&admin, &["members", "show", "nobody@acme.test"]).await;
        assert_eq!((ran.code, ran.err.contains("no member “nobody@acme.test”")), (2, true), "{ran:?}");
    }

    async fn an_address_of_several_members_is_nobody_s(world: World) {
        let remote = Remote::new(world).await;
        remote.cast.world.namesake(remote.cast.org, "mallory-2", &remote.cast.member).await;
        let key = remote.key(&remote.cast.admin).await;
        let ran = remote.run_as(&key, &["members", "show", "Mallory@acme.test"]).await;
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        for one in ["mallory (mallory@acme.test)", "mallory-2 (mallory@acme.test)"] {
            assert!(ran.err.contains(one), "{one}: {ran:?}");
        }
        for username in ["mallory", "mallory-2"] {
            let shown = remote.run_as(&key, &["members", "show", username, "--json"]).await.json();
            assert_eq!(shown["member"]["username"], username, "{shown}");
        }
    }

    async fn pages_are_followed_until_there_are_enough(world: World) {
        let remote = Remote::new(world).await;
        remote.cast.world.crowd(remote.cast.org, 120).await;
        let key = remote.key(&remote.cast.admin).await;
        let some = remote.run_as(&key, &["members", "list", "--limit", "70", "--json"]).await;
        assert_eq!(some.json().as_array().unwrap().len(), 70);
        assert!(some.err.contains("more than these 70"), "{}", some.err);
        let all = remote.run_as(&key, &["members", "list", "--limit", "1000", "--json"]).await;
        let all_rows = all.json();
        let mut ids: Vec<&Value> = all_rows.as_array().unwrap().iter().map(|row| &row["user"]).collect();
        ids.dedup();
        assert_eq!((ids.len(), all.err.as_str()), (123, ""));
        let none = remote.run_as(&key, &["members", "list", "--search", "nobody at all"]).await;
        assert_eq!((none.code, none.out.as_str(), none.err.as_str()), (0, "", "No members.\n"));
    }

    async fn hostile_names_do_nothing_to_a_terminal(world: World) {
        let remote = Remote::new(world).await;
        let hostile = "\u{1b}]0;owned\u{7}\u{1b}[2Jzz\u{9b}31m\u{202e}eve";
        remote.cast.world.member(remote.cast.org, hostile, OrgRole::Member).await;
        let key = remote.key(&remote.cast.admin).await;
        let acts = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        let table = remote.run_as(&key, &["members", "list"]).await;
        assert!(table.out.contains("\\u{1b}]0;owned") && !table.out.contains(acts), "{:?}", table.out);
        let json = remote.run_as(&key, &["members", "list", "--json"]).await;
        assert!(!json.out.contains(acts), "{:?}", json.out);
        let names: Vec<String> =
            json.json().as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect();
        assert!(names.iter().any(|name| name == hostile), "a script reads the name as it is");
        let refused = remote.run_as(&key, &["members", "show", hostile.trim_start_matches('\u{1b}')]).await;
        assert!(!refused.err.contains(acts), "{:?}", refused.err);
    }

    async fn colours_are_for_terminals_that_want_them(world: World) {
        let remote = Remote::new(world).await;
        let key = remote.key(&remote.cast.admin).await;
        let on_terminal = async |extra: &[(&str, &str)]| {
            // A terminal of its own, which is what `script` is for.
            let mut command = Command::new("script");
            let line = format!("{} members list", env!("CARGO_BIN_EXE_reeve"));
            command.args(["--quiet", "--return", "--command", line.as_str(), "/dev/null"]);
            command.env_clear().env("PATH", "/usr/bin:/bin").env("TERM", "xterm");
            command.env("REEVE_SERVER", &remote.url).env("REEVE_API_KEY", &key);
            command.envs(extra.iter().copied());
            let ran = run(command).await;
            assert_eq!(ran.code, 0, "{ran:?}");
            assert!(ran.out.contains("mallory@acme.test"), "{ran:?}");
            ran.out
        };
        assert!(on_terminal(&[]).await.contains("\u{1b}[1mNAME"));
        assert!(!on_terminal(&[("NO_COLOR", "1")]).await.contains('\u{1b}'));
        assert!(!on_terminal(&[("TERM", "dumb")]).await.contains('\u{1b}'));
    }
}
