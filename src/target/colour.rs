//! What colours tell of a text: whether it is greyed out, whether it is a link's.

/// Contrast below which text is greyed out, and from which it isn't; between them nobody can tell. A ratio of luminances as in
/// the accessibility guidelines (WCAG 2, "contrast ratio"), 1 to 21.
const GREYED: f64 = 3.0;
const PLAIN: f64 = 4.0;

/// From this on a colour is no grey, see [`colourfulness`].
pub(super) const COLOURED: u8 = 60;

/// Contrast of two colours: (L1 + 0.05) / (L2 + 0.05) with relative luminances.
fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let luminance = |colour: [u8; 3]| {
        let linear = |level: u8| {
            let share = f64::from(level) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2])
    };
    let (one, other) = (luminance(a), luminance(b));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Whether text of these colours can be used. A colour of its own proves nothing: white on orange is as faint as grey on grey.
pub(super) fn enabled(ink: [u8; 3], ground: [u8; 3]) -> Option<bool> {
    let seen = contrast(ink, ground);
    let grey = colourfulness(ink) < COLOURED && colourfulness(ground) < COLOURED;
    if seen < GREYED { grey.then_some(false) } else { (seen >= PLAIN).then_some(true) }
}

/// How far the strongest and the weakest channel of a colour are apart, levels.
pub(super) fn colourfulness(colour: [u8; 3]) -> u8 {
    let most = colour.iter().max().copied().unwrap_or_default();
    most - colour.iter().min().copied().unwrap_or_default()
}

/// Whether a colour is that of a link: blue, clearly.
pub(super) fn is_blue([red, green, blue]: [u8; 3]) -> bool {
    i32::from(blue) - i32::from(red) >= 60 && blue >= green
}

/// The largest difference of a channel, levels.
pub(super) fn apart(a: [u8; 3], b: [u8; 3]) -> u8 {
    (0..3).map(|channel| a[channel].abs_diff(b[channel])).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grey_on_grey_is_off_and_colours_prove_nothing() {
        assert_eq!(enabled([160; 3], [230; 3]), Some(false));
        assert_eq!(enabled([255; 3], [240, 160, 40]), None);
        assert_eq!(enabled([30, 30, 34], [255; 3]), Some(true));
    }
}
