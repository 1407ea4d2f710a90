-- Replays: a plan that never changes, and what happened to it, line after line.
CREATE TABLE lea_replays (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    lane TEXT NOT NULL,
    machine TEXT NOT NULL COLLATE NOCASE,
    session TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('workflow', 'raw', 'single')),
    name TEXT NOT NULL,
    actions TEXT NOT NULL,
    params TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at TEXT NOT NULL,
    finished_at TEXT,
    request_key BLOB UNIQUE,
    request_body BLOB,
    request_answer TEXT,
    callback TEXT
);
CREATE INDEX lea_replays_live ON lea_replays(row) WHERE finished_at IS NULL;
CREATE INDEX lea_replays_finished ON lea_replays(finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX lea_replays_lane ON lea_replays(lane, row);
CREATE INDEX lea_replays_status ON lea_replays(status, row);

CREATE TABLE lea_replay_moments (
    replay INTEGER NOT NULL REFERENCES lea_replays(row) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (replay, number)
) WITHOUT ROWID;

-- What must still be told to somebody.
CREATE TABLE lea_notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    made_at TEXT NOT NULL,
    due_at TEXT NOT NULL
);
CREATE INDEX lea_notices_due ON lea_notices(due_at);
