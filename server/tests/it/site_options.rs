//! The site is built with the options of `Cargo.toml` and served with those of `Leptos.toml`.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test stops where something is not as it was arranged, and nobody imports it"
)]

use std::path::Path;

use toml::{Table, Value};

/// The first (and only) `[[workspace.metadata.leptos]]` of a file at the top of the repository.
fn options(file: &str) -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    let text = std::fs::read_to_string(path).expect("the file is part of the repository");
    let all: Table = text.parse().expect("the file is TOML");
    let entry = &all["workspace"]["metadata"]["leptos"][0];
    entry.as_table().expect("the entry is a table").clone()
}

#[test]
fn the_server_looks_for_the_site_where_the_build_puts_it() {
    let built = options("Cargo.toml");
    let served = options("Leptos.toml");

    assert!(served.contains_key("output-name"), "leptos needs at least the name of the site's files");
    for (key, value) in &served {
        assert_eq!(built.get(key), Some(value), "`{key}` of Leptos.toml is not what Cargo.toml says");
    }
}

#[test]
fn browsers_never_keep_an_old_bundle() {
    // With a hash in their names, files of the bundle can be cached for ever.
    assert_eq!(options("Leptos.toml").get("hash-files"), Some(&Value::Boolean(true)));
}
