//! Each shape once: the one that is surer stays.

use std::collections::HashMap;

use crate::target::{Form, Place, Shape};
use crate::vision::components::Component;

/// Corners that are no farther apart are the same, pixels.
pub(super) const SAME: u32 = 4;

/// The later of two that are the same is kept if it is surer by more than this.
const SURER: f64 = 0.05;

/// Shapes that are kept, and where their corners are.
#[derive(Default)]
pub(super) struct Kept {
    /// In the order in which they came.
    pub shapes: Vec<Shape>,
    cells: HashMap<(u32, u32), Vec<u32>>,
}

impl Kept {
    /// Keeps `shape` unless another is the same and about as sure.
    pub(super) fn keep(&mut self, shape: Shape) {
        let same = self.near(shape.place).find(|&known| same(self.shapes[known].place, shape.place));
        if let Some(known) = same {
            let known = &mut self.shapes[known];
            if !is_mark(known.form) && (is_mark(shape.form) || shape.sureness > known.sureness + SURER) {
                // Its corner stays in the cell of the first.
                *known = shape;
            }
            return;
        }
        self.cells.entry(cell(shape.place)).or_default().push(self.shapes.len() as u32);
        self.shapes.push(shape);
    }

    /// Whether a shape with the corners of `area` is kept already and as sure as can be.
    pub(super) fn knows(&self, area: &Component) -> bool {
        let place = Place { x: area.left, y: area.top, width: area.width() + 1, height: area.height() + 1 };
        self.near(place).any(|known| self.shapes[known].sureness > 1.0 - SURER && same(self.shapes[known].place, place))
    }

    /// The shapes whose upper left corner is not far from that of `place`.
    fn near(&self, place: Place) -> impl Iterator<Item = usize> {
        let (column, row) = cell(place);
        let rows = row.saturating_sub(1)..=row + 1;
        let cells = rows.flat_map(move |row| (column.saturating_sub(1)..=column + 1).map(move |column| (column, row)));
        cells.flat_map(|cell| self.cells.get(&cell).into_iter().flatten().map(|&known| known as usize))
    }

    /// Whether `ink` is the outline of a shape, or lies around one.
    pub(super) fn surrounded_by(&self, ink: &Component) -> bool {
        let columns = ink.left / (2 * SAME)..=ink.right / (2 * SAME);
        let mut rows = ink.top / (2 * SAME)..=ink.bottom / (2 * SAME);
        rows.any(|row| {
            columns.clone().any(|column| {
                self.cells.get(&(column, row)).into_iter().flatten().any(|&shape| {
                    let place = self.shapes[shape as usize].place;
                    place.x + SAME > ink.left
                        && place.y + SAME > ink.top
                        && place.x + place.width <= ink.right + SAME
                        && place.y + place.height <= ink.bottom + SAME
                })
            })
        })
    }
}

/// The cell of the upper left corner of `place`.
fn cell(place: Place) -> (u32, u32) {
    (place.x / (2 * SAME), place.y / (2 * SAME))
}

/// Whether it is a check box or a radio button.
fn is_mark(form: Form) -> bool {
    matches!(form, Form::Check { .. } | Form::Radio { .. })
}

/// Whether two places have the same corners.
fn same(a: Place, b: Place) -> bool {
    a.x.abs_diff(b.x) <= SAME
        && a.y.abs_diff(b.y) <= SAME
        && (a.x + a.width).abs_diff(b.x + b.width) <= SAME
        && (a.y + a.height).abs_diff(b.y + b.height) <= SAME
}
