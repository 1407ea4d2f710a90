//! What a server serves, read from the data directory: `workflows/*.json` and `competences/{stable,supervised,candidate}/*.yaml`.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::whole::read_capped;
use super::workflows::MAX_WORKFLOW_BYTES;
use crate::competence::{Node, read_one};
use crate::error::{Error, Result};
use crate::sync::{Content, Fingerprint, LeftOut, Loaded, MAX_DEPTH, SkillState, depth_of};
use crate::workflow::parse;

/// The largest file of a skill, bytes.
const MAX_SKILL_BYTES: u64 = 4 << 20;

/// The most files of one folder.
const MAX_FILES: usize = 10_000;

/// What is in the data directory to be served.
#[derive(Debug, Clone)]
pub struct ContentFolder {
    data_dir: PathBuf,
}

/// A folder below the data directory, and how its files end.
struct Part {
    folder: String,
    endings: &'static [&'static str],
}

impl Part {
    fn workflows() -> Self {
        Self { folder: "workflows".to_owned(), endings: &[".json"] }
    }

    fn skills(state: SkillState) -> Self {
        Self { folder: format!("competences/{}", state.name()), endings: &[".yaml", ".yml"] }
    }
}

type Document = Map<String, Value>;

impl ContentFolder {
    /// Of this data directory; the folders need not be there.
    pub fn new(data_dir: PathBuf) -> Self {
        Self { data_dir }
    }

    /// Names and facts of the plain files of a part, in the order of their names. A link is none of them: it could lead anywhere.
    fn files(&self, part: &Part) -> Result<Vec<(String, Metadata)>> {
        let folder = self.data_dir.join(&part.folder);
        let failed = |cause| Error::io("read", &folder, cause);
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(cause) if matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(Vec::new()),
            Err(cause) => return Err(failed(cause)),
        };
        let mut files = Vec::new();
        for entry in entries.take(MAX_FILES) {
            let entry = entry.map_err(failed)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let lower = name.to_lowercase();
            if name.starts_with('.') || !part.endings.iter().any(|ending| lower.ends_with(ending)) {
                continue;
            }
            if let Ok(facts) = entry.path().symlink_metadata()
                && facts.is_file()
            {
                files.push((name, facts));
            }
        }
        files.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(files)
    }

    /// Reads every file of a part; those of which two have the same key are left out, for whichever was taken might be the wrong one.
    fn read(&self, part: &Part, read: impl Fn(&Path) -> Result<(String, Document), String>, found: &mut Found) -> Result<()> {
        for (name, _) in self.files(part)? {
            let file = format!("{}/{name}", part.folder);
            match read(&self.data_dir.join(&part.folder).join(&name)) {
                Ok((key, document)) => found.by_key.entry(key).or_default().push((file, document)),
                Err(reason) => found.left_out.push(LeftOut { file, reason }),
            }
        }
        Ok(())
    }
}

/// What was read, by what it must be known by alone.
#[derive(Default)]
struct Found {
    by_key: BTreeMap<String, Vec<(String, Document)>>,
    left_out: Vec<LeftOut>,
}

impl Found {
    fn documents(self, key: &str, left_out: &mut Vec<LeftOut>) -> Vec<Document> {
        left_out.extend(self.left_out);
        let mut documents = Vec::new();
        for mut twins in self.by_key.into_values() {
            if let [_] = twins.as_slice() {
                documents.extend(twins.pop().map(|(_, document)| document));
                continue;
            }
            // While a competence rises it lies in two states for a moment, or until a change that was cut short is carried on with: the
            // least proven counts. They were read from the most proven on.
            let folders: std::collections::BTreeSet<&Path> = twins.iter().filter_map(|(file, _)| Path::new(file).parent()).collect();
            if folders.len() == twins.len() {
                let taken = twins.pop();
                for (file, _) in twins {
                    let reason = format!("has the same {key} as {}, which is served", taken.as_ref().map_or("another", |(file, _)| file));
                    left_out.push(LeftOut { file, reason });
                }
                documents.extend(taken.map(|(_, document)| document));
                continue;
            }
            let names: Vec<String> = twins.into_iter().map(|(file, _)| file).collect();
            for file in &names {
                let others = names.iter().filter(|other| *other != file).cloned().collect::<Vec<_>>().join(", ");
                let reason = format!("has the same {key} as {others}: none of them is served");
                left_out.push(LeftOut { file: file.clone(), reason });
            }
        }
        documents
    }
}

