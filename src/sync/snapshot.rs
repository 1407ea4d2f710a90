//! A snapshot as it comes from outside: taken whole, and only when every part of it has its shape and the version is the content's.

use serde_json::{Map, Value};

use super::canonical::{canonical, version_of};
use crate::clock::Time;
use crate::error::{Error, Kind, Result};

/// Digits of a version.
const VERSION_DIGITS: usize = 64;

/// The longest signature, characters; a minisign file has about 300.
const MAX_SIGNATURE: usize = 4096;

/// A skill or a workflow.
pub type Entry = Map<String, Value>;

/// Skills and workflows at one moment.
#[derive(Clone, PartialEq)]
pub struct Snapshot {
    /// The hash of what follows; another server's may be any text.
    pub version: String,
    /// Each with a `name`.
    pub skills: Vec<Entry>,
    /// Each with a `workflow_id`, no two the same.
    pub workflows: Vec<Entry>,
    /// Since when the server serves it, if that is known.
    pub synced_at: Option<Time>,
    /// A minisign signature over the canonical text of skills and workflows.
    pub signature: Option<String>,
}

impl std::fmt::Debug for Snapshot {
    /// Without the documents, which may hold what somebody typed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("version", &self.version).field("synced_at", &self.synced_at).finish_non_exhaustive()
    }
}

/// What the trusted comment of a snapshot's signature says: which version it is, and since when it is served. The time is signed too, so
/// that an old snapshot cannot be given a new one.
pub fn claim_of(version: &str, synced_at: Time) -> String {
    format!("lea config version:{version} synced_at:{synced_at}")
}

