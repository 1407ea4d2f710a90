//! `lea enroll` as an installer runs it: exit codes, who is to blame, and that no lost answer strands a machine.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::support::fake::{Certificate, Fake, Reply, Request, closed_port, unknown_name};
use crate::support::{OPERATOR, Run, Sandbox, Server};

const KEY: &str = "the-enrollment-key";

/// `lea enroll` of the machine `PC-1` at `url`, with a key.
fn enroll(sandbox: &Sandbox, url: &str, more: &[&str]) -> Command {
    let mut command = sandbox.lea(["enroll", "--json", "--server", url, "--machine-id", "PC-1", "--hostname", "host-1"]);
    command.args(["--os-info", "TestOS 1", "--user-name", "Someone"]).args(more).env("LEA_TOKEN", KEY);
    command
}

fn run(sandbox: &Sandbox, url: &str, more: &[&str]) -> Run {
    Run::of(&mut enroll(sandbox, url, more))
}

fn agent() -> Value {
    json!({
        "id": 1, "machine_id": "PC-1", "user_name": "Someone", "user_email": null, "user_id": null, "hostname": "host-1",
        "os_info": "TestOS 1", "version": null, "status": "active", "enrolled_at": "2026-04-15T07:09:19.000000+00:00",
        "last_seen_at": null, "uninstalled_at": null, "uninstall_reason": null
    })
}

fn enrolled(status: &str, token: Option<&str>) -> Reply {
    let mut body = json!({ "status": status, "machine_id": "PC-1", "agent": agent() });
    if let Some(token) = token {
        body["api_token"] = token.into();
    }
    Reply::json(if token.is_some() { 201 } else { 200 }, &body)
}

fn refusal(status: u16, code: &str) -> Reply {
    Reply::json(status, &json!({ "detail": "because", "code": code }))
}

