//! Patterns of one's own: regular expressions that are matched in linear time, whatever they say.

use regex::{Regex, RegexBuilder};

use crate::error::{Error, Kind, Result};

/// The longest pattern, bytes.
const MAX_PATTERN: usize = 2000;

/// The most patterns.
const MAX_PATTERNS: usize = 500;

/// How large one may become when it is compiled, bytes.
const MAX_COMPILED: usize = 4 << 20;

/// The largest file of patterns, bytes.
pub const MAX_PATTERN_FILE: u64 = 1 << 20;

/// A pattern, and its text as it was given.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    pub(super) text: String,
    pub(super) regex: Regex,
}

/// Compiles `texts`, without regard to case; `origin` says where they came from. Blank ones are passed over.
pub(super) fn compile<'a>(texts: impl IntoIterator<Item = (String, &'a str)>) -> Result<Vec<Pattern>> {
    let mut patterns: Vec<Pattern> = Vec::new();
    for (origin, text) in texts {
        let text = text.trim();
        if text.is_empty() || patterns.iter().any(|known| known.text == text) {
            continue;
        }
        let refused = |why: String| {
            Error::new(Kind::Input, "invalid_pattern", format!("{origin}: the pattern {text:?} cannot be used: {why}"))
                .hint("look-around and back-references are not known here, for they could take for ever; the rest is as in Python")
        };
        if text.len() > MAX_PATTERN {
            return Err(Error::new(Kind::Input, "invalid_pattern", format!("{origin}: a pattern is longer than {MAX_PATTERN} bytes")));
        }
        if patterns.len() == MAX_PATTERNS {
            return Err(Error::new(Kind::Input, "too_many_patterns", format!("{origin}: there are more than {MAX_PATTERNS} patterns")));
        }
        let built = RegexBuilder::new(text).case_insensitive(true).size_limit(MAX_COMPILED).dfa_size_limit(MAX_COMPILED).build();
        let regex = built.map_err(|cause| refused(last_line(&cause.to_string())))?;
        patterns.push(Pattern { text: text.to_owned(), regex });
    }
    Ok(patterns)
}

/// What is wrong, without the drawing above it.
fn last_line(text: &str) -> String {
    text.lines().last().unwrap_or_default().trim().trim_start_matches("error: ").to_owned()
}

/// The parts of `text` between bars that stand outside groups and classes, and are not escaped.
pub fn split_alternatives(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let (mut parts, mut start, mut depth, mut at) = (Vec::new(), 0, 0_usize, 0);
    // Where the class that is open began.
    let mut class: Option<usize> = None;
    while at < bytes.len() {
        match (bytes[at], class) {
            (b'\\', _) => at += 1,
            // A closing bracket right at the beginning stands for itself.
            (b']', Some(from)) if at > from + 1 && !(at == from + 2 && bytes[from + 1] == b'^') => class = None,
            (b'[', None) => class = Some(at),
            (b'(', None) => depth += 1,
            (b')', None) => depth = depth.saturating_sub(1),
            (b'|', None) if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            // Anything else, and all that stands in a class, is plain text here.
            _ => {}
        }
        at += 1;
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_inside_groups_and_classes_part_nothing() {
        for (text, parts) in [
            ("foo|bar", vec!["foo", "bar"]),
            ("(foo|bar)", vec!["(foo|bar)"]),
            ("(a|b)c|d", vec!["(a|b)c", "d"]),
            ("[a|b]|c", vec!["[a|b]", "c"]),
            ("[]|]|c", vec!["[]|]", "c"]),
            ("[^]|]|c", vec!["[^]|]", "c"]),
            (r"\||x", vec![r"\|", "x"]),
            (r"[\]|]|x", vec![r"[\]|]", "x"]),
            ("a||b", vec!["a", "", "b"]),
            ("|", vec!["", ""]),
            ("[invalid|x", vec!["[invalid|x"]),
            ("é|ü", vec!["é", "ü"]),
        ] {
            assert_eq!(split_alternatives(text), parts, "{text}");
        }
    }

    #[test]
    fn one_that_does_not_compile_is_named() {
        let error = compile([("here".to_owned(), "ok"), ("here".to_owned(), "(?=x)")]).unwrap_err();
        assert!(error.code() == "invalid_pattern" && error.message().contains("(?=x)"), "{error:?}");
        assert_eq!(compile([("x".to_owned(), " "), ("x".to_owned(), "É")]).unwrap().len(), 1);
    }
}
