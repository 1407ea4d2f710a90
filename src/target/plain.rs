//! Text that is on no widget: a label, or a link by its colour and the line below it.

use super::colour::{apart, enabled, is_blue};
use super::element::{Element, Role};
use super::labels::{Label, around};
use super::reading::{Piece, Rule, Script, Word};
use super::types::Place;
use super::widget::own_piece;

/// How near below a text its underline runs, and how far it goes beyond it, in heights of capitals.
const UNDERLINE: (f64, f64) = (0.45, 0.6);

/// The shortest link, in heights of capitals.
const LEAST: f64 = 1.5;

/// An underline is about of its text's colour: what differs by more is the mark of a chosen tab, levels.
const ITS_COLOUR: u8 = 90;

/// Whether one of `rules` underlines the part of a text from `from` to `to`, letters of `ink` that end at `bottom`.
fn underlined(rules: &[Rule], (from, to): (u32, u32), bottom: u32, capital: f64, ink: [u8; 3]) -> bool {
    rules.iter().any(|Rule { place, colour }| {
        let (start, end) = (f64::from(place.x), f64::from(place.x + place.width));
        let beyond = UNDERLINE.1 * capital;
        let near = f64::from(place.y) <= f64::from(bottom) + UNDERLINE.0 * capital;
        near && start >= f64::from(from) - beyond && end <= f64::from(to) + beyond && apart(*colour, ink) <= ITS_COLOUR
    })
}

/// The role of words of one colour, and how sure it is.
fn role_of(piece: &Piece, place: Place, ink: [u8; 3]) -> (Role, f64) {
    let line = underlined(&piece.rules, (place.x, place.x + place.width), piece.place.y + piece.place.height, piece.capital, ink);
    // What is but a sign or two wide is a drawing.
    let blue = is_blue(ink) && !is_blue(piece.ground) && f64::from(place.width) >= LEAST * piece.capital;
    let line = line && f64::from(place.width) >= LEAST * piece.capital;
    match (blue, line) {
        (true, true) => (Role::Link, 0.9),
        (true, false) => (Role::Link, 0.6),
        (false, true) => (Role::Link, 0.65),
        (false, false) => (Role::Text, 0.7),
    }
}

fn element(words: Vec<Word>, place: Place, (role, confidence): (Role, f64), enabled: Option<bool>) -> Element {
    Element { words, role, called: None, place, centre: place.centre(), text: Some(place), enabled, marked: None, confidence }
}

/// The text of a label by itself, and each link that is a part of it.
pub(super) fn plain(label: &Label, script: &Script) -> Vec<Element> {
    let Some(piece) = own_piece(label, script) else { return vec![element(label.words.clone(), label.place, (Role::Text, 0.5), None)] };
    let can = enabled(piece.ink, piece.ground);
    if piece.tints.is_empty() {
        return vec![element(label.words.clone(), label.place, role_of(piece, label.place, piece.ink), can)];
    }
    let mut all = vec![element(label.words.clone(), label.place, (Role::Text, 0.7), can)];
    all.extend(links(label, script));
    all
}

/// The words of a label that are links: in another colour than the rest of it, blue as a rule.
pub(super) fn links(label: &Label, script: &Script) -> Vec<Element> {
    let Some(piece) = own_piece(label, script) else { return Vec::new() };
    let whole = |ink: [u8; 3]| role_of(piece, label.place, ink);
    if piece.tints.is_empty() {
        let found = whole(piece.ink);
        let text = || element(label.words.clone(), label.place, found, enabled(piece.ink, piece.ground));
        return if found.0 == Role::Link { vec![text()] } else { Vec::new() };
    }
    let mut all = Vec::new();
    for tint in piece.tints.iter().filter(|tint| is_blue(tint.ink) && !is_blue(piece.ground)) {
        let inside = |word: &&Word| (f64::from(tint.from)..f64::from(tint.to)).contains(&word.place.centre().0);
        let words: Vec<Word> = label.words.iter().filter(inside).cloned().collect();
        if let Some(place) = words.iter().map(|word| word.place).reduce(around) {
            // Other words beside it are in another colour: that is what a link in a sentence looks like.
            all.push(element(words, place, (Role::Link, 0.8), enabled(tint.ink, piece.ground)));
        }
    }
    all
}
