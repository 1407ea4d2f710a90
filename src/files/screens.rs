//! The screens before and after the actions of replays: one folder a replay, each picture written whole.

use std::path::PathBuf;

use super::private::{Access, create_private_dir};
use super::whole::{read_capped, write_whole};
use crate::error::{Error, Kind, Result};
use crate::id;
use crate::replay::Screens;

/// A folder of folders, `<replay>/<name>`.
#[derive(Debug, Clone)]
pub struct ScreenFolder {
    root: PathBuf,
    ceiling: u64,
}

impl ScreenFolder {
    /// At `root`, which is made when it is first needed; no picture is larger than `ceiling` bytes.
    pub fn new(root: PathBuf, ceiling: usize) -> Self {
        Self { root, ceiling: ceiling as u64 }
    }

    fn folder(&self, replay: &str) -> Result<PathBuf> {
        if id::check(replay).is_some() {
            return Err(crate::replay::unknown_replay());
        }
        Ok(self.root.join(replay))
    }
}

impl Screens for ScreenFolder {
    fn keep(&self, replay: &str, name: &str, picture: &[u8]) -> Result<()> {
        if id::check(name).is_some() {
            return Err(no_screen());
        }
        let folder = self.folder(replay)?;
        create_private_dir(&folder).map_err(|cause| Error::io("make", &folder, cause))?;
        write_whole(&folder.join(name), picture, Access::Owner)
    }

    fn read(&self, replay: &str, name: &str) -> Result<Vec<u8>> {
        if id::check(name).is_some() {
            return Err(no_screen());
        }
        let path = self.folder(replay)?.join(name);
        if path.is_file() { read_capped(&path, self.ceiling) } else { Err(no_screen()) }
    }

    fn remove(&self, replay: &str) -> Result<()> {
        let folder = self.folder(replay)?;
        match std::fs::remove_dir_all(&folder) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(Error::io("remove", &folder, cause)),
            _ => Ok(()),
        }
    }
}

fn no_screen() -> Error {
    Error::new(Kind::NotFound, "unknown_screen", "there is no screen of that name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_leaves_its_replay() {
        let root = tempfile::tempdir().unwrap();
        let screens = ScreenFolder::new(root.path().join("replays"), 100);
        std::fs::create_dir(root.path().join("replays")).unwrap();
        screens.keep("replay_1", "a.png", b"one").unwrap();
        assert_eq!(screens.read("replay_1", "a.png").unwrap(), b"one");
        for (replay, name) in [("..", "a"), ("replay_1", ".."), ("replay_1", "../x"), ("a/b", "c"), ("replay_1", "/etc/passwd"), ("", "a")]
        {
            assert!(screens.keep(replay, name, b"x").is_err(), "{replay} {name}");
            assert!(screens.read(replay, name).is_err(), "{replay} {name}");
        }
        assert!(screens.remove("..").is_err());
        screens.remove("replay_1").unwrap();
        screens.remove("replay_1").unwrap();
        assert_eq!(screens.read("replay_1", "a.png").unwrap_err().code(), "unknown_screen");
    }
}
