//! Names of entries: which could be written outside the folder they belong to, or over one another, on any system.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use unicode_normalization::UnicodeNormalization;

use crate::id;

/// The longest path, characters: Windows allows 260 with the folder that it is unpacked into.
const MAX_PATH_CHARS: usize = 200;

/// The longest part of a path, bytes.
const MAX_PART_BYTES: usize = 255;

/// What a code-only update may replace: files below these folders.
const CODE_FOLDERS: [&str; 2] = ["agent_v1", "lea_ui"];

/// What a code-only update may replace: these files.
const CODE_FILES: [&str; 2] = ["run_agent_v1.py", "config.py"];

/// A code and a sentence.
pub(super) type Fault = (&'static str, &'static str);

/// What is wrong with a name by itself.
pub(super) fn faults(name: &str) -> Vec<Fault> {
    let mut found: Vec<Fault> = Vec::new();
    let mut fault = |code, sentence| {
        if !found.iter().any(|(known, _)| *known == code) {
            found.push((code, sentence));
        }
    };
    if name.contains('\\') {
        fault("backslash_in_name", "a backslash separates folders on Windows and is a letter elsewhere");
    }
    if name.chars().count() > MAX_PATH_CHARS {
        fault("name_too_long", "its path is longer than Windows can be relied on to take");
    }
    if name.chars().any(|c| c.is_control() || matches!(c, '<' | '>' | '"' | '|' | '?' | '*')) {
        fault("bad_character", "its name holds a character that no file on Windows may have");
    }
    let path = name.replace('\\', "/");
    if path.starts_with('/') {
        fault("absolute_path", "its path begins at the root");
    }
    let mut parts: Vec<&str> = path.strip_suffix('/').unwrap_or(&path).split('/').collect();
    let bytes = parts[0].as_bytes();
    if bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' {
        fault("drive_path", "its path names a drive");
        // `C:/x` is nothing else; `a:b` is what lies in the current folder of a drive, or a stream of the file `a`, and both are told.
        if bytes.len() == 2 {
            parts[0] = "";
        }
    }
    for (at, part) in parts.iter().enumerate() {
        match *part {
            // Told above as absolute or with a drive.
            "" if at == 0 && (path.starts_with('/') || parts.len() > 1 || !bytes.is_empty()) => continue,
            "" => fault("empty_name", "a part of its path has no name"),
            ".." => fault("path_escape", "its path leads out of the folder that it is unpacked into"),
            "." => fault("dot_in_path", "its path names the same folder twice"),
            _ if part.ends_with(['.', ' ']) => {
                fault("trailing_dot_or_space", "Windows drops the dot or space at the end, and writes another file");
            }
            _ => {}
        }
        if is_short_name(part) {
            fault("short_name", "it looks like the short name that Windows gives to another file");
        }
        if part.len() > MAX_PART_BYTES {
            fault("name_too_long", "a part of its path is longer than any system takes");
        }
        if part.contains(':') {
            fault("alternate_stream", "a colon hides a stream behind another file");
        }
        if is_device(part) {
            fault("device_name", "Windows takes its name for a device");
        }
    }
    found
}

/// Whether `part` could be the other name of a file with a longer one, such as `LONGNA~1.PY`.
fn is_short_name(part: &str) -> bool {
    let (stem, end) = part.split_once('.').unwrap_or((part, ""));
    let numbered = stem.split_once('~').is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
    numbered && stem.len() <= 8 && end.len() <= 3
}

fn is_device(part: &str) -> bool {
    let stem = part.split(['.', ':']).next().unwrap_or(part).trim_end();
    id::is_device_name(stem) || ["conin$", "conout$"].iter().any(|device| stem.eq_ignore_ascii_case(device)) || {
        // Windows takes a superscript for the digit.
        let plain: String = stem
            .chars()
            .map(|c| match c {
                '¹' => '1',
                '²' => '2',
                '³' => '3',
                _ => c,
            })
            .collect();
        plain != stem && id::is_device_name(&plain)
    }
}

/// Whether a code-only update may hold it.
pub(in crate::update) fn is_code(name: &str) -> bool {
    match name.split_once('/') {
        Some((folder, _)) => CODE_FOLDERS.contains(&folder),
        None => CODE_FILES.contains(&name),
    }
}

/// What two entries have against one another.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// Names as they stand, by their hash: a name has hundreds of folders, and none of them is worth keeping. Two names of one hash
    /// refuse an honest archive once in a life of the universe.
    exact: HashSet<u64>,
    /// Whether a path is one of a file, by the hash of its name folded.
    folded: HashMap<u64, bool>,
    hashes: RandomState,
}

