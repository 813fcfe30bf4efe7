-- Events, and awards of points behind them, stand beside their user's tally, the newest first, so that an event of
-- somebody who has few changes one page instead of three: day 4000001, after the tally, `number` counting down.
-- `kind` is 8 for events, and 100 more than the system's number for awards. Both are read by views called as the
-- tables were. Views of days end before the tally, so that whoever reads days never passes the history.
-- The newest day of each measure and points system, which every event moves, becomes part of the tally itself.
DROP VIEW sequences;
DROP VIEW scores;
DROP VIEW rollups;
DROP VIEW points_days;
DROP INDEX scores_by_ranking;
ALTER TABLE tallies RENAME TO old_tallies;
ALTER TABLE events RENAME TO old_events;
ALTER TABLE points_awards RENAME TO old_awards;

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

UPDATE old_tallies
SET tally = json_set(
    tally,
    '$.days', json((
        SELECT json_group_object(CAST(number AS TEXT), json_array(newest, value, at))
        FROM (
            SELECT number, max(day) AS newest, value, at
            FROM old_tallies AS d
            WHERE d.subject = old_tallies.subject AND d.day < 4000000 AND d.kind = 6
            GROUP BY number
        )
    )),
    '$.points_days', json((
        SELECT json_group_object(CAST(number AS TEXT), json_array(newest, value, 0))
        FROM (
            SELECT number, max(day) AS newest, value
            FROM old_tallies AS d
            WHERE d.subject = old_tallies.subject AND d.day < 4000000 AND d.kind = 7
            GROUP BY number
        )
    ))
)
WHERE day = 4000000 AND kind = 1;

-- In the order of the key, so that every page is written once.
INSERT INTO tallies (subject, day, kind, number, run, value, at, ranking, newest, rank, tally, id, metric, trigger,
                     recorded, total, local_day, seq, attributes, boosts, key)
SELECT subject, day, kind, number, run, value, at, ranking, newest, rank, tally, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM old_tallies AS it
WHERE kind NOT IN (6, 7) OR EXISTS (
    SELECT 1
    FROM old_tallies AS later
    WHERE later.subject = it.subject AND later.day > it.day AND later.kind = it.kind AND later.number = it.number
)
UNION ALL
SELECT subject, 4000001, 8, seq, 0, value, at, NULL, NULL, NULL, NULL, id, metric, NULL,
       recorded, NULL, day, NULL, attributes, NULL, key
FROM old_events
UNION ALL
SELECT subject, 4000001, 100 + system, n, 0, awarded, at, NULL, NULL, NULL, NULL, id, NULL, trigger,
       NULL, total, day, seq, NULL, boosts, NULL
FROM old_awards
ORDER BY 1, 2, 3, 4 DESC, 5;

DROP TABLE old_tallies;
DROP TABLE old_events;
DROP TABLE old_awards;

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
