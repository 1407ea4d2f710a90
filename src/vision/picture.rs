//! Pictures in memory: three bytes a pixel, or one.

use crate::target::Place;

/// A colour picture, 8 bits a channel, rows from top to bottom without padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels in a row, at least 1.
    pub width: usize,
    /// Rows, at least 1.
    pub height: usize,
    /// `3 * width * height` bytes: red, green, blue.
    pub rgb: Vec<u8>,
}

/// A picture of one channel, 8 bits, rows from top to bottom without padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gray {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width * height` bytes.
    pub pixels: Vec<u8>,
}

impl Gray {
    /// One row.
    pub fn row(&self, y: usize) -> &[u8] {
        &self.pixels[y * self.width..(y + 1) * self.width]
    }

    /// The part inside `place`, which must lie within the picture.
    #[must_use]
    pub fn crop(&self, place: Place) -> Self {
        let (x, width) = (place.x as usize, place.width as usize);
        let mut pixels = Vec::with_capacity(width * place.height as usize);
        for y in place.y as usize..(place.y + place.height) as usize {
            pixels.extend_from_slice(&self.row(y)[x..x + width]);
        }
        Self { width, height: place.height as usize, pixels }
    }

    /// The part inside `place` and `by` pixels around it; beyond the picture its last pixels go on.
    #[must_use]
    pub(super) fn padded(&self, place: Place, by: usize) -> Self {
        let (width, height) = (place.width as usize + 2 * by, place.height as usize + 2 * by);
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            let row = self.row((place.y as usize + y).saturating_sub(by).min(self.height - 1));
            for x in 0..width {
                pixels.push(row[(place.x as usize + x).saturating_sub(by).min(self.width - 1)]);
            }
        }
        Self { width, height, pixels }
    }
}

impl Picture {
    /// One row, `3 * width` bytes.
    pub fn row(&self, y: usize) -> &[u8] {
        &self.rgb[3 * y * self.width..3 * (y + 1) * self.width]
    }

    /// The part inside `place`, which must lie within the picture.
    #[must_use]
    pub fn crop(&self, place: Place) -> Self {
        let (x, width) = (place.x as usize, place.width as usize);
        let mut rgb = Vec::with_capacity(3 * width * place.height as usize);
        for y in place.y as usize..(place.y + place.height) as usize {
            rgb.extend_from_slice(&self.row(y)[3 * x..3 * (x + width)]);
        }
        Self { width, height: place.height as usize, rgb }
    }
}
