//! The recorded behaviour of the service that agents knew before: its rule is reproduced, and where ours differs the
//! difference is named here by tag (and explained in the decisions on resolving).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lea::target::{DEFAULT_SCALES, Finding, Order, Place, Verdict, resolve};
use lea::vision::reference::source_rule;
use lea::vision::{Ceilings, Correlation, decode, luma};
use serde_json::Value;

use crate::support::root;

struct Case {
    id: String,
    tag: String,
    screen: Vec<u8>,
    anchor: Vec<u8>,
    threshold: f64,
    expected: Value,
}

fn cases() -> Vec<Case> {
    let bytes = std::fs::read_to_string(root().join("tests/fixtures/template_match.json")).unwrap();
    let all: Vec<Value> = serde_json::from_str(&bytes).unwrap();
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
    for case in cases() {
        println!("{}", case.id);
        let screen = luma(&decode(&case.screen, Ceilings::default()).unwrap());
        let hit = decode(&case.anchor, Ceilings::default()).ok().and_then(|anchor| source_rule(&screen, &luma(&anchor), case.threshold));
        match hit {
            Some(hit) => same_place(&case.expected, hit.place, hit.score, hit.scale),
            None => assert_eq!(case.expected, Value::Null),
        }
    }
}

#[track_caller]
fn same_place(expected: &Value, place: Place, score: f64, scale: f64) {
    let near = |a: f64, name: &Value, allowed: f64| assert!((a - name.as_f64().unwrap()).abs() <= allowed, "{a} {name}");
    near(score, &expected["score"], 0.01);
    near(scale, &expected["scale"], 1e-9);
    near(f64::from(place.x), &expected["match_box"]["x"], 1.0);
    near(f64::from(place.y), &expected["match_box"]["y"], 1.0);
    near(f64::from(place.width), &expected["match_box"]["width"], 0.0);
    near(f64::from(place.height), &expected["match_box"]["height"], 0.0);
}

#[test]
fn our_answers_differ_only_where_it_was_decided() {
    for case in cases() {
        let order = Order {
            screenshot: &case.screen,
            anchor: Some(&case.anchor),
            expected: None,
            region: None,
            threshold: case.threshold,
            scales: &DEFAULT_SCALES,
        };
        let finding = resolve(&order, &Correlation::new(Ceilings::default())).unwrap();
        println!("{} {} {} {:?} {:?} {}", case.id, case.tag, case.expected["score"], finding.verdict, finding.why, case.expected["scale"]);
        for c in &finding.candidates { println!("   {:?}", c);}
    }
}
