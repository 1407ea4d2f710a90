//! What a shape with a text in or beside it is: a button, a field, a box to tick, a cell; and how sure that is.

use super::colour::{COLOURED, apart, colourfulness, enabled};
use super::element::{Element, Role};
use super::grid::Grid;
use super::labels::{Label, around};
use super::reading::{Piece, Script, Word};
use super::shape::{Form, Shape};
use super::types::Place;

/// Heights of what one line of text fits in, in heights of capitals: a badge is lower, a panel higher.
const ONE_LINE: std::ops::RangeInclusive<f64> = 1.6..=8.0;

/// The highest field that has no line around it, in heights of capitals: a larger one is the ground of something.
const FILLED_FIELD: f64 = 4.5;

/// Below the first a filled box around a text is a badge, which says something and cannot be pressed; below the second it may be one. Heights
/// of capitals.
const BADGE: (f64, f64) = (1.7, 2.1);

/// The ground of a badge is at least so colourful, levels, unless it stands out from what is around it.
const TINTED: u8 = 20;

/// Whether the middle of `inner` lies in `outer`, and all of it but a few pixels.
pub(super) fn holds(outer: Place, inner: Place) -> bool {
    outer.overlap(&inner) >= 0.9 && u64::from(outer.width) * u64::from(outer.height) >= u64::from(inner.width) * u64::from(inner.height)
}

/// The piece that a label is, icons aside.
pub(super) fn own_piece<'a>(label: &Label, script: &'a Script) -> Option<&'a Piece> {
    script.pieces.get(label.own)
}

/// Whether what says `label` can be used, by the colours of its text.
fn usable(label: &Label, script: &Script) -> Option<bool> {
    own_piece(label, script).and_then(|piece| enabled(piece.ink, piece.ground))
}

/// A box to tick, with the label beside it: to the right as a rule, and never beyond another box.
pub(super) fn ticked(shape: &Shape, role: Role, marked: bool, labels: &[Label], script: &Script) -> Element {
    let level = |label: &Label, mark: Place| {
        (label.place.centre().1 - mark.centre().1).abs() <= 0.6 * f64::from(mark.height.max(label.place.height))
    };
    let follows = |text: Place, mark: Place| {
        let gap = f64::from(text.x) - f64::from(mark.x + mark.width);
        (-2.0..=1.6 * f64::from(mark.height)).contains(&gap) && !holds(mark, text)
    };
    let is_mark = |form: Form| matches!(form, Form::Check { .. } | Form::Radio { .. });
    let marks = || script.shapes.iter().filter(|other| is_mark(other.form)).map(|other| other.place);
    let beside = |other: Place| (other.centre().1 - shape.place.centre().1).abs() < f64::from(shape.place.height);
    let next = marks().filter(|other| other.x > shape.place.x && beside(*other)).map(|other| other.x).min();
    // Boxes close together are read as one line: of it each is named by what follows it, where the first of them stands before the line.
    let own = |label: &Label| -> Option<(Place, Vec<Word>)> {
        let (start, end) = (shape.place.x + shape.place.width, next.unwrap_or(u32::MAX));
        let (left, right) = (label.place.x, label.place.x + label.place.width);
        if left > shape.place.x && right <= end {
            return Some((label.place, label.words.clone()));
        }
        let led = right > start && marks().any(|mark| beside(mark) && level(label, mark) && follows(label.place, mark));
        let is_own = |word: &&Word| word.place.x + 2 >= start && word.place.x + word.place.width <= end.saturating_add(2);
        let words: Vec<Word> = label.words.iter().filter(|_| led).filter(is_own).cloned().collect();
        let place = words.iter().map(|word| word.place).reduce(around)?;
        Some((place, words))
    };
    let named = labels.iter().filter(|label| level(label, shape.place)).filter_map(|label| own(label).map(|own| (label, own)));
    let named = named.filter(|(_, (place, _))| follows(*place, shape.place) && next.is_none_or(|next| place.x <= next));
    let named = named.min_by_key(|(_, (place, _))| place.x);
    Element {
        role,
        enabled: named.as_ref().and_then(|(label, _)| usable(label, script)),
        marked: Some(marked),
        // What nothing is said of may be a part of a drawing.
        confidence: if named.is_some() { shape.sureness } else { 0.5 * shape.sureness },
        text: named.as_ref().map(|(_, (place, _))| *place),
        words: named.map(|(_, (_, words))| words).unwrap_or_default(),
        ..Element::bare(shape)
    }
}

