//! `lea.toml`: read into path and text, each with the line it stands on.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{KEYS, Key};
use crate::error::{Error, Kind, Result};
use crate::files::read_capped;

/// The largest settings file, bytes.
const MAX_BYTES: u64 = 1 << 20;

/// One value of the file: the setting's path, its text, its line.
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) line: usize,
}

impl Entry {
    /// Whether the entry gives `key` a value: an empty text or list where there is no default leaves it unset.
    pub(super) fn says(&self, key: &Key) -> bool {
        key.default.is_some() || !self.text.trim().is_empty()
    }
}

/// Reads the file. Every name in it must be a setting: a typing error is said, not ignored.
pub(super) fn read(path: &Path) -> Result<Vec<Entry>> {
    let bytes = read_capped(path, MAX_BYTES)?;
    let wrong = |line: usize, why: String| Error::new(Kind::Input, "invalid_settings", format!("{}:{line}: {why}", path.display()));
    let text = String::from_utf8(bytes).map_err(|_| wrong(1, "the file is not UTF-8".to_owned()))?;
    let table = DeTable::parse(&text).map_err(|fault| {
        let line = fault.span().map_or(1, |span| line_of(&text, span.start));
        wrong(line, fault.message().to_owned())
    })?;
    let mut entries = Vec::new();
    flatten(&text, "", table.get_ref(), &mut entries).map_err(|(line, why)| wrong(line, why))?;
    for entry in &entries {
        if KEYS.iter().all(|key| key.path != entry.path) {
            return Err(wrong(entry.line, format!("there is no setting `{}`", entry.path)).hint(match nearest(&entry.path) {
                Some(known) => format!("did you mean `{known}`? take the line out, and `lea config show` lists what there is"),
                None => "take the line out, and `lea config show` lists what there is".to_owned(),
            }));
        }
    }
    Ok(entries)
}

fn flatten(source: &str, prefix: &str, table: &DeTable<'_>, entries: &mut Vec<Entry>) -> Result<(), (usize, String)> {
    for (name, value) in table {
        let path = if prefix.is_empty() { name.get_ref().to_string() } else { format!("{prefix}.{}", name.get_ref()) };
        let line = line_of(source, name.span().start);
        if let DeValue::Table(inner) = value.get_ref() {
            flatten(source, &path, inner, entries)?;
            continue;
        }
        let text = match value.get_ref() {
            DeValue::Array(items) => {
                items.iter().map(|item| scalar(item).ok_or(())).collect::<Result<Vec<_>, ()>>().map(|items| items.join(",")).ok()
            }
            _ => scalar(value),
        };
        let text = text.ok_or_else(|| (line, format!("`{path}` must be a text, a number, true or false, or a list of texts")))?;
        entries.push(Entry { path, text, line });
    }
    Ok(())
}

fn scalar(value: &Spanned<DeValue<'_>>) -> Option<String> {
    match value.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count()
}

/// The known setting that takes the fewest changed letters, if those are few: of the whole path, or of its last part when
/// the table is wrong.
fn nearest(path: &str) -> Option<&'static str> {
    fn last(path: &str) -> &str {
        path.rsplit('.').next().unwrap_or(path)
    }
    let far = |known: &'static str| distance(known, path).min(1 + distance(last(known), last(path)));
    let (changes, known) = KEYS.iter().map(|key| (far(key.path), key.path)).min_by_key(|(changes, _)| *changes)?;
    (changes <= 1 + last(path).chars().count() / 3).then_some(known)
}

/// Levenshtein's distance: letters to add, drop or replace until `a` is `b`.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (line, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_finds_the_setting_that_was_meant() {
        for (typed, meant) in [
            ("server.lsten", Some("server.listen")),
            ("serve.listen", Some("server.listen")),
            ("listen", Some("server.listen")),
            ("server.tls_crt", Some("server.tls_cert")),
            ("limits.timeout_seconds", Some("client.timeout_seconds")),
            ("replay.lease", None),
            ("x", None),
        ] {
            assert_eq!(nearest(typed), meant, "{typed}");
        }
    }

    #[test]
    fn distances() {
        assert_eq!((distance("", "ab"), distance("kitten", "sitting"), distance("été", "ete")), (2, 3, 2));
    }
}
