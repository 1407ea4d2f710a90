//! The fleet over HTTP, as agents, installers and operators see it.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::support::{OPERATOR, Sandbox, Server};

const ENROLL: &str = "/api/v1/agents/enroll";

fn facts(machine: &str, host: &str) -> Value {
    json!({ "machine_id": machine, "user_name": "Dom", "hostname": host, "os_info": "Windows 11", "version": "1.0.2" })
}

fn key(server: &Server, body: Value) -> Value {
    let (status, key) = server.call("POST", "/api/v1/agents/keys", OPERATOR, Some(body));
    assert_eq!(status, 201, "{key}");
    key
}

#[test]
fn enrollment_has_three_answers() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let (status, first) = server.call("POST", ENROLL, OPERATOR, Some(facts(" PC-1 ", "h1")));
    assert_eq!((status, &first["status"], &first["machine_id"]), (201, &json!("enrolled"), &json!("PC-1")));
    let token = first["api_token"].as_str().unwrap();
    let agent = &first["agent"];
    assert_eq!((&agent["user_name"], &agent["status"], &agent["uninstalled_at"]), (&json!("Dom"), &json!("active"), &Value::Null));
    let at = agent["enrolled_at"].as_str().unwrap();
    assert!(at.len() == 32 && at.ends_with("+00:00"), "{at}");

    // The machine itself, with its token: nothing changes, and no token is told again.
    let (status, same) = server.call("POST", ENROLL, token, Some(facts("pc-1", "h1")));
    assert_eq!((status, &same["status"], &same["agent"]), (200, &json!("already_enrolled"), agent));
    assert!(same.get("api_token").is_none());

    // Anybody else: refused; only an operator sees the other row.
    let key = key(&server, json!({ "name": "installer" }));
    let key = key["key"].as_str().unwrap();
    let (status, other) = server.call("POST", ENROLL, key, Some(facts("PC-1", "h2")));
    assert_eq!((status, &other["code"], &other["fields"]), (409, &json!("already_enrolled"), &json!(["hostname"])));
    assert!(other.get("agent").is_none() && !other.to_string().contains("Dom") && !other.to_string().contains("h1"), "{other}");
    let (status, shown) = server.call("POST", ENROLL, OPERATOR, Some(facts("PC-1", "h2")));
    assert_eq!((status, &shown["agent"]["hostname"]), (409, &json!("h1")));

    // The conflict is kept once, however often it happens, until somebody settles it.
    let (_, fleet) = server.call("GET", "/api/v1/agents/fleet?conflicts=true", OPERATOR, None);
    assert_eq!(fleet["conflicts"].as_array().unwrap().len(), 1, "{fleet}");
    assert_eq!((&fleet["conflicts"][0]["machine_id"], &fleet["conflicts"][0]["offered"]), (&json!("PC-1"), &json!({ "hostname": "h2" })));

    // Force is an operator's, and gives a new token.
    let mut forced = facts("PC-1", "h2");
    forced["force"] = json!(true);
    assert_eq!(server.call("POST", ENROLL, key, Some(forced.clone())).0, 403);
    let (status, forced) = server.call("POST", ENROLL, OPERATOR, Some(forced));
    assert_eq!((status, &forced["status"], &forced["agent"]["hostname"]), (201, &json!("reactivated"), &json!("h2")));
    assert_eq!(server.call("GET", "/api/v1/agents/PC-1", token, None).0, 401, "the old token is dead");
    assert_eq!(server.call("GET", "/api/v1/agents/PC-1", forced["api_token"].as_str().unwrap(), None).0, 200);
    let (_, fleet) = server.call("GET", "/api/v1/agents/fleet?conflicts=true", OPERATOR, None);
    assert_eq!(fleet["conflicts"], json!([]));
}

#[test]
fn an_own_token_with_other_facts_changes_nothing_but_is_noticed() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let (_, first) = server.call("POST", ENROLL, OPERATOR, Some(facts("pc", "h1")));
    let (status, same) = server.call("POST", ENROLL, first["api_token"].as_str().unwrap(), Some(facts("pc", "clone")));
    assert_eq!((status, &same["agent"]["hostname"], &same["fields"]), (200, &json!("h1"), &json!(["hostname"])));
    let (_, fleet) = server.call("GET", "/api/v1/agents/fleet?conflicts=true", OPERATOR, None);
    assert_eq!(fleet["conflicts"][0]["refused"], json!(false));
}

