//! `lea serve` itself: how it starts, what it refuses, its limits, TLS, and what it tells a monitor.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde_json::json;

use crate::support::{OPERATOR, Run, Sandbox, Server};

/// Sends `text` as it is and reads until the server closes.
fn raw(server: &Server, text: &str) -> String {
    let mut stream = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // A reset instead of an end is an end too.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_first_start_makes_a_token_that_only_its_owner_reads() {
    let sandbox = Sandbox::new();
    let server = Server::spawn(&mut sandbox.lea(["serve", "--listen", "127.0.0.1:0"]));
    let path = sandbox.path("data/token");
    assert!(lea::files::is_private(&path).unwrap() && lea::files::is_private(&sandbox.path("data/lea.db")).unwrap());
    let token = std::fs::read_to_string(&path).unwrap();
    assert_eq!(server.call("GET", "/api/v1/agents/fleet", token.trim(), None).0, 200);
    // The command line finds it beside the data.
    Run::of(sandbox.lea(["fleet", "list"]).env("LEA_SERVER", &server.url)).expect(0);
    #[cfg(unix)]
    {
        let (code, log) = server.stop();
        assert_eq!(code, 0);
        assert!(log.contains(path.to_str().unwrap()) && !log.contains(token.trim()), "{log}");
        let again = Server::spawn(&mut sandbox.lea(["serve", "--listen", "127.0.0.1:0"]));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), token);
        drop(again);
    }
}

#[test]
fn it_refuses_to_listen_where_strangers_are() {
    let sandbox = Sandbox::new();
    let beyond = ["serve", "--json", "--listen", "0.0.0.0:0"];
    assert_eq!(sandbox.run(beyond).expect(2).error()["code"], "token_required");
    assert!(!sandbox.path("data").exists(), "a refusal made something");
    let refused = Run::of(sandbox.lea(beyond).env("LEA_TOKEN", "t")).expect(2);
    assert_eq!(refused.error()["code"], "tls_required");
    assert!(refused.error()["hint"].as_str().unwrap().contains("--behind-proxy"));
    let insecure = Server::spawn(sandbox.lea(beyond).arg("--insecure-http").env("LEA_TOKEN", OPERATOR));
    #[cfg(unix)]
    assert!(insecure.stop().1.contains("without TLS"));
    assert_eq!(sandbox.run(["serve", "--listen", "nonsense"]).expect(2).code, 2);
    assert_eq!(sandbox.run(["serve", "--json", "--tls-cert", "x.pem"]).expect(2).error()["code"], "invalid_setting");
}

#[test]
fn two_servers_do_not_share_a_data_directory_or_an_address() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    assert_eq!(sandbox.run(["serve", "--json", "--listen", "127.0.0.1:0"]).expect(5).error()["code"], "locked");
    let other = Sandbox::new();
    let address = server.url.strip_prefix("http://").unwrap();
    assert_eq!(other.run(["serve", "--json", "--listen", address]).expect(5).error()["code"], "address_in_use");
}

