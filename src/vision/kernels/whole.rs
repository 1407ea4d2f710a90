//! Whole numbers from single precision. A cast looks at what is no number and what is too large, which is done one by one; these become
//! vectors.

/// From here on single precision has no fractions, and its lowest bits are those of the whole number.
const NO_FRACTIONS: f32 = 8_388_608.0;

/// The largest whole number that is no more than `value`, which is from 0 to 2^22.
#[inline(always)]
pub(in crate::vision) fn rounded_down(value: f32) -> u32 {
    let nearest = (value + NO_FRACTIONS) - NO_FRACTIONS;
    bits(if nearest > value { nearest - 1.0 } else { nearest })
}

/// The least whole number that is no less than `value`, which is from 0 to 2^22.
#[inline(always)]
pub(in crate::vision) fn rounded_up(value: f32) -> u32 {
    let nearest = (value + NO_FRACTIONS) - NO_FRACTIONS;
    bits(if nearest < value { nearest + 1.0 } else { nearest })
}

#[inline(always)]
fn bits(whole: f32) -> u32 {
    (whole + NO_FRACTIONS).to_bits() & 0x007f_ffff
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_a_cast_gives(value in prop_oneof![0.0..300.0_f32, 0.0..4_194_304.0_f32, (0_u16..4096).prop_map(|half| f32::from(half) / 2.0)]) {
            for value in [value, value.next_up(), value.next_down().max(0.0)] {
                prop_assert_eq!(rounded_down(value), value as u32, "{}", value);
                prop_assert_eq!(rounded_up(value), value.ceil() as u32, "{}", value);
            }
        }
    }
}
