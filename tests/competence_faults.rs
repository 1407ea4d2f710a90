//! Competences when many come at once, and when programs are killed in the middle.

use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};

use crate::cli_competence::{persist, request};
use crate::support::{OPERATOR, Run, Sandbox, Server};

/// One document, one line, and a whole audit.
#[track_caller]
fn one_and_whole(sandbox: &Sandbox, slug: &str) {
    let audit = std::fs::read_to_string(sandbox.path("data/competences/persist_audit.jsonl")).unwrap();
    let wanted = format!("\"slug\": \"{slug}\"");
    assert_eq!(audit.lines().filter(|line| line.contains(&wanted)).count(), 1, "{audit}");
    let folder = sandbox.path("data/competences/candidate");
    let names: Vec<String> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(names.iter().filter(|name| **name == format!("{slug}.yaml")).count(), 1, "{names:?}");
    assert!(names.iter().all(|name| !name.starts_with('.')), "left half done: {names:?}");
    let verdict = sandbox.run(["competence", "audit", "verify", "--json"]).expect(0).json();
    assert_eq!(verdict["ok"], true);
}

#[test]
fn of_20_at_once_one_is_stored_and_19_are_told_so() {
    let sandbox = Sandbox::new();
    let codes = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for number in 0..20 {
            let (sandbox, codes) = (&sandbox, &codes);
            scope.spawn(move || {
                let run = persist(sandbox, &request("Ouvrir Excel", &format!("p-{number}")));
                let told = if run.code == 0 { Value::from("stored") } else { run.error()["code"].clone() };
                codes.lock().unwrap().push((run.code, told));
            });
        }
    });
    let codes = codes.into_inner().unwrap();
    let of = |wanted: (i32, &str)| codes.iter().filter(|(code, told)| (*code, told.as_str().unwrap()) == wanted).count();
    assert_eq!((of((0, "stored")), of((5, "slug_taken"))), (1, 19), "{codes:?}");
    one_and_whole(&sandbox, "ouvrir_excel");
}

#[test]
fn programs_and_a_server_at_once_lose_and_double_nothing() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    std::thread::scope(|scope| {
        for lane in 0..4 {
            let (sandbox, server) = (&sandbox, &server);
            scope.spawn(move || {
                for number in 0..5 {
                    let body = request(&format!("Saisie {lane} {number}"), &format!("p-{lane}-{number}"));
                    if lane % 2 == 0 {
                        persist(sandbox, &body).expect(0);
                    } else {
                        let mut body = body;
                        body.as_object_mut().unwrap().remove("machine_id");
                        let path = "/api/v1/lea/competences/candidate/persist";
                        let (status, answer) = server.call("POST", path, OPERATOR, Some(body));
                        assert_eq!(status, 201, "{answer}");
                    }
                }
            });
        }
    });
    let entries = sandbox.run(["competence", "audit", "list", "--json"]).expect(0).json()["entries"].clone();
    let numbers: Vec<u64> = entries.as_array().unwrap().iter().map(|entry| entry["audit_entry_id"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
    one_and_whole(&sandbox, "saisie_3_4");
}

#[cfg(unix)]
#[test]
fn killed_at_100_moments_the_same_call_ends_in_one_file_and_one_line() {
    let sandbox = Sandbox::new();
    // How long one takes, so that the moments are spread over it.
    let mut took = Duration::ZERO;
    for number in 0..5 {
        let begun = std::time::Instant::now();
        persist(&sandbox, &request(&format!("Essai {number}"), &format!("e-{number}"))).expect(0);
        took = if took.is_zero() { begun.elapsed() } else { took.min(begun.elapsed()) };
    }
    let mut cut_short = 0;
    for number in 0..100_u32 {
        let body = request(&format!("Saisie {number}"), &format!("p-{number}"));
        std::fs::write(sandbox.path("body.json"), body.to_string()).unwrap();
        let mut child = sandbox.lea(["competence", "persist", "body.json", "--json"]).stdout(std::process::Stdio::null()).spawn().unwrap();
        let begun = std::time::Instant::now();
        while begun.elapsed() < took * number / 100 {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        cut_short += u32::from(!child.wait().unwrap().success());
        persist(&sandbox, &body).expect(0);
        if number % 10 == 9 {
            one_and_whole(&sandbox, &format!("saisie_{number}"));
        }
    }
    assert!(cut_short > 20, "only {cut_short} were cut short");
    let entries = sandbox.run(["competence", "audit", "list", "--json"]).expect(0).json()["entries"].clone();
    let mut slugs: Vec<&str> = entries.as_array().unwrap().iter().map(|entry| entry["slug"].as_str().unwrap()).collect();
    assert_eq!(slugs.len(), 105);
    slugs.sort_unstable();
    slugs.dedup();
    assert_eq!(slugs.len(), 105, "a line stands twice");
}

#[test]
fn killed_after_each_step_the_next_call_goes_on() {
    for point in ["persist.begun", "persist.made", "persist.audited", "persist.ended"] {
        for torn in [false, true] {
            let sandbox = Sandbox::new();
            let start = |armed: bool| {
                let mut command = sandbox.lea(["serve", "--listen", "127.0.0.1:0"]);
                command.env("LEA_TOKEN", OPERATOR);
                if armed {
                    command.env("LEA_FAILPOINT", format!("{point}:2"));
                }
                Server::spawn(&mut command)
            };
            let path = "/api/v1/lea/competences/candidate/persist";
            let server = start(true);
            assert_eq!(server.call("POST", path, OPERATOR, Some(request("Premier", "p-1"))).0, 201);
            assert!(server.try_call("POST", path, OPERATOR, Some(request("Second", "p-2")), &[]).is_err(), "{point}");
            drop(server);
            let audit = sandbox.path("data/competences/persist_audit.jsonl");
            let text = std::fs::read_to_string(&audit).unwrap();
            if torn && text.lines().count() == 2 && point == "persist.audited" {
                // The last write did not reach the disk whole.
                std::fs::write(&audit, &text[..text.len() - 40]).unwrap();
            } else if torn {
                // The source's module writes before anybody goes on.
                std::fs::write(&audit, text + "{\"persist_id\": \"other\", \"slug\": \"other\"}\n").unwrap();
            }
            let server = start(false);
            let (status, answer) = server.call("POST", path, OPERATOR, Some(request("Second", "p-2")));
            assert_eq!((status, &answer["created"]), (200, &json!(false)), "{point}: {answer}");
            one_and_whole(&sandbox, "premier");
            one_and_whole(&sandbox, "second");
            assert_eq!(Run::of(&mut sandbox.lea(["competence", "audit", "find", "p-2", "--json"])).expect(0).json()["slug"], "second");
        }
    }
}
