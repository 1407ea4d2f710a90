//! Luma, as `OpenCV` computes it from 8-bit colour.

use super::kernels::weigh;
use super::picture::{Gray, Picture};

/// The luma of each pixel by ITU-R BT.601, in 14-bit fixed point, rounded: `(4899 R + 9617 G + 1868 B + 8192) >> 14`.
/// Bit for bit what `OpenCV`'s `cvtColor` gives.
pub fn luma(picture: &Picture) -> Gray {
    let mut pixels = vec![0; picture.width * picture.height];
    weigh(&picture.rgb, &mut pixels);
    Gray { width: picture.width, height: picture.height, pixels }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_colours() {
        let rgb = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255], [0, 0, 0], [10, 200, 30]];
        let picture = Picture { width: 6, height: 1, rgb: rgb.concat() };
        // 0.299 R + 0.587 G + 0.114 B, rounded.
        assert_eq!(luma(&picture).pixels, [76, 150, 29, 255, 0, 124]);
    }
}
