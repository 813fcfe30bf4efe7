CREATE TABLE migrations (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied INTEGER NOT NULL
) STRICT;

CREATE TABLE generation (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    number INTEGER NOT NULL
) STRICT;

CREATE TABLE environments (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    priority INTEGER NOT NULL,
    version INTEGER NOT NULL,
    settings TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE metrics (
    number INTEGER PRIMARY KEY,
    environment INTEGER NOT NULL REFERENCES environments (number),
    id BLOB NOT NULL UNIQUE,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    unit_type TEXT NOT NULL,
    units TEXT NOT NULL,
    created INTEGER NOT NULL,
    archived INTEGER NOT NULL
, tenant TEXT NOT NULL DEFAULT '') STRICT;

CREATE TABLE attributes (
    id BLOB PRIMARY KEY,
    environment INTEGER NOT NULL REFERENCES environments (number),
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    created INTEGER NOT NULL,
    archived INTEGER NOT NULL
, tenant TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;

CREATE TABLE measures (
    number INTEGER PRIMARY KEY,
    environment INTEGER NOT NULL REFERENCES environments (number),
    metric INTEGER NOT NULL REFERENCES metrics (number),
    filters TEXT NOT NULL,
    since INTEGER NOT NULL,
    UNIQUE (environment, metric, filters)
) STRICT;

CREATE TABLE achievements (
    number INTEGER PRIMARY KEY,
    environment INTEGER NOT NULL REFERENCES environments (number),
    id BLOB NOT NULL UNIQUE,
    definition TEXT NOT NULL,
    archived INTEGER NOT NULL
, tenant TEXT NOT NULL DEFAULT '') STRICT;

CREATE INDEX achievements_by_environment ON achievements (environment);

CREATE TABLE api_keys (
    id BLOB PRIMARY KEY,
    environment INTEGER NOT NULL REFERENCES environments (number),
    kind TEXT NOT NULL,
    prefix TEXT NOT NULL UNIQUE,
    digest BLOB NOT NULL,
    tenant TEXT NOT NULL,
    user_id TEXT,
    created INTEGER NOT NULL
, name TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;

CREATE TABLE badges (
    hash TEXT PRIMARY KEY,
    mime TEXT NOT NULL,
    data BLOB NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE backdates (
    id BLOB PRIMARY KEY,
    environment INTEGER NOT NULL REFERENCES environments (number),
    version INTEGER NOT NULL,
    cursor BLOB NOT NULL,
    done INTEGER NOT NULL,
    total INTEGER NOT NULL,
    completions INTEGER NOT NULL,
    created INTEGER NOT NULL,
    finished INTEGER,
    lease_owner BLOB,
    lease_until INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE counters (
    environment INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    achievement INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (environment, tenant, achievement, slot)
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    subject BLOB NOT NULL PRIMARY KEY,
    environment INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    user_id TEXT NOT NULL,
    email TEXT,
    name TEXT,
    tz TEXT,
    sign_up_date INTEGER,
    device_tokens TEXT NOT NULL,
    subscribe_to_emails INTEGER NOT NULL,
    attributes TEXT NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    anniversary_at INTEGER,
    control INTEGER NOT NULL
, freezes INTEGER NOT NULL DEFAULT 0, freezes_granted INTEGER NOT NULL DEFAULT 0, freezes_at INTEGER, paused_until INTEGER, preferences TEXT, letter_at INTEGER) STRICT, WITHOUT ROWID;

CREATE INDEX users_by_anniversary ON users (anniversary_at) WHERE anniversary_at IS NOT NULL;

CREATE TABLE streaks (
    subject BLOB NOT NULL,
    frequency TEXT NOT NULL,
    days INTEGER NOT NULL,
    length INTEGER NOT NULL,
    longest INTEGER NOT NULL,
    started INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    last_period INTEGER NOT NULL,
    extended_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL, lost INTEGER NOT NULL DEFAULT 0, bridged INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (subject, frequency)
) STRICT, WITHOUT ROWID;

CREATE TABLE streak_periods (
    subject BLOB NOT NULL,
    frequency TEXT NOT NULL,
    period INTEGER NOT NULL,
    counted_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    day INTEGER NOT NULL,
    kind TEXT NOT NULL, reset_at INTEGER, restored INTEGER,
    PRIMARY KEY (subject, frequency, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE streak_pauses (
    subject BLOB NOT NULL,
    id BLOB NOT NULL,
    first_day INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    archived INTEGER NOT NULL,
    PRIMARY KEY (subject, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE completions (
    subject BLOB NOT NULL,
    achievement INTEGER NOT NULL,
    id BLOB NOT NULL,
    at INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    seq INTEGER,
    PRIMARY KEY (subject, achievement)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency_keys (
    subject BLOB NOT NULL,
    metric INTEGER NOT NULL,
    key TEXT NOT NULL,
    seq INTEGER NOT NULL,
    event_id BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    PRIMARY KEY (subject, metric, key)
) STRICT, WITHOUT ROWID;

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

CREATE UNIQUE INDEX metrics_by_key ON metrics (environment, tenant, key) WHERE archived = 0;

CREATE UNIQUE INDEX attributes_by_key ON attributes (environment, tenant, type, key) WHERE archived = 0;

CREATE TABLE points_dues (
    subject BLOB NOT NULL,
    trigger INTEGER NOT NULL,
    due INTEGER NOT NULL,
    PRIMARY KEY (subject, trigger)
) STRICT, WITHOUT ROWID;

CREATE INDEX points_dues_by_instant ON points_dues (due);

CREATE INDEX streaks_by_expiry ON streaks (expires_at) WHERE lost = 0;

CREATE INDEX users_by_freezes ON users (freezes_at) WHERE freezes_at IS NOT NULL;

CREATE INDEX users_by_letter ON users (environment, letter_at) WHERE letter_at IS NOT NULL;

CREATE INDEX streak_pauses_by_id ON streak_pauses (id);

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

CREATE TABLE board_runs (
    board INTEGER NOT NULL,
    run INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    started INTEGER NOT NULL,
    finished INTEGER,
    PRIMARY KEY (board, run, tenant)
) STRICT, WITHOUT ROWID;

CREATE TABLE revocations (
    subject BLOB NOT NULL,
    achievement INTEGER NOT NULL,
    completion BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (subject, achievement)
) STRICT, WITHOUT ROWID;

CREATE TABLE merges (
    subject BLOB NOT NULL PRIMARY KEY,
    target BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX users_by_id ON users (environment, tenant, user_id, name, email);

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

CREATE TABLE members (
    id BLOB PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password TEXT,
    created INTEGER NOT NULL,
    seen INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    digest BLOB PRIMARY KEY,
    member BLOB NOT NULL REFERENCES members (id),
    created INTEGER NOT NULL,
    seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_member ON sessions (member);

CREATE TABLE member_links (
    digest BLOB PRIMARY KEY,
    member BLOB REFERENCES members (id),
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX member_links_by_member ON member_links (member);

CREATE TABLE login_attempts (
    source BLOB PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE requests_left_out (
    hour INTEGER PRIMARY KEY,
    number INTEGER NOT NULL
) STRICT;

CREATE TABLE tallies (
    subject BLOB NOT NULL,
    day INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    number INTEGER NOT NULL,
    run INTEGER NOT NULL,
    value INTEGER NOT NULL,
    at INTEGER,
    ranking INTEGER,
    newest INTEGER,
    rank INTEGER,
    tally TEXT,
    id BLOB,
    metric INTEGER,
    trigger INTEGER,
    recorded INTEGER,
    total INTEGER,
    local_day INTEGER,
    seq INTEGER,
    attributes TEXT,
    boosts TEXT,
    key TEXT,
    PRIMARY KEY (subject, day, kind, number DESC, run)
) STRICT, WITHOUT ROWID;

CREATE INDEX scores_by_ranking ON tallies (ranking, subject) WHERE ranking IS NOT NULL;

CREATE VIEW events (subject, seq, id, metric, value, at, recorded, day, attributes, key) AS
SELECT subject, number, id, metric, value, at, recorded, local_day, attributes, key
FROM tallies
WHERE day = 4000001 AND kind = 8;

CREATE VIEW points_awards (subject, system, n, id, trigger, awarded, total, at, day, seq, boosts) AS
SELECT subject, kind - 100, number, id, trigger, value, total, at, local_day, seq, boosts
FROM tallies
WHERE day = 4000001 AND kind >= 100;

CREATE VIEW rollups (subject, measure, day, change, last_at) AS
SELECT subject, number, day, value, at FROM tallies WHERE kind = 6 AND day < 4000000;

CREATE VIEW points_days (subject, system, day, change) AS
SELECT subject, number, day, value FROM tallies WHERE kind = 7 AND day < 4000000;

CREATE VIEW newest_days (subject, measure, day, change, last_at) AS
SELECT held.subject, CAST(newest.key AS INTEGER), newest.value ->> 0, newest.value ->> 1, newest.value ->> 2
FROM tallies AS held CROSS JOIN json_each(held.tally, '$.days') AS newest
WHERE held.day = 4000000 AND held.kind = 1;

CREATE VIEW newest_points_days (subject, system, day, change) AS
SELECT held.subject, CAST(newest.key AS INTEGER), newest.value ->> 0, newest.value ->> 1
FROM tallies AS held CROSS JOIN json_each(held.tally, '$.points_days') AS newest
WHERE held.day = 4000000 AND held.kind = 1;

CREATE VIEW sequences (subject, seq, tally) AS
SELECT subject, value, tally FROM tallies WHERE day = 4000000 AND kind = 1;

CREATE VIEW scores (subject, board, run, ranking, score, reached_at, day, rank) AS
SELECT row.subject, row.number, row.run, row.ranking,
       iif(row.at IS NULL, json_extract(held.tally, '$.scores.' || row.number || '[1]'), row.value),
       iif(row.at IS NULL, json_extract(held.tally, '$.scores.' || row.number || '[2]'), row.at),
       iif(row.at IS NULL, json_extract(held.tally, '$.scores.' || row.number || '[3]'), row.newest),
       iif(row.at IS NULL, json_extract(held.tally, '$.scores.' || row.number || '[4]'), row.rank)
FROM tallies AS row
JOIN tallies AS held
    ON held.subject = row.subject AND held.day = 4000000 AND held.kind = 1 AND held.number = 0 AND held.run = 0
WHERE row.day = 4000000 AND row.kind = 5;
