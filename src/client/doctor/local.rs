//! Checks of this machine's own files.

use std::path::Path;

use super::{Check, Status};
use crate::client::credentials::{Credentials, CredentialsFile};
use crate::error::Result;
use crate::files::is_private;
use crate::workflow::Workflows;

/// Below this much free space, bytes, a server or a download is about to stop.
pub const LEAST_FREE_BYTES: u64 = 100 << 20;

/// Below this much free space, bytes, somebody should look.
pub const LOW_FREE_BYTES: u64 = 1 << 30;

/// The settings file; that it could be read is known already.
pub fn settings_file(path: &Path) -> Check {
    if path.exists() {
        return Check::ok("settings", format!("{} is read", path.display()));
    }
    Check::ok("settings", format!("{} does not exist; defaults and the environment are in force", path.display()))
}

/// Whether the data directory can be written to, and by its owner alone.
pub fn data_dir(path: &Path) -> Check {
    let name = "data_dir";
    let shown = path.display();
    match std::fs::metadata(path) {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
            return Check::skipped(name, format!("{shown} does not exist yet; it is made when it is needed"));
        }
        Err(cause) => return Check::failed(name, format!("{shown} cannot be looked at: {cause}"), "give this user the right to it"),
        Ok(facts) if !facts.is_dir() => return Check::failed(name, format!("{shown} is no folder"), "name a folder with --data-dir"),
        Ok(_) => {}
    }
    if let Err(cause) = tempfile::Builder::new().prefix(".lea-").suffix(".tmp").tempfile_in(path) {
        return Check::failed(name, format!("nothing can be written to {shown}: {cause}"), "give this user the right to write there");
    }
    match is_private(path) {
        Ok(false) if cfg!(unix) => Check::warning(name, format!("{shown} lets others of this machine in"), format!("chmod 700 {shown}")),
        _ => Check::ok(name, format!("{shown} can be written to")),
    }
}

/// Whether every file of the workflow folder can be used.
pub fn workflows(shelf: &dyn Workflows) -> Check {
    let name = "workflows";
    let loaded = match shelf.load() {
        Ok(loaded) => loaded,
        Err(error) => return Check::failed(name, error.to_string(), "give this user the right to read the folder of workflows"),
    };
    let good = loaded.workflows.len();
    if loaded.broken.is_empty() {
        return if good == 0 { Check::skipped(name, "there is none yet") } else { Check::ok(name, format!("{good} can be replayed")) };
    }
    let told = loaded.broken.iter().flat_map(|broken| {
        broken.faults.iter().map(move |fault| {
            let place = if fault.field.is_empty() { String::new() } else { format!(" {}", fault.field) };
            format!("{}{place} {}", broken.file, fault.reason)
        })
    });
    let told = told.collect::<Vec<_>>().join("; ");
    Check::failed(name, format!("{good} can be replayed; {} cannot: {told}", loaded.broken.len()), "mend or remove these files")
}

/// What the reader of text has to be at least.
const LEAST_TESSERACT: u32 = 5;

/// What texts on screens are read with: its version and the language data that it has, or why it is not there; `languages` are those that are
/// asked of it. Targets can be found by their pictures without it, so that its absence is no failure.
pub fn text_reader(found: Result<(String, Vec<String>)>, languages: &str) -> Check {
    let name = "text_reader";
    let (version, known) = match found {
        Ok(found) => found,
        Err(error) => {
            let message = [vec![error.to_string()], error.causes()].concat().join(": ");
            return Check::warning(
                name,
                format!("targets cannot be found by what they say: {message}"),
                error.hint_text().unwrap_or_default(),
            );
        }
    };
    let seen = format!("Tesseract {version} with {}", known.join(", "));
    let missing: Vec<&str> = languages.split('+').filter(|wanted| known.iter().all(|known| known != wanted)).collect();
    if !missing.is_empty() {
        let packages: Vec<String> = missing.iter().map(|language| format!("tesseract-ocr-{}", language.replace('_', "-"))).collect();
        let mend = format!(
            "on Debian `apt-get install tesseract-ocr {}`, on Windows `winget install UB-Mannheim.TesseractOCR` with this language data \
             chosen; or name others in resolve.ocr_languages",
            packages.join(" ")
        );
        return Check::warning(name, format!("{seen}, without {}: targets cannot be found by what they say", missing.join(", ")), mend);
    }
    let major = version.split('.').next().and_then(|number| number.parse::<u32>().ok());
    if major.is_some_and(|major| major < LEAST_TESSERACT) {
        return Check::warning(name, format!("{seen}; older versions read screens worse"), format!("install Tesseract {LEAST_TESSERACT}"));
    }
    Check::ok(name, format!("{seen}; {languages} is used"))
}

