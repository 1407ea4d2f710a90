-- Recordings: whose each is, how much of its journal is counted, what became of it. The events themselves are in its folder.
CREATE TABLE lea_sessions (
    key TEXT PRIMARY KEY,
    id TEXT NOT NULL,
    machine TEXT,
    created_at TEXT NOT NULL,
    last_activity TEXT NOT NULL,
    finalized_at TEXT,
    events INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    shots INTEGER NOT NULL DEFAULT 0,
    full_shots INTEGER NOT NULL DEFAULT 0,
    last_full TEXT,
    window TEXT,
    stage TEXT NOT NULL DEFAULT 'none',
    problems TEXT NOT NULL DEFAULT '[]',
    stage_at TEXT
) WITHOUT ROWID;

-- Events that carried an id, so that one that is sent again is known.
CREATE TABLE lea_event_ids (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    session TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX lea_event_ids_session ON lea_event_ids(session);
