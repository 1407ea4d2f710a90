//! Staging under kill -9, on a full disk, and twice at once.
#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::process::Stdio;

use lea::files::{Access, write_whole};
use serde_json::json;

use crate::support::fake::{Fake, Reply};
use crate::support::zips::{sha256, update};
use crate::support::{Run, Sandbox};

/// A folder with a plan for `bytes` at `url`.
fn planned(bytes: &[u8], url: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let plan = json!({ "target_version": "1.4.0", "update_type": "code-only", "url": url, "sha256": sha256(bytes), "size": bytes.len() });
    write_whole(&sandbox.path("plan.json"), plan.to_string().as_bytes(), Access::Everyone).unwrap();
    sandbox
}

const STAGE: [&str; 7] = ["update", "stage", "--plan", "plan.json", "--staging", "st", "--json"];

#[test]
fn killed_at_any_moment_there_is_nothing_or_a_whole_file_and_the_same_call_ends_well() {
    let bytes = update(3_000_000, 5);
    let zip = bytes.clone();
    let server = Fake::start(move |request, _| {
        let from =
            request.header("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()).unwrap_or(0_usize);
        let status = if from > 0 { "206 Partial" } else { "200 OK" };
        let range = if from > 0 { format!("content-range: bytes {from}-{}/{}\r\n", zip.len() - 1, zip.len()) } else { String::new() };
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{range}etag: \"e\"\r\nconnection: close\r\n\r\n", zip.len() - from);
        Reply::Raw([head.as_bytes(), &zip[from..]].concat())
    });
    let sandbox = planned(&bytes, &format!("{}/u.zip", server.url()));
    let (target, part) = (sandbox.path("st/lea_update_1.4.0.zip"), sandbox.path("st/lea_update_1.4.0.zip.part"));
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut killed = 0;
    for round in 0..50 {
        let mut child = sandbox.lea(STAGE).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Until so much has come, and then so many looks longer: into the reading through, the rename, the record.
        let until = random() % (bytes.len() as u64 * 5 / 4);
        let mut looks = random() % 3000;
        while child.try_wait().unwrap().is_none() {
            let come = std::fs::metadata(&part).map_or(0, |facts| facts.len());
            if come >= until.min(bytes.len() as u64) {
                if looks == 0 {
                    child.kill().unwrap();
                    break;
                }
                looks -= 1;
            }
        }
        killed += u32::from(child.wait().unwrap().code().is_none());
        if let Ok(found) = std::fs::read(&target) {
            assert_eq!(sha256(&found), sha256(&bytes), "round {round}: a file that was not verified stands under the final name");
        }
        if sandbox.path("st/staged.json").exists() {
            assert!(target.exists(), "round {round}: staged.json speaks of nothing");
            let record: serde_json::Value = serde_json::from_slice(&std::fs::read(sandbox.path("st/staged.json")).unwrap()).unwrap();
            assert_eq!(record["sha256"], sha256(&bytes));
            // Begin anew.
            std::fs::remove_dir_all(sandbox.path("st")).unwrap();
        }
    }
    assert!(killed >= 10, "only {killed} of 50 were killed before their end");
    let done = sandbox.run(STAGE).expect(0).json();
    assert_eq!((&done["ok"], &done["sha256_verified"]), (&json!(true), &json!(true)));
    assert_eq!(std::fs::read(&target).unwrap(), bytes);
    assert!(!part.exists());
}

#[test]
fn two_at_once_do_not_meet() {
    let bytes = update(100_000, 5);
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", bytes.len());
    let half = [head.as_bytes(), &bytes[..bytes.len() / 2]].concat();
    let server = Fake::start(move |_, _| Reply::Stall(half.clone()));
    let sandbox = planned(&bytes, &format!("{}/u.zip", server.url()));
    let mut first = sandbox.lea(STAGE).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    server.wait_for(1);
    assert_eq!(sandbox.run(STAGE).expect(5).error()["code"], "staging_busy");
    first.kill().unwrap();
    first.wait().unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_and_the_next_call_ends_well() {
    let bytes = update(3_000_000, 5);
    let zip = bytes.clone();
    // Without the size in plan and answer the room cannot be looked at before.
    let server = Fake::start(move |_, _| Reply::Raw([b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".as_slice(), &zip].concat()));
    let sandbox = planned(&bytes, &format!("{}/u.zip", server.url()));
    let known = sandbox.path("known.json");
    std::fs::rename(sandbox.path("plan.json"), &known).unwrap();
    let mut plan: serde_json::Value = serde_json::from_slice(&std::fs::read(&known).unwrap()).unwrap();
    plan.as_object_mut().unwrap().remove("size");
    write_whole(&sandbox.path("plan.json"), plan.to_string().as_bytes(), Access::Everyone).unwrap();
    std::fs::create_dir_all(sandbox.path("st")).unwrap();
    let namespace = ["--mount", "--user", "--map-root-user"];
    if !std::process::Command::new("unshare").args(namespace).arg("true").status().is_ok_and(|status| status.success()) {
        assert!(std::env::var_os("CI").is_none(), "this machine cannot make a small disk for the test");
        println!("skipped: no right to make a mount namespace");
        return;
    }
    let on_small_disk = |plan: &str, size: &str, after: &str| {
        let script = format!(
            "mount -t tmpfs -o size={size} tmpfs st && {{ \"$0\" update stage --plan {plan} --staging st --json; code=$?; {after}; exit $code; }}"
        );
        let mut command = std::process::Command::new("unshare");
        command.args(namespace).args(["sh", "-c", &script]).arg(crate::support::lea_path()).current_dir(sandbox.path(""));
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("LEA_DATA_DIR", sandbox.path("data"));
        Run::of(&mut command)
    };
    let full = on_small_disk("plan.json", "1m", "ls st >&2").expect(9);
    assert!(full.err.contains("disk_full") && !full.err.lines().any(|line| line == "lea_update_1.4.0.zip"), "{full:?}");
    // Where the size is known, it is said before anything is asked.
    let before = server.requests().len();
    assert_eq!(on_small_disk("known.json", "4m", "true").expect(9).error()["code"], "disk_full");
    assert_eq!(server.requests().len(), before);
    // The room is there again, and so is what came before.
    let twice = "mount -o remount,size=64m st && \"$0\" update stage --plan plan.json --staging st --json; code=$?";
    assert_eq!(on_small_disk("plan.json", "1m", twice).code, 0);
}
