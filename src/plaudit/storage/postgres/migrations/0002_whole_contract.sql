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
-- Messages wait in the outbox; each has one delivery per endpoint, and every attempt is kept.
CREATE TABLE outbox (
    subject BYTEA NOT NULL,
    id BYTEA NOT NULL,
    position INTEGER NOT NULL,
    environment INTEGER NOT NULL,
    created BIGINT NOT NULL,
    payload BYTEA NOT NULL,
    PRIMARY KEY (subject, id)
);

CREATE INDEX outbox_by_age ON outbox (environment, created);

CREATE TABLE deliveries (
    subject BYTEA NOT NULL,
    position INTEGER NOT NULL,
    endpoint INTEGER NOT NULL,
    id BYTEA NOT NULL,
    message BYTEA NOT NULL,
    environment INTEGER NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C",
    type TEXT COLLATE "C" NOT NULL,
    lane INTEGER NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    attempts INTEGER NOT NULL,
    round INTEGER NOT NULL,
    created BIGINT NOT NULL,
    due BIGINT NOT NULL,
    finished BIGINT,
    lease_owner BYTEA,
    lease_until BIGINT NOT NULL,
    PRIMARY KEY (subject, position, endpoint)
);

CREATE INDEX deliveries_due ON deliveries (due) WHERE status = 'pending';

CREATE INDEX deliveries_pending ON deliveries (subject, endpoint, lane, position) WHERE status = 'pending';

CREATE INDEX deliveries_in_lanes ON deliveries (subject, lane, due) WHERE lane > 0;

CREATE INDEX deliveries_by_environment ON deliveries (environment, id);

CREATE TABLE delivery_attempts (
    subject BYTEA NOT NULL,
    delivery BYTEA NOT NULL,
    number INTEGER NOT NULL,
    at BIGINT NOT NULL,
    status INTEGER,
    milliseconds INTEGER NOT NULL,
    error TEXT COLLATE "C",
    head TEXT COLLATE "C",
    PRIMARY KEY (subject, delivery, number)
);

-- Leaderboards.

-- People: preferences, the audit log of admin actions, erasures and merges.
