//! `lea resolve --text`: targets by what they say, on a form in two themes, read by the real Tesseract.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use lea::ocr::{Recent, Tesseract, TesseractOptions};
use lea::target::{Expected, Finding, Montage, Order, Presence, Query, Reader, Text, Verdict, Word, seek};
use lea::vision::{Ceilings, Correlation};
use serde_json::{Value, json};

use crate::support::fake::{Fake, Reply};
use crate::support::form::{
    ANNULER, ARCHIVER, BIRTH_FIELD, NAME_FIELD, NAME_LABEL, OUVRIR, STABLE, THEMES, VALIDER, VALIDER_LA_COMMANDE, anchor, assert_found,
    form,
};
use crate::support::reader::{NOWHERE, tesseract};
use crate::support::{Run, Sandbox};

/// `lea resolve SCREEN … --json` with this reader.
fn with_reader(sandbox: &Sandbox, reader: &Path, screen: &Path, rest: &[&str]) -> Run {
    let mut command = sandbox.lea(["resolve"]);
    Run::of(command.arg(screen).args(rest).arg("--json").env("LEA_RESOLVE_OCR_PROGRAM", reader))
}

/// Somebody who looks at the form, in one theme after the other.
struct Room {
    sandbox: Sandbox,
    reader: std::path::PathBuf,
}

impl Room {
    /// None where no reader is installed.
    fn new() -> Option<Self> {
        tesseract().map(|reader| Self { sandbox: Sandbox::new(), reader })
    }

    fn ask(&self, theme: &str, rest: &[&str]) -> Run {
        with_reader(&self.sandbox, &self.reader, &form(theme), rest)
    }

    /// Found there, in both themes.
    #[track_caller]
    fn found(&self, rest: &[&str], truth: [u32; 4]) {
        for theme in THEMES {
            assert_found(&self.ask(theme, rest).expect(0).json(), truth);
        }
    }

    /// Refused with this verdict and cause, in both themes, with nowhere to click.
    #[track_caller]
    fn refused(&self, rest: &[&str], verdict: &str, cause: &str) {
        for theme in THEMES {
            let answer = self.ask(theme, rest).expect(1).json();
            assert_eq!((&answer["verdict"], &answer["cause"]), (&json!(verdict), &json!(cause)), "{rest:?} {answer}");
            assert_eq!((&answer["resolved"], &answer["click"], &answer["x_pct"]), (&json!(false), &Value::Null, &Value::Null), "{answer}");
        }
    }
}

#[test]
fn a_text_is_found_where_it_stands() {
    let Some(room) = Room::new() else { return };
    for (text, truth) in [
        ("Valider", VALIDER),
        ("VALIDER", VALIDER),
        ("Valider la commande", VALIDER_LA_COMMANDE),
        ("la commande", VALIDER_LA_COMMANDE),
        ("Annuler", ANNULER),
        ("Nom de naissance", NAME_LABEL),
        ("nom  de naissance :", NAME_LABEL),
        ("12/03/1984", BIRTH_FIELD),
    ] {
        room.found(&["--text", text], truth);
    }
    let answer = room.ask(THEMES[0], &["--text", "Valider"]).json();
    assert_eq!((&answer["method"], &answer["found_by"], &answer["scale"]), (&json!("visual"), &json!(["text"]), &Value::Null));
    assert_eq!((&answer["candidates"][0]["text"], &answer["candidates"][0]["fit"]), (&json!("Valider"), &json!("exact")));
    let element = &answer["matched_element"];
    assert_eq!((&element["label"], &element["role"], &element["enabled"]), (&json!("Valider"), &json!("button"), &json!(true)));
}

/// What a target comes to on a picture of `tests/fixtures/text`.
fn on_picture(room: &Room, picture: &str, rest: &[&str]) -> Run {
    let screen = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/text").join(picture);
    with_reader(&room.sandbox, &room.reader, &screen, rest)
}

/// The target was found, to be clicked in this box.
#[track_caller]
fn assert_clicked(run: Run, [x, y, width, height]: [u32; 4]) {
    let answer = run.expect(0).json();
    let within = |axis: &str, from: u32, length: u32| {
        answer["click"][axis].as_f64().is_some_and(|at| (f64::from(from)..f64::from(from + length)).contains(&at))
    };
    assert!(answer["verdict"] == "found" && within("x", x, width) && within("y", y, height), "{answer}");
}

#[test]
fn in_letters_of_one_width_a_number_is_itself_and_none_that_looks_like_it() {
    let Some(room) = Room::new() else { return };
    let ask = |text: &str| on_picture(&room, "terminal.png", &["--text", text]);
    // The strokes of the M stand apart there, and each word of a line is a piece by itself.
    assert_clicked(ask("Dossier MG4408"), [12, 25, 130, 17]);
    assert_clicked(ask("Tension artérielle 135/82"), [12, 79, 229, 17]);
    for text in ["Dossier MG44O8", "Dossier MG4409", "Tension artérielle 135/32"] {
        assert_eq!(ask(text).expect(1).json()["click"], Value::Null, "{text}");
    }
}

