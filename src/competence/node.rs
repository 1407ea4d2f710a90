//! A document as it was written: the order of its keys kept, a repeated key kept too.
//!
//! What the field's programs write keeps the order in which a person named things, so this does as well. A key that stands twice
//! must not hide what its first value says from whoever looks for personal data.

use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One value of a document.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Node {
    /// Nothing.
    #[default]
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i128),
    /// A number with decimals.
    Float(f64),
    /// Text.
    Text(String),
    /// Values in order.
    List(Vec<Node>),
    /// Names and values in order.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The value of `key`, of a repeated one the last, as Python reads it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Names and values; none unless it is a map.
    pub fn entries(&self) -> &[(String, Node)] {
        if let Self::Map(entries) = self { entries } else { &[] }
    }

    /// Values; none unless it is a list.
    pub fn items(&self) -> &[Node] {
        if let Self::List(items) = self { items } else { &[] }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The text of `key`, if it is one.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Node::text)
    }

    /// The whole number, if it is one.
    pub fn int(&self) -> Option<i128> {
        if let Self::Int(number) = self { Some(*number) } else { None }
    }

    /// Whether it counts as nothing to Python: null, false, zero, an empty text, list or map.
    pub fn is_falsy(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Bool(yes) => !yes,
            Self::Int(number) => *number == 0,
            Self::Float(number) => *number == 0.0,
            Self::Text(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Map(entries) => entries.is_empty(),
        }
    }

    /// What kind of value it is, for a message.
    pub fn sort(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "an object",
        }
    }

    /// The same with each key once, where it first stood and with its last value, as Python reads it.
    #[must_use]
    pub fn last_wins(&self) -> Self {
        match self {
            Self::List(items) => Self::List(items.iter().map(Self::last_wins).collect()),
            Self::Map(entries) => {
                let mut places = std::collections::HashMap::new();
                let mut kept: Vec<(String, Self)> = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    if let Some(place) = places.get(key) {
                        kept[*place] = (key.clone(), value.last_wins());
                    } else {
                        places.insert(key, kept.len());
                        kept.push((key.clone(), value.last_wins()));
                    }
                }
                Self::Map(kept)
            }
            plain => plain.clone(),
        }
    }

    /// The same with the keys of every map in the order of their letters, a repeated one once, with its last value: equal documents
    /// are written equally.
    #[must_use]
    pub fn canonical(&self) -> Self {
        match self {
            Self::List(items) => Self::List(items.iter().map(Self::canonical).collect()),
            Self::Map(entries) => {
                let mut last: Vec<(String, Self)> = Vec::with_capacity(entries.len());
                let sorted: std::collections::BTreeMap<&str, &Self> = entries.iter().map(|(key, value)| (key.as_str(), value)).collect();
                last.extend(sorted.into_iter().map(|(key, value)| (key.to_owned(), value.canonical())));
                Self::Map(last)
            }
            plain => plain.clone(),
        }
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Option<String>> for Node {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

/// A map of what stands in the list, in that order.
pub fn map<const N: usize>(entries: [(&str, Node); N]) -> Node {
    Node::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// A name as one part of a JSON pointer.
pub fn pointer_part(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(yes) => serializer.serialize_bool(*yes),
            Self::Int(number) => match (i64::try_from(*number), u64::try_from(*number)) {
                (Ok(number), _) => serializer.serialize_i64(number),
                (_, Ok(number)) => serializer.serialize_u64(number),
                _ => serializer.serialize_i128(*number),
            },
            Self::Float(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| list.serialize_element(item))?;
                list.end()
            }
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                entries.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        Node::deserialize(deserializer)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Node, E> {
        Ok(Node::Bool(yes))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Int(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Int(number.into()))
    }

    fn visit_i128<E>(self, number: i128) -> Result<Node, E> {
        Ok(Node::Int(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Node, E> {
        Ok(Node::Float(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::from(text))
    }

    fn visit_string<E>(self, text: String) -> Result<Node, E> {
        Ok(Node::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Node::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_repeated_keys_are_kept() {
        let text = r#"{"z":1,"a":[true,null,1.5],"z":"two"}"#;
        let node: Node = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&node).unwrap(), text);
        assert_eq!(node.text_of("z"), Some("two"));
        assert_eq!(serde_json::to_string(&node.canonical()).unwrap(), r#"{"a":[true,null,1.5],"z":"two"}"#);
    }

    #[test]
    fn names_become_parts_of_a_pointer() {
        assert_eq!(pointer_part("a/b~c"), "a~1b~0c");
    }
}
