//! A folder of workflows, one JSON file each.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::whole::read_capped;
use crate::error::{Error, Result};
use crate::workflow::{BrokenFile, Fault, Fingerprint, Loaded, Workflow, Workflows, parse};

/// The largest file, bytes: anchors are pictures.
pub const MAX_WORKFLOW_BYTES: u64 = 64 << 20;

/// The most files of a folder.
const MAX_FILES: usize = 10_000;

/// A folder of workflows, `*.json`.
#[derive(Debug, Clone)]
pub struct WorkflowFolder {
    folder: PathBuf,
}

impl WorkflowFolder {
    /// At `folder`, which need not be there.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// What is there under the name of a workflow, in the order of the names.
    fn entries(&self) -> Result<Vec<Entry>> {
        let failed = |cause| Error::io("read", &self.folder, cause);
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => return Err(failed(cause)),
        };
        let mut found = Vec::new();
        for entry in entries.take(MAX_FILES) {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.to_lowercase().ends_with(".json") || name.starts_with('.') {
                continue;
            }
            let facts = match entry.path().symlink_metadata() {
                Ok(facts) => facts,
                Err(cause) if cause.kind() == ErrorKind::NotFound => continue,
                Err(cause) => return Err(failed(cause)),
            };
            let unusable = if entry.file_name().to_str().is_none() {
                Some("has a name that is no UTF-8")
            } else if facts.is_symlink() {
                Some("is a link; put the file itself there")
            } else if !facts.is_file() {
                Some("is no file")
            } else {
                None
            };
            let modified = facts.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            found.push(Entry { name, path: entry.path(), length: facts.len(), modified, unusable });
        }
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }
}

/// Something in the folder that is called like a workflow.
struct Entry {
    name: String,
    path: PathBuf,
    length: u64,
    modified: SystemTime,
    /// Why it is none to be read, if it is not.
    unusable: Option<&'static str>,
}

/// Reads one file as a workflow.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_workflow(path: &Path) -> Result<Workflow, Vec<Fault>> {
    let fault = |reason: String| vec![Fault { field: String::new(), reason }];
    // Without the path: whoever asked knows which file, and where a server keeps it is nobody's business.
    let bytes = read_capped(path, MAX_WORKFLOW_BYTES).map_err(|error| match error.causes().first() {
        Some(cause) => fault(format!("cannot be read: {cause}")),
        None => fault(format!("is larger than {MAX_WORKFLOW_BYTES} bytes")),
    })?;
    let text = String::from_utf8(bytes).map_err(|_| fault("is no UTF-8".to_owned()))?;
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    parse(text.trim_start_matches('\u{feff}'), stem)
}

impl Workflows for WorkflowFolder {
    fn fingerprint(&self) -> Result<Fingerprint> {
        let mut hash = Sha256::new();
        for Entry { name, length, modified, unusable, .. } in self.entries()? {
            let nanos = modified.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_nanos());
            hash.update(format!("{name}\0{length}\0{nanos}\0{}\0", unusable.unwrap_or_default()));
        }
        Ok(hash.finalize().into())
    }

    fn load(&self) -> Result<Loaded> {
        let mut loaded = Loaded::default();
        let mut of_id: BTreeMap<String, Vec<(String, Workflow)>> = BTreeMap::new();
        for Entry { name: file, path, unusable, .. } in self.entries()? {
            if let Some(reason) = unusable {
                loaded.broken.push(BrokenFile { file, faults: vec![Fault { field: String::new(), reason: reason.to_owned() }] });
                continue;
            }
            match read_workflow(&path) {
                Ok(workflow) => of_id.entry(workflow.id.clone()).or_default().push((file, workflow)),
                Err(faults) => loaded.broken.push(BrokenFile { file, faults }),
            }
        }
        for (id, mut found) in of_id {
            if let [(_, _)] = found.as_slice() {
                loaded.workflows.extend(found.pop().map(|(_, workflow)| (id, Arc::new(workflow))));
                continue;
            }
            // Whichever was taken, it might be the wrong one.
            let names: Vec<String> = found.iter().map(|(file, _)| file.clone()).collect();
            for file in &names {
                let others = names.iter().filter(|other| *other != file).cloned().collect::<Vec<_>>().join(", ");
                let reason = format!("has the same workflow_id, {id:?}, as {others}: none of them is used");
                loaded.broken.push(BrokenFile { file: file.clone(), faults: vec![Fault { field: "/workflow_id".to_owned(), reason }] });
            }
        }
        loaded.broken.sort_by(|a, b| a.file.cmp(&b.file));
        Ok(loaded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{Access, write_whole};

    #[test]
    fn broken_files_are_told_and_twins_are_not_guessed_between() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = WorkflowFolder::new(folder.path().join("workflows"));
        assert!(shelf.load().unwrap().workflows.is_empty());
        std::fs::create_dir(folder.path().join("workflows")).unwrap();
        let put =
            |name: &str, text: &str| write_whole(&folder.path().join("workflows").join(name), text.as_bytes(), Access::Owner).unwrap();
        let empty = shelf.fingerprint().unwrap();
        put("a.json", r#"{ "name": "A", "edges": [] }"#);
        put("b.json", r#"{ "workflow_id": "twin", "edges": [] }"#);
        put("c.json", r#"{ "workflow_id": "twin", "edges": [] }"#);
        put("d.json", "{");
        put("notes.txt", "no workflow");
        assert_ne!(shelf.fingerprint().unwrap(), empty);
        let loaded = shelf.load().unwrap();
        assert_eq!(loaded.workflows.keys().collect::<Vec<_>>(), ["a"]);
        assert_eq!(loaded.broken.iter().map(|broken| broken.file.as_str()).collect::<Vec<_>>(), ["b.json", "c.json", "d.json"]);
        assert!(loaded.broken[0].faults[0].reason.contains("c.json"));
    }

    #[test]
    #[cfg(unix)]
    fn what_is_called_like_a_workflow_and_is_no_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("folder.json")).unwrap();
        std::fs::create_dir(folder.path().join("more")).unwrap();
        std::os::unix::fs::symlink("nowhere.json", folder.path().join("gone.json")).unwrap();
        let loaded = WorkflowFolder::new(folder.path().to_owned()).load().unwrap();
        let told: Vec<_> = loaded.broken.iter().map(|broken| (broken.file.as_str(), broken.faults[0].reason.as_str())).collect();
        assert_eq!(told, [("folder.json", "is no file"), ("gone.json", "is a link; put the file itself there")]);
    }
}
