//! Screens made ready once and kept for the next anchor.

use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::luma::luma;
use super::picture::Picture;
use super::quality::flaw_of_screen;
use super::scenery::Scenery;
use crate::error::Result;
use crate::target::{Flaw, Place, Search, Sighting};

/// Questions whose outcome is kept with a screen. A wait asks one again and again, and few wait at the same screen. What one holds is
/// small beside the screen: some hundred places at most.
const MOST_QUESTIONS: usize = 8;

/// Everything but the screen that what is seen on it follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    /// SHA-256 of the anchor's file.
    anchor: [u8; 32],
    region: Option<Place>,
    /// The scales, bit for bit and in their order.
    scales: Vec<u64>,
    exact: bool,
    whole: bool,
}

impl Question {
    pub(super) fn new(search: &Search<'_>) -> Self {
        // Named one by one, so that a field that is added must be thought of here.
        let Search { screenshot: _, anchor, region, scales, exact, whole } = *search;
        let scales = scales.iter().map(|scale| scale.to_bits()).collect();
        Self { anchor: Sha256::digest(anchor).into(), region, scales, exact, whole }
    }
}

/// A decoded screen and all that a search derives from it.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) screen: Picture,
    pub(super) scenery: Scenery,
    /// What makes a search on it pointless.
    pub(super) flaw: Option<Flaw>,
    /// What was seen, after each step of a search; the question asked last stands last.
    asked: Mutex<Vec<(Question, Vec<Sighting>)>>,
}

impl Prepared {
    pub(super) fn new(screen: Picture) -> Self {
        let luma = luma(&screen);
        let flaw = flaw_of_screen(&screen, &luma);
        Self { screen, scenery: Scenery::new(luma), flaw, asked: Mutex::default() }
    }

    /// What was seen when this was asked before, after each step; nothing where it was not, or too long ago.
    pub(super) fn seen(&self, question: &Question) -> Vec<Sighting> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.iter().find(|(known, _)| known == question).map(|(_, steps)| steps.clone()).unwrap_or_default()
    }

    /// Keeps what was seen for the next time.
    pub(super) fn keep(&self, question: Question, steps: Vec<Sighting>) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.retain(|(known, _)| *known != question);
        asked.push((question, steps));
        if asked.len() > MOST_QUESTIONS {
            asked.remove(0);
        }
    }

    /// Bytes that it takes at most, once all its layers are made.
    fn weight(&self) -> usize {
        /// Colour, luma, and for each layer its pixels, words and two tables; the layers add up to four thirds of the first, twice.
        /// And what a proof takes: cells of 2 by 2 pixels and more with their sums, levels and deviations.
        const BYTES_A_PIXEL: usize = 3 + 1 + 2 * 13 * 4 / 3 + 9;
        self.screen.width * self.screen.height * BYTES_A_PIXEL
    }
}

/// The screens used last, as many as fit a ceiling, known by their content.
#[derive(Debug)]
pub(super) struct Shelf {
    ceiling: usize,
    /// The one used last stands last.
    kept: Mutex<Vec<([u8; 32], Arc<Prepared>)>>,
}

impl Shelf {
    /// Keeps no more than `ceiling` bytes.
    pub(super) fn new(ceiling: usize) -> Self {
        Self { ceiling, kept: Mutex::default() }
    }

    /// The screen whose file is `bytes`: kept, or made by `make`.
    ///
    /// # Errors
    /// Those of `make`.
    pub(super) fn get(&self, bytes: &[u8], make: impl FnOnce() -> Result<Option<Prepared>>) -> Result<Option<Arc<Prepared>>> {
        let key: [u8; 32] = Sha256::digest(bytes).into();
        {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(at) = kept.iter().position(|(known, _)| *known == key) {
                let entry = kept.remove(at);
                let prepared = Arc::clone(&entry.1);
                kept.push(entry);
                return Ok(Some(prepared));
            }
        }
        let Some(prepared) = make()?.map(Arc::new) else { return Ok(None) };
        if prepared.weight() <= self.ceiling {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push((key, Arc::clone(&prepared)));
            let mut weight: usize = kept.iter().map(|(_, prepared)| prepared.weight()).sum();
            while weight > self.ceiling {
                weight -= kept.remove(0).1.weight();
            }
        }
        Ok(Some(prepared))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen(side: usize) -> Prepared {
        Prepared::new(Picture { width: side, height: side, rgb: vec![7; 3 * side * side] })
    }

    #[test]
    fn what_was_used_last_is_kept_within_the_ceiling() {
        let weight = screen(10).weight();
        let shelf = Shelf::new(2 * weight);
        let made = |bytes: &[u8], side: usize| {
            let mut made = false;
            let prepared = shelf.get(bytes, || {
                made = true;
                Ok(Some(screen(side)))
            });
            assert_eq!(prepared.unwrap().unwrap().screen.width, side);
            made
        };
        assert!(made(b"a", 10) && made(b"b", 10) && !made(b"a", 10));
        // A third takes the place of the one that was not used for longest; one that is too large takes nobody's.
        assert!(made(b"c", 10) && !made(b"a", 10) && made(b"b", 10));
        assert!(made(b"large", 20) && made(b"large", 20) && !made(b"b", 10));
        assert!(shelf.get(b"no picture", || Ok(None)).unwrap().is_none());
    }
}
