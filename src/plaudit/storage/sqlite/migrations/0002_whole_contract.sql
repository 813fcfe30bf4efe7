-- The whole contract: definitions kept as documents, points, streak care, webhooks, leaderboards, people.

CREATE TABLE documents (
    number INTEGER PRIMARY KEY,
    environment INTEGER NOT NULL REFERENCES environments (number),
    id BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    document TEXT NOT NULL,
    archived INTEGER NOT NULL,
    tenant TEXT NOT NULL
) STRICT;

CREATE INDEX documents_by_environment ON documents (environment);

-- The tenant a definition belongs to, by its seal; '' for what all share. Each may use the same keys.
ALTER TABLE metrics ADD COLUMN tenant TEXT NOT NULL DEFAULT '';
ALTER TABLE attributes ADD COLUMN tenant TEXT NOT NULL DEFAULT '';
ALTER TABLE achievements ADD COLUMN tenant TEXT NOT NULL DEFAULT '';

DROP INDEX metrics_by_key;
CREATE UNIQUE INDEX metrics_by_key ON metrics (environment, tenant, key) WHERE archived = 0;
DROP INDEX attributes_by_key;
CREATE UNIQUE INDEX attributes_by_key ON attributes (environment, tenant, type, key) WHERE archived = 0;

-- Every number that an event moves, in one table, since a changed page costs more than what is written on it: a
-- user's newest day and what holds over all days (day 4000000, after any other) lie side by side. `kind` says what
-- a row is, and each kind has a view, by which it is read: 1 events counted, 2 a measure's total, 3 a system's
-- points, 4 a measure's mark (the height up to which points were awarded), 5 a score on a board, 6 a measure's
-- change and 7 a system's change on a day. Statements write the table itself.
CREATE TABLE tallies (
    subject BLOB NOT NULL,
    day INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    number INTEGER NOT NULL,
    run INTEGER NOT NULL,
    value INTEGER NOT NULL,
    at INTEGER,
    awards INTEGER,
    ranking INTEGER,
    newest INTEGER,
    rank INTEGER,
    PRIMARY KEY (subject, day, kind, number, run)
) STRICT, WITHOUT ROWID;

INSERT INTO tallies (subject, day, kind, number, run, value, at)
SELECT subject, 4000000, 1, 0, 0, seq, NULL FROM users
UNION ALL
SELECT subject, 4000000, 2, measure, 0, total, last_at FROM totals
UNION ALL
SELECT subject, day, 6, measure, 0, change, last_at FROM rollups;

ALTER TABLE users DROP COLUMN seq;
DROP TABLE totals;
DROP TABLE rollups;

CREATE VIEW sequences (subject, seq) AS
SELECT subject, value FROM tallies WHERE day = 4000000 AND kind = 1;

CREATE VIEW totals (subject, measure, total, last_at) AS
SELECT subject, number, value, at FROM tallies WHERE day = 4000000 AND kind = 2;

CREATE VIEW points (subject, system, total, awards) AS
SELECT subject, number, value, awards FROM tallies WHERE day = 4000000 AND kind = 3;

CREATE VIEW points_marks (subject, measure, mark) AS
SELECT subject, number, value FROM tallies WHERE day = 4000000 AND kind = 4;

CREATE VIEW scores (subject, board, run, ranking, score, reached_at, day, rank) AS
SELECT subject, number, run, ranking, value, at, newest, rank FROM tallies WHERE day = 4000000 AND kind = 5;

CREATE VIEW rollups (subject, measure, day, change, last_at) AS
SELECT subject, number, day, value, at FROM tallies WHERE kind = 6;

CREATE VIEW points_days (subject, system, day, change) AS
SELECT subject, number, day, value FROM tallies WHERE kind = 7;

-- By which a process reads a ranking into its memory.
CREATE INDEX scores_by_ranking ON tallies (ranking, subject) WHERE ranking IS NOT NULL;

-- Awards of points; `boosts` numbers what applied.
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

CREATE TABLE points_dues (
    subject BLOB NOT NULL,
    trigger INTEGER NOT NULL,
    due INTEGER NOT NULL,
    PRIMARY KEY (subject, trigger)
) STRICT, WITHOUT ROWID;

CREATE INDEX points_dues_by_instant ON points_dues (due);

-- Streak care. `lost` tells that a streak's loss was noticed; `bridged` counts the frozen or paused periods at its
-- end. Freezes are numbers of the user's row, which every decision reads anyway.
DROP TABLE streak_freezes;