#[test]
fn check_says_what_is_wrong_and_changes_nothing() {
    let sandbox = Sandbox::new();
    let fine = sandbox.run(["serve", "--check", "--json"]).expect(0).json();
    assert_eq!((&fine["ok"], &fine["database_exists"]), (&json!(true), &json!(false)));
    assert!(!sandbox.path("data").exists());
    let missing = sandbox.path("nowhere.pem");
    let path = missing.to_str().unwrap();
    let refused = sandbox.run(["serve", "--check", "--json", "--tls-cert", path, "--tls-key", path]).expect(3);
    assert_eq!(refused.error()["code"], "invalid_certificate");
    for origins in ["*", "https://x/", "console.example"] {
        let refused = Run::of(sandbox.lea(["serve", "--check", "--json"]).env("CORS_ORIGINS", origins)).expect(3);
        assert!(refused.error()["message"].as_str().unwrap().contains("CORS_ORIGINS"), "{}", refused.err);
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_a_database_that_is_away_is_not_replaced() {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path("data")).unwrap();
    let (link, target) = (sandbox.path("data/lea.db"), sandbox.path("volume/lea.db"));
    std::os::unix::fs::symlink(&target, &link).unwrap();
    sandbox.run(["serve", "--listen", "127.0.0.1:0"]).expect(3);
    assert_eq!(std::fs::read_link(&link).unwrap(), target);
}

#[test]
fn slow_and_oversized_requests_end_in_the_contracts_shape() {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path("data")).unwrap();
    std::fs::write(sandbox.path("data/lea.toml"), "[limits]\nrequest_seconds = 1\nbody_bytes = 2048\n").unwrap();
    let server = Server::start(&sandbox, &[]);
    let head = format!("POST /api/v1/agents/enroll HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {OPERATOR}\r\nConnection: close\r\n");
    let slow = raw(&server, &format!("{head}Content-Length: 50\r\n\r\n{{\"machine_id\":"));
    assert!(slow.starts_with("HTTP/1.1 408") && slow.contains("\"code\":\"request_timeout\""), "{slow}");
    let announced = raw(&server, &format!("{head}Content-Length: 999999\r\n\r\n"));
    assert!(announced.starts_with("HTTP/1.1 413") && announced.contains("\"code\":\"body_too_large\""), "{announced}");
    let chunk = "x".repeat(3000);
    let unannounced = raw(&server, &format!("{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{chunk}\r\n0\r\n\r\n", chunk.len()));
    assert!(unannounced.starts_with("HTTP/1.1 413"), "{unannounced}");
    let headers = "X-Filler: y\r\n".repeat(100);
    assert!(raw(&server, &format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{headers}\r\n")).starts_with("HTTP/1.1 431"));
}

#[test]
fn connections_beyond_the_limit_are_closed_and_others_go_on() {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path("data")).unwrap();
    std::fs::write(sandbox.path("data/lea.toml"), "limits.connections = 2\n").unwrap();
    let server = Server::start(&sandbox, &[]);
    let address = server.url.strip_prefix("http://").unwrap();
    let mut one = TcpStream::connect(address).unwrap();
    let mut two = TcpStream::connect(address).unwrap();
    // Once they are answered, both have their places.
    for stream in [&mut one, &mut two] {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        assert!(stream.read(&mut [0; 512]).unwrap() > 0);
    }
    assert_eq!(raw(&server, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"), "", "a third connection was served");
    drop(two);
    assert!(raw(&server, "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").starts_with("HTTP/1.1 200"));
}

#[test]
fn browsers_may_call_only_from_the_origins_that_were_named() {
    let preflight = "OPTIONS /api/v1/agents/fleet HTTP/1.1\r\nHost: x\r\nOrigin: https://console.example\r\nAccess-Control-Request-Method: GET\r\nConnection: close\r\n\r\n";
    let sandbox = Sandbox::new();
    let closed = Server::start(&sandbox, &[]);
    assert!(!raw(&closed, preflight).to_lowercase().contains("access-control-allow-origin"));
    drop(closed);
    let mut command = sandbox.lea(["serve", "--listen", "127.0.0.1:0"]);
    let open = Server::spawn(command.env("LEA_TOKEN", OPERATOR).env("CORS_ORIGINS", "http://other.example, https://console.example"));
    let answer = raw(&open, preflight).to_lowercase();
    assert!(answer.starts_with("http/1.1 200") && answer.contains("access-control-allow-origin: https://console.example"), "{answer}");
    let stranger = raw(&open, &preflight.replace("console", "evil")).to_lowercase();
    assert!(!stranger.contains("access-control-allow-origin: https://evil"), "{stranger}");
}

#[test]
fn a_monitor_is_told_what_happened() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    server.enroll("m1");
    server.call("GET", "/api/v1/agents/nobody", OPERATOR, None);
    let (status, _) = server.call("GET", "/metrics", "", None);
    assert_eq!(status, 401);
    let text = raw(&server, &format!("GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {OPERATOR}\r\nConnection: close\r\n\r\n"));
    for line in [
        r#"lea_agents{status="active"} 1"#,
        r#"lea_http_requests_total{route="/api/v1/agents/enroll",method="POST",status="201"} 1"#,
        r#"lea_http_requests_total{route="/api/v1/agents/{machine_id}",method="GET",status="404"} 1"#,
        "lea_database_transaction_duration_seconds_count",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn the_log_is_json_when_asked_for_and_holds_no_secret_and_no_person() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.lea(["serve", "--listen", "127.0.0.1:0", "--log-format", "json", "-vv"]);
    let server = Server::spawn(command.env("LEA_TOKEN", OPERATOR));
    let body = json!({ "machine_id": "m1", "user_name": "Zoé Durand", "user_email": "zoe@example.org" });
    let (_, enrolled) = server.call("POST", "/api/v1/agents/enroll", OPERATOR, Some(body.clone()));
    let (status, _) = server.try_call("POST", "/api/v1/agents/enroll", OPERATOR, Some(body), &[("X-Request-Id", "my-request")]).unwrap();
    assert_eq!(status, 409);
    server.call("GET", "/api/v1/agents/fleet", "a-wrong-token", None);
    #[cfg(unix)]
    {
        let (_, log) = server.stop();
        for line in log.lines() {
            assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
        }
        assert!(log.contains("my-request") && log.contains("\"status\":409"), "{log}");
        for secret in [OPERATOR, enrolled["api_token"].as_str().unwrap(), "a-wrong-token", "Durand", "zoe@"] {
            assert!(!log.contains(secret), "{secret} stands in the log");
        }
    }
}

/// A self-signed certificate for loopback, written as PEM beside its key; gives the certificate.
fn certify(certificate: &Path, key: &Path) -> reqwest::Certificate {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned(), "localhost".to_owned()]).unwrap();
    let pem = made.cert.pem();
    std::fs::write(key, made.signing_key.serialize_pem()).unwrap();
    std::fs::write(certificate, &pem).unwrap();
    reqwest::Certificate::from_pem(pem.as_bytes()).unwrap()
}

#[test]
fn tls_is_served_and_a_new_certificate_is_taken_up() {
    let sandbox = Sandbox::new();
    let (certificate, key) = (sandbox.path("cert.pem"), sandbox.path("key.pem"));
    let first = certify(&certificate, &key);
    let server = Server::start(&sandbox, &["--tls-cert", certificate.to_str().unwrap(), "--tls-key", key.to_str().unwrap()]);
    assert!(server.url.starts_with("https://"));
    let trusts = |root: &reqwest::Certificate| {
        let client = reqwest::blocking::Client::builder().no_proxy().tls_certs_only([root.clone()]).build().unwrap();
        client.get(format!("{}/healthz", server.url)).send().is_ok_and(|answer| answer.status() == 200)
    };
    assert!(trusts(&first));
    let second = certify(&certificate, &key);
    assert!((0..50_000).any(|_| trusts(&second)), "the new certificate was never taken up");
    // A certificate that cannot be read leaves the last good one in force.
    std::fs::write(&certificate, "nonsense").unwrap();
    assert!(trusts(&second));
}

#[test]
fn over_tls_only_what_is_spoken_is_offered() {
    let sandbox = Sandbox::new();
    let (certificate, key) = (sandbox.path("cert.pem"), sandbox.path("key.pem"));
    certify(&certificate, &key);
    let server = Server::start(&sandbox, &["--tls-cert", certificate.to_str().unwrap(), "--tls-key", key.to_str().unwrap()]);
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(&certificate).unwrap()).unwrap();
    let mut config = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let mut client = rustls::ClientConnection::new(std::sync::Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let mut stream = TcpStream::connect(server.url.strip_prefix("https://").unwrap()).unwrap();
    while client.is_handshaking() {
        client.complete_io(&mut stream).unwrap();
    }
    assert_eq!(client.alpn_protocol(), Some(b"http/1.1".as_slice()));
}
