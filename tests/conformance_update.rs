//! Versions, plans, staging and the switch, as the programs in the field decide: where ours differ, the rule is named and the cases are
//! counted (docs/decisions says why).
#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lea::files::{Access, write_whole};
use lea::update::{Reason, Seen, Version, Wishes, decide, is_newer};
use serde_json::{Value, json};

use crate::support::{Run, Sandbox, root};

fn vectors(name: &str) -> Vec<Value> {
    serde_json::from_reader(std::fs::File::open(root().join("tests/fixtures").join(name)).unwrap()).unwrap()
}

/// Counts what departs, by rule; fails the test where one departs by none.
#[derive(Default)]
struct Departures(BTreeMap<&'static str, usize>);

impl Departures {
    fn note(&mut self, case: &Value, ours: &Value, rule: Option<&'static str>) {
        let rule = rule.unwrap_or_else(|| panic!("{case} departs by no rule: {ours}"));
        *self.0.entry(rule).or_default() += 1;
    }

    fn are(self, wanted: &[(&'static str, usize)]) {
        assert_eq!(self.0, wanted.iter().copied().collect());
    }
}

fn parsed(text: &Value) -> Option<Version> {
    text.as_str()?.parse().ok()
}

/// Why a text is or isn't a version here, where the field's programs say otherwise.
fn spelling(text: &str) -> Option<&'static str> {
    let trimmed = text.trim();
    let body = trimmed.trim_start_matches(['v', 'V']).trim();
    if trimmed.len() - trimmed.trim_start_matches(['v', 'V']).len() > 1 {
        Some("many_v")
    } else if body.contains('!') {
        Some("epoch")
    } else if !text.is_ascii() || body.contains(['_', ' ', '\t', '\u{a0}']) || body.starts_with(['+', '-']) {
        Some("int_fallback")
    } else if body.contains("rev") || body.contains(".r") {
        Some("post_spelling")
    } else if body.contains('-') {
        Some("semver_prerelease")
    } else if body.contains("post") && (body.contains("rc") || body.contains("dev")) {
        Some("several_marks")
    } else {
        None
    }
}

#[test]
fn release_numbers() {
    let mut departures = Departures::default();
    for case in vectors("parse_version.json") {
        let ours = parsed(&case["input"]);
        let same = match &ours {
            Some(version) => same_numbers(version, &case["expected"]),
            // They call what is no version 0.
            None => case["expected"] == json!([0]),
        };
        if !same {
            let rule = case["input"].as_str().and_then(spelling);
            departures.note(&case, &json!(ours.map(|version| version.canonical())), rule);
        }
    }
    departures.are(&[("epoch", 1), ("int_fallback", 10), ("semver_prerelease", 2)]);
}

/// Some are beyond what JSON's readers hold exactly.
fn same_numbers(version: &Version, expected: &Value) -> bool {
    let theirs: Vec<f64> = expected.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect();
    let ours: Vec<f64> = version.release().iter().map(|number| *number as f64).collect();
    theirs.len() == ours.len() && theirs.iter().zip(&ours).all(|(a, b)| (a - b).abs() <= a.abs() * 1e-15)
}

#[test]
fn which_is_newer() {
    let mut departures = Departures::default();
    for case in vectors("is_newer.json") {
        let [candidate, baseline] = ["candidate", "baseline"].map(|name| &case["input"][name]);
        let ours = match (candidate.as_str(), baseline.as_str()) {
            (Some(candidate), Some(baseline)) => is_newer(candidate, baseline),
            _ => false,
        };
        if json!(ours) != case["expected"] {
            departures.note(&case, &json!(ours), newer_rule(candidate, baseline));
        }
    }
    departures.are(&[
        ("baseline_no_version", 14),
        ("epoch", 4),
        ("int_fallback", 14),
        ("many_v", 1),
        ("qualifier", 3),
        ("semver_prerelease", 2),
        ("several_marks", 1),
        ("unequal_length", 2),
    ]);
}

/// Why one is or isn't newer here, where the field's programs say otherwise.
fn newer_rule(candidate: &Value, baseline: &Value) -> Option<&'static str> {
    let (ours, theirs) = (parsed(candidate), parsed(baseline));
    match (&ours, &theirs) {
        (Some(_), None) if baseline.as_str().is_none_or(|text| spelling(text).is_none()) => Some("baseline_no_version"),
        (Some(a), Some(b)) if a.release().len() != b.release().len() => Some("unequal_length"),
        (Some(_), Some(_)) => Some("qualifier"),
        (None, _) => candidate.as_str().and_then(spelling),
        (Some(_), None) => baseline.as_str().and_then(spelling),
    }
}

#[test]
fn plans() {
    let mut departures = Departures::default();
    for case in vectors("should_update.json") {
        let input = &case["input"];
        let decision =
            decide(input["local_version"].as_str().unwrap_or_default(), Wishes::default(), &input["server_response"], &Seen::default());
        let same = match (&decision.update, &case["expected"]) {
            (None, expected) => expected.is_null(),
            (Some(plan), expected) => {
                ["target_version", "update_type", "url", "sha256"].iter().all(|name| json!(plan)[name] == expected[name])
            }
        };
        if !same {
            let rule = match decision.reason {
                Reason::LocalVersionInvalid => Some("local_no_version"),
                Reason::TargetVersionInvalid => Some("target_no_version"),
                Reason::PrereleaseNotWanted => Some("prerelease_not_wanted"),
                Reason::UpdateTypeUnknown => Some("update_type_unknown"),
                Reason::UrlInvalid => Some("url_invalid"),
                Reason::AnswerInvalid => Some("answer_ill_typed"),
                Reason::UpdateAvailable => Some("newer_by_qualifier"),
                Reason::NotNewer => Some("not_newer_by_zeros"),
                _ => None,
            };
            departures.note(&case, &json!(decision), rule);
        }
    }
    departures.are(&[
        ("answer_ill_typed", 3),
        ("local_no_version", 14),
        ("newer_by_qualifier", 1),
        ("prerelease_not_wanted", 1),
        ("target_no_version", 2),
        ("update_type_unknown", 5),
        ("url_invalid", 4),
    ]);
}

#[test]
fn the_switch() {
    let sandbox = Sandbox::new();
    let answer = json!({ "update_available": true, "latest_version": "1.1.0", "update_type": "full", "url": "/x" });
    write_whole(&sandbox.path("answer.json"), answer.to_string().as_bytes(), Access::Everyone).unwrap();
    let mut departures = Departures::default();
    for case in vectors("update_flag.json") {
        let mut command = sandbox.lea(["update", "check", "--current", "1.0", "--response", "answer.json", "--json"]);
        for (name, value) in case["input"]["env"].as_object().unwrap() {
            command.env(name, value.as_str().unwrap());
        }
        let ours = !Run::of(&mut command).expect(0).json()["update"].is_null();
        if json!(ours) != case["expected"] {
            departures.note(&case, &json!(ours), Some("white_space_around"));
        }
    }
    departures.are(&[("white_space_around", 2)]);
}

#[test]
fn staging() {
    let mut departures = Departures::default();
    for case in vectors("download_update.json") {
        let sandbox = Sandbox::new();
        let (plan, expected) = (&case["input"]["plan"], &case["expected"]);
        write_whole(&sandbox.path("plan.json"), plan.to_string().as_bytes(), Access::Everyone).unwrap();
        let zip = case["input"]["download"]["body_b64"].as_str().map(|text| STANDARD.decode(text).unwrap());
        if let Some(zip) = &zip {
            write_whole(&sandbox.path("it.zip"), zip, Access::Everyone).unwrap();
        }
        if case["input"]["staging_is_file"] == true {
            write_whole(&sandbox.path("st"), b"x", Access::Everyone).unwrap();
        }
        let run = sandbox.run(["update", "stage", "--plan", "plan.json", "--file", "it.zip", "--staging", "st", "--json"]);
        let staged =
            std::fs::read_dir(sandbox.path("st")).into_iter().flatten().flatten().map(|entry| entry.file_name().into_string().unwrap());
        let staged: Vec<String> = staged.filter(|name| name.starts_with("lea_update_") || name == "staged.json").collect();
        assert_eq!(staged, Vec::<String>::new(), "none of these bodies is a ZIP: {case}");
        assert_ne!(run.code, 0, "{case}");
        assert!([3, 7].contains(&run.code), "{case}: {run:?}");
        if expected["result"]["ok"] == true {
            departures.note(
                &case,
                &json!(run.code),
                Some(if plan["sha256"].as_str().unwrap_or_default().is_empty() { "hash_needed" } else { "no_zip" }),
            );
        }
    }
    departures.are(&[("hash_needed", 3), ("no_zip", 5)]);
}
