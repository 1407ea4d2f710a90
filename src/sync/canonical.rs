//! One text for one content: what the version of a snapshot is the hash of.
//!
//! The form is that of RFC 8785 (JSON Canonicalization Scheme): no white space, members sorted by the UTF-16 units of their
//! names, the shortest escapes, numbers as ECMAScript writes them. One thing differs: a whole number of up to 64 bits is written
//! digit by digit, also beyond 2^53, so that two of them never look the same.

use std::fmt::Write;

use serde_json::{Map, Number, Value};
use sha2::{Digest, Sha256};

/// The version of these skills and workflows: SHA-256 of the canonical text of `{"skills": […], "workflows": […]}`, in
/// lower-case hexadecimal digits. The same content has the same version on every server and after every restart.
pub fn version_of(skills: &[Map<String, Value>], workflows: &[Map<String, Value>]) -> String {
    hex(&Sha256::digest(canonical(skills, workflows).as_bytes()))
}

/// The canonical text of `{"skills": […], "workflows": […]}`.
pub fn canonical(skills: &[Map<String, Value>], workflows: &[Map<String, Value>]) -> String {
    let mut text = String::from("{\"skills\":");
    documents(skills, &mut text);
    text.push_str(",\"workflows\":");
    documents(workflows, &mut text);
    text.push('}');
    text
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn documents(list: &[Map<String, Value>], text: &mut String) {
    text.push('[');
    for (index, document) in list.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        object(document, text);
    }
    text.push(']');
}

fn value(of: &Value, text: &mut String) {
    match of {
        Value::Null => text.push_str("null"),
        Value::Bool(flag) => text.push_str(if *flag { "true" } else { "false" }),
        Value::Number(of) => number(of, text),
        Value::String(of) => string(of, text),
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                value(item, text);
            }
            text.push(']');
        }
        Value::Object(members) => object(members, text),
    }
}

fn object(members: &Map<String, Value>, text: &mut String) {
    let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
    sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    text.push('{');
    for (index, (name, member)) in sorted.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        string(name, text);
        text.push(':');
        value(member, text);
    }
    text.push('}');
}

fn string(of: &str, text: &mut String) {
    text.push('"');
    for c in of.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\u{8}' => text.push_str("\\b"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\u{c}' => text.push_str("\\f"),
            '\r' => text.push_str("\\r"),
            '\0'..='\u{1f}' => {
                let _ = write!(text, "\\u{:04x}", c as u32);
            }
            _ => text.push(c),
        }
    }
    text.push('"');
}

fn number(of: &Number, text: &mut String) {
    if let Some(whole) = of.as_i64() {
        let _ = write!(text, "{whole}");
    } else if let Some(whole) = of.as_u64() {
        let _ = write!(text, "{whole}");
    } else {
        fraction(of.as_f64().unwrap_or_default(), text);
    }
}

/// `Number::toString` of ECMAScript, section 6.1.6.1.20. Rust's exponent form has the same shortest digits.
fn fraction(of: f64, text: &mut String) {
    if of == 0.0 {
        // Minus zero too.
        text.push('0');
        return;
    }
    if of < 0.0 {
        text.push('-');
    }
    let shortest = format!("{:e}", of.abs());
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let digits = mantissa.replace('.', "");
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let (count, point) = (digits.len() as i32, exponent + 1);
    let zeros = |many: i32| "0".repeat(many.max(0) as usize);
    if (1..=21).contains(&point) {
        if count <= point {
            text.push_str(&digits);
            text.push_str(&zeros(point - count));
        } else {
            let (whole, rest) = digits.split_at(point as usize);
            let _ = write!(text, "{whole}.{rest}");
        }
    } else if (-5..=0).contains(&point) {
        let _ = write!(text, "0.{}{digits}", zeros(-point));
    } else {
        let (first, rest) = digits.split_at(1);
        text.push_str(first);
        if !rest.is_empty() {
            let _ = write!(text, ".{rest}");
        }
        let _ = write!(text, "e{exponent:+}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn text_of(of: &Value) -> String {
        let mut text = String::new();
        value(of, &mut text);
        text
    }

    #[test]
    fn the_examples_of_the_rfc() {
        // Section 3.2.2 and 3.2.3 of RFC 8785.
        let parsed: Value = serde_json::from_str(
            r#"{ "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                 "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false] }"#,
        )
        .unwrap();
        assert_eq!(
            text_of(&parsed),
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\
             \"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"
        );
        let names = json!({ "\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "ö": 7 });
        assert_eq!(text_of(&names), "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}");
    }

    #[test]
    fn numbers_as_ecmascript_writes_them_and_whole_ones_to_the_last_digit() {
        for (number, text) in [
            ("0.0", "0"),
            ("-0.0", "0"),
            ("1.0", "1"),
            ("-1.5", "-1.5"),
            ("1e21", "1e+21"),
            ("1e20", "100000000000000000000"),
            ("123456789012345680000.0", "123456789012345680000"),
            ("0.000001", "0.000001"),
            ("0.0000001", "1e-7"),
            ("1.7976931348623157e308", "1.7976931348623157e+308"),
            ("5e-324", "5e-324"),
            ("9007199254740993", "9007199254740993"),
            ("18446744073709551615", "18446744073709551615"),
            ("-9223372036854775808", "-9223372036854775808"),
        ] {
            assert_eq!(text_of(&serde_json::from_str(number).unwrap()), text, "{number}");
        }
    }

    #[test]
    fn a_version_that_other_programs_can_compute() {
        // echo -n '{"skills":[],"workflows":[]}' | sha256sum
        assert_eq!(version_of(&[], &[]), "3104d1414403bed835cd35c32f6a0da43261951f85aaf22b2af5bdc7ac63d706");
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "\\PC{0,8}".prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((".{0,6}", inner), 0..6).prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_travelled_as_json_has_the_text_that_it_had(of in any_json()) {
            let travelled: Value = serde_json::from_str(&serde_json::to_string(&of).unwrap()).unwrap();
            let pretty: Value = serde_json::from_str(&serde_json::to_string_pretty(&travelled).unwrap()).unwrap();
            prop_assert_eq!(text_of(&of), text_of(&travelled));
            prop_assert_eq!(text_of(&of), text_of(&pretty));
            // The canonical text is JSON itself, and stands for the same.
            let again: Value = serde_json::from_str(&text_of(&of)).unwrap();
            prop_assert_eq!(text_of(&again), text_of(&of));
        }
    }
}
