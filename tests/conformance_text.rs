//! Targets by text and role among another program's elements, as the service that agents knew before answered: where ours differ,
//! the rule is named and the cases are counted (docs/decisions says why).
#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lea::api::{Eyes, ResolveAnswer, ResolveRequest, resolve_target};
use lea::clock::{ManualClock, Time};
use lea::error::Kind;
use lea::ocr::Recent;
use lea::target::{Fit, Place, Reader, Wanted, Word};
use lea::vision::{Ceilings, Correlation};
use serde_json::{Value, json};

use crate::support::reader::Blind;
use crate::support::root;

/// How many cases depart by each rule.
const DEPARTURES: [(&str, usize); 12] = [
    ("bag_of_letters", 8),
    ("exact_first", 1),
    ("label_in_text", 2),
    ("letters_in_label", 3),
    ("no_screen", 1),
    ("outside_the_screen", 1),
    ("reason_no_elements", 7),
    ("reason_read_here", 6),
    ("role_differs", 3),
    ("role_without_text", 5),
    ("several_of_a_role", 12),
    ("several_say_it", 1),
];

fn vectors(name: &str) -> Vec<Value> {
    serde_json::from_reader(std::fs::File::open(root().join("tests/fixtures").join(name)).unwrap()).unwrap()
}

/// A picture of this size in base64, with something on it; no picture where it would have no pixels.
fn screen(width: u32, height: u32) -> String {
    if width == 0 || height == 0 {
        return String::new();
    }
    let mut picture = image::GrayImage::from_pixel(width, height, image::Luma([240]));
    // A line across, which is neither text nor a widget.
    for at in 0..width.min(height) {
        picture.put_pixel(at, at, image::Luma([20]));
    }
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
    STANDARD.encode(png.into_inner())
}

/// Text as a person compares it: the case, accents and outer spaces of these vectors left out.
fn folded(text: &str) -> String {
    let plain = |sign: char| match sign {
        'é' | 'è' => 'e',
        sign => sign,
    };
    text.trim().to_lowercase().replace('\u{307}', "").chars().map(plain).filter(|sign| *sign != '>').collect::<String>().trim().to_owned()
}

struct Case {
    id: String,
    spec: Value,
    elements: Vec<Value>,
    size: (f64, f64),
    fallback: (Value, Value),
    expected: Value,
    ours: Option<ResolveAnswer>,
}

impl Case {
    fn text(&self) -> Option<String> {
        self.spec["by_text"].as_str().filter(|text| !text.trim().is_empty()).map(folded)
    }

    fn role(&self) -> Option<String> {
        self.spec["by_role"].as_str().filter(|role| !role.trim().is_empty()).map(str::to_lowercase)
    }

    fn says(&self, element: &Value) -> bool {
        self.text().is_some_and(|text| element["label"].as_str().is_some_and(|label| folded(label) == text))
    }

    fn has_role(&self, element: &Value) -> bool {
        let names = |field: &str, role: &str| element[field].as_str().is_some_and(|name| name.to_lowercase().contains(role));
        self.role().is_none_or(|role| names("type", &role) || names("role", &role))
    }

    fn lies_inside(&self, element: &Value) -> bool {
        let at = |axis: usize| element["center"][axis].as_f64().unwrap();
        at(0) < self.size.0 && at(1) < self.size.1
    }

