//! From the outlines and the lines of a screenshot to its elements: each shape with its texts, then texts that are one of several of a
//! kind, then what is left.

use super::element::{Element, Role};
use super::grid::Grid;
use super::labels::Label;
use super::menu::entries_of_menus;
use super::plain::{links, plain};
use super::reading::{Script, Word};
use super::shape::{Form, Shape};
use super::strip::{Entry, tabs};
use super::table::{Text, cells};
use super::types::Place;
use super::widget::{Boxed, holds, own_piece, ticked};

/// How tall capitals are where there is no text, pixels.
const CAPITAL: f64 = 10.0;

/// How sure it is that what was hardly read and is no shape is an icon, 0 to 1: it is none to be clicked, and another may not be the only one.
const MAYBE_ICON: f64 = 0.4;

/// From this confidence on a lone sign is a letter, and below it a drawing that was read, 0 to 1.
const LETTER: f64 = 0.9;

/// The elements that `labels` and the shapes of `script` are, from top to bottom. Labels that have not been read say nothing yet.
pub(super) fn elements(script: &Script, labels: &[Label]) -> Vec<Element> {
    let (mut all, mut taken) = widgets(script, labels);
    let capital = usual_capital(labels);
    let read = |at: usize| read(labels, at, script, capital);
    let rest: Vec<usize> = (0..labels.len()).filter(|&at| !taken[at]).collect();
    let in_table: Vec<usize> =
        rest.iter().copied().zip(cells_among(&all, script, labels, &rest)).filter(|(_, cell)| *cell).map(|(at, _)| at).collect();
    for &at in &in_table {
        taken[at] = true;
        // A link in a table is a link.
        all.extend(read(at).into_iter().map(|text| match text.role {
            Role::Text => Element { role: Role::Cell, confidence: 0.7, ..text },
            _ => text,
        }));
    }
    strips_and_menus(&mut all, script, labels, &mut taken);
    for at in (0..labels.len()).filter(|&at| !taken[at]) {
        all.extend(read(at));
    }
    all.sort_by_key(|element| (element.place.y, element.place.x));
    all
}

/// What a label is by itself, where capitals are `capital` pixels tall as a rule; nothing where it has not been read.
fn read(labels: &[Label], at: usize, script: &Script, capital: f64) -> Vec<Element> {
    let label = &labels[at];
    match label.words.as_slice() {
        [] => Vec::new(),
        _ if may_be_drawing(label, capital) => {
            plain(label, script).into_iter().map(|text| Element { role: Role::Icon, confidence: MAYBE_ICON, ..text }).collect()
        }
        _ => plain(label, script),
    }
}

/// Whether a drawing may have been read as the few signs of a label: about a square, no lower than letters, and none of them sure.
fn may_be_drawing(label: &Label, capital: f64) -> bool {
    let whole = label.whole();
    label.signs() <= 3 && whole.is_about_square() && f64::from(whole.height) >= capital && !label.words.iter().any(Word::is_sure)
}

/// How tall capitals are as a rule, pixels.
pub(super) fn usual_capital(labels: &[Label]) -> f64 {
    let mut all: Vec<f64> = labels.iter().map(|label| label.capital).collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(CAPITAL)
}

