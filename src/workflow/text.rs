//! Variables in texts.

use serde_json::{Map, Value};

/// Whole numbers up to this are exact in every program that reads them as floats.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Why a text cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfilled {
    /// Nobody says what this variable stands for.
    Unset(String),
    /// What it stands for is no text and no number: yes or no, a list, an object, or a number too large to be exact.
    NotText(String),
}

/// `text` with each `${name}` replaced by what it stands for: in `params`, else in `defaults`; null counts as unset. What is put in
/// is not looked at again. A name is of letters, digits and underscores in any script; anything else after `${` is plain text.
///
/// Texts stand as they are, whole numbers in digits, others in plain decimals as Python writes them.
///
/// # Errors
/// The first variable that is unset or stands for no text.
pub fn substitute(text: &str, params: &Map<String, Value>, defaults: &Map<String, Value>) -> Result<String, Unfilled> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        filled.push_str(&rest[..start]);
        let after = &rest[start + 2..];
        let length = after.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(after.len());
        if length == 0 || !after[length..].starts_with('}') {
            filled.push_str("${");
            rest = after;
            continue;
        }
        let name = &after[..length];
        let set = |values: &Map<String, Value>| values.get(name).filter(|value| !value.is_null()).cloned();
        let value = set(params).or_else(|| set(defaults)).ok_or_else(|| Unfilled::Unset(name.to_owned()))?;
        filled.push_str(&in_words(&value).ok_or_else(|| Unfilled::NotText(name.to_owned()))?);
        rest = &after[length + 1..];
    }
    filled.push_str(rest);
    Ok(filled)
}

fn in_words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        Value::Number(number) => {
            let number = number.as_f64().filter(|number| number.abs() < EXACT)?;
            let text = number.to_string();
            Some(if text.contains('.') { text } else { format!("{text}.0") })
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn map(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn params_come_before_defaults_and_null_before_neither() {
        let (params, defaults) = (map(&json!({ "a": "A", "n": null })), map(&json!({ "a": "D", "n": "N", "b": 2, "f": 1e-7 })));
        assert_eq!(substitute("${a}${n}${b}${f}", &params, &defaults).unwrap(), "AN20.0000001");
        assert_eq!(substitute("x${gone}", &params, &defaults), Err(Unfilled::Unset("gone".to_owned())));
        assert_eq!(substitute("${n}", &params, &Map::new()), Err(Unfilled::Unset("n".to_owned())));
        for value in [json!(true), json!([1]), json!({}), json!(1e21), json!(1e16)] {
            assert_eq!(substitute("${v}", &map(&json!({ "v": value })), &Map::new()), Err(Unfilled::NotText("v".to_owned())));
        }
    }

    proptest! {
        #[test]
        fn text_without_variables_stays_and_what_is_put_in_is_not_looked_at(text in "\\PC{0,40}", value in "[${}a ]{0,8}") {
            let plain = text.replace("${", "");
            prop_assert_eq!(substitute(&plain, &Map::new(), &Map::new()).unwrap(), plain.clone());
            let params = map(&json!({ "a": value }));
            prop_assert_eq!(substitute(&format!("{plain}${{a}}!"), &params, &Map::new()).unwrap(), format!("{plain}{value}!"));
        }
    }
}
