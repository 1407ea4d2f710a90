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
    owner_alone(path, "F")
}

/// The owner, the system and administrators may do `rights` (in icacls' words), nobody else anything.
#[cfg(windows)]
fn owner_alone(path: &Path, rights: &str) -> io::Result<()> {
    let mut command = std::process::Command::new("icacls");
    command.arg(path).args(["/inheritance:r", "/q"]);
    for who in ["*S-1-3-4", "*S-1-5-18", "*S-1-5-32-544"] {
        command.arg("/grant:r").arg(format!("{who}:{rights}"));
    }
    let done = command.output()?;
    if done.status.success() { Ok(()) } else { Err(io::Error::new(io::ErrorKind::PermissionDenied, "icacls could not restrict the file")) }
}

/// Makes an empty file that only its owner reads; one that is there already is left alone.
///
/// # Errors
/// `AlreadyExists` when there is a file, or a link, of that name.
pub fn create_private(path: &Path) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    restrict(&options.open(path)?, path, Access::Owner)
}

/// Makes `path` and what is missing above it, for the owner alone; what is there already keeps its rights.
///
/// # Errors
/// When a part of it exists and is no folder, or may not be made.
pub fn create_private_dir(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    #[cfg(windows)]
    let made = !path.exists();
    builder.create(path)?;
    #[cfg(windows)]
    if made {
        owner_alone(path, "(OI)(CI)F")?;
    }
    Ok(())
}

/// Leaves a file to its owner alone, if it is not already.
///
/// # Errors
/// When the rights cannot be changed, as those of somebody else's file.
pub fn make_private(path: &Path) -> io::Result<()> {
    if is_private(path)? {
        return Ok(());
    }
    restrict(&File::open(path)?, path, Access::Owner)
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

/// Whether everybody may write to a folder and take others' files from it. On Windows its list of rights says so, which is not read.
///
/// # Errors
/// When the folder cannot be looked at.
pub(super) fn is_open_to_all(folder: &Path) -> io::Result<bool> {
    let facts = std::fs::metadata(folder)?;
    #[cfg(unix)]
    let open = std::os::unix::fs::PermissionsExt::mode(&facts.permissions()) & 0o1002 == 0o002;
    #[cfg(windows)]
    let open = !facts.is_dir();
    Ok(open)
}

/// Whether an open file is this user's, under one name; `folder` is one that it may write to. On Windows whoever may write to its folder is trusted.
///
/// # Errors
/// When the file cannot be looked at.
pub(super) fn is_own_alone(file: &File, folder: &Path) -> io::Result<bool> {
    let facts = file.metadata()?;
    #[cfg(unix)]
    let own = {
        use std::os::unix::fs::MetadataExt;
        // Who this user is, as what it makes says.
        let made = tempfile::tempfile_in(folder)?.metadata()?;
        facts.uid() == made.uid() && facts.nlink() <= 1
    };
    #[cfg(windows)]
    let own = facts.is_file() && folder.is_dir();
    Ok(own)
}

/// `options` that follow no link at the end of a path, where the system can say so.
pub(super) fn plainly(options: &mut std::fs::OpenOptions) -> &mut std::fs::OpenOptions {
    // O_NOFOLLOW, whose number differs elsewhere.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    std::os::unix::fs::OpenOptionsExt::custom_flags(options, 0o400_000);
    options
}