    /// The rule by which ours is another answer.
    fn departure(&self) -> Option<&'static str> {
        let Some(ours) = &self.ours else { return Some("no_reader_said") };
        // The last of six decimals is rounded in another way.
        let near = |ours: Option<f64>, field: &str| {
            ours.zip(self.expected[field].as_f64()).is_some_and(|(ours, expected)| (ours - expected).abs() < 1.5e-6)
        };
        let same = near(ours.x_pct, "x_pct") && near(ours.y_pct, "y_pct");
        if ours.resolved == self.expected["resolved"] && same {
            let word = self.expected["reason"].as_str().filter(|word| !ours.resolved && *word != ours.reason)?;
            return Some(if word == "no_ui_elements" { "reason_no_elements" } else { "reason_read_here" });
        }
        if self.size.0 == 0.0 {
            return Some("no_screen");
        }
        let taken = self.elements.iter().find(|element| {
            let center = &self.expected["matched_element"]["center"];
            let same = |axis: usize| center[axis].as_f64().map(f64::floor) == element["center"][axis].as_f64().map(f64::floor);
            same(0) && same(1)
        });
        let exact: Vec<&Value> = self.elements.iter().filter(|element| self.says(element) && self.has_role(element)).collect();
        let Some(taken) = taken else { return Some("UNNAMED") };
        if !self.lies_inside(taken) {
            return Some("outside_the_screen");
        }
        let Some(text) = self.text() else {
            let several = self.elements.iter().filter(|element| self.has_role(element)).count() > 1;
            return Some(if several && ours.verdict == "ambiguous" { "several_of_a_role" } else { "UNNAMED" });
        };
        let label = folded(taken["label"].as_str().unwrap_or_default());
        Some(match () {
            () if label == text && !self.has_role(taken) => "role_differs",
            () if exact.len() > 1 => "several_say_it",
            () if label == text => "UNNAMED",
            () if self.expected["score"] == 0.5 => "role_without_text",
            () if exact.len() == 1 && ours.resolved => "exact_first",
            () if text.contains(&label) => "label_in_text",
            () if label.contains(&text) => "letters_in_label",
            () => "bag_of_letters",
        })
    }
}

fn cases() -> Vec<Case> {
    let mut screens: BTreeMap<(i64, i64), String> = BTreeMap::new();
    let pixels = Correlation::new(Ceilings::default());
    let eyes = Eyes { pixels: &pixels, reader: Reader { layout: &pixels, text: &Blind, memory: &Recent::new(16) }, analyser: None };
    let mut all = Vec::new();
    for case in vectors("element_match.json") {
        let input = &case["input"];
        let size = (input["screen_width"].as_i64().unwrap(), input["screen_height"].as_i64().unwrap());
        let screenshot = screens.entry(size).or_insert_with(|| screen(size.0 as u32, size.1 as u32)).clone();
        let mut request = input.clone();
        request["session_id"] = json!("sess_1");
        request["screenshot_b64"] = json!(screenshot);
        let request: ResolveRequest = serde_json::from_value(request).unwrap();
        let ours = match resolve_target(&request, 0.5, eyes, &ManualClock::at(Time::from_micros(0))) {
            Ok(answer) => Some(answer),
            Err(error) => {
                assert_eq!((error.kind(), error.code()), (Kind::Unavailable, "ocr_unavailable"), "{case}");
                assert!(input["ui_elements"].is_null(), "{case}");
                None
            }
        };
        all.push(Case {
            id: case["id"].as_str().unwrap().to_owned(),
            spec: input["target_spec"].clone(),
            elements: input["ui_elements"].as_array().cloned().unwrap_or_default(),
            size: (size.0 as f64, size.1 as f64),
            fallback: (input["fallback_x_pct"].clone(), input["fallback_y_pct"].clone()),
            expected: case["expected"].clone(),
            ours,
        });
    }
    all
}

#[test]
fn our_answers_differ_only_by_rules_that_were_decided() {
    let cases = cases();
    assert_eq!(cases.len(), 125);
    let mut departures: BTreeMap<&str, usize> = BTreeMap::new();
    for case in &cases {
        if let Some(rule) = case.departure() {
            // Seen only where the test fails.
            println!("{} {rule}: {} was {}, is {:?}", case.id, case.spec, case.expected, case.ours);
            *departures.entry(rule).or_default() += 1;
        }
    }
    assert_eq!(departures.into_iter().collect::<Vec<_>>(), DEPARTURES);
}

