//! Readers of text for tests: the real one, where it is installed, and ones that are none.

use std::path::PathBuf;

use lea::error::{Error, Kind, Result};
use lea::ocr::{TesseractOptions, look};
use lea::target::{Montage, Text, Word};

/// A program that is nowhere.
pub const NOWHERE: &str = "/nonexistent/tesseract";

/// Where Tesseract is installed, with French and English. Where it isn't, the test is skipped and says so, but never where CI promises
/// it.
pub fn tesseract() -> Option<PathBuf> {
    static FOUND: std::sync::OnceLock<Option<PathBuf>> = std::sync::OnceLock::new();
    let found = FOUND.get_or_init(|| {
        let places = std::env::var_os("PATH").unwrap_or_default();
        let program = std::env::split_paths(&places).map(|place| place.join("tesseract")).find(|path| path.is_file())?;
        let limit = std::time::Duration::from_mins(1);
        let options = TesseractOptions { program: program.clone(), languages: String::new(), timeout: limit, calls: 1, waiting: 0 };
        let languages = look(&options).ok()?.languages;
        ["fra", "eng"].iter().all(|needed| languages.iter().any(|language| language == needed)).then_some(program)
    });
    if found.is_none() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "Tesseract with French and English is not installed");
        eprintln!("skipped: Tesseract with French and English is not installed");
    }
    found.clone()
}

/// No reader at all.
pub struct Blind;

impl Text for Blind {
    fn recognise(&self, _: &[Montage]) -> Result<Vec<Vec<Word>>> {
        Err(Error::new(Kind::Unavailable, "ocr_unavailable", "nobody reads here"))
    }

    fn expect(&self) {}

    fn rest(&self) {}

    fn ready(&self) -> Result<()> {
        self.recognise(&[]).map(|_| ())
    }

    fn calls(&self) -> usize {
        1
    }

    fn manner(&self) -> String {
        "blind".to_owned()
    }
}
