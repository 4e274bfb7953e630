//! What may use what, read from the workspace itself.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use std::collections::BTreeSet;

/// Our packages that each of ours may use.
const MAY_USE: [(&str, &[&str]); 10] = [
    ("model", &[]),
    ("ui", &["model"]),
    ("store", &["model"]),
    ("control", &["model", "store"]),
    ("app", &["control", "model", "ui"]),
    ("frontend", &["app"]),
    ("client", &["model"]),
    ("cli", &["client", "model"]),
    ("server", &["app", "cli", "control", "model"]),
    ("testkit", &["control", "model", "store"]),
];

/// Outside packages that belong to one layer, and who may use them.
const BELONGS_TO: [(&str, &[&str]); 13] = [
    ("schemars", &["app", "control", "model", "server"]),
    ("sqlx", &["store", "model", "testkit"]),
    ("axum", &["server", "app"]),
    ("axum-extra", &["server"]),
    ("tower-http", &["server"]),
    ("leptos", &["app", "frontend", "server", "ui"]),
    ("leptos_axum", &["app", "server"]),
    ("leptos_router", &["app", "ui"]),
    ("reqwest", &["client", "control"]),
    ("openidconnect", &["control"]),
    ("lettre", &["control"]),
    ("chacha20poly1305", &["control"]),
    ("getrandom", &["control"]),
];

fn metadata() -> Metadata {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    MetadataCommand::new().manifest_path(manifest).no_deps().exec().expect("cargo describes the workspace")
}

/// What a package uses outside of its tests.
fn used(package: &Package) -> BTreeSet<&str> {
    let dependencies = package.dependencies.iter().filter(|d| d.kind != DependencyKind::Development);
    dependencies.map(|dependency| dependency.name.as_str()).collect()
}

fn package<'a>(metadata: &'a Metadata, name: &str) -> &'a Package {
    metadata.packages.iter().find(|package| package.name.as_str() == name).expect("one of ours")
}

#[test]
fn packages_use_only_what_is_below_them() {
    let metadata = metadata();
    let ours: BTreeSet<&str> = MAY_USE.iter().map(|(name, _)| *name).collect();
    let found: BTreeSet<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    assert_eq!(found, ours, "the table of who may use what is not complete");
    for (name, allowed) in MAY_USE {
        for used in used(package(&metadata, name)) {
            assert!(!ours.contains(used) || allowed.contains(&used), "{name} uses {used}");
            let belongs_to = BELONGS_TO.iter().find(|(package, _)| *package == used);
            assert!(belongs_to.is_none_or(|(_, users)| users.contains(&name)), "{name} uses {used}");
        }
    }
}

#[test]
fn the_browser_half_gets_nothing_of_the_server_half() {
    let metadata = metadata();
    let app = package(&metadata, "app");
    for name in ["control", "axum", "leptos_axum", "schemars"] {
        let dependency = app.dependencies.iter().find(|d| d.name == name).expect("used by the server half");
        assert!(dependency.optional, "{name} would be compiled for the browser");
    }
    let hydrate = &app.features["hydrate"];
    assert!(
        !hydrate.iter().any(|f| f == "ssr" || f.starts_with("dep:") || f.ends_with("/ssr")),
        "{hydrate:?}"
    );
    // What describes the API is compiled into `model` for the server alone.
    let schema = |feature: &String| feature.ends_with("/schema") || feature == "schema";
    assert!(!hydrate.iter().any(schema), "{hydrate:?}");
    for user in ["app", "frontend", "ui"] {
        let mut used = package(&metadata, user).dependencies.iter().filter(|d| d.name == "model");
        assert!(
            used.all(|d| !d.features.iter().any(schema)),
            "{user} has the schemas of model in every build"
        );
    }
    let schemars = package(&metadata, "model").dependencies.iter().find(|d| d.name == "schemars");
    assert!(schemars.is_some_and(|d| d.optional), "schemars would be compiled for the browser");
    let ssr = &app.features["ssr"];
    assert!(!ssr.iter().any(|f| f == "hydrate" || f.ends_with("/hydrate")), "{ssr:?}");
    for (user, wanted, other) in [("server", "ssr", "hydrate"), ("frontend", "hydrate", "ssr")] {
        let features =
            package(&metadata, user).dependencies.iter().find(|d| d.name == "app").map(|d| &d.features);
        let features = features.expect("both halves are made of app");
        assert!(
            features.contains(&wanted.to_owned()) && !features.contains(&other.to_owned()),
            "{features:?}"
        );
    }
    // Built together, features are unified and the server would run what is meant for browsers.
    let by_default = &metadata.workspace_default_members;
    assert!(!by_default.contains(&package(&metadata, "frontend").id));
}
