//! `lea elements`: what is on a real screenshot, as a table, as JSON that `lea resolve` takes, and drawn.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::{Run, Sandbox, root};

fn fixture(name: &str) -> String {
    root().join("tests/fixtures/screens").join(name).display().to_string()
}

/// Whether text can be read here. Where it cannot these tests are skipped, but not where every change is checked.
fn can_read() -> bool {
    let asked = Command::new("tesseract").arg("--list-langs").stderr(Stdio::null()).output();
    let able = asked.is_ok_and(|asked| String::from_utf8_lossy(&asked.stdout).lines().any(|line| line == "fra"));
    assert!(able || std::env::var("CI").as_deref() != Ok("true"), "Tesseract with French is missing");
    if !able {
        eprintln!("skipped: Tesseract with French is missing");
    }
    able
}

fn elements(sandbox: &Sandbox, rest: &[&str]) -> Run {
    sandbox.run(["elements"].into_iter().chain(rest.iter().copied()))
}

fn labelled<'a>(answer: &'a Value, label: &str) -> &'a Value {
    let all = answer["ui_elements"].as_array().unwrap();
    all.iter().find(|element| element["label"] == label).unwrap_or_else(|| panic!("no {label} among {all:#?}"))
}

#[test]
fn wrong_input_and_wrong_usage_have_their_exit_codes() {
    let sandbox = Sandbox::new();
    let tools = fixture("tools.png");
    elements(&sandbox, &[]).expect(2);
    elements(&sandbox, &[&tools, "--role", "nonsense"]).expect(2);
    elements(&sandbox, &["gone.png"]).expect(3);
    elements(&sandbox, &[&tools, "--annotate", &tools]).expect(2);
    elements(&sandbox, &[&tools, "--annotate", "out.jpg"]).expect(2);
    lea::files::write_whole(&sandbox.path("text.png"), b"no picture", lea::files::Access::Owner).unwrap();
    let none = elements(&sandbox, &["text.png", "--json"]).expect(1).json();
    assert_eq!((&none["cause"], &none["ui_elements"], &none["screen"]), (&json!("screen_undecodable"), &json!([]), &Value::Null));
    let told = elements(&sandbox, &["text.png"]).expect(1);
    assert!(told.out.starts_with("unusable_screen: the screenshot is not"), "{}", told.out);
}

#[test]
fn without_a_reader_the_input_asks_for_what_the_machine_cannot_do() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.lea(["elements", &fixture("tools.png"), "--json"]);
    let run = Run::of(command.env("LEA_RESOLVE_OCR_PROGRAM", "no-such-program-as-this")).expect(3);
    let error = run.error();
    assert_eq!(error["code"], "ocr_unavailable", "{error}");
    assert!(error["hint"].as_str().unwrap().contains("tesseract-ocr-fra"), "{error}");
}

#[test]
fn what_is_listed_can_be_handed_in_and_found() {
    if !can_read() {
        return;
    }
    let sandbox = Sandbox::new();
    let screen = fixture("record.png");
    let run = elements(&sandbox, &[&screen, "--json"]).expect(0);
    let answer = run.json();
    let size = image::image_dimensions(&screen).unwrap();
    assert_eq!(answer["screen"], json!({"width": size.0, "height": size.1}));
    let button = labelled(&answer, "Enregistrer");
    assert_eq!((&button["type"], &button["role"], &button["enabled"]), (&json!("button"), &json!("button"), &json!(true)));
    std::fs::write(sandbox.path("elements.json"), &run.out).unwrap();
    let asked = ["--text", "Enregistrer", "--role", "button", "--json"];
    let resolve = |more: &[&str]| {
        let all = ["resolve", &screen].into_iter().chain(asked).chain(more.iter().copied());
        sandbox.run(all).expect(0).json()
    };
    let (among, read) = (resolve(&["--elements", "elements.json"]), resolve(&[]));
    assert_eq!(among["match_box"], read["match_box"]);
    assert_eq!(among["click"], read["click"]);

    let only = elements(&sandbox, &[&screen, "--role", "button", "--json"]).expect(0).json();
    assert!(only["ui_elements"].as_array().unwrap().iter().all(|element| element["role"] == "button"), "{only:#}");
    let told = elements(&sandbox, &[&screen]).expect(0);
    assert!(told.out.starts_with("NO") && told.out.lines().any(|line| line.contains("button") && line.contains("Enregistrer")));
}

#[test]
fn the_drawing_is_another_picture_of_the_same_screen() {
    if !can_read() {
        return;
    }
    let sandbox = Sandbox::new();
    let screen = fixture("record.png");
    let run = elements(&sandbox, &[&screen, "--annotate", "out.png", "--no-cache"]).expect(0);
    assert!(run.err.contains("drawn on out.png"), "{}", run.err);
    assert!(!sandbox.path("data/cache").exists(), "nothing is kept");
    let (before, after) = (image::open(&screen).unwrap().to_rgb8(), image::open(sandbox.path("out.png")).unwrap().to_rgb8());
    assert!(after.width() == before.width() && after.height() > before.height());
    let changed = before.enumerate_pixels().filter(|(x, y, pixel)| after.get_pixel(*x, *y) != *pixel).count();
    assert!(changed > 100, "{changed} pixels differ");
}
