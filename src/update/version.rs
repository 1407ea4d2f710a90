//! Versions: one total order over the spellings that the field uses, SemVer's and PEP 440's.
//!
//! A version is an optional `v`, numbers with dots, and at most one mark: a pre-release, or `.postN`. Build metadata after `+` is
//! ignored. Missing numbers are 0, so `1.0` is `1.0.0`. The order of marks is `.devN`, SemVer's pre-releases among themselves,
//! nothing, `.postN`. PEP 440's `a1`, `b2` and `rc3` are SemVer's `-alpha.1`, `-beta.2` and `-rc.3`. What isn't a version has no
//! place in the order at all, so that it is never newer than anything.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use semver::{BuildMetadata, Prerelease};

use crate::error::{Error, Kind, Result};

/// The longest text that is looked at as a version, bytes.
pub const MAX_VERSION_BYTES: usize = 128;

/// What stands after the numbers, in the order of age.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Mark {
    /// PEP 440's development release.
    Dev(u128),
    /// A pre-release, in SemVer's order.
    Pre(Prerelease),
    /// Nothing.
    Final,
    /// PEP 440's post-release.
    Post(u128),
}

/// A version. Equal are those that mean the same: `1.0`, `v1.0.0` and `1.0+x`.
#[derive(Debug, Clone)]
pub struct Version {
    /// As it was written, without the `v` and white space around it.
    written: String,
    /// Each number of the release, without zeros at the end.
    numbers: Vec<u128>,
    /// How many numbers were written.
    given: usize,
    mark: Mark,
}

impl Version {
    /// Whether it is older than the release of the same number.
    pub fn is_prerelease(&self) -> bool {
        self.mark < Mark::Final
    }

    /// The numbers of the release, as many as were written.
    pub fn release(&self) -> Vec<u128> {
        self.numbers.iter().copied().chain(std::iter::repeat(0)).take(self.given).collect()
    }

    /// The same text for all spellings of the same version: what a rollout's places and a database's keys are made of.
    pub fn canonical(&self) -> String {
        let mut numbers = self.numbers.clone();
        numbers.resize(numbers.len().max(3), 0);
        let text = numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
        match &self.mark {
            Mark::Dev(number) => format!("{text}.dev{number}"),
            Mark::Pre(marks) => format!("{text}-{marks}"),
            Mark::Final => text,
            Mark::Post(number) => format!("{text}.post{number}"),
        }
    }

    fn key(&self) -> (&[u128], &Mark) {
        (&self.numbers, &self.mark)
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Version {}

impl std::hash::Hash for Version {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// As it was written.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl FromStr for Version {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        parse(text).ok_or_else(|| {
            let shown: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
            Error::new(Kind::Input, "invalid_version", format!("{shown:?} is no version"))
                .hint("a version is numbers with dots, such as 1.4.0, and if need be -rc.1, rc1 or .post1")
        })
    }
}

/// Whether `candidate` is a version newer than `baseline`; false unless both are versions.
pub fn is_newer(candidate: &str, baseline: &str) -> bool {
    match (parse(candidate), parse(baseline)) {
        (Some(candidate), Some(baseline)) => candidate > baseline,
        _ => false,
    }
}

fn parse(text: &str) -> Option<Version> {
    let text = text.trim();
    if text.len() > MAX_VERSION_BYTES || !text.is_ascii() {
        return None;
    }
    let written = text.strip_prefix(['v', 'V']).unwrap_or(text).trim_start();
    let (body, build) = written.split_once('+').map_or((written, None), |(body, build)| (body, Some(build)));
    if build.is_some_and(|build| build.is_empty() || BuildMetadata::new(build).is_err()) {
        return None;
    }
    let end = body.bytes().position(|byte| !byte.is_ascii_digit() && byte != b'.').unwrap_or(body.len());
    // A dot before a word belongs to the word: `1.0.post1`.
    let end = if end < body.len() { body[..end].strip_suffix('.').map_or(end, str::len) } else { end };
    let (numbers, rest) = body.split_at(end);
    let mut numbers = numbers.split('.').map(number).collect::<Option<Vec<u128>>>()?;
    let given = numbers.len();
    while numbers.len() > 1 && numbers.last() == Some(&0) {
        numbers.pop();
    }
    if numbers == [0] {
        numbers.clear();
    }
    Some(Version { written: written.to_owned(), numbers, given, mark: mark(rest)? })
}

fn number(digits: &str) -> Option<u128> {
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok())?
}

fn mark(rest: &str) -> Option<Mark> {
    if rest.is_empty() {
        return Some(Mark::Final);
    }
    if let Some(mark) = python_mark(rest) {
        return Some(mark);
    }
    let marks = rest.strip_prefix('-').filter(|marks| !marks.is_empty())?;
    Prerelease::new(marks).ok().map(Mark::Pre)
}

