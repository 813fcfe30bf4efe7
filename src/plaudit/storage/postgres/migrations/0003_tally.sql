-- What an event reads and moves of a user becomes one value of the user's row, the tally: totals, streaks, points,
-- marks, and of each board the score of the newest run. The row is read and written anyway, under its lock.
ALTER TABLE users ADD COLUMN tally TEXT COLLATE "C" NOT NULL DEFAULT '{}';

UPDATE users
SET tally = json_build_object(
    'totals', coalesce((
        SELECT json_object_agg(measure, json_build_array(total, last_at))
        FROM totals
        WHERE totals.subject = users.subject
    ), '{}'),
    'streaks', coalesce((
        SELECT json_object_agg(frequency, json_build_array(
            days, length, longest, started, started_at, last_period, extended_at, expires_at, lost = 1, bridged))
        FROM streaks
        WHERE streaks.subject = users.subject
    ), '{}'),
    'points', coalesce((
        SELECT json_object_agg(system, json_build_array(total, awards))
        FROM points
        WHERE points.subject = users.subject
    ), '{}'),
    'marks', coalesce((
        SELECT json_object_agg(measure, mark)
        FROM points_marks
        WHERE points_marks.subject = users.subject
    ), '{}'),
    'scores', coalesce((
        SELECT json_object_agg(board, json_build_array(ranking, score, reached_at, day, rank, run))
        FROM (
            SELECT DISTINCT ON (board) board, ranking, score, reached_at, day, rank, run
            FROM scores
            WHERE scores.subject = users.subject
            ORDER BY board, run DESC
        ) AS newest
    ), '{}')
)::text;

DROP TABLE totals;
DROP TABLE points;
DROP TABLE points_marks;

-- The row of the newest run of a board keeps the ranking alone: its numbers stand in the tally.
ALTER TABLE scores RENAME TO entries;
ALTER INDEX scores_pkey RENAME TO entries_pkey;
ALTER INDEX scores_by_ranking RENAME TO entries_by_ranking;
ALTER TABLE entries ALTER COLUMN score DROP NOT NULL;
ALTER TABLE entries ALTER COLUMN reached_at DROP NOT NULL;

UPDATE entries
SET score = NULL, reached_at = NULL, day = NULL, rank = NULL
WHERE NOT EXISTS (
    SELECT 1
    FROM entries AS later
    WHERE later.subject = entries.subject AND later.board = entries.board AND later.run > entries.run
);

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
