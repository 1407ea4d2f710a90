//! The adapter to the Tesseract 5 program: a picture on its standard input, a table of words on its standard output. One thread a
//! call, a time limit, no shell, no temporary file.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::error::{Error, Kind, Result};
use crate::target::{Montage, Place, Text, Word};

/// The most that a call may print, bytes. A page of words takes some tens of kilobytes.
const MOST_OUTPUT: u64 = 16 << 20;

/// How long it may take to tell its version and languages.
const LOOK_LIMIT: Duration = Duration::from_secs(10);

/// What to do where it is missing.
const HINT: &str = "install Tesseract 5 with French and English: on Debian `apt-get install tesseract-ocr tesseract-ocr-fra`, on Windows \
                    `winget install UB-Mannheim.TesseractOCR` with the French data chosen; or name the program in resolve.ocr_program";

/// How the program is called.
#[derive(Debug, Clone)]
pub struct TesseractOptions {
    /// The program; a bare name is looked for on PATH.
    pub program: PathBuf,
    /// Its language data, such as `fra` or `fra+eng`.
    pub languages: String,
    /// How long a reading may take.
    pub timeout: Duration,
    /// Calls that may run at once, at least 1.
    pub calls: usize,
}

/// The Tesseract program.
#[derive(Debug, Clone)]
pub struct Tesseract {
    options: TesseractOptions,
    /// Set once the program and its languages were seen to be there.
    seen: std::sync::OnceLock<()>,
}

/// What is known of an installed program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its version, as it says it.
    pub version: String,
    /// The language data that it has.
    pub languages: Vec<String>,
}

impl Tesseract {
    /// Calls the program as `options` say, once there is something to read.
    pub fn new(options: TesseractOptions) -> Self {
        Self { options, seen: std::sync::OnceLock::new() }
    }

    /// The words on one montage.
    fn words(&self, montage: &Montage) -> Result<Vec<Word>> {
        let arguments = ["-", "-", "-l", &self.options.languages, "--psm", "6", "--dpi", "144", "-c", "tessedit_do_invert=0", "tsv"];
        let mut page = format!("P5\n{} {}\n255\n", montage.width, montage.height).into_bytes();
        page.extend_from_slice(&montage.pixels);
        Ok(table(&called(&self.options, &arguments, page, self.options.timeout)?))
    }
}

impl Text for Tesseract {
    fn recognise(&self, montages: &[Montage]) -> Result<Vec<Vec<Word>>> {
        let mut all = Vec::with_capacity(montages.len());
        for some in montages.chunks(self.options.calls.max(1)) {
            let read: Vec<Result<Vec<Word>>> = std::thread::scope(|scope| {
                let running: Vec<_> = some.iter().map(|montage| scope.spawn(|| self.words(montage))).collect();
                let ended = |_| Err(Error::new(Kind::Bug, "bug", "reading had a defect"));
                running.into_iter().map(|thread| thread.join().unwrap_or_else(ended)).collect()
            });
            for words in read {
                all.push(words?);
            }
        }
        Ok(all)
    }

    fn ready(&self) -> Result<()> {
        if self.seen.get().is_none() {
            let found = look(&self.options)?;
            if let Some(missing) = self.options.languages.split('+').find(|name| !found.languages.iter().any(|known| known == name)) {
                return Err(unavailable(format!("Tesseract has no language data {missing:?}")));
            }
            // Another thread may have been faster.
            let _ = self.seen.set(());
        }
        Ok(())
    }

    fn calls(&self) -> usize {
        self.options.calls.max(1)
    }

    fn manner(&self) -> String {
        self.options.languages.clone()
    }
}

/// What is installed as `options` name it.
///
/// # Errors
/// [`Kind::Unavailable`] with code `ocr_unavailable` when it is not there or does not answer as Tesseract does.
pub fn look(options: &TesseractOptions) -> Result<Found> {
    let text =
        |arguments: &[&str]| Ok::<_, Error>(String::from_utf8_lossy(&called(options, arguments, Vec::new(), LOOK_LIMIT)?).into_owned());
    let version = text(&["--version"])?;
    let version = version.lines().next().unwrap_or_default().trim_start_matches("tesseract").trim().trim_start_matches('v').to_owned();
    if !version.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(unavailable(format!("{} is not Tesseract", options.program.display())));
    }
    let listed = text(&["--list-langs"])?;
    let languages = listed.lines().skip(1).map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    Ok(Found { version, languages })
}

fn unavailable(message: impl Into<String>) -> Error {
    Error::new(Kind::Unavailable, "ocr_unavailable", message.into()).hint(HINT)
}

/// A child that does not outlive whoever waits for it.
struct Kept(Child);