fn credentials(sandbox: &Sandbox) -> Option<Value> {
    let text = std::fs::read_to_string(sandbox.path("data/credentials.json")).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

fn pending(sandbox: &Sandbox) -> Option<Value> {
    let text = std::fs::read_to_string(sandbox.path("data/credentials.json.pending")).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

fn key_of(request: &Request) -> &str {
    request.header("idempotency-key").unwrap()
}

/// The run failed with this exit code, blames this party first, and gives away neither the token nor the person.
#[track_caller]
fn assert_blamed(run: Run, exit: i32, blame: &str, code: &str) {
    let run = run.expect(exit);
    let error = run.error();
    assert_eq!((error["blame"].as_str(), error["code"].as_str()), (Some(blame), Some(code)), "{}", run.err);
    assert!(error["message"].as_str().unwrap().starts_with(&format!("{blame}: ")), "{}", run.err);
    assert!(error["hint"].is_string(), "{}", run.err);
    assert_eq!(error["exit_code"], exit);
    assert_eq!(run.out, "");
    for secret in [KEY, "Someone"] {
        assert!(!run.err.contains(secret), "{}", run.err);
    }
}

#[test]
fn a_first_enrollment_keeps_the_token_for_its_owner_and_prints_the_row_without_it() {
    let sandbox = Sandbox::new();
    let fake = Fake::start(|_, _| enrolled("enrolled", Some("machine-token")));
    let run = Run::of(enroll(&sandbox, &fake.url(), &["--agent-version", "1.2"]).env("LEA_LOG", "trace")).expect(0);
    assert_eq!(run.json(), json!({ "status": "enrolled", "machine_id": "PC-1", "agent": agent() }));
    assert!(!run.err.contains("machine-token") && !run.err.contains(KEY), "the most talkative log holds no token: {}", run.err);

    let request = &fake.requests()[0];
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/api/v1/agents/enroll"));
    assert_eq!(request.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    let sent = json!({ "machine_id": "PC-1", "user_name": "Someone", "hostname": "host-1", "os_info": "TestOS 1", "version": "1.2" });
    assert_eq!(request.json(), sent);

    let kept = credentials(&sandbox).unwrap();
    let enrolled_at = "2026-04-15T07:09:19.000000+00:00";
    assert_eq!(kept, json!({ "server": fake.url(), "machine_id": "PC-1", "api_token": "machine-token", "enrolled_at": enrolled_at }));
    assert!(lea::files::is_private(&sandbox.path("data/credentials.json")).unwrap());
    assert_eq!(pending(&sandbox), None);
}

#[test]
fn the_token_is_printed_only_when_asked_for() {
    let fake = Fake::start(|_, _| enrolled("enrolled", Some("machine-token")));
    let shown = run(&Sandbox::new(), &fake.url(), &["--show-token"]).expect(0);
    assert_eq!(shown.json()["api_token"], "machine-token");

    let sandbox = Sandbox::new();
    let mut plain = sandbox.lea(["enroll", "--server", &fake.url(), "--machine-id", "PC-1"]);
    let plain = Run::of(plain.env("LEA_TOKEN", KEY)).expect(0);
    assert!(plain.out.contains("host-1") && !plain.out.contains("machine-token"), "{}", plain.out);
    assert!(plain.err.contains("credentials.json"), "{}", plain.err);
}

#[test]
fn the_flags_for_a_key_and_for_what_may_happen_are_sent() {
    let sandbox = Sandbox::new();
    std::fs::write(sandbox.path("key"), "key-from-a-file\n").unwrap();
    let fake = Fake::start(|_, _| enrolled("enrolled", Some("t")));
    let more =
        ["--key-file", "key", "--no-reactivate", "--user-email", "a@example.org", "--user-id", "7", "--credentials-file", "kept.json"];
    run(&sandbox, &fake.url(), &more).expect(0);
    let request = &fake.requests()[0];
    assert_eq!(request.header("authorization"), Some("Bearer key-from-a-file"));
    assert_eq!((&request.json()["allow_reactivate"], &request.json()["user_id"]), (&json!(false), &json!("7")));
    assert!(sandbox.path("kept.json").is_file() && credentials(&sandbox).is_none());
}

#[test]
fn a_machine_that_is_enrolled_shows_its_own_token_and_nothing_changes() {
    let sandbox = Sandbox::new();
    let fake = Fake::start(|request, _| match request.header("authorization") {
        Some("Bearer machine-token") => {
            Reply::json(200, &json!({ "status": "already_enrolled", "machine_id": "PC-1", "agent": agent(), "fields": ["hostname"] }))
        }
        _ => enrolled("enrolled", Some("machine-token")),
    });
    run(&sandbox, &fake.url(), &[]).expect(0);
    let kept = std::fs::read(sandbox.path("data/credentials.json")).unwrap();
    let mut again = enroll(&sandbox, &fake.url(), &[]);
    let again = Run::of(again.env_remove("LEA_TOKEN")).expect(0);
    assert_eq!(again.json()["status"], "already_enrolled");
    assert!(again.err.contains("warning: ") && again.err.contains("hostname"), "{}", again.err);
    assert_eq!(std::fs::read(sandbox.path("data/credentials.json")).unwrap(), kept);
    assert_eq!(fake.requests()[1].header("authorization"), Some("Bearer machine-token"));
}

#[test]
fn a_dead_token_is_replaced_with_a_key_and_said_without_one() {
    let sandbox = Sandbox::new();
    let fake = Fake::start(|request, before| match request.header("authorization") {
        Some("Bearer machine-token-0") => refusal(401, "unknown_token"),
        _ => enrolled("reactivated", Some(&format!("machine-token-{before}"))),
    });
    run(&sandbox, &fake.url(), &[]).expect(0);
    let mut alone = enroll(&sandbox, &fake.url(), &[]);
    assert_blamed(Run::of(alone.env_remove("LEA_TOKEN")), 4, "token", "unknown_token");
    assert_eq!(run(&sandbox, &fake.url(), &[]).expect(0).json()["status"], "reactivated");
    assert_eq!(credentials(&sandbox).unwrap()["api_token"], "machine-token-3");
}

#[test]
fn a_token_goes_only_to_the_server_that_issued_it() {
    let sandbox = Sandbox::new();
    let first = Fake::start(|_, _| enrolled("enrolled", Some("token-of-the-first")));
    let second = Fake::start(|_, _| enrolled("enrolled", Some("token-of-the-second")));
    run(&sandbox, &first.url(), &[]).expect(0);
    let moved = run(&sandbox, &second.url(), &[]).expect(0);
    assert!(moved.err.contains("will be replaced") && moved.err.contains(&first.url()), "{}", moved.err);
    assert_eq!(second.requests()[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert_eq!(credentials(&sandbox).unwrap()["server"], second.url());
}

#[test]
fn an_agents_own_token_in_the_environment_restores_lost_credentials() {
    let sandbox = Sandbox::new();
    let fake = Fake::start(|_, _| enrolled("already_enrolled", None));
    let mut command = enroll(&sandbox, &fake.url(), &[]);
    Run::of(command.env_remove("LEA_TOKEN").env("RPA_API_TOKEN", "own-token")).expect(0);
    assert_eq!(credentials(&sandbox).unwrap()["api_token"], "own-token");
}

#[test]
fn killed_before_the_answer_came_the_next_run_asks_for_the_same_answer() {
    let sandbox = Sandbox::new();
    let fake = Fake::start(|_, before| if before == 0 { Reply::Silence } else { enrolled("enrolled", Some("machine-token")) });
    let mut child = enroll(&sandbox, &fake.url(), &[]).spawn().unwrap();
    fake.wait_for(1);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(lea::files::is_private(&sandbox.path("data/credentials.json.pending")).unwrap());
    assert!(!pending(&sandbox).unwrap().to_string().contains(KEY));

    run(&sandbox, &fake.url(), &[]).expect(0);
    let requests = fake.requests();
    assert_eq!(key_of(&requests[0]), key_of(&requests[1]));
    assert_eq!(requests[0].body, requests[1].body);
    assert_eq!(pending(&sandbox), None);
    assert_eq!(credentials(&sandbox).unwrap()["api_token"], "machine-token");
}

#[test]
fn another_request_comes_after_the_one_whose_outcome_is_not_known_and_is_another_key() {
    let sandbox = Sandbox::new();
    let fake = Fake::start(|_, before| match before {
        0..3 => refusal(500, "internal"),
        _ => refusal(409, "already_enrolled"),
    });
    run(&sandbox, &fake.url(), &[]).expect(9);
    run(&sandbox, &fake.url(), &[]).expect(9);
    // While nobody knows, nothing else is asked for.
    run(&sandbox, &fake.url(), &["--user-id", "8"]).expect(9);
    let refused = run(&sandbox, &fake.url(), &["--user-id", "8"]).expect(5);
    assert_eq!(refused.error()["code"], "already_enrolled");
    let requests = fake.requests();
    assert_eq!(requests.len(), 5);
    assert!(requests[..4].iter().all(|request| (key_of(request), &request.body) == (key_of(&requests[0]), &requests[0].body)));
    assert_ne!(key_of(&requests[4]), key_of(&requests[0]));
    assert!(requests[4].body.contains("\"user_id\":\"8\""));
    // Its own request was refused; who asked for the first one is not known here, so that its outcome is not either.
    assert_eq!(pending(&sandbox).unwrap().as_array().unwrap().len(), 1);
}

#[test]
fn a_lost_answer_and_a_busy_server_are_asked_again_in_the_same_run() {
    let sandbox = Sandbox::new();
    let fake = Fake::start(|_, before| match before {
        0 => Reply::Close,
        1 => refusal(429, "too_many").with("retry-after", "0"),
        2 => Reply::page(503),
        _ => enrolled("enrolled", Some("machine-token")),
    });
    let run = run(&sandbox, &fake.url(), &[]).expect(0);
    assert_eq!(run.err.matches("trying again").count(), 3, "{}", run.err);
    let keys: Vec<String> = fake.requests().iter().map(|request| key_of(request).to_owned()).collect();
    assert_eq!(keys.len(), 4);
    assert!(keys.iter().all(|key| *key == keys[0]));
}

#[test]
fn a_key_that_is_spent_gives_way_to_a_fresh_one() {
    let sandbox = Sandbox::new();
    let fake = Fake::start(|_, before| match before {
        0 => refusal(500, "internal"),
        1 => refusal(409, "idempotency_key_spent"),
        _ => enrolled("reactivated", Some("machine-token")),
    });
    run(&sandbox, &fake.url(), &[]).expect(9);
    run(&sandbox, &fake.url(), &[]).expect(0);
    let requests = fake.requests();
    assert_eq!(key_of(&requests[0]), key_of(&requests[1]));
    assert_ne!(key_of(&requests[1]), key_of(&requests[2]));
}

#[test]
fn each_refusal_has_its_exit_code_and_a_final_one_is_forgotten() {
    for (status, code, exit, blame, remembered) in [
        (401, "unknown_token", 4, "token", true),
        (403, "operator_required", 4, "token", false),
        (409, "already_enrolled", 5, "conflict", false),
        (500, "internal", 9, "server", true),
    ] {
        let sandbox = Sandbox::new();
        let fake = Fake::start(move |_, _| refusal(status, code));
        assert_blamed(run(&sandbox, &fake.url(), &[]), exit, blame, code);
        assert_eq!(pending(&sandbox).is_some(), remembered, "{status}");
        assert_eq!(fake.requests().len(), 1);
    }
    let faults =
        json!({ "detail": [{ "loc": ["body", "hostname"], "msg": "too long", "type": "value_error" }], "code": "validation_error" });
    let fake = Fake::start(move |_, _| Reply::json(422, &faults));
    let refused = run(&Sandbox::new(), &fake.url(), &[]).expect(3);
    assert_eq!(refused.error()["blame"], "machine");
    assert!(refused.error()["message"].as_str().unwrap().contains("hostname: too long"));
}

#[test]
fn a_conflict_says_what_differs_and_shows_the_row_that_the_server_shows() {
    let body = json!({ "detail": "PC-1 is active", "code": "already_enrolled", "fields": ["hostname"], "agent": agent() });
    let fake = Fake::start(move |_, _| Reply::json(409, &body));
    let sandbox = Sandbox::new();
    let mut plain = sandbox.lea(["enroll", "--server", &fake.url(), "--machine-id", "PC-1"]);
    let plain = Run::of(plain.env("LEA_TOKEN", KEY)).expect(5);
    for said in ["what differs: hostname", "enrolled there: hostname = host-1", "error: conflict: PC-1 is active", "hint: ", "--force"] {
        assert!(plain.err.contains(said), "{said}\n{}", plain.err);
    }
}

#[test]
fn the_network_is_blamed_with_6() {
    let refused = run(&Sandbox::new(), &format!("http://127.0.0.1:{}", closed_port()), &["--timeout", "1"]);
    assert_blamed(refused, 6, "network", "connection_refused");
    let unknown = run(&Sandbox::new(), &format!("http://{}", unknown_name()), &["--timeout", "1"]);
    assert_blamed(unknown, 6, "network", "dns_failed");
    let silent = Fake::start(|_, _| Reply::Silence);
    assert_blamed(run(&Sandbox::new(), &silent.url(), &["--timeout", "1"]), 6, "network", "timed_out");
    let portal = Fake::start(|_, _| Reply::page(200));
    assert_blamed(run(&Sandbox::new(), &portal.url(), &[]), 6, "network", "unexpected_answer");
    let thief = Fake::start(|_, _| enrolled("enrolled", Some("t")));
    let target = thief.url();
    let away = Fake::start(move |_, _| Reply::page(307).with("location", &target));
    assert_blamed(run(&Sandbox::new(), &away.url(), &[]), 6, "network", "redirected");
    assert!(thief.requests().is_empty());
}

#[test]
fn a_proxy_is_blamed_with_6() {
    let through = |proxy: &str, server: &str| {
        let sandbox = Sandbox::new();
        Run::of(enroll(&sandbox, server, &["--timeout", "1"]).env("HTTPS_PROXY", proxy).env("http_proxy", proxy))
    };
    let away = format!("http://127.0.0.1:{}", closed_port());
    assert_blamed(through(&away, "https://lea.example"), 6, "proxy", "proxy_failed");
    let strict = Fake::start(|_, _| Reply::page(407));
    assert_blamed(through(&strict.url(), "https://lea.example"), 6, "proxy", "proxy_auth_required");
    assert_blamed(through(&strict.url(), "http://lea.example"), 6, "proxy", "proxy_auth_required");
    let broken = Fake::start(|_, _| Reply::page(502));
    assert_blamed(through(&broken.url(), "https://lea.example"), 6, "proxy", "proxy_refused");
    assert_blamed(through("socks5://127.0.0.1:1", "https://lea.example"), 3, "proxy", "invalid_proxy");
}

#[test]
fn a_certificate_is_blamed_with_6_and_an_authority_can_be_named() {
    for (certificate, trusted, code) in [
        (Certificate::good(), false, "certificate_unknown_issuer"),
        (Certificate::new("localhost", 2001, 2002), true, "certificate_expired"),
        (Certificate::new("other.example", 2020, 4000), true, "certificate_wrong_name"),
    ] {
        let sandbox = Sandbox::new();
        std::fs::write(sandbox.path("ca.pem"), &certificate.authority).unwrap();
        let fake = Fake::start_tls(&certificate, |_, _| enrolled("enrolled", Some("t")));
        assert_blamed(run(&sandbox, &fake.url(), if trusted { &["--ca-cert", "ca.pem"] } else { &[] }), 6, "certificate", code);
    }
    let sandbox = Sandbox::new();
    let certificate = Certificate::good();
    std::fs::write(sandbox.path("ca.pem"), &certificate.authority).unwrap();
    let fake = Fake::start_tls(&certificate, |_, _| enrolled("enrolled", Some("t")));
    Run::of(enroll(&sandbox, &fake.url(), &[]).env("LEA_CA_CERT", "ca.pem")).expect(0);
}

#[test]
fn what_this_machine_lacks_is_said_before_anything_is_sent() {
    let fake = Fake::start(|_, _| enrolled("enrolled", Some("t")));
    let sandbox = Sandbox::new();
    std::fs::write(sandbox.path("file"), "").unwrap();
    let unwritable = run(&sandbox, &fake.url(), &["--credentials-file", "file/credentials.json"]);
    assert_blamed(unwritable, 3, "machine", "credentials_not_writable");
    let mut invalid = sandbox.lea(["enroll", "--json", "--server", &fake.url(), "--machine-id", "a/b"]);
    let invalid = Run::of(invalid.env("LEA_TOKEN", KEY)).expect(3);
    assert_eq!((&invalid.error()["code"], &invalid.error()["blame"]), (&json!("invalid_id"), &json!("machine")));
    let no_key = run(&sandbox, &fake.url(), &["--key-file", "no-such-file"]).expect(3);
    assert_eq!(no_key.error()["blame"], "machine");
    let mut no_token = enroll(&sandbox, &fake.url(), &[]);
    assert_blamed(Run::of(no_token.env_remove("LEA_TOKEN")), 4, "token", "no_token");
    sandbox.run(["enroll", "--machine-id", "PC-1"]).expect(2);
    run(&sandbox, "https://user:word@lea.example", &[]).expect(2);
    assert!(fake.requests().is_empty());
}

#[test]
fn two_enrollments_of_one_machine_do_not_run_at_once() {
    let sandbox = Sandbox::new();
    let fake = Fake::start(|_, _| enrolled("enrolled", Some("t")));
    std::fs::create_dir(sandbox.path("data")).unwrap();
    let first = lea::files::acquire(&sandbox.path("data/credentials.json.lock"), "the first").unwrap();
    assert_blamed(run(&sandbox, &fake.url(), &[]), 5, "machine", "locked");
    assert!(fake.requests().is_empty());
    drop(first);
    run(&sandbox, &fake.url(), &[]).expect(0);
}

#[test]
fn a_real_server_lets_a_machine_in_knows_it_again_and_takes_it_back() {
    let (sandbox, host) = (Sandbox::new(), Sandbox::new());
    let server = Server::start(&host, &[]);
    let (_, made) = server.call("POST", "/api/v1/agents/keys", OPERATOR, Some(json!({ "name": "installer", "max_uses": 1 })));
    std::fs::write(sandbox.path("key"), made["key"].as_str().unwrap()).unwrap();
    assert_eq!(run(&sandbox, &server.url, &["--key-file", "key"]).expect(0).json()["status"], "enrolled");
    let first = credentials(&sandbox).unwrap();
    assert_eq!(run(&sandbox, &server.url, &[]).expect(0).json()["status"], "already_enrolled");
    assert_eq!(credentials(&sandbox).unwrap(), first);

    // A clone: the same id, no credentials.
    let clone = Sandbox::new();
    std::fs::copy(sandbox.path("key"), clone.path("key")).unwrap();
    assert_blamed(run(&clone, &server.url, &["--key-file", "key"]), 4, "token", "key_exhausted");
    let mut operator = clone.lea(["enroll", "--json", "--server", &server.url, "--machine-id", "PC-1", "--hostname", "host-2"]);
    let conflict = Run::of(operator.env("LEA_TOKEN", OPERATOR)).expect(5).error();
    assert_eq!((&conflict["blame"], &conflict["agent"]["hostname"]), (&json!("conflict"), &json!("host-1")), "an operator sees the row");

    let own = first["api_token"].as_str().unwrap();
    server.call("POST", "/api/v1/agents/uninstall", own, Some(json!({ "machine_id": "PC-1" })));
    assert_blamed(run(&sandbox, &server.url, &["--key-file", "key"]), 4, "token", "key_exhausted");
    let back = Run::of(enroll(&sandbox, &server.url, &[]).env("LEA_TOKEN", OPERATOR)).expect(0);
    assert_eq!(back.json()["status"], "reactivated");
    assert_ne!(credentials(&sandbox).unwrap()["api_token"], first["api_token"]);
}

/// What stands between `lea enroll` and a real server, and loses answers while it is told to.
struct Between {
    server: Arc<Server>,
    fake: Fake,
    loses: Arc<AtomicBool>,
}

impl Between {
    fn start(host: &Sandbox) -> Self {
        let (server, loses) = (Arc::new(Server::start(host, &[])), Arc::new(AtomicBool::new(false)));
        // The listener outlives the test; the server must not.
        let (behind, losing) = (Arc::downgrade(&server), Arc::clone(&loses));
        let fake = Fake::start(move |request, _| {
            let token = request.header("authorization").and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
            let headers: Vec<(&str, &str)> = request.header("idempotency-key").map(|key| ("idempotency-key", key)).into_iter().collect();
            let Some(server) = behind.upgrade() else { return Reply::Close };
            let (status, body) = server.try_call("POST", &request.target, token, Some(request.json()), &headers).unwrap();
            if losing.load(Ordering::SeqCst) { Reply::Silence } else { Reply::json(status, &body) }
        });
        Self { server, fake, loses }
    }

    /// Makes an enrollment key that may be used once, in a file.
    fn key(&self, sandbox: &Sandbox, name: &str) {
        let (_, made) = self.server.call("POST", "/api/v1/agents/keys", OPERATOR, Some(json!({ "name": name, "max_uses": 1 })));
        std::fs::write(sandbox.path(name), made["key"].as_str().unwrap()).unwrap();
    }

    fn active(&self) -> Value {
        self.server.call("GET", "/api/v1/agents/fleet", OPERATOR, None).1["totals"]["active"].clone()
    }

    /// A run whose answer is lost after the server has committed.
    fn lose(&self, sandbox: &Sandbox, more: &[&str]) {
        self.loses.store(true, Ordering::SeqCst);
        run(sandbox, &self.fake.url(), &[more, &["--timeout", "1"]].concat()).expect(6);
        while self.active() != 1 {}
        self.loses.store(false, Ordering::SeqCst);
    }

    #[track_caller]
    fn assert_in_place(&self, sandbox: &Sandbox) {
        let token = credentials(sandbox).unwrap()["api_token"].as_str().unwrap().to_owned();
        assert_eq!(self.server.call("GET", "/api/v1/agents/PC-1", &token, None).0, 200, "the token that was kept is the one that works");
        assert_eq!((pending(sandbox), self.active()), (None, json!(1)));
    }
}

#[test]
fn a_lost_answer_is_had_again_by_a_run_that_wants_something_else() {
    for (more, differs) in [
        (&["--hostname", "host-2"][..], json!(["hostname"])),
        (&["--agent-version", "2"], json!(["version"])),
        (&["--user-name", "Another"], json!(["user_name"])),
        (&["--no-reactivate"], Value::Null),
    ] {
        let (sandbox, host) = (Sandbox::new(), Sandbox::new());
        let between = Between::start(&host);
        between.key(&sandbox, "key");
        between.lose(&sandbox, &["--key-file", "key"]);
        // `--hostname` and the like are given once: the later one replaces what the helper says.
        let mut command = sandbox.lea(["enroll", "--json", "--server", &between.fake.url(), "--machine-id", "PC-1", "--key-file", "key"]);
        for (name, value) in [("--hostname", "host-1"), ("--os-info", "TestOS 1"), ("--user-name", "Someone")] {
            if !more.contains(&name) {
                command.args([name, value]);
            }
        }
        let done = Run::of(command.args(more)).expect(0);
        assert_eq!((&done.json()["status"], &done.json()["fields"]), (&json!("already_enrolled"), &differs), "{more:?}");
        between.assert_in_place(&sandbox);
    }
}

#[test]
fn another_key_takes_no_note_away_and_the_first_one_still_brings_the_answer() {
    let (sandbox, host) = (Sandbox::new(), Sandbox::new());
    let between = Between::start(&host);
    for name in ["key", "other"] {
        between.key(&sandbox, name);
    }
    between.lose(&sandbox, &["--key-file", "key"]);
    let refused = run(&sandbox, &between.fake.url(), &["--key-file", "other"]).expect(5);
    assert!(refused.error()["hint"].as_str().unwrap().contains("another key"), "{}", refused.err);
    for name in ["key", "other"] {
        assert!(!pending(&sandbox).unwrap().to_string().contains(std::fs::read_to_string(sandbox.path(name)).unwrap().trim()));
    }
    assert_eq!(run(&sandbox, &between.fake.url(), &["--key-file", "key"]).expect(0).json()["status"], "enrolled");
    between.assert_in_place(&sandbox);
}

#[test]
fn a_lost_answer_is_had_again_under_another_address_of_the_same_server() {
    let (sandbox, host) = (Sandbox::new(), Sandbox::new());
    let between = Between::start(&host);
    between.key(&sandbox, "key");
    between.lose(&sandbox, &["--key-file", "key"]);
    let other = between.fake.url().replace("localhost", "127.0.0.1");
    assert_eq!(run(&sandbox, &other, &["--key-file", "key"]).expect(0).json()["status"], "enrolled");
    assert_eq!(credentials(&sandbox).unwrap()["server"], other);
    between.assert_in_place(&sandbox);
}

#[test]
fn a_request_that_never_left_is_not_noted_any_longer() {
    let sandbox = Sandbox::new();
    run(&sandbox, &format!("http://127.0.0.1:{}", closed_port()), &["--timeout", "1", "--user-id", "wrong"]).expect(6);
    assert_eq!(pending(&sandbox), None);
}

#[test]
fn a_machine_that_is_enrolled_stays_who_it_is_when_nobody_names_it() {
    let (sandbox, host) = (Sandbox::new(), Sandbox::new());
    let between = Between::start(&host);
    for name in ["key", "other"] {
        between.key(&sandbox, name);
    }
    let again = |key: &str| Run::of(&mut sandbox.lea(["enroll", "--json", "--server", &between.fake.url(), "--key-file", key]));
    // Also where only a note says who it was about to become.
    between.lose(&sandbox, &["--key-file", "key"]);
    assert_eq!(again("key").expect(0).json()["machine_id"], "PC-1");
    let first = credentials(&sandbox).unwrap();
    assert_eq!(again("other").expect(0).json()["status"], "already_enrolled");
    assert_eq!(credentials(&sandbox).unwrap(), first);
    between.assert_in_place(&sandbox);

    // Somebody who names another machine gets it, and the former credentials are kept.
    let mut command = sandbox.lea(["enroll", "--json", "--server", &between.fake.url(), "--machine-id", "PC-2", "--key-file", "other"]);
    let other = Run::of(&mut command).expect(0);
    assert!(other.err.contains("credentials.json.PC-1"), "{}", other.err);
    assert_eq!(credentials(&sandbox).unwrap()["machine_id"], "PC-2");
    let kept = sandbox.path("data/credentials.json.PC-1");
    assert_eq!(serde_json::from_str::<Value>(&std::fs::read_to_string(&kept).unwrap()).unwrap(), first);
    assert!(lea::files::is_private(&kept).unwrap());
}

#[test]
fn an_answer_lost_after_a_real_server_committed_can_be_had_again() {
    let (sandbox, host) = (Sandbox::new(), Sandbox::new());
    let server = Arc::new(Server::start(&host, &[]));
    // The listener outlives the test; the server must not.
    let behind = Arc::downgrade(&server);
    // What stands between loses the first answer, after the server has committed.
    let between = Fake::start(move |request, before| {
        let key = [("idempotency-key", key_of(request))];
        let (status, body) = behind.upgrade().unwrap().try_call("POST", &request.target, OPERATOR, Some(request.json()), &key).unwrap();
        if before == 0 { Reply::Silence } else { Reply::json(status, &body) }
    });
    let mut child = enroll(&sandbox, &between.url(), &[]).spawn().unwrap();
    between.wait_for(1);
    while server.call("GET", "/api/v1/agents/fleet", OPERATOR, None).1["totals"]["active"] != 1 {}
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(credentials(&sandbox).is_none());

    assert_eq!(run(&sandbox, &between.url(), &[]).expect(0).json()["status"], "enrolled");
    let token = credentials(&sandbox).unwrap()["api_token"].as_str().unwrap().to_owned();
    assert_eq!(server.call("GET", "/api/v1/agents/PC-1", &token, None).0, 200, "the token that was kept is the one that works");
}
