-- The whole contract: definitions kept as documents, points, streak care, webhooks, leaderboards, people.

CREATE TABLE documents (
    number INTEGER PRIMARY KEY,
    environment INTEGER NOT NULL REFERENCES environments (number),
    id BYTEA NOT NULL UNIQUE,
    kind TEXT COLLATE "C" NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    archived SMALLINT NOT NULL
);

CREATE INDEX documents_by_environment ON documents (environment);

-- Points.

-- Streak care.

-- Webhooks.

-- Leaderboards.

-- People: preferences, the audit log of admin actions, erasures and merges.
