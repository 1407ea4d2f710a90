//! YAML as the field's programs mean it, read into JSON.
//!
//! They write and read with `PyYAML`, which is YAML 1.1: `yes` is true, `1e3` and `0o17` are texts, `010` is eight. A reader of YAML 1.2
//! would give another value where they wrote a plain text, so a plain scalar is resolved here by `PyYAML`'s rules. What JSON cannot say
//! (no numbers, keys that are no texts, dates as anything but text) is refused or kept as the text that it is.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, Tag};
use serde_json::{Map, Value};

use crate::sync::MAX_DEPTH;

/// The most values of a document, those counted again that an alias repeats.
const MAX_VALUES: usize = 200_000;

/// The one document in `text`.
///
/// # Errors
/// What is wrong with it, with the line where that is known; never a part of the text itself.
pub(super) fn read(text: &str) -> Result<Value, String> {
    let mut reader = Reader::default();
    for next in Parser::new_from_str(text.trim_start_matches('\u{feff}')) {
        let (event, span) = next.map_err(|fault| format!("is no YAML: line {}: {}", fault.marker().line(), fault.info()))?;
        reader.take(event).map_err(|why| format!("line {}: {why}", span.start.line()))?;
    }
    reader.done.ok_or_else(|| "is empty".to_owned())
}

/// A list or a mapping that is not at its end.
enum Open {
    List(Vec<Value>),
    /// What is there, and the key whose value comes next.
    Mapping(Map<String, Value>, Option<String>),
}

#[derive(Default)]
struct Reader {
    /// From the outermost to the innermost, each with its anchor (0 for none).
    open: Vec<(Open, usize)>,
    anchors: HashMap<usize, Value>,
    values: usize,
    done: Option<Value>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar(&text, style, tag.as_deref())?;
                if style == ScalarStyle::Plain && text == "<<" && matches!(self.open.last(), Some((Open::Mapping(_, None), _))) {
                    return Err("merge keys are not read here".to_owned());
                }
                self.put(value, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => self.begin(Open::List(Vec::new()), anchor, tag, "seq"),
            Event::MappingStart(_, anchor, tag) => self.begin(Open::Mapping(Map::new(), None), anchor, tag, "map"),
            Event::SequenceEnd | Event::MappingEnd => {
                let Some((ended, anchor)) = self.open.pop() else { return Ok(()) };
                let value = match ended {
                    Open::List(items) => Value::Array(items),
                    Open::Mapping(members, _) => Value::Object(members),
                };
                self.put(value, anchor)
            }
            Event::Alias(anchor) => {
                // An anchor that is not at its end is not there yet: nothing can hold itself.
                let value = self.anchors.get(&anchor).cloned().ok_or("an alias stands for what holds it")?;
                self.count(values_in(&value))?;
                self.put(value, 0)
            }
            Event::DocumentStart(..) if self.done.is_some() => Err("there is more than one document".to_owned()),
            _ => Ok(()),
        }
    }

    fn begin(&mut self, open: Open, anchor: usize, tag: Option<Cow<'_, Tag>>, kind: &str) -> Result<(), String> {
        if tag.is_some_and(|tag| !core_tag(&tag, kind)) {
            return Err("a tag that is not read here".to_owned());
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(format!("is nested deeper than {MAX_DEPTH} levels"));
        }
        self.open.push((open, anchor));
        Ok(())
    }

    fn count(&mut self, values: usize) -> Result<(), String> {
        self.values += values;
        if self.values > MAX_VALUES { Err(format!("there are more than {MAX_VALUES} values")) } else { Ok(()) }
    }

    fn put(&mut self, value: Value, anchor: usize) -> Result<(), String> {
        self.count(1)?;
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        match self.open.last_mut() {
            None => self.done = Some(value),
            Some((Open::List(items), _)) => items.push(value),
            Some((Open::Mapping(members, key), _)) => match key.take() {
                None => *key = Some(key_of(value)?),
                Some(name) => {
                    if members.contains_key(&name) {
                        return Err("a key stands twice".to_owned());
                    }
                    members.insert(name, value);
                }
            },
        }
        Ok(())
    }
}

