-- The audit of competences: where it ends, what is about to happen, and where its entries are.
CREATE TABLE lea_audit (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    head TEXT,
    intent TEXT
);
INSERT INTO lea_audit (one) VALUES (1);

CREATE TABLE lea_audit_entries (
    persist_id TEXT PRIMARY KEY,
    entry INTEGER NOT NULL,
    at_byte INTEGER NOT NULL,
    slug TEXT NOT NULL,
    path TEXT NOT NULL,
    request BLOB
) WITHOUT ROWID;
