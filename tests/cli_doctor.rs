//! `lea doctor`: each thing that usually goes wrong, made to go wrong.

use serde_json::{Value, json};

use crate::support::fake::{Certificate, Fake, Reply, Request, closed_port};
use crate::support::{OPERATOR, Run, Sandbox, Server};

/// Runs it as JSON and gives the report; the exit code must follow from it.
#[track_caller]
fn doctor(sandbox: &Sandbox, more: &[&str], variables: &[(&str, &str)]) -> Value {
    let run = Run::of(sandbox.lea(["doctor", "--json"]).args(more).envs(variables.iter().copied()));
    let report = run.json();
    let failed = report["checks"].as_array().unwrap().iter().any(|check| check["status"] == "failed");
    assert_eq!((run.code, &report["ok"]), (i32::from(failed), &json!(!failed)), "{}", run.err);
    assert!(!run.out.contains(OPERATOR));
    report
}

/// Status and mend of one check.
#[track_caller]
fn seen<'a>(report: &'a Value, name: &str) -> (&'a str, &'a str) {
    let check = report["checks"].as_array().unwrap().iter().find(|check| check["name"] == name);
    let check = check.unwrap_or_else(|| panic!("no check {name}: {report:#}"));
    (check["status"].as_str().unwrap(), check["mend"].as_str().unwrap_or_default())
}

#[track_caller]
fn status<'a>(report: &'a Value, name: &str) -> &'a str {
    seen(report, name).0
}

/// A healthy server whose clock shows `date`.
fn healthy(date: &'static str) -> impl Fn(&Request, usize) -> Reply {
    move |request, _| match request.target.as_str() {
        "/healthz" => Reply::json(200, &json!({ "status": "ok", "version": "9.9.9" })).with("date", date),
        "/readyz" => Reply::json(200, &json!({ "status": "ready" })),
        _ => Reply::json(401, &json!({ "detail": "unknown", "code": "unknown_token" })),
    }
}

#[test]
fn a_machine_without_anything_is_fine() {
    let sandbox = Sandbox::new();
    let report = doctor(&sandbox, &[], &[]);
    assert_eq!(report["ok"], true, "{report:#}");
    for name in ["data_dir", "database", "token_file", "credentials", "server"] {
        assert_eq!(status(&report, name), "skipped", "{name}");
    }
    assert!(!sandbox.path("data").exists(), "looking changes nothing");
    let people = sandbox.run(["doctor"]).expect(0);
    assert!(people.out.contains("HOW TO MEND IT") && people.err.contains("0 failed"), "{}{}", people.out, people.err);
}

#[test]
fn settings_that_cannot_be_read_are_the_first_finding() {
    let sandbox = Sandbox::new();
    std::fs::write(sandbox.path("lea.toml"), "[client]\nsrever = 1\n").unwrap();
    let report = doctor(&sandbox, &["--config", "lea.toml"], &[]);
    assert_eq!(status(&report, "settings"), "failed");
    assert!(report["checks"][0]["message"].as_str().unwrap().contains("lea.toml:2"), "{report}");
}

#[test]
fn a_real_server_and_an_enrolled_machine_are_all_in_order() {
    let (sandbox, host) = (Sandbox::new(), Sandbox::new());
    let server = Server::start(&host, &[]);
    let operator = [("LEA_TOKEN", OPERATOR), ("LEA_SERVER", server.url.as_str())];
    Run::of(sandbox.lea(["enroll", "--machine-id", "PC-1"]).envs(operator)).expect(0);
    let report = doctor(&sandbox, &[], &operator);
    for name in ["settings", "data_dir", "credentials", "server", "proxy", "ready", "clock", "version", "token", "machine_token"] {
        assert_eq!(status(&report, name), "ok", "{name}: {report:#}");
    }
    assert_eq!(status(&report, "certificate"), "skipped");

    server.call("POST", "/api/v1/agents/uninstall", OPERATOR, Some(json!({ "machine_id": "PC-1" })));
    let report = doctor(&sandbox, &[], &[("LEA_TOKEN", "wrong"), ("LEA_SERVER", &server.url)]);
    for name in ["token", "machine_token"] {
        assert_eq!(status(&report, name), "failed", "{name}: {report:#}");
    }
    assert!(seen(&report, "machine_token").1.contains("lea enroll"));
    drop(server);
    let report = doctor(&host, &[], &[]);
    assert_eq!(status(&report, "database"), "ok", "{report:#}");
    // What the killed server left in its log would heal the file.
    let _ = std::fs::remove_file(host.path("data/lea.db-wal"));
    std::fs::write(host.path("data/lea.db"), "no database").unwrap();
    assert_eq!(status(&doctor(&host, &[], &[]), "database"), "failed");
}