impl Content for ContentFolder {
    fn fingerprint(&self) -> Result<Fingerprint> {
        let mut hash = Sha256::new();
        for part in SkillState::ALL.map(Part::skills).into_iter().chain([Part::workflows()]) {
            hash.update(format!("{}\0", part.folder));
            for (name, facts) in self.files(&part)? {
                let modified = facts.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                let nanos = modified.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_nanos());
                hash.update(format!("{name}\0{}\0{nanos}\0{}\0", facts.len(), identity(&facts)));
            }
        }
        Ok(hash.finalize().into())
    }

    fn is_gone(&self) -> bool {
        ["workflows", "competences"].iter().all(|folder| !self.data_dir.join(folder).exists())
    }

    fn load(&self) -> Result<Loaded> {
        let (mut skills, mut workflows) = (Found::default(), Found::default());
        for state in SkillState::ALL {
            self.read(&Part::skills(state), |path| skill(path, state), &mut skills)?;
        }
        self.read(&Part::workflows(), workflow, &mut workflows)?;
        let mut loaded = Loaded::default();
        loaded.skills = skills.documents("id", &mut loaded.left_out);
        loaded.workflows = workflows.documents("workflow_id", &mut loaded.left_out);
        Ok(loaded.in_order())
    }
}

/// What tells a file that was replaced within one tick of the clock from the one before it.
#[cfg(unix)]
fn identity(facts: &Metadata) -> String {
    use std::os::unix::fs::MetadataExt;
    format!("{}:{}.{}", facts.ino(), facts.ctime(), facts.ctime_nsec())
}

#[cfg(not(unix))]
fn identity(facts: &Metadata) -> String {
    format!("{:?}", facts.created().ok())
}

fn text_of(path: &Path, ceiling: u64) -> Result<String, String> {
    let bytes = read_capped(path, ceiling).map_err(|error| match error.code() {
        "file_too_large" => format!("is larger than {ceiling} bytes"),
        _ => error.causes().first().map_or_else(|| "cannot be read".to_owned(), |cause| format!("cannot be read: {cause}")),
    })?;
    String::from_utf8(bytes).map_err(|_| "is no UTF-8".to_owned())
}

/// A skill with its id, which is the file's name unless it says another, its name, and the state of its folder.
fn skill(path: &Path, state: SkillState) -> Result<(String, Document), String> {
    let text = text_of(path, MAX_SKILL_BYTES)?;
    let read = read_one(text.trim_start_matches('\u{feff}')).map_err(|error| error.message().to_owned())?;
    let Value::Object(mut document) = value_of(read, MAX_DEPTH)? else { return Err("is no mapping".to_owned()) };
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let text = |document: &Document, field: &str| match document.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text.clone())),
        Some(_) => Err(format!("{field}: must be a text")),
    };
    let id = text(&document, "id")?.unwrap_or_else(|| stem.to_owned());
    let name = text(&document, "name")?.ok_or("name: is missing")?;
    document.insert("id".to_owned(), Value::from(id.clone()));
    document.insert("name".to_owned(), Value::from(name));
    // Where it lies decides; what it says of itself may be from before it was moved.
    document.insert("learning_state".to_owned(), Value::from(state.name()));
    Ok((id, document))
}

/// A document as JSON has it; what JSON cannot say is refused, not bent.
fn value_of(node: Node, levels: usize) -> Result<Value, String> {
    let below = || levels.checked_sub(1).ok_or_else(|| format!("is nested deeper than {MAX_DEPTH} levels"));
    Ok(match node {
        Node::Null => Value::Null,
        Node::Bool(yes) => Value::Bool(yes),
        Node::Int(number) => match (i64::try_from(number), u64::try_from(number)) {
            (Ok(number), _) => Value::from(number),
            (_, Ok(number)) => Value::from(number),
            _ => return Err("a number has more than 64 bits".to_owned()),
        },
        Node::Float(number) if number.is_finite() => Value::from(number),
        Node::Float(_) => return Err("a number is none that JSON can write".to_owned()),
        Node::Text(text) => Value::from(text),
        Node::List(items) => {
            let levels = below()?;
            Value::Array(items.into_iter().map(|item| value_of(item, levels)).collect::<Result<_, _>>()?)
        }
        Node::Map(entries) => {
            let levels = below()?;
            let mut members = Map::new();
            for (key, member) in entries {
                if members.insert(key, value_of(member, levels)?).is_some() {
                    return Err("a key stands twice".to_owned());
                }
            }
            Value::Object(members)
        }
    })
}

