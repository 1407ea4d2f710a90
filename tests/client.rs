//! The HTTP client on real sockets: each way in which a call can fail, and what the caller is told.

use std::time::Duration;

use lea::client::{Client, ClientOptions, EnrollCall, FleetQuery, ProxySettings};
use lea::error::{Error, Kind};
use secrecy::SecretString;
use serde_json::json;

use crate::support::fake::{Certificate, Fake, Reply, closed_port, unknown_name};

const SECRET: &str = "secret-token-of-this-test";

fn options(url: &str) -> ClientOptions {
    ClientOptions { token: Some(SecretString::from(SECRET)), timeout: Duration::from_secs(20), ..ClientOptions::new(url) }
}

fn client(url: &str) -> Client {
    Client::new(options(url)).unwrap()
}

/// The failure of one call, after a look that neither the token nor a local address book of causes leaks out.
#[track_caller]
fn failure(client: &Client) -> Error {
    let error = client.fleet(&FleetQuery::default()).err().expect("the call should fail");
    assert!(!format!("{error:?} {}", error.report()).contains(SECRET));
    error
}

#[track_caller]
fn assert_failure(error: &Error, blame: &str, code: &str, named: &str) {
    assert_eq!((error.code(), error.details()["blame"].as_str()), (code, Some(blame)), "{error:?}");
    assert!(error.message().starts_with(&format!("{blame}: ")), "{error}");
    assert!(error.message().contains(named), "{error}");
    assert!(error.hint_text().is_some(), "{error}");
}

fn empty_fleet() -> Reply {
    Reply::json(200, &json!({ "active": [], "uninstalled": [], "totals": { "active": 0, "uninstalled": 0 } }))
}

fn through(server: &str, proxy: &str) -> Client {
    let named = Some((proxy.to_owned(), "HTTPS_PROXY"));
    Client::new(ClientOptions { proxy: ProxySettings { https: named.clone(), http: named, no_proxy: None }, ..options(server) }).unwrap()
}

#[test]
fn a_closed_port_a_name_nobody_knows_and_silence_are_the_network() {
    let port = closed_port();
    let refused = failure(&client(&format!("http://127.0.0.1:{port}")));
    assert_failure(&refused, "network", "connection_refused", &format!("127.0.0.1:{port}"));
    assert_eq!(refused.kind(), Kind::Unreachable);
    assert_eq!(refused.details()["retryable"], true);

    let unknown = failure(&client(&format!("http://{}", unknown_name())));
    assert_failure(&unknown, "network", "dns_failed", &unknown_name());

    let silent = Fake::start(|_, _| Reply::Silence);
    let waited = Client::new(ClientOptions { timeout: Duration::from_millis(300), ..options(&silent.url()) }).unwrap();
    assert_failure(&failure(&waited), "network", "timed_out", &silent.at());

    let rude = Fake::start(|_, _| Reply::Close);
    assert_failure(&failure(&client(&rude.url())), "network", "connection_lost", &rude.at());
}

#[test]
fn an_answer_that_breaks_off_is_the_network() {
    let torn = Fake::start(|_, _| empty_fleet().with("content-length", "100000"));
    let error = failure(&client(&torn.url()));
    assert_eq!((error.kind(), error.details()["blame"].as_str()), (Kind::Unreachable, Some("network")), "{error:?}");
}

#[test]
fn each_fault_of_a_certificate_has_its_own_name() {
    for (certificate, trusted, code) in [
        (Certificate::good(), false, "certificate_unknown_issuer"),
        (Certificate::new("localhost", 2001, 2002), true, "certificate_expired"),
        (Certificate::new("localhost", 3900, 4000), true, "certificate_not_yet_valid"),
        (Certificate::new("other.example", 2020, 4000), true, "certificate_wrong_name"),
    ] {
        let fake = Fake::start_tls(&certificate, |_, _| empty_fleet());
        let folder = tempfile::tempdir().unwrap();
        let authority = folder.path().join("ca.pem");
        std::fs::write(&authority, &certificate.authority).unwrap();
        let client = Client::new(ClientOptions { ca_cert: trusted.then_some(authority), ..options(&fake.url()) }).unwrap();
        let error = failure(&client);
        assert_failure(&error, "certificate", code, &fake.at());
        assert_eq!((error.kind(), &error.details()["retryable"]), (Kind::Unreachable, &json!(false)));
        assert!(fake.requests().is_empty(), "nothing may be sent before the certificate holds");
    }
}

