//! What a label is on: buttons, fields, boxes to tick, told by shape, colour and where the text stands, with how sure that is.

use std::fmt;

use super::labels::Label;
use super::reading::{Script, Word};
use super::shape::{Form, Shape};
use super::table::{Text, cells};
use super::types::Place;

/// What kind of element it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Does something.
    Button,
    /// Leads somewhere.
    Link,
    /// Takes text.
    Field,
    /// Is ticked or not.
    Checkbox,
    /// Is chosen or not.
    Radio,
    /// An entry of a menu or a list.
    MenuItem,
    /// Shows another page of the same place.
    Tab,
    /// A cell of a table.
    Cell,
    /// A picture that means something.
    Icon,
    /// Text that is on nothing.
    Text,
}

impl Role {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Button => "button",
            Self::Link => "link",
            Self::Field => "field",
            Self::Checkbox => "checkbox",
            Self::Radio => "radio",
            Self::MenuItem => "menu item",
            Self::Tab => "tab",
            Self::Cell => "cell",
            Self::Icon => "icon",
            Self::Text => "text",
        }
    }

    /// The role that a word names, in any case, also by the words that other programs use.
    pub fn named(word: &str) -> Option<Self> {
        let word: String = word.to_lowercase().chars().filter(|sign| sign.is_alphanumeric()).collect();
        Some(match word.as_str() {
            "button" | "bouton" | "pushbutton" => Self::Button,
            "link" | "lien" | "hyperlink" => Self::Link,
            "field" | "champ" | "input" | "textfield" | "textbox" | "edit" | "forminput" | "textarea" => Self::Field,
            "checkbox" | "check" | "case" | "caseacocher" => Self::Checkbox,
            "radio" | "radiobutton" => Self::Radio,
            "menuitem" | "menu" | "listitem" => Self::MenuItem,
            "tab" | "onglet" | "tabitem" => Self::Tab,
            "cell" | "cellule" | "tablecell" | "dataitem" => Self::Cell,
            "icon" | "icone" | "image" => Self::Icon,
            "text" | "label" | "texte" => Self::Text,
            _ => return None,
        })
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// An element of a user interface.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// What it says, or what is said beside it.
    pub words: Vec<Word>,
    /// What it is.
    pub role: Role,
    /// The role as another program called it, its type and its role; absent where it was told here.
    pub called: Option<(String, String)>,
    /// Where it is: the widget, or the text where there is none.
    pub place: Place,
    /// Where to click, pixels.
    pub centre: (f64, f64),
    /// Where its text stands, if it has one.
    pub text: Option<Place>,
    /// Whether it can be used, as far as its colours tell.
    pub enabled: Option<bool>,
    /// Whether it is ticked or chosen; only of those that can be.
    pub marked: Option<bool>,
    /// How sure the role is, 0 to 1.
    pub confidence: f64,
}

impl Element {
    /// What it says.
    pub fn label(&self) -> String {
        self.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// How sure the reader is of the word of its label that it is least sure of, 0 to 1.
    pub fn label_confidence(&self) -> f64 {
        self.words.iter().map(|word| word.confidence).fold(1.0, f64::min)
    }

    /// Whether it is what `role` names. Another program's words count as it uses them: a part of its type or role is enough.
    pub fn is_a(&self, role: &str) -> bool {
        match &self.called {
            None => Role::named(role) == Some(self.role),
            Some((kind, called)) => {
                let role = role.trim().to_lowercase();
                kind.to_lowercase().contains(&role) || called.to_lowercase().contains(&role)
            }
        }
    }
}

/// Contrast below which text is greyed out, and from which it isn't; between them nobody can tell. A ratio of luminances as in
/// the accessibility guidelines (WCAG 2, "contrast ratio"), 1 to 21.
const GREYED: f64 = 3.0;
const PLAIN: f64 = 4.0;

/// Contrast of two colours: (L1 + 0.05) / (L2 + 0.05) with relative luminances.
pub(super) fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let luminance = |colour: [u8; 3]| {
        let linear = |level: u8| {
            let share = f64::from(level) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2])
    };
    let (one, other) = (luminance(a), luminance(b));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Whether text of these colours can be used. A colour of its own proves nothing: white on orange is as faint as grey on grey.