#[test]
fn a_number_that_stands_in_a_circle_too_is_no_single_one() {
    let Some(room) = Room::new() else { return };
    let ask = |text: &str| on_picture(&room, "steps.png", &["--text", text]);
    // On the scale above and, in white or in a circle, among the steps below.
    for text in ["1", "2", "3", "4", "5"] {
        assert_eq!(ask(text).expect(1).json()["click"], Value::Null, "{text}");
    }
    assert_clicked(ask("7"), [386, 30, 51, 34]);
    assert_clicked(ask("10"), [540, 30, 50, 34]);
    assert_clicked(ask("Peut-être"), [141, 375, 93, 30]);
}

#[test]
fn the_same_word_in_a_longer_label_is_no_twin() {
    let Some(room) = Room::new() else { return };
    // Beside it stands a wider button that is not read to look for it: Valider et imprimer.
    let ask = |text: &str| on_picture(&room, "longer.png", &["--text", text]);
    assert_clicked(ask("Valider"), [7, 14, 62, 24]);
    assert_clicked(ask("Valider et imprimer"), [73, 14, 132, 24]);
}

#[test]
fn letters_in_relief_are_read_and_are_greyed_out() {
    let Some(room) = Room::new() else { return };
    let ask = |text: &str| on_picture(&room, "relief.png", &["--text", text]);
    assert_clicked(ask("Sortie"), [100, 6, 82, 24]);
    for (text, enabled) in [("Sortie", false), ("Muter", true)] {
        assert_eq!(ask(text).expect(0).json()["matched_element"]["enabled"], enabled, "{text}");
    }
}

#[test]
fn the_label_of_a_field_is_no_button() {
    let Some(room) = Room::new() else { return };
    let ask = |role: &str| on_picture(&room, "labels.png", &["--text", "Date prévue", "--role", role]);
    assert_clicked(ask("field"), [16, 98, 320, 34]);
    for role in ["button", "menu item", "tab", "link"] {
        let answer = ask(role).expect(1).json();
        assert_eq!((&answer["cause"], &answer["click"]), (&json!("role_differs"), &Value::Null), "{role}: {answer}");
    }
}

#[test]
fn another_text_is_not_it() {
    let Some(room) = Room::new() else { return };
    // The number on the form has the letter O; what is asked for has a zero.
    room.refused(&["--text", "MG4408"], "absent", "reading_unsure");
    for text in ["Supprimer", "Valide le", "redilaV", "Annulée", "KT7198", "13/03/1984", "!!!"] {
        room.refused(&["--text", text], "absent", "text_not_there");
    }
}

#[test]
fn what_is_greyed_out_is_told() {
    let Some(room) = Room::new() else { return };
    for theme in THEMES {
        for (text, truth, enabled) in [("Archiver", ARCHIVER, false), ("Annuler", ANNULER, true)] {
            let answer = room.ask(theme, &["--text", text]).expect(0).json();
            assert_found(&answer, truth);
            assert_eq!(answer["matched_element"]["enabled"], enabled, "{answer}");
        }
    }
}

#[test]
fn of_several_only_what_is_told_apart_is_taken() {
    let Some(room) = Room::new() else { return };
    room.refused(&["--text", "Stable"], "ambiguous", "several_alike");
    room.found(&["--text", "Stable", "--expect", "511,222"], STABLE[0]);
    room.found(&["--text", "Stable", "--expect", "511,263"], STABLE[1]);
    room.refused(&["--text", "Stable", "--expect", "511,242"], "ambiguous", "none_clearly_nearest");
    room.found(&["--text", "Stable", "--index", "1"], STABLE[0]);
    room.found(&["--text", "Stable", "--index", "2"], STABLE[1]);
    room.refused(&["--text", "Stable", "--index", "3"], "absent", "index_beyond");
    room.found(&["--text", "Ouvrir", "--row", "MARTIN Zoé"], OUVRIR[0]);
    room.found(&["--text", "Ouvrir", "--row", "À revoir"], OUVRIR[2]);
    room.refused(&["--text", "Ouvrir", "--row", "Stable"], "ambiguous", "several_alike");
    room.refused(&["--text", "Ouvrir", "--row", "Personne"], "absent", "row_not_there");
    // An l for the i: what comes near to it is another row.
    room.refused(&["--text", "Ouvrir", "--row", "À revolr"], "absent", "row_not_there");
    room.found(&["--text", "Ouvrir", "--near", "Action"], OUVRIR[0]);
    room.refused(&["--text", "Ouvrir", "--near", "Personne"], "absent", "near_not_there");
    room.found(&["--text", "Ouvrir", "--region", "640,245,240,40"], OUVRIR[1]);
    // It stands elsewhere, and that row has none.
    room.refused(&["--text", "Valider", "--row", "PETIT Inès"], "absent", "not_in_row");
}

