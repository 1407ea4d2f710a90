//! A registry that an older program wrote: opened as it is, nothing lost, and still that program's own.

use std::path::PathBuf;

use lea::clock::Time;
use lea::store::Database;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::{OPERATOR, Sandbox, Server, root};

/// Every column that the older program knows, and one that somebody added.
const COLUMNS: &str = "id, machine_id, user_name, user_email, user_id, hostname, os_info, version, status, enrolled_at, last_seen_at, uninstalled_at, uninstall_reason, site";

fn copy(sandbox: &Sandbox) -> PathBuf {
    std::fs::create_dir_all(sandbox.path("data")).unwrap();
    let path = sandbox.path("data/lea.db");
    std::fs::copy(root().join("tests/fixtures/registry_by_older_program.db"), &path).unwrap();
    path
}

fn rows(path: &std::path::Path, sql: &str) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let count = statement.column_count();
    let rows =
        statement.query_map([], |row| (0..count).map(|column| row.get::<_, rusqlite::types::Value>(column)).collect::<Result<Vec<_>, _>>());
    rows.unwrap().map(|row| format!("{:?}", row.unwrap())).collect()
}

#[test]
fn it_keeps_every_row_column_and_table_and_a_copy_from_before() {
    let sandbox = Sandbox::new();
    let path = copy(&sandbox);
    let sql = format!("SELECT {COLUMNS} FROM enrolled_agents ORDER BY id");
    let before = rows(&path, &sql);
    drop(Database::open(&path, Time::from_micros(1)).unwrap());
    assert_eq!(rows(&path, &sql), before);
    assert_eq!(rows(&path, "SELECT name FROM workflows_vwb"), ["[Text(\"autre table\")]"]);
    let kept = sandbox.path("data/lea.db.before-0001");
    assert_eq!(rows(&kept, &sql), before);
    assert_eq!(rows(&kept, "SELECT count(*) FROM sqlite_master WHERE name LIKE 'lea_%'"), ["[Integer(0)]"]);
    // A second opening changes nothing and keeps no further copy.
    drop(Database::open(&path, Time::from_micros(2)).unwrap());
    assert_eq!(
        rows(&path, "SELECT number FROM lea_migrations"),
        ["[Integer(1)]", "[Integer(2)]", "[Integer(3)]", "[Integer(4)]", "[Integer(5)]", "[Integer(6)]"]
    );
    assert_eq!(
        std::fs::read_dir(sandbox.path("data"))
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().contains("before"))
            .count(),
        1
    );
}