fn enabled(ink: [u8; 3], ground: [u8; 3]) -> Option<bool> {
    let seen = contrast(ink, ground);
    let grey = colourfulness(ink) < COLOURED && colourfulness(ground) < COLOURED;
    if seen < GREYED { grey.then_some(false) } else { (seen >= PLAIN).then_some(true) }
}

/// From this on a colour is no grey, see [`colourfulness`].
const COLOURED: u8 = 60;

/// Whether what says `label` can be used, by the colours of its text.
fn usable(label: &Label, script: &Script) -> Option<bool> {
    let piece = label.pieces.iter().filter_map(|&at| script.pieces.get(at)).find(|piece| piece.place == label.place)?;
    enabled(piece.ink, piece.ground)
}

/// How far the strongest and the weakest channel of a colour are apart, levels.
fn colourfulness(colour: [u8; 3]) -> u8 {
    let most = colour.iter().max().copied().unwrap_or_default();
    most - colour.iter().min().copied().unwrap_or_default()
}

/// Whether a colour is that of a link: blue, clearly.
fn is_blue([red, green, blue]: [u8; 3]) -> bool {
    i32::from(blue) - i32::from(red) >= 60 && blue >= green
}

fn apart(a: [u8; 3], b: [u8; 3]) -> u8 {
    (0..3).map(|channel| a[channel].abs_diff(b[channel])).max().unwrap_or_default()
}

/// Whether the middle of `inner` lies in `outer`, and all of it but a few pixels.
fn holds(outer: Place, inner: Place) -> bool {
    outer.overlap(&inner) >= 0.9 && u64::from(outer.width) * u64::from(outer.height) >= u64::from(inner.width) * u64::from(inner.height)
}

/// The elements that `labels` and the shapes of `script` are, from top to bottom. Labels that have not been read say nothing yet.
pub(super) fn elements(script: &Script, labels: &[Label]) -> Vec<Element> {
    let shapes: Vec<&Shape> = script.shapes.iter().collect();
    let mut taken = vec![false; labels.len()];
    let mut all = Vec::new();
    let rows = Rows::of(&shapes);
    for shape in &shapes {
        let within: Vec<usize> = (0..labels.len()).filter(|&at| holds(shape.place, labels[at].whole())).collect();
        let found = match shape.form {
            Form::Check { marked } => Some(ticked(shape, Role::Checkbox, marked, labels, script)),
            Form::Radio { marked } => Some(ticked(shape, Role::Radio, marked, labels, script)),
            Form::Icon => {
                // A drawing in a label or a widget is a part of it.
                let part = labels.iter().any(|label| label.whole().overlap(&shape.place) > 0.3)
                    || shapes.iter().any(|other| {
                        other.form != Form::Icon && holds(other.place, shape.place) && other.place.height <= 3 * shape.place.height
                    });
                (!part).then(|| Element { role: Role::Icon, confidence: 0.5 * shape.sureness, ..bare(shape) })
            }
            Form::Filled | Form::Bordered => widget(shape, &within, labels, script, &rows),
        };
        if let Some(element) = found {
            let own = |at: &usize| element.text.is_some_and(|own| labels[*at].place.overlap(&own) > 0.5);
            for at in within.into_iter().filter(own) {
                taken[at] = true;
            }
            all.push(element);
        }
    }
    // A drawing on a button may look as a box to tick does.
    let buttons: Vec<Place> =
        all.iter().filter(|element| element.role == Role::Button && element.text.is_some()).map(|element| element.place).collect();
    all.retain(|element| element.marked.is_none() || !buttons.iter().any(|button| holds(*button, element.place)));
    let free: Vec<&Label> = labels.iter().zip(&taken).filter(|(_, taken)| !**taken).map(|(label, _)| label).collect();
    let texts: Vec<Text> = free.iter().map(|label| Text { place: label.place, capital: label.capital }).collect();
    let fields: Vec<Place> = all.iter().filter(|element| element.role == Role::Field).map(|element| element.place).collect();
    for (label, is_cell) in free.into_iter().zip(cells(&texts, &fields)).filter(|(label, _)| !label.words.is_empty()) {
        let text = plain(label, script);
        // A link in a table is a link.
        all.push(if is_cell && text.role == Role::Text { Element { role: Role::Cell, confidence: 0.6, ..text } } else { text });
    }
    all.sort_by_key(|element| (element.place.y, element.place.x));
    all
}

