//! Transparent pixels of an anchor: nobody cares what stands there.

use super::luma::luma;
use super::picture::{Gray, Picture};
use super::quality::MIN_SIDE;
use super::resize::resize_gray;
use crate::target::{Flaw, Place};

/// Pixels around a place that its comparison looks at.
const AROUND: u32 = 4;

/// Which pixels of an anchor count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mask {
    /// 255 where a pixel counts, else 0.
    opaque: Gray,
}

impl Mask {
    /// From alpha, one byte a pixel; a pixel that lets through more than it covers does not count. None where all count.
    pub(super) fn new(width: usize, height: usize, alpha: &[u8]) -> Option<Self> {
        if alpha.iter().all(|&alpha| alpha >= 128) {
            return None;
        }
        let pixels = alpha.iter().map(|&alpha| if alpha >= 128 { 255 } else { 0 }).collect();
        Some(Self { opaque: Gray { width, height, pixels } })
    }

    /// The mask for the anchor at another size: only pixels count that are made of such alone.
    pub(super) fn resized(&self, width: usize, height: usize) -> Self {
        let mut opaque = resize_gray(&self.opaque, width, height);
        opaque.pixels.iter_mut().for_each(|pixel| *pixel = if *pixel == 255 { 255 } else { 0 });
        Self { opaque }
    }

    /// The largest rectangle in which every pixel counts; none where no pixel does.
    pub(super) fn core(&self) -> Option<Place> {
        let width = self.opaque.width;
        // How many pixels that count stand in one piece above each column, its own row included.
        let mut tall = vec![0_usize; width];
        let mut best: Option<(usize, Place)> = None;
        for y in 0..self.opaque.height {
            for (tall, &pixel) in tall.iter_mut().zip(self.opaque.row(y)) {
                *tall = if pixel == 255 { *tall + 1 } else { 0 };
            }
            // Columns whose rectangle is still open, each with where it begins, the lowest first.
            let mut open: Vec<(usize, usize)> = Vec::new();
            for x in 0..=width {
                let height = tall.get(x).copied().unwrap_or(0);
                let mut start = x;
                while let Some(&(from, above)) = open.last().filter(|(_, above)| *above > height) {
                    open.pop();
                    let area = above * (x - from);
                    if best.is_none_or(|(most, _)| area > most) {
                        let (width, height) = ((x - from) as u32, above as u32);
                        best = Some((area, Place { x: from as u32, y: (y + 1 - above) as u32, width, height }));
                    }
                    start = from;
                }
                if height > 0 && open.last().is_none_or(|(_, above)| *above < height) {
                    open.push((start, height));
                }
            }
        }
        best.map(|(_, place)| place)
    }

    /// The core, if there is enough of it to search for.
    ///
    /// # Errors
    /// [`Flaw::AnchorTransparent`] where there is not.
    pub(super) fn usable_core(&self) -> Result<Place, Flaw> {
        self.core().filter(|core| core.width.min(core.height) as usize >= MIN_SIDE).ok_or(Flaw::AnchorTransparent)
    }

    /// Gives the pixels of `picture` from `at` on that do not count the mean colour of those that do: they deviate from nothing then,
    /// and a correlation is that of the others alone, but for the rounding of that mean.
    pub(super) fn even_out(&self, picture: &mut Picture, at: (usize, usize)) {
        let (mut sums, mut count) = ([0_u64; 3], 0_u64);
        let place = |x: usize, y: usize, width: usize| 3 * ((at.1 + y) * width + at.0 + x);
        let width = picture.width;
        for y in 0..self.opaque.height {
            for x in (0..self.opaque.width).filter(|&x| self.opaque.row(y)[x] == 255) {
                let pixel = place(x, y, width);
                for (sum, &level) in sums.iter_mut().zip(&picture.rgb[pixel..pixel + 3]) {
                    *sum += u64::from(level);
                }
                count += 1;
            }
        }
        let mean = sums.map(|sum| ((sum + count / 2) / count.max(1)) as u8);
        for y in 0..self.opaque.height {
            for x in (0..self.opaque.width).filter(|&x| self.opaque.row(y)[x] == 0) {
                let pixel = place(x, y, width);
                picture.rgb[pixel..pixel + 3].copy_from_slice(&mean);
            }
        }
    }

    /// The surroundings of `place` on `screen`, evened out; and where in them the place is.
    pub(super) fn surroundings(&self, screen: &Picture, place: Place) -> (Picture, Gray, Place) {
        let (left, top) = (place.x.saturating_sub(AROUND), place.y.saturating_sub(AROUND));
        let right = (place.x + place.width + AROUND).min(screen.width as u32);
        let bottom = (place.y + place.height + AROUND).min(screen.height as u32);
        let mut around = screen.crop(Place { x: left, y: top, width: right - left, height: bottom - top });
        let inner = Place { x: place.x - left, y: place.y - top, ..place };
        self.even_out(&mut around, (inner.x as usize, inner.y as usize));
        let gray = luma(&around);
        (around, gray, inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mask(width: usize, alpha: &[u8]) -> Mask {
        Mask::new(width, alpha.len() / width, alpha).unwrap()
    }

    #[test]
    fn what_is_opaque_all_over_needs_no_mask() {
        assert_eq!(Mask::new(2, 1, &[255, 128]), None);
        assert_eq!(mask(2, &[0, 127]).core(), None);
    }

    #[test]
    fn pixels_that_do_not_count_take_the_mean_of_the_others() {
        let mut picture = Picture { width: 2, height: 2, rgb: vec![10, 20, 30, 20, 40, 60, 0, 0, 0, 255, 255, 255] };
        mask(2, &[255, 255, 0, 0]).even_out(&mut picture, (0, 0));
        assert_eq!(picture.rgb[6..], [15, 30, 45, 15, 30, 45]);
    }

    proptest! {
        #[test]
        fn the_core_is_the_largest_of_all_rectangles((width, alpha) in (1_usize..9, 1_usize..9)
            .prop_flat_map(|(w, h)| (Just(w), proptest::collection::vec(prop_oneof![1 => Just(0_u8), 3 => Just(255)], w * h)))) {
            let Some(mask) = Mask::new(width, alpha.len() / width, &alpha) else { return Ok(()) };
            let height = alpha.len() / width;
            let full = |x: usize, y: usize, w: usize, h: usize| (y..y + h).all(|v| (x..x + w).all(|u| alpha[v * width + u] == 255));
            let mut most = 0;
            for y in 0..height {
                for x in 0..width {
                    for h in 1..=height - y {
                        for w in 1..=width - x {
                            if full(x, y, w, h) { most = most.max(w * h); }
                        }
                    }
                }
            }
            if let Some(Place { x, y, width, height }) = mask.core() {
                prop_assert!(full(x as usize, y as usize, width as usize, height as usize));
                prop_assert_eq!((width * height) as usize, most);
            } else { prop_assert_eq!(most, 0) }
        }
    }
}
