//! Slugs, personal data and the audit beside the field's module in Python: `cargo bench --bench competence`.
//!
//! Files lie on a memory disk where there is one: a disk's flush would drown everything else. Each measurement is the best of three, in turns with
//! the peer. `LEA_BENCH_PYTHON` names another Python than `python3`; without any, only this program's times are printed.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench measures time, prints, and may stop at once"
)]

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use lea::clock::Time;
use lea::competence::{Document, Head, Journal, Ledger, Library, Node, Persist, Scanner, State, Tools, look_up, map, slugify, verify};
use lea::files::CompetenceFolder;
use lea::store::Database;
use serde_json::{Value, json};

const ROUNDS: usize = 3;
const MEGABYTE: usize = 1 << 20;

/// The field's module in a process that stays alive.
struct Peer {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    fn start() -> Option<Self> {
        let python = std::env::var_os("LEA_BENCH_PYTHON").unwrap_or_else(|| "python3".into());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/competence_peer.py");
        let mut child = Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
        let (requests, answers) = (child.stdin.take()?, BufReader::new(child.stdout.take()?));
        Some(Self { child, requests, answers })
    }

    /// The seconds that a request takes, by the peer's own clock.
    fn seconds(&mut self, request: &Value) -> f64 {
        writeln!(self.requests, "{request}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str::<Value>(&line).unwrap()["seconds"].as_f64().unwrap()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn seconds(work: &mut dyn FnMut()) -> f64 {
    let begun = Instant::now();
    work();
    begun.elapsed().as_secs_f64()
}

/// Both in turns; the best of each, as units a second.
fn compare(name: &str, unit: &str, amount: f64, ours: &mut dyn FnMut(), peer: Option<(&mut Peer, &Value, f64)>) {
    let (mut own, mut other) = (f64::MAX, f64::MAX);
    match peer {
        None => (0..ROUNDS).for_each(|_| own = own.min(seconds(ours))),
        Some((peer, request, share)) => {
            for _ in 0..ROUNDS {
                own = own.min(seconds(ours));
                other = other.min(peer.seconds(request) / share);
            }
        }
    }
    let rate = |seconds: f64| amount / seconds;
    if other < f64::MAX {
        println!("{name:44} {:>12.1} {unit}/s   peer {:>10.1} {unit}/s   {:>7.1} times", rate(own), rate(other), other / own);
    } else {
        println!("{name:44} {:>12.1} {unit}/s   ({:.2} ms)", rate(own), own * 1000.0);
    }
}

fn scans(peer: &mut Option<Peer>) {
    let scanner = Scanner::new(None, None).unwrap();
    let mut ordinary = String::new();
    while ordinary.len() < 8 * MEGABYTE {
        let line = "Cliquer sur « Enregistrer », puis vérifier que le dossier 4512 s'affiche à 12:30 le 2026-04-15; sinon prévenir le service. \
                    kind: click, target: {by_text: Valider, x_pct: 0.512}\n";
        ordinary.push_str(line);
    }
    let megabytes = ordinary.len() as f64 / MEGABYTE as f64;
    let short: String = ordinary.chars().take(MEGABYTE / 2).collect();
    let (request, share) = (json!({ "scan": short }), short.len() as f64 / ordinary.len() as f64);
    let mut scan = || drop(std::hint::black_box(scanner.hits(&ordinary)));
    compare("personal data, ordinary text", "MB", megabytes, &mut scan, peer.as_mut().map(|peer| (peer, &request, share)));
    for (name, piece) in [
        ("a.", "a."),
        ("digits", "1"),
        ("IPP ", "IPP "),
        ("a@", "a@"),
        ("06 ", "06 "),
        ("1 ", "1 "),
        ("FR76", "FR76 "),
        ("1850578006084", "1850578006084 "),
    ] {
        let text = piece.repeat(MEGABYTE / piece.len());
        compare(
            &format!("personal data, a megabyte of {name:?}"),
            "MB",
            1.0,
            &mut || drop(std::hint::black_box(scanner.hits(&text))),
            None,
        );
    }
}

fn slugs(peer: &mut Option<Peer>) {
    let names: Vec<String> = (0..20_000).map(|number| format!("Créer un dossier à l'accueil n° {number} – cœur/été")).collect();
    let request = json!({ "slugs": names });
    let mut make = || names.iter().for_each(|name| drop(std::hint::black_box(slugify(name))));
    compare("slugs", "names", names.len() as f64, &mut make, peer.as_mut().map(|peer| (peer, &request, 1.0)));
}

fn entry(number: u64) -> Node {
    let text = |text: String| Node::Text(text);
    map([
        ("persist_id", text(format!("p-{number}"))),
        ("slug", text(format!("slug_{number}"))),
        ("timestamp", text("2026-04-15T07:09:19+00:00".to_owned())),
    ])
}

/// An audit of `lines`, as it would be after so many changes, and its head.
fn audit(folder: &CompetenceFolder, database: &Database, lines: u64) -> Head {
    let _held = folder.hold().unwrap();
    let (mut head, mut text, mut known) = (Head::default(), String::new(), Vec::new());
    for number in 0..lines {
        let line = head.seal(&entry(number));
        let (slug, path) = (format!("slug_{number}"), String::new());
        known.push(Persist { persist_id: format!("p-{number}"), request: None, slug, path, entry: number + 1, offset: head.bytes });
        head = head.after(line.trim_end().as_bytes(), None);
        text.push_str(&line);
    }
    folder.append(0, &text).unwrap();
    database.finish(&head, &known).unwrap();
    head
}

fn audits(peer: &mut Option<Peer>) {
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    for lines in [1_000, 100_000, 1_000_000_u64] {
        let home = place.path().join(lines.to_string());
        let folder = CompetenceFolder::new(home.join("competences"));
        let database = Database::open(&home.join("lea.db"), Time::from_micros(0)).unwrap();
        let head = audit(&folder, &database, lines);
        let tools = Tools { library: &folder, ledger: &database, pass: &|_| {} };
        let path = home.join("competences/persist_audit.jsonl");
        let megabytes = head.bytes as f64 / MEGABYTE as f64;
        let mut prove = || {
            let mut reader = folder.audit(0).unwrap();
            assert!(verify(&mut *reader, None, None).unwrap().ok);
        };
        compare(&format!("verify, {lines} lines"), "MB", megabytes, &mut prove, None);
        let mut find = || {
            for number in (0..1000).map(|number| number * (lines / 1000)) {
                assert!(look_up(&folder, Some(&database), &format!("p-{number}")).is_ok());
            }
        };
        compare(&format!("look-up by persist_id, {lines} lines"), "entries", 1000.0, &mut find, None);
        // The peer adds to a copy of its own, fewer at a time: it takes long.
        let (copy, mut made) = (home.join("peer.jsonl"), 0_u64);
        std::fs::copy(&path, &copy).unwrap();
        let (count, fewer) = (300_u64, if lines > 10_000 { 3_u64 } else { 30 });
        let request = json!({ "append": copy, "count": fewer });
        let mut append = || {
            for _ in 0..count {
                made += 1;
                let mut name = String::new();
                write!(name, "made_{made}").unwrap();
                let document = Document { state: State::Candidate, slug: name, text: "schema_version: 1\n".to_owned() };
                Journal::open(&tools).unwrap().carry_out(document, None, entry(lines + made), None).unwrap();
            }
        };
        let share = fewer as f64 / count as f64;
        let peer = peer.as_mut().filter(|_| lines <= 100_000).map(|peer| (peer, &request, share));
        compare(&format!("document and line, {lines} lines"), "entries", count as f64, &mut append, peer);
    }
}

fn main() {
    let mut peer = Peer::start();
    if peer.is_none() {
        println!("no Python is to be had; measured alone");
    }
    slugs(&mut peer);
    scans(&mut peer);
    audits(&mut peer);
}