/// What the shapes are, and which labels belong to them.
fn widgets(script: &Script, labels: &[Label]) -> (Vec<Element>, Vec<bool>) {
    let shapes = &script.shapes;
    let (grid, capital) = (Grid::of(shapes), usual_capital(labels));
    // What was read of a box to tick is no text.
    let marks: Vec<Place> = shapes.iter().filter(|shape| is_mark(shape.form)).map(|shape| shape.place).collect();
    let mut taken: Vec<bool> = labels.iter().map(|label| marks.iter().any(|mark| is_part_of_mark(label.whole(), *mark))).collect();
    let mut all = Vec::new();
    for (index, shape) in shapes.iter().enumerate() {
        let is_in = |label: &Label| holds(shape.place, label.whole()) && !is_crumb(label.whole(), shape.place, capital);
        let within: Vec<usize> = (0..labels.len()).filter(|&at| is_in(&labels[at])).collect();
        let found = match shape.form {
            Form::Check { marked } => Some(ticked(shape, Role::Checkbox, marked, labels, script)),
            Form::Radio { marked } => Some(ticked(shape, Role::Radio, marked, labels, script)),
            Form::Icon => icon(shape, shapes, labels),
            Form::Filled | Form::Bordered => Boxed { index, shape, within: &within, labels, script, grid: &grid, capital }.element(),
        };
        if let Some(element) = found {
            let own = |at: &usize| element.text.is_some_and(|own| labels[*at].place.overlap(&own) > 0.5);
            // What was read of a drawing may be a pixel larger.
            let theirs = if element.role == Role::Icon { (0..labels.len()).collect() } else { within };
            for at in theirs.into_iter().filter(own) {
                taken[at] = true;
                if element.role != Role::Button && element.role != Role::Icon {
                    // A link in a cell is a link as well.
                    all.extend(links(&labels[at], script).into_iter().filter(|_| element.role == Role::Cell));
                }
            }
            all.push(element);
        }
    }
    // A drawing on a button may look as a box to tick does.
    let buttons: Vec<Place> = all.iter().filter(|element| element.role == Role::Button).map(|element| element.place).collect();
    let drawn = |element: &Element| {
        buttons.iter().any(|button| *button != element.place && holds(*button, element.place) && button.height <= 4 * element.place.height)
    };
    all.retain(|element| element.marked.is_none() || !drawn(element));
    (all, taken)
}

/// Whether a label is what is left of a round corner of `outline`: lower than letters, and at two of its sides.
fn is_crumb(label: Place, outline: Place, capital: f64) -> bool {
    /// How far from a side, pixels.
    const OFF: u32 = 4;
    let at_end = |from: u32, length: u32, start: u32, whole: u32| from <= start + OFF || from + length + OFF >= start + whole;
    let low = f64::from(label.height.max(label.width)) <= 0.8 * capital;
    low && at_end(label.x, label.width, outline.x, outline.width) && at_end(label.y, label.height, outline.y, outline.height)
}

fn is_mark(form: Form) -> bool {
    matches!(form, Form::Check { .. } | Form::Radio { .. })
}

fn is_part_of_mark(label: Place, mark: Place) -> bool {
    label.overlap(&mark) >= 0.7 && label.width <= mark.width + mark.width / 2 && label.height <= mark.height + mark.height / 2
}

/// A drawing by itself. One in a label or a widget is a part of it; what was read of one that stands alone is no text.
fn icon(shape: &Shape, shapes: &[Shape], labels: &[Label]) -> Option<Element> {
    let in_widget = shapes
        .iter()
        .any(|other| other.form != Form::Icon && holds(other.place, shape.place) && other.place.height <= 3 * shape.place.height);
    let over = labels.iter().filter(|label| label.whole().overlap(&shape.place) > 0.3);
    let is_part = |label: &Label| {
        let sign: String = label.words.iter().map(|word| word.text.as_str()).collect();
        let is_letter = sign.chars().all(char::is_alphanumeric) && label.words.iter().all(|word| word.confidence >= LETTER);
        let alone = label.whole().width <= shape.place.width + shape.place.width / 3;
        !alone || sign.chars().count() > 2 || (is_letter && !label.words.is_empty())
    };
    let part = in_widget || over.clone().any(is_part);
    let text = over.clone().find(|label| !label.words.is_empty());
    (!part).then(|| Element {
        confidence: 0.8 * shape.sureness,
        words: text.map(|label| label.words.clone()).unwrap_or_default(),
        text: text.map(|label| label.place),
        ..Element::bare(shape)
    })
}