/// A workflow as it stands in its file, with its id and a name.
fn workflow(path: &Path) -> Result<(String, Document), String> {
    let text = text_of(path, MAX_WORKFLOW_BYTES)?;
    let text = text.trim_start_matches('\u{feff}');
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let known = parse(text, stem).map_err(|faults| {
        let told = faults.iter().take(3).map(|fault| format!("{} {}", fault.field, fault.reason).trim().to_owned());
        told.collect::<Vec<_>>().join("; ")
    })?;
    let value: Value = serde_json::from_str(text).map_err(|cause| format!("is no JSON: {cause}"))?;
    if crate::json::has_huge_integer(text) {
        return Err("a number has more than 64 bits".to_owned());
    }
    if depth_of(&value) > MAX_DEPTH {
        return Err(format!("is nested deeper than {MAX_DEPTH} levels"));
    }
    let Value::Object(mut document) = value else { return Err("must be a JSON object".to_owned()) };
    document.insert("workflow_id".to_owned(), Value::from(known.id.clone()));
    document.insert("name".to_owned(), Value::from(known.name));
    Ok((known.id, document))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(folder: &Path, name: &str, text: &str) {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        crate::files::write_whole(&path, text.as_bytes(), crate::files::Access::Owner).unwrap();
    }

    #[test]
    fn what_can_be_read_is_served_and_the_rest_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let content = ContentFolder::new(folder.path().to_path_buf());
        let empty = content.fingerprint().unwrap();
        assert_eq!(content.load().unwrap().version(), crate::sync::version_of(&[], &[]));
        for (name, text) in [
            ("competences/stable/ouvrir.yaml", "id: ouvrir\nname: Ouvrir\nlearning_state: candidate\nvalue: 1e3\n"),
            ("competences/candidate/fermer.yml", "name: Fermer\n"),
            ("competences/candidate/twin.yaml", "name: A\n"),
            ("competences/supervised/twin.yaml", "name: B\n"),
            ("competences/candidate/broken.yaml", "a: [\n"),
            ("competences/candidate/nameless.yaml", "id: x\n"),
            ("competences/candidate/endless.yaml", "name: E\nvalue: .inf\n"),
            ("competences/candidate/huge.yaml", "name: H\nvalue: 18446744073709551616\n"),
            ("competences/candidate/.hidden.yaml", "name: hidden\n"),
            ("competences/persist_audit.jsonl", "{}"),
            ("workflows/plain.json", r#"{ "name": "A", "edges": [], "note": 1.0 }"#),
            ("workflows/full.json", r#"{ "workflow_id": "wf_1", "name": "B", "nodes": [], "edges": [] }"#),
            ("workflows/bad.json", "[]"),
        ] {
            put(folder.path(), name, text);
        }
        put(
            folder.path(),
            "workflows/deep.json",
            &format!(r#"{{ "name": "D", "edges": [], "x": {}{} }}"#, "[".repeat(110), "]".repeat(110)),
        );
        put(folder.path(), "competences/candidate/deep.yaml", &format!("name: D\nx: {}{}\n", "[".repeat(110), "]".repeat(110)));
        assert_ne!(content.fingerprint().unwrap(), empty);
        let loaded = content.load().unwrap();
        let names = |list: &[Document], key: &str| list.iter().map(|of| of[key].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(names(&loaded.skills, "name"), ["A", "Fermer", "Ouvrir"]);
        assert_eq!(names(&loaded.skills, "learning_state"), ["candidate", "candidate", "stable"]);
        assert_eq!(loaded.skills[2]["value"], "1e3");
        assert_eq!(names(&loaded.workflows, "workflow_id"), ["plain", "wf_1"]);
        let left_out: Vec<&str> = loaded.left_out.iter().map(|left| left.file.as_str()).collect();
        assert_eq!(
            left_out,
            [
                "competences/candidate/broken.yaml",
                "competences/candidate/deep.yaml",
                "competences/candidate/endless.yaml",
                "competences/candidate/huge.yaml",
                "competences/candidate/nameless.yaml",
                "competences/supervised/twin.yaml",
                "workflows/bad.json",
                "workflows/deep.json",
            ]
        );
    }

    #[test]
    fn the_same_content_has_the_same_version_wherever_it_lies() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        put(one.path(), "workflows/a.json", r#"{"workflow_id":"w","name":"N","edges":[]}"#);
        put(other.path(), "workflows/b.json", "{ \"edges\": [],\n \"name\": \"N\", \"workflow_id\": \"w\" }");
        let version = |folder: &tempfile::TempDir| ContentFolder::new(folder.path().to_path_buf()).load().unwrap().version();
        assert_eq!(version(&one), version(&other));
    }

    #[test]
    fn a_file_that_was_replaced_by_one_of_the_same_size_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let content = ContentFolder::new(folder.path().to_path_buf());
        let path = folder.path().join("workflows/a.json");
        put(folder.path(), "workflows/a.json", "1");
        let time = std::fs::metadata(&path).unwrap().modified().unwrap();
        let before = content.fingerprint().unwrap();
        crate::files::write_whole(&path, b"2", crate::files::Access::Owner).unwrap();
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        assert_ne!(content.fingerprint().unwrap(), before);
    }
}