#[test]
fn a_machines_token_is_its_own_and_dies_with_it() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let (a, _b) = (server.enroll("a"), server.enroll("b"));
    assert_eq!(server.call("GET", "/api/v1/agents/A", &a, None).0, 200);
    for (method, path, body) in [
        ("GET", "/api/v1/agents/b", None),
        ("POST", "/api/v1/agents/b/token", None),
        ("POST", "/api/v1/agents/uninstall", Some(json!({ "machine_id": "b" }))),
        ("POST", "/api/v1/agents/heartbeat", Some(json!({ "machine_id": "b" }))),
        ("POST", ENROLL, Some(json!({ "machine_id": "b" }))),
        ("POST", ENROLL, Some(json!({ "machine_id": "new" }))),
        ("GET", "/api/v1/agents/fleet", None),
        ("GET", "/api/v1/agents/a/history", None),
        ("GET", "/api/v1/agents/keys", None),
        ("GET", "/metrics", None),
    ] {
        let (status, body) = server.call(method, path, &a, body);
        assert_eq!(status, 403, "{method} {path}: {body}");
    }
    let (status, rotated) = server.call("POST", "/api/v1/agents/a/token", &a, None);
    assert_eq!(status, 200);
    assert_eq!(server.call("GET", "/api/v1/agents/a", &a, None).0, 401);
    let a = rotated["api_token"].as_str().unwrap();
    let (status, gone) = server.call("POST", "/api/v1/agents/uninstall", a, Some(json!({ "machine_id": "a", "reason": "sold" })));
    assert_eq!((status, &gone["status"], &gone["agent"]["uninstall_reason"]), (200, &json!("uninstalled"), &json!("sold")));
    assert_eq!(server.call("GET", "/api/v1/agents/a", a, None).0, 401);
    assert_eq!(server.call("POST", "/api/v1/agents/a/token", OPERATOR, None).0, 409);
    assert_eq!(server.call("POST", "/api/v1/agents/heartbeat", OPERATOR, Some(json!({ "machine_id": "a" }))).0, 409);

    let (status, back) = server.call("POST", ENROLL, OPERATOR, Some(json!({ "machine_id": "a" })));
    assert_eq!((status, &back["status"]), (201, &json!("reactivated")));
    assert_eq!(server.call("GET", "/api/v1/agents/a", a, None).0, 401, "an old token does not come back to life");
    let (_, history) = server.call("GET", "/api/v1/agents/a/history", OPERATOR, None);
    let events: Vec<&str> = history["history"].as_array().unwrap().iter().map(|entry| entry["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["enrolled", "token_rotated", "uninstalled", "reactivated"]);
    assert_eq!(history["history"][2]["detail"]["uninstall_reason"], "sold");
}

#[test]
fn a_lost_answer_can_be_asked_for_again() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let made = key(&server, json!({ "name": "once", "max_uses": 1, "expires_in": "1h" }));
    let key = made["key"].as_str().unwrap();
    let ask = |token: &str, id: &str, body: Value| server.try_call("POST", ENROLL, token, Some(body), &[("Idempotency-Key", id)]).unwrap();
    let (status, first) = ask(key, "k-1", facts("pc", "h"));
    assert_eq!(status, 201);
    // Although the key has no use left.
    let (status, again) = ask(key, "k-1", facts("pc", "h"));
    assert_eq!((status, &again["status"], &again["agent"]), (201, &json!("enrolled"), &first["agent"]));
    assert_ne!(first["api_token"], again["api_token"]);
    assert_eq!(server.call("GET", "/api/v1/agents/pc", first["api_token"].as_str().unwrap(), None).0, 401);
    assert_eq!(server.call("GET", "/api/v1/agents/pc", again["api_token"].as_str().unwrap(), None).0, 200);

    let (status, reused) = ask(key, "k-1", facts("pc", "other"));
    assert_eq!((status, &reused["code"]), (409, &json!("idempotency_key_reused")));
    let (status, stranger) = ask(OPERATOR, "k-1", facts("pc", "h"));
    assert_eq!((status, &stranger["code"]), (409, &json!("already_enrolled")), "another caller's key means nothing");
    let (status, exhausted) = ask(key, "k-2", facts("pc2", "h"));
    assert_eq!((status, &exhausted["code"]), (403, &json!("key_exhausted")));

    server.call("POST", "/api/v1/agents/uninstall", OPERATOR, Some(json!({ "machine_id": "pc" })));
    let (status, spent) = ask(key, "k-1", facts("pc", "h"));
    assert_eq!((status, &spent["code"]), (409, &json!("idempotency_key_spent")), "a late repetition revives nothing");
    assert_eq!(ask(key, &"k".repeat(256), facts("pc", "h")).0, 422);
}

