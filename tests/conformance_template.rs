//! The recorded behaviour of the service that agents knew before: its rule is reproduced, and where our answers differ the
//! difference is listed here by tag (docs/decisions says why).
#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lea::target::{Candidate, Order, Place, resolve};
use lea::vision::reference::source_rule;
use lea::vision::{Ceilings, Correlation, decode, luma};
use serde_json::Value;

use crate::support::root;

/// Where ours is not the recorded answer: case, its tag, our verdict, our cause.
const DEPARTURES: [(&str, &str, &str, &str); 8] = [
    ("template_match-0004", "absent_anchor", "absent", "colour_differs"),
    ("template_match-0008", "scaled_anchor", "found", "single_place"),
    ("template_match-0009", "flat_anchor", "unusable_anchor", "anchor_flat"),
    ("template_match-0012", "scaled_anchor", "absent", "part_differs"),
    ("template_match-0017", "scaled_anchor", "found", "single_place"),
    ("template_match-0022", "scaled_anchor", "found", "single_place"),
    ("template_match-0023", "scaled_anchor", "found", "single_place"),
    ("template_match-0024", "tiny_anchor", "unusable_anchor", "anchor_flat"),
];

struct Case {
    id: String,
    tag: String,
    screen: Vec<u8>,
    anchor: Vec<u8>,
    threshold: f64,
    expected: Value,
}

fn cases() -> Vec<Case> {
    let text = std::fs::File::open(root().join("tests/fixtures/template_match.json")).unwrap();
    let all: Vec<Value> = serde_json::from_reader(text).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let case = |case: &Value| Case {
        id: text(&case["id"]),
        tag: text(&case["tags"][0]),
        screen: STANDARD.decode(text(&case["input"]["screenshot_png_b64"])).unwrap(),
        anchor: STANDARD.decode(text(&case["input"]["anchor_png_b64"])).unwrap(),
        threshold: case["input"]["confidence_threshold"].as_f64().unwrap(),
        expected: case["expected"].clone(),
    };
    all.iter().map(case).collect()
}

#[test]
fn the_sources_rule_is_reproduced() {
    let cases = cases();
    assert_eq!(cases.len(), 26);
    for case in cases {
        let screen = luma(&decode(&case.screen, Ceilings::default()).unwrap());
        let anchor = decode(&case.anchor, Ceilings::default()).ok();
        let hit = anchor.and_then(|anchor| source_rule(&screen, &luma(&anchor), case.threshold));
        let same = match hit {
            Some(hit) => is_same(&case.expected, hit.place, hit.score, hit.scale),
            None => case.expected.is_null(),
        };
        assert!(same, "{}: {hit:?} is not {}", case.id, case.expected);
    }
}

#[test]
fn our_answers_differ_only_where_it_was_decided() {
    let pixels = Correlation::new(Ceilings::default());
    let mut departures = Vec::new();
    for case in cases() {
        let order = Order::new(&case.screen, Some(&case.anchor), case.threshold);
        let finding = resolve(&order, &pixels).unwrap();
        let same = match finding.found() {
            Some(&Candidate { place, score, scale, .. }) => is_same(&case.expected, place, score, scale),
            None => case.expected.is_null(),
        };
        if !same {
            departures.push((case.id, case.tag, finding.verdict.word(), finding.why.word()));
        }
    }
    let found: Vec<_> = departures.iter().map(|(id, tag, verdict, cause)| (id.as_str(), tag.as_str(), *verdict, *cause)).collect();
    assert_eq!(found, DEPARTURES);
}

/// Whether a place is the recorded one: a pixel and a hundredth of a score are allowed, since resizing rounds differently.
fn is_same(expected: &Value, place: Place, score: f64, scale: f64) -> bool {
    let near = |value: f64, recorded: &Value, allowed: f64| recorded.as_f64().is_some_and(|recorded| (value - recorded).abs() <= allowed);
    let at = &expected["match_box"];
    near(score, &expected["score"], 0.01)
        && near(scale, &expected["scale"], 1e-9)
        && near(f64::from(place.x), &at["x"], 1.0)
        && near(f64::from(place.y), &at["y"], 1.0)
        && near(f64::from(place.width), &at["width"], 0.0)
        && near(f64::from(place.height), &at["height"], 0.0)
}
