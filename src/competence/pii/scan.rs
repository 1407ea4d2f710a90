//! Looking through texts and documents.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::context::Hints;
use super::fold::{fold, unfolded};
use super::number::{before, digits_end, in_uuid};
use super::own::{Pattern, compile, split_alternatives};
use super::{email, iban, ipp, nir, phone, rpps};
use crate::competence::node::{Node, pointer_part};
use crate::error::Result;

/// A label beside a value, such as `{"label": "IPP", "value": …}`, is no longer than this, characters.
const MAX_LABEL: usize = 40;

/// Names under which a value stands that something beside or above it tells the meaning of, in lower case and without `_`, `-` and digits.
const VALUE_NAMES: &[&str] = &[
    "value",
    "values",
    "val",
    "valeur",
    "valeurs",
    "text",
    "texte",
    "default",
    "defaut",
    "content",
    "contenu",
    "inputtext",
    "typedtext",
    "textvalue",
    "input",
    "example",
    "examples",
    "exemple",
    "exemples",
    "saisie",
    "raw",
    "display",
];

/// A kind of personal data that is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The number of the French social security.
    Nir,
    /// A patient's permanent identifier.
    Ipp,
    /// An e-mail address.
    Email,
    /// A French phone number.
    Phone,
    /// A bank account.
    Iban,
    /// The number of a health professional.
    Rpps,
}

impl Kind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Nir => "nir",
            Self::Ipp => "ipp",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Iban => "iban",
            Self::Rpps => "rpps",
        }
    }
}

/// Something found in a text: what, and from where to where, bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The word for its kind; of a pattern of one's own the pattern.
    pub kind: Cow<'static, str>,
}

/// Personal data in a document: which kind, and where. What it is stands nowhere but in `text`, and there only on demand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// The word for its kind; of a pattern of one's own the pattern.
    pub kind: String,
    /// Where: a JSON pointer, or line and column (`3:14`, both from 1) in a text. A key that holds personal data itself stands in it as its
    /// place among the keys, in braces.
    pub path: String,
    /// What was found, if it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Looks for personal data.
#[derive(Debug, Clone)]
pub struct Scanner {
    kinds: bool,
    patterns: Vec<Pattern>,
    reveal: bool,
}

