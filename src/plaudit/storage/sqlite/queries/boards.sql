-- Leaderboards: scores per user. Rankings are these scores, sorted in the memory of the serving process.

-- name: read_scores
-- The scores of a group of users in one run of a board.
SELECT subject, ranking, score, reached_at, day, rank
FROM carray(?1) AS asked CROSS JOIN scores ON subject = asked.value AND board = ?2 AND run = ?3;

-- name: scores_of_user
-- Every score of a user.
SELECT board, run, ranking, score, reached_at, day, rank
FROM scores
WHERE subject = ?1
ORDER BY board, run;

-- name: ranked_after
-- A page of a ranking, in the order of its members: a process reads it once into its memory.
SELECT score, reached_at, subject
FROM scores
WHERE ranking = ?1 AND subject > ?2
ORDER BY subject
LIMIT ?3;

-- name: put_scores
-- The rows of scores, absolute, since the user is locked; a board's newest run has its numbers in the tally.
INSERT INTO tallies (subject, day, kind, number, run, ranking, value, at, newest, rank)
VALUES (?1, 4000000, 5, ?2, ?3, ?4, coalesce(?5, 0), ?6, ?7, ?8)
ON CONFLICT (subject, day, kind, number, run) DO UPDATE
SET ranking = excluded.ranking, value = excluded.value, at = excluded.at, newest = excluded.newest,
    rank = excluded.rank;

-- name: put_rank_days
-- Where users stood after the last change of a day that is over; the newest day is beside the score.
INSERT INTO rank_days (subject, board, run, day, rank, score)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (subject, board, run, day) DO UPDATE SET rank = excluded.rank, score = excluded.score;

-- name: rank_days_of
-- The last days on which a user's place in a run changed, newest first; what is beside the score counts.
SELECT day, rank, score
FROM scores
WHERE subject = ?1 AND board = ?2 AND run = ?3 AND day IS NOT NULL
UNION ALL
SELECT day, rank, score
FROM rank_days AS past
WHERE subject = ?1 AND board = ?2 AND run = ?3 AND NOT EXISTS (
    SELECT 1 FROM scores AS s
    WHERE s.subject = past.subject AND s.board = past.board AND s.run = past.run AND s.day = past.day
)
ORDER BY day DESC
LIMIT ?4;

-- name: all_rank_days
-- Every day on which a user's place changed, for the year in review; what is beside the score counts.
SELECT board, run, day, rank, score
FROM scores
WHERE subject = ?1 AND day IS NOT NULL
UNION ALL
SELECT board, run, day, rank, score
FROM rank_days AS past
WHERE subject = ?1 AND NOT EXISTS (
    SELECT 1 FROM scores AS s
    WHERE s.subject = past.subject AND s.board = past.board AND s.run = past.run AND s.day = past.day
)
ORDER BY day, board, run;

-- name: insert_rankings
-- Rankings that get their first entry.
INSERT INTO rankings (ranking, environment, tenant, board, run, groups)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (ranking) DO NOTHING;

-- name: read_members
-- The users behind the entries of a page.
SELECT subject, user_id, name
FROM carray(?1) AS asked CROSS JOIN users ON subject = asked.value;

-- name: rankings_of
-- The rankings of a tenant in one run of a board.
SELECT ranking, environment, tenant, board, run, groups
FROM rankings
WHERE board = ?1 AND run = ?2 AND tenant = ?3
ORDER BY groups;

-- name: tenants_of_board
-- The tenants that have a ranking of a board.
SELECT DISTINCT tenant FROM rankings WHERE board = ?1 ORDER BY tenant;

-- name: told_runs
-- The runs of a board that have been told to have started, and when they were told to be finished.
SELECT run, tenant, started, finished FROM board_runs WHERE board = ?1 ORDER BY run, tenant;

-- name: tell_run
-- A run that is told to have started, or to be finished.
INSERT INTO board_runs (board, run, tenant, started, finished)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (board, run, tenant) DO UPDATE SET finished = excluded.finished;

-- name: erase_scores
-- The rows of users who go.
DELETE FROM tallies WHERE subject = ?1 AND day = 4000000 AND kind = 5;

-- name: erase_rank_days
-- The rows of users who go.
DELETE FROM rank_days WHERE subject = ?1;
