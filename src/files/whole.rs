//! Whole files: a temporary file beside the target, flushed, renamed over it, the folder flushed.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::time::Duration;

use super::private::{self, Access};
use crate::error::{Error, Kind, Result};

/// How often a rename is tried while another program (a virus scanner, mostly) holds the target.
const RENAME_TRIES: u32 = 8;

/// Replaces the file at `path` by `bytes`: after a crash at any moment there is the old content or the new, nothing else.
///
/// # Errors
/// When the folder does not exist, is read-only or full. The temporary file is then gone.
pub fn write_whole(path: &Path, bytes: &[u8], access: Access) -> Result<()> {
    let failed = |cause| Error::io("write", path, cause);
    write_whole_from(path, access, &mut |into| into.write_all(bytes).map_err(failed)).map(drop)
}

/// As [`write_whole`], with what `write` writes; gives how many bytes that were.
///
/// # Errors
/// Those of `write`, and then the old content stays.
pub fn write_whole_from(path: &Path, access: Access, write: &mut dyn FnMut(&mut dyn Write) -> Result<()>) -> Result<u64> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let failed = |cause| Error::io("write", path, cause);
    let mut temporary = tempfile::Builder::new().prefix(".lea-").suffix(".tmp").tempfile_in(folder).map_err(failed)?;
    private::restrict(temporary.as_file(), temporary.path(), access).map_err(failed)?;
    let mut buffered = std::io::BufWriter::new(temporary.as_file_mut());
    write(&mut buffered)?;
    buffered.flush().map_err(failed)?;
    drop(buffered);
    let length = temporary.as_file().metadata().map_err(failed)?.len();
    temporary.as_file().sync_all().map_err(failed)?;
    let mut pending = Some(temporary);
    insistently(|| match pending.take() {
        Some(file) => file.persist(path).map(drop).map_err(|refused| {
            pending = Some(refused.file);
            refused.error
        }),
        None => Ok(()),
    })
    .map_err(failed)?;
    flush_folder(folder).map_err(failed)?;
    Ok(length)
}

/// Renames `from` to `to`, over what is there.
pub(super) fn rename(from: &Path, to: &Path) -> std::io::Result<()> {
    insistently(|| std::fs::rename(from, to))
}

/// Renames more than once where somebody holds the target on Windows.
fn insistently(mut rename: impl FnMut() -> std::io::Result<()>) -> std::io::Result<()> {
    let mut attempt = 1;
    loop {
        match rename() {
            Err(refused) if attempt < RENAME_TRIES && held_by_another(&refused) => {
                std::thread::sleep(Duration::from_millis(10 << attempt));
                attempt += 1;
            }
            done => return done,
        }
    }
}

/// Whether Windows refused because somebody has the file open (access denied, sharing or lock violation).
fn held_by_another(cause: &std::io::Error) -> bool {
    cfg!(windows) && matches!(cause.raw_os_error(), Some(5 | 32 | 33))
}

/// Makes a rename in `folder` last through a power cut. Windows has no such call and needs none.
///
/// # Errors
/// When the folder cannot be opened or flushed.
pub fn flush_folder(folder: &Path) -> std::io::Result<()> {
    if cfg!(windows) { Ok(()) } else { File::open(folder)?.sync_all() }
}

/// The content of the file at `path`, refused beyond `ceiling` bytes before it is held in memory.
///
/// # Errors
/// When it cannot be opened or read, is a folder, or is larger than `ceiling`.
pub fn read_capped(path: &Path, ceiling: u64) -> Result<Vec<u8>> {
    let failed = |cause| Error::io("read", path, cause);
    let file = File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.is_dir() {
        return Err(failed(std::io::Error::new(ErrorKind::IsADirectory, "it is a folder")));
    }
    let mut bytes = Vec::new();
    file.take(ceiling + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > ceiling {
        return Err(Error::new(Kind::TooLarge, "file_too_large", format!("{} is larger than {ceiling} bytes", path.display())));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_content_and_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("taken");
        std::fs::create_dir(&target).unwrap();
        assert!(write_whole(&target, b"x", Access::Owner).is_err());
        let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["taken"]);
    }

    #[test]
    fn a_ceiling_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        write_whole(&path, b"12345", Access::Everyone).unwrap();
        assert_eq!(read_capped(&path, 5).unwrap(), b"12345");
        assert_eq!(read_capped(&path, 4).unwrap_err().code(), "file_too_large");
    }
}
