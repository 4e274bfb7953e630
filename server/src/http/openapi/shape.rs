//! Schemas, as people read them.

use serde_json::Value;

/// How deep values are shown.
const DEEP: usize = 3;

/// The named schemas of a document.
#[derive(Clone, Copy, Debug)]
pub struct Shapes<'d>(&'d Value);

impl<'d> Shapes<'d> {
    /// Of a document.
    pub fn of(document: &'d Value) -> Self {
        Self(document)
    }

    /// What something is, by its name if it is named.
    pub fn resolve(self, value: &'d Value) -> &'d Value {
        let pointer = value["$ref"].as_str().and_then(|name| name.strip_prefix('#'));
        pointer.and_then(|pointer| self.0.pointer(pointer)).unwrap_or(value)
    }

    /// A value of a schema, with words in the places of what varies.
    pub fn shape(self, schema: &'d Value) -> String {
        self.written(schema, 0)
    }

    fn written(self, schema: &'d Value, depth: usize) -> String {
        let schema = self.resolve(schema);
        let margin = "  ".repeat(depth);
        if let Some(ways) = schema["anyOf"].as_array() {
            let ways = ways.iter().map(|way| self.written(way, depth));
            return ways.collect::<Vec<_>>().join(" or ");
        }
        if let Some(fields) = schema["properties"].as_object() {
            if depth > DEEP {
                return "{ … }".to_owned();
            }
            let fields = fields
                .iter()
                .map(|(name, field)| format!("{margin}  \"{name}\": {}", self.written(field, depth + 1)));
            return format!("{{\n{}\n{margin}}}", fields.collect::<Vec<_>>().join(",\n"));
        }
        if schema["items"].is_object() {
            return format!("[{}, …]", self.written(&schema["items"], depth));
        }
        kind(schema)
    }
}

/// What a single value looks like, in a few words.
pub fn kind(schema: &Value) -> String {
    if let Some(value) = schema.get("const") {
        return value.to_string();
    }
    let words = schema["enum"].as_array().or_else(|| schema["oneOf"].as_array());
    if let Some(words) = words {
        let words = words.iter().map(|word| word.get("const").unwrap_or(word));
        let words: Vec<&str> = words.filter_map(Value::as_str).collect();
        if !words.is_empty() {
            return words.join(" | ");
        }
    }
    if let Some(format) = schema["format"].as_str() {
        return format.to_owned();
    }
    if schema["items"].is_object() {
        return format!("array of {}", kind(&schema["items"]));
    }
    match &schema["type"] {
        Value::String(one) => one.clone(),
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        _ => "object".to_owned(),
    }
}
