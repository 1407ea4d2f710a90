//! The documents hold: links lead somewhere, examples of settings are settings, the table of ceilings is the list in force.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lea::config::KEYS;

use crate::support::source::files_below;
use crate::support::{Sandbox, root};

/// Every Markdown file with its text.
fn documents() -> Vec<(PathBuf, String)> {
    let paths = files_below(root(), "").into_iter().map(PathBuf::from).filter(|path| path.extension().is_some_and(|e| e == "md"));
    paths.map(|path| (path.clone(), std::fs::read_to_string(root().join(path)).unwrap())).collect()
}

/// The targets of all links and pictures of a text.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("](").filter_map(|(at, _)| text[at + 2..].split_once(')').map(|(target, _)| target))
}

/// The blocks of a text that are fenced as `language`.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    text.split(fence.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap_or(rest)).collect()
}

/// The name that a heading has in a link.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_')).map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let documents = documents();
    assert!(documents.len() >= 5);
    let mut broken = Vec::new();
    for (path, text) in &documents {
        for target in links(text).filter(|target| !target.starts_with("https://")) {
            let (file, heading) = target.split_once('#').map_or((target, None), |(file, heading)| (file, Some(heading)));
            let beside = if file.is_empty() { path.clone() } else { path.parent().unwrap_or(Path::new("")).join(file) };
            let there = root().join(&beside);
            let known = match heading {
                None => there.exists(),
                Some(heading) => std::fs::read_to_string(&there)
                    .is_ok_and(|text| text.lines().any(|line| line.starts_with('#') && anchor(line.trim_start_matches('#')) == heading)),
            };
            if !known {
                broken.push(format!("{}: {target}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn settings_in_the_documents_are_settings() {
    let sandbox = Sandbox::new();
    let mut tried = 0;
    for (path, text) in documents() {
        for block in blocks(&text, "toml") {
            std::fs::write(sandbox.path("lea.toml"), block).unwrap();
            let run = sandbox.run(["config", "show", "--config", "lea.toml"]);
            assert_eq!(run.code, 0, "{}: {}", path.display(), run.err);
            tried += 1;
        }
    }
    assert!(tried > 0);
}

#[test]
fn every_ceiling_is_in_the_operators_table() {
    let text = std::fs::read_to_string(root().join("docs/operations.md")).unwrap();
    let told: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|rest| rest.split('`').next())
        .filter(|name| name.starts_with("limits."))
        .collect();
    let kept: BTreeSet<&str> = KEYS.iter().map(|key| key.path).filter(|path| path.starts_with("limits.")).collect();
    assert_eq!(told, kept);
}
