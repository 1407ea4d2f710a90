//! Whether a closed recording is whole: its events can be read, every shot that they name is there, and time goes forward.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::shot::ShotKind;
use crate::id;

/// How far back a time may lie before it is out of order, seconds: an agent's threads overtake each other.
const TOLERANCE: f64 = 1.0;

/// Problems that are told; of more it is only said how many.
const MAX_PROBLEMS: usize = 50;

/// Kinds of events that are counted by name.
const MAX_KINDS: usize = 200;

/// Fields by which an event names a shot.
const NAMES: [&str; 5] = ["screenshot", "screenshot_id", "shot_id", "shot", "screenshot_path"];

/// Reads a recording's events one after the other, then its shots.
#[derive(Debug, Default)]
pub struct Verifier {
    lines: u64,
    kinds: BTreeMap<String, u64>,
    named: BTreeMap<String, u64>,
    windows: BTreeSet<[u8; 8]>,
    first: Option<f64>,
    last: Option<f64>,
    problems: Vec<String>,
    more: usize,
}

impl Verifier {
    fn problem(&mut self, text: String) {
        if self.problems.len() < MAX_PROBLEMS { self.problems.push(text) } else { self.more += 1 }
    }

    /// Looks at the next line of the journal.
    pub fn line(&mut self, line: &[u8]) {
        self.lines += 1;
        let number = self.lines;
        let Ok(Value::Object(fields)) = serde_json::from_slice::<Value>(line) else {
            return self.problem(format!("line {number}: is no event"));
        };
        match fields.get("timestamp").and_then(Value::as_f64) {
            None => self.problem(format!("line {number}: timestamp is no number")),
            Some(time) => {
                if self.last.is_some_and(|last| time + TOLERANCE < last) {
                    self.problem(format!("line {number}: its time lies before that of an earlier event"));
                }
                self.first = Some(self.first.map_or(time, |first| first.min(time)));
                self.last = Some(self.last.map_or(time, |last| last.max(time)));
            }
        }
        let Some(event @ Value::Object(inside)) = fields.get("event") else {
            return self.problem(format!("line {number}: event is no object"));
        };
        let kind = inside.get("type").and_then(Value::as_str).unwrap_or("");
        let kind = if kind.is_empty() || kind.len() > 64 || !kind.bytes().all(|byte| byte.is_ascii_graphic()) { "other" } else { kind };
        if self.kinds.contains_key(kind) || self.kinds.len() < MAX_KINDS {
            *self.kinds.entry(kind.to_owned()).or_default() += 1;
        }
        if let Some(window) = inside.get("window") {
            use sha2::Digest;
            // Titles are about people; that they differ is enough.
            let hash: [u8; 32] = sha2::Sha256::digest(window.to_string()).into();
            let mut short = [0; 8];
            short.copy_from_slice(&hash[..8]);
            self.windows.insert(short);
        }
        self.shots_in(event, number);
    }

    fn shots_in(&mut self, value: &Value, number: u64) {
        match value {
            Value::Object(fields) => {
                for (name, inside) in fields {
                    match inside {
                        Value::String(text) if NAMES.contains(&name.as_str()) => {
                            if let Some(shot) = shot_named(text) {
                                self.named.entry(shot.to_owned()).or_insert(number);
                            }
                        }
                        inside => self.shots_in(inside, number),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.shots_in(item, number)),
            _ => {}
        }
    }

    /// A shot cannot be used.
    pub fn broken_shot(&mut self, name: &str, why: &str) {
        self.problem(format!("shot {name}: {why}"));
    }

    /// What there is to say of the recording, with its shots (name of the file and bytes): whether it is whole, and why not.
    pub fn finish(mut self, shots: &[(String, u64)]) -> (Value, Vec<String>) {
        let stem = |name: &str| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
        let there: BTreeSet<String> = shots.iter().map(|(name, _)| stem(name)).collect();
        for (shot, number) in std::mem::take(&mut self.named) {
            if !there.contains(&shot) {
                self.problem(format!("line {number}: the shot {shot} that it names is not there"));
            }
        }
        let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
        for shot in &there {
            let kind = match ShotKind::of(shot) {
                ShotKind::Crop => "crop",
                ShotKind::Heartbeat => "heartbeat",
                ShotKind::Focus => "focus",
                ShotKind::Result => "result",
                ShotKind::Full => "full",
                ShotKind::Other => "other",
            };
            *kinds.entry(kind).or_default() += 1;
        }
        if self.more > 0 {
            self.problems.push(format!("and {} more", self.more));
        }
        let summary = json!({
            "events": self.lines,
            "event_types": self.kinds,
            "first_timestamp": self.first,
            "last_timestamp": self.last,
            "duration_seconds": self.first.zip(self.last).map(|(first, last)| last - first),
            "windows": self.windows.len(),
            "shots": kinds,
            "shot_bytes": shots.iter().map(|(_, bytes)| bytes).sum::<u64>(),
            "whole": self.problems.is_empty(),
            "problems": self.problems,
        });
        (summary, self.problems)
    }
}

/// The shot that a text names: an id, perhaps with an ending, perhaps as the last part of a path of the agent's.
fn shot_named(text: &str) -> Option<&str> {
    let name = text.rsplit(['/', '\\']).next().unwrap_or(text);
    let name = name.strip_suffix(".png").or_else(|| name.strip_suffix(".jpg")).or_else(|| name.strip_suffix(".jpeg")).unwrap_or(name);
    let shot = ["shot_", "heartbeat_", "focus_", "res_shot_"].iter().any(|start| name.starts_with(start));
    (shot && id::check(name).is_none()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_is_whole_or_it_is_said_why_not() {
        let mut verifier = Verifier::default();
        verifier
            .line(br#"{"timestamp":10,"event":{"type":"click","screenshot":"C:\\shots\\shot_0001_full.png","window":{"title":"Dupont"}}}"#);
        verifier.line(br#"{"timestamp":9.5,"event":{"type":"click","nested":[{"shot_id":"shot_0002_full"}],"window":{"title":"Martin"}}}"#);
        verifier.line(br#"{"timestamp":12,"event":{"screenshot":"data:image/png;base64,xxxx"}}"#);
        let (summary, problems) = verifier.finish(&[("shot_0001_full.png".to_owned(), 5), ("shot_0002_full.jpg".to_owned(), 6)]);
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!((&summary["windows"], &summary["shots"]["full"], &summary["shot_bytes"]), (&json!(2), &json!(2), &json!(11)));
        assert!(!summary.to_string().contains("Dupont"));

        let mut verifier = Verifier::default();
        for line in
            [&b"{\"timestamp\":10,\"event\":{}}"[..], b"{", b"{\"timestamp\":3,\"event\":{\"shot_id\":\"shot_9_full\"}}", b"{\"event\":5}"]
        {
            verifier.line(line);
        }
        let (summary, problems) = verifier.finish(&[]);
        assert_eq!(problems.len(), 5, "{problems:?}");
        assert!(problems[0].starts_with("line 2") && problems[4].contains("shot_9_full"), "{problems:?}");
        assert_eq!(summary["whole"], false);
    }
}
