//! Asking whether the configuration changed: `cargo bench --bench sync`.
//!
//! Starts the built server on a memory disk where there is one, first with nothing to serve, then with twenty skills, and asks from 16
//! connections with the present version's name: answers are 304 without a body. With `LEA_BENCH_PEER` set to the command of another
//! server (`{port}` is replaced; its skills are put below `data/competences/` in the folder that `ORACLE_ROOT` names), the same
//! question is put to it as its own clients do, `GET /config/version`, and the ratio is printed.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench measures time, prints, and may stop at once"
)]

mod load;

use std::fmt::Write as _;
use std::io::{Read, Write as _};

use load::{CONNECTIONS, Rate, Server, TOKEN, load, request};

const SKILLS: usize = 20;

/// Puts skills where the server looks for them.
fn fill(server: &Server, peer: bool) {
    let folder = server.data().join(if peer { "data/competences/stable" } else { "competences/stable" });
    std::fs::create_dir_all(&folder).unwrap();
    for number in 0..SKILLS {
        let mut text = format!("schema_version: 1\nid: skill_{number}\nname: Skill {number}\nlearning_state: stable\nmethods:\n");
        for step in 0..10 {
            let _ = write!(text, "- id: step_{step}_click\n  kind: click\n  target:\n    by_text: Enregistrer {step}\n    x: 0.5\n");
        }
        std::fs::write(folder.join(format!("skill_{number}.yaml")), text).unwrap();
    }
}

/// One request as bytes that live as long as the program.
fn question(path: &str, header: &str) -> &'static [u8] {
    let text = format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {TOKEN}\r\n{header}\r\n");
    Box::leak(text.into_bytes().into_boxed_slice())
}

/// The name of the version that is served.
fn etag(server: &Server) -> String {
    let mut stream = std::net::TcpStream::connect(server.address).unwrap();
    stream.write_all(question("/api/v1/config/version", "Connection: close\r\n")).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap().to_owned()
}

fn measure(peer: Option<&str>) -> Vec<(&'static str, Rate)> {
    let server = Server::start(peer);
    let mut rates = Vec::new();
    for name in ["unchanged, nothing served", "unchanged, 20 skills"] {
        if !rates.is_empty() {
            fill(&server, peer.is_some());
        }
        let (question, status, count) = match peer {
            Some(_) => (question("/api/v1/config/version", ""), 200, if rates.is_empty() { 5_000 } else { 200 }),
            None => (question("/api/v1/config/all", &format!("If-None-Match: {}\r\n", etag(&server))), 304, 200_000),
        };
        rates.push((name, load(&server, CONNECTIONS, count, status, move |_| question.to_vec())));
    }
    if peer.is_none() {
        let all = |_| request("GET", "/api/v1/config/all", "");
        rates.push(("all of it, 20 skills", load(&server, CONNECTIONS, 50_000, 200, all)));
    }
    if let Some(resident) = server.resident() {
        println!("resident memory afterwards: {resident:.1} MiB");
    }
    rates
}

fn main() {
    load::compare(measure);
}