/// PEP 440's spellings: a word and its number, with `.`, `_` or `-` around the word or without. After a hyphen only a word that its
/// number is glued to is PEP 440's (`-rc1`); `-rc.1`, `-beta` and `-post1` are SemVer's.
fn python_mark(rest: &str) -> Option<Mark> {
    let lower = rest.to_ascii_lowercase();
    let hyphen = lower.starts_with('-');
    let word = lower.strip_prefix(['-', '.', '_']).unwrap_or(&lower);
    let letters = word.bytes().take_while(u8::is_ascii_lowercase).count();
    let (word, tail) = word.split_at(letters);
    let glued = tail.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    if hyphen && !glued {
        return None;
    }
    let digits = if glued { tail } else { tail.strip_prefix(['.', '_', '-']).unwrap_or(tail) };
    let count = if tail.is_empty() { 0 } else { number(digits)? };
    let phase = match word {
        "dev" => return Some(Mark::Dev(count)),
        "post" if !hyphen => return Some(Mark::Post(count)),
        "a" | "alpha" => "alpha",
        "b" | "beta" => "beta",
        "c" | "rc" | "pre" | "preview" => "rc",
        _ => return None,
    };
    Prerelease::new(&format!("{phase}.{count}")).ok().map(Mark::Pre)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn version(text: &str) -> Version {
        parse(text).unwrap_or_else(|| panic!("{text} is a version"))
    }

    #[test]
    fn the_order_is_the_contracts() {
        let rising = [
            "0.9",
            "1.0.dev3",
            "1.0.dev4",
            "1.0-1",
            "1.0a1",
            "1.0-alpha.2",
            "1.0b2",
            "1.0-beta.10",
            "1.0-rc.1",
            "1.0rc2",
            "1.0-rc10",
            "1.0.0-snapshot",
            "1.0",
            "1.0.post1",
            "1.0.post2",
            "1.0.1",
            "1.0.10",
            "1.1",
            "10.0",
        ];
        for pair in rising.windows(2) {
            assert!(version(pair[0]) < version(pair[1]), "{pair:?}");
            assert!(is_newer(pair[1], pair[0]) && !is_newer(pair[0], pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn spellings_of_the_same_are_equal() {
        for same in [
            &["1.0", "1.0.0", "v1", "V1.0.0.0", " 1.0 ", "1.0+build.5", "01.00"][..],
            &["1.0rc1", "1.0.0-rc.1", "1.0.RC1", "1.0c1", "1.0-rc1", "1.0_pre_1"],
            &["0", "0.0.0", "v0"],
            &["1.0.post1", "1.0post1", "1.post.1"],
        ] {
            for pair in same.windows(2) {
                assert_eq!(version(pair[0]), version(pair[1]), "{pair:?}");
                assert_eq!(version(pair[0]).canonical(), version(pair[1]).canonical(), "{pair:?}");
            }
        }
    }

    #[test]
    fn what_is_no_version_is_never_newer_nor_older() {
        for text in [
            "",
            " ",
            "v",
            "junk",
            "1.x",
            "1..2",
            ".1",
            "1.",
            "-1.2",
            "+1.2",
            "1_0",
            "1!2.0",
            "1 2",
            "１.２",
            "1.0+",
            "vv1",
            "0x10",
            "1.0-",
            "1.0rc1rc2",
            "1.0-01",
            "1.0.Final",
            "../1",
            "1.0/2",
            "1.0rc1.post2",
            "1e3",
            &"9".repeat(40),
        ] {
            assert!(parse(text).is_none(), "{text}");
            assert!(!is_newer(text, "0.0.1") && !is_newer("9.9", text), "{text}");
        }
    }

    fn spelled() -> impl Strategy<Value = String> {
        let mark = prop_oneof![
            Just(String::new()),
            (0_u32..12).prop_map(|n| format!("rc{n}")),
            (0_u32..12).prop_map(|n| format!("-rc.{n}")),
            (0_u32..12).prop_map(|n| format!("a{n}")),
            (0_u32..12).prop_map(|n| format!(".dev{n}")),
            (0_u32..12).prop_map(|n| format!(".post{n}")),
            "-[a-z]{1,3}(\\.[a-z0-9]{1,2})?",
        ];
        (proptest::collection::vec(0_u32..3, 1..5), mark)
            .prop_map(|(numbers, mark)| numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(".") + &mark)
    }

    proptest! {
        #[test]
        fn it_is_a_total_order(a in spelled(), b in spelled(), c in spelled()) {
            let Some([a, b, c]) = [&a, &b, &c].into_iter().map(|text| parse(text)).collect::<Option<Vec<_>>>()
                .and_then(|all| <[Version; 3]>::try_from(all).ok()) else { return Ok(()) };
            prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
            prop_assert_eq!(a == b, a.cmp(&b) == Ordering::Equal);
            if a <= b && b <= c {
                prop_assert!(a <= c);
            }
            prop_assert_eq!(a == b, a.canonical() == b.canonical());
        }

        #[test]
        fn semver_is_ordered_as_semver_does(
            a in "[0-3]\\.[0-3]\\.[0-3](-(alpha|beta|x|rc|0|10|2|al-pha)(\\.(0|2|10|b))?)?",
            b in "[0-3]\\.[0-3]\\.[0-3](-(alpha|beta|x|rc|0|10|2|al-pha)(\\.(0|2|10|b))?)?",
        ) {
            let theirs = semver::Version::parse(&a).unwrap().cmp(&semver::Version::parse(&b).unwrap());
            prop_assert_eq!(version(&a).cmp(&version(&b)), theirs);
        }

        #[test]
        fn canonical_reads_back_as_the_same(text in spelled()) {
            if let Some(version) = parse(&text) {
                prop_assert_eq!(parse(&version.canonical()), Some(version));
            }
        }

        #[test]
        fn nothing_makes_it_panic(text in "\\PC{0,40}") {
            let _ = parse(&text);
        }
    }
}
