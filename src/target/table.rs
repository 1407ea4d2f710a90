//! Tables without lines: texts that stand in rows and in columns. What a table is for is not asked.

use super::types::Place;

/// Rows that a table has at least, and columns.
const LEAST_ROWS: usize = 4;
const LEAST_COLUMNS: usize = 3;

/// The same where a line runs below each row.
const LEAST_RULED: (usize, usize) = (3, 2);

/// How far the ends of such lines may be apart, pixels.
const ENDS: u32 = 6;

/// How far the edges of a column may be apart, and the middles of a row, in heights of capitals.
const COLUMN: f64 = 0.25;
const ROW: f64 = 0.3;

/// How far apart two rows may be, in heights of capitals.
const NEXT_ROW: f64 = 5.0;

/// How much larger letters of one table may be than others of it: where there are few capitals and digits it is small letters that are
/// measured.
const LARGER: f64 = 1.5;

/// The share of a table's rows that a column has a text in, at least: what stands beside a table by chance is in few.
const IN_COLUMN: f64 = 0.6;

/// A text: where it stands, and how tall its capitals are, pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Text {
    /// Where.
    pub(super) place: Place,
    /// How tall its capitals are.
    pub(super) capital: f64,
    /// Where a line that is much longer than the text runs below it, its ends; none where there is none.
    pub(super) ruled: Option<(u32, u32)>,
}

/// Whether two texts are of one column: they begin, end or have their middle at one place.
fn in_column(a: &Text, b: &Text) -> bool {
    let near = |a: f64, b: f64, capital: f64| (a - b).abs() <= (COLUMN * capital).max(2.0);
    let capital = a.capital.min(b.capital);
    let alike = a.capital <= LARGER * b.capital && b.capital <= LARGER * a.capital;
    let end = |text: &Text| f64::from(text.place.x + text.place.width);
    alike
        && (near(f64::from(a.place.x), f64::from(b.place.x), capital)
            || near(end(a), end(b), capital)
            || near(a.place.centre().0, b.place.centre().0, capital))
}

/// The rows of `texts`, by their numbers, from top to bottom and each from left to right.
fn rows(texts: &[Text]) -> Vec<Vec<usize>> {
    let middle = |at: usize| texts[at].place.centre().1;
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.sort_by(|&a, &b| middle(a).total_cmp(&middle(b)));
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for at in order {
        match rows.last_mut() {
            Some(row) if middle(at) - middle(row[0]) <= ROW * texts[at].capital => row.push(at),
            _ => rows.push(vec![at]),
        }
    }
    for row in &mut rows {
        row.sort_by_key(|&at| texts[at].place.x);
    }
    rows
}

/// Where the line below a row begins and ends, if the same one runs below all of its texts.
fn ruled(texts: &[Text], row: &[usize]) -> Option<(u32, u32)> {
    let first = texts[row[0]].ruled?;
    row.iter().all(|&at| texts[at].ruled.is_some_and(|ends| is_same(ends, first))).then_some(first)
}

fn is_same(a: (u32, u32), b: (u32, u32)) -> bool {
    a.0.abs_diff(b.0) <= ENDS && a.1.abs_diff(b.1) <= ENDS
}

