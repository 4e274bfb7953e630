//! What of one description does not hold in another. What is only added breaks nobody.

use serde_json::Value;
use std::collections::BTreeSet;

/// How deep values are followed; a schema that is in itself ends here.
const DEEP: usize = 8;

/// One line for each promise of `before` that `now` does not keep.
pub(crate) fn breaks(before: &Value, now: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (path, methods) in fields(&before["paths"]) {
        for (method, was) in fields(methods) {
            let name = format!("{} {path}", method.to_ascii_uppercase());
            match now["paths"][path].get(method) {
                None => found.push(format!("{name}: is gone")),
                Some(is) => Compare { before, now, name, found: &mut found }.operations(was, is),
            }
        }
    }
    found
}

fn fields(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

struct Compare<'a> {
    before: &'a Value,
    now: &'a Value,
    name: String,
    found: &'a mut Vec<String>,
}

impl<'a> Compare<'a> {
    fn say(&mut self, what: &str) {
        self.found.push(format!("{}: {what}", self.name));
    }

    fn operations(&mut self, was: &'a Value, is: &'a Value) {
        let rights = |operation: &Value| -> BTreeSet<String> {
            items(&operation["x-rights"])
                .map(|held| format!("{} {}", held["permission"], held["in"]))
                .collect()
        };
        if rights(was) != rights(is) {
            self.say("takes another right");
        }
        self.parameters(was, is);
        let body = |operation: &'a Value| {
            fields(&operation["requestBody"]["content"])
                .next()
                .map(|(kind, content)| (kind, &content["schema"]))
        };
        match (body(was), body(is)) {
            (Some((a, _)), Some((b, _))) if a != b => self.say("takes a body of another kind"),
            (Some((_, a)), Some((_, b))) => {
                self.sent("body", a, b, 0);
                if was["requestBody"]["required"] != true && is["requestBody"]["required"] == true {
                    self.say("needs a body now");
                }
            }
            (None, Some(_)) if is["requestBody"]["required"] == true => self.say("needs a body now"),
            (Some(_), None) => self.say("takes no body any more"),
            _ => {}
        }
        for (status, a) in fields(&was["responses"]).filter(|(status, _)| status.starts_with('2')) {
            let Some(b) = is["responses"].get(status) else {
                self.say(&format!("does not answer {status} any more"));
                continue;
            };
            for (kind, content) in fields(&a["content"]) {
                match b["content"].get(kind) {
                    None => self.say(&format!("does not answer {kind} any more")),
                    Some(other) => self.answered(status, &content["schema"], &other["schema"], 0),
                }
            }
        }
    }

    fn parameters(&mut self, was: &'a Value, is: &'a Value) {
        let same = |a: &Value, b: &Value| a["in"] == b["in"] && a["name"] == b["name"];
        for a in items(&was["parameters"]) {
            let name = a["name"].as_str().unwrap_or_default();
            match items(&is["parameters"]).find(|b| same(a, b)) {
                None => self.say(&format!("{name} is not taken any more")),
                Some(b) => {
                    if a["required"] != true && b["required"] == true {
                        self.say(&format!("{name} is needed now"));
                    }
                    self.sent(name, &a["schema"], &b["schema"], 0);
                }
            }
        }
        for b in items(&is["parameters"]).filter(|b| b["required"] == true) {
            if !items(&was["parameters"]).any(|a| same(a, b)) {
                self.say(&format!("{} is needed now", b["name"].as_str().unwrap_or_default()));
            }
        }
    }

    /// Whatever could be sent before can be sent now.
    fn sent(&mut self, at: &str, was: &'a Value, is: &'a Value, depth: usize) {
        if depth > DEEP {
            return;
        }
        let (was, is) = (resolve(self.before, was), resolve(self.now, is));
        if kinds(was).any(|kind| !kinds(is).any(|other| other == kind)) {
            self.say(&format!("{at} is of another type"));
        }
        if words(was).next().is_none() && words(is).next().is_some() {
            self.say(&format!("{at} is one of a few words now"));
        }
        for word in
            words(was).filter(|word| words(is).next().is_some() && !words(is).any(|other| other == *word))
        {
            self.say(&format!("{at} cannot be {word} any more"));
        }
        for (name, field) in fields(&was["properties"]) {
            match is["properties"].get(name) {
                None => self.say(&format!("{at}.{name} is not taken any more")),
                Some(other) => self.sent(&format!("{at}.{name}"), field, other, depth + 1),
            }
        }
        for name in items(&is["required"]).filter(|name| !items(&was["required"]).any(|other| other == *name))
        {
            self.say(&format!("{at}.{} is needed now", name.as_str().unwrap_or_default()));
        }
        if was["items"].is_object() {
            self.sent(&format!("{at}[]"), &was["items"], &is["items"], depth + 1);
        }
    }

    /// Whatever could be relied on before can be relied on now.
    fn answered(&mut self, at: &str, was: &'a Value, is: &'a Value, depth: usize) {
        if depth > DEEP {
            return;
        }
        let (was, is) = (resolve(self.before, was), resolve(self.now, is));
        if kinds(is).any(|kind| !kinds(was).any(|other| other == kind)) {
            self.say(&format!("{at} is of another type"));
        }
        for (name, field) in fields(&was["properties"]) {
            match is["properties"].get(name) {
                None => self.say(&format!("{at}.{name} is not answered any more")),
                Some(other) => self.answered(&format!("{at}.{name}"), field, other, depth + 1),
            }
        }
        for name in items(&was["required"]).filter(|name| !items(&is["required"]).any(|other| other == *name))
        {
            let name = name.as_str().unwrap_or_default();
            if is["properties"].get(name).is_some() {
                self.say(&format!("{at}.{name} is not always answered any more"));
            }
        }
        if was["items"].is_object() {
            self.answered(&format!("{at}[]"), &was["items"], &is["items"], depth + 1);
        }
        // A tagged way that is gone breaks no reader: they are never shown it.
        for a in ways(was) {
            if let Some(b) = ways(is).find(|b| tag(b) == tag(a)) {
                self.answered(at, a, b, depth + 1);
            }
        }
    }
}

