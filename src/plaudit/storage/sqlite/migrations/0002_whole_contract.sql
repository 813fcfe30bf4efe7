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
-- Messages wait in the outbox; each has one delivery per endpoint, and every attempt is kept.
CREATE TABLE outbox (
    subject BLOB NOT NULL,
    id BLOB NOT NULL,
    position INTEGER NOT NULL,
    environment INTEGER NOT NULL,
    created INTEGER NOT NULL,
    payload BLOB NOT NULL,
    PRIMARY KEY (subject, id)
) STRICT;

CREATE INDEX outbox_by_age ON outbox (environment, created);

CREATE TABLE deliveries (
    subject BLOB NOT NULL,
    position INTEGER NOT NULL,
    endpoint INTEGER NOT NULL,
    id BLOB NOT NULL,
    message BLOB NOT NULL,
    environment INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    user_id TEXT,
    type TEXT NOT NULL,
    lane INTEGER NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    round INTEGER NOT NULL,
    created INTEGER NOT NULL,
    due INTEGER NOT NULL,
    finished INTEGER,
    lease_owner BLOB,
    lease_until INTEGER NOT NULL,
    PRIMARY KEY (subject, position, endpoint)
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_due ON deliveries (due) WHERE status = 'pending';

CREATE INDEX deliveries_pending ON deliveries (subject, endpoint, lane, position) WHERE status = 'pending';

CREATE INDEX deliveries_in_lanes ON deliveries (subject, lane, due) WHERE lane > 0;

CREATE INDEX deliveries_by_environment ON deliveries (environment, id);

CREATE TABLE delivery_attempts (
    subject BLOB NOT NULL,
    delivery BLOB NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    status INTEGER,
    milliseconds INTEGER NOT NULL,
    error TEXT,
    head TEXT,
    PRIMARY KEY (subject, delivery, number)
) STRICT, WITHOUT ROWID;

-- Leaderboards.

-- People: preferences, the audit log of admin actions, erasures and merges.