fn values_in(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(values_in).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(values_in).sum::<usize>(),
        _ => 1,
    }
}

/// A key as JSON has it, as the field's programs write theirs.
fn key_of(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Bool(_) | Value::Null => Ok(value.to_string()),
        Value::Number(number) if !number.is_f64() => Ok(number.to_string()),
        _ => Err("a key is no text".to_owned()),
    }
}

fn core_tag(tag: &Tag, suffix: &str) -> bool {
    tag.is_yaml_core_schema() && tag.suffix() == suffix
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Value, String> {
    let plain = || resolve(text);
    match tag {
        None if style == ScalarStyle::Plain => plain(),
        None => Ok(Value::from(text)),
        Some(tag) if core_tag(tag, "str") || core_tag(tag, "timestamp") => Ok(Value::from(text)),
        Some(tag) => {
            let value = plain()?;
            let fits = match &value {
                Value::Null => core_tag(tag, "null"),
                Value::Bool(_) => core_tag(tag, "bool"),
                Value::Number(number) => core_tag(tag, if number.is_f64() { "float" } else { "int" }),
                _ => false,
            };
            if fits { Ok(value) } else { Err("a tag that is not read here".to_owned()) }
        }
    }
}

/// A plain scalar by `PyYAML`'s implicit resolvers.
fn resolve(text: &str) -> Result<Value, String> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return Ok(Value::Bool(true)),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => return Ok(Value::Bool(false)),
        _ => {}
    }
    let (negative, unsigned) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Err("a number that JSON cannot write".to_owned());
    }
    if let Some(whole) = whole(unsigned) {
        let whole = whole.map_err(|_| "a number of more than 64 bits")?;
        let signed = if negative { -whole } else { whole };
        return match (i64::try_from(signed), u64::try_from(signed)) {
            (Ok(number), _) => Ok(Value::from(number)),
            (_, Ok(number)) => Ok(Value::from(number)),
            _ => Err("a number of more than 64 bits".to_owned()),
        };
    }
    match fraction(text, unsigned) {
        Some(number) if number.is_finite() => Ok(Value::from(if negative { -number } else { number })),
        Some(_) => Err("a number that JSON cannot write".to_owned()),
        None => Ok(Value::from(text)),
    }
}

/// A whole number that is larger than any that is read.
struct TooLarge;

