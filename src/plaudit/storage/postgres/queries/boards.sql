-- Leaderboards: scores per user, and rankings as sorted entries that are counted bucket by bucket, so that a rank
-- is the sum of the buckets before plus a count inside one small bucket.

-- name: read_scores
-- The scores asked for; and it holds the boards' bounds in place (shared) until the transaction ends.
SELECT subject, board, run, ranking, score, reached_at
FROM unnest($1::bytea[], $2::int[], $3::int[]) AS asked (subject, board, run)
JOIN scores USING (subject, board, run)
UNION ALL
SELECT ''::bytea, held, 0, count(pg_advisory_xact_lock_shared(1347, held)), 0, 0
FROM unnest($4::int[]) AS held
GROUP BY held;

-- name: hold_board
-- Only on PostgreSQL: keeps every writer of a board away while its bounds are moved; SQLite has one writer.
SELECT pg_advisory_xact_lock(1347, $1::int);

-- name: scores_of_user
-- Every score of a user.
SELECT board, run, ranking, score, reached_at
FROM scores
WHERE subject = $1
ORDER BY board, run;

-- name: put_scores
-- New scores; absolute, since the user is locked.
INSERT INTO scores (subject, board, run, ranking, score, reached_at)
SELECT * FROM unnest($1::bytea[], $2::int[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[])
ON CONFLICT (subject, board, run) DO UPDATE
SET ranking = excluded.ranking, score = excluded.score, reached_at = excluded.reached_at;

-- name: put_rank_days
-- Where users stood after their last change of a local day.
INSERT INTO rank_days (subject, board, run, day, rank, score)
SELECT * FROM unnest($1::bytea[], $2::int[], $3::int[], $4::int[], $5::int[], $6::bigint[])
ON CONFLICT (subject, board, run, day) DO UPDATE SET rank = excluded.rank, score = excluded.score;

-- name: rank_days_of
-- The last days on which a user's place in a run changed, newest first.
SELECT day, rank, score
FROM rank_days
WHERE subject = $1 AND board = $2 AND run = $3
ORDER BY day DESC
LIMIT $4;

-- name: all_rank_days
-- Every day on which a user's place changed, for the year in review.
SELECT board, run, day, rank, score
FROM rank_days
WHERE subject = $1
ORDER BY day, board, run;

-- name: leave_rankings
-- Entries that leave their ranking.
DELETE FROM rank_entries
USING unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[]) AS gone (ranking, negated, reached_at, member)
WHERE rank_entries.ranking = gone.ranking AND rank_entries.negated = gone.negated
  AND rank_entries.reached_at = gone.reached_at AND rank_entries.member = gone.member;

-- name: enter_rankings
-- Entries that come into a ranking.
INSERT INTO rank_entries (ranking, negated, reached_at, member)
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[]);

-- name: insert_rankings
-- Rankings that get their first entry; in the order of their keys, since groups share these rows.
INSERT INTO rankings (ranking, environment, tenant, board, run, groups)
SELECT ranking, environment, tenant, board, run, groups
FROM unnest($1::bigint[], $2::int[], $3::text[], $4::int[], $5::int[], $6::text[])
    AS fresh (ranking, environment, tenant, board, run, groups)
ORDER BY ranking
ON CONFLICT (ranking) DO NOTHING;

-- name: move_buckets
-- Entries added to buckets, or taken from them; in the order of their keys and last, since groups share these rows.
INSERT INTO rank_buckets (ranking, negated, reached_at, member, entries)
SELECT ranking, negated, reached_at, member, entries
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bigint[])
    AS moved (ranking, negated, reached_at, member, entries)
ORDER BY ranking, negated, reached_at, member
ON CONFLICT (ranking, negated, reached_at, member) DO UPDATE
SET entries = rank_buckets.entries + excluded.entries;

-- name: standing
-- Only on PostgreSQL: in one round trip keys' buckets and their sizes, and how many entries of the ranking are better than each key.
SELECT b.negated, b.reached_at, b.member, b.entries,
       (SELECT coalesce(sum(entries), 0)::bigint
        FROM rank_buckets
        WHERE ranking = asked.ranking AND (negated, reached_at, member) < (b.negated, b.reached_at, b.member))
       + (SELECT count(*)
          FROM rank_entries
          WHERE ranking = asked.ranking
            AND (negated, reached_at, member) >= (b.negated, b.reached_at, b.member)
            AND (negated, reached_at, member) < (asked.negated, asked.reached_at, asked.member))
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[])
    WITH ORDINALITY AS asked (ranking, negated, reached_at, member, place)
LEFT JOIN LATERAL (
    SELECT negated, reached_at, member, entries
    FROM rank_buckets
    WHERE ranking = asked.ranking
      AND (negated, reached_at, member) <= (asked.negated, asked.reached_at, asked.member)
    ORDER BY negated DESC, reached_at DESC, member DESC
    LIMIT 1
) AS b ON TRUE
ORDER BY place;

-- name: windows
-- Only on PostgreSQL: parts of several rankings in one round trip; SQLite asks for each with entries_from.
SELECT asked.place, asked.ranking, part.negated, part.reached_at, part.member
FROM unnest($1::bigint[], $2::int[], $3::int[]) WITH ORDINALITY AS asked (ranking, skip, most, place)
CROSS JOIN LATERAL (
    SELECT negated, reached_at, member
    FROM rank_entries
    WHERE ranking = asked.ranking
    ORDER BY negated, reached_at, member
    LIMIT asked.most OFFSET asked.skip
) AS part
ORDER BY asked.place, part.negated, part.reached_at, part.member;

-- name: inside
-- How many entries of each bucket are better than a key.
SELECT (SELECT count(*)
        FROM rank_entries
        WHERE ranking = asked.ranking
          AND (negated, reached_at, member) >= (asked.low_negated, asked.low_reached_at, asked.low_member)
          AND (negated, reached_at, member) < (asked.negated, asked.reached_at, asked.member))
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bytea[])
    WITH ORDINALITY
    AS asked (ranking, low_negated, low_reached_at, low_member, negated, reached_at, member, place)
ORDER BY place;

-- name: entries_from
-- Entries of a ranking from a bound on, some left out first.
SELECT negated, reached_at, member
FROM rank_entries
WHERE ranking = $1 AND (negated, reached_at, member) >= ($2::bigint, $3::bigint, $4::bytea)
ORDER BY negated, reached_at, member
LIMIT $6 OFFSET $5;

-- name: buckets_of
-- The buckets of a ranking, best first.
SELECT negated, reached_at, member, entries
FROM rank_buckets
WHERE ranking = $1
ORDER BY negated, reached_at, member;

-- name: set_bucket
-- A bucket's entries, after a split or a merger.
INSERT INTO rank_buckets (ranking, negated, reached_at, member, entries)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (ranking, negated, reached_at, member) DO UPDATE SET entries = excluded.entries;

-- name: drop_bucket
-- A bucket whose entries another one has taken over.
DELETE FROM rank_buckets WHERE ranking = $1 AND negated = $2 AND reached_at = $3 AND member = $4;

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

-- name: all_rankings_after
-- A page of rankings, for the audit.
SELECT ranking, environment, tenant, board, run, groups
FROM rankings
WHERE ranking > $1
ORDER BY ranking
LIMIT $2;

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
DELETE FROM scores WHERE subject = ANY($1::bytea[]);

-- name: erase_rank_days
-- The rows of users who go.
DELETE FROM rank_days WHERE subject = ANY($1::bytea[]);
