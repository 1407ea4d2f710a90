-- Update releases: what may be offered, to whom, and the number of the last change.
CREATE TABLE lea_releases (
    canonical TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('code-only', 'full')),
    version TEXT NOT NULL,
    file TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    signature TEXT,
    rollout INTEGER NOT NULL CHECK (rollout BETWEEN 0 AND 100),
    min_version TEXT,
    notes TEXT,
    stage TEXT NOT NULL CHECK (stage IN ('published', 'paused', 'withdrawn')),
    published_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    PRIMARY KEY (canonical, type)
);
CREATE TABLE lea_release_revision (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    revision INTEGER NOT NULL
);
INSERT INTO lea_release_revision (only, revision) VALUES (1, 0);
