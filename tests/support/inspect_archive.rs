//! The inspection of an archive, and what must hold of it whatever the bytes are.
//!
//! The fuzz target runs it on what the fuzzer makes up, a plain test on the corpus.

use std::io::Cursor;

use lea::update::{Ceilings, Inspection, UpdateType, inspect};

/// Small, so that one input takes milliseconds.
const CEILINGS: Ceilings = Ceilings { bytes: 1 << 20, expanded: 1 << 22, ratio: 100, entries: 1000 };

/// Inspects `input` and checks what was found out.
///
/// # Panics
/// Where something that must hold doesn't.
pub fn run(input: &[u8]) -> Inspection {
    let found = inspect(&mut Cursor::new(input), Some(UpdateType::CodeOnly), &CEILINGS).expect("what is in memory can be read");
    if found.problems.is_empty() {
        assert!(found.expanded <= CEILINGS.expanded && found.entries <= CEILINGS.entries, "a ceiling was passed");
        assert!(!found.members.is_empty(), "an archive without files was let through");
        for member in &found.members {
            let parts: Vec<&str> = member.name.split('/').collect();
            assert!(!parts.iter().any(|part| part.is_empty() || *part == ".." || part.contains([':', '\\'])), "{:?}", member.name);
        }
        // Another reader finds the same files.
        let mut other = zip::ZipArchive::new(Cursor::new(input)).expect("another reader takes it");
        assert_eq!(other.len() as u64, found.entries);
        for member in &found.members {
            let file = other.by_name(&member.name).expect("another reader finds each file");
            assert_eq!((file.size(), file.crc32()), (member.size, member.crc32));
        }
    }
    found
}
