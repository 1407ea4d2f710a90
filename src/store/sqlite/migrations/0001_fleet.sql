-- The registry's own table, as older programs make it; then what is added beside it.
CREATE TABLE IF NOT EXISTS enrolled_agents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    machine_id TEXT NOT NULL UNIQUE,
    user_name TEXT,
    user_email TEXT,
    user_id TEXT,
    hostname TEXT,
    os_info TEXT,
    version TEXT,
    status TEXT NOT NULL DEFAULT 'active',
    enrolled_at TEXT NOT NULL,
    last_seen_at TEXT,
    uninstalled_at TEXT,
    uninstall_reason TEXT
);
CREATE INDEX IF NOT EXISTS idx_enrolled_agents_status ON enrolled_agents(status);
-- Ids that differ only in case are one machine; not unique, because older rows may.
CREATE INDEX lea_enrolled_agents_folded ON enrolled_agents(machine_id COLLATE NOCASE);

CREATE TABLE lea_agent_tokens (
    agent_id INTEGER PRIMARY KEY REFERENCES enrolled_agents(id) ON DELETE CASCADE,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32)
);
-- Whoever uninstalls a machine, be it another program: its token is dead.
CREATE TRIGGER lea_uninstalled_token AFTER UPDATE OF status ON enrolled_agents WHEN NEW.status <> 'active'
BEGIN
    DELETE FROM lea_agent_tokens WHERE agent_id = NEW.id;
END;

CREATE TABLE lea_agent_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    agent_id INTEGER NOT NULL,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    actor TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX lea_agent_history_agent ON lea_agent_history(agent_id);
CREATE TRIGGER lea_agent_history_kept BEFORE DELETE ON lea_agent_history
BEGIN
    SELECT RAISE(ABORT, 'the history is only appended to');
END;
CREATE TRIGGER lea_agent_history_fixed BEFORE UPDATE ON lea_agent_history
BEGIN
    SELECT RAISE(ABORT, 'the history is only appended to');
END;
INSERT INTO lea_agent_history (agent_id, at, event, actor, detail)
SELECT id, strftime('%Y-%m-%dT%H:%M:%f000+00:00', 'now'), 'imported', 'local',
    json_object('user_name', user_name, 'user_email', user_email, 'user_id', user_id, 'hostname', hostname, 'os_info', os_info,
        'version', version, 'status', status, 'enrolled_at', enrolled_at, 'uninstalled_at', uninstalled_at, 'uninstall_reason', uninstall_reason)
FROM enrolled_agents ORDER BY id;

CREATE TABLE lea_agent_conflicts (
    id INTEGER PRIMARY KEY,
    agent_id INTEGER NOT NULL,
    at TEXT NOT NULL,
    fields TEXT NOT NULL,
    offered TEXT NOT NULL,
    refused INTEGER NOT NULL,
    settled_at TEXT
);
CREATE INDEX lea_agent_conflicts_open ON lea_agent_conflicts(agent_id) WHERE settled_at IS NULL;

CREATE TABLE lea_enrollment_keys (
    id TEXT PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    max_uses INTEGER,
    uses INTEGER NOT NULL DEFAULT 0,
    last_used_at TEXT,
    revoked_at TEXT
);

CREATE TABLE lea_enroll_requests (
    scope TEXT NOT NULL,
    key BLOB NOT NULL,
    body BLOB NOT NULL,
    agent_id INTEGER NOT NULL,
    enrolled_at TEXT NOT NULL,
    status TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (scope, key)
) WITHOUT ROWID;
CREATE INDEX lea_enroll_requests_at ON lea_enroll_requests(at);
