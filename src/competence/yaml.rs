//! Documents as YAML, read and written as the field's programs do: YAML 1.1, as `PyYAML` knows it.
//!
//! Written text reads back there as exactly the values that were written. Read text gives the values that its safe loader would give,
//! where JSON has such a value; a date stays the text that it is written as.

use std::collections::HashSet;

use granit_parser::{Event, Options, Parser, ScalarStyle, Span};

use super::node::Node;
use crate::error::{Error, Kind, Result};

/// How deep a document may be nested.
const MAX_DEPTH: usize = 128;

/// How many values a document may hold.
const MAX_NODES: usize = 2_000_000;

/// How values without quotes are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalars {
    /// As what they mean: numbers, yes and no, nothing.
    Meant,
    /// As the text that stands there.
    AsWritten,
}

/// A remark in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Its text after the sign.
    pub text: String,
    /// The line of the sign, from 1.
    pub line: usize,
    /// The column right after the sign, from 1.
    pub column: usize,
}

/// What stands in a file.
#[derive(Debug, Default)]
pub struct Stream {
    /// Its documents.
    pub documents: Vec<Node>,
    /// Its remarks.
    pub remarks: Vec<Remark>,
}

/// Reads every document of `text`.
///
/// # Errors
/// `invalid_yaml` with line and column; aliases are refused: the field's programs write none, and they can grow beyond any bound.
pub fn read_yaml(text: &str, scalars: Scalars) -> Result<Stream> {
    let mut options = Options::default();
    options.set_emit_comments(true);
    let mut stream = Stream::default();
    let mut open: Vec<Open> = Vec::new();
    let mut count = 0_usize;
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|fault| {
            let mark = fault.marker();
            invalid(mark.line(), mark.col() + 1, &fault.info())
        })?;
        count += 1;
        let refuse = |why: &str| Err(invalid(span.start.line(), span.start.col() + 1, why));
        if count > MAX_NODES {
            return refuse("there are too many values");
        }
        let done = match event {
            Event::Comment(remark, _) => {
                stream.remarks.push(Remark { text: remark.into_owned(), line: span.start.line(), column: span.start.col() + 2 });
                continue;
            }
            Event::Scalar(value, style, _, tag) => {
                let forced = tag.as_ref().and_then(|tag| tag.core_suffix().map(str::to_owned));
                Some(scalar(&value, style, forced.as_deref(), scalars))
            }
            Event::SequenceStart(..) => {
                open.push(Open::List(Vec::new()));
                None
            }
            Event::MappingStart(..) => {
                open.push(Open::Map(Vec::new(), None, HashSet::new()));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(Open::close),
            Event::Alias(_) | Event::UnresolvedAlias(_) => return refuse("aliases are not used here"),
            _ => None,
        };
        if open.len() > MAX_DEPTH {
            return refuse("it is nested too deep");
        }
        if let Some(node) = done {
            match open.last_mut() {
                Some(parent) => parent.take(node, &span)?,
                None => stream.documents.push(node),
            }
        }
    }
    Ok(stream)
}

/// Reads the one document of `text`.
///
/// # Errors
/// Those of [`read_yaml`], and when there is none or more than one.
pub fn read_one(text: &str) -> Result<Node> {
    let mut documents = read_yaml(text, Scalars::Meant)?.documents;
    match (documents.pop(), documents.is_empty()) {
        (Some(document), true) => Ok(document),
        (None, _) => Err(invalid(1, 1, "it is empty")),
        (Some(_), false) => Err(invalid(1, 1, "it holds more than one document")),
    }
}

/// `node` as YAML in block style.
///
/// # Errors
/// When it cannot be written, which is a defect.
pub fn write_yaml(node: &Node) -> Result<String> {
    let options = serde_yaml::ser_options! { prefer_block_scalars: false };
    serde_yaml::to_string_with_options(node, options)
        .map_err(|cause| Error::new(Kind::Bug, "not_serialisable", "a document could not be written as YAML").caused_by(cause.to_string()))
}

fn invalid(line: usize, column: usize, why: &str) -> Error {
    Error::new(Kind::Input, "invalid_yaml", format!("line {line}, column {column}: {why}")).detail("line", line)
}

/// A list or map that is not closed yet; a map with the key that waits for its value, and all its keys.
enum Open {
    List(Vec<Node>),
    Map(Vec<(String, Node)>, Option<String>, HashSet<String>),
}

impl Open {
    fn take(&mut self, node: Node, span: &Span) -> Result<()> {
        let refuse = |why: &str| Err(invalid(span.start.line(), span.start.col() + 1, why));
        match self {
            Self::List(items) => items.push(node),
            Self::Map(entries, key, seen) => {
                if let Some(key) = key.take() {
                    entries.push((key, node));
                    return Ok(());
                }
                let name = match node {
                    Node::Text(text) => text,
                    Node::Int(number) => number.to_string(),
                    Node::Float(number) => number.to_string(),
                    Node::Bool(yes) => yes.to_string(),
                    Node::Null => "null".to_owned(),
                    Node::List(_) | Node::Map(_) => return refuse("a key must be a plain value"),
                };
                if !seen.insert(name.clone()) {
                    return refuse("a key stands twice");
                }
                *key = Some(name);
            }
        }
        Ok(())
    }

    fn close(self) -> Node {
        match self {
            Self::List(items) => Node::List(items),
            Self::Map(entries, ..) => Node::Map(entries),
        }
    }
}

fn scalar(value: &str, style: ScalarStyle, tag: Option<&str>, scalars: Scalars) -> Node {
    let as_text = scalars == Scalars::AsWritten || style != ScalarStyle::Plain || tag == Some("str");
    if as_text { Node::from(value) } else { meant(value) }
}

