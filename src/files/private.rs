//! Who may read: the one place that knows how Unix and Windows say "the owner alone".

use std::fs::File;
use std::io;
use std::path::Path;

/// Who may read a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// The owner alone (0600).
    Owner,
    /// Everybody that the folder lets in (0644).
    Everyone,
}

/// Gives an open file the rights that `access` names.
#[cfg(unix)]
pub(super) fn restrict(file: &File, _path: &Path, access: Access) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = match access {
        Access::Owner => 0o600,
        Access::Everyone => 0o644,
    };
    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

/// Gives an open file the rights that `access` names: the owner, the system and administrators, nothing inherited.
/// The identifiers are Windows' well-known ones, the same in every language.
#[cfg(windows)]
pub(super) fn restrict(_file: &File, path: &Path, access: Access) -> io::Result<()> {
    if access == Access::Everyone {
        return Ok(());
    }
    let done = std::process::Command::new("icacls")
        .arg(path)
        .args(["/inheritance:r", "/grant:r", "*S-1-3-4:F", "/grant:r", "*S-1-5-18:F", "/grant:r", "*S-1-5-32-544:F", "/q"])
        .output()?;
    if done.status.success() { Ok(()) } else { Err(io::Error::new(io::ErrorKind::PermissionDenied, "icacls could not restrict the file")) }
}

/// Makes `path` and what is missing above it; on Unix for the owner alone (0700), on Windows as its folder says.
///
/// # Errors
/// When a part of it exists and is no folder, or may not be made.
pub fn create_private_dir(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Whether nobody but the owner may read the file. On Windows always true: who may is written when it is made.
///
/// # Errors
/// When the file cannot be looked at.
pub fn is_private(path: &Path) -> io::Result<bool> {
    let facts = std::fs::metadata(path)?;
    #[cfg(unix)]
    let private = std::os::unix::fs::PermissionsExt::mode(&facts.permissions()).trailing_zeros() >= 6;
    #[cfg(windows)]
    let private = facts.is_file();
    Ok(private)
}
