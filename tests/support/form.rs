//! The form of `tests/fixtures/text`: what stands where on it, and parts of it as anchors.

use std::path::PathBuf;

use serde_json::Value;

use super::{Sandbox, root};

/// Both of its themes.
pub const THEMES: [&str; 2] = ["form_light.png", "form_dark.png"];

/// Left, top, width, height in pixels.
pub type Box = [u32; 4];

pub const VALIDER: Box = [24, 420, 110, 36];
pub const VALIDER_LA_COMMANDE: Box = [160, 420, 210, 36];
/// Greyed out.
pub const ARCHIVER: Box = [396, 420, 130, 36];
pub const ANNULER: Box = [752, 420, 124, 36];
/// A label, and the field that it is of.
pub const NAME_LABEL: Box = [24, 76, 138, 18];
pub const NAME_FIELD: Box = [190, 70, 220, 32];
pub const BIRTH_FIELD: Box = [190, 116, 220, 32];
/// The buttons `Ouvrir` of the rows MARTIN Zoé, DURAND Paul and PETIT Inès.
pub const OUVRIR: [Box; 3] = [[661, 208, 84, 28], [661, 249, 84, 28], [661, 290, 84, 28]];
/// The cells `Stable` of the first two rows.
pub const STABLE: [Box; 2] = [[475, 202, 174, 41], [475, 243, 174, 41]];

/// Where one of the themes is.
pub fn form(theme: &str) -> PathBuf {
    root().join("tests/fixtures/text").join(theme)
}

/// A part of the light theme as a PNG.
pub fn part([x, y, width, height]: Box) -> Vec<u8> {
    let whole = image::open(form(THEMES[0])).unwrap().to_rgb8();
    let mut png = std::io::Cursor::new(Vec::new());
    image::imageops::crop_imm(&whole, x, y, width, height).to_image().write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

/// The same as a file in the sandbox; its name.
pub fn anchor(sandbox: &Sandbox, of: Box) -> String {
    let name = format!("anchor_{}_{}.png", of[0], of[1]);
    std::fs::write(sandbox.path(&name), part(of)).unwrap();
    name
}

/// Whether an answer found something in the box `truth`, and would click there.
#[track_caller]
pub fn assert_found(answer: &Value, [x, y, width, height]: Box) {
    assert_eq!((&answer["verdict"], &answer["resolved"]), (&Value::from("found"), &Value::from(true)), "{answer}");
    let within = |at: f64, from: u32, length: u32| (f64::from(from)..=f64::from(from + length)).contains(&at);
    let number = |name: &str, of: &str| answer[name][of].as_f64().unwrap();
    assert!(within(number("click", "x"), x, width) && within(number("click", "y"), y, height), "{answer}");
    let (left, top) = (number("match_box", "x"), number("match_box", "y"));
    let (right, bottom) = (left + number("match_box", "width"), top + number("match_box", "height"));
    // A pixel of an edge more or less is nobody's concern.
    let inside = left + 1.0 >= x.into() && top + 1.0 >= y.into() && right <= (x + width + 1).into() && bottom <= (y + height + 1).into();
    assert!(inside, "{answer}");
    let share = |name: &str| answer[name].as_f64().unwrap();
    assert!((share("x_pct") * 900.0 - number("click", "x")).abs() < 0.01 && (share("y_pct") * 500.0 - number("click", "y")).abs() < 0.01);
}
