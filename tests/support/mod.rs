//! What the tests share: running the executable in an environment of its own.

pub mod decode_to_verdict;
pub mod fake;
pub mod form;
pub mod inspect_archive;
pub mod png;
pub mod reader;
mod server;
pub mod source;
pub mod zips;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub use server::{OPERATOR, Server, signal};

/// The built executable.
pub fn lea_path() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_lea"))
}

/// The root of the package.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder that goes away, and the executable run in it with an empty environment.
pub struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    /// A new, empty one.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A path below the sandbox.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `lea` with these arguments, the sandbox as home and `data` below it as data directory; nothing else is inherited.
    pub fn lea<I: IntoIterator<Item = S>, S: AsRef<std::ffi::OsStr>>(&self, arguments: I) -> Command {
        let mut command = Command::new(lea_path());
        command.env_clear().env("HOME", self.folder.path()).env("LEA_DATA_DIR", self.path("data"));
        command.current_dir(self.folder.path()).args(arguments).stdin(Stdio::null());
        command
    }

    /// Runs `lea` and waits for its end.
    pub fn run<I: IntoIterator<Item = S>, S: AsRef<std::ffi::OsStr>>(&self, arguments: I) -> Run {
        Run::of(&mut self.lea(arguments))
    }
}

/// What a finished run left behind.
#[derive(Debug)]
pub struct Run {
    /// The exit code; -1 when a signal ended it.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Run {
    /// Runs `command` to its end.
    pub fn of(command: &mut Command) -> Self {
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: status.code().unwrap_or(-1), out: text(stdout), err: text(stderr) }
    }

    /// Fails the test, with everything that was printed, unless the exit code is `code`.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|why| panic!("{why}: {}\n{}", self.out, self.err))
    }

    /// The error on standard error as JSON.
    #[track_caller]
    pub fn error(&self) -> serde_json::Value {
        let line = self.err.lines().last().unwrap_or_default();
        serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|why| panic!("{why}: {}", self.err))["error"].clone()
    }
}
