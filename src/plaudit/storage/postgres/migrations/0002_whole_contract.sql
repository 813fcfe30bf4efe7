-- The whole contract: definitions kept as documents, points, streak care, webhooks, leaderboards, people.

CREATE TABLE documents (
    number INTEGER PRIMARY KEY,
    environment INTEGER NOT NULL REFERENCES environments (number),
    id BYTEA NOT NULL UNIQUE,
    kind TEXT COLLATE "C" NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    archived SMALLINT NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL
);

CREATE INDEX documents_by_environment ON documents (environment);

-- The tenant a definition belongs to, by its seal; '' for what all share. Each may use the same keys.
ALTER TABLE metrics ADD COLUMN tenant TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE attributes ADD COLUMN tenant TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE achievements ADD COLUMN tenant TEXT COLLATE "C" NOT NULL DEFAULT '';

DROP INDEX metrics_by_key;
CREATE UNIQUE INDEX metrics_by_key ON metrics (environment, tenant, key) WHERE archived = 0;
DROP INDEX attributes_by_key;
CREATE UNIQUE INDEX attributes_by_key ON attributes (environment, tenant, type, key) WHERE archived = 0;

-- Points. A mark is the height of a measure up to which points were awarded; `boosts` numbers what applied.
CREATE TABLE points (
    subject BYTEA NOT NULL,
    system INTEGER NOT NULL,
    total BIGINT NOT NULL,
    awards INTEGER NOT NULL,
    PRIMARY KEY (subject, system)
) WITH (fillfactor = 70);

CREATE TABLE points_marks (
    subject BYTEA NOT NULL,
    measure INTEGER NOT NULL,
    mark BIGINT NOT NULL,
    PRIMARY KEY (subject, measure)
) WITH (fillfactor = 70);

CREATE TABLE points_awards (
    subject BYTEA NOT NULL,
    system INTEGER NOT NULL,
    n INTEGER NOT NULL,
    id BYTEA NOT NULL,
    trigger INTEGER NOT NULL,
    awarded BIGINT NOT NULL,
    total BIGINT NOT NULL,
    at BIGINT NOT NULL,
    day INTEGER NOT NULL,
    seq INTEGER,
    boosts TEXT COLLATE "C",
    PRIMARY KEY (subject, system, n)
);

CREATE INDEX points_awards_by_event ON points_awards (subject, seq) WHERE seq IS NOT NULL;

CREATE TABLE points_days (
    subject BYTEA NOT NULL,
    system INTEGER NOT NULL,
    day INTEGER NOT NULL,
    change BIGINT NOT NULL,
    PRIMARY KEY (subject, system, day)
) WITH (fillfactor = 90);

CREATE TABLE points_dues (
    subject BYTEA NOT NULL,
    trigger INTEGER NOT NULL,
    due BIGINT NOT NULL,
    PRIMARY KEY (subject, trigger)
);

CREATE INDEX points_dues_by_instant ON points_dues (due);

-- Streak care. `lost` tells that a streak's loss was noticed; `bridged` counts the frozen or paused periods at its
-- end. Freezes are numbers of the user's row, which every decision reads anyway.
DROP TABLE streak_freezes;

ALTER TABLE users ADD COLUMN freezes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN freezes_granted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN freezes_at BIGINT;
ALTER TABLE users ADD COLUMN paused_until INTEGER;
ALTER TABLE users ADD COLUMN preferences TEXT COLLATE "C";
ALTER TABLE users ADD COLUMN letter_at BIGINT;
ALTER TABLE streaks ADD COLUMN lost SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE streaks ADD COLUMN bridged INTEGER NOT NULL DEFAULT 0;
ALTER TABLE streak_periods ADD COLUMN reset_at BIGINT;
ALTER TABLE streak_periods ADD COLUMN restored INTEGER;

CREATE INDEX streaks_by_expiry ON streaks (expires_at, subject) WHERE lost = 0;

CREATE INDEX users_by_freezes ON users (freezes_at) WHERE freezes_at IS NOT NULL;

CREATE INDEX users_by_letter ON users (environment, letter_at) WHERE letter_at IS NOT NULL;

CREATE INDEX streak_pauses_by_id ON streak_pauses (id);

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

CREATE TABLE scores (
    subject BYTEA NOT NULL,
    board INTEGER NOT NULL,
    run INTEGER NOT NULL,
    ranking BIGINT,
    score BIGINT NOT NULL,
    reached_at BIGINT NOT NULL,
    day INTEGER,
    rank INTEGER,
    PRIMARY KEY (subject, board, run)
) WITH (fillfactor = 70);

-- By which a process reads a ranking into its memory.
CREATE INDEX scores_by_ranking ON scores (ranking, subject) WHERE ranking IS NOT NULL;