#[test]
fn enrollment_keys_enroll_and_nothing_else() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let made = key(&server, json!({ "name": "ward 3", "expires_in": 3600, "max_uses": 2 }));
    let secret = made["key"].as_str().unwrap().to_owned();
    assert_eq!((&made["uses"], &made["max_uses"], &made["last_used_at"]), (&json!(0), &json!(2), &Value::Null));
    assert_eq!(server.call("POST", ENROLL, &secret, Some(json!({ "machine_id": "m1" }))).0, 201);
    assert_eq!(server.call("GET", "/api/v1/agents/m1", &secret, None).0, 403);
    assert_eq!(server.call("GET", "/api/v1/agents/fleet", &secret, None).0, 403);
    let (_, keys) = server.call("GET", "/api/v1/agents/keys", OPERATOR, None);
    assert_eq!((&keys["keys"][0]["uses"], keys["keys"][0].get("key")), (&json!(1), None));
    assert!(keys["keys"][0]["last_used_at"].is_string());
    let path = format!("/api/v1/agents/keys/{}", made["id"].as_str().unwrap());
    assert_eq!(server.call("DELETE", &path, OPERATOR, None).0, 200);
    let (status, refused) = server.call("POST", ENROLL, &secret, Some(json!({ "machine_id": "m2" })));
    assert_eq!((status, &refused["code"]), (401, &json!("key_revoked")));
    assert_eq!(server.call("DELETE", "/api/v1/agents/keys/nope", OPERATOR, None).0, 404);
    for bad in [
        json!({}),
        json!({ "name": " " }),
        json!({ "name": "x", "expires_in": "soon" }),
        json!({ "name": "x", "max_uses": 0 }),
        json!({ "name": "x", "max_uses": -1 }),
    ] {
        assert_eq!(server.call("POST", "/api/v1/agents/keys", OPERATOR, Some(bad.clone())).0, 422, "{bad}");
    }
}

