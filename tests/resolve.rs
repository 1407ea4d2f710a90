//! `lea resolve` and the function behind the HTTP route, on parts of real screenshots.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "a test may stop where it stands")]

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lea::api::{Eyes, ResolveAnswer, ResolveRequest, resolve_target};
use lea::clock::{ManualClock, Time};
use lea::error::{Kind, Result};
use lea::ocr::Recent;
use lea::target::Reader;
use lea::vision::{Ceilings, Correlation};
use serde_json::{Value, json};

use crate::support::reader::{Blind, NOWHERE};
use crate::support::{Sandbox, root};

fn fixture(name: &str) -> PathBuf {
    root().join("tests/fixtures/screens").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    lea::files::read_capped(&fixture(name), 1 << 20).unwrap()
}

fn base64(name: &str) -> String {
    STANDARD.encode(bytes(name))
}

/// `lea resolve SCREEN …`.
fn resolve(sandbox: &Sandbox, screen: &str, rest: &[&str]) -> crate::support::Run {
    let mut arguments = vec!["resolve".to_owned(), fixture(screen).display().to_string()];
    arguments.extend(rest.iter().map(ToString::to_string));
    crate::support::Run::of(sandbox.lea(arguments).env("LEA_RESOLVE_OCR_PROGRAM", NOWHERE))
}

fn ask(request: Value) -> Result<ResolveAnswer> {
    let request: ResolveRequest = serde_json::from_value(request).unwrap();
    let pixels = Correlation::new(Ceilings::default());
    let eyes = Eyes { pixels: &pixels, reader: Reader { layout: &pixels, text: &Blind, memory: &Recent::new(0) }, analyser: None };
    resolve_target(&request, 0.90, eyes, &ManualClock::at(Time::from_micros(0)))
}

/// A request for `anchor` on `screen`, with `more` laid over it.
fn request(screen: &str, anchor: &str, more: Value) -> Value {
    let mut request = json!({
        "session_id": "sess_1",
        "screenshot_b64": base64(screen),
        "target_spec": {"anchor_image_base64": base64(anchor), "anchor_id": "ignored"},
        "fallback_x_pct": 0.123_456_789,
        "fallback_y_pct": 0.5,
    });
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    request
}