CREATE TABLE rank_days (
    subject BYTEA NOT NULL,
    board INTEGER NOT NULL,
    run INTEGER NOT NULL,
    day INTEGER NOT NULL,
    rank INTEGER,
    score BIGINT NOT NULL,
    PRIMARY KEY (subject, board, run, day)
);

CREATE TABLE rankings (
    ranking BIGINT PRIMARY KEY,
    environment INTEGER NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    board INTEGER NOT NULL,
    run INTEGER NOT NULL,
    groups TEXT COLLATE "C" NOT NULL
);

CREATE INDEX rankings_by_board ON rankings (board, run, tenant);

-- What each transaction moved in rankings, by its number: processes follow it in their memory, then it is cleared.
CREATE TABLE rank_moves (
    xid XID8 PRIMARY KEY DEFAULT pg_current_xact_id(),
    moves BYTEA NOT NULL
);

-- Transactions with smaller numbers have been cleared from the log. One row.
CREATE TABLE rank_moves_cleared (
    before BIGINT NOT NULL
);

INSERT INTO rank_moves_cleared VALUES (0);

-- Runs that have been told to have started, and finished.
CREATE TABLE board_runs (
    board INTEGER NOT NULL,
    run INTEGER NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    started BIGINT NOT NULL,
    finished BIGINT,
    PRIMARY KEY (board, run, tenant)
);

-- People: preferences, the audit log of admin actions, erasures and merges.

-- Completions that an admin took back: what is met by the same old state is not awarded again.
CREATE TABLE revocations (
    subject BYTEA NOT NULL,
    achievement INTEGER NOT NULL,
    completion BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (subject, achievement)
);

-- Users who became part of another one, so that a merge whose answer was lost may be asked for again.
CREATE TABLE merges (
    subject BYTEA NOT NULL PRIMARY KEY,
    target BYTEA NOT NULL,
    at BIGINT NOT NULL
);

-- Users of an environment and tenant by their id, for pages; with name and e-mail address, for the search.
CREATE INDEX users_by_id ON users (environment, tenant, user_id) INCLUDE (name, email);

-- What admins did, never changed: each row is chained to the one before by its hash. Environment 0 is the server.
CREATE TABLE admin_actions (
    environment INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (environment, number)
);

CREATE INDEX admin_actions_by_target ON admin_actions (environment, target, number);

-- The dashboard: members, sessions, one-time links, and the log of requests.

-- People with access to the dashboard.
CREATE TABLE members (
    id BYTEA PRIMARY KEY,
    email TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    password TEXT COLLATE "C",
    created BIGINT NOT NULL,
    seen BIGINT
);

-- Logins, by the digest of the id in the cookie.
CREATE TABLE sessions (
    digest BYTEA PRIMARY KEY,
    member BYTEA NOT NULL REFERENCES members (id),
    created BIGINT NOT NULL,
    seen BIGINT NOT NULL
);

CREATE INDEX sessions_by_member ON sessions (member);

-- One-time links, by the digest of their token: invitations of a member, or (null) the set-up.
CREATE TABLE member_links (
    digest BYTEA PRIMARY KEY,
    member BYTEA REFERENCES members (id),
    until BIGINT NOT NULL
);

CREATE INDEX member_links_by_member ON member_links (member);

-- Attempts to log in, by e-mail address and by network address: when the last one will be forgotten.
CREATE TABLE login_attempts (
    source BYTEA PRIMARY KEY,
    until BIGINT NOT NULL
);

-- Requests and their outcomes, kept for a while; whoever asked is named by the prefix of the key.
CREATE TABLE requests (
    id BYTEA PRIMARY KEY,
    environment BIGINT NOT NULL,
    at BIGINT NOT NULL,
    status BIGINT NOT NULL,
    method TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C",
    user_id TEXT COLLATE "C",
    metric TEXT COLLATE "C",
    micros BIGINT NOT NULL,
    code TEXT COLLATE "C",
    path TEXT COLLATE "C" NOT NULL,
    query TEXT COLLATE "C" NOT NULL,
    sentence TEXT COLLATE "C",
    body TEXT COLLATE "C",
    tenant TEXT COLLATE "C" NOT NULL,
    idempotency_key TEXT COLLATE "C"
);

CREATE INDEX requests_by_environment ON requests (environment, tenant, at);

CREATE INDEX requests_by_user ON requests (user_id, id) WHERE user_id IS NOT NULL;

CREATE INDEX requests_failed ON requests (id) WHERE status >= 400;

-- How many requests of an hour were not kept, since there were too many.
CREATE TABLE requests_left_out (
    hour BIGINT PRIMARY KEY,
    number BIGINT NOT NULL
);

ALTER TABLE api_keys ADD COLUMN name TEXT COLLATE "C" NOT NULL DEFAULT '';