#[test]
fn the_fleet_is_listed_whole_or_in_pages() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    for number in 0..7 {
        server.enroll(&format!("m{number}"));
    }
    server.call("POST", "/api/v1/agents/uninstall", OPERATOR, Some(json!({ "machine_id": "m3" })));
    let list = |query: &str| server.call("GET", &format!("/api/v1/agents/fleet{query}"), OPERATOR, None);
    let names =
        |list: &Value| list.as_array().unwrap().iter().map(|agent| agent["machine_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let (_, all) = list("");
    assert_eq!(names(&all["active"]), ["m6", "m5", "m4", "m2", "m1", "m0"]);
    assert_eq!(
        (names(&all["uninstalled"]), &all["totals"], all.get("next_cursor")),
        (vec!["m3".to_owned()], &json!({ "active": 6, "uninstalled": 1 }), None)
    );
    let mut seen = Vec::new();
    let mut query = "?limit=3".to_owned();
    loop {
        let (status, page) = list(&query);
        assert_eq!(status, 200);
        seen.extend(names(&page["active"]));
        seen.extend(names(&page["uninstalled"]));
        let Some(cursor) = page["next_cursor"].as_str() else {
            assert!(page["next_cursor"].is_null() && page.as_object().unwrap().contains_key("next_cursor"));
            break;
        };
        query = format!("?limit=3&cursor={cursor}");
    }
    seen.sort();
    assert_eq!(seen, ["m0", "m1", "m2", "m3", "m4", "m5", "m6"]);
    assert_eq!(names(&list("?status=uninstalled").1["uninstalled"]), ["m3"]);
    for bad in ["?limit=0", "?limit=x", "?status=gone", "?cursor=zzz", "?conflicts=maybe"] {
        let (status, body) = list(bad);
        assert_eq!((status, body["detail"][0]["loc"][0].as_str()), (422, Some("query")), "{bad}");
    }
    // A heartbeat shows at once, though it is written later.
    let (_, beat) = server.call("POST", "/api/v1/agents/heartbeat", OPERATOR, Some(json!({ "machine_id": " M0 " })));
    let (_, all) = list("");
    let row = all["active"].as_array().unwrap().iter().find(|agent| agent["machine_id"] == "m0").unwrap();
    assert_eq!(row["last_seen_at"], beat["last_seen_at"]);
}

#[test]
fn bad_requests_name_what_is_wrong_with_them() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    for (body, field) in [
        (json!({}), "machine_id"),
        (json!({ "machine_id": 5 }), "machine_id"),
        (json!({ "machine_id": "../x" }), "machine_id"),
        (json!({ "machine_id": "con" }), "machine_id"),
        (json!({ "machine_id": "Fleet" }), "machine_id"),
        (json!({ "machine_id": "x".repeat(129) }), "machine_id"),
        (json!({ "machine_id": "m", "hostname": 1 }), "hostname"),
        (json!({ "machine_id": "m", "user_name": "x".repeat(600) }), "user_name"),
    ] {
        let (status, answer) = server.call("POST", ENROLL, OPERATOR, Some(body.clone()));
        assert_eq!((status, &answer["detail"][0]["loc"]), (422, &json!(["body", field])), "{body}: {answer}");
        assert_eq!(answer["code"], "validation_error");
    }
    let deep: Value = serde_json::from_str(&format!("{}1{}", "[".repeat(100), "]".repeat(100))).unwrap();
    assert_eq!(server.call("POST", ENROLL, OPERATOR, Some(json!({ "machine_id": "m", "extra": deep }))).0, 422);
    let (status, large) = server.call("POST", ENROLL, OPERATOR, Some(json!({ "machine_id": "m", "extra": "x".repeat(2 << 20) })));
    assert_eq!((status, &large["code"]), (413, &json!("body_too_large")));
    assert_eq!(server.call("POST", "/api/v1/agents/uninstall", OPERATOR, Some(json!({ "machine_id": "nobody" }))).0, 404);
    assert_eq!(server.call("POST", "/api/v1/agents/uninstall", OPERATOR, Some(json!({ "machine_id": "a/b" }))).0, 422);
    // An id that stands in the path or the query is named as standing there, and whichever call it is, the fault is a list.
    for (method, path, place) in [
        ("POST", "/api/v1/agents/a%2fb/token".to_owned(), "path"),
        ("GET", "/api/v1/agents/a%2fb/history".to_owned(), "path"),
        ("GET", "/api/v1/traces/stream/sessions?machine_id=a/b".to_owned(), "query"),
        ("GET", "/api/v1/traces/stream/workflows?machine_id=a/b".to_owned(), "query"),
        ("GET", "/api/v1/traces/stream/replays?machine_id=a/b".to_owned(), "query"),
        ("GET", "/api/v1/agents/update/check?machine_id=..".to_owned(), "query"),
        ("GET", "/api/v1/agents/update/check?machine_id=con".to_owned(), "query"),
        ("GET", format!("/api/v1/agents/update/check?machine_id={}", "x".repeat(129)), "query"),
    ] {
        let (status, answer) = server.call(method, &path, OPERATOR, None);
        assert_eq!((status, &answer["detail"][0]["loc"]), (422, &json!([place, "machine_id"])), "{path}: {answer}");
    }
    assert_eq!(server.call("GET", "/api/v1/nothing", OPERATOR, None).1["code"], "no_such_path");
    assert_eq!(server.call("PUT", ENROLL, OPERATOR, None).0, 405);
}