#[test]
fn an_authority_that_is_named_is_trusted() {
    let certificate = Certificate::good();
    let fake = Fake::start_tls(&certificate, |_, _| empty_fleet());
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("ca.pem");
    std::fs::write(&authority, &certificate.authority).unwrap();
    let client = Client::new(ClientOptions { ca_cert: Some(authority.clone()), ..options(&fake.url()) }).unwrap();
    assert_eq!(client.fleet(&FleetQuery::default()).unwrap().totals.active, 0);

    std::fs::write(&authority, "no certificate").unwrap();
    let refused = Client::new(ClientOptions { ca_cert: Some(authority), ..options(&fake.url()) }).unwrap_err();
    assert_eq!(refused.code(), "invalid_ca_cert");
}

#[test]
fn a_port_without_tls_and_a_port_without_http_are_told_apart() {
    let greets = |greeting: &'static [u8]| {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap().to_string();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut first = [0; 4096];
                let _ = std::io::Read::read(&mut stream, &mut first);
                let _ = std::io::Write::write_all(&mut stream, greeting);
            }
        });
        at
    };
    let plain = greets(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
    assert_failure(&failure(&client(&format!("https://{plain}"))), "certificate", "tls_failed", &plain);
    let mail = greets(b"220 mail.example ESMTP\r\n");
    assert_failure(&failure(&client(&format!("http://{mail}"))), "network", "not_http", &mail);
    let mute = greets(b"");
    assert_failure(&failure(&client(&format!("https://{mute}"))), "network", "connection_lost", &mute);
}

#[test]
fn a_proxy_that_is_away_refuses_or_wants_a_password_is_the_proxy() {
    for (target, away) in [("https://lea.example", "http"), ("http://lea.example", "http")] {
        let port = closed_port();
        let error = failure(&through(target, &format!("{away}://127.0.0.1:{port}")));
        assert_failure(&error, "proxy", "proxy_failed", &format!("127.0.0.1:{port}"));
        assert_eq!(error.details()["retryable"], true);
    }
    let unknown = through("https://lea.example", &format!("http://{}:1", unknown_name()));
    assert_failure(&failure(&unknown), "proxy", "proxy_failed", &unknown_name());

    let strict = Fake::start(|_, _| Reply::page(407).with("proxy-authenticate", "Basic"));
    for target in ["https://lea.example", "http://lea.example"] {
        let error = failure(&through(target, &strict.url()));
        assert_failure(&error, "proxy", "proxy_auth_required", &strict.at());
        assert_eq!(error.details()["retryable"], false);
    }

    let broken = Fake::start(|_, _| Reply::page(502));
    let error = failure(&through("https://lea.example", &broken.url()));
    assert_failure(&error, "proxy", "proxy_refused", "lea.example:443");
    let error = failure(&through("http://lea.example", &broken.url()));
    assert_failure(&error, "proxy", "proxy_answered", "lea.example:80");
    assert_eq!((error.kind(), &error.details()["retryable"]), (Kind::Unreachable, &json!(true)));
}

#[test]
fn a_proxy_carries_the_call_and_its_own_password_stays_with_it() {
    let proxy = Fake::start(|_, _| empty_fleet());
    let answer = through("http://lea.example", &proxy.url().replace("//", "//user:word@")).fleet(&FleetQuery::default()).unwrap();
    assert_eq!(answer.totals.active, 0);
    let request = &proxy.requests()[0];
    assert_eq!(request.target, "http://lea.example/api/v1/agents/fleet");
    assert_eq!(request.header("proxy-authorization"), Some("Basic dXNlcjp3b3Jk"));
}

#[test]
fn the_token_never_follows_a_redirect() {
    let thief = Fake::start(|_, _| empty_fleet());
    let target = thief.url();
    for status in [301, 302, 303, 307, 308] {
        let target = target.clone();
        let fake = Fake::start(move |_, _| Reply::page(status).with("location", &target));
        let error = failure(&client(&fake.url()));
        assert_failure(&error, "network", "redirected", &fake.at());
        assert!(error.message().contains(&thief.at()), "{error}");
    }
    assert!(thief.requests().is_empty());
}

