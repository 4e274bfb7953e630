//! The document, put together from the operations.

use super::needs::{Held, Needs};
use super::oauth::Refused;
use super::operation::{Answer, Failures, Operation, Parameter};
use super::params::in_path;
use model::{ApiError, ErrorCode};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

const ABOUT: &str = "Three doors to the same operations: `/api/v1`, by the routes of ZenML, for ZenML's own clients and \
    servers and for scripts; `/api/fn`, the server functions of the dashboard; and \
    `/oauth`, which makes tokens in the words of OAuth. `x-rights` names what the caller has \
    to hold, one of them where there are several, and in what kind of place. Instants of `/api/fn` are Unix milliseconds, \
    those of `/api/v1` texts. Arrays in forms are written `name[0]=…&name[1]=…`.";

/// A failure, in the form in which ZenML reads it.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "described, and written by hand")]
struct Detail {
    /// One or two sentences: what is wrong and what to do.
    detail: String,
}

/// The two directions: what is sent is read by us, and stands where it is used; what is answered has names.
struct Schemas {
    sent: SchemaGenerator,
    answered: SchemaGenerator,
}

/// The document.
pub fn assemble(operations: &[Operation]) -> Value {
    let mut schemas = Schemas {
        sent: SchemaSettings::draft2020_12().with(|s| s.inline_subschemas = true).into_generator(),
        answered: SchemaSettings::draft2020_12()
            .for_serialize()
            .with(|s| s.definitions_path = "/components/schemas".into())
            .into_generator(),
    };
    let mut paths = Map::new();
    let mut tags: Vec<Value> = Vec::new();
    for operation in operations {
        let tag = json!({ "name": noun(operation.noun) });
        if !tags.contains(&tag) {
            tags.push(tag);
        }
        let described = describe(operation, &mut schemas);
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method.to_ascii_lowercase()] = described;
    }
    let responses = responses(&mut schemas.answered);
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Reeve",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas.answered.take_definitions(true),
            "responses": responses,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key as it is: a personal access token, or one of a service account.",
                },
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A short token of `/api/v1/auth/login`: of a person's or a service account's client, \
                        or of a workspace's server.",
                },
                "command_line": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token of Reeve's own command line. It counts under `/api/fn` alone.",
                },
                "client": {
                    "type": "http",
                    "scheme": "basic",
                    "description": "A workspace's id and its enrollment key.",
                },
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "reeve_session",
                    "description": "Of a browser that signed in; `__Host-reeve_session` over https. Under `/api/v1` for \
                        reading only.",
                },
            },
        },
    });
    in_words_of_json(&mut document);
    document
}

/// The texts are those of the code, whose words for nothing and for a link are Rust's.
fn in_words_of_json(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(text)) = fields.get_mut("description") {
                *text = text.replace("`None`", "`null`").replace("[`", "`").replace("`]", "`");
            }
            fields.values_mut().for_each(in_words_of_json);
        }
        Value::Array(items) => items.iter_mut().for_each(in_words_of_json),
        _ => {}
    }
}

/// What people call it, which is the same for both doors.
fn noun(name: &str) -> String {
    match name {
        "orgs" => "organizations".to_owned(),
        "api_keys" => "personal access tokens".to_owned(),
        name => name.replace('_', " "),
    }
}

fn describe(operation: &Operation, schemas: &mut Schemas) -> Value {
    let summary = operation.text.split(". ").next().unwrap_or_default().trim_end_matches('.');
    let mut described = json!({
        "operationId": operation.id.clone().unwrap_or_else(|| id(operation)),
        "tags": [noun(operation.noun)],
        "summary": summary,
        "description": operation.text,
        "x-rights": operation.needs.rights(),
        "security": security(operation),
        "responses": answers(operation, schemas),
    });
    if let Needs::Anyone(why) = operation.needs {
        described["x-open"] = json!(why);
    }
    let parameters = parameters(operation, schemas);
    if !parameters.is_empty() {
        described["parameters"] = json!(parameters);
    }
    if let Some(body) = &operation.body {
        let mut schema = Value::from((body.schema)(&mut schemas.sent));
        if let Value::Object(schema) = &mut schema {
            // The text of a server function, which stands over the whole already.
            schema.remove("description");
            schema.remove("title");
        }
        if body.kind == "application/x-www-form-urlencoded" {
            as_form(&mut schema);
        }
        described["requestBody"] =
            json!({ "required": body.required, "content": { body.kind: { "schema": schema } } });
    }
    described
}

