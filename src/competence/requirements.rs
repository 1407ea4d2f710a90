//! What a document itself asks for before it may rise, and whether it has it.

use std::collections::BTreeSet;

use super::node::Node;
use super::state::State;

/// A requirement that is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmet {
    /// What is required, by its name in the document.
    pub requirement: String,
    /// What is there instead.
    pub reason: String,
}

/// What is said beside the document: a replay that ended as it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Evidence {
    /// Whether a replay was named that is `completed`.
    pub replayed: bool,
}

/// Everything that keeps the document from `to`.
pub fn unmet(document: &Node, to: State, evidence: Evidence) -> Vec<Unmet> {
    let mut unmet = Vec::new();
    let mut miss = |requirement: &str, reason: String| unmet.push(Unmet { requirement: requirement.to_owned(), reason });
    // A success that is always there proves nothing, whether the document asks for it or not.
    if is_vacuous(document.get("success_marker")) {
        miss("success_marker_defined", "the success marker holds no marker that could fail".to_owned());
    }
    let promotion = document.get("promotion").unwrap_or(&Node::Null);
    let lists = [(State::Candidate, "candidate_requires"), (State::Supervised, "supervised_requires"), (State::Stable, "stable_requires")];
    for (_, key) in lists.into_iter().filter(|(state, _)| *state <= to) {
        match promotion.get(key) {
            Some(Node::List(names)) => {
                for name in names {
                    check(name.text().unwrap_or("?"), &Node::Null, document, evidence, &mut miss);
                }
            }
            Some(Node::Map(entries)) => {
                for (name, value) in entries {
                    check(name, value, document, evidence, &mut miss);
                }
            }
            _ => miss(key, "the document does not say what is required".to_owned()),
        }
    }
    unmet.dedup_by(|one, other| one.requirement == other.requirement);
    unmet
}

fn check(name: &str, value: &Node, document: &Node, evidence: Evidence, miss: &mut dyn FnMut(&str, String)) {
    // What is no whole number is met by nothing.
    let least = if matches!(value, Node::Null) { 1 } else { value.int().unwrap_or(i128::MAX) };
    let too_few = |found: i128, what: &str| format!("{found} of {least} {what}");
    match name {
        "method_trace_present" => {
            if document.get("methods").is_none_or(|methods| methods.items().is_empty()) {
                miss(name, "there are no steps".to_owned());
            }
        }
        // Looked at in any case.
        "success_marker_defined" | "human_validation" => {}
        "failure_message_template_valid" => {
            let template = document.get("failure_message_template");
            let blank = ["intention", "vu", "demande"]
                .into_iter()
                .filter(|key| template.and_then(|template| template.text_of(key)).is_none_or(|text| text.trim().is_empty()));
            let blank: Vec<&str> = blank.collect();
            if !blank.is_empty() {
                miss(name, format!("failure_message_template lacks {}", blank.join(", ")));
            }
        }
        "replay_verified_once" => {
            if !evidence.replayed && successes(document) < 1 {
                miss(name, "no success is noted under generalisation, and no completed replay is named".to_owned());
            }
        }
        "min_successes" => {
            let found = successes(document);
            if found < least {
                miss(name, too_few(found, "successes are noted under generalisation"));
            }
        }
        "distinct_contexts" => {
            let found = contexts(document);
            if found < least {
                miss(name, too_few(found, "different contexts stand under generalisation.seen_contexts"));
            }
        }
        "max_unexplained_failures" => {
            let found = unexplained(document);
            if value.int().is_none_or(|most| found > most) {
                miss(name, format!("{found} failures of failure_log have no explanation"));
            }
        }
        other => miss(other, "nobody here knows how to tell whether it is met".to_owned()),
    }
}

/// Whether a success marker is met by anything: no markers at all, or only empty ones.
pub fn is_vacuous(marker: Option<&Node>) -> bool {
    let Some(marker) = marker else { return true };
    let markers = marker.get("markers").map(Node::items).unwrap_or_default();
    let any = match marker.text_of("mode") {
        None | Some("all_of") => false,
        Some("any_of") => true,
        // What nobody knows how to judge proves nothing.
        Some(_) => return true,
    };
    // Of several that any one may meet, an empty one meets them all.
    if any { markers.is_empty() || !markers.iter().all(says_something) } else { !markers.iter().any(says_something) }
}

/// Fields that say nothing that could fail: what sort of marker it is, what it is called, how long to wait.
const NO_EXPECTATION: [&str; 9] = ["kind", "type", "mode", "id", "name", "timeout_ms", "timeout", "delay_ms", "description"];

/// Whether a marker says what must be seen.
fn says_something(marker: &Node) -> bool {
    match marker {
        Node::Map(_) if marker.get("markers").is_some() => !is_vacuous(Some(marker)),
        Node::Map(entries) => entries.iter().any(|(key, value)| !NO_EXPECTATION.contains(&key.as_str()) && !is_blank(value)),
        other => !is_blank(other),
    }
}