#[test]
fn what_stands_on_the_screens_is_told() {
    let truth: Value = serde_json::from_slice(&bytes("truth.json")).unwrap();
    let cases = truth["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 10);
    for case in cases {
        let answer = ask(request(case["image"].as_str().unwrap(), case["anchor_png"].as_str().unwrap(), json!({}))).unwrap();
        let verdict = match case["expect"].as_str().unwrap() {
            "not_found" => "absent",
            "flat" => "unusable_anchor",
            other => other,
        };
        assert_eq!(answer.verdict, verdict, "{case}: {answer:?}");
        assert_eq!(answer.resolved, answer.verdict == "found");
        if let (Some(hit), Some(place)) = (answer.match_box, case["target"]["box"].as_array()) {
            let far = |at: u32, index: usize| (f64::from(at) - place[index].as_f64().unwrap()).abs();
            assert!(far(hit.x, 0) <= 2.0 && far(hit.y, 1) <= 2.0, "{case}: {hit:?}");
        }
    }
}

#[test]
fn a_found_place_has_the_fields_that_agents_know() {
    let answer = ask(request("tools.png", "confirm.png", json!({}))).unwrap();
    let value = serde_json::to_value(&answer).unwrap();
    assert_eq!(value["resolved"], true);
    assert_eq!(value["method"], "template_matching");
    assert_eq!(value["match_box"], json!({"x": 12, "y": 221, "width": 89, "height": 46}));
    // The centre is 56.5, 244 on 740 by 280 pixels.
    assert_eq!((answer.x_pct, answer.y_pct), (Some(0.076_351), Some(0.871_429)));
    assert_eq!(
        value["matched_element"],
        json!({"label": "anchor_template", "type": "visual_anchor", "role": "anchor", "center": [56, 244], "confidence": 1.0})
    );
    assert_eq!((answer.score, answer.scale), (Some(1.0), Some(1.0)));
    assert_eq!(value["candidates"][0], json!({"box": value["match_box"], "score": 1.0, "scale": 1.0}));
    let scores: Vec<f64> = answer.candidates.iter().map(|candidate| candidate.score).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
    assert_eq!(answer.margin, Some(((1.0 - scores[1]) * 1e6).round() / 1e6));
}

#[test]
fn a_miss_echoes_the_fallback_and_says_what_agents_know() {
    let answer = ask(request("tools.png", "download.png", json!({}))).unwrap();
    assert_eq!((answer.verdict.as_str(), answer.cause.as_str()), ("ambiguous", "several_alike"));
    assert_eq!((answer.method.as_str(), answer.reason.as_str()), ("fallback", "template_matching_failed"));
    assert_eq!((answer.x_pct, answer.y_pct), (Some(0.123_456_789), Some(0.5)));
    assert_eq!((answer.match_box, answer.matched_element.is_none(), answer.scale), (None, true, None));
    assert!(answer.candidates.len() >= 5, "{:?}", answer.candidates);
    assert!(answer.score.unwrap() > 0.99);
}

#[test]
fn the_expected_position_chooses_among_twins_and_nothing_else() {
    // The five buttons stand at 32, 201, 371, 540 and 710, all at 111, of 740 by 280.
    let at = |x: f64, y: f64| json!({"expected": {"x_pct": x / 740.0, "y_pct": y / 280.0}});
    let third = ask(request("tools.png", "download.png", at(374.0, 115.0))).unwrap();
    assert_eq!((third.verdict.as_str(), third.cause.as_str()), ("found", "nearest_to_expected"));
    assert_eq!(third.match_box.unwrap().x, 353);
    for (x, y) in [(286.0, 111.0), (371.0, 180.0), (0.0, 0.0)] {
        let answer = ask(request("tools.png", "download.png", at(x, y))).unwrap();
        assert_eq!((answer.verdict.as_str(), answer.cause.as_str()), ("ambiguous", "none_clearly_nearest"), "{x},{y}");
    }
    let single = ask(request("tools.png", "confirm.png", at(700.0, 10.0))).unwrap();
    assert_eq!(single.match_box.unwrap().x, 12);
}

#[test]
fn a_fallback_is_no_expected_position() {
    let on_the_first = json!({"fallback_x_pct": 32.0 / 740.0, "fallback_y_pct": 111.0 / 280.0});
    assert_eq!(ask(request("tools.png", "download.png", on_the_first)).unwrap().verdict, "ambiguous");
}

#[test]
fn the_threshold_asked_for_is_the_threshold_applied() {
    let with = |more: Value| {
        let mut region = json!({"region": {"x": 300, "y": 130, "width": 170, "height": 66}});
        region.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ask(request("record.jpg", "save.png", region)).unwrap()
    };
    let score = with(json!({})).score.unwrap();
    assert!(score > 0.95 && score < 1.0, "{score}");
    assert_eq!(with(json!({"threshold": score - 1e-4})).verdict, "found");
    let above = with(json!({"threshold": score + 1e-4}));
    assert_eq!((above.verdict.as_str(), above.cause.as_str()), ("absent", "below_threshold"));
    assert_eq!(above.score, Some(score));
}

#[test]
fn a_region_is_respected() {
    let within = |x, y, width, height| json!({"region": {"x": x, "y": y, "width": width, "height": height}});
    let second = ask(request("tools.png", "download.png", within(150, 80, 120, 80))).unwrap();
    assert_eq!((second.verdict.as_str(), second.match_box.unwrap().x), ("found", 183));
    assert_eq!(second.x_pct, Some(((183.0_f64 + 18.0) / 740.0 * 1e6).round() / 1e6));
    let elsewhere = ask(request("tools.png", "confirm.png", within(300, 0, 440, 280))).unwrap();
    assert_eq!(elsewhere.verdict, "absent");
    assert_eq!(ask(request("tools.png", "confirm.png", within(0, 0, 60, 60))).unwrap().cause, "anchor_too_large");
    assert_eq!(ask(request("tools.png", "confirm.png", within(740, 0, 9, 9))).unwrap_err().code(), "invalid_region");
}

#[test]
fn pictures_that_cannot_be_used_are_verdicts() {
    let plain = |level: u8| {
        let mut png = std::io::Cursor::new(Vec::new());
        image::RgbImage::from_pixel(200, 100, image::Rgb([level; 3])).write_to(&mut png, image::ImageFormat::Png).unwrap();
        STANDARD.encode(png.into_inner())
    };
    let verdict = |more: Value| {
        let answer = ask(request("tools.png", "confirm.png", more)).unwrap();
        assert_eq!((answer.x_pct, answer.resolved), (Some(0.123_456_789), false));
        (answer.verdict, answer.cause, answer.reason)
    };
    let words = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    let failed = "template_matching_failed";
    for broken in ["", "no base64!", "aGVsbG8=", "data:text/plain;base64,aGVsbG8="] {
        let expected = words("unusable_screen", "screen_undecodable", "decode_error");
        assert_eq!(verdict(json!({"screenshot_b64": broken})), expected);
    }
    assert_eq!(verdict(json!({"screenshot_b64": plain(0)})), words("unusable_screen", "screen_black", failed));
    assert_eq!(verdict(json!({"screenshot_b64": plain(90)})), words("unusable_screen", "screen_one_colour", failed));
    let anchor = |text: &str| json!({"target_spec": {"anchor_image_base64": text}});
    assert_eq!(verdict(anchor("aGVsbG8=")), words("unusable_anchor", "anchor_undecodable", failed));
    assert_eq!(verdict(anchor(&plain(90))), words("unusable_anchor", "anchor_flat", failed));
    for nothing in [json!({}), json!({"by_text": " ", "by_role": null, "anchor_image_base64": ""})] {
        assert_eq!(verdict(json!({"target_spec": nothing})), words("unusable_anchor", "nothing_asked", "no_target_criteria"));
    }
    let prefixed = format!("data:image/png;base64,{}", base64("confirm.png"));
    assert_eq!(ask(request("tools.png", "confirm.png", anchor(&prefixed))).unwrap().verdict, "found");
}

#[test]
fn a_text_or_a_role_is_never_guessed() {
    for spec in [json!({"by_text": "Valider"}), json!({"by_role": "button", "anchor_image_base64": base64("confirm.png")})] {
        let refused = ask(request("tools.png", "confirm.png", json!({"target_spec": spec}))).unwrap_err();
        assert_eq!((refused.kind(), refused.code()), (Kind::Unavailable, "ocr_unavailable"));
    }
}

#[test]
fn what_is_out_of_range_is_named() {
    let faults = |more: Value| {
        let refused = ask(request("tools.png", "confirm.png", more)).unwrap_err();
        refused.field_faults().iter().map(|fault| fault.loc.join(".")).collect::<Vec<_>>()
    };
    assert_eq!(faults(json!({"threshold": 1.01, "expected": {"x_pct": 0.5, "y_pct": -0.1}})), ["body.threshold", "body.expected.y_pct"]);
    assert_eq!(faults(json!({"region": {"x": 0, "y": 0, "width": 0, "height": 5}})), ["body.region"]);
}

#[test]
fn the_command_finds_draws_and_explains() {
    let sandbox = Sandbox::new();
    let anchor = fixture("confirm.png").display().to_string();
    let drawn = sandbox.path("drawn.png");
    let run = resolve(&sandbox, "tools.png", &["--anchor", &anchor, "--explain", "--annotate", "drawn.png"]).expect(0);
    assert!(run.out.starts_with("found at 56.5,244\n"), "{}", run.out);
    for part in ["12,221 89x46", "1.0000 at scale 1", "[single_place]", "STANDING", "taken"] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
    let (before, after) = (image::open(fixture("tools.png")).unwrap().to_rgb8(), image::open(drawn).unwrap().to_rgb8());
    assert!(after.width() == before.width() && after.height() > before.height());
    assert_eq!(before.get_pixel(56, 244), after.get_pixel(56, 244), "the target itself stays visible");
    assert_ne!(before.get_pixel(10, 244), after.get_pixel(10, 244), "there is a frame beside it");
}

#[test]
fn the_command_prints_the_answers_object() {
    let sandbox = Sandbox::new();
    let anchor = fixture("download.png").display().to_string();
    let found = resolve(&sandbox, "tools.png", &["--anchor", &anchor, "--expect", "32,111", "--json"]).expect(0).json();
    assert_eq!((&found["verdict"], &found["match_box"]["x"]), (&json!("found"), &json!(14)));
    let missed = resolve(&sandbox, "tools.png", &["--anchor", &anchor, "--json", "--annotate", "m.png"]).expect(1).json();
    assert_eq!((&missed["verdict"], &missed["x_pct"], &missed["y_pct"]), (&json!("ambiguous"), &Value::Null, &Value::Null));
    assert!(sandbox.path("m.png").is_file(), "a miss is drawn too");
    let explained = resolve(&sandbox, "tools.png", &["--anchor", &anchor, "--expect", "32,111", "--json", "--explain"]).expect(0).json();
    let (first, second) = (&explained["explanation"][0], &explained["explanation"][1]);
    assert_eq!((&first["box"], &first["standing"]), (&explained["match_box"], &json!("taken")));
    assert!(first["least_letter"].as_f64().unwrap() > 0.99 && second["from_expected"].as_f64().unwrap() > 100.0, "{explained}");
    assert!(found.get("explanation").is_none());
}

#[test]
fn a_specification_and_scales_are_taken() {
    let sandbox = Sandbox::new();
    let spec = json!({"anchor_image_base64": base64("cancel.png")}).to_string();
    lea::files::write_whole(&sandbox.path("spec.json"), spec.as_bytes(), lea::files::Access::Owner).unwrap();
    let found = resolve(&sandbox, "buttons_125.png", &["--spec", "spec.json", "--scales", "1.25", "--json"]).expect(0).json();
    assert_eq!(found["scale"], 1.25);
    resolve(&sandbox, "buttons_125.png", &["--spec", "spec.json", "--scales", "1.0"]).expect(1);
    for (text, code) in [("{}", 1), ("{", 3), (r#"{"by_text": "Annuler"}"#, 3), (r#"{"anchor_image_base64": 5}"#, 3)] {
        lea::files::write_whole(&sandbox.path("spec.json"), text.as_bytes(), lea::files::Access::Owner).unwrap();
        resolve(&sandbox, "buttons_125.png", &["--spec", "spec.json"]).expect(code);
    }
}

#[test]
fn wrong_usage_bad_files_and_unusable_pictures_have_their_exit_codes() {
    let sandbox = Sandbox::new();
    let anchor = fixture("confirm.png").display().to_string();
    lea::files::write_whole(&sandbox.path("text.png"), b"not a picture", lea::files::Access::Owner).unwrap();
    for wrong in [
        vec![],
        vec!["--anchor", &anchor, "--threshold", "2"],
        vec!["--anchor", &anchor, "--threshold", "nan"],
        vec!["--anchor", &anchor, "--scales", "0"],
        vec!["--anchor", &anchor, "--region", "1,2,3"],
        vec!["--anchor", &anchor, "--expect", "a,b"],
        vec!["--anchor", &anchor, "--spec", "s.json"],
    ] {
        resolve(&sandbox, "tools.png", &wrong).expect(2);
    }
    let missing = resolve(&sandbox, "tools.png", &["--anchor", "gone.png", "--json"]).expect(3).error();
    assert_eq!(missing["code"], "file_not_found");
    assert!(missing["hint"].as_str().unwrap().contains("PNG"), "{missing}");
    resolve(&sandbox, "gone.png", &["--anchor", &anchor]).expect(3);
    let unusable = resolve(&sandbox, "tools.png", &["--anchor", "text.png", "--json"]).expect(1).json();
    assert_eq!(unusable["verdict"], "unusable_anchor");
    let unusable = sandbox.run(["resolve", "text.png", "--anchor", &anchor, "--annotate", "drawn.png"]).expect(1);
    assert!(unusable.out.starts_with("unusable_screen\n") && unusable.err.contains("nothing is drawn"), "{unusable:?}");
}

#[test]
fn a_drawing_never_replaces_what_was_read() {
    let sandbox = Sandbox::new();
    let (screen, anchor) = (sandbox.path("screen.png"), sandbox.path("save.png"));
    std::fs::copy(fixture("record.png"), &screen).unwrap();
    std::fs::copy(fixture("save.png"), &anchor).unwrap();
    for out in ["screen.png", "save.png", "./screen.png", "hit.jpg", "nowhere/hit.png"] {
        let run = sandbox.run(["resolve", "screen.png", "--anchor", "save.png", "--annotate", out]);
        run.expect(2);
    }
    assert_eq!(std::fs::read(&screen).unwrap(), bytes("record.png"));
    assert_eq!(std::fs::read(&anchor).unwrap(), bytes("save.png"));
}

/// A PNG of `width` by `height` pixels.
fn drawn(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 4]) -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbaImage::from_fn(width, height, |x, y| image::Rgba(pixel(x, y))).write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

/// The answer for `spec` on `screen`.
fn look(screen: &[u8], anchor: &[u8], spec: Value, more: Value) -> Result<ResolveAnswer> {
    let mut target = json!({"anchor_image_base64": STANDARD.encode(anchor)});
    target.as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
    let mut request = json!({"session_id": "s", "screenshot_b64": STANDARD.encode(screen), "target_spec": target});
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    ask(request)
}

#[test]
fn an_arrow_turned_around_is_another_however_pale() {
    const GROUND: [u8; 3] = [212, 208, 200];
    // A head of nine columns and a shaft of seven, rounded a little as icons are.
    let ink = |x: u32, y: u32| match (x, y.abs_diff(15)) {
        (16..=24, off) if off <= 24 - x => 1.0,
        (16..=24, off) if off == 25 - x => 0.4,
        (9..=15, off) if off <= 4 => 0.9,
        (8..=15, 5) | (8, 0..=4) => 0.3,
        _ => 0.0,
    };
    let arrow = |colour: [u8; 3], x: u32, y: u32| {
        let mixed = |channel: usize| f64::from(GROUND[channel]) + ink(x, y) * (f64::from(colour[channel]) - f64::from(GROUND[channel]));
        [mixed(0) as u8, mixed(1) as u8, mixed(2) as u8, 255]
    };
    for colour in [[196, 192, 184], [180, 176, 168], [140, 150, 130], [78, 154, 6], [20, 24, 40]] {
        let anchor = drawn(32, 30, |x, y| arrow(colour, x, y));
        let screen = |turned: bool| {
            drawn(400, 200, |x, y| match (x.wrapping_sub(201), y.wrapping_sub(87)) {
                (x, y) if x < 32 && y < 30 => arrow(colour, if turned { 31 - x } else { x }, y),
                _ if y < 24 => [60, 90, 160, 255],
                _ => [GROUND[0], GROUND[1], GROUND[2], 255],
            })
        };
        let turned = look(&screen(true), &anchor, json!({}), json!({})).unwrap();
        assert_eq!(turned.verdict, "absent", "{colour:?} {turned:?}");
        let same = look(&screen(false), &anchor, json!({}), json!({})).unwrap();
        assert_eq!((same.verdict.as_str(), same.match_box.map(|at| (at.x, at.y))), ("found", Some((201, 87))), "{colour:?} {same:?}");
    }
}

#[test]
fn what_differs_along_an_edge_only_is_a_twin() {
    // Two buttons of one word, 35 tall, 5 apart: the anchor of one has a row of the other's edge, and no more to tell it by.
    let button = |x: u32, y: u32| match (x, y) {
        (0 | 1, _) | (_, 0 | 1) => [255, 255, 255, 255],
        (68.., _) | (_, 33..) => [118, 118, 118, 255],
        (14..=55, 11..=23) if x % 7 < 2 || (y - 11) % 6 == (x / 7) % 5 => [20, 20, 20, 255],
        _ => [195, 195, 195, 255],
    };
    let page = |x: u32, y: u32| match (x.wrapping_sub(150), y.wrapping_sub(60)) {
        (x, y) if x < 70 && y < 35 => button(x, y),
        (x, y) if x < 70 && (40..75).contains(&y) => button(x, y - 40),
        _ if y < 30 => [60, 90, 160, 255],
        _ => [195, 195, 195, 255],
    };
    let screen = drawn(400, 200, page);
    for (top, at) in [(54, 77.5), (94, 117.5)] {
        let anchor = drawn(82, 47, |x, y| page(x + 144, y + top));
        let answer = look(&screen, &anchor, json!({}), json!({})).unwrap();
        assert_eq!((answer.verdict.as_str(), answer.cause.as_str()), ("ambiguous", "several_alike"), "{answer:?}");
        let expected = json!({"expected": {"x_pct": 185.0 / 400.0, "y_pct": at / 200.0}});
        let answer = look(&screen, &anchor, json!({}), expected).unwrap();
        assert_eq!((answer.verdict.as_str(), answer.match_box.map(|place| place.y)), ("found", Some(top)), "{answer:?}");
    }
    // With the heading above, or what stands below, there is more to tell them by.
    for (top, height) in [(20, 80), (90, 90)] {
        let anchor = drawn(90, height, |x, y| page(x + 140, y + top));
        let answer = look(&screen, &anchor, json!({}), json!({})).unwrap();
        assert_eq!((answer.verdict.as_str(), answer.match_box.map(|place| place.y)), ("found", Some(top)), "{answer:?}");
    }
}

#[test]
fn a_piece_of_a_rule_is_found_nowhere_and_its_end_is() {
    let rule = |x: u32, y: u32| if (60..64).contains(&y) && (20..200).contains(&x) { [30, 40, 50, 255] } else { [250, 250, 250, 255] };
    let screen = drawn(300, 120, rule);
    let piece = drawn(40, 20, |x, y| rule(x + 80, y + 52));
    let answer = look(&screen, &piece, json!({}), json!({})).unwrap();
    assert_eq!((answer.verdict.as_str(), answer.cause.as_str()), ("unusable_anchor", "anchor_repeats"));
    let end = drawn(40, 20, |x, y| rule(x + 180, y + 52));
    let answer = look(&screen, &end, json!({}), json!({})).unwrap();
    assert_eq!((answer.verdict.as_str(), answer.match_box.map(|at| at.x)), ("found", Some(180)), "{answer:?}");
}

#[test]
fn transparent_pixels_match_anything() {
    // A disc with a cross in it, on a plain ground when it was recorded, on stripes now.
    let disc = |x: f64, y: f64| (x - 20.0).hypot(y - 20.0) < 19.0;
    let face = |x: u32, y: u32| if (18..23).contains(&x) || (10..14).contains(&y) { [250, 250, 250, 255] } else { [20, 60, 160, 255] };
    let stripes = |x: u32, y: u32| [if (x / 3 + y / 5).is_multiple_of(2) { 40 } else { 230 }, (x % 200) as u8, 90, 255];
    let screen = drawn(240, 160, |x, y| {
        let (u, v) = (i64::from(x) - 101, i64::from(y) - 57);
        let inside = (0..40).contains(&u) && (0..40).contains(&v) && disc(u as f64, v as f64);
        if inside { face(u as u32, v as u32) } else { stripes(x, y) }
    });
    let cut = |alpha: u8| drawn(40, 40, |x, y| if disc(f64::from(x), f64::from(y)) { face(x, y) } else { [200, 200, 200, alpha] });
    let found = look(&screen, &cut(0), json!({}), json!({})).unwrap();
    assert_eq!((found.verdict.as_str(), found.match_box.map(|at| (at.x, at.y, at.width))), ("found", Some((101, 57, 40))), "{found:?}");
    assert!(found.score.unwrap() > 0.999, "{found:?}");
    assert_ne!(look(&screen, &cut(255), json!({}), json!({})).unwrap().verdict, "found", "the ground counts where it is opaque");
    let nothing = look(&screen, &drawn(40, 40, |x, y| [x as u8 * 5, y as u8 * 3, 0, 0]), json!({}), json!({})).unwrap();
    assert_eq!((nothing.verdict.as_str(), nothing.cause.as_str()), ("unusable_anchor", "anchor_transparent"));
}

#[test]
fn a_click_lies_where_the_anchor_says_and_on_the_right_monitor() {
    let screen = bytes("tools.png");
    let anchor = bytes("confirm.png");
    let left = json!({"screen_origin": {"x": -1920, "y": 100}});
    let answer = look(&screen, &anchor, json!({"click": {"dx": -30, "dy": 10.5}}), left).unwrap();
    let click = answer.click.unwrap();
    assert_eq!((click.x, click.y), (56.5 - 30.0 - 1920.0, 244.0 + 10.5 + 100.0));
    assert_eq!(answer.x_pct, Some((26.5_f64 / 740.0 * 1e6).round() / 1e6));
    let outside = look(&screen, &anchor, json!({"click": {"dx": 45, "dy": 0}}), json!({})).unwrap_err();
    assert_eq!(outside.code(), "click_outside_anchor");
    let larger = look(&bytes("buttons_125.png"), &bytes("cancel.png"), json!({"click": {"dx": 8, "dy": 0}}), json!({})).unwrap();
    let at = larger.match_box.unwrap();
    assert_eq!(larger.click.map(|click| click.x), Some(f64::from(at.x) + f64::from(at.width) / 2.0 + 10.0), "{larger:?}");
}

#[test]
fn known_display_scales_say_what_is_tried() {
    let (screen, anchor) = (bytes("buttons_125.png"), bytes("cancel.png"));
    let answer = look(&screen, &anchor, json!({"anchor_scale": 1.0}), json!({"display_scale": 1.25})).unwrap();
    assert_eq!((answer.verdict.as_str(), answer.scale), ("found", Some(1.25)));
    for wrong in [json!({"anchor_scale": 0.1}), json!({"anchor_scale": 9})] {
        assert_eq!(look(&screen, &anchor, wrong, json!({})).unwrap_err().field_faults()[0].loc, ["body", "target_spec", "anchor_scale"]);
    }
    assert!(look(&screen, &anchor, json!({}), json!({"display_scale": 0})).is_err());
}

#[test]
fn a_pointer_on_black_is_no_screen() {
    let screen = drawn(300, 200, |x, y| if x < 12 && y < 18 && x < y { [250, 250, 250, 255] } else { [4, 4, 4, 255] });
    let answer = look(&screen, &bytes("confirm.png"), json!({}), json!({})).unwrap();
    assert_eq!((answer.verdict.as_str(), answer.cause.as_str()), ("unusable_screen", "screen_black"));
}

/// `lea resolve --corpus …` in a copy of the corpus whose truth is `truth`.
fn corpus(sandbox: &Sandbox, truth: &Value, rest: &[&str]) -> crate::support::Run {
    let folder = sandbox.path("corpus");
    std::fs::create_dir_all(&folder).unwrap();
    for entry in std::fs::read_dir(fixture("")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
    }
    lea::files::write_whole(&folder.join("truth.json"), truth.to_string().as_bytes(), lea::files::Access::Owner).unwrap();
    sandbox.run(["resolve", "--corpus", "corpus"].into_iter().chain(rest.iter().copied()))
}

#[test]
fn a_corpus_is_counted_shown_and_compared_with_an_earlier_run() {
    let sandbox = Sandbox::new();
    let truth: Value = serde_json::from_slice(&bytes("truth.json")).unwrap();
    let good = corpus(&sandbox, &truth, &["--json"]).expect(0).json();
    assert_eq!((&good["cases"], &good["right"], &good["refused"], &good["wrong"]), (&json!(10), &json!(10), &json!(0), &json!(0)));
    assert!(good["p50_ms"].as_f64().unwrap() <= good["p95_ms"].as_f64().unwrap());
    let third = &good["results"][2];
    assert_eq!((&third["id"], &third["outcome"], &third["match_box"]["x"]), (&json!("3"), &json!("right"), &json!(732)));
    let save = |value: &Value| std::fs::write(sandbox.path("before.json"), value.to_string()).unwrap();
    save(&good);
    let table = corpus(&sandbox, &truth, &["--baseline", "before.json"]).expect(0);
    assert!(table.out.contains("no worse than the baseline") && table.out.contains("similar_text"), "{}", table.out);

    // What is called wrong here is right, and what is asked for is not there.
    let mut changed = truth.clone();
    changed["cases"][0]["target"]["box"] = json!([0, 0, 5, 5]);
    changed["cases"][8]["expect"] = json!("found");
    changed["cases"][8]["target"] = json!({"box": [1, 2, 3, 4]});
    changed["cases"].as_array_mut().unwrap().remove(1);
    let worse = corpus(&sandbox, &changed, &["--baseline", "before.json", "--html", "page.html", "--json"]).expect(1).json();
    assert_eq!((&worse["right"], &worse["refused"], &worse["wrong"]), (&json!(7), &json!(1), &json!(1)));
    let ids =
        |value: &Value| value.as_array().unwrap().iter().map(|change| change["id"].as_str().unwrap_or("").to_owned()).collect::<Vec<_>>();
    assert_eq!((ids(&worse["baseline"]["worse"]), &worse["baseline"]["missing"]), (vec!["1".to_owned(), "9".to_owned()], &json!(["2"])));
    let page = std::fs::read_to_string(sandbox.path("page.html")).unwrap();
    assert_eq!((page.matches("<section>").count(), page.matches("data:image/png").count()), (2, 4));
    assert!(page.contains("Case 1: identical") && page.contains("<rect class=\"box\" x=\"0\" y=\"0\" width=\"5\" height=\"5\"/>"));
    save(&worse);
    let better = corpus(&sandbox, &truth, &["--baseline", "before.json"]).expect(0);
    assert!(better.out.contains("better: case 1 was wrong, is right"), "{}", better.out);
    // Without a baseline a wrong answer alone is a no.
    corpus(&sandbox, &changed, &[]).expect(1);
    assert_eq!(corpus(&sandbox, &truth, &["--with-expected", "--exact", "--json"]).expect(0).json()["right"], 10);
    assert_eq!(corpus(&sandbox, &truth, &["--compat", "--json"]).json()["threshold"], 0.7);
}

#[test]
fn a_corpus_that_is_none_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.run(["resolve", "--corpus", "nowhere"]).expect(3);
    for (case, code) in [
        (json!({"id": 1, "image": "gone.png", "anchor_png": "save.png", "expect": "flat"}), "file_not_found"),
        (json!({"id": 1, "image": "../tools.png", "anchor_png": "save.png", "expect": "flat"}), "invalid_truth"),
        (json!({"id": 1, "image": "tools.png", "anchor_png": "save.png"}), "invalid_truth"),
    ] {
        let refused = corpus(&sandbox, &json!({"cases": [case]}), &["--json", "--html", "page.html"]).expect(3).error();
        assert_eq!(refused["code"], code, "{refused}");
        assert!(!sandbox.path("page.html").exists());
    }
    lea::files::write_whole(&sandbox.path("no.json"), b"{}", lea::files::Access::Owner).unwrap();
    let truth: Value = serde_json::from_slice(&bytes("truth.json")).unwrap();
    assert_eq!(corpus(&sandbox, &truth, &["--baseline", "no.json", "--json"]).expect(3).error()["code"], "invalid_baseline");
    sandbox.run(["resolve", "--baseline", "no.json", "x.png", "--anchor", "y.png"]).expect(2);
    sandbox.run(["resolve", "x.png", "--corpus", "corpus"]).expect(2);
}

