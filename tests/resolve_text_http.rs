//! Targets by text over HTTP: the same rules as the command's, for machines and operators.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::form::{NAME_FIELD, OUVRIR, STABLE, THEMES, VALIDER, VALIDER_LA_COMMANDE, assert_found, form, part};
use crate::support::reader::{NOWHERE, tesseract};
use crate::support::{OPERATOR, Run, Sandbox, Server};

const RESOLVE: &str = "/api/v1/traces/stream/replay/resolve_target";

fn request(spec: &Value, more: &Value) -> Value {
    let screen = STANDARD.encode(std::fs::read(form(THEMES[0])).unwrap());
    let mut request =
        json!({ "session_id": "sess_1", "screenshot_b64": screen, "target_spec": spec, "fallback_x_pct": 0.25, "fallback_y_pct": 0.75 });
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    request
}

#[track_caller]
fn ask(server: &Server, spec: &Value, more: &Value) -> Value {
    let (status, answer) = server.call("POST", RESOLVE, OPERATOR, Some(request(spec, more)));
    assert_eq!(status, 200, "{answer}");
    answer
}

#[test]
fn a_target_is_found_by_what_it_says() {
    let Some(reader) = tesseract() else { return };
    let sandbox = Sandbox::new();
    let server = Server::with_reader(&sandbox, &reader);
    for (spec, truth) in [
        (json!({ "by_text": "Valider" }), VALIDER),
        (json!({ "by_text": "Valider", "by_role": "button" }), VALIDER),
        (json!({ "by_text": "valider la commande", "by_role": "" }), VALIDER_LA_COMMANDE),
        (json!({ "by_text": "Nom de naissance", "by_role": "field" }), NAME_FIELD),
        (json!({ "by_text": "Ouvrir", "row": "PETIT Inès" }), OUVRIR[2]),
        (json!({ "by_text": "Ouvrir", "near": "Action" }), OUVRIR[0]),
        (json!({ "by_role": "button", "row": "PETIT Inès" }), OUVRIR[2]),
        (json!({ "by_text": "Stable", "index": 2 }), STABLE[1]),
        (json!({ "by_text": "Valider", "anchor_image_base64": STANDARD.encode(part(VALIDER)) }), VALIDER),
    ] {
        assert_found(&ask(&server, &spec, &json!({})), truth);
    }
    let found = ask(&server, &json!({ "by_text": "Valider" }), &json!({}));
    assert_eq!((&found["found_by"], &found["method"]), (&json!(["text"]), &json!("visual")));
    assert_eq!((&found["candidates"][0]["text"], &found["candidates"][0]["fit"]), (&json!("Valider"), &json!("exact")));
    let shifted = ask(&server, &json!({ "by_text": "Valider" }), &json!({ "screen_origin": { "x": -1920, "y": 40 } }));
    let moved = found["click"]["x"].as_f64().unwrap() - shifted["click"]["x"].as_f64().unwrap();
    assert!((moved - 1920.0).abs() < 1e-9, "{moved}");
    let twins = ask(&server, &json!({ "by_text": "Stable" }), &json!({ "expected": { "x_pct": 511.0 / 900.0, "y_pct": 222.0 / 500.0 } }));
    assert_found(&twins, STABLE[0]);
}

#[test]
fn the_command_gives_the_same_object() {
    let Some(reader) = tesseract() else { return };
    let sandbox = Sandbox::new();
    let server = Server::with_reader(&sandbox, &reader);
    let machine = server.enroll("pc");
    let (_, mut answer) = server.call("POST", RESOLVE, &machine, Some(request(&json!({ "by_text": "Archiver" }), &json!({}))));
    let mut command = sandbox.lea(["resolve", "--text", "Archiver", "--json"]);
    let mut printed = Run::of(command.arg(form(THEMES[0])).env("LEA_RESOLVE_OCR_PROGRAM", &reader)).expect(0).json();
    for object in [&mut answer, &mut printed] {
        assert!(object.as_object_mut().unwrap().remove("elapsed_ms").is_some());
    }
    assert_eq!(answer, printed);
}

