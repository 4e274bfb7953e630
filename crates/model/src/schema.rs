//! Schemas of what travels as one text, for the description of the API.
//!
//! Everything else has its schema derived; here are the types whose text is put together by hand.

use crate::grant::{Place, Principal};
use crate::role::{PermissionName, RoleRef};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

const UUID: &str = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";

fn text(description: &str, pattern: &str, example: &str) -> Schema {
    let pattern = pattern.replace("<id>", UUID);
    json_schema!({
        "type": "string",
        "description": description,
        "pattern": format!("^{pattern}$"),
        "examples": [example],
    })
}

macro_rules! texts {
    ($($name:ident: $description:literal, $pattern:literal, $example:literal;)+) => {$(
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> { stringify!($name).into() }
            fn json_schema(_: &mut SchemaGenerator) -> Schema { text($description, $pattern, $example) }
        }
    )+};
}

texts! {
    Principal: "Who holds something: a person or a service account, a team, or whoever accepts an invitation.",
        "(user|team|invitation):<id>", "user:0198f0aa-0000-7000-8000-000000000001";
    Place: "Where a role is held.",
        "(organization:<id>|workspace:<id>|project:<id>/<id>)", "workspace:0198f0aa-0000-7000-8000-000000000001";
    RoleRef: "A role: the name of a predefined one, or the id of a custom one.",
        "([a-z]+(-[a-z]+)+|<id>)", "workspace-developer";
    PermissionName: "A permission by its name, `<noun>.<verb>`.",
        "[a-z_]+\\.[a-z_]+", "stack.read";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_are_read_and_written_back() {
        fn holds<T: JsonSchema + serde::de::DeserializeOwned + serde::Serialize>() {
            let schema = T::json_schema(&mut SchemaGenerator::default());
            let example = schema.get("examples").and_then(|all| all.get(0)).cloned().unwrap();
            let read: T = serde_json::from_value(example.clone()).unwrap();
            assert_eq!(serde_json::to_value(read).unwrap(), example);
        }
        holds::<Principal>();
        holds::<Place>();
        holds::<RoleRef>();
        holds::<PermissionName>();
    }
}