impl Scanner {
    /// Looks for the kinds that are known here, or for `replacing` in their place: patterns with bars between them; blank ones count as
    /// unset. Patterns of `adding` (a name for messages and the text of a file, one a line, `#` before a remark) come beside either.
    ///
    /// # Errors
    /// `invalid_pattern` for one that doesn't compile.
    pub fn new(replacing: Option<&str>, adding: Option<(&str, &str)>) -> Result<Self> {
        let alternatives = replacing.map(split_alternatives).unwrap_or_default();
        let given = alternatives.into_iter().map(|text| ("RPA_PII_PATTERNS".to_owned(), text));
        let mut patterns = compile(given)?;
        let kinds = patterns.is_empty();
        if let Some((file, text)) = adding {
            let lines = text.trim_start_matches('\u{feff}').lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with('#'));
            let added = lines.map(|(index, line)| (format!("{file}:{}", index + 1), line));
            let known: BTreeSet<String> = patterns.iter().map(|pattern| pattern.text.clone()).collect();
            patterns.extend(compile(added)?.into_iter().filter(|pattern| !known.contains(&pattern.text)));
        }
        Ok(Self { kinds, patterns, reveal: false })
    }

    /// The same, with the text of each finding.
    #[must_use]
    pub fn revealing(mut self, reveal: bool) -> Self {
        self.reveal = reveal;
        self
    }

    /// Everything in `text`, in order.
    pub fn hits(&self, text: &str) -> Vec<Hit> {
        self.hits_under(text, Hints::default(), true)
    }

    /// Everything in a text, by line and column.
    pub fn text(&self, text: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        let (mut line, mut column, mut at) = (1, 1, 0);
        for hit in self.hits(text) {
            // Counted from the hit before, so that many on one long line cost no more than the line.
            for c in text[at..hit.start].chars() {
                (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
            }
            at = hit.start;
            findings.push(self.finding(&hit, format!("{line}:{column}"), text));
        }
        findings.dedup();
        findings
    }

    /// Everything in a document: its texts, its keys and its numbers.
    pub fn document(&self, node: &Node) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.walk(node, &mut String::new(), Hints::default(), Hints::default(), &mut findings);
        findings
    }

    fn finding(&self, hit: &Hit, path: String, text: &str) -> Finding {
        let shown = self.reveal.then(|| text[hit.start..hit.end].to_owned());
        Finding { kind: hit.kind.to_string(), path, text: shown }
    }

    /// `hints` are what the name above says, `labels` what stands beside: that counts for texts alone, for the numbers beside a label are
    /// mostly places and times.
    fn walk(&self, node: &Node, path: &mut String, hints: Hints, labels: Hints, findings: &mut Vec<Finding>) {
        match node {
            Node::Null | Node::Bool(_) => {}
            Node::Text(text) => self.note(text, path, hints.and(labels), findings),
            Node::Int(number) => self.note(&number.to_string(), path, hints, findings),
            Node::Float(number) => {
                // The digits of a fraction identify nobody.
                let text = number.to_string();
                let whole = text.strip_suffix(".0").unwrap_or(&text);
                if whole.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
                    self.note(whole, path, hints, findings);
                }
            }
            Node::List(items) => {
                let mut label = Hints::default();
                for (index, item) in items.iter().enumerate() {
                    let length = path.len();
                    let _ = write!(path, "/{index}");
                    self.walk(item, path, hints, labels.and(label), findings);
                    path.truncate(length);
                    label = said_by(item);
                }
            }
            Node::Map(entries) => {
                let beside = entries.iter().fold(Hints::default(), |labels, (_, value)| labels.and(said_by(value)));
                for (index, (key, value)) in entries.iter().enumerate() {
                    let length = path.len();
                    let found = self.hits(key);
                    if found.is_empty() {
                        let _ = write!(path, "/{}", pointer_part(key));
                    } else {
                        // A path must not tell what it is there to hide.
                        let _ = write!(path, "/{{{index}}}");
                        findings.extend(once_a_kind(&found).map(|hit| self.finding(hit, path.clone(), key)));
                    }
                    // The name of an object, and a label beside, say what stands under the names that say nothing themselves.
                    let own = Hints::of_name(&fold(key));
                    if is_value_name(key) {
                        self.walk(value, path, own.and(hints), beside, findings);
                    } else {
                        self.walk(value, path, own, Hints::default(), findings);
                    }
                    path.truncate(length);
                }
            }
        }
    }

    fn note(&self, text: &str, path: &str, hints: Hints, findings: &mut Vec<Finding>) {
        let found = self.hits_under(text, hints, false);
        findings.extend(once_a_kind(&found).map(|hit| self.finding(hit, path.to_owned(), text)));
    }

    /// Everything in a text under a name. Of a pattern of one's own the first on a line; the first of all unless `every_line`.
    fn hits_under(&self, text: &str, name: Hints, every_line: bool) -> Vec<Hit> {
        let mut hits = Vec::new();
        if self.kinds {
            let folded = fold(text);
            let found = recognise(&folded, name);
            let mut places: Vec<usize> = found.iter().flat_map(|(start, end, _)| [*start, *end]).collect();
            places.sort_unstable();
            places.dedup();
            let real = unfolded(text, &places);
            let at = |place: usize| places.binary_search(&place).map_or(text.len(), |index| real[index]);
            hits.extend(found.into_iter().map(|(start, end, kind)| Hit {
                start: at(start),
                end: at(end),
                kind: Cow::Borrowed(kind.word()),
            }));
        }
        for pattern in &self.patterns {
            let kind = || Cow::Owned(pattern.text.clone());
            let mut at = 0;
            while let Some(found) = pattern.regex.find_at(text, at) {
                hits.push(Hit { start: found.start(), end: found.end(), kind: kind() });
                match text[found.end()..].find('\n') {
                    Some(rest) if every_line => at = found.end() + rest + 1,
                    _ => break,
                }
            }
        }
        hits.sort();
        hits
    }
}

/// Whether a name says only that a value stands under it.
fn is_value_name(key: &str) -> bool {
    let plain: String = key.chars().filter(|c| !matches!(c, '_' | '-' | ' ' | '0'..='9')).map(|c| c.to_ascii_lowercase()).collect();
    VALUE_NAMES.contains(&plain.replace('é', "e").as_str())
}

