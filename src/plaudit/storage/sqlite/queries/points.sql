-- Points: what an award writes, and what pages, the time job and verify read.

-- name: read_tally
-- A user's tally, which holds the points of every system.
SELECT tally FROM sequences WHERE subject = ?1;

-- name: insert_awards
-- Awards; the primary key is the last word on "once".
INSERT INTO tallies (subject, day, kind, number, run, id, trigger, value, total, at, local_day, seq, boosts)
VALUES (?1, 4000001, 100 + ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

-- name: add_points_days
-- Points added to local days.
INSERT INTO tallies (subject, day, kind, number, run, value)
VALUES (?1, ?3, 7, ?2, 0, ?4)
ON CONFLICT (subject, day, kind, number, run) DO UPDATE SET value = value + excluded.value;

-- name: plan_dues
-- First instants of time triggers; where one is due already, the earlier instant stays.
INSERT INTO points_dues (subject, trigger, due)
VALUES (?1, ?2, ?3)
ON CONFLICT (subject, trigger) DO UPDATE SET due = min(due, excluded.due);

-- name: move_dues
-- Next instants of time triggers.
UPDATE points_dues SET due = ?3 WHERE subject = ?1 AND trigger = ?2;

-- name: end_dues
-- Time triggers that are active no more.
DELETE FROM points_dues WHERE subject = ?1 AND trigger = ?2;

-- name: read_event_awards
-- The awards of some events of one user.
SELECT system, n, id, trigger, awarded, total, at, day, seq, boosts
FROM points_awards
WHERE subject = ?1 AND seq IN carray(?2)
ORDER BY system, n;

-- name: read_dues
-- The time triggers of one user that are due.
SELECT trigger, due FROM points_dues WHERE subject = ?1 AND due <= ?2 ORDER BY trigger;

-- name: points_due
-- Users to whom the time brings points, the longest waiting first, for the time job.
SELECT DISTINCT subject, environment, tenant, user_id
FROM (SELECT subject FROM points_dues WHERE due <= ?1 ORDER BY due LIMIT ?2) AS waiting
JOIN users USING (subject);

-- name: last_awards
-- A user's newest awards in one system.
SELECT ?2 AS system, number, id, trigger, value, total, at, local_day, seq, boosts
FROM tallies
WHERE subject = ?1 AND day = 4000001 AND kind = 100 + ?2
ORDER BY number DESC
LIMIT ?3;

-- name: points_before
-- What a user's points had come to before a day.
SELECT coalesce(sum(change), 0)
FROM (
    SELECT change FROM points_days WHERE subject = ?1 AND system = ?2 AND day < ?3
    UNION ALL
    SELECT change FROM newest_points_days WHERE subject = ?1 AND system = ?2 AND day < ?3
);

-- name: points_changes
-- A user's daily changes of points between two days.
SELECT day, sum(change)
FROM (
    SELECT day, change FROM points_days WHERE subject = ?1 AND system = ?2 AND day BETWEEN ?3 AND ?4
    UNION ALL
    SELECT day, change FROM newest_points_days WHERE subject = ?1 AND system = ?2 AND day BETWEEN ?3 AND ?4
)
GROUP BY day
ORDER BY day;

-- name: points_histogram
-- How many users have which total, of those with some user attributes (a JSON object), for a summary.
SELECT coalesce(json_extract(tally, '$.points.' || ?3 || '[0]'), 0) AS held, count(*)
FROM users NATURAL JOIN sequences
WHERE users.environment = ?1 AND users.tenant = ?2
    AND NOT EXISTS (
        SELECT 1
        FROM json_each(?4) AS wanted
        WHERE NOT EXISTS (
            SELECT 1
            FROM json_each(users.attributes) AS has
            WHERE has.key = wanted.key AND has.value = wanted.value
        )
    )
GROUP BY held;

-- name: all_awards
-- A user's awards in the order in which they were given.
SELECT system, n, id, trigger, awarded, total, at, day, seq, boosts
FROM points_awards
WHERE subject = ?1
ORDER BY system, n;

-- name: all_points_days
-- A user's daily changes of points.
SELECT system, day, sum(change)
FROM (
    SELECT system, day, change FROM points_days WHERE subject = ?1
    UNION ALL
    SELECT system, day, change FROM newest_points_days WHERE subject = ?1
)
GROUP BY system, day
ORDER BY system, day;
