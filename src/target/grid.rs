//! Boxes that touch one another: cells of a table side by side and below one another, entries of a list stacked up.

use std::collections::HashMap;

use super::shape::{Form, Shape};
use super::types::Place;

/// Boxes touch that stand no farther apart than this, pixels, and as a share of their height: frames may have lines of their own.
const TOUCHING: (u32, f64) = (3, 0.17);

/// How far the edges of boxes of one row or column are off one another, pixels, and as a share of their height.
const OFF: (u32, f64) = (2, 0.12);

/// So many that touch are a row.
const LEAST_ROW: usize = 3;

/// Sides of a cell in which boxes are looked for, pixels.
const CELL: u32 = 64;

/// How the boxes of a screenshot touch.
pub(super) struct Grid {
    /// How many boxes are in the row of each shape, and how many are in its column, itself among them; 1 where it stands alone.
    rows: Vec<usize>,
    columns: Vec<usize>,
}

/// How far edges may be off, pixels.
fn play(height: u32, (least, share): (u32, f64)) -> u32 {
    least.max((share * f64::from(height)).round() as u32)
}

/// Whether `next` begins where `place` ends, in the same row.
fn is_beside(place: Place, next: Place) -> bool {
    let (off, touching) = (play(place.height, OFF), play(place.height, TOUCHING));
    place.y.abs_diff(next.y) <= off
        && (place.y + place.height).abs_diff(next.y + next.height) <= off
        && next.x > place.x
        && (place.x + place.width).abs_diff(next.x) <= touching
}

/// Whether `next` begins where `place` ends, in the same column.
fn is_below(place: Place, next: Place) -> bool {
    let (off, touching) = (play(place.height, OFF), play(place.height, TOUCHING));
    place.x.abs_diff(next.x) <= off
        && (place.x + place.width).abs_diff(next.x + next.width) <= off
        && next.y > place.y
        && (place.y + place.height).abs_diff(next.y) <= touching
}

impl Grid {
    /// How `shapes` touch. What has no straight outline touches nothing.
    pub(super) fn of(shapes: &[Shape]) -> Self {
        let boxes = || shapes.iter().enumerate().filter(|(_, shape)| matches!(shape.form, Form::Bordered | Form::Filled));
        let mut at: HashMap<(u32, u32), Vec<usize>> = HashMap::new();
        for (index, shape) in boxes() {
            at.entry((shape.place.x / CELL, shape.place.y / CELL)).or_default().push(index);
        }
        let near = |x: u32, y: u32| {
            let (column, row) = (x / CELL, y / CELL);
            let rows = row.saturating_sub(1)..=row + 1;
            let cells = rows.flat_map(move |row| (column.saturating_sub(1)..=column + 1).map(move |column| (column, row)));
            cells.filter_map(|cell| at.get(&cell)).flatten().copied()
        };
        let mut grid = Self { rows: vec![1; shapes.len()], columns: vec![1; shapes.len()] };
        let (mut right, mut below) = (vec![None; shapes.len()], vec![None; shapes.len()]);
        for (index, shape) in boxes() {
            let place = shape.place;
            right[index] = near(place.x + place.width, place.y).find(|&next| is_beside(place, shapes[next].place));
            below[index] = near(place.x, place.y + place.height).find(|&next| is_below(place, shapes[next].place));
        }
        count(&right, &mut grid.rows);
        count(&below, &mut grid.columns);
        grid
    }

    /// Whether a shape is one of several that touch side by side.
    pub(super) fn is_in_row(&self, shape: usize) -> bool {
        self.rows[shape] >= LEAST_ROW
    }

    /// Whether a shape is a cell of a table: it has others beside and below or above it.
    pub(super) fn is_cell(&self, shape: usize) -> bool {
        (self.rows[shape] >= LEAST_ROW && self.columns[shape] > 1) || (self.rows[shape] > 1 && self.columns[shape] >= LEAST_ROW)
    }

    /// Whether a shape is one of several that are stacked up, and has none beside it.
    pub(super) fn is_stacked(&self, shape: usize) -> bool {
        self.columns[shape] >= LEAST_ROW && self.rows[shape] == 1
    }
}

/// Writes how long each chain is to all that are in it. A chain goes on with the `next` of each, and joins none that has begun before it.
fn count(next: &[Option<usize>], lengths: &mut [usize]) {
    let mut has_one_before = vec![false; next.len()];
    for &to in next.iter().flatten() {
        has_one_before[to] = true;
    }
    for first in (0..next.len()).filter(|&at| !has_one_before[at] && next[at].is_some()) {
        let chain: Vec<usize> = std::iter::successors(Some(first), |&at| next[at]).take(next.len()).collect();
        for &at in &chain {
            lengths[at] = lengths[at].max(chain.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bordered((x, y, width, height): (u32, u32, u32, u32)) -> Shape {
        let place = Place { x, y, width, height };
        Shape { place, form: Form::Bordered, ground: [255; 3], around: [255; 3], sureness: 1.0 }
    }

    #[test]
    fn cells_touch_on_both_sides_and_entries_on_one() {
        let cells: Vec<Shape> =
            (0..2).flat_map(|row| (0..3).map(move |column| (10 + 99 * column, 10 + 21 * row, 100, 22))).map(bordered).collect();
        let grid = Grid::of(&cells);
        assert!((0..6).all(|at| grid.is_cell(at) && grid.is_in_row(at) && !grid.is_stacked(at)));
        let list: Vec<Shape> = (0..3).map(|row| bordered((10, 10 + 21 * row, 160, 22))).collect();
        assert!((0..3).all(|at| Grid::of(&list).is_stacked(at) && !Grid::of(&list).is_cell(at)));
    }

    #[test]
    fn buttons_have_space_between_them() {
        let buttons: Vec<Shape> = (0..6).map(|at| bordered((10 + 110 * (at % 3), 10 + 60 * (at / 3), 100, 28))).collect();
        let grid = Grid::of(&buttons);
        assert!((0..6).all(|at| !grid.is_cell(at) && !grid.is_in_row(at) && !grid.is_stacked(at)));
    }

    proptest! {
        #[test]
        fn whatever_the_boxes_each_is_counted(places in proptest::collection::vec((0_u32..90, 0_u32..90, 1_u32..60, 1_u32..60), 0..30)) {
            let shapes: Vec<Shape> = places.into_iter().map(bordered).collect();
            let grid = Grid::of(&shapes);
            prop_assert!((0..shapes.len()).all(|at| grid.rows[at] <= shapes.len() && grid.columns[at] <= shapes.len()));
        }
    }
}