impl Drop for Kept {
    fn drop(&mut self) {
        // It is over already, or it is to be.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Calls the program with `input` and gives what it printed.
fn called(options: &TesseractOptions, arguments: &[&str], input: Vec<u8>, limit: Duration) -> Result<Vec<u8>> {
    let program = options.program.display();
    let mut command = Command::new(&options.program);
    command.args(arguments).env("OMP_THREAD_LIMIT", "1").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().map_err(|cause| {
        let missing = cause.kind() == std::io::ErrorKind::NotFound;
        let what = if missing { "there is no program" } else { "this program cannot be started:" };
        unavailable(format!("reading text takes Tesseract, and {what} {program}")).caused_by(cause)
    })?;
    let mut child = Kept(child);
    let (Some(mut to), Some(from), Some(said)) = (child.0.stdin.take(), child.0.stdout.take(), child.0.stderr.take()) else {
        return Err(Error::new(Kind::Bug, "bug", "a program was started without its pipes"));
    };
    // It may end without having read everything: what it says then is told below.
    let writing = std::thread::spawn(move || drop(to.write_all(&input)));
    let complaint = collected(said);
    let printed = collected(from);
    let late = || Error::new(Kind::Timeout, "ocr_timeout", format!("reading the text took longer than {} seconds", limit.as_secs()));
    let printed = printed.recv_timeout(limit).map_err(|_| late())?;
    let complaint = complaint.recv_timeout(limit).map_err(|_| late())?;
    let status = child.0.wait().map_err(|cause| unavailable(format!("{program} did not end")).caused_by(cause))?;
    // Its standard input is closed: the thread ends at once.
    let _ = writing.join();
    if status.success() {
        return Ok(printed);
    }
    let complaint = String::from_utf8_lossy(&complaint);
    if complaint.contains("loading language") || complaint.contains("traineddata") || complaint.contains("any languages") {
        let languages = &options.languages;
        return Err(unavailable(format!("Tesseract has not all of the language data {languages:?}")));
    }
    let mut message = format!("{program} ended with {status}");
    if let Some(line) = complaint.lines().find(|line| !line.trim().is_empty()) {
        let _ = write!(message, ": {}", line.chars().take(200).collect::<String>());
    }
    Err(unavailable(message))
}

/// All that `from` gives, up to a ceiling, once it has ended.
fn collected(from: impl Read + Send + 'static) -> mpsc::Receiver<Vec<u8>> {
    let (send, receive) = mpsc::sync_channel(1);
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // What could not be read is missing, and the exit status tells why. Nobody may wait for it any more.
        let _ = from.take(MOST_OUTPUT).read_to_end(&mut bytes);
        let _ = send.send(bytes);
    });
    receive
}

/// The words of Tesseract's table: rows of level 5, of which left, top, width and height are the seventh to tenth column, the
/// confidence in percent the eleventh and the text the twelfth.
fn table(bytes: &[u8]) -> Vec<Word> {
    let text = String::from_utf8_lossy(bytes);
    let word = |line: &str| {
        let columns: Vec<&str> = line.trim_end_matches('\r').splitn(12, '\t').collect();
        let [level, _, _, _, _, _, x, y, width, height, confidence, text] = columns[..] else { return None };
        let text = text.trim();
        if level != "5" || text.is_empty() {
            return None;
        }
        let number = |text: &str| text.parse::<u32>().ok();
        let place = Place { x: number(x)?, y: number(y)?, width: number(width)?, height: number(height)? };
        let confidence = confidence.parse::<f64>().ok()?.clamp(0.0, 100.0) / 100.0;
        Some(Word { text: text.to_owned(), place, confidence })
    };
    text.lines().filter_map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn options(program: &str) -> TesseractOptions {
        TesseractOptions { program: program.into(), languages: "fra".to_owned(), timeout: Duration::from_mins(1), calls: 2 }
    }

    #[test]
    fn a_table_is_read_and_what_is_none_is_left_out() {
        let text = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
                    4\t1\t1\t1\t1\t0\t10\t20\t300\t40\t-1\t\n\
                    5\t1\t1\t1\t1\t1\t10\t20\t30\t40\t96.5\tNom\r\n\
                    5\t1\t1\t1\t1\t2\t-1\t20\t30\t40\t96.5\tde\n\
                    5\t1\t1\t1\t1\t3\t50\t20\t30\t40\t12\t \n\
                    nonsense\n";
        let words = table(text.as_bytes());
        let place = Place { x: 10, y: 20, width: 30, height: 40 };
        assert_eq!(words, [Word { text: "Nom".to_owned(), place, confidence: 0.965 }]);
    }

    proptest! {
        #[test]
        fn no_table_is_too_odd(bytes in proptest::collection::vec(any::<u8>(), 0..200), rows in "(5\t[0-9\t.-]{0,40}\n){0,4}") {
            table(&bytes);
            table(rows.as_bytes());
        }
    }

    #[test]
    fn a_missing_program_is_named_with_what_to_do() {
        let error = look(&options("no-such-program-as-this")).unwrap_err();
        assert_eq!((error.code(), error.kind()), ("ocr_unavailable", Kind::Unavailable));
        assert!(error.to_string().contains("no-such-program-as-this"));
    }

    #[cfg(unix)]
    #[test]
    fn another_program_or_one_that_hangs_is_no_reader() {
        assert_eq!(look(&options("/bin/true")).unwrap_err().code(), "ocr_unavailable");
        assert_eq!(look(&options("/bin/false")).unwrap_err().code(), "ocr_unavailable");
        let hanging = TesseractOptions { timeout: Duration::from_millis(50), ..options("/bin/sleep") };
        // It sleeps for as long as its first argument says.
        let error = called(&hanging, &["60"], Vec::new(), hanging.timeout).unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Timeout, "ocr_timeout"));
    }
}
