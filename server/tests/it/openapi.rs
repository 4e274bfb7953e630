//! The description of the API: complete, true to the rights, and no promise of it broken unannounced.

mod breaks;

use super::site::{Ask, Site};
use super::table::{Endpoint, Leaves, Who, everything, pages};
use axum::http::StatusCode;
use breaks::breaks;
use serde_json::Value;
use server::http::openapi::document;
use std::collections::BTreeSet;
use testkit::both_engines;

/// Every operation as `GET /path`, and its description.
fn operations() -> impl Iterator<Item = (String, &'static Value)> {
    let paths = document()["paths"].as_object().expect("paths");
    paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().expect("methods");
        methods
            .iter()
            .map(move |(method, operation)| (format!("{} {path}", method.to_ascii_uppercase()), operation))
    })
}

/// What is no API: forms of the dashboard itself.
const FORMS: [&str; 2] = ["/logout", "/theme"];

/// The rows that are about the API. The others are pages.
fn rows() -> impl Iterator<Item = &'static Endpoint> {
    let is_page = |endpoint: &Endpoint| pages().any(|page| page.path == endpoint.path);
    everything().filter(move |endpoint| !is_page(endpoint) && !FORMS.contains(&endpoint.path))
}

/// As the description writes who may: the permission and the kind of place, nothing for what is open.
fn right(who: Who) -> Option<(String, &'static str)> {
    Some(match who {
        Who::Anyone(_) | Who::Visitor => return None,
        Who::SignedIn => ("self.manage".to_owned(), "account"),
        Who::Org(permission) => (permission.to_string(), "organization"),
        Who::Workspace(permission) => (permission.to_string(), "workspace"),
        Who::Team(permission) => (permission.to_string(), "team"),
        Who::Project(permission) => (permission.to_string(), "project"),
        Who::Account(permission) => (permission.to_string(), "service account"),
        Who::Entrant => ("workspace.enter".to_owned(), "workspace"),
        Who::Server => ("workspace.act".to_owned(), "workspace"),
    })
}

#[test]
fn every_endpoint_is_described_and_nothing_else() {
    let listed: BTreeSet<String> = rows().map(|row| format!("{} {}", row.method, row.path)).collect();
    let described: BTreeSet<String> = operations().map(|(name, _)| name).collect();
    let missing: Vec<_> = listed.difference(&described).collect();
    assert!(missing.is_empty(), "list these in server/src/http/openapi: {missing:#?}");
    // Of a path that is served, the other methods that do the same are described without a row of their own.
    let paths: BTreeSet<&str> = rows().map(|row| row.path).collect();
    for name in described.difference(&listed) {
        let (method, path) = name.split_once(' ').expect("a method and a path");
        assert!(
            matches!(method, "PUT" | "PATCH") && paths.contains(path),
            "{name} is described and not served"
        );
    }
}

#[test]
fn the_rights_are_those_that_decide() {
    for row in rows() {
        let name = format!("{} {}", row.method, row.path);
        let (_, operation) = operations().find(|(found, _)| *found == name).expect("described");
        let rights = operation["x-rights"].as_array().expect("rights");
        let Some((permission, place)) = right(row.who) else {
            assert!(rights.is_empty() && operation["x-open"].is_string(), "{name} is open to anyone");
            continue;
        };
        let said = rights.iter().any(|held| held["permission"] == *permission && held["in"] == place);
        assert!(said, "{name} takes {permission} in the {place}: {rights:?}");
    }
}

#[test]
fn what_is_asked_for_again_and_what_clients_reach_is_said() {
    let said = |flag: &str| -> BTreeSet<String> {
        let marked = operations().filter(|(_, operation)| {
            operation["x-rights"]
                .as_array()
                .is_some_and(|rights| rights.iter().any(|held| held[flag] == true))
        });
        marked.map(|(name, _)| name).collect()
    };
    let fresh = said("fresh_sign_in");
    let fresh: BTreeSet<&str> = fresh
        .iter()
        .filter_map(|name| name.strip_prefix("POST "))
        .filter(|path| path.starts_with("/api/fn/"))
        .collect();
    assert_eq!(fresh, BTreeSet::from(super::fresh_sign_in::ASKED));
    let clients = said("workspace_token");
    // Server functions are posted to, also those that read.
    let clients: BTreeSet<&str> = clients
        .iter()
        .filter_map(|name| name.split_once(' '))
        .filter(|(method, path)| *method == "GET" || path.starts_with("/api/fn/"))
        .map(|(_, path)| path)
        .collect();
    assert_eq!(clients, BTreeSet::from(super::endpoints::FOR_CLIENTS));
}

