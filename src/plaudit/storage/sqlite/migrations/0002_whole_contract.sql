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

-- Points. A mark is the height of a measure up to which points were awarded; `boosts` numbers what applied.
CREATE TABLE points (
    subject BLOB NOT NULL,
    system INTEGER NOT NULL,
    total INTEGER NOT NULL,
    awards INTEGER NOT NULL,
    PRIMARY KEY (subject, system)
) STRICT, WITHOUT ROWID;

CREATE TABLE points_marks (
    subject BLOB NOT NULL,
    measure INTEGER NOT NULL,
    mark INTEGER NOT NULL,
    PRIMARY KEY (subject, measure)
) STRICT, WITHOUT ROWID;

CREATE TABLE points_awards (
    subject BLOB NOT NULL,
    system INTEGER NOT NULL,
    n INTEGER NOT NULL,
    id BLOB NOT NULL,
    trigger INTEGER NOT NULL,
    awarded INTEGER NOT NULL,
    total INTEGER NOT NULL,
    at INTEGER NOT NULL,
    day INTEGER NOT NULL,
    seq INTEGER,
    boosts TEXT,
    PRIMARY KEY (subject, system, n)
) STRICT, WITHOUT ROWID;

CREATE INDEX points_awards_by_event ON points_awards (subject, seq) WHERE seq IS NOT NULL;

CREATE TABLE points_days (
    subject BLOB NOT NULL,
    system INTEGER NOT NULL,
    day INTEGER NOT NULL,
    change INTEGER NOT NULL,
    PRIMARY KEY (subject, system, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE points_dues (
    subject BLOB NOT NULL,
    trigger INTEGER NOT NULL,
    due INTEGER NOT NULL,
    PRIMARY KEY (subject, trigger)
) STRICT, WITHOUT ROWID;

CREATE INDEX points_dues_by_instant ON points_dues (due);

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

-- Completions that an admin took back: what is met by the same old state is not awarded again.
CREATE TABLE revocations (
    subject BLOB NOT NULL,
    achievement INTEGER NOT NULL,
    completion BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (subject, achievement)
) STRICT, WITHOUT ROWID;

-- Users who became part of another one, so that a merge whose answer was lost may be asked for again.
CREATE TABLE merges (
    subject BLOB NOT NULL PRIMARY KEY,
    target BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Users of an environment and tenant by their id, for pages.
CREATE INDEX users_by_id ON users (environment, tenant, user_id);

-- What admins did, never changed: each row is chained to the one before by its hash.
CREATE TABLE admin_actions (
    environment INTEGER NOT NULL REFERENCES environments (number),
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (environment, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX admin_actions_by_target ON admin_actions (environment, target, number);