/// What a value without quotes means to YAML 1.1.
fn meant(text: &str) -> Node {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Node::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return Node::Bool(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => return Node::Bool(false),
        _ => {}
    }
    whole(text).map(Node::Int).or_else(|| fraction(text).map(Node::Float)).unwrap_or_else(|| Node::from(text))
}

/// A whole number: decimal, `0b…`, `0…` in base 8, `0x…`, `1:30` in base 60; underscores mean nothing.
fn whole(text: &str) -> Option<i128> {
    let (minus, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let plain = digits.replace('_', "");
    let all = |part: &str, radix: u32| !part.is_empty() && part.chars().all(|c| c.is_digit(radix));
    let number = if let Some(binary) = plain.strip_prefix("0b") {
        all(binary, 2).then(|| i128::from_str_radix(binary, 2).ok())?
    } else if let Some(hexadecimal) = plain.strip_prefix("0x") {
        all(hexadecimal, 16).then(|| i128::from_str_radix(hexadecimal, 16).ok())?
    } else if plain == "0" {
        Some(0)
    } else if let Some(octal) = plain.strip_prefix('0') {
        all(octal, 8).then(|| i128::from_str_radix(octal, 8).ok())?
    } else if plain.contains(':') && !digits.starts_with('_') {
        sexagesimal(&plain)
    } else {
        (all(&plain, 10) && !digits.starts_with('_')).then(|| plain.parse().ok())?
    }?;
    Some(if minus { -number } else { number })
}

/// `1:30:05`: a number, then groups of one or two digits below 60.
fn sexagesimal(text: &str) -> Option<i128> {
    let mut parts = text.split(':');
    let first =
        parts.next().filter(|part| part.starts_with(|c: char| ('1'..='9').contains(&c)) && part.bytes().all(|b| b.is_ascii_digit()))?;
    parts.try_fold(first.parse::<i128>().ok()?, |sum, part| {
        let number: i128 = part.parse().ok().filter(|_| part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit()))?;
        (number < 60).then(|| sum.checked_mul(60)?.checked_add(number)).flatten()
    })
}

/// A number with a point; YAML 1.1 knows none without, and wants a sign in the exponent.
fn fraction(text: &str) -> Option<f64> {
    let plain = text.replace('_', "");
    let unsigned = plain.trim_start_matches(['+', '-']);
    match unsigned {
        ".inf" | ".Inf" | ".INF" => return Some(if plain.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY }),
        ".nan" | ".NaN" | ".NAN" if unsigned.len() == plain.len() => return Some(f64::NAN),
        _ => {}
    }
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(mantissa, exponent)| (mantissa, Some(exponent)));
    let (before, after) = mantissa.split_once('.')?;
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let signed = exponent.is_none_or(|exponent| {
        exponent.strip_prefix(['+', '-']).is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
    });
    let sound = digits(before) && digits(after) && !(before.is_empty() && after.is_empty()) && signed && plain.len() - unsigned.len() <= 1;
    if sound && !text.starts_with('_') { plain.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_without_quotes_are_read_as_the_fields_programs_read_them() {
        let text = "a: yes\nb: 12:30\nc: 2026-04-15\nd: 0o17\ne: 1e3\nf: 1.0e+3\ng: 017\nh: ~\ni: 1_000\nj: 'yes'\nk: 0612345678\nl: 0x1F\nm: -1.5\nn: .inf\no: .5\np: \"1\"\n";
        let node = read_one(text).unwrap();
        let told = serde_json::to_string(&node).unwrap();
        assert_eq!(
            told,
            r#"{"a":true,"b":750,"c":"2026-04-15","d":"0o17","e":"1e3","f":1000.0,"g":15,"h":null,"i":1000,"j":"yes","k":"0612345678","l":31,"m":-1.5,"n":null,"o":0.5,"p":"1"}"#
        );
    }

    #[test]
    fn remarks_and_what_is_written_are_kept_apart() {
        let stream = read_yaml("# top\na: 0123 # beside\n---\nb: [1, {c: x}]\n", Scalars::AsWritten).unwrap();
        assert_eq!(serde_json::to_string(&stream.documents).unwrap(), r#"[{"a":"0123"},{"b":["1",{"c":"x"}]}]"#);
        let places: Vec<_> = stream.remarks.iter().map(|remark| (remark.text.as_str(), remark.line, remark.column)).collect();
        assert_eq!(places, [(" top", 1, 2), (" beside", 2, 10)]);
    }

    #[test]
    fn what_could_grow_or_hide_is_refused() {
        for text in ["a: &x 1\nb: *x\n", "a: 1\na: 2\n", "? [a]\n: 1\n", "a: [", &"[".repeat(200)] {
            assert_eq!(read_yaml(text, Scalars::Meant).unwrap_err().code(), "invalid_yaml", "{text}");
        }
    }

    fn any_node() -> impl Strategy<Value = Node> {
        let text = prop_oneof!["\\PC{0,20}", "[ \n\t:#'\"0-9a-z~.+-]{0,12}", "yes|no|12:30|2026-04-15|=|<<|1e20|~|null"];
        let leaf = prop_oneof![
            Just(Node::Null),
            any::<bool>().prop_map(Node::Bool),
            any::<i64>().prop_map(|number| Node::Int(number.into())),
            any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Node::Float),
            text.clone().prop_map(Node::Text),
        ];
        leaf.prop_recursive(3, 24, 4, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Node::List),
                proptest::collection::btree_map(text.clone(), inner, 0..4).prop_map(|entries| Node::Map(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(node in any_node()) {
            let written = write_yaml(&node).unwrap();
            prop_assert_eq!(read_one(&written).unwrap(), node, "{}", written);
        }
    }
}
