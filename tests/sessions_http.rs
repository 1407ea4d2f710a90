//! Sessions on a real server: whose they are, that nothing of them is lost or doubled, and what becomes of a recording.

use std::collections::HashSet;
use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{OPERATOR, Sandbox, Server, signal};

const STREAM: &str = "/api/v1/traces/stream";

fn post(server: &Server, token: &str, path: &str, body: Option<Value>) -> (u16, Value) {
    server.call("POST", &format!("{STREAM}{path}"), token, body)
}

fn get(server: &Server, path: &str) -> (u16, Value) {
    server.call("GET", &format!("{STREAM}{path}"), OPERATOR, None)
}

fn event(server: &Server, session: &str, machine: &str, number: usize) -> (u16, Value) {
    let body = json!({ "session_id": session, "machine_id": machine, "timestamp": number, "event": { "type": "click", "n": number } });
    post(server, OPERATOR, "/event", Some(body))
}

fn journal(sandbox: &Sandbox, folder: &str) -> PathBuf {
    sandbox.path("data/sessions").join(folder).join("live_events.jsonl")
}

fn lines(sandbox: &Sandbox, folder: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(journal(sandbox, folder)).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'), "the journal ends with a whole line");
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn png(width: u32, height: u32, mark: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = image::RgbImage::from_fn(width, height, |x, y| {
        if x / 12 == mark && y / 12 == 3 { image::Rgb([10, 10, 10]) } else { image::Rgb([(x % 200) as u8, 220, (y % 180) as u8]) }
    });
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn jpeg_of(png: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 90);
    image::load_from_memory(png).unwrap().into_rgb8().write_with_encoder(encoder).unwrap();
    bytes
}

/// Sends a shot as agents do: a form with one file.
pub fn shot(server: &Server, token: &str, session: &str, shot: &str, picture: &[u8]) -> (u16, Value) {
    let mut body =
        b"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"s.png\"\r\nContent-Type: image/png\r\n\r\n".to_vec();
    body.write_all(picture).unwrap();
    body.extend_from_slice(b"\r\n--edge--\r\n");
    let client = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}{STREAM}/image?session_id={session}&shot_id={shot}", server.url);
    let answer =
        client.post(url).bearer_auth(token).header("content-type", "multipart/form-data; boundary=edge").body(body).send().unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&answer.text().unwrap()).unwrap_or(Value::Null))
}

#[test]
fn a_session_belongs_to_a_machine_and_registering_again_wipes_nothing() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let (a, b) = (server.enroll("pc-a"), server.enroll("pc-b"));
    let register = |token: &str, query: &str| post(&server, token, &format!("/register?{query}"), None);
    let expected = json!({ "status": "session_registered", "session_id": "sess_1", "machine_id": "pc-a" });
    assert_eq!(register(&a, "session_id=sess_1"), (200, expected.clone()));
    assert_eq!(event(&server, "sess_1", "pc-a", 1).1["events_count"], 1);
    assert_eq!(register(&a, "session_id=sess_1&machine_id=PC-A"), (200, expected));
    assert_eq!(event(&server, "sess_1", "default", 2).1["events_count"], 2);
    for (token, query, status) in [
        (b.as_str(), "session_id=sess_1", 403),
        (b.as_str(), "session_id=sess_1&machine_id=pc-a", 403),
        (OPERATOR, "session_id=sess_1&machine_id=pc-b", 409),
        (OPERATOR, "session_id=SESS_1", 409),
        (OPERATOR, "machine_id=pc-a", 422),
    ] {
        assert_eq!(register(token, query).0, status, "{query}");
    }
    let body = json!({ "session_id": "sess_1", "timestamp": 1, "event": {} });
    assert_eq!(post(&server, &b, "/event", Some(body)).0, 403);
    assert_eq!(shot(&server, &b, "sess_1", "shot_1_full", &png(20, 20, 0)).0, 403);
    assert_eq!(server.call("GET", &format!("{STREAM}/session/sess_1"), &b, None).0, 403);
    assert_eq!(server.call("GET", &format!("{STREAM}/sessions"), &b, None).1["sessions"], json!([]));
    assert_eq!(lines(&sandbox, "pc-a/sess_1").len(), 2);
    let seen = get(&server, "/session/sess_1").1;
    assert_eq!((&seen["machine_id"], &seen["events_count"], &seen["finalized"]), (&json!("pc-a"), &json!(2), &json!(false)));
    assert_eq!(get(&server, "/machines").1["machines"][0]["active_sessions"], 1);
    assert_eq!(get(&server, "/stats").1["events_processed"], 2);
    assert_eq!(get(&server, "/session/nope").0, 404);
}

