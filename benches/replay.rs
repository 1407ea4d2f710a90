//! Polls, events and shots: `cargo bench --bench replay`.
//!
//! The same load on this server and, with `LEA_BENCH_PEER` (see the bench `fleet`), on another in turn. Then what only this one is
//! asked: memory over a million events, memory of 10,000 agents that wait, and how long a poll takes while shots come in.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench measures time, prints, and may stop at once"
)]

mod load;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use load::{CONNECTIONS, Rate, Server, TOKEN, load, request};

const STREAM: &str = "/api/v1/traces/stream";

/// Machines with a replay each.
const MACHINES: usize = 40;

/// Actions of each replay.
const ACTIONS: usize = 500;

/// Agents that wait at once.
const WAITING: usize = 10_000;

/// Shots a second beside the polls, of about 270 kB: 8 MiB.
const SHOTS_A_SECOND: u32 = 31;

fn empty_poll(_: usize) -> Vec<u8> {
    request("GET", &format!("{STREAM}/replay/next?session_id=sess_empty&machine_id=pc-empty"), "")
}

fn event(number: usize) -> Vec<u8> {
    let body = format!(
        r#"{{"session_id":"sess_{}","timestamp":1760000000.5,"machine_id":"pc1","event":{{"type":"mouse_click","pos":[812,455],"button":"left","window":{{"title":"Dossier patient - Excel","app":"EXCEL.EXE"}},"screenshot":"shot_0012_full","seq":{number}}}}}"#,
        number % 50
    );
    request("POST", &format!("{STREAM}/event"), &body)
}

/// A picture of about 270 kB that no two screens share.
fn picture() -> Vec<u8> {
    let mut state = 7_u32;
    let noise = image::RgbImage::from_fn(300, 300, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [a, b, c, _] = state.to_le_bytes();
        image::Rgb([a, b, c])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    noise.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn shot(number: usize, picture: &[u8]) -> Vec<u8> {
    let head = "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"s.png\"\r\nContent-Type: image/png\r\n\r\n";
    let body = [head.as_bytes(), picture, b"\r\n--edge--\r\n"].concat();
    let path = format!("{STREAM}/image?session_id=sess_1&machine_id=pc1&shot_id=heartbeat_{number}");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: multipart/form-data; boundary=edge\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body].concat()
}

fn measure(peer: Option<&str>) -> Vec<(&'static str, Rate)> {
    let many = |ours: usize, theirs: usize| if peer.is_none() { ours } else { theirs };
    let server = Server::start(peer);
    let mut rates = vec![("poll, nothing to do", load(&server, CONNECTIONS, many(200_000, 20_000), 200, empty_poll))];
    let actions: Vec<String> =
        (0..ACTIONS).map(|number| format!(r#"{{"action_id":"a{number}","type":"click","x_pct":0.5,"y_pct":0.25}}"#)).collect();
    let start = format!(r#","actions":[{}]}}"#, actions.join(","));
    let start: &'static str = Box::leak(start.into_boxed_str());
    load(&server, 1, MACHINES, 200, move |number| {
        request("POST", &format!("{STREAM}/replay/raw"), &format!(r#"{{"session_id":"sess_r{number}","machine_id":"pc-{number}"{start}"#))
    });
    let queued = |number: usize| {
        let machine = number % MACHINES;
        request("GET", &format!("{STREAM}/replay/next?session_id=sess_r{machine}&machine_id=pc-{machine}"), "")
    };
    rates.push(("poll, an action each time", load(&server, CONNECTIONS, MACHINES * ACTIONS, 200, queued)));
    rates.push(("event", load(&server, CONNECTIONS, many(200_000, 20_000), 200, event)));
    let picture: &'static [u8] = Box::leak(picture().into_boxed_slice());
    rates.push(("shot of 270 kB", load(&server, 4, many(3_000, 1_000), 200, move |number| shot(number, picture))));
    if let Some(resident) = server.resident() {
        println!("resident memory afterwards: {resident:.1} MiB");
    }
    rates
}

fn one(server: &Server, bytes: &[u8]) -> Duration {
    let mut stream = TcpStream::connect(server.address).unwrap();
    let sent = Instant::now();
    stream.write_all(bytes).unwrap();
    let mut answer = [0; 4096];
    assert!(stream.read(&mut answer).unwrap() > 0);
    sent.elapsed()
}

/// What only this server is asked.
fn alone() {
    let server = Server::start(None);
    load(&server, CONNECTIONS, 100_000, 200, event);
    let before = server.resident();
    load(&server, CONNECTIONS, 900_000, 200, event);
    println!("resident memory after 100,000 events {:.1?} MiB, after a million {:.1?} MiB", before, server.resident());

    let server = Server::start(None);
    one(&server, &empty_poll(0));
    let before = server.resident().unwrap_or_default();
    let waiting: Vec<TcpStream> = (0..WAITING)
        .map(|number| {
            let mut stream = TcpStream::connect(server.address).unwrap();
            let path = format!("{STREAM}/replay/next?session_id=sess_{number}&machine_id=pc-{number}&wait=60");
            stream.write_all(&request("GET", &path, "")).unwrap();
            stream
        })
        .collect();
    // Each of them is waiting once one that came after all of them was answered twice.
    one(&server, &empty_poll(0));
    std::thread::sleep(Duration::from_secs(2));
    let each = (server.resident().unwrap_or_default() - before) * 1024.0 / WAITING as f64;
    println!("{WAITING} agents wait: {each:.1} KiB each; a poll beside them takes {:.2?}", one(&server, &empty_poll(0)));
    drop(waiting);

    let server = Server::start(None);
    let quiet = load(&server, 4, 40_000, 200, empty_poll).p99;
    let (address, picture) = (server.address, picture());
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let stopped = std::sync::Arc::clone(&stop);
    let shots = std::thread::spawn(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        let (mut count, started) = (0_u32, Instant::now());
        while !stopped.load(std::sync::atomic::Ordering::Relaxed) {
            stream.write_all(&shot(count as usize, &picture)).unwrap();
            let mut answer = [0; 4096];
            assert!(stream.read(&mut answer).unwrap() > 0);
            count += 1;
            let due = started + Duration::from_secs(1) * count / SHOTS_A_SECOND;
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
        }
        f64::from(count) * picture.len() as f64 / started.elapsed().as_secs_f64() / f64::from(1 << 20)
    });
    let busy = load(&server, 4, 200_000, 200, empty_poll).p99;
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let mebibytes = shots.join().unwrap();
    println!(
        "p99 of a poll {quiet:.2?}; {busy:.2?} while {mebibytes:.1} MiB of shots come in a second: {:.1} times",
        busy.as_secs_f64() / quiet.as_secs_f64()
    );
}

fn main() {
    load::compare(measure);
    alone();
}
