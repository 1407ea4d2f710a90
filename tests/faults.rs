//! What remains after a fault: killed in the middle, a full disk, a thousand at once.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::support::{OPERATOR, Sandbox, Server, signal};

const ENROLL: &str = "/api/v1/agents/enroll";

/// The machines that the server lists, and how many rows it has for them.
fn listed(server: &Server) -> (HashSet<String>, usize) {
    let (status, fleet) = server.call("GET", "/api/v1/agents/fleet", OPERATOR, None);
    assert_eq!(status, 200, "{fleet}");
    let rows = fleet["active"].as_array().unwrap();
    (rows.iter().map(|row| row["machine_id"].as_str().unwrap().to_owned()).collect(), rows.len())
}

#[test]
fn killed_during_200_enrollments_it_loses_none_that_was_acknowledged_and_doubles_none() {
    for stop_after in [1, 20, 90, 150] {
        let sandbox = Sandbox::new();
        let server = Server::start(&sandbox, &[]);
        let (acknowledged, answered) = (Mutex::new(Vec::new()), AtomicUsize::new(0));
        let pid = server.pid();
        std::thread::scope(|scope| {
            for lane in 0..20 {
                let (server, acknowledged, answered) = (&server, &acknowledged, &answered);
                scope.spawn(move || {
                    for number in 0..10 {
                        let machine = format!("m-{lane}-{number}");
                        let answer = server.try_call("POST", ENROLL, OPERATOR, Some(json!({ "machine_id": machine })), &[]);
                        let Ok((201, body)) = answer else { return };
                        acknowledged.lock().unwrap().push((machine, body["api_token"].as_str().unwrap().to_owned()));
                        if answered.fetch_add(1, Ordering::SeqCst) + 1 == stop_after {
                            signal(pid, "KILL");
                        }
                    }
                });
            }
        });
        drop(server);
        let server = Server::start(&sandbox, &[]);
        let (machines, rows) = listed(&server);
        assert_eq!(machines.len(), rows, "a machine stands twice");
        let acknowledged = acknowledged.into_inner().unwrap();
        assert!(acknowledged.len() >= stop_after);
        for (machine, token) in acknowledged {
            assert!(machines.contains(&machine), "{machine} was acknowledged and is lost");
            assert_eq!(server.call("GET", &format!("/api/v1/agents/{machine}"), &token, None).0, 200, "{machine}'s token is lost");
        }
    }
}

#[test]
fn of_a_thousand_enrollments_of_one_machine_exactly_one_is_granted() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let statuses = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for lane in 0..50 {
            let (server, statuses) = (&server, &statuses);
            scope.spawn(move || {
                for number in 0..20 {
                    let machine = if (lane + number) % 2 == 0 { "The-Machine" } else { "the-machine" };
                    let (status, _) = server.call("POST", ENROLL, OPERATOR, Some(json!({ "machine_id": machine })));
                    statuses.lock().unwrap().push(status);
                }
            });
        }
    });
    let statuses = statuses.into_inner().unwrap();
    let of = |wanted: u16| statuses.iter().filter(|status| **status == wanted).count();
    assert_eq!((of(201), of(409), statuses.len()), (1, 999, 1000));
    assert_eq!(listed(&server).1, 1);
}

/// A server whose folder `below` the data directory is a disk of `size`, in a mount namespace of its own. Needs the right to make one;
/// says so where it is missing, and is none then.
#[cfg(target_os = "linux")]
pub fn on_small_disk(sandbox: &Sandbox, below: &str, size: &str) -> Option<Server> {
    use std::process::Command;
    std::fs::create_dir_all(sandbox.path("data").join(below)).unwrap();
    let namespace = ["--mount", "--user", "--map-root-user"];
    if !Command::new("unshare").args(namespace).arg("true").status().is_ok_and(|status| status.success()) {
        assert!(std::env::var_os("CI").is_none(), "this machine cannot make a small disk for the test");
        println!("skipped: no right to make a mount namespace");
        return None;
    }
    let script = format!("mount -t tmpfs -o size={size} tmpfs \"$LEA_DATA_DIR/{below}\" && exec \"$0\" serve --listen 127.0.0.1:0");
    let mut command = Command::new("unshare");
    command.args(namespace).args(["sh", "-c", &script]).arg(crate::support::lea_path());
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("LEA_DATA_DIR", sandbox.path("data")).env("LEA_TOKEN", OPERATOR);
    Some(Server::spawn(&mut command))
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_and_leaves_a_readable_database() {
    let sandbox = Sandbox::new();
    let Some(server) = on_small_disk(&sandbox, "", "1m") else { return };
    let padding = "x".repeat(500);
    let mut granted = HashSet::new();
    let full = (0..5000).find_map(|number| {
        let machine = format!("m{number}");
        let body = json!({ "machine_id": machine, "user_name": padding, "os_info": padding });
        match server.call("POST", ENROLL, OPERATOR, Some(body)) {
            (201, _) => {
                granted.insert(machine);
                None
            }
            refused => Some(refused),
        }
    });
    let (status, body) = full.expect("the disk never filled up");
    assert_eq!((status, &body["code"]), (507, &json!("disk_full")), "{body}");
    assert!(!body.to_string().contains("lea.db"), "where the server keeps it is told to nobody: {body}");
    let (machines, rows) = listed(&server);
    assert_eq!((machines.len(), machines), (rows, granted), "what was acknowledged is there, and nothing else");
    let (code, log) = server.stop();
    assert!(code == 0 && log.contains("lea.db"), "the log says which file: {log}");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_cleanly_and_keeps_what_heartbeats_said() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    server.enroll("m");
    let (_, beat) = server.call("POST", "/api/v1/agents/heartbeat", OPERATOR, Some(json!({ "machine_id": "m" })));
    let (code, log) = server.stop();
    assert_eq!(code, 0, "{log}");
    let server = Server::start(&sandbox, &[]);
    let (_, agent) = server.call("GET", "/api/v1/agents/m", OPERATOR, None);
    assert_eq!(agent["agent"]["last_seen_at"], beat["last_seen_at"]);
}

#[cfg(unix)]
#[test]
fn when_nobody_reads_its_log_any_more_it_serves_and_stops_all_the_same() {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::process::Stdio;
    let sandbox = Sandbox::new();
    let mut command = sandbox.lea(["serve", "--listen", "127.0.0.1:0"]);
    let mut child = command.env("LEA_TOKEN", OPERATOR).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    drop(child.stderr.take());
    let address = line.trim().strip_prefix("listening on http://").unwrap();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    // A refusal is logged.
    stream.write_all(b"GET /api/v1/agents/fleet HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    signal(child.id(), "TERM");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
