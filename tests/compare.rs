//! `lea compare` on a part of a real page: what changed, what only passed by, and every exit code.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{Run, Sandbox, root};

fn fixture(name: &str) -> PathBuf {
    root().join("tests/fixtures/compare").join(name)
}

/// `lea compare before.png AFTER …`.
fn compare(sandbox: &Sandbox, after: &str, rest: &[&str]) -> Run {
    let (before, after) = (fixture("before.png").display().to_string(), fixture(after).display().to_string());
    sandbox.run(["compare", &before, &after].into_iter().chain(rest.iter().copied()))
}

fn whys(answer: &Value) -> Vec<&str> {
    answer["ignored"].as_array().unwrap().iter().map(|ignored| ignored["why"].as_str().unwrap()).collect()
}

#[test]
fn the_same_picture_saved_again_is_unchanged() {
    let sandbox = Sandbox::new();
    for twin in ["before.png", "twin_90.jpg", "twin_90_444.jpg", "twin_75.jpg", "twin_45.jpg"] {
        let answer = compare(&sandbox, twin, &["--json"]).expect(1).json();
        assert_eq!(answer, json!({"verdict": "unchanged", "regions": [], "ignored": [], "detail": "nothing changed"}), "{twin}");
    }
}

#[test]
fn a_digit_a_letter_and_a_hovered_button_are_changes() {
    let sandbox = Sandbox::new();
    for (after, place) in [
        ("digit.png", [326, 216, 7, 10]),
        ("digit.jpg", [326, 216, 7, 10]),
        ("letter.png", [110, 153, 11, 18]),
        ("hover.png", [216, 24, 135, 38]),
    ] {
        let answer = compare(&sandbox, after, &["--json"]).expect(0).json();
        assert_eq!(answer["verdict"], "changed", "{after}");
        let [x, y, width, height] = place;
        assert_eq!(answer["regions"], json!([{"x": x, "y": y, "width": width, "height": height}]), "{after}");
        assert_eq!(whys(&answer), [""; 0], "{after}");
    }
}

#[test]
fn a_place_tells_here_from_elsewhere() {
    let sandbox = Sandbox::new();
    let verdict = |at: &str| compare(&sandbox, "digit.png", &["--at", at, "--json"]).expect(0).json()["verdict"].clone();
    assert_eq!(verdict("400,221"), "changed_elsewhere");
    assert_eq!(verdict("340,221"), "changed_here");
    assert_eq!(verdict("330.5,219.5"), "changed_here");
    assert_eq!(verdict("480,300"), "changed_elsewhere");
}

#[test]
fn a_caret_and_a_cursor_do_not_count_and_hide_nothing() {
    let sandbox = Sandbox::new();
    for (after, why) in [("caret.png", "caret"), ("caret.jpg", "caret"), ("cursor.png", "cursor")] {
        let answer = compare(&sandbox, after, &["--at", "120,160", "--json"]).expect(1).json();
        assert_eq!((answer["verdict"].as_str(), whys(&answer)), (Some("unchanged"), vec![why]), "{after}");
    }
    let both = compare(&sandbox, "cursor_and_hover.png", &["--at", "300,48", "--json"]).expect(0).json();
    assert_eq!(both["verdict"], "changed_here", "the button under the cursor lit up");
}

#[test]
fn people_read_a_sentence_and_a_table() {
    let sandbox = Sandbox::new();
    let changed = compare(&sandbox, "digit.png", &["--at", "330,220"]).expect(0).out;
    assert!(changed.starts_with("changed_here: 1 region changed, at the place of the action\nREGION"), "{changed}");
    assert!(changed.contains("326,216 7x10") && changed.contains("yes"), "{changed}");
    let caret = compare(&sandbox, "caret.png", &[]).expect(1).out;
    assert!(caret.starts_with("unchanged: nothing changed but a caret\n") && caret.contains("no, a caret"), "{caret}");
    assert_eq!(compare(&sandbox, "twin_90.jpg", &[]).expect(1).out, "unchanged: nothing changed\n");
}