/// Which of `texts` are cells of a table. Where one of `fields` stands in a row, and not beyond its end, it is a form and no table.
pub(super) fn cells(texts: &[Text], fields: &[Place]) -> Vec<bool> {
    let is_form = |row: &Vec<usize>| {
        let (middle, left) = (texts[row[0]].place.centre().1, texts[row[0]].place.x);
        let right = ruled(texts, row).map_or(texts[row[row.len() - 1]].place.x, |(_, end)| end);
        let level = |field: &Place| (f64::from(field.y)..=f64::from(field.y + field.height)).contains(&middle);
        fields.iter().any(|field| field.x > left && field.x < right && level(field))
    };
    let enough = |row: &Vec<usize>| row.len() >= LEAST_COLUMNS || (row.len() >= LEAST_RULED.1 && ruled(texts, row).is_some());
    let rows: Vec<Vec<usize>> = rows(texts).into_iter().filter(|row| enough(row) && !is_form(row)).collect();
    // Texts of the one row that have another of their column in the other.
    let shared =
        |above: &[usize], below: &[usize]| above.iter().filter(|&&a| below.iter().any(|&b| in_column(&texts[a], &texts[b]))).count();
    let goes_on = |above: &[usize], below: &[usize]| {
        let (upper, lower) = (&texts[above[0]], &texts[below[0]]);
        let lined = ruled(texts, above).zip(ruled(texts, below)).is_some_and(|(a, b)| is_same(a, b));
        let least = if lined { LEAST_RULED.1 } else { LEAST_COLUMNS };
        lower.place.centre().1 - upper.place.centre().1 <= NEXT_ROW * upper.capital && shared(above, below) >= least
    };
    let mut found = vec![false; texts.len()];
    let mut from = 0;
    while from < rows.len() {
        let to = (from + 1..rows.len()).find(|&at| !goes_on(&rows[at - 1], &rows[at])).unwrap_or(rows.len());
        let table = &rows[from..to];
        let lined = table.iter().all(|row| ruled(texts, row).is_some());
        if table.len() >= if lined { LEAST_RULED.0 } else { LEAST_ROWS } {
            for &at in table.iter().flatten() {
                let with = table.iter().filter(|row| row.iter().any(|&other| in_column(&texts[at], &texts[other]))).count();
                found[at] = with as f64 >= IN_COLUMN * table.len() as f64;
            }
        }
        from = to;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(x: u32, y: u32, width: u32) -> Text {
        Text { place: Place { x, y, width, height: 12 }, capital: 10.0, ruled: None }
    }

    /// Four rows of three columns: the first begins, the second ends, the third has its middle at one place.
    fn table() -> Vec<Text> {
        (0..4)
            .flat_map(|row| {
                [
                    text(10, 40 + 24 * row, 60 + 7 * row),
                    text(200 - 9 * row, 41 + 24 * row, 9 * row + 20),
                    text(300 - row, 40 + 24 * row, 30 + 2 * row),
                ]
            })
            .collect()
    }

    #[test]
    fn rows_and_columns_make_a_table() {
        assert!(cells(&table(), &[]).into_iter().all(|cell| cell));
        // Three rows are none, and two columns are a list with its shortcuts.
        assert!(!cells(&table()[..9], &[]).contains(&true));
        let two: Vec<Text> = table().into_iter().enumerate().filter(|(at, _)| at % 3 != 1).map(|(_, text)| text).collect();
        assert!(!cells(&two, &[]).contains(&true));
    }

    #[test]
    fn lines_below_rows_make_a_table_of_fewer() {
        let lined = |texts: Vec<Text>| texts.into_iter().map(|text| Text { ruled: Some((0, 400)), ..text }).collect::<Vec<_>>();
        let small: Vec<Text> = table().into_iter().enumerate().filter(|(at, _)| at % 3 != 1 && *at < 9).map(|(_, text)| text).collect();
        assert!(!cells(&small, &[]).contains(&true));
        assert!(!cells(&lined(small), &[]).contains(&false));
    }

    #[test]
    fn a_form_is_no_table_and_what_stands_beside_one_is_no_cell() {
        let fields: Vec<Place> = (0..4).map(|row| Place { x: 80, y: 36 + 24 * row, width: 90, height: 20 }).collect();
        assert!(!cells(&table(), &fields).contains(&true));
        // A field beside a table is none of its own.
        let beyond: Vec<Place> = fields.iter().map(|field| Place { x: 400, ..*field }).collect();
        assert!(!cells(&table(), &beyond).contains(&false));
        // An entry of a menu in line with one of its rows.
        let beside: Vec<Text> = table().into_iter().chain([text(500, 40, 60)]).collect();
        assert_eq!(cells(&beside, &[]).iter().filter(|cell| !**cell).count(), 1);
    }

    proptest! {
        #[test]
        fn every_text_is_told(places in proptest::collection::vec((0_u32..200, 0_u32..200, 1_u32..80), 0..40)) {
            let texts: Vec<Text> = places.iter().map(|&(x, y, width)| text(x, y, width)).collect();
            prop_assert_eq!(cells(&texts, &[]).len(), texts.len());
        }
    }
}