#[test]
fn the_older_program_may_go_on_beside_the_server_and_is_noticed() {
    let sandbox = Sandbox::new();
    let path = copy(&sandbox);
    let server = Server::start(&sandbox, &[]);
    let (_, fleet) = server.call("GET", "/api/v1/agents/fleet", OPERATOR, None);
    let row = |fleet: &Value, id: &str| {
        let all = fleet["active"].as_array().unwrap().iter().chain(fleet["uninstalled"].as_array().unwrap());
        all.into_iter().find(|agent| agent["machine_id"] == id).cloned().unwrap()
    };
    assert_eq!(fleet["totals"], json!({ "active": 4, "uninstalled": 1 }));
    assert_eq!(row(&fleet, "PC-ACCUEIL-1")["user_name"], "Élodie Martin");
    assert_eq!(row(&fleet, "pc-2")["enrolled_at"], "2026-04-15T07:09:19.000000+00:00");
    assert_eq!((&row(&fleet, "../../x")["legacy"], row(&fleet, "Twin").get("legacy")), (&json!(true), None));

    // An id that is none today can only be uninstalled; of twins the newest is found.
    let uninstall = |id: &str| server.call("POST", "/api/v1/agents/uninstall", OPERATOR, Some(json!({ "machine_id": id })));
    assert_eq!(server.call("POST", "/api/v1/agents/enroll", OPERATOR, Some(json!({ "machine_id": "../../x" }))).0, 422);
    assert_eq!((uninstall("../../x").0, uninstall("../../y").0), (200, 422));
    assert_eq!(server.call("GET", "/api/v1/agents/twin", OPERATOR, None).1["agent"]["hostname"], "t2");

    // The older program's own statements, on its own connection, while the server runs.
    let other = Connection::open(&path).unwrap();
    other.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    let (_, enrolled) = server.call("POST", "/api/v1/agents/enroll", OPERATOR, Some(json!({ "machine_id": "new" })));
    let token = enrolled["api_token"].as_str().unwrap();
    let hostname: String =
        other.query_row("SELECT * FROM enrolled_agents WHERE machine_id = ?", ["PC-ACCUEIL-1"], |row| row.get("hostname")).unwrap();
    assert_eq!(hostname, "PC-ACC-1");
    other
        .execute(
            "INSERT INTO enrolled_agents (machine_id, user_name, status, enrolled_at, last_seen_at) VALUES (?, ?, 'active', ?, ?)",
            ["by-other", "Zoé", "2027-01-01T00:00:00.000001+00:00", "2027-01-01T00:00:00.000001+00:00"],
        )
        .unwrap();
    other
        .execute(
            "UPDATE enrolled_agents SET status = 'uninstalled', uninstalled_at = ?, uninstall_reason = ? WHERE machine_id = ?",
            ["2027-01-01T00:00:00+00:00", "by the older program", "new"],
        )
        .unwrap();
    // Noticed within moments; the loop ends by what it sees, or by the number of tries.
    let noticed = (0..2000).any(|_| server.call("GET", "/api/v1/agents/new", token, None).0 == 401);
    assert!(noticed, "a token outlived its machine");
    assert_eq!(server.call("GET", "/api/v1/agents/by-other", OPERATOR, None).1["agent"]["user_name"], "Zoé");
    other.execute("UPDATE enrolled_agents SET status = 'active' WHERE machine_id = 'new'", []).unwrap();
    drop(server);
    let server = Server::start(&sandbox, &[]);
    assert_eq!(server.call("GET", "/api/v1/agents/new", token, None).0, 401, "a token does not come back to life");
}

#[test]
fn a_database_of_a_newer_program_or_another_making_is_refused() {
    let sandbox = Sandbox::new();
    let path = copy(&sandbox);
    drop(Database::open(&path, Time::from_micros(1)).unwrap());
    let change = |sql: &str| Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    change("INSERT INTO lea_migrations VALUES (99, 'x', '9.9.9', 'now')");
    let newer = sandbox.run(["serve", "--listen", "127.0.0.1:0"]).expect(3);
    assert!(newer.err.contains("written by lea 9.9.9") && newer.err.contains("lea.db"), "{}", newer.err);
    assert!(sandbox.run(["serve", "--check"]).expect(3).err.contains("9.9.9"));
    change("DELETE FROM lea_migrations WHERE number = 99; UPDATE lea_migrations SET checksum = 'other'");
    assert!(sandbox.run(["serve", "--check"]).expect(7).err.contains("step 1"));
    std::fs::write(&path, "this is a letter, and no database, however long one looks at it").unwrap();
    let none = sandbox.run(["serve", "--check"]).expect(3);
    assert!(none.err.contains("is no SQLite database"), "{}", none.err);
}

#[test]
fn the_history_cannot_be_rewritten() {
    let sandbox = Sandbox::new();
    let path = copy(&sandbox);
    drop(Database::open(&path, Time::from_micros(1)).unwrap());
    let connection = Connection::open(&path).unwrap();
    for sql in ["DELETE FROM lea_agent_history", "UPDATE lea_agent_history SET actor = 'nobody'"] {
        assert!(connection.execute(sql, []).unwrap_err().to_string().contains("only appended to"));
    }
    let imported: i64 =
        connection.query_row("SELECT count(*) FROM lea_agent_history WHERE event = 'imported'", [], |row| row.get(0)).unwrap();
    assert_eq!(imported, 5);
}
