-- The whole contract: definitions kept as documents, points, streak care, webhooks, leaderboards, people.

CREATE TABLE documents (
    number INTEGER PRIMARY KEY,
    environment INTEGER NOT NULL REFERENCES environments (number),
    id BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    document TEXT NOT NULL,
    archived INTEGER NOT NULL
) STRICT;

CREATE INDEX documents_by_environment ON documents (environment);

-- Points.

-- Streak care.

-- Webhooks.

-- Leaderboards.

-- People: preferences, the audit log of admin actions, erasures and merges.