#[test]
fn a_session_that_is_nobodys_moves_to_the_machine_that_is_named_later() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    event(&server, "sess_1", "default", 1);
    assert_eq!(lines(&sandbox, "default/sess_1").len(), 1);
    assert_eq!(event(&server, "sess_1", "pc-a", 2).1["events_count"], 2);
    // While somebody may be writing there it stays where it is.
    assert_eq!(lines(&sandbox, "default/sess_1").len(), 2);
    signal(server.pid(), "KILL");
    drop(server);
    let server = Server::start(&sandbox, &[]);
    assert_eq!(get(&server, "/session/sess_1").1["machine_id"], "pc-a");
    assert_eq!(event(&server, "sess_1", "pc-a", 3).1["events_count"], 3);
    assert_eq!(lines(&sandbox, "pc-a/sess_1").len(), 3);
    assert!(!journal(&sandbox, "default/sess_1").exists());
}

#[test]
fn a_session_that_goes_on_after_its_recording_was_removed_loses_nothing() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let send = |server: &Server, number: u32| {
        let body = json!({ "session_id": "sess_1", "timestamp": number, "event": { "n": number }, "event_id": format!("e{number}"), "machine_id": "pc" });
        post(server, OPERATOR, "/event", Some(body))
    };
    assert_eq!(send(&server, 1).1["events_count"], 1);
    // A name as the program's own temporary ones once began is a shot like any other.
    assert_eq!(shot(&server, OPERATOR, "sess_2", ".lea-shot-1", &png(20, 20, 0)).0, 200);
    assert_eq!(post(&server, OPERATOR, "/finalize?session_id=sess_1", None).0, 200);
    // The last word of it was this call; what is kept for no time at all is old the moment after.
    let gone = loop {
        let purged =
            post(&server, OPERATOR, "/sessions/purge", Some(json!({ "older_than_seconds": 0 }))).1["purged"].as_array().unwrap().len();
        if purged > 0 {
            break purged;
        }
    };
    assert_eq!(gone, 1);
    assert!(!journal(&sandbox, "pc/sess_1").exists());
    assert_eq!(post(&server, OPERATOR, "/register?session_id=sess_1&machine_id=pc", None).0, 200);
    // Also an event that the removed recording knew is written again.
    assert_eq!((send(&server, 1).1["events_count"].clone(), send(&server, 2).1["events_count"].clone()), (json!(1), json!(2)));
    assert_eq!(lines(&sandbox, "pc/sess_1").len(), 2);
    signal(server.pid(), "KILL");
    drop(server);
    let server = Server::start(&sandbox, &[]);
    assert_eq!(get(&server, "/session/sess_1").1["events_count"], 2);
    assert!(sandbox.path("data/sessions/default/sess_2/shots/.lea-shot-1.png").exists());
}

#[test]
fn no_id_leaves_its_folder() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    for hostile in ["..", "../x", "a/b", "/etc/x", "a%00b", "nul", "x.", "%2e%2e", "a%0ab", "..%5cx"] {
        assert_eq!(post(&server, OPERATOR, &format!("/register?session_id={hostile}"), None).0, 422, "{hostile}");
        assert_eq!(post(&server, OPERATOR, &format!("/register?session_id=s&machine_id={hostile}"), None).0, 422, "{hostile}");
        assert_eq!(shot(&server, OPERATOR, "sess_1", hostile, &png(20, 20, 0)).0, 422, "{hostile}");
        assert!([404, 422].contains(&get(&server, &format!("/session/{hostile}")).0), "{hostile}");
    }
    let outside: Vec<_> = std::fs::read_dir(sandbox.path("data")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(outside.iter().all(|name| !name.to_string_lossy().contains("shots")), "{outside:?}");
    assert!(!sandbox.path("data/sessions").exists());
}

