-- Reads for pages and jobs, without locks. Sums are cast back: PostgreSQL adds bigints up as numerics.

-- name: moment
-- Only on PostgreSQL: which transactions are over. Equal texts see the same rows, whoever wrote them; SQLite has a
-- pragma that counts commits.
SELECT pg_current_snapshot()::text;

-- name: read_stamp
-- What users' standings in achievements depend on, far cheaper than the standings.
SELECT users.subject, asked.frequency, seq, updated, settled, anniversary_at,
       (SELECT sum(recorded)::bigint FROM completions WHERE completions.subject = users.subject),
       length * (1 - lost), expires_at, preferences,
       (SELECT count(*) FROM revocations WHERE revocations.subject = users.subject)
FROM unnest($1::bytea[], $2::text[]) AS asked (subject, frequency)
JOIN users USING (subject)
LEFT JOIN streaks ON streaks.subject = users.subject AND streaks.frequency = asked.frequency;

-- name: day_total_before
-- What a user's measure had come to before a day.
SELECT coalesce(sum(change), 0)::bigint
FROM (
    SELECT change FROM rollups WHERE subject = $1 AND measure = $2 AND day < $3
    UNION ALL
    SELECT change FROM newest_days WHERE subject = $1 AND measure = $2 AND day < $3
) AS changes;

-- name: day_changes
-- A user's daily changes of one measure between two days.
SELECT day, sum(change)::bigint
FROM (
    SELECT day, change FROM rollups WHERE subject = $1 AND measure = $2 AND day BETWEEN $3 AND $4
    UNION ALL
    SELECT day, change FROM newest_days WHERE subject = $1 AND measure = $2 AND day BETWEEN $3 AND $4
) AS changes
GROUP BY day
ORDER BY day;

-- name: counts
-- Completions per achievement of an environment and tenant, and its users under 0.
SELECT achievement, sum(count)::bigint AS count
FROM counters
WHERE environment = $1 AND tenant = $2
GROUP BY achievement;

-- name: all_subjects_after
-- A page of users of every environment, for a sweep.
SELECT subject, environment, tenant, user_id
FROM users
WHERE subject > $1
ORDER BY subject
LIMIT $2;

-- name: subjects_after
-- A page of users of one environment, for a sweep.
SELECT subject, environment, tenant, user_id
FROM users
WHERE subject > $1 AND environment = $3
ORDER BY subject
LIMIT $2;

-- name: unsettled_after
-- A page of users of one environment who are settled to less than a version, for the backdate job.
SELECT subject, environment, tenant, user_id
FROM users
WHERE subject > $1 AND environment = $3 AND settled < $4
ORDER BY subject
LIMIT $2;

-- name: anniversaries_due
-- Users whose anniversary has come, the longest waiting first, for the anniversary job.
SELECT subject, environment, tenant, user_id
FROM users
WHERE anniversary_at <= $1
ORDER BY anniversary_at
LIMIT $2;

-- name: events_after
-- A page of a user's event log, so that a stream holds no transaction open and vacuum can go on.
SELECT seq, id, metric, value, at, recorded, day, attributes, key
FROM events
WHERE subject = $1 AND seq > $2
ORDER BY seq
LIMIT $3;
