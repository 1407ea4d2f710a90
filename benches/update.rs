//! Reading updates through: `cargo bench --bench update`.
//!
//! Hashes beside `sha256sum` and inspects beside `unzip -t` (where they are installed) the same 300 MB archive, in turn, and prints
//! the ratios; then stages it from a server on loopback and prints how far the program's memory rose.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench measures time, prints, and may stop at once"
)]

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lea::update::{Ceilings, UpdateType, hash, inspect};

const ROUNDS: usize = 5;

const CEILINGS: Ceilings = Ceilings { bytes: 1 << 30, expanded: 4 << 30, ratio: 200, entries: 50_000 };

/// An archive of about 300 MB: models that hardly pack, and code that does.
fn make(path: &Path) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut noise = |length: usize| -> Vec<u8> {
        std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .take(length)
        .collect()
    };
    let mut writer = zip::ZipWriter::new(File::create(path).unwrap());
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for number in 0..28 {
        writer.start_file(format!("agent_v1/model_{number}.bin"), options).unwrap();
        writer.write_all(&noise(10 << 20)).unwrap();
    }
    for number in 0..500 {
        writer.start_file(format!("lea_ui/script_{number}.js"), options).unwrap();
        let line = format!("function name_{number}(argument) {{ return argument + {number}; }}\n");
        let words: String = noise(2000).iter().flat_map(|byte| ["var v = ".to_owned(), byte.to_string(), "; ".to_owned()]).collect();
        writer.write_all((line.repeat(200) + &words.repeat(4)).as_bytes()).unwrap();
    }
    writer.finish().unwrap();
}

/// The best of some rounds, and the same of a program.
fn beside(name: &str, wanted: &str, ours: &mut dyn FnMut(), theirs: &mut Command) {
    let mut best = [Duration::MAX; 2];
    let mut there = true;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        ours();
        best[0] = best[0].min(start.elapsed());
        let start = Instant::now();
        there = theirs.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success());
        best[1] = best[1].min(start.elapsed());
    }
    let ratio = best[0].as_secs_f64() / best[1].as_secs_f64();
    let theirs = if there { format!("{:?}, {ratio:.2} of its time ({wanted})", best[1]) } else { "not installed".to_owned() };
    println!("{name}: {:?}; beside {theirs}", best[0]);
}

fn main() {
    let folder = tempfile::tempdir_in(if Path::new("/dev/shm").is_dir() { "/dev/shm" } else { "." }).unwrap();
    let path = folder.path().join("u.zip");
    make(&path);
    println!("{} bytes", path.metadata().unwrap().len());
    let mut file = File::open(&path).unwrap();
    let mut digest = String::new();
    beside(
        "hash",
        "1.11 is 0.9 of its speed",
        &mut || {
            file.rewind().unwrap();
            digest = hash(&mut file).unwrap();
        },
        Command::new("sha256sum").arg(&path),
    );
    let mut file = File::open(&path).unwrap();
    beside(
        "inspect",
        "3 allowed",
        &mut || assert!(inspect(&mut file, Some(UpdateType::CodeOnly), &CEILINGS).unwrap().problems.is_empty()),
        Command::new("unzip").arg("-tqq").arg(&path),
    );
    staged(folder.path(), &path, &digest);
}

/// Serves the archive, stages it, and watches the program's memory.
fn staged(folder: &Path, path: &Path, digest: &str) {
    let length = path.metadata().unwrap().len();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let source = path.to_owned();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut line = String::new();
            while reader.read_line(&mut line).unwrap() > 2 {
                line.clear();
            }
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n").unwrap();
            let _ = std::io::copy(&mut File::open(&source).unwrap(), &mut stream);
        }
    });
    let plan = format!(
        r#"{{"target_version":"1.4.0","update_type":"code-only","url":"http://{address}/u.zip","sha256":"{digest}","size":{length}}}"#
    );
    let named = folder.join("plan.json");
    File::create(&named).unwrap().write_all(plan.as_bytes()).unwrap();
    let lea = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lea"));
        command.env_clear().env("HOME", folder).env("LEA_DATA_DIR", folder.join("data")).current_dir(folder).args(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let start = peak(&mut lea(&["config", "show"]));
    let began = Instant::now();
    let most = peak(&mut lea(&["update", "stage", "--plan", "plan.json", "--staging", "st"]));
    println!("stage: {:?}, peak memory {most} KiB, {} KiB above that of `lea config show`", began.elapsed(), most.saturating_sub(start));
}

/// The most memory that a command held, KiB.
fn peak(command: &mut Command) -> u64 {
    let mut child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        let mut text = String::new();
        if File::open(&status).and_then(|mut file| file.read_to_string(&mut text)).is_ok() {
            let held = text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
            most = most.max(held.unwrap_or(0));
        }
    }
    assert!(child.wait().unwrap().success());
    most
}
