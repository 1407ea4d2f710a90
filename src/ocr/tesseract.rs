//! The adapter to the Tesseract 5 program: a picture on its standard input, a table of words on its standard output. One thread a
//! call, a time limit, no shell, no temporary file.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::process::{Process, Said, unavailable};
use crate::error::{Error, Kind, Result};
use crate::target::{Montage, Place, Text, Word};

/// How long it may take to tell its version and languages.
const LOOK_LIMIT: Duration = Duration::from_secs(10);

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
    /// Started programs that wait for the next screenshot once one has been read: until it can read, each takes 60 ms or more, and then
    /// about 15 megabytes of its own. Where none waits they are started as soon as it is known that something will be read.
    pub waiting: usize,
}

/// The Tesseract program.
#[derive(Debug)]
pub struct Tesseract {
    options: TesseractOptions,
    /// Started programs that wait for their picture.
    started: Mutex<Vec<Process>>,
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
        Self { options, started: Mutex::default(), seen: std::sync::OnceLock::new() }
    }

    /// How it is called to read a montage.
    fn arguments(&self) -> [&str; 11] {
        ["-", "-", "-l", &self.options.languages, "--psm", "6", "--dpi", "144", "-c", "tessedit_do_invert=0", "tsv"]
    }

    /// Starts programs until `count` wait, no more than `most` of them.
    fn start(&self, count: usize, most: usize) {
        let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..count.saturating_sub(started.len()).min(most) {
            // What keeps it from starting is told when something is read.
            let Ok(process) = Process::start(&self.options.program, &self.arguments()) else { break };
            started.push(process);
        }
    }

    /// A program that waits for its picture.
    fn waiting(&self) -> Result<Process> {
        let taken = {
            let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
            started.retain_mut(Process::is_waiting);
            // The one that was started first is the readiest.
            if started.is_empty() { None } else { Some(started.remove(0)) }
        };
        taken.map_or_else(|| Process::start(&self.options.program, &self.arguments()), Ok)
    }

    /// The words on one montage, read by `process`.
    fn words(&self, montage: &Montage, process: Process) -> Result<Vec<Word>> {
        let mut page = format!("P5\n{} {}\n255\n", montage.width, montage.height).into_bytes();
        page.extend_from_slice(&montage.pixels);
        let said = process.finish(page, self.options.timeout)?;
        let printed = answer(&self.options, said)?;
        // A program that says nothing has not read that there is nothing.
        table(&printed).ok_or_else(|| unavailable(format!("{} printed no table of words", self.options.program.display())))
    }
}

impl Text for Tesseract {
    fn recognise(&self, montages: &[Montage]) -> Result<Vec<Vec<Word>>> {
        let mut all = Vec::with_capacity(montages.len());
        let calls = self.calls();
        for some in montages.chunks(calls) {
            let processes = some.iter().map(|_| self.waiting()).collect::<Result<Vec<Process>>>()?;
            let at_work = AtomicUsize::new(some.len());
            let reading = |montage, process| {
                let words = self.words(montage, process);
                if at_work.fetch_sub(1, Ordering::Relaxed) > 1 {
                    self.start(calls, 1);
                }
                words
            };
            let read: Vec<Result<Vec<Word>>> = std::thread::scope(|scope| {
                let pairs = some.iter().zip(processes);
                let running: Vec<_> = pairs.map(|(montage, process)| scope.spawn(move || reading(montage, process))).collect();
                // What is idle while others read makes ready what may be read next, and keeps nobody who reads.
                self.start(calls, calls - some.len());
                let ended = |_| Err(Error::new(Kind::Bug, "bug", "reading had a defect"));
                running.into_iter().map(|thread| thread.join().unwrap_or_else(ended)).collect()
            });
            for words in read {
                all.push(words?);
            }
        }
        Ok(all)
    }

    fn expect(&self) {
        self.start(self.calls(), usize::MAX);
    }

    fn rest(&self) {
        self.start(self.options.waiting, usize::MAX);
    }

    fn ready(&self) -> Result<()> {
        if self.seen.get().is_none() {
            let found = look(&self.options)?;
            if let Some(missing) = self.options.languages.split('+').find(|name| !found.languages.iter().any(|known| known == name)) {
                return Err(no_language(missing));
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

/// Calls the program with `input` and gives what it printed.
fn called(options: &TesseractOptions, arguments: &[&str], input: Vec<u8>, limit: Duration) -> Result<Vec<u8>> {
    answer(options, Process::start(&options.program, arguments)?.finish(input, limit)?)
}

/// What the program printed, if it did what it was asked to.
fn answer(options: &TesseractOptions, said: Said) -> Result<Vec<u8>> {
    // Of several languages it reads with those that it has, and says which it has not.
    let lacking = said.complaint.lines().find_map(|line| line.trim().strip_prefix("Failed loading language"));
    if let Some(name) = lacking {
        return Err(no_language(name.trim().trim_matches('\'')));
    }
    if said.status.success() {
        return Ok(said.printed);
    }
    if said.complaint.contains("traineddata") || said.complaint.contains("any languages") {
        let languages = &options.languages;
        return Err(unavailable(format!("Tesseract has not all of the language data {languages:?}")));
    }
    let mut message = format!("{} ended with {}", options.program.display(), said.status);
    if let Some(line) = said.complaint.lines().find(|line| !line.trim().is_empty()) {
        let _ = write!(message, ": {}", line.chars().take(200).collect::<String>());
    }
    Err(unavailable(message))
}

fn no_language(name: &str) -> Error {
    unavailable(format!("Tesseract has no language data {name:?}, which resolve.ocr_languages names"))
}

/// The words of Tesseract's table: rows of level 5, of which left, top, width and height are the seventh to tenth column, the
/// confidence in percent the eleventh and the text the twelfth. None where the line of their names does not come first: it is no table.
fn table(bytes: &[u8]) -> Option<Vec<Word>> {
    let text = String::from_utf8_lossy(bytes);
    let rows = text.trim_start().strip_prefix("level\tpage_num\t")?;
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
    Some(rows.lines().skip(1).filter_map(word).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn options(program: &str) -> TesseractOptions {
        TesseractOptions { program: program.into(), languages: "fra".to_owned(), timeout: Duration::from_mins(1), calls: 2, waiting: 0 }
    }

    #[test]
    fn a_table_is_read_and_what_is_none_is_left_out() {
        let text = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
                    4\t1\t1\t1\t1\t0\t10\t20\t300\t40\t-1\t\n\
                    5\t1\t1\t1\t1\t1\t10\t20\t30\t40\t96.5\tNom\r\n\
                    5\t1\t1\t1\t1\t2\t-1\t20\t30\t40\t96.5\tde\n\
                    5\t1\t1\t1\t1\t3\t50\t20\t30\t40\t12\t \n\
                    nonsense\n";
        let words = table(text.as_bytes()).unwrap();
        let place = Place { x: 10, y: 20, width: 30, height: 40 };
        assert_eq!(words, [Word { text: "Nom".to_owned(), place, confidence: 0.965 }]);
    }

    proptest! {
        #[test]
        fn no_table_is_too_odd(bytes in proptest::collection::vec(any::<u8>(), 0..200), rows in "(5\t[0-9\t.-]{0,40}\n){0,4}") {
            table(&bytes);
            table(rows.as_bytes());
            assert!(table(format!("level\tpage_num\tx\n{rows}").as_bytes()).is_some());
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