impl Taken {
    /// Takes a name; tells what stands there already.
    pub(super) fn take(&mut self, name: &str) -> Option<Fault> {
        let is_file = !name.ends_with('/');
        // Upper case first: two small letters may have one capital.
        let fold = |name: &str| name.nfc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc().collect::<String>();
        let plain = name.trim_end_matches('/');
        if !self.exact.insert(self.hashes.hash_one(plain)) {
            return Some(("duplicate_name", "another entry has the same name"));
        }
        let whole = fold(plain);
        let clashes = |_| ("case_duplicate", "another entry has the same name but for case or the form of its accents");
        let mut clash = self.folded.insert(self.hashes.hash_one(&whole), is_file).map(clashes);
        for (at, _) in whole.match_indices('/') {
            // A folder may be named again and again; a file may not be one too.
            if *self.folded.entry(self.hashes.hash_one(&whole[..at])).or_insert(false) {
                clash = clash.or(Some(("file_and_folder", "another entry is a file where this one needs a folder")));
            }
        }
        clash
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_that_reach_elsewhere_are_told() {
        for (name, code) in [
            ("../a", "path_escape"),
            ("a/../../b", "path_escape"),
            ("..\\a", "path_escape"),
            ("/etc/passwd", "absolute_path"),
            ("\\\\server\\share\\a", "absolute_path"),
            ("C:\\a", "drive_path"),
            ("c:a", "drive_path"),
            ("a.py:hidden", "alternate_stream"),
            ("a/con.txt", "device_name"),
            ("a/LPT1 .txt", "device_name"),
            ("COM¹", "device_name"),
            ("a/conin$", "device_name"),
            ("a/b.", "trailing_dot_or_space"),
            ("a /b", "trailing_dot_or_space"),
            ("a//b", "empty_name"),
            ("", "empty_name"),
            ("a/./b", "dot_in_path"),
            ("a\\b", "backslash_in_name"),
            ("a\u{0}b", "bad_character"),
            ("a?.py", "bad_character"),
            ("a/LONGNA~1.PY", "short_name"),
        ] {
            assert!(faults(name).iter().any(|(found, _)| *found == code), "{name:?}: {:?}", faults(name));
        }
        assert!(faults(&"a/".repeat(120)).iter().any(|(code, _)| *code == "name_too_long"));
        for name in ["agent_v1/", "agent_v1/été/main.py", "config.py", "a..b/c", ".gitignore", "a/console.py", "a/com10", "a/backup~.py"]
        {
            assert_eq!(faults(name), [], "{name}");
        }
    }

    #[test]
    fn entries_that_fall_on_one_another_are_told() {
        let codes = |names: &[&str]| {
            let mut taken = Taken::default();
            names.iter().filter_map(|name| taken.take(name)).map(|(code, _)| code).collect::<Vec<_>>()
        };
        assert_eq!(codes(&["a/", "a/b", "a/c", "d/e"]), [""; 0]);
        assert_eq!(codes(&["a", "a"]), ["duplicate_name"]);
        assert_eq!(codes(&["a", "a/"]), ["duplicate_name"]);
        assert_eq!(codes(&["Agent/a.py", "agent/A.py"]), ["case_duplicate"]);
        assert_eq!(codes(&["\u{e9}", "e\u{301}"]), ["case_duplicate"]);
        assert_eq!(codes(&["ς", "σ"]), ["case_duplicate"]);
        assert_eq!(codes(&["a", "A/b"]), ["file_and_folder"]);
        assert_eq!(codes(&["A/b", "a"]), ["case_duplicate"]);
    }

    #[test]
    fn a_code_only_update_holds_code_only() {
        for name in ["agent_v1/a.py", "agent_v1/", "lea_ui/x/y.js", "run_agent_v1.py", "config.py"] {
            assert!(is_code(name), "{name}");
        }
        for name in ["agent_v1", "Agent_v1/a.py", "config.py/x", "python/x.dll", "Lea.bat", "sub/config.py"] {
            assert!(!is_code(name), "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_name_makes_it_panic(names in proptest::collection::vec("[a/\\\\:. \\PC]{0,12}", 0..6)) {
            let mut taken = Taken::default();
            for name in &names {
                let _ = (faults(name), is_code(name), taken.take(name));
            }
        }
    }
}
