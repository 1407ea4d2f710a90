//! Sums over one window and one template: what an exact score is made of.
#![allow(unsafe_code, reason = "the same plain loop, compiled once more for AVX2")]

/// Sums over a template `t` and a window `i` of the same size. The template's own sums are known elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::vision) struct Moments {
    /// `Σ t i`.
    pub product: u64,
    /// `Σ i`.
    pub sum: u64,
    /// `Σ i²`.
    pub squares: u64,
}

/// Pixels whose products are summed in 32 bits: 255² times this stays below 2^32.
const MOST: usize = 1 << 15;

/// The moments of `template` (whole rows of `width`) and the window of `picture` (rows of `stride`) whose first pixel is `at`.
pub(in crate::vision) fn moments(template: &[u8], width: usize, picture: &[u8], stride: usize, at: usize) -> Moments {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx2")]
        fn compiled(template: &[u8], width: usize, picture: &[u8], stride: usize, at: usize) -> Moments {
            plain(template, width, picture, stride, at)
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: just looked up; the lookup is a load from memory, made once by the standard library.
            return unsafe { compiled(template, width, picture, stride, at) };
        }
    }
    plain(template, width, picture, stride, at)
}

#[inline(always)]
fn plain(template: &[u8], width: usize, picture: &[u8], stride: usize, at: usize) -> Moments {
    let mut all = Moments::default();
    let rows = template.len() / width;
    for row in 0..rows {
        let mut from = 0;
        while from < width {
            let length = MOST.min(width - from);
            let line = &template[row * width + from..][..length];
            let window = &picture[at + row * stride + from..][..length];
            let (mut product, mut sum, mut squares) = (0_u32, 0_u32, 0_u32);
            // By index, so that without optimisation no step is a call; through i16: two products in one instruction.
            let mut column = 0;
            while column < length {
                let (t, i) = (i32::from(i16::from(line[column])), i32::from(i16::from(window[column])));
                product = product.wrapping_add((t * i) as u32);
                squares = squares.wrapping_add((i * i) as u32);
                sum += i as u32;
                column += 1;
            }
            all.product += u64::from(product);
            all.sum += u64::from(sum);
            all.squares += u64::from(squares);
            from += length;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equal_the_definition_with_and_without_vectors(
            (width, height, template) in (1_usize..70, 1_usize..9)
                .prop_flat_map(|(width, height)| (Just(width), Just(height), proptest::collection::vec(any::<u8>(), width * height))),
            beyond in 0_usize..5, seed: u32,
        ) {
            let stride = width + beyond;
            let picture: Vec<u8> = (0..stride * (height + 1)).map(|at| (seed.wrapping_add(at as u32).wrapping_mul(2_654_435_761) >> 24) as u8).collect();
            let mut exact = Moments::default();
            for (at, &t) in template.iter().enumerate() {
                let i = u64::from(picture[beyond + at / width * stride + at % width]);
                exact.product += u64::from(t) * i;
                exact.sum += i;
                exact.squares += i * i;
            }
            prop_assert_eq!(plain(&template, width, &picture, stride, beyond), exact);
            prop_assert_eq!(moments(&template, width, &picture, stride, beyond), exact);
        }
    }

    #[test]
    fn white_on_white_does_not_overflow() {
        let white = vec![255; 100_000];
        let all = moments(&white, 100_000, &white, 100_000, 0);
        assert_eq!(all, Moments { product: 6_502_500_000, sum: 25_500_000, squares: 6_502_500_000 });
    }
}