/// Tells tabs and entries of menus among texts that are on nothing, and among boxes with a text that may be anything.
fn strips_and_menus(all: &mut Vec<Element>, script: &Script, labels: &[Label], taken: &mut [bool]) {
    let is_open = |element: &Element| matches!(element.role, Role::Button | Role::MenuItem | Role::Field) && element.text.is_some();
    let beside_mark = |label: &Label| all.iter().any(|element| element.marked.is_some() && element.text == Some(label.place));
    let element_of = |label: &Label| all.iter().position(|element| is_open(element) && element.text == Some(label.place));
    let numbered: Vec<(usize, Option<usize>)> = (0..labels.len())
        .filter(|&at| !beside_mark(&labels[at]))
        .map(|at| (at, element_of(&labels[at])))
        .filter(|(at, element)| !taken[*at] || element.is_some())
        .collect();
    let entries: Vec<Entry> = numbered
        .iter()
        .filter_map(|&(at, element)| {
            let (label, piece) = (&labels[at], own_piece(&labels[at], script)?);
            let plate = element.map(|element| all[element].place);
            Some(Entry { text: label.place, capital: label.capital, plate, ink: piece.ink, ground: piece.ground, rules: &piece.rules })
        })
        .collect();
    let is_box = |shape: &&Shape| matches!(shape.form, Form::Filled | Form::Bordered);
    let boxes: Vec<Place> = script.shapes.iter().filter(is_box).map(|shape| shape.place).collect();
    let fixed = |element: &&Element| !is_open(element) && element.role != Role::Icon && element.role != Role::Link;
    let empty = |element: &&Element| element.role == Role::Field && element.text.is_none();
    let others: Vec<Place> = all.iter().filter(|element| fixed(element) || empty(element)).map(|element| element.place).collect();
    let told = tabs(&entries, &boxes).into_iter().map(|(at, sure)| (at, Role::Tab, sure));
    let listed = entries_of_menus(&entries, &boxes, &others).into_iter().map(|(at, sure)| (at, Role::MenuItem, sure));
    let mut found: Vec<(usize, Role, f64)> = told.chain(listed).collect();
    // Of two roles for one text the surer one.
    found.sort_by(|a, b| a.0.cmp(&b.0).then(b.2.total_cmp(&a.2)));
    found.dedup_by_key(|(at, ..)| *at);
    for (at, role, confidence) in found {
        let (label, element) = numbered[at];
        match element {
            Some(element) => {
                let element = &mut all[element];
                (element.role, element.confidence) = (role, confidence);
            }
            None if labels[label].words.is_empty() => {}
            None => {
                taken[label] = true;
                let text = plain(&labels[label], script).swap_remove(0);
                let is_link = text.role == Role::Link && text.confidence > confidence;
                all.push(if is_link { text } else { Element { role, confidence, ..text } });
            }
        }
    }
}

/// Which of the labels `rest` are cells of a table without lines down: texts on small boxes, as badges are, and links have their column too.
fn cells_among(all: &[Element], script: &Script, labels: &[Label], rest: &[usize]) -> Vec<bool> {
    let lent = all.iter().filter(|element| matches!(element.role, Role::Button | Role::Text)).filter_map(|element| element.text);
    let lent = lent.filter_map(|place| labels.iter().find(|label| label.place == place));
    let texts: Vec<Text> = rest.iter().map(|&at| &labels[at]).chain(lent).map(|label| text(label, script)).collect();
    let fields: Vec<Place> = all.iter().filter(|element| element.role == Role::Field).map(|element| element.place).collect();
    let mut found = cells(&texts, &fields);
    found.truncate(rest.len());
    found
}

/// A label as a table is told by it.
fn text(label: &Label, script: &Script) -> Text {
    /// A line is that of a table if it goes on beyond a text by so many heights of capitals.
    const BEYOND: f64 = 6.0;
    let long = |place: Place| {
        f64::from(place.x + place.width) - f64::from(label.place.x + label.place.width) >= BEYOND * label.capital
            || f64::from(label.place.x) - f64::from(place.x) >= BEYOND * label.capital
    };
    let below = own_piece(label, script).map(|piece| piece.rules.as_slice()).unwrap_or_default();
    let ruled = below.iter().map(|rule| rule.place).find(|place| long(*place)).map(|place| (place.x, place.x + place.width));
    Text { place: label.place, capital: label.capital, ruled }
}

