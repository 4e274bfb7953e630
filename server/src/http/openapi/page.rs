//! The description as a page for people, read from the document itself, so that it cannot say anything else.

use super::document;
use super::shape::{Shapes, kind};
use crate::http::cookies;
use crate::http::layer::headers::STILL_PAGE;
use app::reference::{self, Answer, Entry, Group, Input, Reference};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use leptos::config::LeptosOptions;
use serde_json::Value;
use std::sync::LazyLock;

/// `GET /api`. Open to anyone, as the document is.
pub async fn show(State(options): State<LeptosOptions>, headers: HeaderMap) -> Response {
    static BODY: LazyLock<String> = LazyLock::new(|| reference::body(reference(document())));
    let page = reference::page(options, cookies::theme(&headers), &BODY);
    let policy = [(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(STILL_PAGE))];
    (policy, Html(page)).into_response()
}

fn reference(document: &Value) -> Reference {
    let names = document["tags"].as_array().into_iter().flatten().filter_map(|tag| tag["name"].as_str());
    let groups = names.map(|name| Group { name: name.to_owned(), operations: entries(document, name) });
    Reference { version: env!("CARGO_PKG_VERSION"), groups: groups.collect() }
}

fn entries(document: &Value, noun: &str) -> Vec<Entry> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(path, methods)| {
        methods.as_object().into_iter().flatten().map(move |(method, operation)| (path, method, operation))
    });
    operations
        .filter(|(_, _, operation)| operation["tags"][0] == noun)
        .map(|(path, method, operation)| entry(document, path, method, operation))
        .collect()
}

fn entry(document: &Value, path: &str, method: &str, operation: &Value) -> Entry {
    let inputs = inputs(operation);
    let method = method.to_ascii_uppercase();
    Entry {
        id: text(&operation["operationId"]),
        curl: curl(&method, path, operation, &inputs),
        method,
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        text: text(&operation["description"]),
        who: who(operation),
        inputs,
        answers: answers(document, operation),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn who(operation: &Value) -> String {
    let rights = operation["x-rights"].as_array().map(Vec::as_slice).unwrap_or_default();
    if rights.is_empty() {
        return format!("anyone; {}.", text(&operation["x-open"]));
    }
    let any = |flag: &str| rights.iter().any(|held| held[flag] == true);
    let named = rights.iter().map(|held| match (held["permission"].as_str(), held["in"].as_str()) {
        (Some("self.manage"), _) => "whoever is signed in, for what is theirs".to_owned(),
        (Some("workspace.act"), _) => "a workspace's own server".to_owned(),
        (permission, place) => {
            format!("{} in the {}", permission.unwrap_or_default(), place.unwrap_or_default())
        }
    });
    let mut who = named.collect::<Vec<_>>().join(", or ");
    if any("fresh_sign_in") {
        who.push_str("; in a browser, freshly signed in");
    }
    if any("workspace_token") {
        who.push_str("; also with a token that is for working with workspaces");
    }
    who + "."
}

fn inputs(operation: &Value) -> Vec<Input> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let mut all: Vec<Input> = parameters
        .map(|parameter| Input {
            name: text(&parameter["name"]),
            place: text(&parameter["in"]),
            kind: kind(&parameter["schema"]),
            required: parameter["required"] == true,
            says: text(&parameter["description"]),
        })
        .collect();
    let Some((media, content)) =
        operation["requestBody"]["content"].as_object().and_then(|kinds| kinds.iter().next())
    else {
        return all;
    };
    let place = if media.ends_with("urlencoded") { "form" } else { "JSON" };
    let schema = &content["schema"];
    let required = |name: &str| {
        schema["required"].as_array().is_some_and(|names| names.iter().any(|required| required == name))
    };
    match schema["properties"].as_object() {
        Some(fields) => all.extend(fields.iter().map(|(name, field)| Input {
            name: name.clone(),
            place: place.to_owned(),
            kind: kind(field),
            required: required(name),
            says: text(&field["description"]),
        })),
        None => all.push(Input {
            name: "body".to_owned(),
            place: place.to_owned(),
            kind: kind(schema),
            required: operation["requestBody"]["required"] == true,
            says: String::new(),
        }),
    }
    all
}

fn answers(document: &Value, operation: &Value) -> Vec<Answer> {
    let shapes = Shapes::of(document);
    let all = operation["responses"].as_object().into_iter().flatten();
    all.map(|(status, answer)| {
        let answer = shapes.resolve(answer);
        let content = answer["content"].as_object().and_then(|kinds| kinds.values().next());
        let fine = status.starts_with('2');
        let shape = content.filter(|_| fine).map(|content| shapes.shape(&content["schema"]));
        Answer { status: status.clone(), says: text(&answer["description"]), shape }
    })
    .collect()
}

/// A call as one types it in a shell. What has to be filled in is written in capitals.
fn curl(method: &str, path: &str, operation: &Value, inputs: &[Input]) -> String {
    let needed =
        |place: &'static str| inputs.iter().filter(move |input| input.required && input.place == place);
    let blank = |name: &str| name.to_ascii_uppercase();
    let mut url = path.to_owned();
    for input in needed("path") {
        url = url.replace(&format!("{{{}}}", input.name), &blank(&input.name));
    }
    let query: Vec<String> =
        needed("query").map(|input| format!("{}={}", input.name, blank(&input.name))).collect();
    if !query.is_empty() {
        url = format!("{url}?{}", query.join("&"));
    }
    let mut line = "curl -s".to_owned();
    if method != "GET" {
        line.push_str(&format!(" -X {method}"));
    }
    if operation["security"].as_array().is_some_and(|ways| !ways.is_empty()) {
        line.push_str(" -H \"Authorization: Bearer $KEY\"");
    }
    for input in needed("form") {
        line.push_str(&format!(" \\\n  -d {}={}", input.name, blank(&input.name)));
    }
    if inputs.iter().any(|input| input.place == "JSON") {
        let fields: Vec<String> =
            needed("JSON").map(|input| format!("\"{}\": {}", input.name, blank(&input.name))).collect();
        line.push_str(" \\\n  -H \"content-type: application/json\"");
        line.push_str(&format!(" -d '{{{}}}'", fields.join(", ")));
    }
    line + &format!(" \\\n  \"$REEVE{url}\"")
}