#[test]
fn what_changes_something_can_clash_and_names_are_used_once() {
    for row in rows().filter(|row| row.path.starts_with("/api/fn/") && row.leaves != Leaves::Reads) {
        let operation = &document()["paths"][row.path]["post"];
        assert!(operation["responses"]["409"].is_object(), "{} is listed as one that reads", row.path);
    }
    let mut names = BTreeSet::new();
    for (name, operation) in operations() {
        let id = operation["operationId"].as_str().filter(|id| !id.is_empty()).expect("an id");
        assert!(names.insert(id), "{id} is the id of {name} and of another");
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{name} says nothing");
    }
}

/// Refers to nothing that is not there, and leaves nothing out that a generator of clients needs.
#[test]
fn every_reference_leads_somewhere() {
    fn look(value: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(name) = fields.get("$ref").and_then(Value::as_str) {
                    let there = name.strip_prefix('#').and_then(|pointer| document().pointer(pointer));
                    assert!(there.is_some(), "{name} is not there");
                }
                fields.values().for_each(look);
            }
            Value::Array(items) => items.iter().for_each(look),
            _ => {}
        }
    }
    look(document());
    let schemas = document()["components"]["schemas"].as_object().expect("schemas");
    for name in schemas.keys() {
        assert!(!name.ends_with(|c: char| c.is_ascii_digit()), "two types are called {name}");
    }
}

const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
const ANNOUNCED: &str = include_str!("../../../docs/api-breaks.txt");

/// The document as the last commit has it is a promise. What keeps it is written down with `UPDATE_DOCS=1`; what breaks
/// it has to be announced first, in `docs/api-breaks.txt`.
#[test]
fn no_promise_is_broken_unannounced() {
    let current = format!("{}\n", written(document(), 0));
    let kept = std::fs::read_to_string(KEPT).unwrap_or_default();
    let before: Value = serde_json::from_str(&kept).unwrap_or_default();
    let announced: BTreeSet<&str> = announced(ANNOUNCED, env!("CARGO_PKG_VERSION")).collect();
    let broken = breaks(&before, document());
    let silent: Vec<_> = broken.iter().filter(|line| !announced.contains(line.as_str())).collect();
    assert!(
        silent.is_empty(),
        "callers break on these; if it has to be, write them into docs/api-breaks.txt: {silent:#?}"
    );
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(KEPT, current).expect("docs can be written");
    } else {
        assert!(
            kept == current,
            "docs/openapi.json is old: UPDATE_DOCS=1 cargo test -p server --test it openapi"
        );
    }
}

/// In lines a change of which can be read: what is nested deeper than a field of an input or an answer is in one.
fn written(value: &Value, depth: usize) -> String {
    const DEEP: usize = 5;
    match value {
        Value::Object(fields) if depth < DEEP && !fields.is_empty() => {
            let margin = " ".repeat(depth);
            let lines = fields.iter().map(|(name, value)| {
                format!("{margin} {}: {}", Value::from(name.as_str()), written(value, depth + 1))
            });
            format!("{{\n{}\n{margin}}}", lines.collect::<Vec<_>>().join(",\n"))
        }
        value => value.to_string(),
    }
}

/// The lines under the heading of a version.
fn announced<'a>(text: &'a str, version: &str) -> impl Iterator<Item = &'a str> {
    let heading = format!("## {version}");
    text.lines().skip_while(move |line| *line != heading).skip(1).take_while(|line| !line.starts_with("## "))
}

both_engines! {
    async fn the_document_is_served_and_need_not_be_sent_twice(world: World) {
        let site = Site::of(&world);
        let first = site.ask(Ask::get("/api/openapi.json")).await;
        assert_eq!(first.status, StatusCode::OK);
        assert_eq!(first.header("content-type"), "application/json");
        assert_eq!(serde_json::from_str::<Value>(&first.body).unwrap(), *document());
        let again = Ask::get("/api/openapi.json").header("if-none-match", first.header("etag"));
        let again = site.ask(again).await;
        assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    }

    async fn the_page_tells_every_operation_and_runs_nothing(world: World) {
        let page = Site::of(&world).ask(Ask::page("/api")).await;
        assert_eq!(page.status, StatusCode::OK);
        for (name, operation) in operations() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(page.body.contains(&format!("id=\"{id}\"")), "{name}");
        }
        assert!(!page.body.contains("<script"));
        assert!(!page.header("content-security-policy").contains("script-src"));
    }
}
