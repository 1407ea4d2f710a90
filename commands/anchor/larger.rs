//! Larger crops around a place that is not the only one of its kind.

use lea::api::{BoxView, ClickOffset};
use lea::error::Result;
use lea::target::{self, Order, Place, Verdict};
use lea::vision::Correlation;
use serde::Serialize;

/// By how many pixels a side is moved out, in the order in which it is tried.
const STEPS: [u32; 11] = [8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384];

/// Which sides are moved out: left, top, right, bottom.
const SIDES: [[bool; 4]; 7] = [
    [true, false, false, false],
    [false, true, false, false],
    [false, false, true, false],
    [false, false, false, true],
    [true, false, true, false],
    [false, true, false, true],
    [true, true, true, true],
];

/// A crop that is found at one place only.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Larger {
    /// What to cut out of the screenshot.
    #[serde(rename = "box")]
    pub(super) place: BoxView,
    /// Where the middle of the smaller one lies in it: what to give as `click` of the target.
    pub(super) click: ClickOffset,
}

/// The smallest of the larger crops around `place` that is unique on `screenshot`, if one of them is.
///
/// # Errors
/// When the screenshot cannot be decoded or searched.
pub(super) fn larger(screenshot: &[u8], screen: (u32, u32), place: Place, threshold: f64, pixels: &Correlation) -> Result<Option<Larger>> {
    let grown = |sides: [bool; 4], by: u32| {
        let out = |side: usize| if sides[side] { by } else { 0 };
        let (x, y) = (place.x.saturating_sub(out(0)), place.y.saturating_sub(out(1)));
        let right = (place.x + place.width + out(2)).min(screen.0);
        let bottom = (place.y + place.height + out(3)).min(screen.1);
        Place { x, y, width: right - x, height: bottom - y }
    };
    let mut crops: Vec<Place> =
        STEPS.iter().flat_map(|&by| SIDES.iter().map(move |&sides| (sides, by))).map(|(sides, by)| grown(sides, by)).collect();
    crops.sort_by_key(|crop| (u64::from(crop.width) * u64::from(crop.height), crop.y, crop.x));
    crops.dedup();
    for crop in crops.into_iter().filter(|crop| *crop != place) {
        let anchor = pixels.crop(screenshot, crop)?;
        let finding = target::resolve(&Order::new(screenshot, Some(&anchor), threshold), pixels)?;
        if finding.verdict == Verdict::Found && finding.found().is_some_and(|found| found.place == crop) {
            let (from, to) = (crop.centre(), place.centre());
            return Ok(Some(Larger { place: crop.into(), click: ClickOffset { dx: to.0 - from.0, dy: to.1 - from.1 } }));
        }
    }
    Ok(None)
}