#[test]
fn what_changed_is_drawn_on_a_copy() {
    let sandbox = Sandbox::new();
    let run = compare(&sandbox, "digit.png", &["--at", "200,220", "--annotate", "drawn.png"]).expect(0);
    assert!(run.err.contains("drawn on drawn.png"), "{}", run.err);
    let (after, drawn) = (image::open(fixture("digit.png")).unwrap().to_rgb8(), image::open(sandbox.path("drawn.png")).unwrap().to_rgb8());
    assert!(drawn.width() == after.width() && drawn.height() > after.height());
    assert_eq!(after.get_pixel(329, 220), drawn.get_pixel(329, 220), "what changed stays visible");
    assert_ne!(after.get_pixel(325, 220), drawn.get_pixel(325, 220), "there is a frame beside it");
    assert_ne!(after.get_pixel(200, 220), drawn.get_pixel(200, 220), "and a cross at the place");
    compare(&sandbox, "caret.png", &["--annotate", "caret.png"]).expect(1);
    assert!(sandbox.path("caret.png").is_file(), "what does not count is drawn too");
}

#[test]
fn what_cannot_be_compared_is_answered_with_3() {
    let sandbox = Sandbox::new();
    std::fs::write(sandbox.path("text.png"), b"not a picture").unwrap();
    let before = fixture("before.png").display().to_string();
    let sizes = compare(&sandbox, "taller.png", &["--at", "900,900", "--json"]).expect(3).json();
    assert_eq!((&sizes["verdict"], &sizes["regions"]), (&json!("not_comparable"), &json!([])));
    assert!(sizes["detail"].as_str().unwrap().contains("480x300 and 480x301"), "{sizes}");
    let second = sandbox.run(["compare", &before, "text.png", "--annotate", "out.png"]).expect(3);
    assert_eq!(second.out, "not_comparable: the second picture is not a whole PNG or JPEG\n");
    assert!(second.err.contains("nothing is drawn") && !sandbox.path("out.png").exists(), "{}", second.err);
    let first = sandbox.run(["compare", "text.png", "text.png", "--json"]).expect(3).json();
    assert!(first["detail"].as_str().unwrap().contains("first"), "{first}");
}

#[test]
fn wrong_usage_and_bad_files_have_their_exit_codes() {
    let sandbox = Sandbox::new();
    let before = fixture("before.png").display().to_string();
    sandbox.run(["compare", &before]).expect(2);
    for wrong in [vec!["--at", "1"], vec!["--at", "a,b"], vec!["--annotate", "out.jpg"], vec!["--annotate", "nowhere/out.png"]] {
        compare(&sandbox, "digit.png", &wrong).expect(2);
    }
    std::fs::copy(fixture("digit.png"), sandbox.path("digit.png")).unwrap();
    sandbox.run(["compare", &before, "digit.png", "--annotate", "digit.png"]).expect(2);
    assert_eq!(std::fs::read(sandbox.path("digit.png")).unwrap(), std::fs::read(fixture("digit.png")).unwrap());
    for pair in [["gone.png", before.as_str()], [before.as_str(), "gone.png"]] {
        let error = sandbox.run(["--json", "compare", pair[0], pair[1]]).expect(3).error();
        assert!(error["code"] == "file_not_found" && error.to_string().contains("gone.png"), "{error}");
    }
    let outside = compare(&sandbox, "digit.png", &["--at", "481,10", "--json"]).expect(3).error();
    assert_eq!(outside["code"], "invalid_place");
    std::fs::create_dir_all(sandbox.path("data")).unwrap();
    std::fs::write(sandbox.path("data/lea.toml"), "[limits]\nimage_pixels = 100000\n").unwrap();
    assert_eq!(compare(&sandbox, "digit.png", &["--json"]).expect(3).error()["code"], "image_too_large");
}
