//! One run of the program: started, given its input, awaited for no longer than it may take, and gone when nobody waits for it any more.
//! What it prints is understood elsewhere.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::error::{Error, Kind, Result};

/// The most that a run may print, bytes. A page of words takes some tens of kilobytes.
const MOST_OUTPUT: u64 = 16 << 20;

/// What to do where it is missing.
const HINT: &str = "install Tesseract 5 with French and English: on Debian `apt-get install tesseract-ocr tesseract-ocr-fra`, on Windows \
                    `winget install UB-Mannheim.TesseractOCR` with the French data chosen; or name the program in resolve.ocr_program";

/// That nobody can read, and why.
pub(super) fn unavailable(message: impl Into<String>) -> Error {
    Error::new(Kind::Unavailable, "ocr_unavailable", message.into()).hint(HINT)
}

/// A program that was started and waits for its input. One that is dropped is ended.
#[derive(Debug)]
pub(super) struct Process(Child);

/// What a program said.
pub(super) struct Said {
    /// On its standard output.
    pub(super) printed: Vec<u8>,
    /// On its standard error.
    pub(super) complaint: String,
    /// How it ended.
    pub(super) status: ExitStatus,
}

impl Drop for Process {
    fn drop(&mut self) {
        // It is over already, or it is to be.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    /// Starts `program`.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] with code `ocr_unavailable` when it is not there or cannot be started.
    pub(super) fn start(program: &Path, arguments: &[&str]) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(arguments).env("OMP_THREAD_LIMIT", "1").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().map_err(|cause| {
            let missing = cause.kind() == std::io::ErrorKind::NotFound;
            let what = if missing { "there is no program" } else { "this program cannot be started:" };
            unavailable(format!("reading text takes Tesseract, and {what} {}", program.display())).caused_by(cause)
        })?;
        Ok(Self(child))
    }

    /// Whether it still waits for its input.
    pub(super) fn is_waiting(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }

    /// Gives it all of its `input` and takes what it says.
    ///
    /// # Errors
    /// [`Kind::Timeout`] with code `ocr_timeout` when it takes longer than `limit`, [`Kind::Unavailable`] when it cannot be awaited.
    pub(super) fn finish(mut self, input: Vec<u8>, limit: Duration) -> Result<Said> {
        let (Some(mut to), Some(from), Some(said)) = (self.0.stdin.take(), self.0.stdout.take(), self.0.stderr.take()) else {
            return Err(Error::new(Kind::Bug, "bug", "a program was started without its pipes"));
        };
        // It may end without having read everything: what it says then is told by whoever asked.
        let writing = std::thread::spawn(move || drop(to.write_all(&input)));
        let complaint = collected(said);
        let printed = collected(from);
        let late = || Error::new(Kind::Timeout, "ocr_timeout", format!("reading the text took longer than {} seconds", limit.as_secs()));
        let printed = printed.recv_timeout(limit).map_err(|_| late())?;
        let complaint = complaint.recv_timeout(limit).map_err(|_| late())?;
        let status = self.0.wait().map_err(|cause| unavailable("Tesseract did not end").caused_by(cause))?;
        // Its standard input is closed: the thread ends at once.
        let _ = writing.join();
        Ok(Said { printed, complaint: String::from_utf8_lossy(&complaint).into_owned(), status })
    }
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