/// Whether `text` has the form of a version that is a hash.
pub fn is_version(text: &str) -> bool {
    text.len() == VERSION_DIGITS && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

impl Snapshot {
    /// What a server's answer holds, checked whole.
    ///
    /// # Errors
    /// `invalid_snapshot` with everything that is wrong with its shape; `version_mismatch` when the content is not the version's.
    pub fn of_answer(answer: Value) -> Result<Self> {
        let Value::Object(mut fields) = answer else { return Err(invalid(&["it is no JSON object".to_owned()])) };
        let mut faults = Vec::new();
        let mut list = |name: &str, key: &str| match fields.remove(name) {
            None => {
                faults.push(format!("`{name}` is missing"));
                Vec::new()
            }
            Some(of) => entries(name, key, of).unwrap_or_else(|why| {
                faults.push(why);
                Vec::new()
            }),
        };
        let (skills, workflows) = (list("skills", "name"), list("workflows", "workflow_id"));
        let version = match fields.remove("version") {
            Some(Value::String(version)) if is_version(&version) => version,
            Some(_) => {
                faults.push(format!("`version` is no hash of {VERSION_DIGITS} digits"));
                String::new()
            }
            None => {
                faults.push("`version` is missing".to_owned());
                String::new()
            }
        };
        let synced_at = match fields.remove("synced_at") {
            Some(Value::String(text)) => text.parse().ok(),
            _ => None,
        };
        if synced_at.is_none() {
            faults.push("`synced_at` is no time".to_owned());
        }
        let signature = match fields.remove("signature") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.len() <= MAX_SIGNATURE => Some(text),
            Some(_) => {
                faults.push("`signature` is no signature".to_owned());
                None
            }
        };
        if !faults.is_empty() {
            return Err(invalid(&faults));
        }
        let snapshot = Self { version, skills, workflows, synced_at, signature };
        snapshot.check_version()?;
        Ok(snapshot)
    }

    /// What a copy on disk holds. Its version may be another program's, and then cannot be checked.
    ///
    /// # Errors
    /// As [`of_answer`](Self::of_answer).
    pub fn of_copy(version: &Value, skills: Value, workflows: Value, synced_at: &Value, signature: Option<String>) -> Result<Self> {
        let wrong = |why: String| invalid(&[why]);
        let Value::String(version) = version else { return Err(wrong("`version` is no text".to_owned())) };
        let snapshot = Self {
            version: version.clone(),
            skills: entries("skills", "name", skills).map_err(wrong)?,
            workflows: entries("workflows", "workflow_id", workflows).map_err(wrong)?,
            synced_at: synced_at.as_str().and_then(|text| text.parse().ok()),
            signature,
        };
        if is_version(&snapshot.version) {
            snapshot.check_version()?;
        }
        Ok(snapshot)
    }

    /// The text that a signature is made over.
    pub fn canonical(&self) -> String {
        canonical(&self.skills, &self.workflows)
    }

    fn check_version(&self) -> Result<()> {
        if version_of(&self.skills, &self.workflows) == self.version {
            return Ok(());
        }
        Err(Error::new(Kind::Integrity, "version_mismatch", "the skills and workflows are not those of their version")
            .hint("something on the way may have changed them; ask whoever runs the server"))
    }

    /// The skill called `name`, by its name or else by its id.
    ///
    /// # Errors
    /// `unknown_skill`; `ambiguous_skill` when several have that name.
    pub fn skill(&self, name: &str) -> Result<&Entry> {
        let by =
            |field: &str| self.skills.iter().filter(|skill| skill.get(field).and_then(Value::as_str) == Some(name)).collect::<Vec<_>>();
        let named = by("name");
        match (named.as_slice(), by("id").as_slice()) {
            ([one], _) | ([], [one, ..]) => Ok(one),
            ([], []) => Err(Error::new(Kind::NotFound, "unknown_skill", format!("there is no skill called {name:?}"))
                .hint("`lea sync show` lists those that there are")),
            (several, _) => {
                let ids: Vec<&str> = several.iter().filter_map(|skill| skill.get("id").and_then(Value::as_str)).collect();
                Err(Error::new(Kind::Conflict, "ambiguous_skill", format!("{} skills are called {name:?}", several.len()))
                    .hint(format!("name one by its id: {}", ids.join(", ")))
                    .detail("ids", ids))
            }
        }
    }

    /// The workflow of this id.
    ///
    /// # Errors
    /// `unknown_workflow`.
    pub fn workflow(&self, id: &str) -> Result<&Entry> {
        let found = self.workflows.iter().find(|workflow| workflow.get("workflow_id").and_then(Value::as_str) == Some(id));
        found.ok_or_else(|| {
            Error::new(Kind::NotFound, "unknown_workflow", format!("there is no workflow of the id {id:?}"))
                .hint("`lea sync show` lists those that there are")
        })
    }
}

/// A list of objects, each with a text under `key`; ids of workflows stand once.
fn entries(name: &str, key: &str, of: Value) -> Result<Vec<Entry>, String> {
    let Value::Array(items) = of else { return Err(format!("`{name}` is no list")) };
    let mut list = Vec::with_capacity(items.len());
    let mut seen = std::collections::HashSet::new();
    for (index, item) in items.into_iter().enumerate() {
        let Value::Object(entry) = item else { return Err(format!("`{name}[{index}]` is no object")) };
        match entry.get(key) {
            Some(Value::String(text)) if !text.is_empty() => {
                if !seen.insert(text.clone()) && key == "workflow_id" {
                    return Err(format!("`{name}[{index}]` has the id of another"));
                }
            }
            _ => return Err(format!("`{name}[{index}].{key}` is no text")),
        }
        list.push(entry);
    }
    Ok(list)
}