#[test]
fn several_targets_are_answered_in_their_order() {
    let sandbox = Sandbox::new();
    let [confirm, bell] = ["confirm.png", "bell.png"].map(|name| fixture(name).display().to_string());
    let both = resolve(&sandbox, "tools.png", &["--anchor", &confirm, "--anchor", &bell, "--json"]).expect(1).json();
    let verdicts: Vec<_> = both["results"].as_array().unwrap().iter().map(|answer| answer["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["found", "absent"]);
    assert_eq!(both["results"][1]["target"], json!(bell));
    let told = resolve(&sandbox, "tools.png", &["--anchor", &confirm, "--anchor", &confirm]).expect(0);
    assert_eq!(told.out.matches("found at 56.5,244").count(), 2);
    resolve(&sandbox, "tools.png", &["--anchor", &confirm, "--anchor", &bell, "--annotate", "x.png"]).expect(2);
}

#[test]
fn all_places_are_listed_none_over_another() {
    let sandbox = Sandbox::new();
    let anchor = fixture("download.png").display().to_string();
    let all = resolve(&sandbox, "tools.png", &["--anchor", &anchor, "--all", "--json"]).expect(0).json();
    let mut left: Vec<u64> = all["matches"].as_array().unwrap().iter().map(|place| place["box"]["x"].as_u64().unwrap()).collect();
    left.sort_unstable();
    assert_eq!(left, [14, 183, 353, 522, 692]);
    assert_eq!(all["verdict"], "ambiguous");
    let told = resolve(&sandbox, "tools.png", &["--anchor", &anchor, "--all"]).expect(0);
    assert_eq!(told.out.matches("  match     ").count(), 5, "{}", told.out);
    let monitor =
        resolve(&sandbox, "tools.png", &["--anchor", &anchor, "--expect", "32,111", "--origin", "-1920,0", "--click", "-4,2"]).expect(0);
    assert!(monitor.out.starts_with("found at -1892,113\n"), "{}", monitor.out);
    let none = fixture("bell.png").display().to_string();
    assert_eq!(resolve(&sandbox, "tools.png", &["--anchor", &none, "--all", "--json"]).expect(1).json()["matches"], json!([]));
}

#[test]
fn the_older_rule_answers_as_it_did() {
    let sandbox = Sandbox::new();
    let blue = fixture("blue.png").display().to_string();
    let flat = resolve(&sandbox, "tools.png", &["--anchor", &blue, "--compat", "--json"]).expect(0).json();
    assert_eq!((&flat["match_box"]["x"], &flat["score"], &flat["cause"]), (&json!(0), &json!(1.0), &json!("source_rule")));
    let download = fixture("download.png").display().to_string();
    for proof in [&["--compat", "--json"][..], &["--compat", "--exact", "--json"]] {
        let first = resolve(&sandbox, "tools.png", &[&["--anchor", &download], proof].concat()).expect(0).json();
        assert_eq!((&first["verdict"], &first["match_box"]["x"]), (&json!("found"), &json!(14)), "the first of five alike");
    }
    let bell = fixture("bell.png").display().to_string();
    let absent = resolve(&sandbox, "tools.png", &["--anchor", &bell, "--compat", "--json"]).expect(1).json();
    assert_eq!((&absent["verdict"], &absent["cause"]), (&json!("absent"), &json!("below_threshold")));
    resolve(&sandbox, "tools.png", &["--anchor", &bell, "--compat", "--scales", "1"]).expect(2);
}
