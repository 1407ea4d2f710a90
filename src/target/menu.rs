//! Texts that are entries of one menu: below one another at one distance, or side by side at the top of a screen.

use super::strip::{Entry, LARGER, MOST_ENTRIES};
use super::types::Place;

/// Entries that a menu has at least.
const LEAST: usize = 3;

/// How far apart the left ends of texts in one column may be, and how uneven their distances, in heights of capitals.
const LEFT: f64 = 0.35;
const UNEVEN: f64 = 0.3;

/// How far entries are from one another, in heights of capitals: lines of a paragraph are nearer unless something tells them from one.
const PITCH: std::ops::RangeInclusive<f64> = 1.2..=6.5;
const LOOSE: std::ops::RangeInclusive<f64> = 2.3..=5.2;

/// The widest menu, in heights of capitals.
const WIDEST: f64 = 45.0;

/// What is known of a menu that lies in a box, of one in which an entry is marked by a band, and of one at the edge of the screen, 0 to 1.
const BOXED: f64 = 0.6;
const BANDED: f64 = 0.8;
const AT_EDGE: f64 = 0.4;
const BAR: f64 = 0.55;

/// Which of `entries` are entries of menus: their numbers, and how sure that is. `boxes` are all boxes on the screen, `others` what is
/// known to be something else, such as fields, and would not be in a menu.
pub(super) fn entries_of_menus(entries: &[Entry], boxes: &[Place], others: &[Place]) -> Vec<(usize, f64)> {
    let mut all = bar(entries);
    for column in columns(entries) {
        let some: Vec<&Entry> = column.iter().map(|&at| &entries[at]).collect();
        let confidence = banded(&some).or_else(|| boxed(&some, entries, boxes, others)).or_else(|| at_edge(&some, entries, others));
        all.extend(confidence.into_iter().flat_map(|confidence| column.iter().map(move |&at| (at, confidence))));
    }
    all
}

/// Texts with their left ends below one another and at one distance, each column from top to bottom.
fn columns(entries: &[Entry]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..entries.len().min(MOST_ENTRIES)).collect();
    order.sort_by_key(|&at| (entries[at].text.x, entries[at].text.y));
    let mut columns: Vec<Vec<usize>> = Vec::new();
    for at in order {
        let near = |column: &Vec<usize>| {
            let first = &entries[column[0]];
            f64::from(entries[at].text.x) - f64::from(first.text.x) <= LEFT * first.capital.max(8.0)
        };
        match columns.last_mut() {
            Some(column) if near(column) => column.push(at),
            _ => columns.push(vec![at]),
        }
    }
    let mut all = Vec::new();
    for mut column in columns {
        column.sort_by_key(|&at| entries[at].text.y);
        let pair = |at: usize| {
            let (upper, lower) = (&entries[column[at]], &entries[column[at + 1]]);
            let alike = upper.capital <= LARGER * lower.capital && lower.capital <= LARGER * upper.capital;
            (lower.text.centre().1 - upper.text.centre().1, upper.capital.max(lower.capital), alike)
        };
        let mut from = 0;
        while from + 1 < column.len() {
            // One between two may begin elsewhere, its icon having been read as a letter.
            let near = (from..column.len() - 1).take(2).map(pair).filter(|(distance, capital, _)| PITCH.contains(&(distance / capital)));
            let Some(base) = near.map(|(distance, ..)| distance).reduce(f64::min) else {
                from += 1;
                continue;
            };
            let even = |at: &usize| {
                let (distance, capital, alike) = pair(*at);
                let off = (distance - base).abs().min((distance - 2.0 * base).abs());
                alike && off <= UNEVEN * capital + 1.0
            };
            let length = (from..column.len() - 1).take_while(even).count() + 1;
            if length >= LEAST {
                all.push(filled(&column[from..from + length], base, entries));
            }
            from += length.max(2) - 1;
        }
    }
    all
}

/// A column with what stands between two of its entries and begins a little before them.
fn filled(column: &[usize], base: f64, entries: &[Entry]) -> Vec<usize> {
    let mut all = vec![column[0]];
    for pair in column.windows(2) {
        let (upper, lower) = (&entries[pair[0]], &entries[pair[1]]);
        let between = |entry: &&usize| {
            let entry = &entries[**entry];
            let level = (entry.text.centre().1 - upper.text.centre().1 - base).abs() <= UNEVEN * upper.capital + 1.0;
            let before = f64::from(upper.text.x) - f64::from(entry.text.x);
            level && (-LEFT * upper.capital..=3.0 * upper.capital).contains(&before)
        };
        if lower.text.centre().1 - upper.text.centre().1 > 1.5 * base {
            let order: Vec<usize> = (0..entries.len().min(MOST_ENTRIES)).collect();
            all.extend(order.iter().filter(|at| !column.contains(at)).find(between));
        }
        all.push(pair[1]);
    }
    all
}

