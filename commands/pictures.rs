//! What commands that look at pictures share: reading them, places on them, and where a drawing may go.

use std::path::{Path, PathBuf};

use lea::error::{Error, Kind, Result};
use lea::files::read_capped;

use crate::context::Context;

/// `N` numbers with commas between them.
pub(crate) fn numbers<const N: usize, T: std::str::FromStr>(text: &str) -> Option<[T; N]> {
    let parts: Option<Vec<T>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    parts?.try_into().ok()
}

/// A point in pixels, as an option takes it.
pub(crate) fn point(text: &str) -> Result<(f64, f64), String> {
    match numbers::<2, f64>(text) {
        Some([x, y]) if x.is_finite() && y.is_finite() => Ok((x, y)),
        _ => Err("give two numbers: x and y in pixels".to_owned()),
    }
}

/// Refuses a place for the drawing that is one of `inputs`, is no PNG, or is in no folder, before any work is done.
pub(crate) fn check_drawing<'a>(path: &Path, mut inputs: impl Iterator<Item = &'a PathBuf>) -> Result<()> {
    let wrong = |why: &str| Err(Error::new(Kind::Usage, "invalid_annotate", format!("cannot draw on {}: {why}", path.display())));
    let same = |other: &Path| path.canonicalize().is_ok_and(|path| other.canonicalize().is_ok_and(|other| path == other));
    if inputs.any(|input| same(input)) {
        return wrong("it is one of the pictures that are read; name another file");
    }
    if !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("png")) {
        return wrong("the drawing is a PNG; give it a name that ends in .png");
    }
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => wrong("there is no such folder"),
        _ => Ok(()),
    }
}

/// A picture's bytes; whether they are one is found out by looking.
pub(crate) fn picture(path: &Path, context: &Context) -> Result<Vec<u8>> {
    read_capped(path, context.settings.limits.image_bytes as u64).map_err(|error| match error.kind() {
        Kind::TooLarge => error.hint("crop the picture, or raise limits.image_bytes"),
        _ => error.hint("give the path of a PNG or JPEG file"),
    })
}

/// That no text can be read is a fault of what was handed in to a command: it asks for what this machine cannot do.
pub(crate) fn without_reader(error: Error) -> Error {
    if error.code() == "ocr_unavailable" { error.of_kind(Kind::Input) } else { error }
}