fn is_blank(value: &Node) -> bool {
    value.is_falsy() || value.text().is_some_and(|text| text.trim().is_empty())
}

/// Fields of a context that make no other one of it.
const NO_CONTEXT: [&str; 10] =
    ["at", "timestamp", "date", "time", "success", "successes", "failures", "count", "duration_ms", "last_seen_at"];

/// The most successes of one context that are counted.
const MOST_SUCCESSES: i128 = 1_000_000;

/// The successes that are noted: in each context, or of the step that has the fewest.
fn successes(document: &Node) -> i128 {
    let Some(noted) = document.get("generalisation") else { return 0 };
    let contexts = noted.get("seen_contexts").map(Node::items).unwrap_or_default();
    let in_context = |context: &Node| match (context.get("successes"), context.get("success")) {
        (Some(Node::Int(count)), _) => (*count).clamp(0, MOST_SUCCESSES),
        (_, Some(Node::Bool(false))) => 0,
        _ => 1,
    };
    let by_context = contexts.iter().map(in_context).fold(0_i128, i128::saturating_add);
    let of_method = |(_, rate): &(String, Node)| rate.get("successes").and_then(Node::int);
    let methods = noted.get("method_success_rate").map(Node::entries).unwrap_or_default();
    let by_method = methods.iter().map(of_method).collect::<Option<Vec<_>>>().and_then(|counts| counts.into_iter().min()).unwrap_or(0);
    i128::max(by_context, by_method)
}

fn contexts(document: &Node) -> i128 {
    let contexts = document.get("generalisation").and_then(|noted| noted.get("seen_contexts")).map(Node::items).unwrap_or_default();
    let counts = |context: &&Node| {
        context.get("success") != Some(&Node::Bool(false)) && context.get("successes").and_then(Node::int).is_none_or(|count| count > 0)
    };
    let told = |context: &Node| match context.canonical() {
        Node::Map(entries) => Node::Map(entries.into_iter().filter(|(key, _)| !NO_CONTEXT.contains(&key.as_str())).collect()),
        other => other,
    };
    let different: BTreeSet<String> =
        contexts.iter().filter(counts).map(|context| serde_json::to_string(&told(context)).unwrap_or_default()).collect();
    different.len() as i128
}

fn unexplained(document: &Node) -> i128 {
    let failures = document.get("failure_log").map(Node::items).unwrap_or_default();
    let explained = |failure: &&Node| {
        ["explained", "explanation", "explication", "cause"].iter().any(|key| failure.get(key).is_some_and(|value| !value.is_falsy()))
    };
    failures.iter().filter(|failure| !explained(failure)).count() as i128
}

/// Steps that have the id of an earlier one.
pub(super) fn repeated_ids(document: &Node) -> Option<Unmet> {
    let mut seen = BTreeSet::new();
    let methods = document.get("methods").map(Node::items).unwrap_or_default();
    let ids = methods.iter().enumerate().map(|(index, step)| super::request::step_id(index, step));
    let repeated: Vec<String> = ids.filter(|id| !seen.insert(id.clone())).collect();
    let reason = format!("several steps have the id {}", repeated.join(", "));
    (!repeated.is_empty()).then(|| Unmet { requirement: "unique_step_ids".to_owned(), reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(text: &str) -> Node {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_marker_that_anything_meets_is_vacuous() {
        for vacuous in
            ["{}", r#"{"mode":"all_of","markers":[]}"#, r#"{"markers":[{}]}"#, r#"{"mode":"any_of","markers":[{"text":"x"},{}]}"#]
        {
            assert!(is_vacuous(Some(&node(vacuous))), "{vacuous}");
        }
        assert!(!is_vacuous(Some(&node(r#"{"mode":"any_of","markers":[{"text":"Prêt"}]}"#))));
        assert!(is_vacuous(None));
    }

    #[test]
    fn what_is_missing_is_said_at_once() {
        let document = node(
            r#"{"methods":[],"success_marker":{"markers":[]},"failure_message_template":{"intention":"x"},"failure_log":[{"at":1}],
            "promotion":{"candidate_requires":["method_trace_present","failure_message_template_valid"],"supervised_requires":["replay_verified_once","sworn"],
            "stable_requires":{"min_successes":3,"distinct_contexts":2,"max_unexplained_failures":0}},
            "generalisation":{"seen_contexts":["a","a"]}}"#,
        );
        let names: Vec<String> = unmet(&document, State::Stable, Evidence::default()).into_iter().map(|one| one.requirement).collect();
        assert_eq!(
            names,
            [
                "success_marker_defined",
                "method_trace_present",
                "failure_message_template_valid",
                "sworn",
                "min_successes",
                "distinct_contexts",
                "max_unexplained_failures"
            ]
        );
    }
}
