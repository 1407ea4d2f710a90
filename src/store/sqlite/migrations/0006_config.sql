-- Which configuration is served, and since when: one row.
CREATE TABLE lea_config_served (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version TEXT NOT NULL,
    synced_at TEXT NOT NULL
);
