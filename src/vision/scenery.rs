//! A screen at all the sizes and in all the ways that it is searched, each made when it is first asked for.

use std::sync::OnceLock;

use super::cells::{CELL_LEVELS, Cells, Sums};
use super::gradient::gradient;
use super::kernels::Ready;
use super::layer::{LEVELS, Layer, Pyramid, halved};
use super::picture::Gray;
use crate::target::Place;

/// What of a picture is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channel {
    /// Luma as it is.
    Luma,
    /// Luma or its negative.
    SignFree,
    /// How steep luma is.
    Steepness,
}

/// A screen at all its sizes.
#[derive(Debug)]
pub(super) struct Scenery {
    luma: Pyramid,
    steep: [OnceLock<Layer>; LEVELS],
    sums: [OnceLock<Sums>; CELL_LEVELS],
    cells: [OnceLock<Cells>; CELL_LEVELS],
}

impl Scenery {
    pub(super) fn new(luma: Gray) -> Self {
        Self { luma: Pyramid::new(luma), steep: Default::default(), sums: Default::default(), cells: Default::default() }
    }

    /// Luma at its full size.
    pub(super) fn luma(&self) -> &Gray {
        self.gray(0)
    }

    /// Luma reduced `level` times.
    pub(super) fn gray(&self, level: usize) -> &Gray {
        &self.luma.layer(level).gray
    }

    /// The same as a sweep reads it.
    pub(super) fn ready(&self, level: usize) -> &Ready {
        self.luma.layer(level).ready()
    }

    /// Sums over cells of 2^`level` pixels a side, from 1 to [`CELL_LEVELS`].
    pub(super) fn sums(&self, level: usize) -> &Sums {
        self.sums[level - 1].get_or_init(|| Sums::new(self.luma(), level))
    }

    /// Whether what [`Self::cells`] gives was made before.
    pub(super) fn has_cells(&self, level: usize) -> bool {
        self.cells[level - 1].get().is_some()
    }

    /// What the levels of [`Self::shown`] are off, and how much their pixels deviate.
    pub(super) fn cells(&self, level: usize) -> &Cells {
        self.cells[level - 1].get_or_init(|| {
            let halved = (level == 1).then(|| self.gray(1));
            Cells::new(self.sums(level), level, (self.luma().width, self.luma().height), halved)
        })
    }

    /// The screen reduced to the means of cells of 2^`level` pixels a side, from 1 to [`CELL_LEVELS`], each rounded once.
    pub(super) fn shown(&self, level: usize) -> &Layer {
        self.cells(level).layer.as_ref().unwrap_or_else(|| self.luma.layer(level))
    }

    /// What of it is compared, reduced `level` times.
    pub(super) fn layer(&self, channel: Channel, level: usize) -> &Layer {
        match channel {
            Channel::Luma | Channel::SignFree => self.luma.layer(level),
            Channel::Steepness => self.steep[level].get_or_init(|| {
                let above = level.checked_sub(1).map(|above| &self.layer(channel, above).gray);
                Layer::new(above.map_or_else(|| gradient(self.luma()), halved))
            }),
        }
    }
}

/// The places that a window may have.
pub(super) struct Bounds {
    /// The first column.
    pub left: usize,
    /// The first row.
    pub top: usize,
    /// The last column, included.
    pub right: usize,
    /// The last row, included.
    pub bottom: usize,
}

impl Bounds {
    /// Windows of this size in `region`.
    pub(super) fn new(region: Place, (width, height): (usize, usize)) -> Self {
        let (left, top) = (region.x as usize, region.y as usize);
        let last = |from: usize, length: u32, size: usize| (from + length as usize).saturating_sub(size).max(from);
        Self { left, top, right: last(left, region.width, width), bottom: last(top, region.height, height) }
    }

    /// The nearest place to it that a window may have.
    pub(super) fn hold(&self, x: usize, y: usize) -> (usize, usize) {
        (x.clamp(self.left, self.right), y.clamp(self.top, self.bottom))
    }

    /// `at`, if it is no more than `slack` outside.
    pub(super) fn inside(&self, (x, y): (i64, i64), slack: usize) -> Option<(usize, usize)> {
        let near = |at: i64, from: usize, to: usize| {
            let slack = if slack == 1 { 0 } else { slack as i64 };
            at >= 0 && at >= from as i64 - slack && at <= to as i64 + slack
        };
        (near(x, self.left, self.right) && near(y, self.top, self.bottom)).then_some((x as usize, y as usize))
    }
}
