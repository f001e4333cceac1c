//! Dependencies hold the direction: `linli → api, worker → application → store, edge, matching → domain`.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

/// Each crate and its floor. A crate may use crates of lower floors only.
const FLOORS: &[(&str, u8)] = &[
    ("linli-domain", 0),
    ("linli-migrations", 0),
    ("linli-matching", 1),
    ("linli-store", 1),
    ("linli-edge", 1),
    ("linli-sheets", 1),
    ("linli-application", 2),
    ("linli-api", 3),
    ("linli-worker", 3),
    ("linli", 4),
    ("linli-tests", 5),
    ("linli-bench", 5),
    ("linli-bench", 5),
];

/// Libraries that belong to one place, and the crates that may use them.
const OWNERS: &[(&str, &[&str])] = &[
    ("sea-orm", &["linli-store", "linli-tests"]),
    ("sea-orm-migration", &["linli-store", "linli-migrations"]),
    ("poem", &["linli-api", "linli", "linli-tests"]),
    ("poem-openapi", &["linli-api"]),
    ("reqwest", &["linli-edge", "linli-tests"]),
    ("redis", &["linli-edge", "linli-tests"]),
    ("tokio-cron-scheduler", &["linli-worker"]),
    ("tokio-tungstenite", &["linli-tests"]),
    ("clap", &["linli"]),
    ("figment", &["linli"]),
    ("calamine", &["linli-sheets"]),
    ("csv", &["linli-sheets"]),
    ("encoding_rs", &["linli-sheets", "linli-tests"]),
    ("rust_xlsxwriter", &["linli-sheets"]),
    ("zip", &["linli-sheets"]),
    ("cch", &["linli-matching"]),
    ("osmpbf", &["linli-matching"]),
    ("image", &["linli-edge", "linli-tests"]),
    ("object_store", &["linli-edge"]),
];

/// What rules are made of: values, errors and reading. No runtime, no network, no randomness, no database.
const RULES_MAY_USE: &[&str] = &["chrono", "pinyin", "serde", "serde_json", "thiserror", "toml"];

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml"))
        .no_deps()
        .other_options(["--offline".to_owned(), "--locked".to_owned()])
        .exec()
        .unwrap()
}

/// What each crate of ours uses, except in its own tests.
fn used() -> BTreeMap<String, BTreeSet<String>> {
    let normal = |kind| matches!(kind, DependencyKind::Normal | DependencyKind::Build);
    metadata()
        .packages
        .into_iter()
        .map(|package| {
            let all = package.name == "linli-tests";
            let uses = package.dependencies.into_iter().filter(|used| all || normal(used.kind)).map(|used| used.name);
            (package.name.to_string(), uses.collect())
        })
        .collect()
}

#[test]
fn every_crate_stands_on_a_floor_and_uses_lower_ones_only() {
    let floors: BTreeMap<&str, u8> = FLOORS.iter().copied().collect();
    for (name, uses) in used() {
        let floor = *floors.get(name.as_str()).unwrap_or_else(|| panic!("give {name} a floor"));
        for below in uses.iter().filter_map(|used| floors.get(used.as_str()).map(|floor| (used, floor))) {
            assert!(*below.1 < floor, "{name} must not use {}", below.0);
        }
    }
}

#[test]
fn libraries_stay_with_their_owners() {
    for (name, uses) in used() {
        for (library, owners) in OWNERS {
            assert!(!uses.contains(*library) || owners.contains(&name.as_str()), "{name} must not use {library}");
        }
    }
}

#[test]
fn rules_use_nothing_but_values() {
    let uses = &used()["linli-domain"];
    let strange: Vec<_> = uses.iter().filter(|used| !RULES_MAY_USE.contains(&used.as_str())).collect();
    assert!(strange.is_empty(), "linli-domain must not use {strange:?}");
}
