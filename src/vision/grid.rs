//! Which of many boxes are near a place, without asking each of them.

use std::collections::HashMap;
use std::ops::Range;

use super::strokes::Component;

/// Sides of a cell, pixels.
const CELL: usize = 32;

/// Boxes by number, in cells of so many pixels.
#[derive(Default)]
pub(super) struct Grid {
    cells: HashMap<(usize, usize), Vec<usize>>,
}

impl Grid {
    /// `boxes` by where they stand, each with so many pixels more as `around` says of it to both sides, and above and below.
    pub(super) fn of(boxes: &[Component], around: impl Fn(&Component) -> (usize, usize)) -> Self {
        let mut grid = Self::default();
        for (number, part) in boxes.iter().enumerate() {
            let (across, down) = around(part);
            let (right, bottom) = (part.x + part.width, part.y + part.height);
            grid.add(number, part.x.saturating_sub(across)..right + across + 1, part.y.saturating_sub(down)..bottom + down + 1);
        }
        grid
    }

    /// Enters box `number` where it has these columns and rows of pixels.
    pub(super) fn add(&mut self, number: usize, columns: Range<usize>, rows: Range<usize>) {
        for cell in cells(&columns, &rows) {
            self.cells.entry(cell).or_default().push(number);
        }
    }

    /// The boxes, some maybe more than once, that may have any of these columns and rows of pixels; others in the same cells too.
    pub(super) fn near(&self, columns: Range<usize>, rows: Range<usize>) -> impl Iterator<Item = usize> {
        cells(&columns, &rows).filter_map(|cell| self.cells.get(&cell)).flatten().copied()
    }
}

/// The cells that these columns and rows of pixels lie in.
fn cells(columns: &Range<usize>, rows: &Range<usize>) -> impl Iterator<Item = (usize, usize)> + use<> {
    let rows = rows.start / CELL..rows.end.div_ceil(CELL);
    (columns.start / CELL..columns.end.div_ceil(CELL)).flat_map(move |column| rows.clone().map(move |row| (column, row)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_shares_a_pixel_is_named(
            boxes in proptest::collection::vec((0_usize..300, 0_usize..300, 1_usize..90, 1_usize..90), 0..20),
            (x, y, width, height) in (0_usize..300, 0_usize..300, 1_usize..90, 1_usize..90),
            more in 0_usize..40,
        ) {
            let boxes: Vec<Component> =
                boxes.into_iter().map(|(x, y, width, height)| Component { x, y, width, height, area: 0 }).collect();
            let named: Vec<usize> = Grid::of(&boxes, |_| (more, 0)).near(x..x + width, y..y + height).collect();
            for (number, part) in boxes.iter().enumerate() {
                let across = part.x < x + width + more && x < part.x + part.width + more;
                let shares = across && part.y < y + height && y < part.y + part.height;
                prop_assert!(!shares || named.contains(&number), "{:?}", part);
            }
        }
    }
}
