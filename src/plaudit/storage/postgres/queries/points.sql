-- Points: what an award writes, and what pages, the time job and verify read.

-- name: read_tally
-- A user's tally, which holds the points of every system.
SELECT tally FROM users WHERE subject = $1;

-- name: insert_awards
-- Awards; the primary key is the last word on "once".
INSERT INTO points_awards (subject, system, n, id, trigger, awarded, total, at, day, seq, boosts)
SELECT *
FROM unnest($1::bytea[], $2::int[], $3::int[], $4::bytea[], $5::int[], $6::bigint[], $7::bigint[], $8::bigint[],
            $9::int[], $10::int[], $11::text[]);

-- name: add_points_days
-- Points added to local days.
INSERT INTO points_days (subject, system, day, change)
SELECT * FROM unnest($1::bytea[], $2::int[], $3::int[], $4::bigint[])
ON CONFLICT (subject, system, day) DO UPDATE SET change = points_days.change + excluded.change;

-- name: plan_dues
-- First instants of time triggers; where one is due already, the earlier instant stays.
INSERT INTO points_dues (subject, trigger, due)
SELECT * FROM unnest($1::bytea[], $2::int[], $3::bigint[])
ON CONFLICT (subject, trigger) DO UPDATE SET due = least(points_dues.due, excluded.due);

-- name: move_dues
-- Next instants of time triggers.
UPDATE points_dues
SET due = moved.due
FROM unnest($1::bytea[], $2::int[], $3::bigint[]) AS moved (subject, trigger, due)
WHERE points_dues.subject = moved.subject AND points_dues.trigger = moved.trigger;

-- name: end_dues
-- Time triggers that are active no more.
DELETE FROM points_dues
USING unnest($1::bytea[], $2::int[]) AS ended (subject, trigger)
WHERE points_dues.subject = ended.subject AND points_dues.trigger = ended.trigger;

-- name: read_event_awards
-- The awards of some events of users.
SELECT subject, system, n, id, trigger, awarded, total, at, day, seq, boosts
FROM unnest($1::bytea[], $2::int[]) AS asked (subject, seq)
JOIN points_awards USING (subject, seq)
ORDER BY subject, system, n;

-- name: read_dues
-- The time triggers of users that are due.
SELECT subject, trigger, due
FROM points_dues
WHERE subject = ANY($1::bytea[]) AND due <= $2
ORDER BY subject, trigger;

-- name: points_due
-- Users to whom the time brings points, the longest waiting first, for the time job.
SELECT DISTINCT subject, environment, tenant, user_id
FROM (SELECT subject FROM points_dues WHERE due <= $1 ORDER BY due LIMIT $2) AS waiting
JOIN users USING (subject);

-- name: last_awards
-- A user's newest awards in one system.
SELECT system, n, id, trigger, awarded, total, at, day, seq, boosts
FROM points_awards
WHERE subject = $1 AND system = $2
ORDER BY n DESC
LIMIT $3;

-- name: points_before
-- What a user's points had come to before a day.
SELECT coalesce(sum(change), 0)::bigint
FROM (
    SELECT change FROM points_days WHERE subject = $1 AND system = $2 AND day < $3
    UNION ALL
    SELECT change FROM newest_points_days WHERE subject = $1 AND system = $2 AND day < $3
) AS changes;

-- name: points_changes
-- A user's daily changes of points between two days.
SELECT day, sum(change)::bigint
FROM (
    SELECT day, change FROM points_days WHERE subject = $1 AND system = $2 AND day BETWEEN $3 AND $4
    UNION ALL
    SELECT day, change FROM newest_points_days WHERE subject = $1 AND system = $2 AND day BETWEEN $3 AND $4
) AS changes
GROUP BY day
ORDER BY day;

-- name: points_histogram
-- How many users have which total, of those with some user attributes (a JSON object), for a summary.
SELECT coalesce((tally::json -> 'points' -> $3::int::text ->> 0)::bigint, 0) AS held, count(*)
FROM users
WHERE users.environment = $1 AND users.tenant = $2 AND users.created > 0
    AND ($4::text = '{}' OR users.attributes::jsonb @> $4::jsonb)
GROUP BY held;

-- name: all_awards
-- A user's awards in the order in which they were given.
SELECT system, n, id, trigger, awarded, total, at, day, seq, boosts
FROM points_awards
WHERE subject = $1
ORDER BY system, n;

-- name: all_points_days
-- A user's daily changes of points.
SELECT system, day, sum(change)::bigint
FROM (
    SELECT system, day, change FROM points_days WHERE subject = $1
    UNION ALL
    SELECT system, day, change FROM newest_points_days WHERE subject = $1
) AS changes
GROUP BY system, day
ORDER BY system, day;
