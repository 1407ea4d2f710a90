//! What differs between two snapshots, by name.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::snapshot::{Entry, Snapshot};

/// A skill or a workflow that is another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its name, or a workflow's id.
    pub name: String,
    /// The members of it that differ.
    pub fields: Vec<String>,
}

/// What differs in one list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Names that are new.
    pub added: Vec<String>,
    /// Names that are gone.
    pub removed: Vec<String>,
    /// Names that stand for something else now.
    pub changed: Vec<Change>,
}

impl Changes {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }

    /// All names that are in it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let changed = self.changed.iter().map(|change| change.name.as_str());
        self.added.iter().chain(&self.removed).map(String::as_str).chain(changed)
    }
}

/// What differs between two snapshots.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Skills, by name.
    pub skills: Changes,
    /// Workflows, by id.
    pub workflows: Changes,
}

impl Difference {
    /// From `before`, which may be nothing, to `after`.
    pub fn between(before: Option<&Snapshot>, after: &Snapshot) -> Self {
        let list = |of: fn(&Snapshot) -> &Vec<Entry>| before.map(|snapshot| of(snapshot).as_slice()).unwrap_or_default();
        Self {
            // A skill's id is its own; what another program served may have none.
            skills: changes(list(|snapshot| &snapshot.skills), &after.skills, &["id", "name"], "name"),
            workflows: changes(list(|snapshot| &snapshot.workflows), &after.workflows, &["workflow_id"], "workflow_id"),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.skills.is_empty() && self.workflows.is_empty()
    }
}

/// What differs between two lists; entries are the same one when the first text under `keys` is, and are told as `name`.
fn changes(before: &[Entry], after: &[Entry], keys: &[&str], name: &str) -> Changes {
    fn text<'a>(entry: &'a Entry, key: &str) -> Option<&'a str> {
        entry.get(key).and_then(Value::as_str)
    }
    fn by_key<'a>(list: &'a [Entry], keys: &[&str]) -> BTreeMap<&'a str, &'a Entry> {
        // Of twins the first counts, as for whoever looks one up.
        list.iter().rev().filter_map(|entry| Some((keys.iter().find_map(|key| text(entry, key))?, entry))).collect()
    }
    let (old, new) = (by_key(before, keys), by_key(after, keys));
    let shown = |key: &str, entry: &Entry| text(entry, name).unwrap_or(key).to_owned();
    let mut found = Changes::default();
    for (key, entry) in &new {
        match old.get(key) {
            None => found.added.push(shown(key, entry)),
            Some(was) if was != entry => found.changed.push(Change { name: shown(key, entry), fields: fields(was, entry) }),
            Some(_) => {}
        }
    }
    found.removed.extend(old.iter().filter(|(key, _)| !new.contains_key(*key)).map(|(key, entry)| shown(key, entry)));
    found.added.sort();
    found.removed.sort();
    found.changed.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn fields(was: &Entry, is: &Entry) -> Vec<String> {
    let mut names: Vec<String> = was.iter().filter(|(name, value)| is.get(*name) != Some(value)).map(|(name, _)| name.clone()).collect();
    names.extend(is.keys().filter(|name| !was.contains_key(*name)).cloned());
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn snapshot(skills: Value, workflows: Value) -> Snapshot {
        Snapshot::of_copy(&json!("any"), skills, workflows, &json!(null), None).unwrap()
    }

    #[test]
    fn names_of_what_came_went_and_became_another() {
        let before = snapshot(
            json!([{ "id": "a", "name": "Ouvrir", "methods": [1], "gone": 1 }, { "id": "b", "name": "Fermer" }]),
            json!([{ "workflow_id": "w", "edges": [] }]),
        );
        let after = snapshot(
            json!([{ "id": "a", "name": "Ouvrir le dossier", "methods": [2] }, { "name": "sans id" }]),
            json!([{ "workflow_id": "w", "edges": [] }]),
        );
        let found = Difference::between(Some(&before), &after);
        let fields = ["gone", "methods", "name"].map(str::to_owned).to_vec();
        assert_eq!(
            found.skills,
            Changes {
                added: vec!["sans id".to_owned()],
                removed: vec!["Fermer".to_owned()],
                changed: vec![Change { name: "Ouvrir le dossier".to_owned(), fields }],
            }
        );
        assert!(found.workflows.is_empty() && !found.is_empty());
        assert!(Difference::between(Some(&after), &after).is_empty());
        assert_eq!(Difference::between(None, &before).skills.added, ["Fermer", "Ouvrir"]);
        assert_eq!(found.skills.names().collect::<Vec<_>>(), ["sans id", "Fermer", "Ouvrir le dossier"]);
    }
}