#[cfg(test)]
mod tests {
    use super::super::reading::Piece;
    use super::*;

    const WHITE: [u8; 3] = [255; 3];
    const INK: [u8; 3] = [30, 30, 34];

    fn at(x: u32, y: u32, width: u32, height: u32) -> Place {
        Place { x, y, width, height }
    }

    fn shape(form: Form, place: Place, ground: [u8; 3]) -> Shape {
        Shape { place, form, ground, around: WHITE, sureness: 1.0 }
    }

    /// A text, its place, and the colours of its letters and of their ground.
    type Drawn<'a> = (&'a str, Place, [u8; 3], [u8; 3]);

    /// The elements of shapes and of texts, each with its place and the colours of its letters and their ground.
    fn seen(shapes: &[Shape], texts: &[Drawn]) -> Vec<Element> {
        let piece = |(line, (_, place, ink, ground)): (u32, &Drawn)| Piece {
            place: *place,
            line,
            capital: 10.0,
            aside: false,
            breaks: Vec::new(),
            ink: *ink,
            ground: *ground,
            tints: Vec::new(),
            rules: Vec::new(),
        };
        // Each sign of a text is as wide as another.
        let word = |(text, place, ..): &Drawn<'_>| {
            let sign = place.width / text.chars().count().max(1) as u32;
            let starts = text.split(' ').scan(0, |at, word| Some((word, std::mem::replace(at, *at + word.chars().count() as u32 + 1))));
            let part = |(word, start): (&str, u32)| {
                let place = Place { x: place.x + start * sign, width: word.chars().count() as u32 * sign, ..*place };
                Word { text: word.to_owned(), place, confidence: 0.9 }
            };
            Some(starts.map(part).collect())
        };
        let script = Script {
            screen: (800, 600),
            pieces: (0..).zip(texts).map(piece).collect(),
            shapes: shapes.to_vec(),
            words: texts.iter().map(word).collect(),
            again: vec![None; texts.len()],
            ..Script::default()
        };
        elements(&script, &super::super::labels::Lines::of(&script.pieces, &script.words).all)
    }

    fn roles(elements: &[Element]) -> Vec<(Role, String)> {
        elements.iter().map(|element| (element.role, element.label())).collect()
    }

    #[test]
    fn a_button_is_told_from_a_field_and_from_a_list_that_opens() {
        let (blue, frame) = ([20, 90, 220], Form::Bordered);
        let filled = seen(&[shape(Form::Filled, at(10, 10, 100, 30), blue)], &[("Valider", at(32, 19, 56, 12), WHITE, blue)]);
        assert_eq!((roles(&filled), filled[0].enabled), (vec![(Role::Button, "Valider".to_owned())], Some(true)));
        let field = seen(&[shape(frame, at(10, 10, 200, 28), WHITE)], &[("Dupont", at(18, 18, 50, 12), INK, WHITE)]);
        assert_eq!(roles(&field), [(Role::Field, "Dupont".to_owned())]);
        let empty = seen(&[shape(frame, at(10, 10, 200, 28), WHITE)], &[]);
        assert_eq!(empty[0].role, Role::Field);
        let arrow = ("v", at(190, 20, 10, 8), INK, WHITE);
        let list = seen(&[shape(frame, at(10, 10, 200, 28), WHITE)], &[("Toutes", at(18, 18, 50, 12), INK, WHITE), arrow]);
        assert!(list.iter().any(|element| element.role == Role::Field && element.label() == "Toutes"), "{list:?}");
        // A badge is no button for sure.
        let badge = seen(&[shape(Form::Filled, at(10, 10, 60, 17), blue)], &[("Sorti", at(18, 13, 44, 10), WHITE, blue)]);
        assert!(badge[0].confidence < 0.5);
    }

    #[test]
    fn of_boxes_read_as_one_line_each_has_what_follows_it() {
        let check = |x: u32| shape(Form::Check { marked: false }, at(x, 10, 14, 14), WHITE);
        let named = |texts: &[Drawn], marks: &[u32]| -> Vec<(u32, String)> {
            let all = seen(&marks.iter().map(|x| check(*x)).collect::<Vec<_>>(), texts);
            all.iter().filter(|element| element.role == Role::Checkbox).map(|element| (element.place.x, element.label())).collect()
        };
        // Of 10 pixels a sign; what was read of the boxes in the line names nothing.
        let line = ("Lundi [] Mardi [] Jeudi", at(30, 11, 230, 12), INK, WHITE);
        let days = [(10, "Lundi".to_owned()), (90, "Mardi".to_owned()), (180, "Jeudi".to_owned())];
        assert_eq!(named(&[line], &[10, 90, 180]), days);
        // Where the line begins with no box nobody can say on which side of a box its label stands.
        assert_eq!(named(&[line], &[90, 180]), [(90, String::new()), (180, String::new())]);
    }

    #[test]
    fn a_box_has_the_label_to_its_right() {
        let marked = shape(Form::Check { marked: true }, at(10, 10, 14, 14), WHITE);
        let grey = [170; 3];
        let all = seen(&[marked], &[("Urgent", at(30, 11, 50, 12), grey, WHITE), ("Nom", at(200, 11, 30, 12), INK, WHITE)]);
        assert_eq!(
            (all[0].role, all[0].label().as_str(), all[0].marked, all[0].enabled),
            (Role::Checkbox, "Urgent", Some(true), Some(false))
        );
    }

    #[test]
    fn a_blue_text_is_a_link() {
        let plain = seen(&[], &[("Aide", at(10, 10, 30, 12), [20, 60, 200], WHITE), ("Nom", at(10, 50, 30, 12), INK, WHITE)]);
        assert_eq!(plain.iter().map(|element| element.role).collect::<Vec<_>>(), [Role::Link, Role::Text]);
    }

    #[test]
    fn what_touches_in_rows_is_a_cell_and_no_field() {
        let cell = |column: u32, row: u32| shape(Form::Bordered, at(10 + 99 * column, 10 + 21 * row, 100, 22), WHITE);
        let shapes: Vec<Shape> = (0..2).flat_map(|row| (0..3).map(move |column| cell(column, row))).collect();
        let all = seen(&shapes, &[("Dupont", at(15, 15, 50, 12), INK, WHITE)]);
        assert_eq!(roles(&all), [(Role::Cell, "Dupont".to_owned())]);
        let head = seen(&shapes[..3], &[("Entrée", at(15, 15, 50, 12), INK, WHITE)]);
        assert_eq!(roles(&head), [(Role::Cell, "Entrée".to_owned())]);
        // Buttons of one height have space between them.
        let buttons: Vec<Shape> =
            (0..6).map(|at_| shape(Form::Bordered, at(10 + 110 * (at_ % 3), 10 + 60 * (at_ / 3), 100, 28), WHITE)).collect();
        assert_eq!(seen(&buttons, &[("Ouvrir", at(36, 18, 48, 12), INK, WHITE)])[0].role, Role::Button);
    }

    #[test]
    fn a_pale_plate_with_its_text_in_the_middle_is_a_button_and_one_with_room_after_it_a_field() {
        let (pale, around) = ([43; 3], [18; 3]);
        let plate = |width: u32| Shape { around, ..shape(Form::Filled, at(10, 10, width, 34), pale) };
        let text = |x: u32| ("Annuler", at(x, 21, 60, 12), [220; 3], pale);
        assert_eq!(roles(&seen(&[plate(100)], &[text(30)])), [(Role::Button, "Annuler".to_owned())]);
        let field = seen(&[plate(260)], &[text(22)]);
        assert_eq!((field[0].role, field[0].confidence > 0.5), (Role::Field, true));
    }

    #[test]
    fn a_low_coloured_plate_is_a_badge_and_a_low_grey_one_a_button() {
        let (green, grey) = ([210, 250, 225], [212, 208, 200]);
        let low = |ground| seen(&[shape(Form::Bordered, at(10, 10, 70, 16), ground)], &[("Stable", at(20, 13, 50, 10), INK, ground)]);
        assert_eq!(low(green)[0].role, Role::Text);
        assert_eq!(low(grey)[0].role, Role::Button);
    }

    #[test]
    fn what_is_left_of_round_corners_and_what_was_read_of_a_mark_is_nothing() {
        let corner = ("=", at(11, 11, 6, 6), INK, WHITE);
        let all = seen(&[shape(Form::Bordered, at(10, 10, 120, 40), WHITE)], &[("Exporter", at(40, 24, 60, 12), INK, WHITE), corner]);
        assert!(all.iter().any(|element| element.role == Role::Button && element.label() == "Exporter"), "{all:?}");
        let mark = seen(&[shape(Form::Check { marked: false }, at(10, 10, 14, 14), WHITE)], &[("O", at(10, 10, 14, 14), INK, WHITE)]);
        assert_eq!(mark.iter().map(|element| element.role).collect::<Vec<_>>(), [Role::Checkbox]);
        assert!(mark[0].confidence <= 0.5, "nothing is said beside it");
    }

    #[test]
    fn a_box_with_one_line_at_its_top_left_takes_text() {
        let tall = shape(Form::Bordered, at(10, 10, 400, 80), WHITE);
        let line = ("Douleur", at(20, 20, 60, 12), INK, WHITE);
        assert_eq!(roles(&seen(&[tall], &[line])), [(Role::Field, "Douleur".to_owned())]);
        let grip = ("/", at(392, 73, 14, 14), INK, WHITE);
        assert!(seen(&[tall], &[line, grip]).iter().any(|element| element.role == Role::Field && element.label() == "Douleur"));
    }

    #[test]
    fn a_lone_drawing_is_an_icon_whatever_was_read_of_it() {
        let drawing = shape(Form::Icon, at(10, 10, 20, 20), INK);
        let all = seen(&[drawing], &[("©", at(10, 10, 20, 20), INK, WHITE), ("Nom", at(100, 14, 40, 12), INK, WHITE)]);
        assert_eq!(roles(&all), [(Role::Icon, "©".to_owned()), (Role::Text, "Nom".to_owned())]);
    }

    #[test]
    fn what_was_hardly_read_may_be_an_icon() {
        let drawing = |text: &str, confidence: f64| {
            let place = at(10, 10, 14, 14);
            let words = vec![Word { text: text.to_owned(), place, confidence }];
            let label = Label { words, place, capital: 14.0, aside: Vec::new(), pieces: vec![0], own: 0, breaks: Vec::new() };
            may_be_drawing(&label, 10.0)
        };
        assert!(drawing("&", 0.1) && drawing("Lul", 0.6));
        // A sign that was surely read is that, and so is a word.
        assert!(!drawing("H", 0.9) && !drawing("Nord", 0.1));
    }

    #[test]
    fn a_link_in_a_cell_is_both() {
        let cell = |column: u32, row: u32| shape(Form::Bordered, at(10 + 99 * column, 10 + 21 * row, 100, 22), WHITE);
        let shapes: Vec<Shape> = (0..2).flat_map(|row| (0..3).map(move |column| cell(column, row))).collect();
        let all = seen(&shapes, &[("Ouvrir", at(15, 15, 50, 12), [20, 60, 200], WHITE)]);
        assert_eq!(all.iter().map(|element| element.role).collect::<std::collections::BTreeSet<_>>(), [Role::Link, Role::Cell].into());
    }
}