#[test]
fn what_others_could_not_read_is_refused_and_nothing_is_written() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.lea(["serve", "--listen", "127.0.0.1:0"]);
    let server = Server::spawn(command.env("LEA_TOKEN", OPERATOR).env("LEA_LIMITS_EVENT_BYTES", "1000"));
    let client = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
    let send = |body: String| {
        let url = format!("{}{STREAM}/event", server.url);
        client.post(url).bearer_auth(OPERATOR).body(body).send().unwrap().status().as_u16()
    };
    let with = |event: &str| format!(r#"{{"session_id":"sess_1","timestamp":1.5,"event":{event}}}"#);
    for event in [
        r#"{"a":NaN}"#,
        r#"{"a":"\ud800"}"#,
        r#"{"a":184467440737095516160}"#,
        "[]",
        "null",
        "\"text\"",
        &format!("{}1{}", "{\"a\":".repeat(80), "}".repeat(80)),
    ] {
        assert_eq!(send(with(event)), 422, "{event}");
    }
    assert_eq!(send(with(&format!(r#"{{"a":"{}"}}"#, "x".repeat(1000)))), 413);
    for body in [
        r#"{"session_id":"sess_1","timestamp":"now","event":{}}"#,
        r#"{"session_id":"sess_1","event":{}}"#,
        r#"{"session_id":5,"timestamp":1,"event":{}}"#,
        r#"{"session_id":"sess_1","timestamp":1,"event":{},"event_id":""}"#,
        "[]",
        "",
    ] {
        assert_eq!(send(body.to_owned()), 422, "{body}");
    }
    assert!(!journal(&sandbox, "default/sess_1").exists());
    assert_eq!(send(with("{\"text\":\"line\\nfeed\",\n\"window\":{\"title\":\"x\"}}")), 200);
    assert_eq!(lines(&sandbox, "default/sess_1")[0]["event"]["text"], "line\nfeed");
    assert_eq!(get(&server, "/session/sess_1").1["last_window"]["title"], "x");
}

#[cfg(unix)]
#[test]
fn an_event_that_is_sent_again_adds_nothing_also_after_a_kill() {
    let sandbox = Sandbox::new();
    let send = |server: &Server, id: &str| {
        let body = json!({ "session_id": "sess_1", "timestamp": 1, "event": { "id": id }, "event_id": id });
        post(server, OPERATOR, "/event", Some(body)).1["events_count"].as_u64().unwrap()
    };
    let server = Server::start(&sandbox, &[]);
    assert_eq!(["a", "b", "a", "b", "c"].map(|id| send(&server, id)), [1, 2, 2, 2, 3]);
    signal(server.pid(), "KILL");
    drop(server);
    let server = Server::start(&sandbox, &[]);
    assert_eq!(["c", "a", "d", "b"].map(|id| send(&server, id)), [3, 3, 4, 4]);
    assert_eq!(server.stop().0, 0);
    let server = Server::start(&sandbox, &[]);
    assert_eq!(["d", "e"].map(|id| send(&server, id)), [4, 5]);
    let ids: Vec<String> = lines(&sandbox, "default/sess_1").iter().map(|line| line["event"]["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, ["a", "b", "c", "d", "e"]);
}

#[test]
fn killed_in_the_middle_of_a_stream_it_loses_no_event_that_was_acknowledged() {
    for stop_after in [1, 100, 333] {
        let sandbox = Sandbox::new();
        let server = Server::start(&sandbox, &[]);
        let pid = server.pid();
        let acknowledged = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for connection in 0..8_usize {
                let (server, acknowledged) = (&server, &acknowledged);
                scope.spawn(move || {
                    // Half of them write to one session.
                    let session = format!("sess_{}", connection.max(4));
                    for number in 0..100 {
                        let body = json!({ "session_id": session, "machine_id": "pc", "timestamp": number, "event": { "c": connection, "n": number } });
                        let Ok((200, answer)) = server.try_call("POST", &format!("{STREAM}/event"), OPERATOR, Some(body), &[]) else { return };
                        let mut all = acknowledged.lock().unwrap();
                        all.push((session.clone(), connection, number, answer["events_count"].as_u64().unwrap()));
                        if all.len() == stop_after {
                            signal(pid, "KILL");
                        }
                    }
                });
            }
        });
        drop(server);
        // A line that was being written when the power went.
        let torn = acknowledged.lock().unwrap()[0].0.clone();
        let mut file = std::fs::OpenOptions::new().append(true).open(journal(&sandbox, &format!("pc/{torn}"))).unwrap();
        file.write_all(format!("{{\"session_id\":\"{torn}\",\"ti").as_bytes()).unwrap();
        let server = Server::start(&sandbox, &[]);
        let acknowledged = acknowledged.into_inner().unwrap();
        assert!(acknowledged.len() >= stop_after);
        let sessions: HashSet<String> = acknowledged.iter().map(|(session, ..)| session.clone()).collect();
        for session in &sessions {
            let written: Vec<(u64, u64)> = lines(&sandbox, &format!("pc/{session}"))
                .iter()
                .map(|line| (line["event"]["c"].as_u64().unwrap(), line["event"]["n"].as_u64().unwrap()))
                .collect();
            let distinct: HashSet<_> = written.iter().collect();
            assert_eq!(distinct.len(), written.len(), "an event stands twice");
            for (_, connection, number, count) in acknowledged.iter().filter(|(of, ..)| of == session) {
                // The count that was answered is the event's place in the journal.
                assert_eq!(written[*count as usize - 1], (*connection as u64, *number), "{session}");
            }
            let seen = get(&server, &format!("/session/{session}")).1;
            assert_eq!((seen["events_count"].as_u64().unwrap() as usize, &seen["machine_id"]), (written.len(), &json!("pc")));
        }
        let folder = sandbox.path("data/sessions/pc").join(&torn);
        let names = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let aside: Vec<String> = names.filter(|name| name.starts_with("live_events.torn-")).collect();
        assert_eq!(aside.len(), 1);
        assert_eq!(std::fs::read_to_string(folder.join(&aside[0])).unwrap(), format!("{{\"session_id\":\"{torn}\",\"ti"));
    }
}

#[test]
fn a_shot_lands_whole_or_not_at_all_and_is_told_from_the_one_before() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.lea(["serve", "--listen", "127.0.0.1:0"]);
    let settings = [("LEA_TOKEN", OPERATOR), ("LEA_LIMITS_IMAGE_BYTES", "200000"), ("LEA_LIMITS_IMAGE_PIXELS", "100000")];
    let server = Server::spawn(command.envs(settings));
    let send = |id: &str, picture: &[u8]| {
        let (status, body) = shot(&server, OPERATOR, "sess_1", id, picture);
        (status, body["status"].as_str().or(body["code"].as_str()).unwrap_or_default().to_owned())
    };
    let said = |status: u16, word: &str| (status, word.to_owned());
    let (one, other) = (png(240, 120, 1), png(240, 120, 2));
    assert_eq!(send("shot_0001_full", &one), said(200, "image_queued"));
    assert_eq!(send("shot_0001_full", &one), said(200, "already_analyzed"));
    assert_eq!(send("shot_0001_full", &other), said(409, "shot_differs"));
    // The same screen saved again is none, a box of 12 pixels is another.
    assert_eq!(send("shot_0002_full", &one), said(200, "duplicate_skipped"));
    assert_eq!(send("shot_0003_full", &jpeg_of(&one)), said(200, "duplicate_skipped"));
    assert_eq!(send("shot_0004_full", &other), said(200, "image_queued"));
    for (id, word) in [
        ("shot_0001_crop", "crop_stored"),
        ("heartbeat_1", "heartbeat_stored"),
        ("focus_1", "focus_stored"),
        ("res_shot_1", "res_stored"),
        ("else", "stored_no_analysis"),
    ] {
        assert_eq!(send(id, &one), said(200, word), "{id}");
        assert_eq!(send(id, &one), said(200, word), "{id} again");
        assert_eq!(send(id, &other), said(409, "shot_differs"), "{id}");
    }
    assert_eq!(send("bad_1", b"no picture at all"), said(400, "undecodable_image"));
    assert_eq!(send("bad_2", &one[..20]), said(400, "undecodable_image"));
    assert_eq!(send("bad_3", &png(400, 300, 0)), said(413, "image_too_large"));
    assert_eq!(send("bad_4", &[one.clone(), vec![0; 200_000]].concat()), said(413, "image_too_large"));
    let names: Vec<String> = std::fs::read_dir(sandbox.path("data/sessions/default/sess_1/shots"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), 9, "{names:?}");
    assert!(names.contains(&"shot_0003_full.jpg".to_owned()) && names.iter().all(|name| !name.starts_with('.')), "{names:?}");
    let seen = get(&server, "/session/sess_1").1;
    assert_eq!(seen["screenshots_count"], 9);
    let stats = get(&server, "/stats").1;
    assert_eq!((&stats["screenshots_processed"], &stats["crops_processed"]), (&json!(4), &json!(1)));
}

/// Looks until the recording was verified.
fn verified(server: &Server, session: &str) -> Value {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let seen = get(server, &format!("/session/{session}")).1;
        if ["done", "failed"].contains(&seen["processing"].as_str().unwrap()) {
            return seen;
        }
        assert!(Instant::now() < deadline, "{seen}");
        std::thread::yield_now();
    }
}

#[test]
fn a_closed_recording_is_verified_and_says_what_is_missing() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let tell = |session: &str, timestamp: f64, event: Value| {
        let body = json!({ "session_id": session, "machine_id": "pc", "timestamp": timestamp, "event": event });
        post(&server, OPERATOR, "/event", Some(body))
    };
    tell("sess_good", 10.0, json!({ "type": "click", "screenshot": "shot_1_full", "window": { "title": "Dossier de M. Dupont" } }));
    assert_eq!(shot(&server, OPERATOR, "sess_good", "shot_1_full", &png(100, 50, 1)).0, 200);
    tell("sess_bad", 10.0, json!({ "type": "click", "screenshot": "shot_9_full" }));
    tell("sess_bad", 3.0, json!({ "type": "click" }));
    let finalize = |session: &str| post(&server, OPERATOR, &format!("/finalize?session_id={session}"), None);
    let first = finalize("sess_good");
    assert_eq!((first.0, &first.1["status"], &first.1["screenshots_to_analyze"]), (200, &json!("queued_for_processing"), &json!(1)));
    assert_eq!(verified(&server, "sess_good")["processing"], "done");
    assert_eq!(finalize("sess_good").1["machine_id"], "pc");
    assert_eq!(get(&server, "/session/sess_good").1["processing"], "done", "closing it twice changes nothing");
    finalize("sess_bad");
    let bad = verified(&server, "sess_bad");
    let problems = bad["problems"].to_string();
    assert!(bad["processing"] == "failed" && problems.contains("line 2") && problems.contains("shot_9_full"), "{problems}");
    let status = get(&server, "/processing/status").1;
    assert_eq!(
        (&status["completed"], &status["failed"], &status["queue_length"]),
        (&json!(["sess_good"]), &json!(["sess_bad"]), &json!(0))
    );
    assert_eq!(status["failures"][0]["problems"].as_array().unwrap().len(), 2);
    let summary = std::fs::read_to_string(sandbox.path("data/sessions/pc/sess_good/session.json")).unwrap();
    assert!(summary.contains("\"whole\": true") && !summary.contains("Dupont"), "{summary}");
    // Closed is closed, until it is registered again.
    assert_eq!(tell("sess_good", 11.0, json!({})).1["code"], "session_finalized");
    assert_eq!(shot(&server, OPERATOR, "sess_good", "shot_2_full", &png(100, 50, 2)).1["code"], "session_finalized");
    assert_eq!(post(&server, OPERATOR, "/processing/requeue?session_id=sess_bad", None).1["status"], "requeued");
    assert_eq!(verified(&server, "sess_bad")["processing"], "failed");
    assert_eq!(post(&server, OPERATOR, "/register?session_id=sess_good", None).0, 200);
    assert_eq!(tell("sess_good", 11.0, json!({})).1["events_count"], 2);
    assert_eq!(post(&server, OPERATOR, "/processing/requeue?session_id=sess_good", None).1["code"], "session_open");
    // All of it is still so after a restart.
    signal(server.pid(), "KILL");
    drop(server);
    let server = Server::start(&sandbox, &[]);
    assert_eq!(verified(&server, "sess_bad")["problems"].as_array().unwrap().len(), 2);
    assert_eq!(get(&server, "/session/sess_good").1["events_count"], 2);
    assert_eq!(post(&server, OPERATOR, "/finalize?session_id=none", None).0, 404);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_refuses_the_event_and_keeps_the_journal_whole() {
    let sandbox = Sandbox::new();
    let Some(server) = crate::faults::on_small_disk(&sandbox, "sessions", "256k") else { return };
    let text = "x".repeat(5000);
    let mut written = 0;
    let refused = loop {
        let body = json!({ "session_id": "sess_1", "timestamp": 1, "event": { "text": text, "n": written } });
        let (status, answer) = post(&server, OPERATOR, "/event", Some(body));
        if status != 200 {
            break (status, answer);
        }
        written += 1;
        assert_eq!(answer["events_count"], written);
        assert!(written < 100, "the disk never fills");
    };
    assert_eq!((refused.0, &refused.1["code"]), (507, &json!("disk_full")));
    // The disk is the server's alone; its archive tells what is on it.
    let small = json!({ "session_id": "sess_1", "timestamp": 1, "event": {} });
    let after = post(&server, OPERATOR, "/event", Some(small));
    assert!(after.0 == 507 || after.1["events_count"] == written + 1, "{after:?}");
    let (code, log) = server.stop();
    assert_eq!(code, 0, "{log}");
}