#[test]
fn a_role_narrows_down_and_never_outvotes_the_text() {
    let Some(room) = Room::new() else { return };
    room.found(&["--text", "Valider", "--role", "button"], VALIDER);
    room.found(&["--text", "Nom de naissance", "--role", "field"], NAME_FIELD);
    room.found(&["--role", "button", "--row", "PETIT Inès"], OUVRIR[2]);
    room.refused(&["--text", "Supprimer", "--role", "button"], "absent", "text_not_there");
    room.refused(&["--text", "Valider", "--role", "field"], "absent", "role_differs");
    room.refused(&["--role", "button"], "ambiguous", "several_alike");
}

/// The picture, in which each `Ouvrir` has one pixel that no other has: what shows the very same is read once.
fn told_apart(picture: &Path) -> Vec<u8> {
    let mut screen = image::open(picture).unwrap().into_rgb8();
    for (at, [x, y, width, height]) in (0..).zip(OUVRIR) {
        screen.get_pixel_mut(x + width / 2 + at, y + height / 2).0.iter_mut().for_each(|level| *level ^= 16);
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    screen.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// The real reader, of whose words on each picture others are made.
struct Misreader<F>(Tesseract, F);

impl<F: Fn(&mut Vec<Word>) + Send + Sync> Misreader<F> {
    fn new(program: &Path, misread: F) -> Self {
        let timeout = std::time::Duration::from_mins(1);
        // Those that wait are taken one after the other, and others are started for them.
        let options = TesseractOptions { program: program.to_owned(), languages: "fra".to_owned(), timeout, calls: 2, waiting: 3 };
        Self(Tesseract::new(options), misread)
    }

    /// What is found on the light form.
    fn ask(&self, query: Query<'_>, expected: Option<Expected>) -> Finding {
        let screen = told_apart(&form(THEMES[0]));
        let eyes = Correlation::new(Ceilings { bytes: 1 << 24, pixels: 1 << 24 });
        let order = Order { expected, ..Order::new(&screen, None, 0.5) };
        seek(&order, &query, Reader { layout: &eyes, text: self, memory: &Recent::new(1) }).unwrap()
    }
}

impl<F: Fn(&mut Vec<Word>) + Send + Sync> Text for Misreader<F> {
    fn recognise(&self, montages: &[Montage]) -> lea::error::Result<Vec<Vec<Word>>> {
        let mut read = self.0.recognise(montages)?;
        read.iter_mut().for_each(&self.1);
        Ok(read)
    }

    fn expect(&self) {
        self.0.expect();
    }

    fn rest(&self) {
        self.0.rest();
    }

    fn ready(&self) -> lea::error::Result<()> {
        self.0.ready()
    }

    fn calls(&self) -> usize {
        self.0.calls()
    }

    fn manner(&self) -> String {
        "misread".to_owned()
    }
}

/// Makes each word that says `text` into `other`, read so surely.
fn instead(words: &mut [Word], text: &str, (other, confidence): (&str, f64)) {
    for word in words.iter_mut().filter(|word| word.text == text) {
        (word.text, word.confidence) = (other.to_owned(), confidence);
    }
}

#[test]
fn what_looks_the_same_and_was_misread_stands_in_the_way_whatever_its_role() {
    let Some(program) = tesseract() else { return };
    let ask = |query: Query<'_>, expected: Option<Expected>| {
        // Every `Ouvrir` but the first is taken for something else, with doubt.
        let first = std::sync::OnceLock::new();
        let text = Misreader::new(&program, |words: &mut Vec<Word>| {
            for word in words.iter_mut().filter(|word| word.text == "Ouvrir") {
                if *first.get_or_init(|| word.place) != word.place {
                    (word.text, word.confidence) = ("0uwnn".to_owned(), 0.3);
                }
            }
        });
        text.ask(query, expected)
    };
    let ouvrir = Query { text: Some("Ouvrir"), ..Query::default() };
    for query in [ouvrir, Query { role: Some("button"), ..ouvrir }, Query { near: Some("Action"), ..ouvrir }] {
        let found = ask(query, None);
        let nearest = query.near.is_some();
        assert_eq!(found.verdict, if nearest { Verdict::Found } else { Verdict::Ambiguous }, "{query:?} {found:?}");
    }
    // Neither a number nor a place makes what nobody read to be it the answer.
    for (index, expected) in [(Some(2), None), (None, Some(Expected::Pixels(703.0, 263.0)))] {
        let found = ask(Query { index, role: Some("button"), ..ouvrir }, expected);
        assert_eq!((found.verdict, found.click), (Verdict::Absent, None), "{found:?}");
    }
}

#[test]
fn what_may_say_it_as_well_stands_in_the_way_however_it_was_read() {
    let Some(program) = tesseract() else { return };
    let verdict = |misread: &(dyn Fn(&mut Vec<Word>) + Send + Sync), text: &str| {
        Misreader::new(&program, misread).ask(Query { text: Some(text), ..Query::default() }, None).verdict
    };
    for text in ["Prénom", "Valider", "commande"] {
        assert_eq!(verdict(&|_| (), text), Verdict::Found, "{text}");
    }
    // Read as the text only the other time, and then with less confidence still.
    let again = AtomicBool::new(false);
    let once = |words: &mut Vec<Word>| {
        let seen = words.iter().any(|word| word.text == "Patient");
        instead(words, "Patient", if again.load(Relaxed) { ("Prénom", 0.3) } else { ("Pxzuum", 0.4) });
        again.fetch_or(seen, Relaxed);
    };
    assert_eq!(verdict(&once, "Prénom"), Verdict::Ambiguous);
    assert!(again.load(Relaxed));
    // A date likewise.
    assert_eq!(verdict(&|_| (), "12/03/1984"), Verdict::Found);
    let again = AtomicBool::new(false);
    let once = |words: &mut Vec<Word>| {
        let seen = words.iter().any(|word| word.text == "DURAND");
        instead(words, "DURAND", if again.load(Relaxed) { ("12/03/1984", 0.3) } else { ("12/xz/1984", 0.4) });
        instead(words, "Paul", ("xz", 0.2));
        again.fetch_or(seen, Relaxed);
    };
    assert_eq!(verdict(&once, "12/03/1984"), Verdict::Ambiguous);
    assert!(again.load(Relaxed));
    // The text and a sign beside it, which was a frame or an icon.
    let framed = |words: &mut Vec<Word>| {
        let signs: Vec<Word> = words.iter().filter(|word| word.text == "Annuler").cloned().collect();
        instead(words, "Annuler", ("Valider", 0.9));
        words.extend(signs.into_iter().map(|word| Word { text: "|".to_owned(), confidence: 0.9, ..word }));
    };
    assert_eq!(verdict(&framed, "Valider"), Verdict::Ambiguous);
    // The text in what was hardly read, where elsewhere it is but a word of a longer one.
    let run_together = |words: &mut Vec<Word>| instead(words, "Dossier", ("|commande/xy", 0.2));
    assert_eq!(verdict(&run_together, "commande"), Verdict::Ambiguous);
}

#[test]
fn a_box_drawn_around_the_next_word_too_is_not_clicked_in_its_middle() {
    let Some(program) = tesseract() else { return };
    let click = |wider: u32| {
        let widen = |words: &mut Vec<Word>| words.iter_mut().filter(|word| word.text == "la").for_each(|word| word.place.width += wider);
        let found = Misreader::new(&program, widen).ask(Query { text: Some("la"), ..Query::default() }, None);
        found.click.unwrap_or_else(|| panic!("{found:?}")).0
    };
    let (right, wide) = (click(0), click(150));
    assert!((right - wide).abs() <= 4.0, "{right} {wide}");
}

#[test]
fn what_comes_near_and_is_read_the_same_way_twice_is_no_misread_text() {
    let Some(program) = tesseract() else { return };
    let verdict = |first: (&str, f64), second: (&str, f64)| {
        let again = AtomicBool::new(false);
        let misread = |words: &mut Vec<Word>| {
            let seen = words.iter().any(|word| word.text == "Annuler");
            instead(words, "Annuler", if again.load(Relaxed) { second } else { first });
            again.fetch_or(seen, Relaxed);
        };
        Misreader::new(&program, misread).ask(Query { text: Some("Annuler"), ..Query::default() }, None).verdict
    };
    assert_eq!(verdict(("Annujer", 0.5), ("Annvjer", 0.4)), Verdict::Found);
    assert_eq!(verdict(("Annujer", 0.5), ("Annuler", 0.4)), Verdict::Found);
    assert_eq!(verdict(("Annujer", 0.5), ("Annujer", 0.4)), Verdict::Absent);
    assert_eq!(verdict(("Annujer", 0.78), ("Annvjer", 0.9)), Verdict::Absent);
}

#[test]
fn an_anchor_and_a_text_must_agree() {
    let Some(room) = Room::new() else { return };
    let [valider, first] = [VALIDER, OUVRIR[0]].map(|part| anchor(&room.sandbox, part));
    let ask = |rest: &[&str]| room.ask(THEMES[0], rest);
    let found = ask(&["--anchor", &valider, "--text", "Valider"]).expect(0).json();
    assert_found(&found, VALIDER);
    assert_eq!((&found["found_by"], &found["cause"]), (&json!(["anchor", "text"]), &json!("anchor_and_text")));
    let refused = |rest: &[&str], cause: &str| {
        let answer = ask(rest).expect(1).json();
        assert_eq!(
            (&answer["cause"], &answer["click"], &answer["found_by"]),
            (&json!(cause), &Value::Null, &json!([])),
            "{rest:?} {answer}"
        );
    };
    refused(&["--anchor", &valider, "--text", "Annuler"], "anchor_and_text_apart");
    refused(&["--anchor", &valider, "--text", "Supprimer"], "anchor_without_text");
    refused(&["--anchor", &valider, "--text", "Valider", "--role", "field"], "anchor_without_text");
    refused(&["--anchor", &valider, "--text", "Valider", "--row", "KT7193"], "anchor_without_text");
    // The text settles which of the three that look alike.
    refused(&["--anchor", &first], "several_alike");
    assert_found(&ask(&["--anchor", &first, "--text", "Ouvrir", "--row", "PETIT Inès"]).expect(0).json(), OUVRIR[2]);
    refused(&["--anchor", &valider, "--text", "Ouvrir"], "anchor_and_text_apart");
    // In another theme the anchor is not found, and the text is enough.
    let dark = room.ask(THEMES[1], &["--anchor", &valider, "--text", "Valider"]).expect(0).json();
    assert_found(&dark, VALIDER);
}

#[test]
fn what_narrows_a_text_down_holds_with_an_anchor_too() {
    let Some(room) = Room::new() else { return };
    // The first row's number, state and button: one place by itself.
    let row = anchor(&room.sandbox, [288, 202, 460, 41]);
    let ask = |rest: &[&str]| room.ask(THEMES[0], &[&["--anchor", &row][..], rest].concat());
    assert_found(&ask(&[]).expect(0).json(), [287, 201, 462, 43]);
    assert_found(&ask(&["--text", "Stable"]).expect(0).json(), [287, 201, 462, 43]);
    for rest in [
        &["--text", "Stable", "--index", "2"][..],
        &["--text", "Stable", "--near", "Personne"],
        &["--text", "Stable", "--row", "PETIT Inès"],
    ] {
        let answer = ask(rest).expect(1).json();
        assert_eq!((&answer["resolved"], &answer["click"]), (&json!(false), &Value::Null), "{rest:?} {answer}");
    }
    // With no text beside it nothing says what is to be in that row.
    for rest in [&["--row", "PETIT Inès"][..], &["--near", "Personne"], &["--index", "2"]] {
        assert_eq!(ask(rest).expect(2).error()["code"], "nothing_to_narrow", "{rest:?}");
    }
}

#[test]
fn another_programs_elements_are_searched_instead() {
    let sandbox = Sandbox::new();
    let elements = json!([
        { "label": "Valider la commande", "type": "button", "role": "button", "center": [265, 438], "box": [160, 420, 210, 36] },
        { "label": "Valider", "type": "button", "role": "primary_button", "center": [79, 438], "box": [24, 420, 110, 36] },
        { "label": "Valider", "type": "tab", "role": null, "center": [2000, 20] },
    ]);
    std::fs::write(sandbox.path("elements.json"), elements.to_string()).unwrap();
    std::fs::write(sandbox.path("object.json"), json!({ "ui_elements": elements }).to_string()).unwrap();
    let ask = |file: &str, rest: &[&str]| {
        with_reader(&sandbox, Path::new(NOWHERE), &form(THEMES[0]), &[&["--elements", file][..], rest].concat())
    };
    for file in ["elements.json", "object.json"] {
        assert_found(&ask(file, &["--text", "valider", "--role", "button"]).expect(0).json(), VALIDER);
        assert_found(&ask(file, &["--text", "la commande"]).expect(0).json(), VALIDER_LA_COMMANDE);
        let missed = ask(file, &["--text", "Annuler"]).expect(1).json();
        assert_eq!((&missed["cause"], &missed["reason"]), (&json!("text_not_there"), &json!("no_match")));
    }
    for bad in ["[", "{}", "5", r#"[{"label": "Valider"}]"#, r#"[{"label": "Valider", "center": ["a", 1]}]"#] {
        std::fs::write(sandbox.path("bad.json"), bad).unwrap();
        let error = ask("bad.json", &["--text", "Valider"]).expect(3).error();
        assert_eq!(error["code"], "invalid_elements", "{bad}: {error}");
        assert!(error["hint"].as_str().unwrap().contains("center"), "{error}");
    }
    assert_eq!(ask("nowhere.json", &["--text", "Valider"]).expect(3).error()["code"], "file_not_found");
    with_reader(&sandbox, Path::new(NOWHERE), &form(THEMES[0]), &["--elements", "elements.json", "--anchor", "a.png"]).expect(2);
}

#[test]
fn what_was_surely_read_as_something_else_is_not_what_comes_near_to_it() {
    let sandbox = Sandbox::new();
    let ask = |confidence: f64, text: &str| {
        let element = json!({ "label": "Product key", "label_confidence": confidence, "type": "button", "center": [79, 438], "box": [24, 420, 110, 36] });
        std::fs::write(sandbox.path("read.json"), json!([element]).to_string()).unwrap();
        with_reader(&sandbox, Path::new(NOWHERE), &form(THEMES[0]), &["--elements", "read.json", "--text", text])
    };
    for confidence in [0.97, 0.8] {
        let refused = ask(confidence, "Produet key").expect(1).json();
        assert_eq!((&refused["verdict"], &refused["cause"]), (&json!("absent"), &json!("reading_unsure")), "{refused}");
        assert_eq!(refused["candidates"][0]["fit"], "near", "{refused}");
        ask(confidence, "Product key").expect(0);
    }
    ask(0.6, "Produet key").expect(0);
}

#[test]
fn what_lies_in_something_larger_of_the_same_name_is_another_place() {
    let sandbox = Sandbox::new();
    let ask = |elements: Vec<&Value>, rest: &[&str]| {
        std::fs::write(sandbox.path("nested.json"), json!(elements).to_string()).unwrap();
        with_reader(&sandbox, Path::new(NOWHERE), &form(THEMES[0]), &[&["--elements", "nested.json"][..], rest].concat())
    };
    let element =
        |kind: &str, center: [u32; 2], place: [u32; 4]| json!({ "label": "Modifier", "type": kind, "center": center, "box": place });
    let group = element("group", [640, 318], [100, 290, 1080, 56]);
    let (left, right) = (element("button", [200, 318], [150, 300, 100, 36]), element("button", [1000, 318], [950, 300, 100, 36]));
    for order in [vec![&group, &left, &right], vec![&left, &right, &group], vec![&group, &left], vec![&left, &group]] {
        for rest in [&["--text", "Modifier"][..], &["--text", "Modifier", "--expect", "420,318"]] {
            let answer = ask(order.clone(), rest).expect(1).json();
            assert_eq!((&answer["verdict"], &answer["click"]), (&json!("ambiguous"), &Value::Null), "{rest:?} {answer}");
        }
        assert_found(&ask(order, &["--text", "Modifier", "--expect", "200,318"]).expect(0).json(), [150, 300, 100, 36]);
    }
    // A button and the text on it are one thing.
    let text = element("text", [180, 318], [160, 310, 60, 16]);
    for order in [vec![&left, &text], vec![&text, &left]] {
        ask(order, &["--text", "Modifier"]).expect(0);
    }
    for contradictory in [element("button", [500, 500], [80, 90, 40, 20]), element("button", [200, 318], [150, 300, 250, 336])] {
        let refused = ask(vec![&left, &contradictory], &["--text", "Modifier"]).expect(3).error();
        assert!(refused["message"].as_str().unwrap().contains("element 1: its center"), "{refused}");
    }
    let negative = json!({ "label": "Modifier", "center": [10, 10], "box": [0, 0, -20, 20] });
    ask(vec![&negative], &["--text", "Modifier"]).expect(3);
}

#[test]
fn a_program_that_looks_at_screens_is_asked_instead_of_reading_them() {
    let sandbox = Sandbox::new();
    let seen = json!({ "ui_elements": [
        { "label": "Valider", "type": "button", "role": "action", "center": [200.0, 300.0], "box": [160, 280, 80, 40] },
        { "label": "Valider", "type": "text", "role": "", "center": [600.0, 300.0] },
    ] });
    let analyser = Fake::start(move |_, _| Reply::json(200, &seen));
    let ask = |url: &str, more: &[(&str, &str)], rest: &[&str]| {
        let mut command = sandbox.lea(["resolve", "--json"]);
        command.arg(form(THEMES[0])).args(rest).env("LEA_RESOLVE_OCR_PROGRAM", NOWHERE).env("LEA_RESOLVE_ANALYZER_URL", url);
        Run::of(command.envs(more.iter().copied()))
    };
    let found = ask(&format!("{}/look", analyser.url()), &[], &["--text", "Valider", "--role", "button"]).expect(0).json();
    assert_found(&found, [160, 280, 80, 40]);
    let asked = &analyser.requests()[0];
    assert_eq!((asked.method.as_str(), asked.target.as_str(), asked.header("content-type")), ("POST", "/look", Some("image/png")));
    assert_eq!(ask(&analyser.url(), &[], &["--text", "Valider"]).expect(1).json()["verdict"], "ambiguous");
    // What gives no answer that can be used is said, and nothing is guessed.
    for reply in [|| Reply::page(200), || Reply::json(200, &json!({ "a": 1 })), || Reply::page(500), || Reply::Close] {
        let broken = Fake::start(move |_, _| reply());
        assert_eq!(ask(&broken.url(), &[], &["--text", "Valider"]).expect(6).error()["code"], "analyzer_unavailable");
    }
    // Screens go to no host that nobody named, and to no other without TLS.
    for (more, word) in [(&[][..], "analyzer_allow"), (&[("LEA_RESOLVE_ANALYZER_ALLOW", "eyes.example")][..], "TLS")] {
        let refused = ask("http://eyes.example/look", more, &["--text", "Valider"]).expect(3);
        assert!(refused.err.contains(word), "{refused:?}");
    }
}

#[test]
fn without_a_reader_it_says_what_to_install() {
    let sandbox = Sandbox::new();
    let anchor = anchor(&sandbox, VALIDER);
    for rest in [&["--text", "Valider"][..], &["--role", "button"], &["--anchor", &anchor, "--text", "Valider"]] {
        let error = with_reader(&sandbox, Path::new(NOWHERE), &form(THEMES[0]), rest).expect(3).error();
        assert_eq!((&error["code"], &error["exit_code"]), (&json!("ocr_unavailable"), &json!(3)), "{error}");
        assert!(error["message"].as_str().unwrap().contains(NOWHERE), "{error}");
        assert!(error["hint"].as_str().unwrap().contains("tesseract-ocr-fra"), "{error}");
    }
    assert!(with_reader(&sandbox, Path::new(NOWHERE), &form(THEMES[0]), &["--anchor", &anchor]).code == 0, "an anchor takes no reader");
}

#[test]
fn a_language_that_is_not_there_is_named() {
    let Some(room) = Room::new() else { return };
    // Tesseract itself reads on with those of several that it has.
    for languages in ["xxx", "fra+xxx"] {
        let mut command = room.sandbox.lea(["resolve", "--text", "Valider", "--json"]);
        command.arg(form(THEMES[0])).env("LEA_RESOLVE_OCR_PROGRAM", &room.reader).env("LEA_RESOLVE_OCR_LANGUAGES", languages);
        let error = Run::of(&mut command).expect(3).error();
        assert_eq!(error["code"], "ocr_unavailable");
        assert!(error["message"].as_str().unwrap().contains("\"xxx\""), "{error}");
    }
}

#[test]
fn what_was_read_with_doubt_is_neither_clicked_nor_gone() {
    let Some(program) = tesseract() else { return };
    let text = Misreader::new(&program, |words: &mut Vec<Word>| instead(words, "Annuler", ("Axquler", 0.7)));
    let ask = |said: &str| text.ask(Query { text: Some(said), ..Query::default() }, None);
    let doubtful = ask("Annuler");
    assert_eq!((doubtful.verdict, doubtful.why.word(), doubtful.click), (Verdict::Absent, "reading_unsure", None), "{doubtful:?}");
    assert_eq!(doubtful.presence(), Presence::Unsure);
    let gone = ask("Supprimer");
    assert_eq!((gone.why.word(), gone.presence()), ("text_not_there", Presence::Gone));
    assert_eq!(ask("Valider").presence(), Presence::Shown);
}

#[test]
fn what_was_read_is_kept_for_its_owner_alone() {
    let Some(room) = Room::new() else { return };
    let cache = room.sandbox.path("data/cache/text");
    let strip = |run: Run| {
        let mut answer = run.json();
        answer.as_object_mut().unwrap().remove("elapsed_ms").unwrap();
        answer
    };
    let fresh = strip(room.ask(THEMES[0], &["--text", "Valider", "--no-cache"]).expect(0));
    assert!(!cache.exists(), "nothing is kept");
    let read = strip(room.ask(THEMES[0], &["--text", "Valider"]).expect(0));
    let files: Vec<_> = std::fs::read_dir(&cache).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&cache), mode(&files[0])), (0o700, 0o600));
    }
    let again = || with_reader(&room.sandbox, Path::new(NOWHERE), &form(THEMES[0]), &["--text", "Valider"]);
    let remembered = strip(again().expect(0));
    assert_eq!((&fresh, &read), (&remembered, &remembered));
    // Not by that screenshot alone, and not from a file that is broken.
    with_reader(&room.sandbox, Path::new(NOWHERE), &form(THEMES[1]), &["--text", "Valider"]).expect(3);
    with_reader(&room.sandbox, Path::new(NOWHERE), &form(THEMES[0]), &["--text", "Valider", "--no-cache"]).expect(3);
    for broken in ["", "{}", r#"{"screen":[900,500],"pieces":[],"shapes":[],"words":[[]],"again":[]}"#] {
        std::fs::write(&files[0], broken).unwrap();
        again().expect(3);
    }
    assert_eq!(strip(room.ask(THEMES[0], &["--text", "Valider"]).expect(0)), read);
}