fn id(operation: &Operation) -> String {
    let path = operation.path.trim_start_matches("/api/");
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    format!("{}_{}", operation.method.to_ascii_lowercase(), words.join("_"))
}

fn security(operation: &Operation) -> Value {
    let rights = operation.needs.rights();
    if rights.is_empty() {
        return json!([]);
    }
    if rights.iter().any(Held::is_of_a_server) {
        let by_its_key = operation.path.starts_with("/oauth/");
        return if by_its_key {
            json!([{ "token": [] }, { "client": [] }])
        } else {
            json!([{ "token": [] }])
        };
    }
    let cookies = operation.path.starts_with("/api/fn/") || operation.method == "GET";
    let mut ways = Vec::new();
    if operation.path.starts_with("/api/") {
        ways.push(json!({ "key": [] }));
        if rights.iter().any(|held| held.workspace_token) {
            ways.push(json!({ "token": [] }));
        }
    }
    if operation.path.starts_with("/api/fn/") {
        ways.push(json!({ "command_line": [] }));
    }
    if cookies {
        ways.push(json!({ "session": [] }));
    }
    Value::from(ways)
}

fn parameters(operation: &Operation, schemas: &mut Schemas) -> Vec<Value> {
    let names = operation.path.split(['{', '}']).skip(1).step_by(2);
    let path = names.map(|name| {
        json!({
            "in": "path", "name": name, "required": true, "description": in_path(name),
            "schema": { "type": "string" },
        })
    });
    let mut all: Vec<Value> = path.collect();
    for Parameter { place, name, says, schema, required } in &operation.parameters {
        let schema = Value::from(schema(&mut schemas.sent));
        all.push(json!({
            "in": place, "name": name, "required": required, "description": says, "schema": schema,
        }));
    }
    all
}

/// A form has no `null`: what is not there is left out.
fn as_form(schema: &mut Value) {
    let Some(fields) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    for field in fields.values_mut() {
        if let Some(kinds) = field.get_mut("type").and_then(Value::as_array_mut) {
            kinds.retain(|kind| kind != "null");
            if let [kind] = kinds.as_slice() {
                field["type"] = kind.clone();
            }
        }
        if let Some(ways) = field.get_mut("anyOf").and_then(Value::as_array_mut) {
            ways.retain(|way| way["type"] != "null");
        }
        if let Some(values) = field.get_mut("enum").and_then(Value::as_array_mut) {
            values.retain(|value| !value.is_null());
        }
    }
}

fn answers(operation: &Operation, schemas: &mut Schemas) -> Value {
    let mut all = Map::new();
    for status in &operation.refusals {
        let name = failure_name(operation.failures, *status);
        all.insert(status.to_string(), json!({ "$ref": format!("#/components/responses/{name}") }));
    }
    for Answer { status, says, content, header } in &operation.answers {
        let mut answer = json!({ "description": says });
        for (kind, schema) in content {
            let schema = schema(&mut schemas.answered);
            answer["content"][*kind] = json!({ "schema": schema });
        }
        if let Some((name, says)) = header {
            answer["headers"] = json!({ *name: { "description": says, "schema": { "type": "string" } } });
        }
        all.insert(status.to_string(), answer);
    }
    Value::Object(all)
}

fn failure_name(failures: Failures, status: u16) -> String {
    match failures {
        Failures::Coded => format!("Coded{status}"),
        Failures::Detail => format!("Detail{status}"),
        Failures::OAuth => format!("OAuth{status}"),
    }
}

/// Every failure there is, in every form.
fn responses(generator: &mut SchemaGenerator) -> Value {
    let coded = generator.subschema_for::<ApiError>();
    let detail = generator.subschema_for::<Detail>();
    let oauth = generator.subschema_for::<Refused>();
    let mut all = Map::new();
    let statuses = ErrorCode::ALL.iter().map(|code| (code.status(), code.says()));
    let without_a_code = [
        (400, "The form asks for nothing that is given."),
        (415, "The body is of another kind than is read here."),
    ];
    let forms = [(Failures::Coded, &coded), (Failures::Detail, &detail), (Failures::OAuth, &oauth)];
    for (status, says) in statuses.chain(without_a_code) {
        for (failures, schema) in forms {
            all.insert(
                failure_name(failures, status),
                json!({ "description": says, "content": { "application/json": { "schema": schema } } }),
            );
        }
    }
    Value::Object(all)
}
