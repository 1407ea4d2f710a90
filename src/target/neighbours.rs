//! What stands beside what: the field of a label, the row of a text, the nearest of several.

use super::element::{Element, Role};
use super::labels::Label;
use super::types::Place;

/// How far two spans are apart, pixels; 0 where they overlap.
fn apart(a: u32, length_a: u32, b: u32, length_b: u32) -> f64 {
    let (end_a, end_b) = (f64::from(a) + f64::from(length_a), f64::from(b) + f64::from(length_b));
    (f64::from(a).max(f64::from(b)) - end_a.min(end_b)).max(0.0)
}

/// The fields that a label at `label` may be of: the one that holds it, the one to its right with nothing between, the one below it.
/// More than one where these are about as near; capitals of the label are `capital` pixels tall.
pub(super) fn field_of<'a>(label: Place, capital: f64, all: &'a [Element], labels: &[Label]) -> Vec<&'a Element> {
    let fields = || all.iter().filter(|element| element.role == Role::Field);
    if let Some(own) = fields().find(|field| field.place.overlap(&label) > 0.9) {
        return vec![own];
    }
    let distance = |field: &&'a Element| {
        let place = field.place;
        let level = (place.centre().1 - label.centre().1).abs() <= 0.6 * f64::from(place.height.max(label.height));
        let to_right = f64::from(place.x) - f64::from(label.x + label.width);
        let below = f64::from(place.y) - f64::from(label.y + label.height);
        let shifted = (f64::from(place.x) - f64::from(label.x)).abs();
        if level && (-2.0..=16.0 * capital).contains(&to_right) && is_free(label, place, all, labels) {
            // To the right a gap is as wide as the longest label needs it to be.
            Some(0.35 * to_right.max(0.0))
        } else if (-2.0..=2.2 * capital).contains(&below) && shifted <= 2.0 * capital {
            Some(below.max(0.0))
        } else {
            None
        }
    };
    let mut near: Vec<(f64, &Element)> = fields().filter_map(|field| distance(&field).map(|distance| (distance, field))).collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    let Some(&(least, _)) = near.first() else { return Vec::new() };
    near.into_iter().filter(|(distance, _)| *distance <= 1.3 * least + 2.0).map(|(_, field)| field).collect()
}

/// Whether nothing stands between a label and a field to its right.
fn is_free(label: Place, field: Place, all: &[Element], labels: &[Label]) -> bool {
    let between = |place: Place| {
        let level = (place.centre().1 - label.centre().1).abs() <= 0.6 * f64::from(place.height.max(label.height));
        level && place.x >= label.x + label.width && place.x + place.width <= field.x
    };
    !labels.iter().any(|other| between(other.place)) && !all.iter().any(|other| other.role != Role::Icon && between(other.place))
}

/// Whether `place` stands in the row of the text at `row`, whose capitals are `capital` pixels tall.
pub(super) fn in_row(place: Place, row: Place, capital: f64) -> bool {
    (place.centre().1 - row.centre().1).abs() <= 0.95 * capital
}

/// The one of `candidates` that is clearly nearest to any of `places`: the next is much farther away.
pub(super) fn nearest(candidates: &[Place], places: &[Place]) -> Option<Place> {
    let distance = |place: &Place| {
        let to = |other: &Place| {
            let (x, y) = (apart(place.x, place.width, other.x, other.width), apart(place.y, place.height, other.y, other.height));
            x.hypot(y)
        };
        places.iter().map(to).fold(f64::INFINITY, f64::min)
    };
    let mut ranked: Vec<(f64, Place)> = candidates.iter().map(|place| (distance(place), *place)).collect();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    let &(first, place) = ranked.first().filter(|(first, _)| first.is_finite())?;
    let clear = ranked.get(1).is_none_or(|&(second, _)| second >= 1.6 * first && second - first >= 12.0);
    clear.then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: u32, y: u32, width: u32, height: u32) -> Place {
        Place { x, y, width, height }
    }

    fn field(place: Place) -> Element {
        Element {
            words: Vec::new(),
            role: Role::Field,
            called: None,
            place,
            centre: place.centre(),
            text: None,
            enabled: None,
            marked: None,
            confidence: 0.7,
        }
    }

    #[test]
    fn a_label_has_the_field_below_it_or_to_its_right() {
        let above = at(10, 10, 80, 12);
        let all = [field(at(10, 26, 200, 30)), field(at(220, 26, 200, 30)), field(at(10, 90, 200, 30))];
        assert_eq!(field_of(above, 10.0, &all, &[]).iter().map(|field| field.place.x).collect::<Vec<_>>(), [10]);
        let left = at(10, 200, 80, 12);
        let all = [field(at(120, 192, 200, 28)), field(at(400, 192, 200, 28)), field(at(120, 230, 200, 28))];
        assert_eq!(field_of(left, 10.0, &all, &[]), [&all[0]]);
        // Between two that are as near nobody can choose.
        let all = [field(at(120, 192, 200, 28)), field(at(10, 222, 90, 28))];
        assert_eq!(field_of(at(10, 200, 80, 12), 10.0, &all, &[]).len(), 2);
        assert!(field_of(at(10, 200, 80, 12), 10.0, &[], &[]).is_empty());
    }

    #[test]
    fn the_nearest_must_be_clearly_nearer() {
        let places = [at(100, 100, 50, 10)];
        assert_eq!(nearest(&[at(160, 100, 20, 10), at(300, 100, 20, 10)], &places), Some(at(160, 100, 20, 10)));
        assert_eq!(nearest(&[at(160, 100, 20, 10), at(165, 118, 20, 10)], &places), None);
        assert_eq!(nearest(&[at(160, 100, 20, 10)], &[]), None);
        assert_eq!(nearest(&[], &places), None);
    }

    #[test]
    fn rows_are_told_by_their_middle() {
        assert!(in_row(at(500, 96, 60, 28), at(10, 104, 80, 12), 10.0));
        assert!(!in_row(at(500, 129, 60, 28), at(10, 104, 80, 12), 10.0));
    }
}
