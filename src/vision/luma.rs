//! Luma, as `OpenCV` computes it from 8-bit colour.

use super::picture::{Gray, Picture};

/// The luma of each pixel by ITU-R BT.601, in 14-bit fixed point, rounded: `(4899 R + 9617 G + 1868 B + 8192) >> 14`.
/// Bit for bit what `OpenCV`'s `cvtColor` gives.
pub fn luma(picture: &Picture) -> Gray {
    let weigh = |pixel: &[u8]| {
        let [red, green, blue] = [u32::from(pixel[0]), u32::from(pixel[1]), u32::from(pixel[2])];
        ((4899 * red + 9617 * green + 1868 * blue + 8192) >> 14) as u8
    };
    Gray { width: picture.width, height: picture.height, pixels: picture.rgb.chunks_exact(3).map(weigh).collect() }
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
