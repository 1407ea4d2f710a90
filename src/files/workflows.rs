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

    /// Names and paths of the files, in the order of their names. What is no plain file, a link among them, is none of them.
    fn files(&self) -> Result<Vec<(String, PathBuf, u64, SystemTime)>> {
        let failed = |cause| Error::io("read", &self.folder, cause);
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => return Err(failed(cause)),
        };
        let mut files = Vec::new();
        for entry in entries.take(MAX_FILES) {
            let entry = entry.map_err(failed)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let facts = match entry.path().symlink_metadata() {
                Ok(facts) if facts.is_file() => facts,
                // Removed since, or no plain file.
                _ => continue,
            };
            if name.to_lowercase().ends_with(".json") && !name.starts_with('.') {
                files.push((name, entry.path(), facts.len(), facts.modified().unwrap_or(SystemTime::UNIX_EPOCH)));
            }
        }
        files.sort();
        Ok(files)
    }
}

/// Reads one file as a workflow.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_workflow(path: &Path) -> Result<Workflow, Vec<Fault>> {
    let fault = |reason: String| vec![Fault { field: String::new(), reason }];
    let bytes = read_capped(path, MAX_WORKFLOW_BYTES).map_err(|error| {
        let cause = error.causes().first().map(|cause| format!(": {cause}")).unwrap_or_default();
        fault(format!("{error}{cause}"))
    })?;
    let text = String::from_utf8(bytes).map_err(|_| fault("is no UTF-8".to_owned()))?;
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    parse(text.trim_start_matches('\u{feff}'), stem)
}

impl Workflows for WorkflowFolder {
    fn fingerprint(&self) -> Result<Fingerprint> {
        let mut hash = Sha256::new();
        for (name, _, length, modified) in self.files()? {
            let nanos = modified.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_nanos());
            hash.update(format!("{name}\0{length}\0{nanos}\0"));
        }
        Ok(hash.finalize().into())
    }

    fn load(&self) -> Result<Loaded> {
        let mut loaded = Loaded::default();
        let mut of_id: BTreeMap<String, Vec<(String, Workflow)>> = BTreeMap::new();
        for (file, path, ..) in self.files()? {
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
}
