//! Recorded behaviour of the source's module for competences, repeated with this one. Where this one decides otherwise, the case departs
//! by a name that `docs/decisions.md` explains.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::time::Duration;

use lea::clock::Time;
use lea::competence::{
    Filter, Limiter, Node, REQUIRED_KEYS, Request, Scanner, State, document, entries, find_entry, older, read_one, slugify, write_yaml,
};
use serde_json::{Value, json};

use crate::support::root;

fn cases(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(root().join(format!("tests/fixtures/{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn node(value: &Value) -> Node {
    serde_json::from_value(value.clone()).unwrap()
}

/// Counts departures by name and says which cases they are when the counts are others than expected.
#[derive(Default)]
struct Departures(BTreeMap<String, Vec<String>>);

impl Departures {
    fn note(&mut self, name: &str, case: &Value) {
        self.0.entry(name.to_owned()).or_default().push(case["id"].as_str().unwrap().to_owned());
    }

    #[track_caller]
    fn are(&self, expected: &[(&str, usize)]) {
        let counts: Vec<(&str, usize)> = self.0.iter().map(|(name, ids)| (name.as_str(), ids.len())).collect();
        assert_eq!(counts, expected, "{:#?}", self.0);
    }
}

#[test]
fn slugs() {
    let mut departures = Departures::default();
    let lost = |c: char| "œŒæÆßẞøØłŁđĐðÐþÞı".contains(c);
    for case in cases("slugify") {
        let Some(name) = case["input"].as_str() else {
            // A name that is no text is refused where a request is read.
            let body = node(&json!({ "name": case["input"], "workflow_ir": {} }));
            assert_eq!(Request::read(&body).unwrap_err().field_faults()[0].loc, ["body", "name"]);
            departures.note("not_string", &case);
            continue;
        };
        let told = |result: lea::error::Result<String>| match result {
            Ok(slug) => json!(slug),
            Err(error) => json!({ "error": error.code() }),
        };
        // The rule without what is added is the recorded one, to the letter.
        let recorded = &case["expected"];
        assert_eq!(older(name).map(Value::from), recorded.as_str().map(Value::from), "{case}");
        let now = told(slugify(name));
        if now == *recorded {
            continue;
        }
        match now.as_str() {
            Some(slug) if slug.starts_with("c_") && slug[2..] == *recorded => departures.note("device_name", &case),
            _ => {
                assert!(name.chars().any(lost), "{case}: {now}");
                departures.note("letters_written_out", &case);
            }
        }
    }
    departures.are(&[("device_name", 1), ("letters_written_out", 67), ("not_string", 8)]);
}

/// The word for a recorded pattern.
fn kind_of(pattern: &str) -> &str {
    match pattern {
        r"\b\d{13}\b" | r"\b\d{15}\b" => "nir",
        r"\bIPP[\s:_-]*\d{6,}\b" => "ipp",
        r"[\w\.-]+@[\w\.-]+\.\w{2,}" => "email",
        r"\b0[1-9](?:[ .-]?\d{2}){4}\b" => "phone",
        other => other,
    }
}

#[test]
fn personal_data() {
    let scanner = Scanner::new(None, None).unwrap();
    let mut departures = Departures::default();
    for case in cases("detect_pii") {
        let recorded: BTreeSet<String> =
            case["expected"].as_array().unwrap().iter().map(|pattern| kind_of(pattern.as_str().unwrap()).to_owned()).collect();
        let found: BTreeSet<String> = scanner.document(&node(&case["input"])).into_iter().map(|finding| finding.kind).collect();
        for kind in recorded.difference(&found) {
            departures.note(&format!("{kind}_is_none"), &case);
        }
        for kind in found.difference(&recorded) {
            departures.note(&format!("{kind}_was_missed"), &case);
        }
    }
    departures.are(&[("email_is_none", 6), ("email_was_missed", 1), ("ipp_was_missed", 6), ("nir_is_none", 19), ("phone_was_missed", 9)]);
}

#[test]
fn own_patterns() {
    let mut departures = Departures::default();
    for case in cases("pii_env") {
        let given = case["input"]["env"]["RPA_PII_PATTERNS"].as_str().unwrap();
        let blank = given.trim_matches(|c: char| c == '|' || c.is_whitespace()).is_empty();
        let scanner = match Scanner::new(Some(given), None) {
            Ok(scanner) => scanner,
            Err(error) => {
                assert!(error.code() == "invalid_pattern" && ["[invalid", "*", "+|ok"].iter().any(|bad| given.starts_with(bad)), "{case}");
                departures.note("invalid_is_refused", &case);
                continue;
            }
        };
        let mut found: Vec<String> = scanner.document(&node(&case["input"]["payload"])).into_iter().map(|finding| finding.kind).collect();
        found.sort();
        found.dedup();
        let mut recorded: Vec<&str> = case["expected"].as_array().unwrap().iter().map(|text| kind_of(text.as_str().unwrap())).collect();
        recorded.sort_unstable();
        if found == recorded {
            continue;
        }
        if blank {
            departures.note("blank_is_unset", &case);
        } else {
            let tagged = case["tags"].as_array().is_some_and(|tags| tags.contains(&json!("alternation_split")));
            assert!(tagged || found.len() > recorded.len(), "{case}: {found:?}");
            departures.note(if tagged { "alternation_kept" } else { "numbers_and_keys" }, &case);
        }
    }
    departures.are(&[("alternation_kept", 7), ("blank_is_unset", 3), ("invalid_is_refused", 18)]);
}

#[test]
fn documents() {
    let mut departures = Departures::default();
    let now: Time = "2026-04-15T07:09:19.5Z".parse().unwrap();
    // In the order in which the keys were recorded.
    let text = std::fs::read_to_string(root().join("tests/fixtures/competence_yaml.json")).unwrap();
    let ordered: Node = serde_json::from_str(&text).unwrap();
    for (case, given) in cases("competence_yaml").into_iter().zip(ordered.items()) {
        let input = &case["input"];
        let learning = State::named(input["learning_state"].as_str().unwrap()).unwrap();
        // Which state a document is in is decided by whoever persists or promotes.
        let entries = given.get("input").unwrap().entries().iter().filter(|(key, _)| key != "learning_state").cloned();
        let request = match Request::read(&Node::Map(entries.collect())) {
            Ok(request) => request,
            Err(error) => {
                let places: Vec<String> = error.field_faults().iter().map(|fault| fault.loc[1..].join("/")).collect();
                departures.note(&format!("refused: {}", places.join(" ")), &case);
                continue;
            }
        };
        let built = document(&request, learning, now);
        assert!(REQUIRED_KEYS.iter().all(|key| built.get(key).is_some()));
        let stamped = |text: &str| text.replace("2026-04-15T07:09:19+00:00", "<now>");
        let told = stamped(&serde_json::to_string(&built).unwrap());
        let recorded = given.get("expected").and_then(|expected| expected.get("body")).unwrap();
        if read_one(&stamped(&write_yaml(&built).unwrap())).unwrap().canonical() != recorded.canonical() {
            assert!(input["workflow_ir"]["steps"].to_string().contains(r#""id":null"#), "{case}\n{told}");
            departures.note("id_null_is_filled", &case);
            continue;
        }
        // The keys stand in the recorded order, and what was recorded as YAML reads as the same.
        assert_eq!(told, serde_json::to_string(recorded).unwrap(), "{}", case["id"]);
        let expected = read_one(case["expected"]["yaml"].as_str().unwrap()).unwrap();
        assert_eq!(told, serde_json::to_string(&expected).unwrap(), "{}", case["id"]);
    }
    departures.are(&[
        ("id_null_is_filled", 1),
        ("refused: parameters/1/name parameters/1/type", 1),
        ("refused: workflow_ir/steps", 1),
        ("refused: workflow_ir/steps/0 workflow_ir/steps/1 workflow_ir/steps/2", 1),
    ]);
}

/// The audit as a file that is added to by both programs.
#[test]
fn audits() {
    let mut departures = Departures::default();
    for case in cases("audit_sequences") {
        let place = tempfile::tempdir().unwrap();
        let folder = lea::files::CompetenceFolder::new(place.path().join("competences"));
        let database = lea::store::Database::open(&place.path().join("lea.db"), Time::from_micros(0)).unwrap();
        let tools = lea::competence::Tools { library: &folder, ledger: &database, pass: &|_| {} };
        let path = place.path().join("competences/persist_audit.jsonl");
        let results = case["expected"]["results"].as_array().unwrap();
        let (mut count, mut shown) = (0, Vec::new());
        for (op, recorded) in case["input"]["ops"].as_array().unwrap().iter().zip(results) {
            match op["op"].as_str().unwrap() {
                "raw" => {
                    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                    let mut file = std::fs::OpenOptions::new().append(true).create(true).open(&path).unwrap();
                    file.write_all(op["text"].as_str().unwrap().as_bytes()).unwrap();
                }
                "append" => {
                    count += 1;
                    let mut fields = op["entry"].clone();
                    fields.as_object_mut().unwrap().remove("audit_entry_id");
                    fields.as_object_mut().unwrap().entry("timestamp").or_insert(json!("<now>"));
                    let makes = lea::competence::Document { state: State::Candidate, slug: format!("abc{count}"), text: "x".to_owned() };
                    let mut journal = lea::competence::Journal::open(&tools).unwrap();
                    let entry = journal.carry_out(makes, None, node(&fields), None).unwrap();
                    if json!(entry) != *recorded {
                        shown.push(format!("entry {entry}, recorded {recorded}"));
                    }
                }
                _ => {
                    use lea::competence::Library;
                    let wanted = op["persist_id"].as_str().unwrap();
                    let found = find_entry(&mut *folder.audit(0).unwrap(), wanted).unwrap();
                    let found = found.map_or(Value::Null, |entry| {
                        let mut entry = serde_json::to_value(&entry).unwrap();
                        for key in ["prev", "hash", "unchained"] {
                            entry.as_object_mut().unwrap().remove(key);
                        }
                        entry
                    });
                    if found != *recorded {
                        shown.push(format!("found {found}, recorded {recorded}"));
                    }
                }
            }
        }
        if let Some(tag) = case["tags"].as_array().and_then(|tags| tags.first()).filter(|_| !shown.is_empty()) {
            departures.note(tag.as_str().unwrap(), &case);
        } else {
            assert!(shown.is_empty(), "{}: {shown:?}", case["id"]);
        }
        // Whatever came before, what was added holds.
        let bytes = std::fs::read(&path).unwrap_or_default();
        let verdict = lea::competence::verify(&mut &bytes[..], None, None).unwrap();
        assert!(verdict.ok || verdict.first_bad.as_ref().unwrap().reason.contains("torn"), "{}: {verdict:?}", case["id"]);
        let mut readable = 0;
        entries(&mut &bytes[..], &Filter::default(), &mut |_| {
            readable += 1;
            Ok(())
        })
        .unwrap();
        assert!(readable >= count);
    }
    departures.are(&[("bare_cr_counts_as_line", 1), ("non_object_line", 4), ("torn_tail_merges", 1)]);
}

#[test]
fn limits() {
    for case in cases("rate_limiter") {
        let input = &case["input"];
        let window = Duration::from_secs_f64(input["window_seconds"].as_f64().unwrap());
        let mut limiter = Limiter::new(input["max_per_minute"].as_u64().unwrap() as usize, window);
        for (call, recorded) in input["calls"].as_array().unwrap().iter().zip(case["expected"].as_array().unwrap()) {
            if let Some(reset) = call.get("reset") {
                limiter.reset(reset.as_str());
                continue;
            }
            let at = Duration::from_secs_f64(call["t"].as_f64().unwrap());
            let answer = limiter.allow(call["machine_id"].as_str().unwrap(), at);
            assert_eq!(json!(answer.is_ok()), recorded[0], "{}", case["id"]);
            // The wait that was recorded is cut off to whole seconds; whoever keeps to ours is let through.
            let wait = answer.err().unwrap_or(0);
            let told = recorded[1].as_u64().unwrap();
            assert!(wait == told || wait == told + 1, "{}: {wait}, recorded {told}", case["id"]);
        }
    }
}
