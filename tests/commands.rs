//! Every subcommand has a man page, stands in each completion script, and is run by a test.

use std::path::Path;

use crate::support::source::{blank, files_below, is_rust};
use crate::support::{Sandbox, root};

#[test]
fn every_subcommand_has_a_man_page() {
    for words in subcommands() {
        let page = root().join("man").join(format!("lea-{}.1", words.join("-")));
        assert!(page.is_file(), "`lea {}` has no {}", words.join(" "), page.display());
    }
}

#[test]
fn every_subcommand_stands_in_each_completion_script() {
    let in_functions = |words: &[String]| format!("lea__subcmd__{}", words.join("__subcmd__"));
    let in_keys = |words: &[String]| format!("'lea;{}'", words.join(";"));
    let as_word = |words: &[String]| format!("-a \"{}\"", words[words.len() - 1]);
    for words in subcommands() {
        for (script, needle) in [
            ("lea.bash", in_functions(&words).replace('-', "__subcmd__")),
            ("_lea", in_functions(&words)),
            ("lea.fish", as_word(&words)),
            ("lea.ps1", in_keys(&words)),
            ("lea.elv", in_keys(&words)),
        ] {
            let text = std::fs::read_to_string(root().join("completions").join(script)).unwrap_or_default();
            assert!(text.contains(&needle), "`lea {}` is not in completions/{script} ({needle})", words.join(" "));
        }
    }
}

#[test]
fn every_subcommand_is_run_by_a_test() {
    let all = subcommands();
    let tests = sources_of_tests(root());
    let untested: Vec<String> = all
        .iter()
        .filter(|words| all.iter().all(|other| other.len() == words.len() || !other.starts_with(words)))
        .filter(|words| !is_run(&tests, words))
        .map(|words| words.join(" "))
        .collect();
    assert!(untested.is_empty(), "no test runs: {}", untested.join(", "));
}

#[test]
fn a_run_is_told_from_a_mention() {
    let run = |source: &str, words: &[&str]| {
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        is_run(&squeezed(source), &words)
    };
    assert!(run("sandbox.run([\"fleet\", \"list\"])", &["fleet", "list"]));
    assert!(run("sandbox.lea([\n    \"--json\",\n    \"fleet\",\n    \"list\",\n])", &["fleet", "list"]));
    assert!(run("vec![\"serve\", \"--listen\", at]", &["serve"]));
    assert!(!run("assert_eq!(word, \"serve\")", &["serve"]));
    assert!(!run("// run([\"fleet\", \"list\"])", &["fleet", "list"]));
    assert!(!run("sandbox.run([\"fleet\", \"key\", \"list\"])", &["fleet", "list"]));
    assert!(!run("sandbox.run([\"serve\", \"--help\"])", &["serve"]));
    assert!(!run("for word in [\"serve\", \"fleet\"] {}", &["serve"]));
}

/// The words of every subcommand, as the built program lists them: `["fleet"]`, `["fleet", "list"]`, …
fn subcommands() -> Vec<Vec<String>> {
    let sandbox = Sandbox::new();
    let mut found: Vec<Vec<String>> = Vec::new();
    let mut next = vec![Vec::new()];
    while let Some(words) = next.pop() {
        let help = sandbox.run(words.iter().map(String::as_str).chain(["-h"])).expect(0).out;
        let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
        // A line that goes on from the one above stands further in.
        let names = listed.filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
        for name in names.filter_map(|line| line.split_whitespace().next()) {
            let below = [words.clone(), vec![name.to_owned()]].concat();
            found.push(below.clone());
            next.push(below);
        }
    }
    assert!(found.len() >= 9, "{found:?}");
    found
}

/// The code of all tests without white space; this file, whose own tests hold examples, is left out.
fn sources_of_tests(root: &Path) -> String {
    let files = files_below(root, "tests").into_iter().filter(|path| is_rust(path) && path != "tests/commands.rs");
    files.map(|path| squeezed(&std::fs::read_to_string(root.join(path)).unwrap())).collect()
}

fn squeezed(source: &str) -> String {
    blank(source, false).chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether a list of arguments begins with `words`, options before them aside, and asks for more than help.
fn is_run(tests: &str, words: &[String]) -> bool {
    let needle = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(",");
    tests.match_indices(&needle).any(|(at, _)| {
        let (before, after) = (&tests[..at], &tests[at + needle.len()..]);
        let Some(start) = before.rfind(['[', '(']).filter(|start| before[*start..].starts_with('[')) else { return false };
        let only_options = before[start + 1..].split(',').all(|argument| !argument.starts_with('"') || argument.starts_with("\"-"));
        // A list that is gone through word by word is no command line.
        let gone_through = before[..start].ends_with("in");
        only_options && !gone_through && !after.starts_with(",\"--help\"") && !after.starts_with(",\"-h\"")
    })
}
