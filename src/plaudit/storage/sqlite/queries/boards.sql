-- Leaderboards: scores per user, and rankings as sorted entries that are counted bucket by bucket, so that a rank
-- is the sum of the buckets before plus a count inside one small bucket.

-- name: read_scores
-- The scores of a group of users in one run of a board.
SELECT subject, ranking, score, reached_at
FROM carray(?1) AS asked CROSS JOIN scores ON subject = asked.value AND board = ?2 AND run = ?3;

-- name: scores_of_user
-- Every score of a user.
SELECT board, run, ranking, score, reached_at
FROM scores
WHERE subject = ?1
ORDER BY board, run;

-- name: put_scores
-- New scores; absolute, since the user is locked.
INSERT INTO scores (subject, board, run, ranking, score, reached_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (subject, board, run) DO UPDATE
SET ranking = excluded.ranking, score = excluded.score, reached_at = excluded.reached_at;

-- name: put_rank_days
-- Where users stood after their last change of a local day.
INSERT INTO rank_days (subject, board, run, day, rank, score)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (subject, board, run, day) DO UPDATE SET rank = excluded.rank, score = excluded.score;

-- name: rank_days_of
-- The last days on which a user's place in a run changed, newest first.
SELECT day, rank, score
FROM rank_days
WHERE subject = ?1 AND board = ?2 AND run = ?3
ORDER BY day DESC
LIMIT ?4;

-- name: all_rank_days
-- Every day on which a user's place changed, for the year in review.
SELECT board, run, day, rank, score
FROM rank_days
WHERE subject = ?1
ORDER BY day, board, run;

-- name: leave_rankings
-- Entries that leave their ranking.
DELETE FROM rank_entries WHERE ranking = ?1 AND negated = ?2 AND reached_at = ?3 AND member = ?4;

-- name: enter_rankings
-- Entries that come into a ranking.
INSERT INTO rank_entries (ranking, negated, reached_at, member) VALUES (?1, ?2, ?3, ?4);

-- name: insert_rankings
-- Rankings that get their first entry.
INSERT INTO rankings (ranking, environment, tenant, board, run, groups)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (ranking) DO NOTHING;

-- name: move_buckets
-- Entries added to buckets, or taken from them.
INSERT INTO rank_buckets (ranking, negated, reached_at, member, entries)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (ranking, negated, reached_at, member) DO UPDATE SET entries = entries + excluded.entries;

-- name: bucket_of
-- Only on SQLite: the bucket a key lies in; bounds that are bound, not joined, are found by the whole key.
SELECT negated, reached_at, member, entries
FROM rank_buckets
WHERE ranking = ?1 AND (negated, reached_at, member) <= (?2, ?3, ?4)
ORDER BY negated DESC, reached_at DESC, member DESC
LIMIT 1;

-- name: before_bucket
-- Only on SQLite: how many entries lie in the buckets before a bound; apart for the same reason.
SELECT coalesce(sum(entries), 0)
FROM rank_buckets
WHERE ranking = ?1 AND (negated, reached_at, member) < (?2, ?3, ?4);

-- name: inside
-- How many entries of a bucket are better than a key.
SELECT count(*)
FROM rank_entries
WHERE ranking = ?1 AND (negated, reached_at, member) >= (?2, ?3, ?4)
  AND (negated, reached_at, member) < (?5, ?6, ?7);

-- name: entries_from
-- Entries of a ranking from a bound on, some left out first.
SELECT negated, reached_at, member
FROM rank_entries
WHERE ranking = ?1 AND (negated, reached_at, member) >= (?2, ?3, ?4)
ORDER BY negated, reached_at, member
LIMIT ?6 OFFSET ?5;

-- name: buckets_of
-- The buckets of a ranking, best first.
SELECT negated, reached_at, member, entries
FROM rank_buckets
WHERE ranking = ?1
ORDER BY negated, reached_at, member;

-- name: set_bucket
-- A bucket's entries, after a split or a merger.
INSERT INTO rank_buckets (ranking, negated, reached_at, member, entries)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (ranking, negated, reached_at, member) DO UPDATE SET entries = excluded.entries;

-- name: drop_bucket
-- A bucket whose entries another one has taken over.
DELETE FROM rank_buckets WHERE ranking = ?1 AND negated = ?2 AND reached_at = ?3 AND member = ?4;

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

-- name: all_rankings_after
-- A page of rankings, for the audit.
SELECT ranking, environment, tenant, board, run, groups
FROM rankings
WHERE ranking > ?1
ORDER BY ranking
LIMIT ?2;

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
DELETE FROM scores WHERE subject = ?1;

-- name: erase_rank_days
-- The rows of users who go.
DELETE FROM rank_days WHERE subject = ?1;