/// A whole number without its sign.
fn whole(text: &str) -> Option<Result<i128, TooLarge>> {
    let radix = |digits: &str, radix: u32| {
        let known = digits.chars().all(|c| c == '_' || c.is_digit(radix));
        let digits = digits.replace('_', "");
        (known && !digits.is_empty()).then(|| i128::from_str_radix(&digits, radix).map_err(|_| TooLarge))
    };
    if let Some(digits) = text.strip_prefix("0b") {
        return radix(digits, 2);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    match text.as_bytes() {
        [b'0'] => Some(Ok(0)),
        [b'0', ..] => radix(&text[1..], 8),
        [b'1'..=b'9', ..] if text.contains(':') => sixties(text),
        [b'1'..=b'9', ..] => radix(text, 10),
        _ => None,
    }
}

/// `12:30:00`, which YAML 1.1 takes for a number to the base 60.
fn sixties(text: &str) -> Option<Result<i128, TooLarge>> {
    let mut parts = text.split(':');
    let first = parts.next()?.replace('_', "");
    let mut sum: Option<i128> = first.parse().ok();
    if !first.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    for part in parts {
        let fits = matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
        let value: i128 = part.parse().ok().filter(|_| fits)?;
        sum = sum.and_then(|sum| sum.checked_mul(60)?.checked_add(value));
    }
    Some(sum.ok_or(TooLarge))
}

/// A number with a point, without its sign. An exponent counts only with a sign of its own, as `PyYAML` has it.
fn fraction(text: &str, unsigned: &str) -> Option<f64> {
    if unsigned.contains(':') {
        let (sixty, rest) = unsigned.split_once('.')?;
        let digits = rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
        let known = sixty.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
        let whole = sixties(sixty)?.ok().filter(|_| digits && known)?;
        return format!("{whole}.{}0", rest.replace('_', "")).parse().ok();
    }
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let (before, after) = mantissa.split_once('.')?;
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    // `.5` has no sign of its own, and something behind the point.
    let begins = match before.as_bytes() {
        [] => text == unsigned && after.bytes().next().is_some_and(|byte| byte.is_ascii_digit()),
        [first, ..] => first.is_ascii_digit(),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        exponent.strip_prefix(['+', '-']).is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
    });
    if !begins || !digits(before) || !digits(after) || !exponent_fits {
        return None;
    }
    format!("0{}0e{}", mantissa.replace('_', ""), exponent.unwrap_or("0")).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn plain_scalars_mean_what_pyyaml_means() {
        // What PyYAML 6 gives for each, the dates as their texts.
        for (text, value) in [
            ("yes", json!(true)),
            ("Off", json!(false)),
            ("y", json!("y")),
            ("~", json!(null)),
            ("", json!(null)),
            ("0o17", json!("0o17")),
            ("1e3", json!("1e3")),
            ("1.0e3", json!("1.0e3")),
            ("1.0e+3", json!(1000.0)),
            ("1.", json!(1.0)),
            (".5", json!(0.5)),
            ("-.5", json!("-.5")),
            ("010", json!(8)),
            ("08", json!("08")),
            ("0x1F", json!(31)),
            ("0b101", json!(5)),
            ("1_000", json!(1000)),
            ("-12", json!(-12)),
            ("12:30", json!(750)),
            ("12:30:01.5", json!(45001.5)),
            ("12:60", json!("12:60")),
            ("2024-01-01", json!("2024-01-01")),
            ("1.2.3", json!("1.2.3")),
            ("18446744073709551615", json!(u64::MAX)),
            ("-", json!("-")),
            ("+", json!("+")),
            ("_1", json!("_1")),
            ("1e", json!("1e")),
            ("é", json!("é")),
        ] {
            assert_eq!(resolve(text).as_ref(), Ok(&value), "{text}");
        }
        for text in [".inf", "-.INF", ".nan", "18446744073709551616", "1.0e+999"] {
            assert!(resolve(text).is_err(), "{text}");
        }
    }

    #[test]
    fn quoted_ones_are_texts_and_aliases_are_what_they_stand_for() {
        let text = "# made by hand\nname: 'yes'\nb: \"1\"\nc: |\n  a\n  b\nd: &id001 [1, {e: f}]\ng: *id001\n1: x\ntrue: y\n";
        let read = read(text).unwrap();
        assert_eq!(
            read,
            json!({ "name": "yes", "b": "1", "c": "a\nb\n", "d": [1, { "e": "f" }], "g": [1, { "e": "f" }], "1": "x", "true": "y" })
        );
    }

    #[test]
    fn what_json_cannot_say_and_what_swells_is_refused() {
        let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for (of, from) in "bcdefgh".chars().zip("abcdefg".chars()) {
            let line = [of.to_string(), ": &".to_owned(), of.to_string(), format!(" [*{from}{}]\n", format!(", *{from}").repeat(8))];
            bomb.extend(line);
        }
        for (text, why) in [
            ("", "is empty"),
            ("a: 1\na: 2", "a key stands twice"),
            ("a: [", "is no YAML"),
            ("--- a\n--- b", "more than one document"),
            ("a: !!python/object:os.system x", "a tag"),
            ("a: !custom {b: c}", "a tag"),
            ("a: &x {b: *x}", "an alias stands for what holds it"),
            ("<<: {a: b}", "merge keys"),
            ("? [a]\n: b", "a key is no text"),
            (bomb.as_str(), "more than 200000 values"),
            (&"[".repeat(120), "nested deeper"),
            (&"[".repeat(5000), "line 1"),
        ] {
            let fault = read(text).unwrap_err();
            assert!(fault.contains(why), "{fault}");
        }
    }

    proptest! {
        #[test]
        fn whatever_stands_in_a_file_ends_in_a_value_or_a_sentence(text in "[ -~\\n]{0,200}") {
            let _ = read(&text);
        }

        #[test]
        fn any_plain_scalar_ends(text in "[-+0-9._:eExXbB]{0,12}") {
            let _ = resolve(&text);
        }
    }
}