#[test]
fn nothing_but_health_is_told_without_a_token() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    for path in ["/healthz", "/readyz", "/health"] {
        assert_eq!(server.call("GET", path, "", None).0, 200, "{path}");
    }
    let (_, described) = server.call("GET", "/api/v1/openapi.json", OPERATOR, None);
    for (path, methods) in described["paths"].as_object().unwrap() {
        if matches!(path.as_str(), "/healthz" | "/readyz") {
            continue;
        }
        for method in methods.as_object().unwrap().keys() {
            for token in ["", "wrong"] {
                let (status, body) = server.call(&method.to_uppercase(), &path.replace(['{', '}'], ""), token, None);
                assert_eq!((status, body["code"].is_string()), (401, true), "{method} {path} {token:?}: {body}");
            }
        }
    }
    assert_eq!(server.call("GET", "/not/there", "", None).0, 401);
}

#[test]
fn guessing_is_limited_but_locks_nobody_out() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let machine = server.enroll("m");
    let guess = || server.call("GET", "/api/v1/agents/fleet", "guess", None);
    let statuses: Vec<u16> = (0..80).map(|_| guess().0).collect();
    assert_eq!((statuses[0], statuses.contains(&429)), (401, true), "{statuses:?}");
    let (_, body) = guess();
    assert!(body["code"] == "too_many_attempts" && body["retry_after"].as_u64().unwrap() >= 1, "{body}");
    assert_eq!(server.call("GET", "/api/v1/agents/m", &machine, None).0, 200);
}

#[test]
fn the_description_is_the_one_that_was_agreed() {
    let described = serde_json::to_string_pretty(&lea::server::openapi()).unwrap() + "\n";
    let path = crate::support::root().join("docs/openapi.json");
    if std::env::var_os("LEA_ACCEPT").is_some() {
        std::fs::write(&path, &described).unwrap();
    }
    let agreed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(described == agreed, "the HTTP description is no longer docs/openapi.json; if that is meant, write it anew with .ci/generate");
}

/// Sends the head of a request, lets `between` happen, then sends its body; gives the whole answer.
fn interrupted(server: &Server, token: &str, path: &str, body: &Value, between: impl FnOnce()) -> String {
    let mut stream = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).unwrap();
    let body = body.to_string();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&body.as_bytes()[..1]).unwrap();
    // An answer to somebody else shows that the head has been read by now.
    server.call("GET", "/healthz", "", None);
    between();
    stream.write_all(&body.as_bytes()[1..]).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_token_that_dies_while_its_request_is_on_the_way_is_dead() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let token = server.enroll("pc");
    let uninstall = || assert_eq!(server.call("POST", "/api/v1/agents/uninstall", OPERATOR, Some(json!({ "machine_id": "pc" }))).0, 200);
    let answer = interrupted(&server, &token, ENROLL, &json!({ "machine_id": "pc" }), uninstall);
    assert!(answer.starts_with("HTTP/1.1 401") && !answer.contains("api_token"), "{answer}");
    let (_, agent) = server.call("GET", "/api/v1/agents/pc", OPERATOR, None);
    assert_eq!(agent["agent"]["status"], "uninstalled");
    let token = server.enroll("pc2");
    let rotate = || assert_eq!(server.call("POST", "/api/v1/agents/pc2/token", OPERATOR, None).0, 200);
    let answer = interrupted(&server, &token, "/api/v1/agents/uninstall", &json!({ "machine_id": "pc2" }), rotate);
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
}

#[test]
fn made_up_conflicts_and_methods_fill_nothing() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    server.enroll("pc");
    for number in 0..40 {
        assert_eq!(server.call("POST", ENROLL, OPERATOR, Some(json!({ "machine_id": "pc", "hostname": format!("h{number}") }))).0, 409);
        server.call(&format!("MADEUP{number}"), "/healthz", "", None);
    }
    let (_, fleet) = server.call("GET", "/api/v1/agents/fleet?conflicts=true", OPERATOR, None);
    assert_eq!(fleet["conflicts"].as_array().unwrap().len(), 16);
    let (_, history) = server.call("GET", "/api/v1/agents/pc/history", OPERATOR, None);
    assert_eq!(history["history"].as_array().unwrap().len(), 17);
    let metrics = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
    let text = metrics.get(format!("{}/metrics", server.url)).bearer_auth(OPERATOR).send().unwrap().text().unwrap();
    assert!(text.contains("method=\"other\"") && !text.contains("MADEUP"), "{text}");
}