ALTER TABLE users ADD COLUMN freezes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN freezes_granted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN freezes_at INTEGER;
ALTER TABLE users ADD COLUMN paused_until INTEGER;
ALTER TABLE users ADD COLUMN preferences TEXT;
ALTER TABLE users ADD COLUMN letter_at INTEGER;
ALTER TABLE streaks ADD COLUMN lost INTEGER NOT NULL DEFAULT 0;
ALTER TABLE streaks ADD COLUMN bridged INTEGER NOT NULL DEFAULT 0;
ALTER TABLE streak_periods ADD COLUMN reset_at INTEGER;
ALTER TABLE streak_periods ADD COLUMN restored INTEGER;

CREATE INDEX streaks_by_expiry ON streaks (expires_at) WHERE lost = 0;

CREATE INDEX users_by_freezes ON users (freezes_at) WHERE freezes_at IS NOT NULL;

CREATE INDEX users_by_letter ON users (environment, letter_at) WHERE letter_at IS NOT NULL;

CREATE INDEX streak_pauses_by_id ON streak_pauses (id);

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
) STRICT, WITHOUT ROWID;

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

CREATE TABLE rank_days (
    subject BLOB NOT NULL,
    board INTEGER NOT NULL,
    run INTEGER NOT NULL,
    day INTEGER NOT NULL,
    rank INTEGER,
    score INTEGER NOT NULL,
    PRIMARY KEY (subject, board, run, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE rankings (
    ranking INTEGER PRIMARY KEY,
    environment INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    board INTEGER NOT NULL,
    run INTEGER NOT NULL,
    groups TEXT NOT NULL
) STRICT;

CREATE INDEX rankings_by_board ON rankings (board, run, tenant);

-- Runs that have been told to have started, and finished.
CREATE TABLE board_runs (
    board INTEGER NOT NULL,
    run INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    started INTEGER NOT NULL,
    finished INTEGER,
    PRIMARY KEY (board, run, tenant)
) STRICT, WITHOUT ROWID;

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

-- Users of an environment and tenant by their id, for pages; with name and e-mail address, for the search.
CREATE INDEX users_by_id ON users (environment, tenant, user_id, name, email);

-- What admins did, never changed: each row is chained to the one before by its hash. Environment 0 is the server.
CREATE TABLE admin_actions (
    environment INTEGER NOT NULL,
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

-- The dashboard: members, sessions, one-time links, and the log of requests.

-- People with access to the dashboard.
CREATE TABLE members (
    id BLOB PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password TEXT,
    created INTEGER NOT NULL,
    seen INTEGER
) STRICT, WITHOUT ROWID;

-- Logins, by the digest of the id in the cookie.
CREATE TABLE sessions (
    digest BLOB PRIMARY KEY,
    member BLOB NOT NULL REFERENCES members (id),
    created INTEGER NOT NULL,
    seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_member ON sessions (member);

-- One-time links, by the digest of their token: invitations of a member, or (null) the set-up.
CREATE TABLE member_links (
    digest BLOB PRIMARY KEY,
    member BLOB REFERENCES members (id),
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX member_links_by_member ON member_links (member);

-- Attempts to log in, by e-mail address and by network address: when the last one will be forgotten.
CREATE TABLE login_attempts (
    source BLOB PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Requests and their outcomes, kept for a while; whoever asked is named by the prefix of the key.
CREATE TABLE requests (
    id BLOB PRIMARY KEY,
    environment INTEGER NOT NULL,
    at INTEGER NOT NULL,
    status INTEGER NOT NULL,
    method TEXT NOT NULL,
    key TEXT,
    user_id TEXT,
    metric TEXT,
    micros INTEGER NOT NULL,
    code TEXT,
    path TEXT NOT NULL,
    query TEXT NOT NULL,
    sentence TEXT,
    body TEXT,
    tenant TEXT NOT NULL,
    idempotency_key TEXT
) STRICT;

CREATE INDEX requests_by_environment ON requests (environment, tenant, at);

CREATE INDEX requests_by_user ON requests (user_id, id) WHERE user_id IS NOT NULL;

CREATE INDEX requests_failed ON requests (id) WHERE status >= 400;

-- How many requests of an hour were not kept, since there were too many.
CREATE TABLE requests_left_out (
    hour INTEGER PRIMARY KEY,
    number INTEGER NOT NULL
) STRICT;

ALTER TABLE api_keys ADD COLUMN name TEXT NOT NULL DEFAULT '';
