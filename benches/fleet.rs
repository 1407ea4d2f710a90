//! Enrollment, heartbeats and listing at 10,000 machines: `cargo bench --bench fleet`.
//!
//! Starts the built server on a memory disk where there is one (a disk's flush would drown everything else), drives it over
//! loopback with 16 connections from one thread, and prints rates, times and resident memory. With `LEA_BENCH_PEER` set to
//! the command of another server (`{port}` is replaced; it is given `RPA_API_TOKEN` and `RPA_AGENTS_DB_PATH`), the same load
//! is put on both in turn, and the ratio is printed.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench measures time, prints, and may stop at once"
)]

mod load;

use load::{CONNECTIONS, Rate, Server, load, request};

const MACHINES: usize = 10_000;

/// The three rates of one server: name, rate.
fn measure(peer: Option<&str>) -> Vec<(&'static str, Rate)> {
    let server = Server::start(peer);
    let body = |number: usize| {
        format!(
            r#"{{"machine_id":"pc-{number:06}","user_name":"Dom","user_email":"dom{number}@example.org","hostname":"PC-{number}","os_info":"Windows 11 Pro 23H2","version":"1.0.2"}}"#
        )
    };
    let enroll = load(&server, CONNECTIONS, MACHINES, 201, move |number| request("POST", "/api/v1/agents/enroll", &body(number)));
    let mut rates = vec![("enroll", enroll)];
    if peer.is_none() {
        let beat =
            |number: usize| request("POST", "/api/v1/agents/heartbeat", &format!(r#"{{"machine_id":"pc-{:06}"}}"#, number % MACHINES));
        rates.push(("heartbeat", load(&server, CONNECTIONS, 100_000, 200, beat)));
    }
    let lists = if peer.is_none() { 2_000 } else { 12 };
    rates.push(("fleet list", load(&server, 4, lists, 200, |_| request("GET", "/api/v1/agents/fleet", ""))));
    if let Some(resident) = server.resident() {
        println!("resident memory after {MACHINES} machines: {resident:.1} MiB");
    }
    if peer.is_none() {
        // A heartbeat before each list: nothing can be kept ready.
        let mixed = |number: usize| match number % 2 {
            0 => request("POST", "/api/v1/agents/heartbeat", &format!(r#"{{"machine_id":"pc-{:06}"}}"#, number % MACHINES)),
            _ => request("GET", "/api/v1/agents/fleet", ""),
        };
        rates.push(("list and heartbeat in turn", load(&server, 1, 400, 200, mixed)));
    }
    rates
}

fn main() {
    load::compare(measure);
}
