//! OpenCV in a process of its own that stays alive, so that starting Python counts for nothing.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use lea::target::Place;
use lea::vision::Gray;
use lea::vision::reference::SourceHit;
use serde_json::{Value, json};

/// What the peer needs.
const PACKAGES: [&str; 2] = ["opencv-python-headless", "numpy"];

pub(crate) struct Peer {
    pub(crate) version: String,
    child: Child,
    pipes: RefCell<(ChildStdin, BufReader<ChildStdout>)>,
    folder: tempfile::TempDir,
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Peer {
    /// Nothing where no Python with the packages is to be had.
    pub(crate) fn start() -> Option<Self> {
        let python = python()?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/resolve_peer.py");
        let mut child = Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
        let (requests, mut answers) = (child.stdin.take()?, BufReader::new(child.stdout.take()?));
        let version = line(&mut answers)["version"].as_str()?.to_owned();
        Some(Self { version, child, pipes: RefCell::new((requests, answers)), folder: tempfile::tempdir().ok()? })
    }

    /// Hands a picture over under a name; a later one of that name takes its place.
    pub(crate) fn load(&self, name: &str, picture: &Gray) {
        let path = self.folder.path().join("picture.pgm");
        let head = format!("P5 {} {} 255\n", picture.width, picture.height);
        std::fs::write(&path, [head.as_bytes(), &picture.pixels].concat()).unwrap();
        self.ask(&json!({ "load": name, "path": path }));
    }

    /// What the old rule finds, and the milliseconds it took by the peer's own clock.
    pub(crate) fn find(&self, screen: &str, anchor: &str) -> (Option<SourceHit>, f64) {
        hit(&self.ask(&json!({ "find": anchor, "on": screen })))
    }

    /// The same at the recorded scale alone.
    pub(crate) fn find_at_one_scale(&self, screen: &str, anchor: &str) -> (Option<SourceHit>, f64) {
        hit(&self.ask(&json!({ "find": anchor, "on": screen, "scales": [1.0] })))
    }

    /// From the files.
    pub(crate) fn resolve(&self, screenshot: &Path, anchor: &Path) -> Option<SourceHit> {
        hit(&self.ask(&json!({ "resolve": anchor, "on": screenshot }))).0
    }

    fn ask(&self, request: &Value) -> Value {
        let (requests, answers) = &mut *self.pipes.borrow_mut();
        writeln!(requests, "{request}").unwrap();
        line(answers)
    }
}

fn line(answers: &mut BufReader<ChildStdout>) -> Value {
    let mut line = String::new();
    answers.read_line(&mut line).unwrap();
    serde_json::from_str(&line).unwrap()
}

fn hit(answer: &Value) -> (Option<SourceHit>, f64) {
    let hit = &answer["hit"];
    let number = |name: &str| hit[name].as_u64().unwrap() as u32;
    let hit = hit.is_object().then(|| SourceHit {
        place: Place { x: number("x"), y: number("y"), width: number("width"), height: number("height") },
        score: hit["score"].as_f64().unwrap(),
        scale: hit["scale"].as_f64().unwrap(),
    });
    (hit, answer["ms"].as_f64().unwrap())
}

/// The Python that `LEA_BENCH_PYTHON` names, or that of an environment made once below the folder of what is built.
fn python() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("LEA_BENCH_PYTHON") {
        let named = PathBuf::from(named);
        assert!(has_packages(&named), "{} lacks {PACKAGES:?}", named.display());
        return Some(named);
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("opencv");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !has_packages(&python) {
        println!("making a Python environment in {}", folder.display());
        let made = succeeds(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        if !made || !succeeds(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(PACKAGES)) {
            return None;
        }
    }
    has_packages(&python).then_some(python)
}

fn has_packages(python: &Path) -> bool {
    succeeds(Command::new(python).args(["-c", "import cv2, numpy"]).stderr(Stdio::null()))
}

fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}