#[test]
fn what_stands_in_the_way_to_the_server_is_told_apart() {
    let sandbox = Sandbox::new();
    let away = format!("http://127.0.0.1:{}", closed_port());
    let report = doctor(&sandbox, &["--server", &away], &[]);
    assert_eq!((status(&report, "server"), status(&report, "certificate")), ("failed", "skipped"));

    let proxied = doctor(&sandbox, &["--server", "https://lea.example"], &[("HTTPS_PROXY", &away)]);
    let message = proxied["checks"].as_array().unwrap().iter().find(|check| check["name"] == "server").unwrap()["message"].clone();
    assert!(message.as_str().unwrap().starts_with("proxy: "), "{message}");

    let portal = Fake::start(|_, _| Reply::page(200));
    assert_eq!(status(&doctor(&sandbox, &["--server", &portal.url()], &[]), "server"), "failed");

    let certificate = Certificate::good();
    let fake = Fake::start_tls(&certificate, healthy("Sun, 06 Nov 1994 08:49:37 GMT"));
    let report = doctor(&sandbox, &["--server", &fake.url()], &[]);
    assert_eq!((status(&report, "server"), status(&report, "certificate")), ("ok", "failed"));
    assert!(seen(&report, "certificate").1.contains("--ca-cert"));
    std::fs::write(sandbox.path("ca.pem"), &certificate.authority).unwrap();
    let report = doctor(&sandbox, &["--server", &fake.url(), "--ca-cert", "ca.pem"], &[]);
    assert_eq!((status(&report, "certificate"), status(&report, "clock")), ("ok", "failed"));

    assert_eq!(status(&doctor(&sandbox, &["--server", "ftp://lea.example"], &[]), "server"), "failed");
}

#[cfg(unix)]
#[test]
fn files_that_others_can_read_are_found() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("data")).unwrap();
    std::fs::set_permissions(sandbox.path("data"), std::fs::Permissions::from_mode(0o755)).unwrap();
    for name in ["data/credentials.json", "token"] {
        std::fs::write(sandbox.path(name), "secret-token").unwrap();
        std::fs::set_permissions(sandbox.path(name), std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    let report = doctor(&sandbox, &["--token-file", "token"], &[]);
    assert_eq!(status(&report, "data_dir"), "warning");
    for name in ["token_file", "credentials"] {
        assert_eq!(status(&report, name), "failed", "{name}");
        assert!(seen(&report, name).1.starts_with("chmod 600 "));
    }
    assert!(!report.to_string().contains("secret-token"));
}

#[test]
fn credentials_of_another_server_are_not_shown_to_this_one() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("data")).unwrap();
    let kept = json!({ "server": "https://elsewhere.example", "machine_id": "PC-1", "api_token": "token-of-elsewhere" });
    lea::files::write_whole(&sandbox.path("data/credentials.json"), kept.to_string().as_bytes(), lea::files::Access::Owner).unwrap();
    let fake = Fake::start(healthy("Sun, 06 Nov 1994 08:49:37 GMT"));
    let report = doctor(&sandbox, &["--server", &fake.url()], &[]);
    assert_eq!((status(&report, "credentials"), status(&report, "machine_token")), ("warning", "skipped"));
    assert!(fake.requests().iter().all(|request| request.header("authorization").is_none()));
}
