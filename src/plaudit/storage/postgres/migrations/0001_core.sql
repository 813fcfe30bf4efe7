-- The core: environments and definitions, then the per-user tables, each beginning with `subject`.

CREATE TABLE generation (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    number BIGINT NOT NULL
);

INSERT INTO generation (one, number) VALUES (1, 1);

CREATE TABLE environments (
    number BIGINT PRIMARY KEY,
    id BYTEA NOT NULL UNIQUE,
    key TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    priority BIGINT NOT NULL,
    version BIGINT NOT NULL,
    settings TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE metrics (
    number BIGINT PRIMARY KEY,
    environment BIGINT NOT NULL REFERENCES environments (number),
    id BYTEA NOT NULL UNIQUE,
    key TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    unit_type TEXT COLLATE "C" NOT NULL,
    units TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    archived BIGINT NOT NULL
);

CREATE UNIQUE INDEX metrics_by_key ON metrics (environment, key) WHERE archived = 0;

CREATE TABLE attributes (
    id BYTEA PRIMARY KEY,
    environment BIGINT NOT NULL REFERENCES environments (number),
    key TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    archived BIGINT NOT NULL
);

CREATE UNIQUE INDEX attributes_by_key ON attributes (environment, type, key) WHERE archived = 0;

CREATE TABLE measures (
    number BIGINT PRIMARY KEY,
    environment BIGINT NOT NULL REFERENCES environments (number),
    metric BIGINT NOT NULL REFERENCES metrics (number),
    filters TEXT COLLATE "C" NOT NULL,
    since BIGINT NOT NULL,
    UNIQUE (environment, metric, filters)
);

CREATE TABLE achievements (
    number BIGINT PRIMARY KEY,
    environment BIGINT NOT NULL REFERENCES environments (number),
    id BYTEA NOT NULL UNIQUE,
    definition TEXT COLLATE "C" NOT NULL,
    archived BIGINT NOT NULL
);

CREATE INDEX achievements_by_environment ON achievements (environment);

CREATE TABLE api_keys (
    id BYTEA PRIMARY KEY,
    environment BIGINT NOT NULL REFERENCES environments (number),
    kind TEXT COLLATE "C" NOT NULL,
    prefix TEXT COLLATE "C" NOT NULL UNIQUE,
    digest BYTEA NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C",
    created BIGINT NOT NULL
);

CREATE TABLE badges (
    hash TEXT COLLATE "C" PRIMARY KEY,
    mime TEXT COLLATE "C" NOT NULL,
    data BYTEA NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE backdates (
    id BYTEA PRIMARY KEY,
    environment BIGINT NOT NULL REFERENCES environments (number),
    version BIGINT NOT NULL,
    cursor BYTEA NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    completions BIGINT NOT NULL,
    created BIGINT NOT NULL,
    finished BIGINT,
    lease_owner BYTEA,
    lease_until BIGINT
);

-- Global counts, slotted so that parallel writers seldom meet; achievement 0 counts users.
CREATE TABLE counters (
    environment BIGINT NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    achievement BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (environment, tenant, achievement, slot)
);

-- Per-user tables. Times are Unix milliseconds, days are proleptic ordinals, amounts micro-units.
CREATE TABLE users (
    subject BYTEA NOT NULL PRIMARY KEY,
    environment BIGINT NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C",
    name TEXT COLLATE "C",
    tz TEXT COLLATE "C",
    sign_up_date BIGINT,
    device_tokens TEXT COLLATE "C" NOT NULL,
    subscribe_to_emails BIGINT NOT NULL,
    attributes TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    settled BIGINT NOT NULL,
    anniversary_at BIGINT,
    control BIGINT NOT NULL
);

CREATE INDEX users_by_anniversary ON users (anniversary_at) WHERE anniversary_at IS NOT NULL;

CREATE TABLE totals (
    subject BYTEA NOT NULL,
    measure BIGINT NOT NULL,
    total BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (subject, measure)
);

CREATE TABLE rollups (
    subject BYTEA NOT NULL,
    measure BIGINT NOT NULL,
    day BIGINT NOT NULL,
    change BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (subject, measure, day)
);

CREATE TABLE streaks (
    subject BYTEA NOT NULL,
    frequency TEXT COLLATE "C" NOT NULL,
    days BIGINT NOT NULL,
    length BIGINT NOT NULL,
    longest BIGINT NOT NULL,
    started BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    last_period BIGINT NOT NULL,
    extended_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (subject, frequency)
);

-- `kind` is earned, freeze or pause.
CREATE TABLE streak_periods (
    subject BYTEA NOT NULL,
    frequency TEXT COLLATE "C" NOT NULL,
    period BIGINT NOT NULL,
    counted_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    day BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (subject, frequency, period)
);

-- Foreseen for the whole contract: freezes held, and pauses by date.
CREATE TABLE streak_freezes (
    subject BYTEA NOT NULL PRIMARY KEY,
    available BIGINT NOT NULL,
    earned_at BIGINT NOT NULL
);

CREATE TABLE streak_pauses (
    subject BYTEA NOT NULL,
    id BYTEA NOT NULL,
    first_day BIGINT NOT NULL,
    last_day BIGINT NOT NULL,
    archived BIGINT NOT NULL,
    PRIMARY KEY (subject, id)
);

CREATE TABLE completions (
    subject BYTEA NOT NULL,
    achievement BIGINT NOT NULL,
    id BYTEA NOT NULL,
    at BIGINT NOT NULL,
    recorded BIGINT NOT NULL,
    seq BIGINT,
    PRIMARY KEY (subject, achievement)
);

CREATE TABLE events (
    subject BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    id BYTEA NOT NULL,
    metric BIGINT NOT NULL,
    value BIGINT NOT NULL,
    at BIGINT NOT NULL,
    recorded BIGINT NOT NULL,
    day BIGINT NOT NULL,
    attributes TEXT COLLATE "C",
    key TEXT COLLATE "C",
    PRIMARY KEY (subject, seq)
);

CREATE TABLE idempotency_keys (
    subject BYTEA NOT NULL,
    metric BIGINT NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    event_id BYTEA NOT NULL,
    fingerprint BYTEA NOT NULL,
    PRIMARY KEY (subject, metric, key)
);
