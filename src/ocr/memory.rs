//! What was read last, in memory.

use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::target::{Memory, Script};

/// The screenshots read last, as many as fit, known by their content and how they were read.
#[derive(Debug)]
pub struct Recent {
    most: usize,
    /// The one used last stands last.
    kept: Mutex<Vec<([u8; 32], Script)>>,
}

impl Recent {
    /// Remembers `most` screenshots; none of them is remembered with 0. A page takes some hundred kilobytes.
    pub fn new(most: usize) -> Self {
        Self { most, kept: Mutex::default() }
    }
}

/// Words that one script may have to be kept.
const MOST_WORDS: usize = 20_000;

fn key(screenshot: &[u8], manner: &str) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(manner.as_bytes());
    digest.update([0]);
    digest.update(screenshot);
    digest.finalize().into()
}

impl Memory for Recent {
    fn recall(&self, screenshot: &[u8], manner: &str) -> Option<Script> {
        if self.most == 0 {
            return None;
        }
        let key = key(screenshot, manner);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| *known == key)?;
        let entry = kept.remove(at);
        let script = entry.1.clone();
        kept.push(entry);
        Some(script)
    }

    fn keep(&self, screenshot: &[u8], manner: &str, script: &Script) {
        let words: usize = script.words.iter().chain(&script.again).flatten().map(Vec::len).sum();
        if self.most == 0 || words > MOST_WORDS {
            return;
        }
        let key = key(screenshot, manner);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| *known != key);
        kept.push((key, script.clone()));
        if kept.len() > self.most {
            kept.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_last_is_remembered() {
        let recent = Recent::new(2);
        let script = |width: u32| Script { screen: (width, 1), ..Script::default() };
        recent.keep(b"a", "fra", &script(1));
        recent.keep(b"b", "fra", &script(2));
        assert_eq!(recent.recall(b"a", "fra"), Some(script(1)));
        assert_eq!(recent.recall(b"a", "eng"), None);
        recent.keep(b"c", "fra", &script(3));
        assert_eq!((recent.recall(b"a", "fra"), recent.recall(b"b", "fra")), (Some(script(1)), None));
        recent.keep(b"a", "fra", &script(4));
        assert_eq!(recent.recall(b"a", "fra"), Some(script(4)));
        let none = Recent::new(0);
        none.keep(b"a", "fra", &script(1));
        assert_eq!(none.recall(b"a", "fra"), None);
    }
}
