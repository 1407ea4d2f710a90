//! Competences over HTTP: who may, how often, and what is answered.

use serde_json::{Value, json};

use crate::cli_competence::request;
use crate::support::{OPERATOR, Sandbox, Server};

const BASE: &str = "/api/v1/lea/competences";
const PERSIST: &str = "/api/v1/lea/competences/candidate/persist";

fn ask(server: &Server, token: &str, body: Value) -> (u16, Value) {
    server.call("POST", PERSIST, token, Some(body))
}

#[test]
fn a_machine_persists_for_itself_and_an_operator_reads_it() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let token = server.enroll("PC-1");
    let (status, made) = ask(&server, &token, request("Ouvrir Excel", "p-1"));
    assert_eq!((status, &made["slug"], &made["audit_entry_id"]), (201, &json!("ouvrir_excel"), &json!(1)), "{made}");
    assert!(sandbox.path("data").join(made["path"].as_str().unwrap()).is_file());
    assert_eq!(ask(&server, &token, request("Ouvrir Excel", "p-1")).0, 200);
    let (status, reused) = ask(&server, &token, request("Autre", "p-1"));
    assert_eq!((status, &reused["code"]), (409, &json!("persist_id_reused")));
    let (status, held) = ask(&server, &token, request("Ouvrir Excel", "p-2"));
    assert_eq!((status, &held["code"], &held["state"]), (409, &json!("slug_taken"), &json!("candidate")));
    let mut other = request("Une saisie", "p-3");
    other["machine_id"] = json!("PC-2");
    assert_eq!(ask(&server, &token, other.clone()).1["code"], "other_machine");
    other.as_object_mut().unwrap().remove("machine_id");
    assert_eq!(ask(&server, &token, other).0, 201);
    let (_, shown) = server.call("GET", &format!("{BASE}/une_saisie"), OPERATOR, None);
    assert_eq!(shown["document"]["chain_refs"]["machine_id"], "PC-1", "a machine's token says its name");
    let mut personal = request("Saisie", "p-4");
    personal["parameters"][0]["description"] = json!("tél. 06 12 34 56 78");
    let (status, found) = ask(&server, &token, personal);
    assert_eq!((status, &found["code"]), (400, &json!("pii_detected")));
    assert_eq!(found["findings"], json!([{ "kind": "phone", "path": "/parameters/0/description" }]));
    assert!(!found.to_string().contains("06 12"));
    let (status, wrong) = ask(&server, &token, json!({ "workflow_ir": [] }));
    assert_eq!(status, 422);
    assert_eq!((&wrong["detail"][0]["loc"], &wrong["detail"][1]["loc"]), (&json!(["body", "name"]), &json!(["body", "workflow_ir"])));
    assert_eq!(ask(&server, &token, request("é", "p-5")).1["code"], "invalid_slug");
    let mut nowhere = request("Nulle part", "p-6");
    nowhere["session_id"] = json!("../x");
    assert_eq!(ask(&server, &token, nowhere.clone()).1["detail"][0]["loc"], json!(["body", "session_id"]));
    (nowhere["session_id"], nowhere["machine_id"]) = (json!(""), json!(""));
    assert_eq!(ask(&server, OPERATOR, nowhere).0, 201);
    let (_, shown) = server.call("GET", &format!("{BASE}/nulle_part"), OPERATOR, None);
    assert!(shown["document"].get("chain_refs").is_none(), "an empty text is none: {shown}");

    let (_, list) = server.call("GET", BASE, &token, None);
    assert_eq!(list["competences"].as_array().unwrap().len(), 3);
    assert_eq!(server.call("GET", &format!("{BASE}?state=stable"), OPERATOR, None).1["competences"], json!([]));
    assert_eq!(server.call("GET", &format!("{BASE}?state=x"), OPERATOR, None).0, 422);
    assert_eq!(server.call("GET", &format!("{BASE}/nobody"), OPERATOR, None).0, 404);
    for path in ["audit", "audit/verify", "audit/find?id=p-1"] {
        assert_eq!(server.call("GET", &format!("{BASE}/{path}"), &token, None).1["code"], "operator_required");
    }
    let (_, audit) = server.call("GET", &format!("{BASE}/audit?limit=1&machine_id=pc-1"), OPERATOR, None);
    assert_eq!((audit["entries"].as_array().unwrap().len(), &audit["next_after"]), (1, &json!(1)));
    let (_, rest) = server.call("GET", &format!("{BASE}/audit?after=1"), OPERATOR, None);
    assert_eq!((&rest["entries"][0]["slug"], &rest["next_after"]), (&json!("une_saisie"), &Value::Null));
    assert_eq!(server.call("GET", &format!("{BASE}/audit/find?id=p-3"), OPERATOR, None).1["slug"], "une_saisie");
    let (_, verdict) = server.call("GET", &format!("{BASE}/audit/verify"), OPERATOR, None);
    assert_eq!((&verdict["ok"], &verdict["chained"]), (&json!(true), &json!(3)));
    let go = json!({ "to": "supervised", "by": "Zoé", "reason": "relue" });
    assert_eq!(server.call("POST", &format!("{BASE}/une_saisie/promote"), &token, Some(go.clone())).0, 403);
    let (status, unmet) = server.call("POST", &format!("{BASE}/une_saisie/promote"), OPERATOR, Some(go));
    assert_eq!((status, &unmet["code"]), (409, &json!("requirements_not_met")));
    assert_eq!(server.call("GET", BASE, "", None).0, 401);
}

#[test]
fn a_machine_may_persist_so_often_and_repeating_counts_for_nothing() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let token = server.enroll("PC-1");
    for number in 0..10 {
        assert_eq!(ask(&server, &token, request(&format!("Saisie {number}"), &format!("p-{number}"))).0, 201);
        assert_eq!(ask(&server, &token, request(&format!("Saisie {number}"), &format!("p-{number}"))).0, 200);
    }
    let (status, refused) = ask(&server, &token, request("Saisie 10", "p-10"));
    assert_eq!((status, &refused["code"]), (429, &json!("too_many_persists")));
    assert!((1..=60).contains(&refused["retry_after"].as_u64().unwrap()));
    assert_eq!(ask(&server, &token, request("Saisie 3", "p-3")).0, 200);
    // By an operator's token the machine that is named counts.
    assert_eq!(ask(&server, OPERATOR, request("Saisie 11", "p-11")).0, 429);
    let mut nobodys = request("Saisie 12", "p-12");
    nobodys.as_object_mut().unwrap().remove("machine_id");
    assert_eq!(ask(&server, OPERATOR, nobodys).0, 201);
}