/// Whether there is room on the disk of the data directory.
pub fn disk_space(path: &Path) -> Check {
    let name = "disk_space";
    let Some(existing) = path.ancestors().find(|folder| folder.is_dir()) else {
        return Check::skipped(name, format!("there is no disk at {}", path.display()));
    };
    match fs4::available_space(existing) {
        Ok(free) => judge_space(free, existing),
        Err(cause) => Check::skipped(name, format!("the disk of {} tells nothing: {cause}", existing.display())),
    }
}

fn judge_space(free: u64, folder: &Path) -> Check {
    let seen = format!("{} MiB are free at {}", free >> 20, folder.display());
    let mend = "free some space, or move the data directory with --data-dir";
    if free < LEAST_FREE_BYTES {
        Check::failed("disk_space", seen, mend)
    } else if free < LOW_FREE_BYTES {
        Check::warning("disk_space", seen, mend)
    } else {
        Check::ok("disk_space", seen)
    }
}

/// A file that holds a token: only its owner may read it. `expected` says that somebody named it, so that it must be there.
pub fn secret_file(name: &'static str, path: &Path, expected: bool) -> Check {
    let shown = path.display();
    match is_private(path) {
        Ok(true) => Check::ok(name, format!("{shown} is its owner's alone")),
        Ok(false) => Check::failed(name, format!("others of this machine can read {shown}"), format!("chmod 600 {shown}")),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound && !expected => Check::skipped(name, format!("there is no {shown}")),
        Err(cause) => {
            Check::failed(name, format!("{shown} cannot be read: {cause}"), "name the right file, or give this user the right to it")
        }
    }
}

/// The machine's credentials: private, readable, and of the server that is named. Also gives them, if they may be shown there.
pub fn credentials(file: &CredentialsFile, server: Option<&str>) -> (Check, Option<Credentials>) {
    let name = "credentials";
    let private = secret_file(name, file.path(), false);
    if private.status != Status::Ok {
        return (private, None);
    }
    match (file.load(), server) {
        (Err(error), _) => (Check::of_error(name, &error), None),
        (Ok(None), _) => (Check::skipped(name, "this machine is not enrolled"), None),
        (Ok(Some(found)), Some(server)) if found.server != server => {
            let seen = format!("they are of {} at {}, not of {server}", found.machine_id, found.server);
            (Check::warning(name, seen, "name that server, or enroll this machine here with `lea enroll`"), None)
        }
        (Ok(Some(found)), _) => (Check::ok(name, format!("{} is enrolled at {}", found.machine_id, found.server)), Some(found)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, Kind};
    #[cfg(unix)]
    use crate::files::{Access, write_whole};

    #[test]
    fn little_space_is_a_warning_and_none_a_failure() {
        let at = |free| judge_space(free, Path::new("/")).status;
        assert_eq!((at(0), at(LEAST_FREE_BYTES), at(LOW_FREE_BYTES)), (Status::Failed, Status::Warning, Status::Ok));
        assert_ne!(disk_space(Path::new("no/such/folder").join("below").as_path()).message, "");
    }

    #[test]
    fn a_reader_that_is_missing_or_lacks_a_language_is_a_warning() {
        let reader = |version: &str, languages: &[&str]| {
            text_reader(Ok((version.to_owned(), languages.iter().map(ToString::to_string).collect())), "fra+eng")
        };
        let whole = reader("5.3.0", &["eng", "fra", "osd"]);
        assert!(whole.status == Status::Ok && whole.message.contains("5.3.0 with eng, fra"), "{whole:?}");
        let lacking = reader("5.3.0", &["eng"]);
        assert_eq!(lacking.status, Status::Warning);
        assert!(lacking.message.contains("without fra") && lacking.mend.unwrap().contains("tesseract-ocr-fra`"));
        assert_eq!(reader("4.1.1", &["eng", "fra"]).status, Status::Warning);
        let missing = Error::new(Kind::Unavailable, "ocr_unavailable", "there is no such program").hint("install it");
        let gone = text_reader(Err(missing), "fra");
        assert_eq!(gone.status, Status::Warning);
        assert!(gone.message.contains("there is no such program") && gone.mend.as_deref() == Some("install it"));
    }

    #[cfg(unix)]
    #[test]
    fn what_others_can_read_is_said_with_the_command_that_mends_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        assert_eq!(secret_file("token_file", &path, false).status, Status::Skipped);
        assert_eq!(secret_file("token_file", &path, true).status, Status::Failed);
        write_whole(&path, b"t", Access::Everyone).unwrap();
        assert!(secret_file("token_file", &path, true).mend.unwrap().starts_with("chmod 600 "));
        write_whole(&path, b"t", Access::Owner).unwrap();
        assert_eq!(secret_file("token_file", &path, true).status, Status::Ok);

        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(data_dir(folder.path()).status, Status::Ok);
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(data_dir(folder.path()).status, Status::Warning);
        assert_eq!(data_dir(&path).status, Status::Failed);
        assert_eq!(data_dir(&folder.path().join("new")).status, Status::Skipped);
    }
}
