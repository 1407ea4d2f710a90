//! Looking through a file for personal data: JSON, JSON lines, YAML or text.

use super::node::Node;
use super::pii::{Finding, Scanner};
use super::yaml::{Scalars, read_yaml};
use crate::error::{Error, Kind, Result};

/// The largest file that is looked through, bytes.
pub const MAX_SCANNED_BYTES: u64 = 256 << 20;

/// How a file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON value.
    Json,
    /// A JSON value a line.
    JsonLines,
    /// YAML documents.
    Yaml,
    /// Anything else.
    Text,
}

impl Format {
    /// By the end of a file's name; a name that says nothing leaves it to the first character.
    pub fn of(name: &str, text: &str) -> Self {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        match ending.as_deref() {
            Some("json") => Self::Json,
            Some("jsonl" | "ndjson") => Self::JsonLines,
            Some("yaml" | "yml") => Self::Yaml,
            Some("txt" | "md" | "log" | "csv") => Self::Text,
            _ if text.trim_start().starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() => Self::Json,
            _ => Self::Text,
        }
    }
}

/// Everything that `scanner` finds in `bytes`, the content of the file called `name`.
///
/// # Errors
/// When the name says that it is JSON or YAML, and it is not.
pub fn inspect(scanner: &Scanner, name: &str, bytes: &[u8]) -> Result<Vec<Finding>> {
    let text = text_of(bytes)?;
    let mut findings = match Format::of(name, &text) {
        Format::Text => scanner.text(&text),
        Format::Json => scanner.document(&json(&text, 1)?),
        Format::JsonLines => {
            let mut findings = Vec::new();
            for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                let found = scanner.document(&json(line, index + 1)?);
                findings.extend(found.into_iter().map(|finding| Finding { path: format!("{}:{}", index + 1, finding.path), ..finding }));
            }
            findings
        }
        Format::Yaml => {
            let stream = read_yaml(&text, Scalars::AsWritten)?;
            let several = stream.documents.len() > 1;
            let mut findings = Vec::new();
            for (index, document) in stream.documents.iter().enumerate() {
                let found = scanner.document(document);
                let placed =
                    |finding: Finding| if several { Finding { path: format!("{index}{}", finding.path), ..finding } } else { finding };
                findings.extend(found.into_iter().map(placed));
            }
            for remark in &stream.remarks {
                for finding in scanner.text(&remark.text) {
                    let column = finding.path.split_once(':').and_then(|(_, column)| column.parse::<usize>().ok()).unwrap_or(1);
                    findings.push(Finding { path: format!("{}:{}", remark.line, remark.column + column - 1), ..finding });
                }
            }
            findings
        }
    };
    findings.dedup();
    Ok(findings)
}

fn json(text: &str, line: usize) -> Result<Node> {
    serde_json::from_str(text).map_err(|fault| {
        let place = format!("line {}, column {}", line + fault.line() - 1, fault.column());
        Error::new(Kind::Input, "invalid_json", format!("{place}: it is no JSON"))
    })
}

/// How files begin in which text cannot be seen as it stands: archives (also of office programs), PDF, SQLite, gzip.
const SEALED: [&[u8]; 4] = [b"PK\x03\x04", b"%PDF", b"SQLite format 3", b"\x1f\x8b"];

/// The text of a file: UTF-8, UTF-16 with its mark or plainly without, else one character a byte, so that nothing is passed over.
///
/// # Errors
/// `not_text` for what is none, which nobody should take for clean.
fn text_of(bytes: &[u8]) -> Result<String> {
    let zeros = |from: usize| bytes.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count() * 10 > bytes.len() * 3;
    let marked = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    if SEALED.iter().any(|magic| bytes.starts_with(magic)) || (!marked && bytes.contains(&0) && zeros(0) == zeros(1)) {
        return Err(Error::new(Kind::Input, "not_text", "it is no text, and what is in it cannot be looked through")
            .hint("give JSON, YAML or text; unpack an archive first"));
    }
    Ok(match bytes.contains(&0) && !marked {
        true if zeros(1) => decode(&[&[0xff, 0xfe], bytes].concat()),
        true => decode(&[&[0xfe, 0xff], bytes].concat()),
        false => decode(bytes),
    })
}

fn decode(bytes: &[u8]) -> String {
    let wide = |bytes: &[u8], join: fn([u8; 2]) -> u16| {
        let units = bytes.chunks(2).map(|pair| join([pair[0], pair.get(1).copied().unwrap_or(0)]));
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => decode(rest),
        _ => String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| bytes.iter().copied().map(char::from).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(name: &str, bytes: &[u8]) -> Vec<String> {
        inspect(&Scanner::new(None, None).unwrap(), name, bytes).unwrap().into_iter().map(|finding| finding.path).collect()
    }

    #[test]
    fn every_form_is_looked_through() {
        assert_eq!(paths("a.json", br#"{"x":["a@b.co"]}"#), ["/x/0"]);
        assert_eq!(paths("a.jsonl", b"{\"x\":1}\n{\"x\":\"a@b.co\"}\n"), ["2:/x"]);
        assert_eq!(paths("a.yaml", b"x: 0612345678 # a@b.co\n"), ["/x", "1:17"]);
        assert_eq!(paths("a.yaml", b"x: 1\n---\nx: a@b.co\n"), ["1/x"]);
        assert_eq!(paths("a", b"{\"x\":\"a@b.co\"}"), ["/x"]);
        assert_eq!(paths("a", b"{x: a@b.co}"), ["1:5"]);
        assert_eq!(paths("a.txt", b"\xe9t\xe9 a@b.co"), ["1:5"]);
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain("a@b.co".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(paths("a.txt", &wide), ["1:1"]);
        let unmarked: Vec<u8> = "a@b.co".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(paths("a.txt", &unmarked), ["1:1"]);
        for sealed in [&b"PK\x03\x04abc"[..], b"%PDF-1.7", b"a\0\0\0b\0\0\0\0", b"SQLite format 3\0"] {
            assert_eq!(inspect(&Scanner::new(None, None).unwrap(), "a.txt", sealed).unwrap_err().code(), "not_text");
        }
        let refused = inspect(&Scanner::new(None, None).unwrap(), "a.json", b"{").unwrap_err();
        assert_eq!(refused.code(), "invalid_json");
    }
}