#[test]
fn what_was_refused_is_found_only_where_one_label_says_just_that() {
    for case in cases() {
        let Some(ours) = case.ours.as_ref().filter(|ours| ours.resolved) else { continue };
        let place = ours.match_box.unwrap();
        if case.expected["resolved"] == false {
            let saying: Vec<&Value> = case.elements.iter().filter(|element| case.says(element) && case.has_role(element)).collect();
            let [only] = saying[..] else { panic!("{}: {ours:?}", case.id) };
            assert_eq!(json!([place.x, place.y]), only["center"], "{}", case.id);
        }
        // Whatever was asked for is what was found.
        let at = |element: &&Value| (0..2).all(|axis| element["center"][axis].as_f64().unwrap().floor() as u32 == [place.x, place.y][axis]);
        let found = case.elements.iter().find(at).unwrap();
        assert!(case.has_role(found), "{}: {ours:?}", case.id);
        if let Some(text) = case.text() {
            assert!(folded(found["label"].as_str().unwrap()).starts_with(&text), "{}: {ours:?}", case.id);
        }
    }
}

#[test]
fn a_miss_echoes_the_callers_fallback() {
    let cases = cases();
    let misses: Vec<_> = cases.iter().filter_map(|case| Some((case, case.ours.as_ref().filter(|ours| !ours.resolved)?))).collect();
    assert!(misses.len() > 60, "{}", misses.len());
    for (case, ours) in misses {
        assert_eq!(json!([ours.x_pct, ours.y_pct]), json!([case.fallback.0, case.fallback.1]), "{}", case.id);
        assert_eq!((ours.method.as_str(), ours.match_box, ours.click), ("fallback", None, None), "{}", case.id);
    }
}

/// Every word was surely read.
fn label(text: &str) -> Vec<Word> {
    let place = Place { x: 0, y: 0, width: 1, height: 1 };
    text.split_whitespace().map(|text| Word { text: text.to_owned(), place, confidence: 0.95 }).collect()
}

/// What the recorded rule took for alike with the threshold it was given (0.6 where there is none), and we don't.
const NOT_ALIKE: [(&str, &str, Option<f64>); 13] = [
    ("enregistrer", "valider!", None),
    ("123", "321", None),
    ("  ", "  ", None),
    ("abc", "xyz", Some(0.0)),
    ("ab", "abcd", Some(0.0)),
    ("aaa", "a", Some(0.0)),
    ("abcde", "abc", Some(0.0)),
    ("abcd", "ab", Some(0.5)),
    ("ab", "abcd", Some(0.5)),
    ("aaa", "a", Some(0.5)),
    ("abcde", "abc", Some(0.6)),
    ("aaa", "a", Some(0.75)),
    ("aaa", "a", Some(1.0)),
];

/// What it took for different, and says the same once folded.
const THE_SAME: [(&str, &str); 1] = [("re\u{301}sume\u{301}", "r\u{e9}sum\u{e9}")];

#[test]
fn letters_in_any_order_are_no_likeness() {
    let cases = vectors("fuzzy_match.json");
    assert_eq!(cases.len(), 126);
    let (mut not_alike, mut the_same) = (Vec::new(), Vec::new());
    for case in &cases {
        let (a, b) = (case["input"]["a"].as_str().unwrap(), case["input"]["b"].as_str().unwrap());
        let fit = Wanted::new(a).and_then(|wanted| wanted.compare(&label(b))).map(|found| found.fit);
        match (case["expected"].as_bool().unwrap(), fit) {
            (true, None) => not_alike.push((a, b, case["input"]["threshold"].as_f64())),
            (false, Some(fit)) => {
                assert_eq!(fit, Fit::Exact, "{case}");
                the_same.push((a, b));
            }
            _ => {}
        }
    }
    assert_eq!((not_alike.as_slice(), the_same.as_slice()), (&NOT_ALIKE[..], &THE_SAME[..]));
}
