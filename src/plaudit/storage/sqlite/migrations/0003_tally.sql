-- What an event reads and moves of a user becomes one value, the tally: totals, streaks, points, marks, and of each
-- board the score of the newest run. Read as one row it takes a third of the time, and one row is written for all.
ALTER TABLE tallies ADD COLUMN tally TEXT;

UPDATE tallies
SET tally = json_object(
    'totals', json((
        SELECT json_group_object(CAST(number AS TEXT), json_array(value, at))
        FROM tallies AS t
        WHERE t.subject = tallies.subject AND t.day = 4000000 AND t.kind = 2
    )),
    'streaks', json((
        SELECT json_group_object(
            frequency,
            json_array(days, length, longest, started, started_at, last_period, extended_at, expires_at,
                       json(iif(lost, 'true', 'false')), bridged)
        )
        FROM streaks
        WHERE streaks.subject = tallies.subject
    )),
    'points', json((
        SELECT json_group_object(CAST(number AS TEXT), json_array(value, awards))
        FROM tallies AS t
        WHERE t.subject = tallies.subject AND t.day = 4000000 AND t.kind = 3
    )),
    'marks', json((
        SELECT json_group_object(CAST(number AS TEXT), value)
        FROM tallies AS t
        WHERE t.subject = tallies.subject AND t.day = 4000000 AND t.kind = 4
    )),
    'scores', json((
        SELECT json_group_object(CAST(number AS TEXT), json_array(ranking, value, at, newest, rank, newest_run))
        FROM (
            SELECT number, max(run) AS newest_run, ranking, value, at, newest, rank
            FROM tallies AS t
            WHERE t.subject = tallies.subject AND t.day = 4000000 AND t.kind = 5
            GROUP BY number
        )
    ))
)
WHERE day = 4000000 AND kind = 1;

DROP VIEW sequences;
DROP VIEW totals;
DROP VIEW points;
DROP VIEW points_marks;
DROP VIEW scores;
DELETE FROM tallies WHERE day = 4000000 AND kind IN (2, 3, 4);

-- The row of the newest run of a board keeps the ranking alone: its numbers stand in the tally.
UPDATE tallies
SET value = 0, at = NULL, newest = NULL, rank = NULL
WHERE day = 4000000 AND kind = 5 AND run = (
    SELECT max(run)
    FROM tallies AS t
    WHERE t.subject = tallies.subject AND t.day = 4000000 AND t.kind = 5 AND t.number = tallies.number
);

ALTER TABLE tallies DROP COLUMN awards;

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
