//! From the bytes of two pictures to a verdict, and what must hold of it whatever the bytes are.
//!
//! The fuzz target runs it on what the fuzzer makes up, a plain test on the corpus.

use lea::error::Kind;
use lea::target::{Finding, Order, Place, Standing, Verdict, Why, resolve};
use lea::vision::{Ceilings, Correlation, size};

/// Small, so that one input takes milliseconds.
const CEILINGS: Ceilings = Ceilings { bytes: 1 << 16, pixels: 1 << 14 };

const SCALES: &[f64] = &[1.0, 1.25, 0.8, 2.0];

const THRESHOLD: f64 = 0.5;

/// The two pictures of an input: the first four bytes are the length of the screenshot, little-endian; what follows it is the
/// anchor. A length beyond the end takes all there is.
pub fn split(input: &[u8]) -> (&[u8], &[u8]) {
    let Some((length, pictures)) = input.split_first_chunk::<4>() else { return (&[], input) };
    let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
    pictures.split_at(length.min(pictures.len()))
}

/// Searches the pictures of `input` and checks the outcome; none where they are beyond a ceiling.
///
/// # Panics
/// Where something that must hold doesn't.
pub fn run(input: &[u8]) -> Option<Verdict> {
    let (screenshot, anchor) = split(input);
    let pixels = Correlation::new(CEILINGS);
    let order = Order { scales: SCALES, ..Order::new(screenshot, Some(anchor), THRESHOLD) };
    let finding = match resolve(&order, &pixels) {
        Ok(finding) => finding,
        Err(error) => {
            assert_eq!(error.kind(), Kind::TooLarge, "{error:?}");
            return None;
        }
    };
    check(&order, &finding);
    // The second search finds the screen prepared.
    let again = resolve(&order, &pixels).unwrap();
    assert_eq!(format!("{finding:?}"), format!("{again:?}"), "the same question has the same answer");
    let strict = resolve(&Order { threshold: 1.1, ..order }, &pixels).unwrap();
    assert!(strict.found().is_none(), "no score is above 1: {strict:?}");
    check(&order, &strict);
    Some(finding.verdict)
}

fn check(order: &Order<'_>, finding: &Finding) {
    let Finding { verdict, why, screen, candidates, hit, scales, .. } = finding;
    if let Some(screen) = screen {
        assert_eq!(Some(*screen), size(order.screenshot), "the header says how large the screen is");
        assert!(u64::from(screen.0) * u64::from(screen.1) <= CEILINGS.pixels, "{screen:?}");
    }
    assert!(scales.iter().all(|scale| order.scales.contains(scale)), "{scales:?}");
    assert_eq!(hit.is_some(), *verdict == Verdict::Found, "{finding:?}");
    assert_eq!(hit.is_some(), finding.found().is_some(), "{finding:?}");
    let hits: Vec<usize> = (0..candidates.len()).filter(|index| candidates[*index].1 == Standing::Hit).collect();
    assert_eq!(hits, Vec::from_iter(*hit), "{finding:?}");
    if let Why::Flawed(flaw) = why {
        assert!(*verdict == flaw.verdict() && candidates.is_empty() && scales.is_empty(), "{finding:?}");
    }
    for (candidate, _) in candidates {
        let Place { x, y, width, height } = candidate.place;
        let (right, bottom) = (x.checked_add(width), y.checked_add(height));
        let on_screen = screen.is_some_and(|screen| right.is_some_and(|x| x <= screen.0) && bottom.is_some_and(|y| y <= screen.1));
        assert!(on_screen && width > 0 && height > 0, "{screen:?}: {candidate:?}");
        assert!((0.0..=1.0 + 1e-6).contains(&candidate.score), "{candidate:?}");
        assert!(order.scales.contains(&candidate.scale), "{candidate:?}");
    }
    if let Some(found) = finding.found() {
        assert!(found.score >= order.threshold, "{found:?}");
    }
}