fn invalid(faults: &[String]) -> Error {
    Error::new(Kind::Unreachable, "invalid_snapshot", format!("what came is no snapshot of skills and workflows: {}", faults.join(", ")))
        .hint("check --server, and that it is a lea server of this version or newer")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn good() -> Value {
        let skills =
            json!([{ "name": "Ouvrir", "id": "ouvrir" }, { "name": "Ouvrir", "id": "ouvrir_2" }, { "name": "Fermer", "id": "fermer" }]);
        let workflows = json!([{ "workflow_id": "w1" }]);
        let version = version_of(
            &serde_json::from_value::<Vec<Entry>>(skills.clone()).unwrap(),
            &serde_json::from_value::<Vec<Entry>>(workflows.clone()).unwrap(),
        );
        json!({ "version": version, "skills": skills, "workflows": workflows, "synced_at": "2026-11-21T10:00:00+00:00", "new_field": 1 })
    }

    #[test]
    fn what_is_whole_is_taken_and_every_other_shape_is_refused_with_what_is_wrong() {
        assert!(Snapshot::of_answer(good()).is_ok());
        let changed = |field: &str, value: Value| {
            let mut answer = good();
            answer[field] = value;
            answer
        };
        let without = |field: &str| {
            let mut answer = good();
            answer.as_object_mut().unwrap().remove(field);
            answer
        };
        for (answer, code, named) in [
            (json!([]), "invalid_snapshot", "no JSON object"),
            (json!(null), "invalid_snapshot", "no JSON object"),
            (json!({}), "invalid_snapshot", "`skills` is missing, `workflows` is missing, `version` is missing, `synced_at`"),
            (changed("skills", json!(null)), "invalid_snapshot", "`skills` is no list"),
            (changed("workflows", json!(null)), "invalid_snapshot", "`workflows` is no list"),
            (changed("workflows", json!({})), "invalid_snapshot", "`workflows` is no list"),
            (changed("skills", json!([null])), "invalid_snapshot", "`skills[0]` is no object"),
            (changed("skills", json!([{ "id": "x" }])), "invalid_snapshot", "`skills[0].name`"),
            (changed("workflows", json!([{ "workflow_id": 1 }])), "invalid_snapshot", "`workflows[0].workflow_id`"),
            (changed("workflows", json!([{ "workflow_id": "a" }, { "workflow_id": "a" }])), "invalid_snapshot", "the id of another"),
            (changed("version", json!(null)), "invalid_snapshot", "`version`"),
            (changed("version", json!("v1")), "invalid_snapshot", "`version`"),
            (changed("synced_at", json!(null)), "invalid_snapshot", "`synced_at`"),
            (changed("synced_at", json!("yesterday")), "invalid_snapshot", "`synced_at`"),
            (changed("signature", json!([])), "invalid_snapshot", "`signature`"),
            (changed("version", json!("0".repeat(64))), "version_mismatch", "not those of their version"),
            (changed("skills", json!([])), "version_mismatch", "not those of their version"),
            (without("skills"), "invalid_snapshot", "`skills` is missing"),
        ] {
            let error = Snapshot::of_answer(answer).unwrap_err();
            assert_eq!(error.code(), code, "{error}");
            assert!(error.message().contains(named), "{error}");
        }
    }

    #[test]
    fn a_copy_of_another_program_is_read_and_one_of_ours_is_checked() {
        let (skills, workflows) = (json!([{ "name": "a" }]), json!([]));
        let copy = |version: &str| Snapshot::of_copy(&json!(version), skills.clone(), workflows.clone(), &json!(null), None);
        assert_eq!(copy("0123456789abcdef").unwrap().synced_at, None);
        assert_eq!(copy(&"0".repeat(64)).unwrap_err().code(), "version_mismatch");
        assert!(Snapshot::of_copy(&json!("x"), json!(null), workflows, &json!(null), None).is_err());
    }

    #[test]
    fn a_skill_is_found_by_its_name_or_its_id_and_never_guessed() {
        let snapshot = Snapshot::of_answer(good()).unwrap();
        assert_eq!(snapshot.skill("Fermer").unwrap()["id"], "fermer");
        assert_eq!(snapshot.skill("ouvrir_2").unwrap()["id"], "ouvrir_2");
        assert_eq!(snapshot.skill("Ouvrir").unwrap_err().details()["ids"], json!(["ouvrir", "ouvrir_2"]));
        assert_eq!(snapshot.skill("fermé").unwrap_err().kind(), Kind::NotFound);
        assert_eq!(snapshot.workflow("w1").unwrap()["workflow_id"], "w1");
        assert!(snapshot.workflow("W1").is_err());
    }
}
