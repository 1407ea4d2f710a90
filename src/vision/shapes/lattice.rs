//! Who is near: components by the cells of a lattice that they lie in.

use crate::vision::components::Component;
use crate::vision::picture::Picture;

/// Sides of a cell, blocks.
const CELL: u32 = 32;

/// No more in this cell.
const NONE: u32 = u32::MAX;

/// Which components lie in which cell, as lists that share one store.
pub(super) struct Lattice {
    columns: u32,
    rows: u32,
    /// The first entry of each cell.
    first: Vec<u32>,
    /// A component, and the next entry of the same cell.
    entries: Vec<(u32, u32)>,
}

impl Lattice {
    /// The places of `components` on `screen`.
    pub(super) fn new(screen: &Picture, components: &[Component]) -> Self {
        let (columns, rows) = (screen.width as u32 / CELL + 1, screen.height as u32 / CELL + 1);
        let mut lattice = Self { columns, rows, first: vec![NONE; (columns * rows) as usize], entries: Vec::new() };
        for (index, component) in (0..).zip(components) {
            for cell in lattice.cells(component) {
                lattice.entries.push((index, lattice.first[cell]));
                lattice.first[cell] = lattice.entries.len() as u32 - 1;
            }
        }
        lattice
    }

    fn cells(&self, area: &Component) -> impl Iterator<Item = usize> + use<> {
        let (left, right) = (area.left / CELL, (area.right / CELL).min(self.columns - 1));
        let (top, bottom) = (area.top / CELL, (area.bottom / CELL).min(self.rows - 1));
        let columns = self.columns;
        (top..=bottom).flat_map(move |row| (left..=right).map(move |column| (row * columns + column) as usize))
    }

    /// Hands in each component that has a cell in common with `area`, some of them more than once.
    pub(super) fn visit(&self, area: &Component, mut see: impl FnMut(usize)) {
        for cell in self.cells(area) {
            let mut at = self.first[cell];
            while at != NONE {
                let (component, next) = self.entries[at as usize];
                see(component as usize);
                at = next;
            }
        }
    }
}