/// An element of which nothing is known but its shape.
fn bare(shape: &Shape) -> Element {
    Element {
        words: Vec::new(),
        role: Role::Icon,
        called: None,
        place: shape.place,
        centre: shape.place.centre(),
        text: None,
        enabled: None,
        marked: None,
        confidence: 0.0,
    }
}

/// Text that is on no widget: a link if it is of a link's colour.
fn plain(label: &Label, script: &Script) -> Element {
    let colours = label.pieces.iter().filter_map(|&at| script.pieces.get(at)).find(|piece| piece.place == label.place);
    let (ink, ground) = colours.map_or(([0; 3], [255; 3]), |piece| (piece.ink, piece.ground));
    let (role, confidence) = if is_blue(ink) && !is_blue(ground) { (Role::Link, 0.6) } else { (Role::Text, 0.7) };
    Element {
        words: label.words.clone(),
        role,
        called: None,
        place: label.place,
        centre: label.place.centre(),
        text: Some(label.place),
        enabled: enabled(ink, ground),
        marked: None,
        confidence,
    }
}

/// A box to tick, with the label beside it: to the right as a rule, and never beyond another box.
fn ticked(shape: &Shape, role: Role, marked: bool, labels: &[Label], script: &Script) -> Element {
    let beside = |label: &&Label| {
        let own = label.place;
        let level = (own.centre().1 - shape.place.centre().1).abs() <= 0.6 * f64::from(shape.place.height.max(own.height));
        let gap = f64::from(own.x) - f64::from(shape.place.x + shape.place.width);
        level && (-2.0..=1.6 * f64::from(shape.place.height)).contains(&gap) && !holds(shape.place, own)
    };
    let free = |label: &&Label| {
        !script.shapes.iter().any(|other| {
            matches!(other.form, Form::Check { .. } | Form::Radio { .. })
                && other.place.x > shape.place.x
                && other.place.x < label.place.x
                && (other.place.centre().1 - shape.place.centre().1).abs() < f64::from(shape.place.height)
        })
    };
    let label = labels.iter().filter(beside).filter(free).min_by_key(|label| label.place.x);
    Element {
        words: label.map(|label| label.words.clone()).unwrap_or_default(),
        role,
        text: label.map(|label| label.place),
        enabled: label.and_then(|label| usable(label, script)),
        marked: Some(marked),
        confidence: shape.sureness,
        ..bare(shape)
    }
}

/// Shapes of one height side by side, as the cells of a table are: each begins where the one before it ends.
struct Rows {
    rows: std::collections::HashMap<(u32, u32), Vec<(u32, u32)>>,
}

/// Cells touch: what stands farther apart, pixels, are buttons or fields.
const TOUCHING: u32 = 3;

/// So many that touch are a row.
const LEAST_ROW: usize = 3;

impl Rows {
    fn of(shapes: &[&Shape]) -> Self {
        let mut rows: std::collections::HashMap<_, Vec<_>> = std::collections::HashMap::new();
        for shape in shapes.iter().filter(|shape| matches!(shape.form, Form::Bordered)) {
            rows.entry((shape.place.y, shape.place.height)).or_default().push((shape.place.x, shape.place.x + shape.place.width));
        }
        for row in rows.values_mut() {
            row.sort_unstable();
        }
        Self { rows }
    }

    /// Whether a shape is one of several that touch.
    fn is_in_row(&self, shape: &Shape) -> bool {
        let Some(row) = self.rows.get(&(shape.place.y, shape.place.height)) else { return false };
        let touch = |pair: &[(u32, u32)]| pair[1].0.abs_diff(pair[0].1) <= TOUCHING;
        let Some(own) = row.iter().position(|&(x, _)| x == shape.place.x) else { return false };
        let after = row[own..].windows(2).take_while(|pair| touch(pair)).count();
        let before = row[..=own].windows(2).rev().take_while(|pair| touch(pair)).count();
        before + after + 1 >= LEAST_ROW
    }

    /// Rows of the same height as this one, the row itself among them.
    fn rows_like(&self, shape: &Shape) -> usize {
        self.rows.iter().filter(|((_, height), row)| *height == shape.place.height && row.len() >= LEAST_ROW).count()
    }
}