#[test]
fn a_web_page_instead_of_an_answer_is_said_with_its_status_and_host() {
    let portal = Fake::start(|_, _| Reply::page(200));
    let error = failure(&client(&portal.url()));
    assert_failure(&error, "network", "unexpected_answer", &portal.at());
    assert!(error.message().contains("200") && error.message().contains("web page"), "{error}");
}

#[test]
fn refusals_of_the_server_keep_their_words_and_get_their_blame() {
    for (status, code, blame, kind) in [
        (401, "unknown_token", "token", Kind::Unauthenticated),
        (403, "operator_required", "token", Kind::Forbidden),
        (409, "already_enrolled", "conflict", Kind::Conflict),
        (500, "internal", "server", Kind::Server),
        (503, "unavailable", "server", Kind::Unavailable),
    ] {
        let fake = Fake::start(move |_, _| Reply::json(status, &json!({ "detail": "because", "code": code })));
        let error = failure(&client(&fake.url()));
        assert_eq!((error.code(), error.message(), error.kind()), (code, "because", kind));
        assert_eq!(error.details()["blame"], blame);
        assert_eq!(error.details()["retryable"], status == 503);
    }
}

#[test]
fn an_endless_answer_is_cut_off() {
    let fake = Fake::start(|_, _| Reply::Answer(200, Vec::new(), " ".repeat(65 << 20)));
    assert_eq!(failure(&client(&fake.url())).code(), "answer_too_large");
}

#[test]
fn each_call_goes_where_the_contract_says() {
    let fake = Fake::start(|_, _| Reply::json(404, &json!({ "detail": "no", "code": "unknown_machine" })));
    let client = client(&format!("{}/lea/", fake.url()));
    let key = SecretString::from("the-key");
    let request = lea::api::EnrollRequest { machine_id: "m 1".to_owned(), ..Default::default() };
    let _ = client.enroll(&request, EnrollCall { token: Some(&key), idempotency_key: Some("k1"), timeout: None });
    let _ = client.agent("a/../b?c#é");
    let _ = client.uninstall("m1", Some("old"));
    let _ = client.heartbeat("m1");
    let _ = client.rotate_token("m1");
    let _ = client.history("m1");
    let query = FleetQuery { status: Some("active".to_owned()), limit: Some(2), cursor: Some("a b".to_owned()), conflicts: true };
    let _ = client.fleet(&query);
    let _ = client.create_key(&lea::api::KeyRequest { name: "n".to_owned(), expires_in: None, max_uses: Some(5) });
    let _ = client.keys();
    let _ = client.revoke_key("k1");
    let _ = client.get_json("/metrics?x=1");
    let _ = client.health();
    assert!(client.agent("..").is_err(), "no path can name that");

    let requests = fake.requests();
    let lines: Vec<String> = requests.iter().map(|request| format!("{} {}", request.method, request.target)).collect();
    assert_eq!(
        lines,
        [
            "POST /lea/api/v1/agents/enroll",
            "GET /lea/api/v1/agents/a%2F..%2Fb%3Fc%23%C3%A9",
            "POST /lea/api/v1/agents/uninstall",
            "POST /lea/api/v1/agents/heartbeat",
            "POST /lea/api/v1/agents/m1/token",
            "GET /lea/api/v1/agents/m1/history",
            "GET /lea/api/v1/agents/fleet?status=active&limit=2&cursor=a+b&conflicts=true",
            "POST /lea/api/v1/agents/keys",
            "GET /lea/api/v1/agents/keys",
            "DELETE /lea/api/v1/agents/keys/k1",
            "GET /lea/metrics?x=1",
            "GET /lea/healthz",
        ]
    );
    assert_eq!(requests[0].header("authorization"), Some("Bearer the-key"));
    assert_eq!(requests[0].header("idempotency-key"), Some("k1"));
    assert_eq!(requests[0].header("content-type"), Some("application/json"));
    assert_eq!(requests[0].json(), json!({ "machine_id": "m 1" }));
    assert_eq!(requests[1].header("authorization"), Some(format!("Bearer {SECRET}").as_str()));
    assert_eq!(requests[11].header("authorization"), None, "a health check needs no token");
}