#[test]
fn a_miss_echoes_the_fallback() {
    let Some(reader) = tesseract() else { return };
    let sandbox = Sandbox::new();
    let server = Server::with_reader(&sandbox, &reader);
    for (spec, verdict, cause) in [
        (json!({ "by_text": "Supprimer", "by_role": "button" }), "absent", "text_not_there"),
        (json!({ "by_text": "Valider", "by_role": "field" }), "absent", "role_differs"),
        (json!({ "by_text": "MG4408" }), "absent", "reading_unsure"),
        (json!({ "by_text": "Stable" }), "ambiguous", "several_alike"),
        (json!({ "by_role": "button" }), "ambiguous", "several_alike"),
        (json!({ "by_text": "Ouvrir", "row": "Personne" }), "absent", "row_not_there"),
    ] {
        let answer = ask(&server, &spec, &json!({}));
        assert_eq!(
            (&answer["verdict"], &answer["cause"], &answer["reason"]),
            (&json!(verdict), &json!(cause), &json!("no_match")),
            "{answer}"
        );
        assert_eq!((&answer["x_pct"], &answer["y_pct"], &answer["method"]), (&json!(0.25), &json!(0.75), &json!("fallback")));
        assert_eq!((&answer["match_box"], &answer["click"], &answer["found_by"]), (&Value::Null, &Value::Null, &json!([])));
    }
}

#[test]
fn without_a_reader_it_is_503_and_elements_need_none() {
    let sandbox = Sandbox::new();
    let server = Server::with_reader(&sandbox, Path::new(NOWHERE));
    for spec in [json!({ "by_text": "Valider" }), json!({ "by_role": "button" })] {
        let (status, answer) = server.call("POST", RESOLVE, OPERATOR, Some(request(&spec, &json!({}))));
        assert_eq!((status, &answer["code"]), (503, &json!("ocr_unavailable")), "{answer}");
        assert!(answer.get("x_pct").is_none(), "{answer}");
    }
    let elements = json!({ "ui_elements": [
        { "label": "Valider la commande", "type": "button", "role": "button", "center": [265, 438], "box": [160, 420, 210, 36] },
        { "label": "Valider", "type": "button", "role": "button", "center": [79, 438], "box": [24, 420, 110, 36] },
        { "label": "Valider", "type": "button", "role": "button", "center": [5000, 438] },
        { "label": "Annuler", "type": "button", "role": "button", "center": [-5, -5] },
    ]});
    assert_found(&ask(&server, &json!({ "by_text": "valider", "by_role": "button" }), &elements), VALIDER);
    for text in ["Annuler", "Supprimer"] {
        let answer = ask(&server, &json!({ "by_text": text, "by_role": "button" }), &elements);
        assert_eq!((&answer["resolved"], &answer["x_pct"]), (&json!(false), &json!(0.25)), "{answer}");
    }
    let anchor = json!({ "by_text": "Valider", "anchor_image_base64": STANDARD.encode(part(VALIDER)) });
    let (status, answer) = server.call("POST", RESOLVE, OPERATOR, Some(request(&anchor, &elements)));
    assert_eq!((status, &answer["code"]), (400, &json!("anchor_among_elements")), "{answer}");
}

#[test]
fn what_cannot_be_asked_is_named() {
    let sandbox = Sandbox::new();
    let server = Server::with_reader(&sandbox, Path::new(NOWHERE));
    let long = "a".repeat(201);
    for (spec, more, field) in [
        (json!({ "by_text": long }), json!({}), "by_text"),
        (json!({ "by_text": "Valider", "near": long }), json!({}), "near"),
        (json!({ "by_text": "Valider", "row": long }), json!({}), "row"),
        (json!({ "by_text": "Valider", "index": 0 }), json!({}), "index"),
        (json!({ "anchor_image_base64": STANDARD.encode(part(VALIDER)), "row": "PETIT Inès" }), json!({}), "row"),
        (json!({ "near": "Action" }), json!({}), "near"),
        (json!({ "by_text": 5 }), json!({}), "by_text"),
        (json!({ "by_text": "Valider", "index": -1 }), json!({}), "index"),
    ] {
        let (status, answer) = server.call("POST", RESOLVE, OPERATOR, Some(request(&spec, &more)));
        assert_eq!(status, 422, "{answer}");
        assert!(answer["detail"].to_string().contains(field) || answer["detail"].to_string().contains("target_spec"), "{field}: {answer}");
    }
    let elements = json!({ "ui_elements": vec![json!({ "label": "Valider", "center": [1, 1] }); 10_001] });
    assert_eq!(server.call("POST", RESOLVE, OPERATOR, Some(request(&json!({ "by_text": "Valider" }), &elements))).0, 422);
    let (status, answer) = server.call("POST", RESOLVE, OPERATOR, Some(request(&json!({ "by_text": "–" }), &json!({}))));
    assert_eq!((status, &answer["code"]), (400, &json!("invalid_text")), "{answer}");
}