/// How far apart two entries of a column are, pixels: where one between them is missing, others tell.
fn distance(column: &[&Entry]) -> f64 {
    column.windows(2).map(|pair| pair[1].text.centre().1 - pair[0].text.centre().1).fold(f64::MAX, f64::min)
}

/// The same in heights of capitals.
fn pitch(column: &[&Entry]) -> f64 {
    distance(column) / column.iter().map(|entry| entry.capital).fold(1.0, f64::max)
}

/// The right end of the widest text.
fn right(column: &[&Entry]) -> u32 {
    column.iter().map(|entry| entry.text.x + entry.text.width).max().unwrap_or_default()
}

/// Some entries lie on a band as wide as the menu, from left to right of all texts; no more than a few, as it marks the chosen one, or
/// all of them, and the bands touch.
fn banded(column: &[&Entry]) -> Option<f64> {
    let plates: Vec<Place> = column.iter().filter_map(|entry| entry.plate).collect();
    let far = right(column);
    let capital = column[0].capital;
    let apart = distance(column);
    let wide = |plate: &Place| {
        let is_wide = plate.x + plate.width >= far;
        let low = f64::from(plate.height) <= 1.4 * apart + 2.0;
        is_wide && low && f64::from(plate.width) <= WIDEST * capital && f64::from(column[0].text.x) - f64::from(plate.x) <= 6.0 * capital
    };
    let few = !plates.is_empty() && 2 * plates.len() < column.len() + 1;
    (few && plates.iter().all(wide)).then_some(BANDED)
}

/// Whether something else stands to the right of a text, in its row and no farther than `to`.
fn has_beside(entry: &Entry, to: u32, entries: &[Entry], others: &[Place]) -> bool {
    let middle = entry.text.centre().1;
    let beside = |place: &Place| {
        let level = (f64::from(place.y)..=f64::from(place.y + place.height)).contains(&middle);
        level && place.x >= entry.text.x + entry.text.width && place.x < to
    };
    others.iter().any(beside) || entries.iter().any(|other| beside(&other.text))
}

/// All of them lie in one box with hardly anything else in it.
fn boxed(column: &[&Entry], entries: &[Entry], boxes: &[Place], others: &[Place]) -> Option<f64> {
    let capital = column[0].capital;
    let holds = |outer: &Place, inner: &Place| outer.overlap(inner) >= 0.95 && outer.height > inner.height;
    let around = boxes.iter().filter(|outer| column.iter().all(|entry| holds(outer, &entry.text) && entry.plate != Some(**outer)));
    let outer = around.min_by_key(|outer| u64::from(outer.width) * u64::from(outer.height))?;
    let inside = entries.iter().filter(|entry| holds(outer, &entry.text)).count();
    let others_inside = others.iter().filter(|place| holds(outer, place)).count();
    let fits = f64::from(outer.width) <= WIDEST * capital && f64::from(outer.x.abs_diff(column[0].text.x)) <= 6.0 * capital;
    let alone = 10 * (inside - column.len()) <= 4 * column.len() && others_inside == 0;
    let bare = column.iter().all(|entry| entry.plate.is_none());
    (fits && alone && bare && LOOSE.contains(&pitch(column))).then_some(BOXED)
}

/// They stand at the left edge of the screen with nothing beside them.
fn at_edge(column: &[&Entry], entries: &[Entry], others: &[Place]) -> Option<f64> {
    let capital = column[0].capital;
    let far = right(column) + (3.0 * capital) as u32;
    let near = f64::from(column[0].text.x) <= 4.0 * capital && f64::from(far) <= WIDEST * capital;
    // The fields that labels are of stand farther away than one entry of a menu does from the next.
    let to_fields = far + (9.0 * capital) as u32;
    let alone = !column.iter().any(|entry| has_beside(entry, far, entries, &[]) || has_beside(entry, to_fields, &[], others));
    let bare = column.iter().all(|entry| entry.plate.is_none());
    // Labels have their fields below them, and the entries of a menu nothing.
    let (top, bottom) = (column[0].text.y, column[column.len() - 1].text.y);
    let plates = entries.iter().filter_map(|entry| entry.plate.as_ref());
    let parted = others.iter().chain(plates).any(|place| (top..bottom).contains(&place.y) && place.x < far);
    (near && alone && bare && !parted && LOOSE.contains(&pitch(column))).then_some(AT_EDGE)
}

