//! The sizes at which a target may be seen.

/// The display scales that desktops offer.
const DISPLAYS: [f64; 6] = [1.0, 1.1, 1.25, 1.5, 1.75, 2.0];

/// The scales that are tried unless the caller names others: the quotients of the display scales 100, 110, 125, 150, 175 and 200 %
/// from a half to the double, the smaller changes first.
pub const DEFAULT_SCALES: [f64; 31] = [
    1.0,
    1.1,
    1.0 / 1.1,
    1.25 / 1.1,
    1.1 / 1.25,
    2.0 / 1.75,
    1.75 / 2.0,
    1.75 / 1.5,
    1.5 / 1.75,
    1.2,
    1.0 / 1.2,
    1.25,
    0.8,
    2.0 / 1.5,
    0.75,
    1.5 / 1.1,
    1.1 / 1.5,
    1.4,
    1.0 / 1.4,
    1.5,
    1.0 / 1.5,
    1.75 / 1.1,
    1.1 / 1.75,
    1.6,
    1.0 / 1.6,
    1.75,
    1.0 / 1.75,
    2.0 / 1.1,
    1.1 / 2.0,
    2.0,
    0.5,
];

/// The scales to try, the likely one first. `anchor` is the display scale at which the anchor was recorded, `display` the one of the
/// screen that is searched, both 1 for 100 %; either may be unknown. With `anchor` known only what desktops show it at is tried.
pub fn likely_scales(anchor: Option<f64>, display: Option<f64>) -> Vec<f64> {
    let ratio = |of: f64| (of / anchor.unwrap_or(1.0) * 1e9).round() / 1e9;
    let rest: Vec<f64> = match anchor {
        Some(_) => DISPLAYS.iter().map(|&of| ratio(of)).collect(),
        None => DEFAULT_SCALES.to_vec(),
    };
    let mut scales: Vec<f64> = Vec::new();
    let likely = anchor.and(display).map(ratio);
    for scale in likely.into_iter().chain([1.0]).chain(rest) {
        if !scales.iter().any(|known| (known - scale).abs() < 1e-6) {
            scales.push(scale);
        }
    }
    scales
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likely_scale_comes_first_and_each_once() {
        assert_eq!(likely_scales(None, None), DEFAULT_SCALES);
        assert_eq!(likely_scales(None, Some(1.5)), DEFAULT_SCALES);
        assert_eq!(likely_scales(Some(1.0), Some(1.25)), [1.25, 1.0, 1.1, 1.5, 1.75, 2.0]);
        assert_eq!(likely_scales(Some(1.5), Some(1.5))[..1], [1.0]);
        assert_eq!(likely_scales(Some(2.0), Some(1.0)), [0.5, 1.0, 0.55, 0.625, 0.75, 0.875]);
    }
}
