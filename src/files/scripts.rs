//! What was read of screenshots, kept for the next command. It is what stands on somebody's screen: for its owner's eyes only, and
//! not for long.

use std::fmt::Write;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use super::private::{Access, create_private_dir};
use super::whole::{read_capped, write_whole};
use crate::target::{Memory, Script};

/// Files that are kept, and for how long.
const MOST_FILES: usize = 32;
const LONGEST: Duration = Duration::from_hours(24);

/// The largest file, bytes.
const MOST_BYTES: u64 = 8 << 20;

/// A folder with a file for each screenshot, named by the hash of its content and of how it was read.
#[derive(Debug, Clone)]
pub struct ScriptFolder {
    folder: PathBuf,
}

impl ScriptFolder {
    /// In `folder`, which is made when there is something to keep.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn path(&self, screenshot: &[u8], manner: &str) -> PathBuf {
        let mut digest = Sha256::new();
        // A file of another version of this program is not understood: it has another name.
        digest.update(crate::VERSION.as_bytes());
        digest.update([0]);
        digest.update(manner.as_bytes());
        digest.update([0]);
        digest.update(screenshot);
        let name = digest.finalize().iter().fold(String::new(), |mut name, byte| {
            // Writing to a text cannot fail.
            let _ = write!(name, "{byte:02x}");
            name
        });
        self.folder.join(name + ".json")
    }

    /// Removes what is too old, and of the rest all but the newest.
    fn tidy(&self) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        let mut files: Vec<(SystemTime, PathBuf)> = entries
            .flatten()
            .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "json"))
            .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
            .collect();
        files.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let old = |at: &SystemTime| at.elapsed().is_ok_and(|age| age > LONGEST);
        for (_, path) in files.iter().enumerate().filter(|(place, (at, _))| *place >= MOST_FILES || old(at)).map(|(_, file)| file) {
            // Another command may have been faster.
            let _ = std::fs::remove_file(path);
        }
    }
}

impl Memory for ScriptFolder {
    fn recall(&self, screenshot: &[u8], manner: &str) -> Option<Script> {
        serde_json::from_slice(&read_capped(&self.path(screenshot, manner), MOST_BYTES).ok()?).ok()
    }

    fn keep(&self, screenshot: &[u8], manner: &str, script: &Script) {
        let Ok(bytes) = serde_json::to_vec(script) else { return };
        // It is read once more if it cannot be kept: nobody is worse off.
        if bytes.len() as u64 <= MOST_BYTES && create_private_dir(&self.folder).is_ok() {
            let _ = write_whole(&self.path(screenshot, manner), &bytes, Access::Owner);
            self.tidy();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_there_for_the_next_command_and_not_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let scripts = ScriptFolder::new(folder.path().join("text"));
        let script = |width: u32| Script { screen: (width, 1), ..Script::default() };
        assert_eq!(scripts.recall(b"a", "fra"), None);
        scripts.keep(b"a", "fra", &script(7));
        assert_eq!(scripts.recall(b"a", "fra"), Some(script(7)));
        assert_eq!((scripts.recall(b"a", "eng"), scripts.recall(b"b", "fra")), (None, None));
        // A torn or foreign file is no memory.
        write_whole(&scripts.path(b"a", "fra"), b"{\"screen\": [1,", Access::Owner).unwrap();
        assert_eq!(scripts.recall(b"a", "fra"), None);
        for at in 0..40_u32 {
            scripts.keep(&at.to_be_bytes(), "fra", &script(at));
        }
        assert_eq!(std::fs::read_dir(folder.path().join("text")).unwrap().count(), MOST_FILES);
        assert_eq!(scripts.recall(&39_u32.to_be_bytes(), "fra"), Some(script(39)));
    }
}