/// The bar of menus at the top of a screen: words of one colour from its left edge on, evenly apart, on nothing.
fn bar(entries: &[Entry]) -> Vec<(usize, f64)> {
    /// How far from the upper and the left edge, how far apart, and how unevenly, in heights of capitals.
    const TOP: f64 = 7.0;
    const START: f64 = 4.0;
    const APART: std::ops::RangeInclusive<f64> = 0.9..=5.0;
    let top = |at: &usize| entries[*at].text.centre().1 <= TOP * entries[*at].capital;
    let mut row: Vec<usize> = (0..entries.len().min(MOST_ENTRIES)).filter(top).collect();
    row.sort_by_key(|&at| entries[at].text.x);
    let Some(&first) = row.first().filter(|&&at| f64::from(entries[at].text.x) <= START * entries[at].capital) else { return Vec::new() };
    let mut found = vec![first];
    let mut usual: Option<f64> = None;
    for at in row.into_iter().skip(1) {
        let (last, next) = (&entries[found[found.len() - 1]], &entries[at]);
        let gap = f64::from(next.text.x) - f64::from(last.text.x + last.text.width);
        let level = (last.text.centre().1 - next.text.centre().1).abs() <= 0.4 * last.capital.max(next.capital);
        let even = usual.is_none_or(|usual| (gap - usual).abs() <= 0.5 * last.capital);
        let alike = super::colour::apart(last.ink, next.ink) <= 40 && last.plate.is_none() && next.plate.is_none();
        if !level {
            continue;
        }
        if !(even && alike && APART.contains(&(gap / last.capital.max(next.capital)))) {
            break;
        }
        usual = Some(usual.unwrap_or(gap));
        found.push(at);
    }
    if found.len() < LEAST { Vec::new() } else { found.into_iter().map(|at| (at, BAR)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: u32, y: u32, width: u32, height: u32) -> Place {
        Place { x, y, width, height }
    }

    fn entry(x: u32, y: u32, width: u32) -> Entry<'static> {
        Entry { text: at(x, y, width, 12), capital: 10.0, plate: None, ink: [30; 3], ground: [255; 3], rules: &[] }
    }

    fn column(x: u32, pitch: u32) -> Vec<Entry<'static>> {
        (0..4).map(|row| entry(x, 100 + pitch * row, 60 + 7 * row)).collect()
    }

    fn told(entries: &[Entry], boxes: &[Place], others: &[Place]) -> Vec<usize> {
        let mut all: Vec<usize> = entries_of_menus(entries, boxes, others).into_iter().map(|(at, _)| at).collect();
        all.sort_unstable();
        all
    }

    #[test]
    fn a_column_in_a_box_is_a_menu_and_a_paragraph_is_none() {
        let raised = at(290, 90, 150, 130);
        assert_eq!(told(&column(300, 30), &[raised], &[]), [0, 1, 2, 3]);
        assert!(told(&column(300, 30), &[], &[]).is_empty(), "nothing says that it is one");
        assert!(told(&column(300, 17), &[raised], &[]).is_empty(), "lines of text");
        // Labels of fields.
        let fields: Vec<Place> = (0..4).map(|row| at(380, 96 + 30 * row, 50, 20)).collect();
        assert!(told(&column(300, 30), &[raised], &fields).is_empty());
    }

    #[test]
    fn an_icon_that_was_read_as_a_letter_leaves_its_entry_in_the_menu() {
        let mut entries = column(300, 30);
        entries[1].text = at(282, 130, 80, 12);
        assert_eq!(told(&entries, &[at(270, 90, 170, 130)], &[]), [0, 1, 2, 3]);
    }

    #[test]
    fn a_band_marks_an_entry() {
        let mut entries = column(300, 20);
        entries[1].plate = Some(at(292, 116, 150, 20));
        assert_eq!(told(&entries, &[], &[]), [0, 1, 2, 3]);
        // A button below others is no wider than its own text needs.
        entries[1].plate = Some(at(292, 116, 75, 20));
        assert!(told(&entries, &[], &[]).is_empty());
    }

    #[test]
    fn the_edge_of_the_screen_has_menus_below_and_beside_one_another() {
        assert_eq!(told(&column(14, 30), &[], &[]), [0, 1, 2, 3]);
        let fields: Vec<Place> = (0..3).map(|row| at(14, 130 + 50 * row, 150, 24)).collect();
        assert!(told(&column(14, 50), &[], &fields).is_empty(), "labels above their fields");
        let filled = fields.iter().map(|field| Entry { plate: Some(*field), ..entry(24, field.y + 6, 60) });
        let all: Vec<Entry> = column(14, 50).into_iter().chain(filled).collect();
        assert!(told(&all, &[], &[]).is_empty(), "which may be buttons");
        let bar: Vec<Entry> = [(10, 50), (82, 44), (148, 62)].into_iter().map(|(x, width)| entry(x, 8, width)).collect();
        assert_eq!(told(&bar, &[], &[]), [0, 1, 2]);
        let uneven: Vec<Entry> = [(10, 50), (82, 44), (158, 62)].into_iter().map(|(x, width)| entry(x, 8, width)).collect();
        assert!(told(&uneven, &[], &[]).is_empty());
    }
}