/// The arrow at the right end of a list that opens, if `at` is one: small, at the end, with nothing near it.
fn is_arrow(at: Place, shape: &Shape, text: Place, capital: f64) -> bool {
    let (from_text, to_end) =
        (f64::from(at.x) - f64::from(text.x + text.width), f64::from(shape.place.x + shape.place.width) - f64::from(at.x + at.width));
    let small = f64::from(at.width) <= 2.0 * capital && at.width <= shape.place.height;
    small && from_text >= 0.8 * capital && to_end <= 1.5 * capital
}

/// A box on a screen, and what stands in it.
pub(super) struct Boxed<'a> {
    /// Which of the shapes it is.
    pub(super) index: usize,
    pub(super) shape: &'a Shape,
    /// The labels in it, from the first to the last one.
    pub(super) within: &'a [usize],
    pub(super) labels: &'a [Label],
    pub(super) script: &'a Script,
    pub(super) grid: &'a Grid,
    /// How tall capitals are on this screen as a rule, pixels.
    pub(super) capital: f64,
}

impl Boxed<'_> {
    /// Width and height, pixels.
    fn size(&self) -> (f64, f64) {
        (f64::from(self.shape.place.width), f64::from(self.shape.place.height))
    }

    /// Whether its ground is clearly another than that around it.
    fn stands_out(&self) -> bool {
        apart(self.shape.ground, self.shape.around) >= 60 || colourfulness(self.shape.ground) >= COLOURED
    }

    /// Whether its ground is a colour, or clearly another one than that around it.
    fn is_tinted(&self) -> bool {
        colourfulness(self.shape.ground) >= TINTED || self.stands_out()
    }

    /// Whether it is about a square around a single sign, which a drawing may have been taken for.
    fn is_sign(&self, label: &Label) -> bool {
        self.is_small_square() && !label.words.is_empty() && label.signs() <= 2
    }

    /// Whether it is about a square, and as tall as the button of an icon.
    fn is_small_square(&self) -> bool {
        self.shape.place.is_about_square() && (1.6..=5.5).contains(&(f64::from(self.shape.place.height) / self.capital))
    }

    /// Whether another box lies in it: then it is a bar with a button. What fills its right end is the button of a list that opens.
    fn holds_a_box(&self) -> bool {
        let own = self.shape.place;
        self.script.shapes.iter().filter(|other| matches!(other.form, Form::Bordered | Form::Filled)).any(|other| {
            let place = other.place;
            let inside = holds(own, place) && place.width < own.width / 2;
            let flush = (own.x + own.width).abs_diff(place.x + place.width) <= 4 && 4 * place.height >= 3 * own.height;
            inside && !flush && f64::from(place.height) >= ONE_LINE.start() * self.capital
        })
    }

    /// What it is: none where it is a panel, or nothing that is known.
    pub(super) fn element(&self) -> Option<Element> {
        let mut grip = false;
        let (label, opens) = match self.within {
            [] => return self.empty(),
            [only] => {
                let label = &self.labels[*only];
                let (text, tall) = (label.place, label.capital);
                (label, label.aside.iter().any(|(place, _)| is_arrow(*place, self.shape, text, tall) && !self.holds_a_box()))
            }
            [one, other] => {
                let (label, end) = if self.labels[*one].place.x <= self.labels[*other].place.x { (one, other) } else { (other, one) };
                let (label, end) = (&self.labels[*label], &self.labels[*end]);
                if is_arrow(end.whole(), self.shape, label.place, label.capital) && !self.holds_a_box() {
                    (label, true)
                } else if self.is_grip(end) {
                    grip = true;
                    (label, false)
                } else {
                    return self.drawn();
                }
            }
            _ => return self.drawn(),
        };
        let found = if self.size().1 > 5.0 * label.capital + 8.0 { self.tall(label, grip) } else { self.low(label, opens) };
        let (role, confidence) = found?;
        Some(Element {
            words: label.words.clone(),
            role,
            text: Some(label.place),
            enabled: usable(label, self.script),
            confidence: confidence * self.shape.sureness,
            ..Element::bare(self.shape)
        })
    }

    /// A field in which nothing stands is much wider than tall; so is no icon's button. Cells are empty as well.
    fn empty(&self) -> Option<Element> {
        let (width, height) = self.size();
        if !ONE_LINE.contains(&(height / self.capital)) || self.grid.is_in_row(self.index) || self.grid.is_stacked(self.index) {
            return None;
        }
        let bordered = self.shape.form == Form::Bordered;
        let low = bordered || height <= FILLED_FIELD * self.capital;
        let (role, confidence) = if width >= 2.5 * height && colourfulness(self.shape.ground) < COLOURED && low {
            // What is but filled may be a bar that shows how far something is.
            (Role::Field, if bordered { 0.8 } else { 0.5 })
        } else if width <= 2.0 * height && width >= ONE_LINE.start() * self.capital {
            (Role::Button, 0.5)
        } else {
            return None;
        };
        Some(Element { role, confidence: confidence * self.shape.sureness, ..Element::bare(self.shape) })
    }

    /// A small box in which a drawing was taken for several texts is the button of an icon.
    fn drawn(&self) -> Option<Element> {
        let letters = |at: &usize| self.labels[*at].words.iter().filter(|word| word.is_sure()).map(|word| word.text.chars().count()).sum();
        let drawing = self.within.iter().all(|at| {
            let count: usize = letters(at);
            count <= 2
        });
        let is_button = self.is_small_square() && drawing && !self.grid.is_in_row(self.index);
        is_button.then(|| Element { role: Role::Button, confidence: 0.5 * self.shape.sureness, ..Element::bare(self.shape) })
    }

    /// Whether `end` is the grip by which a field is made larger: small, in the lower right corner.
    fn is_grip(&self, end: &Label) -> bool {
        let (place, own) = (end.whole(), self.shape.place);
        let (right, bottom) = (own.x + own.width - place.x.min(own.x + own.width), own.y + own.height - place.y.min(own.y + own.height));
        let small = f64::from(place.width.max(place.height)) <= 1.8 * self.capital;
        small && f64::from(right.max(bottom)) <= 2.2 * self.capital
    }

    /// A box of several lines with one line at its top left: what is written may be longer. A `grip` says so by itself.
    fn tall(&self, label: &Label, grip: bool) -> Option<(Role, f64)> {
        let (width, height) = self.size();
        let (left, top) = (
            f64::from(label.place.x - self.shape.place.x.min(label.place.x)),
            f64::from(label.place.y - self.shape.place.y.min(label.place.y)),
        );
        let at_start = left <= 1.8 * label.capital && top <= 1.8 * label.capital && label.aside.is_empty();
        let fits = width >= 2.0 * height && height <= 18.0 * label.capital;
        let is_field = at_start && fits && (grip || self.shape.form == Form::Bordered) && !self.grid.is_in_row(self.index);
        is_field.then_some((Role::Field, if grip { 0.8 } else { 0.55 }))
    }

    /// A box of one line, maybe with an arrow at its end.
    fn low(&self, label: &Label, opens: bool) -> Option<(Role, f64)> {
        let ((width, height), shape, tall) = (self.size(), self.shape.place, label.capital);
        let bordered = self.shape.form == Form::Bordered;
        let whole = if opens { label.place } else { label.whole() };
        let left = f64::from(whole.x) - f64::from(shape.x);
        let right = f64::from(shape.x + shape.width) - f64::from(whole.x + whole.width);
        let centred = (left - right).abs() <= (0.12 * width).max(0.5 * tall);
        let fits = right <= 3.2 * tall && left <= 3.2 * tall;
        Some(if self.grid.is_cell(self.index) {
            (Role::Cell, 0.8)
        } else if self.grid.is_stacked(self.index) && left < 0.5 * right {
            (Role::MenuItem, 0.6)
        } else if bordered && opens && left < right {
            (Role::Field, 0.8)
        } else if self.is_sign(label) {
            (Role::Button, 0.55)
        } else if height < BADGE.0 * tall && self.is_tinted() {
            (Role::Text, 0.7)
        } else if height < BADGE.1 * tall && (centred || fits) && self.is_tinted() {
            (Role::Button, 0.45)
        } else if !bordered && self.stands_out() && (centred || fits) {
            (Role::Button, 0.85)
        } else if bordered && (centred || (fits && !label.aside.is_empty())) {
            (Role::Button, if centred { 0.75 } else { 0.6 })
        } else if self.grid.is_in_row(self.index) {
            (Role::Cell, 0.65)
        } else if self.holds_a_box() {
            return None;
        } else if bordered && left < 0.5 * right {
            (Role::Field, 0.75)
        } else if centred {
            (Role::Button, 0.65)
        } else if left < 0.5 * right && !self.stands_out() {
            (Role::Field, 0.55)
        } else if left < right {
            (Role::MenuItem, 0.4)
        } else {
            return None;
        })
    }
}
