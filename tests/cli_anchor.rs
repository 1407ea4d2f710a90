//! `lea anchor check`, on parts of real screenshots.
#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use serde_json::{Value, json};

use crate::support::{Run, Sandbox, root};

fn fixture(name: &str) -> String {
    root().join("tests/fixtures/screens").join(name).display().to_string()
}

fn check(sandbox: &Sandbox, rest: &[&str]) -> Run {
    sandbox.run(["anchor", "check"].into_iter().chain(rest.iter().copied()))
}

fn codes(report: &Value) -> Vec<&str> {
    report["remarks"].as_array().unwrap().iter().map(|remark| remark["code"].as_str().unwrap()).collect()
}

#[test]
fn what_an_anchor_lacks_is_named() {
    let sandbox = Sandbox::new();
    let [confirm, download, blue, bell] = ["confirm.png", "download.png", "blue.png", "bell.png"].map(fixture);
    let (tools, record) = (fixture("tools.png"), fixture("record.png"));
    let one = |rest: &[&str], code: i32| check(&sandbox, &[rest, &["--json"]].concat()).expect(code).json()["anchors"][0].clone();

    let good = one(&[&confirm, "--screen", &tools, "--absent", &record], 0);
    assert_eq!((&good["fit"], &good["width"], codes(&good)), (&json!(true), &json!(89), vec![]));
    assert_eq!(good["screens"][0]["match_box"], json!({"x": 12, "y": 221, "width": 89, "height": 46}));

    assert_eq!(codes(&one(&[&blue], 1)), ["anchor_flat", "repeats"]);
    assert_eq!(codes(&one(&[&confirm, "--absent", &tools], 1)), ["accepted_where_absent"]);
    assert_eq!(codes(&one(&[&bell, "--screen", &tools], 1)), ["found_nowhere"]);
    // A re-encoded picture is not the one that it was cut out of.
    assert_eq!(codes(&one(&[&fixture("cancel.png"), "--screen", &fixture("buttons_125.png")], 0)), ["own_screen_missing"]);

    let twins = one(&[&download, "--screen", &tools], 1);
    assert_eq!((codes(&twins), &twins["screens"][0]["alike"]), (vec!["not_unique"], &json!(5)));
}

#[test]
fn a_larger_crop_is_proposed_and_found_where_it_was_cut() {
    let sandbox = Sandbox::new();
    let (download, tools) = (fixture("download.png"), fixture("tools.png"));
    let report = check(&sandbox, &[&download, "--screen", &tools, "--expect", "371,111", "--json"]).expect(1).json();
    let larger = &report["anchors"][0]["screens"][0]["larger"];
    let number = |name: &str| larger["box"][name].as_u64().unwrap() as u32;
    let (x, y, width, height) = (number("x"), number("y"), number("width"), number("height"));
    assert!(x <= 353 && x + width >= 389 && width * height > 36 * 34, "{larger}");
    let screen = image::open(&tools).unwrap();
    screen.crop_imm(x, y, width, height).save(sandbox.path("larger.png")).unwrap();
    let click = format!("{},{}", larger["click"]["dx"], larger["click"]["dy"]);
    let found = sandbox.run(["resolve", &tools, "--anchor", "larger.png", "--click", &click, "--json"]).expect(0).json();
    assert_eq!((&found["match_box"]["x"], &found["click"]["x"], &found["click"]["y"]), (&json!(x), &json!(371.0), &json!(111.0)));
    let told = check(&sandbox, &[&download, "--screen", &tools]).expect(1);
    assert!(told.out.contains("not fit") && told.out.contains("unique on") && told.out.contains("[not_unique]"), "{}", told.out);
}

#[test]
fn files_that_are_none_and_wrong_usage_have_their_exit_codes() {
    let sandbox = Sandbox::new();
    let confirm = fixture("confirm.png");
    check(&sandbox, &[]).expect(2);
    check(&sandbox, &[&confirm, "--threshold", "2"]).expect(2);
    check(&sandbox, &["gone.png"]).expect(3);
    check(&sandbox, &[&confirm, "--screen", "gone.png"]).expect(3);
    lea::files::write_whole(&sandbox.path("text.png"), b"no picture", lea::files::Access::Owner).unwrap();
    let none = check(&sandbox, &["text.png", "--json"]).expect(1).json();
    assert_eq!(codes(&none["anchors"][0]), ["undecodable"]);
    let screen = check(&sandbox, &[&confirm, "--screen", "text.png", "--json"]).expect(1).json();
    assert_eq!(codes(&screen["anchors"][0]), ["unusable_screen"]);
}
