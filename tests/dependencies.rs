//! The dependencies keep to `deny.toml`: what is banned, which licences are accepted, where crates may come from.
//!
//! Needs no network: what is asked of cargo is what the build has downloaded.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::support::{Run, root};

/// A table of a TOML file at the root.
fn toml_file(name: &str) -> toml::Table {
    std::fs::read_to_string(root().join(name)).unwrap().parse().unwrap()
}

/// The texts of a list in `deny.toml`; of a list of tables, those under `field`.
fn policy(section: &str, name: &str, field: &str) -> Vec<String> {
    let policy = toml_file("deny.toml");
    let texts = policy[section][name].as_array().unwrap().iter().map(|item| item.get(field).unwrap_or(item).as_str().unwrap().to_owned());
    texts.collect()
}

/// The packages of `Cargo.lock`, whatever platform they are for.
fn locked() -> Vec<toml::Value> {
    toml_file("Cargo.lock")["package"].as_array().unwrap().clone()
}

/// Packages with their licences. A build downloads only what its platform needs, so elsewhere's may be missing; where CI has
/// fetched everything, everything is looked at.
fn packages() -> (Vec<Value>, bool) {
    let cargo = || {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(root()).args(["metadata", "--locked", "--offline", "--format-version", "1"]);
        command
    };
    let all = Run::of(&mut cargo());
    let (run, complete) = if all.code == 0 {
        (all, true)
    } else {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "run `cargo fetch --locked` first: {}", all.err);
        let rustc = Run::of(Command::new("rustc").arg("-vV")).expect(0).out;
        let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned();
        (Run::of(cargo().args(["--filter-platform", &host])).expect(0), false)
    };
    (run.json()["packages"].as_array().unwrap().clone(), complete)
}

#[test]
fn nothing_banned_is_in_the_tree() {
    let banned = policy("bans", "deny", "crate");
    assert!(banned.len() > 5);
    let found: Vec<String> =
        locked().iter().map(|package| package["name"].as_str().unwrap().to_owned()).filter(|name| banned.contains(name)).collect();
    assert!(found.is_empty(), "deny.toml says why not: {found:?}");
}

#[test]
fn every_crate_comes_from_the_registry() {
    let allowed: Vec<String> = policy("sources", "allow-registry", "").iter().map(|url| format!("registry+{url}")).collect();
    for package in locked() {
        let (name, source) = (package["name"].as_str().unwrap(), package.get("source").and_then(toml::Value::as_str));
        match source {
            Some(source) => assert!(allowed.iter().any(|known| known == source), "{name} comes from {source}"),
            None => assert_eq!(name, env!("CARGO_PKG_NAME"), "{name} is a path"),
        }
    }
}

#[test]
fn every_dependency_names_a_version() {
    let manifest = toml_file("Cargo.toml");
    for table in ["dependencies", "dev-dependencies"] {
        for (name, wanted) in manifest[table].as_table().unwrap() {
            let version = wanted.get("version").unwrap_or(wanted).as_str();
            assert!(version.is_some_and(|version| !version.contains('*')), "{name}");
        }
    }
}

#[test]
fn every_licence_is_accepted_and_every_accepted_one_needed() {
    let allowed: BTreeSet<String> = policy("licenses", "allow", "").into_iter().collect();
    let (packages, complete) = packages();
    assert!(packages.len() > 100);
    let refused = |allowed: &BTreeSet<String>| -> Vec<String> {
        let named = packages.iter().map(|package| (package["name"].as_str().unwrap(), package["license"].as_str().unwrap_or_default()));
        named.filter(|(_, licence)| !accepts(licence, allowed)).map(|(name, licence)| format!("{name}: {licence:?}")).collect()
    };
    assert_eq!(refused(&allowed), Vec::<String>::new());
    for licence in allowed.iter().filter(|_| complete) {
        let without = allowed.iter().filter(|other| *other != licence).cloned().collect();
        assert!(!refused(&without).is_empty(), "no crate needs {licence}; take it out of deny.toml");
    }
}

/// Whether an SPDX expression can be fulfilled with these licences. An exception to a licence only grants more.
fn accepts(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words: Vec<&str> = spaced.split_whitespace().rev().collect();
    any(&mut words, allowed) && words.is_empty()
}

fn any(words: &mut Vec<&str>, allowed: &BTreeSet<String>) -> bool {
    let mut held = all(words, allowed);
    while words.last() == Some(&"OR") {
        words.pop();
        // Not `||`: the words must be read either way.
        held |= all(words, allowed);
    }
    held
}

fn all(words: &mut Vec<&str>, allowed: &BTreeSet<String>) -> bool {
    let mut held = one(words, allowed);
    while words.last() == Some(&"AND") {
        words.pop();
        held &= one(words, allowed);
    }
    held
}

fn one(words: &mut Vec<&str>, allowed: &BTreeSet<String>) -> bool {
    match words.pop() {
        Some("(") => {
            let held = any(words, allowed);
            words.pop() == Some(")") && held
        }
        Some(licence) => {
            if words.last() == Some(&"WITH") {
                words.truncate(words.len().saturating_sub(2));
            }
            allowed.contains(licence)
        }
        None => false,
    }
}

#[test]
fn licence_expressions_are_read_as_written() {
    let allowed: BTreeSet<String> = ["MIT", "ISC"].map(str::to_owned).into();
    for (expression, held) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("", false),
        ("GPL-3.0 OR MIT", true),
        ("MIT/GPL-3.0", true),
        ("GPL-3.0 AND MIT", false),
        ("MIT AND ISC", true),
        ("GPL-3.0 OR MIT AND ISC", true),
        ("(GPL-3.0 OR MIT) AND ISC", true),
        ("MIT AND (GPL-3.0 OR LGPL-3.0)", false),
        ("GPL-3.0 WITH Classpath-exception-2.0 OR MIT", true),
        ("MIT WITH some-exception", true),
        ("MIT ISC", false),
    ] {
        assert_eq!(accepts(expression, &allowed), held, "{expression}");
    }
}
