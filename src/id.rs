//! Ids: which texts may be one, and where fresh ones come from.
//!
//! An id from outside ends up in a path, a log and a table. [`check`] is the one rule for all of them. Random ids and
//! secrets come from the operating system's generator, here and nowhere else.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::error::{Error, Kind, Result};

/// The longest id, in characters.
pub const MAX_ID_CHARS: usize = 128;

/// Names that Windows gives to devices, with or without an extension, in any case.
const DEVICE_NAMES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4",
    "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Whether `name` (its part before the first dot) is a device to Windows.
pub fn is_device_name(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    DEVICE_NAMES.iter().any(|device| stem.eq_ignore_ascii_case(device))
}

/// Why `text` is no id, or `None` if it is one: 1 to 128 of `A-Z a-z 0-9 . _ -`, no dot at the end, no device name.
pub fn check(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return Some("must not be empty");
    }
    if text.len() > MAX_ID_CHARS {
        return Some("must not be longer than 128 characters");
    }
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')) {
        return Some("may only hold letters A-Z and a-z, digits, dots, underscores and hyphens");
    }
    if text.ends_with('.') {
        return Some("must not end with a dot");
    }
    if is_device_name(text) {
        return Some("must not be a Windows device name");
    }
    None
}

/// `text` without the white space around it: Unicode's, and the four separators U+001C to U+001F besides.
pub fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c))
}

/// The id of a machine: checked, trimmed. Two that differ only in case name one machine; see [`MachineId::key`].
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct MachineId(String);

impl MachineId {
    /// The id as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id folded to lower case: equal for all spellings of one machine.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl FromStr for MachineId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let text = trim(text);
        match check(text) {
            None => Ok(Self(text.to_owned())),
            Some(why) => Err(Error::new(Kind::Validation, "invalid_id", format!("a machine id {why}"))),
        }
    }
}

impl<'de> Deserialize<'de> for MachineId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for MachineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for MachineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// `N` bytes that nobody can guess.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn random_bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|cause| Error::new(Kind::Bug, "no_randomness", "the operating system gave no random bytes").caused_by(cause))?;
    Ok(bytes)
}

/// Ids for one process's own use, such as those of requests in a log: random where it starts, counted from there. Not secret.
#[derive(Debug)]
pub struct Serial {
    start: u128,
    next: std::sync::atomic::AtomicU64,
}

impl Serial {
    /// A series of its own.
    #[expect(clippy::disallowed_methods, reason = "the one place that makes random ids")]
    pub fn new() -> Self {
        Self { start: uuid::Uuid::new_v4().as_u128(), next: std::sync::atomic::AtomicU64::new(0) }
    }

    /// The next one, 32 hexadecimal digits.
    pub fn next(&self) -> String {
        let count = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        format!("{:032x}", self.start.wrapping_add(u128::from(count)))
    }
}

impl Default for Serial {
    fn default() -> Self {
        Self::new()
    }
}

/// A fresh id of 122 random bits, as 32 hexadecimal digits.
#[expect(clippy::disallowed_methods, reason = "the one place that makes random ids")]
pub fn fresh() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn refuses_what_could_leave_its_folder_or_stand_for_a_device() {
        for bad in ["", " ", ".", "..", "a/b", "a\\b", "a:b", "a\0", "é", "x.", "CON", "nul.txt", "Com1", "lpt9.log", "a b", "a\nb"] {
            assert!(bad.parse::<MachineId>().is_err(), "{bad:?}");
        }
        assert!("m".repeat(129).parse::<MachineId>().is_err());
        for good in ["m", "PC-01", ".hidden", "console", "com10", "a..b", "-", &"m".repeat(128)] {
            assert_eq!(good.parse::<MachineId>().unwrap().as_str(), good);
        }
    }

    #[test]
    fn trims_as_the_field_does() {
        assert_eq!("\u{a0}m1\u{3000}\u{1c}".parse::<MachineId>().unwrap().as_str(), "m1");
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_one_plain_path_component(text in "\\PC{0,140}") {
            if let Ok(id) = text.parse::<MachineId>() {
                let path = std::path::Path::new(id.as_str());
                let parts: Vec<_> = path.components().collect();
                prop_assert_eq!(parts.len(), 1);
                prop_assert!(matches!(parts[0], std::path::Component::Normal(_)));
            }
        }
    }
}
