//! Events: checked as strictly as whoever reads the journal later needs it, and written as they came.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::owner::SessionId;
use super::ports::EventKey;
use crate::error::{Error, Kind, Result};

/// The largest window of an event that is remembered, bytes.
const MAX_WINDOW: usize = 4096;

/// An event that may be written.
#[derive(Debug)]
pub struct Line {
    /// The line, with its end.
    pub bytes: Vec<u8>,
    /// What is kept of its id, if it has one.
    pub key: Option<EventKey>,
    /// The window that it tells of, JSON.
    pub window: Option<String>,
}

/// The line of an event: `{"session_id", "timestamp", "event", "machine_id", "event_id"?}` with the event as it was sent.
///
/// # Errors
/// 422 naming the field: `event` is no object, holds a text that is no Unicode, or a whole number beyond 64 bits; 413 when it is larger
/// than `most` bytes.
pub fn line(
    session: &SessionId,
    machine: &str,
    timestamp: &serde_json::Number,
    event: &RawValue,
    event_id: Option<&str>,
    most: usize,
) -> Result<Line> {
    let raw = event.get();
    if raw.len() > most {
        return Err(Error::new(Kind::TooLarge, "event_too_large", format!("the event is larger than {most} bytes")));
    }
    let wrong = |kind: &str, why: &str| Error::field(&["body", "event"], kind, why.to_owned());
    if !raw.starts_with('{') {
        return Err(wrong("type_error", "must be an object"));
    }
    let mut reader = serde_json::Deserializer::from_str(raw);
    Strict
        .deserialize(&mut reader)
        .map_err(|_| wrong("json_invalid", "holds what is no valid JSON: a lone surrogate, or a number that is none"))?;
    if crate::json::has_huge_integer(raw) {
        return Err(wrong("value_error", "holds a whole number beyond 64 bits"));
    }
    let mut bytes = Vec::with_capacity(raw.len() + 160);
    bytes.extend_from_slice(b"{\"session_id\":\"");
    bytes.extend_from_slice(session.as_str().as_bytes());
    bytes.extend_from_slice(b"\",\"timestamp\":");
    bytes.extend_from_slice(timestamp.to_string().as_bytes());
    bytes.extend_from_slice(b",\"event\":");
    // A line end between tokens is white space; within a text there is none.
    bytes.extend(raw.bytes().map(|byte| if byte == b'\n' || byte == b'\r' { b' ' } else { byte }));
    bytes.extend_from_slice(b",\"machine_id\":\"");
    bytes.extend_from_slice(machine.as_bytes());
    bytes.push(b'"');
    if let Some(id) = event_id {
        bytes.extend_from_slice(b",\"event_id\":");
        // A text is always JSON.
        bytes.extend_from_slice(serde_json::to_string(id).unwrap_or_default().as_bytes());
    }
    bytes.extend_from_slice(b"}\n");
    Ok(Line { bytes, key: event_id.map(|id| event_key(session, id)), window: window(raw) })
}

/// What is kept of an event's id.
pub fn event_key(session: &SessionId, event_id: &str) -> EventKey {
    let mut hash = Sha256::new();
    hash.update(session.key());
    hash.update([0]);
    hash.update(event_id);
    let whole: [u8; 32] = hash.finalize().into();
    let mut key = [0; 16];
    key.copy_from_slice(&whole[..16]);
    key
}

/// The `event_id` of a line of a journal, if it is one.
pub fn event_id_of(line: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Named {
        event_id: Option<String>,
    }
    if !line.windows(11).any(|part| part == b"\"event_id\":") {
        return None;
    }
    serde_json::from_slice::<Named>(line).ok()?.event_id
}

fn window(raw: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Told<'a> {
        #[serde(borrow)]
        window: Option<&'a RawValue>,
    }
    if !raw.contains("\"window\"") {
        return None;
    }
    let told = serde_json::from_str::<Told<'_>>(raw).ok()?.window?.get();
    (told.starts_with('{') && told.len() <= MAX_WINDOW).then(|| told.to_owned())
}

/// Reads a value to its last text, and keeps nothing of it: raw JSON may hold escapes that are no Unicode.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Strict)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while fields.next_key_seed(Strict)?.is_some() {
            fields.next_value_seed(Strict)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn write(event: &str) -> Result<Line> {
        let raw = RawValue::from_string(event.to_owned()).map_err(|cause| Error::new(Kind::Input, "no_json", cause.to_string()))?;
        line(&"sess_1".parse().unwrap(), "pc-1", &serde_json::Number::from_f64(1.5).unwrap(), &raw, Some("e\"1"), 10_000)
    }

    #[test]
    fn what_others_could_not_read_is_refused() {
        for event in [r#"{"a":"\ud800"}"#, r#"{"\udfff":1}"#, r#"{"a":18446744073709551616}"#, r#"{"a":[-9223372036854775809]}"#, "[]", "5"]
        {
            assert_eq!(write(event).unwrap_err().field_faults()[0].loc, ["body", "event"], "{event}");
        }
        for event in [
            r#"{"a":18446744073709551615}"#,
            r#"{"a":-9223372036854775808}"#,
            r#"{"a":1.0e300,"b":"99999999999999999999"}"#,
            r#"{"a":"\ud83d\ude00"}"#,
        ] {
            assert!(write(event).is_ok(), "{event}");
        }
        assert_eq!(write(&format!(r#"{{"a":"{}"}}"#, "x".repeat(10_000))).unwrap_err().kind(), Kind::TooLarge);
    }

    #[test]
    fn the_window_and_the_id_are_told() {
        let line = write("{\"type\":\"click\",\n \"window\" : {\"title\":\"x\"}}").unwrap();
        assert_eq!(line.window.as_deref(), Some(r#"{"title":"x"}"#));
        assert_eq!(event_id_of(&line.bytes).as_deref(), Some("e\"1"));
        assert_eq!(line.key, Some(event_key(&"SESS_1".parse().unwrap(), "e\"1")));
        assert_eq!(event_id_of(b"{\"event\":{}}"), None);
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(|it| json!(it)),
            "\\PC{0,12}".prop_map(Value::from),
            "[\\n\\r\\t\"\\\\]{0,4}".prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map("\\PC{0,6}", inner, 0..6).prop_map(|map| Value::Object(map.into_iter().collect()))
            ]
        })
    }

    proptest! {
        #[test]
        fn any_event_is_one_line_that_says_the_same(fields in prop::collection::btree_map("\\PC{0,6}", value(), 0..6), pretty: bool) {
            let event = Value::Object(fields.into_iter().collect());
            let text = if pretty { serde_json::to_string_pretty(&event).unwrap() } else { event.to_string() };
            let line = write(&text).unwrap();
            prop_assert_eq!(line.bytes.split(|byte| *byte == b'\n').count(), 2);
            prop_assert_eq!(line.bytes.last(), Some(&b'\n'));
            let read: Value = serde_json::from_slice(&line.bytes).unwrap();
            prop_assert_eq!(&read["event"], &serde_json::from_str::<Value>(&text).unwrap());
            prop_assert_eq!(&read["session_id"], "sess_1");
        }

        #[test]
        fn noise_never_panics(text in "\\PC{0,60}") {
            let _ = write(&text);
        }
    }
}
