CREATE TABLE migrations (
    number INTEGER PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    applied BIGINT NOT NULL
);

CREATE TABLE generation (
    one SMALLINT PRIMARY KEY CHECK (one = 1),
    number BIGINT NOT NULL
);

CREATE TABLE environments (
    number INTEGER PRIMARY KEY,
    id BYTEA NOT NULL UNIQUE,
    key TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    priority INTEGER NOT NULL,
    version INTEGER NOT NULL,
    settings TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE metrics (
    number INTEGER PRIMARY KEY,
    environment INTEGER NOT NULL REFERENCES environments (number),
    id BYTEA NOT NULL UNIQUE,
    key TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    unit_type TEXT COLLATE "C" NOT NULL,
    units TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    archived SMALLINT NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL DEFAULT ''
);

CREATE UNIQUE INDEX metrics_by_key ON metrics (environment, tenant, key) WHERE archived = 0;

CREATE TABLE attributes (
    id BYTEA PRIMARY KEY,
    environment INTEGER NOT NULL REFERENCES environments (number),
    key TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    archived SMALLINT NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL DEFAULT ''
);

CREATE UNIQUE INDEX attributes_by_key ON attributes (environment, tenant, type, key) WHERE archived = 0;

CREATE TABLE measures (
    number INTEGER PRIMARY KEY,
    environment INTEGER NOT NULL REFERENCES environments (number),
    metric INTEGER NOT NULL REFERENCES metrics (number),
    filters TEXT COLLATE "C" NOT NULL,
    since INTEGER NOT NULL,
    UNIQUE (environment, metric, filters)
);

CREATE TABLE achievements (
    number INTEGER PRIMARY KEY,
    environment INTEGER NOT NULL REFERENCES environments (number),
    id BYTEA NOT NULL UNIQUE,
    definition TEXT COLLATE "C" NOT NULL,
    archived SMALLINT NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL DEFAULT ''
);

CREATE INDEX achievements_by_environment ON achievements (environment);

CREATE TABLE api_keys (
    id BYTEA PRIMARY KEY,
    environment INTEGER NOT NULL REFERENCES environments (number),
    kind TEXT COLLATE "C" NOT NULL,
    prefix TEXT COLLATE "C" NOT NULL UNIQUE,
    digest BYTEA NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C",
    created BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL DEFAULT ''
);

CREATE TABLE badges (
    hash TEXT COLLATE "C" PRIMARY KEY,
    mime TEXT COLLATE "C" NOT NULL,
    data BYTEA NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE backdates (
    id BYTEA PRIMARY KEY,
    environment INTEGER NOT NULL REFERENCES environments (number),
    version INTEGER NOT NULL,
    cursor BYTEA NOT NULL,
    done INTEGER NOT NULL,
    total INTEGER NOT NULL,
    completions INTEGER NOT NULL,
    created BIGINT NOT NULL,
    finished BIGINT,
    lease_owner BYTEA,
    lease_until BIGINT
);

CREATE TABLE counters (
    environment INTEGER NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    achievement INTEGER NOT NULL,
    slot SMALLINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (environment, tenant, achievement, slot)
) WITH (fillfactor = 50);

CREATE TABLE users (
    subject BYTEA NOT NULL PRIMARY KEY,
    environment INTEGER NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C",
    name TEXT COLLATE "C",
    tz TEXT COLLATE "C",
    sign_up_date INTEGER,
    device_tokens TEXT COLLATE "C" NOT NULL,
    subscribe_to_emails SMALLINT NOT NULL,
    attributes TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    seq INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    anniversary_at BIGINT,
    control SMALLINT NOT NULL,
    freezes INTEGER NOT NULL DEFAULT 0,
    freezes_granted INTEGER NOT NULL DEFAULT 0,
    freezes_at BIGINT,
    paused_until INTEGER,
    preferences TEXT COLLATE "C",
    letter_at BIGINT,
    tally TEXT COLLATE "C" NOT NULL DEFAULT '{}'
) WITH (fillfactor = 50);

CREATE INDEX users_by_anniversary ON users (anniversary_at) WHERE anniversary_at IS NOT NULL;

CREATE INDEX users_by_freezes ON users (freezes_at) WHERE freezes_at IS NOT NULL;

CREATE INDEX users_by_letter ON users (environment, letter_at) WHERE letter_at IS NOT NULL;

CREATE TABLE rollups (
    subject BYTEA NOT NULL,
    measure INTEGER NOT NULL,
    day INTEGER NOT NULL,
    change BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (subject, measure, day)
) WITH (fillfactor = 90);

CREATE TABLE streaks (
    subject BYTEA NOT NULL,
    frequency TEXT COLLATE "C" NOT NULL,
    days INTEGER NOT NULL,
    length INTEGER NOT NULL,
    longest INTEGER NOT NULL,
    started INTEGER NOT NULL,
    started_at BIGINT NOT NULL,
    last_period INTEGER NOT NULL,
    extended_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    lost SMALLINT NOT NULL DEFAULT 0,
    bridged INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (subject, frequency)
) WITH (fillfactor = 70);

CREATE INDEX streaks_by_expiry ON streaks (expires_at, subject) WHERE lost = 0;

CREATE TABLE streak_periods (
    subject BYTEA NOT NULL,
    frequency TEXT COLLATE "C" NOT NULL,
    period INTEGER NOT NULL,
    counted_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    day INTEGER NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    reset_at BIGINT,
    restored INTEGER,
    PRIMARY KEY (subject, frequency, period)
);

CREATE TABLE streak_pauses (
    subject BYTEA NOT NULL,
    id BYTEA NOT NULL,
    first_day INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    archived SMALLINT NOT NULL,
    PRIMARY KEY (subject, id)
);

CREATE INDEX streak_pauses_by_id ON streak_pauses (id);

CREATE TABLE completions (
    subject BYTEA NOT NULL,
    achievement INTEGER NOT NULL,
    id BYTEA NOT NULL,
    at BIGINT NOT NULL,
    recorded BIGINT NOT NULL,
    seq INTEGER,
    PRIMARY KEY (subject, achievement)
);

CREATE TABLE events (
    subject BYTEA NOT NULL,
    seq INTEGER NOT NULL,
    id BYTEA NOT NULL,
    metric INTEGER NOT NULL,
    value BIGINT NOT NULL,
    at BIGINT NOT NULL,
    recorded BIGINT NOT NULL,
    day INTEGER NOT NULL,
    attributes TEXT COLLATE "C",
    key TEXT COLLATE "C",
    PRIMARY KEY (subject, seq)
);

CREATE TABLE idempotency_keys (
    subject BYTEA NOT NULL,
    metric INTEGER NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    seq INTEGER NOT NULL,
    event_id BYTEA NOT NULL,
    fingerprint BYTEA NOT NULL,
    PRIMARY KEY (subject, metric, key)
);
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

CREATE TABLE revocations (
    subject BYTEA NOT NULL,
    achievement INTEGER NOT NULL,
    completion BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (subject, achievement)
);

CREATE TABLE merges (
    subject BYTEA NOT NULL PRIMARY KEY,
    target BYTEA NOT NULL,
    at BIGINT NOT NULL
);

CREATE INDEX users_by_id ON users (environment, tenant, user_id) INCLUDE (name, email);

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

CREATE TABLE entries (
    subject BYTEA NOT NULL,
    board INTEGER NOT NULL,
    run INTEGER NOT NULL,
    ranking BIGINT,
    score BIGINT,
    reached_at BIGINT,
    day INTEGER,
    rank INTEGER,
    PRIMARY KEY (subject, board, run)
) WITH (fillfactor = 70);

-- By which a process reads a ranking into its memory.
CREATE INDEX entries_by_ranking ON entries (ranking, subject) WHERE ranking IS NOT NULL;

-- Entries with their numbers: those of the newest run of a board stand in the tally.
CREATE VIEW scores AS
SELECT subject, board, run, ranking,
       CASE WHEN entries.score IS NULL THEN (newest ->> 1)::bigint ELSE entries.score END AS score,
       CASE WHEN entries.score IS NULL THEN (newest ->> 2)::bigint ELSE entries.reached_at END AS reached_at,
       CASE WHEN entries.score IS NULL THEN (newest ->> 3)::int ELSE entries.day END AS day,
       CASE WHEN entries.score IS NULL THEN (newest ->> 4)::int ELSE entries.rank END AS rank
FROM entries
JOIN users USING (subject)
CROSS JOIN LATERAL (
    SELECT CASE WHEN entries.score IS NULL THEN tally::json -> 'scores' -> board::text END AS newest
) AS held;

CREATE VIEW newest_days (subject, measure, day, change, last_at) AS
SELECT subject, key::int, (value ->> 0)::int, (value ->> 1)::bigint, (value ->> 2)::bigint
FROM users CROSS JOIN LATERAL json_each(tally::json -> 'days');

CREATE VIEW newest_points_days (subject, system, day, change) AS
SELECT subject, key::int, (value ->> 0)::int, (value ->> 1)::bigint
FROM users CROSS JOIN LATERAL json_each(tally::json -> 'points_days');

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