/// What a short text without digits says of the values beside it.
fn said_by(node: &Node) -> Hints {
    match node {
        Node::Text(text) if text.len() <= MAX_LABEL && !text.bytes().any(|byte| byte.is_ascii_digit()) => Hints::of_name(&fold(text)),
        _ => Hints::default(),
    }
}

/// The first hit of each kind.
fn once_a_kind(hits: &[Hit]) -> impl Iterator<Item = &Hit> {
    let mut seen = BTreeSet::new();
    hits.iter().filter(move |hit| seen.insert(hit.kind.clone()))
}

/// What bytes have to be looked at.
const fn wakes() -> [bool; 256] {
    let mut wakes = [false; 256];
    let mut digit = b'0';
    while digit <= b'9' {
        wakes[digit as usize] = true;
        digit += 1;
    }
    wakes[b'@' as usize] = true;
    wakes
}

/// Everything in a folded text.
fn recognise(text: &[u8], hints: Hints) -> Vec<(usize, usize, Kind)> {
    const WAKES: [bool; 256] = wakes();
    let mut found = Vec::new();
    let (mut at, mut last) = (0, 0);
    while let Some(skipped) = text[at..].iter().position(|byte| WAKES[usize::from(*byte)]) {
        at += skipped;
        if text[at] == b'@' {
            found.extend(email::find(text, at).map(|(start, end)| (start, end, Kind::Email)));
            at += 1;
            continue;
        }
        let run_end = digits_end(text, at);
        let mut end = run_end;
        let mut note = |hit: Option<(usize, usize)>, kind: Kind| {
            if let Some((start, stop)) = hit {
                found.push((start, stop, kind));
                end = end.max(stop);
            }
        };
        let apart = |hit: &(usize, usize)| !in_uuid(text, hit.0);
        note(iban::find(text, at).filter(apart), Kind::Iban);
        note(nir::find(text, at, hints).map(|stop| (at, stop)).filter(apart), Kind::Nir);
        note(phone::find(text, at, last, hints).map(|stop| (with_plus(text, at), stop)).filter(apart), Kind::Phone);
        note(rpps::find(text, at, hints).map(|stop| (at, stop)), Kind::Rpps);
        note(ipp::find(text, at, hints).map(|stop| (at, stop)), Kind::Ipp);
        if end > run_end || found.last().is_some_and(|(start, ..)| *start >= at.saturating_sub(2)) {
            last = end;
        }
        at = end;
    }
    found
}