#[test]
fn a_text_that_says_nothing_or_too_much_is_refused() {
    let sandbox = Sandbox::new();
    let ask = |rest: &[&str]| with_reader(&sandbox, Path::new(NOWHERE), &form(THEMES[0]), rest);
    for text in ["", "  "] {
        let answer = ask(&["--text", text]).expect(1).json();
        assert_eq!((&answer["cause"], &answer["reason"]), (&json!("nothing_asked"), &json!("no_target_criteria")));
    }
    let long = "a".repeat(300);
    for rest in [["--text", "-"], ["--text", "– —"], ["--text", &long]] {
        let error = ask(&rest).expect(3).error();
        assert_eq!(error["code"], "invalid_text", "{error}");
    }
    for field in ["--near", "--row"] {
        let error = ask(&["--text", "Valider", field, &long]).expect(3).error();
        assert_eq!(error["code"], "invalid_text", "{error}");
    }
    ask(&["--text", "Valider", "--index", "0"]).expect(2);
}

fn png(width: u32, height: u32, level: impl Fn(u32, u32) -> u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::GrayImage::from_fn(width, height, |x, y| image::Luma([level(x, y)]));
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn hostile_screens_end_with_a_verdict() {
    let Some(room) = Room::new() else { return };
    // The same noise each time.
    let noise =
        |x: u32, y: u32| (x.wrapping_mul(0x9E37_79B9) ^ y.wrapping_mul(0x85EB_CA6B)).wrapping_mul(0xC2B2_AE35).rotate_left(15) as u8;
    for (name, picture) in [
        ("a pixel", png(1, 1, |_, _| 90)),
        ("noise", png(1200, 900, noise)),
        ("a wide strip", png(8000, 20, noise)),
        ("a tall strip", png(20, 8000, noise)),
        ("a checkerboard", png(900, 600, |x, y| if (x + y) % 2 == 0 { 0 } else { 255 })),
    ] {
        let path = room.sandbox.path("hostile.png");
        std::fs::write(&path, picture).unwrap();
        let answer = with_reader(&room.sandbox, &room.reader, &path, &["--text", "Valider", "--no-cache"]).expect(1).json();
        let verdict = answer["verdict"].as_str().unwrap();
        assert!(["absent", "unusable_screen"].contains(&verdict), "{name}: {answer}");
    }
}

/// A program that answers what is asked about it as Tesseract does, and `reads` when it is to read.
#[cfg(unix)]
fn fake(sandbox: &Sandbox, reads: &str) -> std::path::PathBuf {
    let script = format!(
        "#!/bin/sh\ncase \"$1\" in\n--version) echo 'tesseract 5.3.0' ;;\n--list-langs) printf 'List\\neng\\nfra\\n' ;;\n*) {reads} ;;\nesac\n"
    );
    let path = sandbox.path("fake");
    // A shell writes it: a program that this process holds open, be it in a child that is just being started, cannot be run.
    let mut shell = std::process::Command::new("/bin/sh");
    shell.args(["-c", r#"printf %s "$1" > "$2" && chmod 755 "$2""#, "sh", &script]).arg(&path);
    assert!(shell.status().unwrap().success());
    path
}

#[cfg(unix)]
#[test]
fn a_reader_that_takes_too_long_fails_or_lies_makes_nobody_click() {
    let sandbox = Sandbox::new();
    let ask = |reads: &str| {
        let reader = fake(&sandbox, reads);
        let mut command = sandbox.lea(["resolve", "--text", "Valider", "--no-cache", "--json"]);
        Run::of(command.arg(form(THEMES[0])).env("LEA_RESOLVE_OCR_PROGRAM", reader).env("LEA_RESOLVE_OCR_SECONDS", "1"))
    };
    let late = ask("exec /bin/sleep 600").expect(1).json();
    assert_eq!((&late["verdict"], &late["cause"]), (&json!("unusable_screen"), &json!("screen_unreadable")), "{late}");
    let failed = ask("echo 'out of memory' >&2; exit 1").expect(3).error();
    assert_eq!(failed["code"], "ocr_unavailable");
    assert!(failed["message"].as_str().unwrap().contains("out of memory"), "{failed}");
    // Words where nothing was handed in.
    let lied = ask(r"cat > /dev/null; printf 'level\tpage_num\t\n5\t1\t1\t1\t1\t1\t4000000\t4000000\t50\t20\t99\tValider\n'");
    assert_eq!(lied.expect(1).json()["resolved"], false);
    // What is no table: that it holds no word does not mean that there is none on the screen.
    for reads in [r"printf '5\t1\t1\t1\t1\t1\t40\t40\t50\t20\t99\tValider\n'", "echo nonsense", "head -c 100000 /dev/zero", ":"] {
        assert_eq!(ask(&format!("cat > /dev/null; {reads}")).expect(3).error()["code"], "ocr_unavailable", "{reads}");
    }
}