fn resolve<'v>(document: &'v Value, schema: &'v Value) -> &'v Value {
    let pointer = schema["$ref"].as_str().and_then(|name| name.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(schema)
}

/// The types a value may have. Nothing said is anything.
fn kinds(schema: &Value) -> impl Iterator<Item = &str> {
    let one = schema["type"].as_str();
    one.into_iter().chain(items(&schema["type"]).filter_map(Value::as_str))
}

/// The ways in which a value may be written, besides not at all; none if there is but one.
fn ways(schema: &Value) -> impl Iterator<Item = &Value> {
    items(&schema["anyOf"]).chain(items(&schema["oneOf"])).filter(|way| way["type"] != "null")
}

/// What tells one tagged way from another.
fn tag(way: &Value) -> Vec<(&String, &Value)> {
    fields(&way["properties"]).filter_map(|(name, field)| Some((name, field.get("const")?))).collect()
}

/// The words a value is one of, also if it may be left out.
fn words(schema: &Value) -> impl Iterator<Item = &Value> {
    let inner = std::iter::once(schema).chain(items(&schema["anyOf"]));
    inner.flat_map(|schema| {
        items(&schema["enum"]).chain(items(&schema["oneOf"]).filter_map(|way| way.get("const")))
    })
}

#[cfg(test)]
mod tests {
    use super::breaks;
    use serde_json::{Value, json};

    fn document() -> Value {
        json!({
            "paths": { "/a": { "post": {
                "x-rights": [{ "permission": "team.read", "in": "team" }],
                "parameters": [{ "in": "query", "name": "q", "required": false, "schema": { "type": "string" } }],
                "requestBody": { "required": false, "content": { "application/json": { "schema": {
                    "type": "object",
                    "properties": { "x": { "type": "string", "enum": ["a", "b"] }, "y": { "type": ["integer", "null"] },
                        "w": { "anyOf": [{ "oneOf": [{ "const": "c" }, { "const": "d" }] }, { "type": "null" }] },
                        "t": { "type": "string" },
                    },
                    "required": ["x"],
                } } } },
                "responses": { "200": { "content": { "application/json": { "schema": {
                    "type": "array", "items": { "$ref": "#/components/schemas/Row" },
                } } } } },
            } } },
            "components": { "schemas": { "Row": {
                "type": "object", "properties": { "id": { "type": "string" }, "by": { "oneOf": [
                    { "type": "object", "properties": { "kind": { "const": "role" }, "name": { "type": "string" } } },
                    { "type": "object", "properties": { "kind": { "const": "team" }, "size": { "type": "integer" } } },
                ] } }, "required": ["id"],
            } } },
        })
    }

    #[test]
    fn what_is_added_breaks_nobody_and_what_is_taken_is_named() {
        let operation = "/paths/~1a/post";
        let body = "/paths/~1a/post/requestBody/content/application~1json/schema";
        let row = "/components/schemas/Row/properties";
        let none: [&str; 0] = [];
        let cases: [(&str, Value, &[&str]); 17] = [
            ("/paths/~1b", json!({}), &none),
            (&format!("{body}/properties/z"), json!({ "type": "string" }), &none),
            (&format!("{body}/properties/x/enum"), json!(["a", "b", "c"]), &none),
            ("/components/schemas/Row/properties/more", json!({ "type": "string" }), &none),
            (operation, Value::Null, &["is gone"]),
            (&format!("{operation}/x-rights"), json!([]), &["takes another right"]),
            (&format!("{operation}/parameters"), json!([]), &["q is not taken any more"]),
            (&format!("{operation}/parameters/0/required"), json!(true), &["q is needed now"]),
            (&format!("{operation}/requestBody/required"), json!(true), &["needs a body now"]),
            (&format!("{body}/required"), json!(["x", "y"]), &["body.y is needed now"]),
            (&format!("{body}/properties/x/enum"), json!(["a"]), &["body.x cannot be \"b\" any more"]),
            (&format!("{body}/properties/y/type"), json!("integer"), &["body.y is of another type"]),
            (
                &format!("{body}/properties/w/anyOf/0/oneOf"),
                json!([{ "const": "c" }]),
                &["body.w cannot be \"d\" any more"],
            ),
            (&format!("{body}/properties/t/enum"), json!(["e"]), &["body.t is one of a few words now"]),
            (
                &format!("{row}/by/oneOf/1/properties/size"),
                Value::Null,
                &["200[].by.size is not answered any more"],
            ),
            (&format!("{row}/by/oneOf/2"), json!({ "type": "object" }), &none),
            (&format!("{row}/id"), Value::Null, &["200[].id is not answered any more"]),
        ];
        for (at, value, expected) in cases {
            let mut now = document();
            let (parent, last) = at.rsplit_once('/').expect("a pointer");
            let parent = now.pointer_mut(parent).expect("there");
            let last = last.replace("~1", "/");
            match (parent, value) {
                (Value::Object(fields), Value::Null) => drop(fields.remove(&last)),
                (Value::Object(fields), value) => drop(fields.insert(last, value)),
                (Value::Array(ways), value) => ways.push(value),
                (other, _) => panic!("{other} has no fields"),
            }
            let expected: Vec<String> = expected.iter().map(|what| format!("POST /a: {what}")).collect();
            assert_eq!(breaks(&document(), &now), expected, "{at}");
        }
    }
}