/// The beginning of a number, with the plus before it.
fn with_plus(text: &[u8], at: usize) -> usize {
    if before(text, at) == b'+' { at - 1 } else { at }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scanner() -> Scanner {
        Scanner::new(None, None).unwrap()
    }

    fn kinds(json: &str) -> Vec<(String, String)> {
        let node: Node = serde_json::from_str(json).unwrap();
        scanner().document(&node).into_iter().map(|finding| (finding.kind, finding.path)).collect()
    }

    #[test]
    fn keys_numbers_and_labels_are_looked_at() {
        let one = |kind: &str, path: &str| vec![(kind.to_owned(), path.to_owned())];
        assert_eq!(kinds(r#"{"a":{"0612345678":1}}"#), one("phone", "/a/{0}"));
        assert_eq!(kinds(r#"{"nir":1850578006084}"#), one("nir", "/nir"));
        assert_eq!(kinds("185057800608491"), one("nir", ""));
        assert_eq!(kinds(r#"{"ipp":"12345678"}"#), one("ipp", "/ipp"));
        assert_eq!(kinds(r#"{"label":"N° IPP","value":"12345678"}"#), one("ipp", "/value"));
        assert_eq!(kinds(r#"["NIR","1850578006084"]"#), one("nir", "/1"));
        assert_eq!(kinds(r#"{"telephone":612345678}"#), one("phone", "/telephone"));
        assert_eq!(kinds(r#"{"a":["x","jean@chu.fr jean@chu.fr"]}"#), one("email", "/a/1"));
        assert_eq!(kinds(r#"{"a":"jean@chu.fr","a":"x"}"#), one("email", "/a"));
        for quiet in [
            r#"{"ts":1700000000000}"#,
            r#"{"ean":3017620422003}"#,
            r#"{"x_pct":0.0612345678}"#,
            r#"{"ipp":{"type":"string"}}"#,
            r#"["06","12","34","56","78"]"#,
            r#"{"kind":"type","by_text":"IPP","timestamp":1776236959.12}"#,
            r#"{"target_text":"Champ IPP","at_ms":1776236959123}"#,
            r#"{"by_text":"IPP","timeout_us":1500000,"hwnd":1311768}"#,
            r#"{"label":"Téléphone mobile","x":123456789}"#,
            r#"{"label":"IPP","value":12345678}"#,
            r#"{"score":850.616581175102}"#,
            r#"{"id":"06123456-7800-4000-8000-061234567800"}"#,
        ] {
            assert_eq!(kinds(quiet), vec![], "{quiet}");
        }
    }

    #[test]
    fn the_name_of_an_object_says_what_its_value_is() {
        for (json, kind) in [
            (r#"{"ipp":{"value":"12345678"}}"#, "ipp"),
            (r#"{"ipp":{"default":12345678}}"#, "ipp"),
            (r#"{"ipp":[{"value":"12345678"}]}"#, "ipp"),
            (r#"{"nir":{"value":1850578006084}}"#, "nir"),
            (r#"{"telephone":{"value":612345678}}"#, "phone"),
        ] {
            assert_eq!(kinds(json).first().map(|(kind, _)| kind.as_str()), Some(kind), "{json}");
        }
        assert_eq!(kinds(r#"{"ipp":{"changed_ms":1776236959123,"x":123456}}"#), vec![]);
    }

    #[test]
    fn long_lines_and_rows_of_a_table_are_read_once() {
        let long = "é a@b.co ".repeat(300_000);
        let findings = scanner().text(&long);
        assert_eq!(findings.len(), 300_000);
        assert_eq!(findings.last().unwrap().path, format!("1:{}", 9 * 299_999 + 3));
        let own = Scanner::new(Some(r"(\d+x|\d)"), None).unwrap();
        let digits = "1".repeat(100_000);
        assert_eq!(own.text(&digits).len(), 1);
        assert_eq!(own.text(&format!("a\n{digits}\n2")).len(), 2);
        assert_eq!(own.document(&Node::Text(format!("1\n{digits}"))).len(), 1);
    }

    #[test]
    fn columns_of_a_table_are_numbers_of_their_own() {
        let told = |text: &str| scanner().text(text).into_iter().map(|finding| finding.kind).collect::<Vec<_>>();
        assert_eq!(told("42,0612345678,M"), ["phone"]);
        assert_eq!(told("0612345678,0698765432"), ["phone", "phone"]);
        assert_eq!(told("id,nir\n42,285057800608441"), ["nir"]);
        assert_eq!(told("42,10001234565"), ["rpps"]);
        assert_eq!(told("DUPONT,0612345678,285057800608441"), ["phone", "nir"]);
    }

    #[test]
    fn places_in_a_text_are_counted_in_characters() {
        let findings = scanner().text("été\nélève 06 12 34 56 78, a@b.co\n\nIPP 123456");
        let told: Vec<_> = findings.iter().map(|finding| (finding.kind.as_str(), finding.path.as_str())).collect();
        assert_eq!(told, [("phone", "2:7"), ("email", "2:23"), ("ipp", "4:5")]);
        assert!(findings.iter().all(|finding| finding.text.is_none()));
        assert_eq!(scanner().revealing(true).text("x 06\u{a0}12 34 56 78")[0].text.as_deref(), Some("06\u{a0}12 34 56 78"));
    }

    #[test]
    fn own_patterns_replace_or_add() {
        let replacing = Scanner::new(Some("secret|(x|y)z"), None).unwrap();
        let told: Vec<_> = replacing.hits("0612345678 Secret yz").into_iter().map(|hit| hit.kind).collect();
        assert_eq!(told, ["secret", "(x|y)z"]);
        let adding = Scanner::new(Some(" | "), Some(("f", "# remark\nD\\d{4}\n"))).unwrap();
        let told: Vec<_> = adding.hits("0612345678 d1234").into_iter().map(|hit| hit.kind).collect();
        assert_eq!(told, ["phone", "D\\d{4}"]);
    }

    proptest! {
        #[test]
        fn any_text_is_looked_through(text in "[0-9 .,@aIPé+-]{0,60}|[06 ()+3a_.:/,@-]{0,40}|\\PC{0,60}") {
            for hit in scanner().hits(&text) {
                prop_assert!(hit.start < hit.end && text.get(hit.start..hit.end).is_some());
            }
        }
    }
}
