-- Leaderboards: scores per user. Rankings are these scores, sorted in the memory of each serving process, which
-- follows what the others do by the log `rank_moves`.

-- name: read_scores
-- The scores asked for.
SELECT subject, board, run, ranking, score, reached_at, day, rank
FROM unnest($1::bytea[], $2::int[], $3::int[]) AS asked (subject, board, run)
JOIN scores USING (subject, board, run);

-- name: scores_of_user
-- Every score of a user.
SELECT board, run, ranking, score, reached_at, day, rank
FROM scores
WHERE subject = $1
ORDER BY board, run;

-- name: ranked_after
-- A page of a ranking, in the order of its members: a process reads it once into its memory.
SELECT score, reached_at, subject
FROM scores
WHERE ranking = $1 AND subject > $2
ORDER BY subject
LIMIT $3;

-- name: read_moves
-- Only on PostgreSQL: what has moved rankings since a moment, the moment of this reading, the server's start and the transaction
-- this reading belongs to, and before which number the log has been cleared.
SELECT pg_current_snapshot()::text, pg_postmaster_start_time()::text, pg_current_xact_id_if_assigned()::text,
       (SELECT before FROM rank_moves_cleared),
       ARRAY(
           SELECT ROW(xid::text, moves)
           FROM rank_moves
           WHERE xid >= pg_snapshot_xmin($1::text::pg_snapshot)
             AND NOT pg_visible_in_snapshot(xid, $1::text::pg_snapshot)
       );

-- name: put_rank_moves
-- Only on PostgreSQL: what this transaction moves in rankings, for the memory of every process.
INSERT INTO rank_moves (moves)
SELECT moves FROM unnest($1::bytea[]) AS fresh (moves)
ON CONFLICT (xid) DO UPDATE SET moves = rank_moves.moves || excluded.moves;

-- name: clear_moves
-- Only on PostgreSQL: forgets moves every process has had the time to follow; before the note of it, in one transaction.
DELETE FROM rank_moves WHERE xid < $1::text::xid8;

-- name: note_cleared
-- Only on PostgreSQL: who has not followed up to here reads its rankings anew.
UPDATE rank_moves_cleared SET before = $1::bigint WHERE before < $1::bigint;

-- name: drop_strange_moves
-- Only on PostgreSQL: a log that was restored from a dump of another server has numbers this one has still to give.
WITH strange AS (
    DELETE FROM rank_moves WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())
)
UPDATE rank_moves_cleared
SET before = 0
WHERE before > pg_snapshot_xmax(pg_current_snapshot())::text::bigint;

-- name: put_scores
-- The rows of scores, absolute, since the user is locked; a board's newest run has its numbers in the tally.
INSERT INTO entries (subject, board, run, ranking, score, reached_at, day, rank)
SELECT * FROM unnest(
    $1::bytea[], $2::int[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[], $7::int[], $8::int[]
)
ON CONFLICT (subject, board, run) DO UPDATE
SET ranking = excluded.ranking, score = excluded.score, reached_at = excluded.reached_at,
    day = excluded.day, rank = excluded.rank;

-- name: put_rank_days
-- Where users stood after the last change of a day that is over; the newest day is beside the score.
INSERT INTO rank_days (subject, board, run, day, rank, score)
SELECT * FROM unnest($1::bytea[], $2::int[], $3::int[], $4::int[], $5::int[], $6::bigint[])
ON CONFLICT (subject, board, run, day) DO UPDATE SET rank = excluded.rank, score = excluded.score;

-- name: rank_days_of
-- The last days on which a user's place in a run changed, newest first; what is beside the score counts.
SELECT day, rank, score
FROM scores
WHERE subject = $1 AND board = $2 AND run = $3 AND day IS NOT NULL
UNION ALL
SELECT day, rank, score
FROM rank_days AS past
WHERE subject = $1 AND board = $2 AND run = $3 AND NOT EXISTS (
    SELECT 1 FROM scores AS s
    WHERE s.subject = past.subject AND s.board = past.board AND s.run = past.run AND s.day = past.day
)
ORDER BY day DESC
LIMIT $4;

-- name: all_rank_days
-- Every day on which a user's place changed, for the year in review; what is beside the score counts.
SELECT board, run, day, rank, score
FROM scores
WHERE subject = $1 AND day IS NOT NULL
UNION ALL
SELECT board, run, day, rank, score
FROM rank_days AS past
WHERE subject = $1 AND NOT EXISTS (
    SELECT 1 FROM scores AS s
    WHERE s.subject = past.subject AND s.board = past.board AND s.run = past.run AND s.day = past.day
)
ORDER BY day, board, run;

-- name: insert_rankings
-- Rankings that get their first entry; in the order of their keys, since groups share these rows.
INSERT INTO rankings (ranking, environment, tenant, board, run, groups)
SELECT ranking, environment, tenant, board, run, groups
FROM unnest($1::bigint[], $2::int[], $3::text[], $4::int[], $5::int[], $6::text[])
    AS fresh (ranking, environment, tenant, board, run, groups)
ORDER BY ranking
ON CONFLICT (ranking) DO NOTHING;

-- name: read_members
-- The users behind the entries of a page.
SELECT subject, user_id, name
FROM users
WHERE subject = ANY($1::bytea[]);

-- name: rankings_of
-- The rankings of a tenant in one run of a board.
SELECT ranking, environment, tenant, board, run, groups
FROM rankings
WHERE board = $1 AND run = $2 AND tenant = $3
ORDER BY groups;

-- name: tenants_of_board
-- The tenants that have a ranking of a board.
SELECT DISTINCT tenant FROM rankings WHERE board = $1 ORDER BY tenant;

-- name: told_runs
-- The runs of a board that have been told to have started, and when they were told to be finished.
SELECT run, tenant, started, finished FROM board_runs WHERE board = $1 ORDER BY run, tenant;

-- name: tell_run
-- A run that is told to have started, or to be finished.
INSERT INTO board_runs (board, run, tenant, started, finished)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (board, run, tenant) DO UPDATE SET finished = excluded.finished;

-- name: erase_scores
-- The rows of users who go.
DELETE FROM entries WHERE subject = ANY($1::bytea[]);

-- name: erase_rank_days
-- The rows of users who go.
DELETE FROM rank_days WHERE subject = ANY($1::bytea[]);