/// The arrow at the right end of a list that opens, if `at` is one: small, at the end, with nothing near it.
fn is_arrow(at: Place, shape: &Shape, text: Place, capital: f64) -> bool {
    let (from_text, to_end) =
        (f64::from(at.x) - f64::from(text.x + text.width), f64::from(shape.place.x + shape.place.width) - f64::from(at.x + at.width));
    let small = f64::from(at.width) <= 2.0 * capital && at.width <= shape.place.height;
    small && from_text >= 0.8 * capital && to_end <= 1.5 * capital
}

/// A bordered or filled widget with what stands in it: none, one label, and what of it is a panel is nothing.
fn widget(shape: &Shape, within: &[usize], labels: &[Label], script: &Script, rows: &Rows) -> Option<Element> {
    let (width, height) = (f64::from(shape.place.width), f64::from(shape.place.height));
    let sure = shape.sureness;
    let bordered = shape.form != Form::Filled;
    let in_row = bordered && rows.is_in_row(shape);
    let (label, opens) = match within {
        [] => {
            // A field in which nothing stands is much wider than tall; so is no icon's button. Cells are empty as well.
            let empty = (16.0..=80.0).contains(&height) && bordered && !in_row;
            let (role, confidence) = if empty && width >= 2.5 * height && colourfulness(shape.ground) < COLOURED {
                (Role::Field, 0.7 * sure)
            } else if width <= 2.0 * height && (16.0..=80.0).contains(&height) && width >= 16.0 && !in_row {
                (Role::Button, 0.5 * sure)
            } else {
                return None;
            };
            return Some(Element { role, confidence, ..bare(shape) });
        }
        [only] => {
            let label = &labels[*only];
            let (text, tall) = (label.place, label.capital);
            (label, label.aside.iter().any(|(place, _)| is_arrow(*place, shape, text, tall)))
        }
        [one, other] => {
            let (label, end) = if labels[*one].place.x <= labels[*other].place.x { (one, other) } else { (other, one) };
            let (label, end) = (&labels[*label], &labels[*end]);
            if !is_arrow(end.whole(), shape, label.place, label.capital) {
                return None;
            }
            (label, true)
        }
        _ => return None,
    };
    if height > 5.0 * label.capital + 8.0 {
        return None;
    }
    let whole = if opens { label.place } else { label.whole() };
    let (left, right) =
        (f64::from(whole.x) - f64::from(shape.place.x), f64::from(shape.place.x + shape.place.width) - f64::from(whole.x + whole.width));
    let centred = (left - right).abs() <= (0.12 * width).max(5.0);
    let fits = right <= 3.2 * label.capital && left <= 3.2 * label.capital;
    let stands_out = apart(shape.ground, shape.around) >= 60 || colourfulness(shape.ground) >= COLOURED;
    let (role, confidence) = if in_row && rows.rows_like(shape) >= 2 {
        (Role::Cell, 0.7)
    } else if bordered && opens && left < right {
        (Role::Field, 0.7)
    } else if !bordered && stands_out && (centred || fits) {
        // What is hardly taller than its letters says how something stands, and cannot be pressed.
        (Role::Button, if height < 2.3 * label.capital { 0.45 } else { 0.85 })
    } else if shape.form == Form::Bordered && (centred || (fits && !label.aside.is_empty())) {
        (Role::Button, if centred { 0.75 } else { 0.6 })
    } else if in_row {
        (Role::Cell, 0.6)
    } else if bordered && left < 0.5 * right {
        (Role::Field, 0.7)
    } else if !bordered && left < right {
        (Role::MenuItem, 0.4)
    } else {
        return None;
    };
    Some(Element {
        words: label.words.clone(),
        role,
        text: Some(label.place),
        enabled: usable(label, script),
        confidence: confidence * sure,
        ..bare(shape)
    })
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
        };
        let word = |(text, place, ..): &Drawn<'_>| Some(vec![Word { text: (*text).to_owned(), place: *place, confidence: 0.9 }]);
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
    fn grey_on_grey_is_off_and_colours_prove_nothing() {
        assert_eq!(enabled([160; 3], [230; 3]), Some(false));
        assert_eq!(enabled(WHITE, [240, 160, 40]), None);
        assert_eq!(enabled(INK, WHITE), Some(true));
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
}
