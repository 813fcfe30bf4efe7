-- Reads of a group of users. A round trip costs more than a row, so the parts of a reading are joined into one
-- statement (see `statements.py`): their parameters are numbered through, and `$1` is always the subjects.

-- name: lock_users
-- Only on PostgreSQL: locks the users of a group who exist, in the order of their subjects, and reads them.
-- SQLite has one writer.
SELECT subject, user_id, email, name, tz, sign_up_date, device_tokens, subscribe_to_emails, attributes,
       created, updated, seq, settled, anniversary_at, control, freezes, freezes_granted, freezes_at,
       paused_until, preferences, letter_at, tally
FROM users
WHERE subject = ANY($1::bytea[])
ORDER BY subject
FOR UPDATE;

-- name: read_users
-- The users of a group who exist, without locks, for pages.
SELECT subject, user_id, email, name, tz, sign_up_date, device_tokens, subscribe_to_emails, attributes,
       created, updated, seq, settled, anniversary_at, control, freezes, freezes_granted, freezes_at,
       paused_until, preferences, letter_at, tally
FROM users
WHERE subject = ANY($1::bytea[]);

-- name: insert_stubs
-- Only on PostgreSQL: rows for users who do not exist yet, so that there is something to lock; a rival's stub
-- is waited for.
INSERT INTO users (subject, environment, tenant, user_id, device_tokens, subscribe_to_emails, attributes,
                   created, updated, seq, settled, control)
SELECT subject, environment, tenant, user_id, '[]', 0, '{}', 0, 0, 0, 0, 0
FROM unnest($1::bytea[], $2::int[], $3::text[], $4::text[]) AS asked (subject, environment, tenant, user_id)
ORDER BY subject
ON CONFLICT (subject) DO NOTHING
RETURNING subject;

-- name: delete_stubs
-- Only on PostgreSQL: stubs nobody was born into, removed before the commit.
DELETE FROM users WHERE subject = ANY($1::bytea[]);

-- name: read_keys
-- Idempotency keys that were used, of those asked for.
SELECT subject, metric, key, seq, event_id, fingerprint
FROM unnest($1::bytea[], $2::int[], $3::text[]) AS asked (subject, metric, key)
JOIN idempotency_keys USING (subject, metric, key);

-- name: read_completions
-- Everything users have completed.
SELECT subject, achievement, id, at, recorded, seq FROM completions WHERE subject = ANY($1::bytea[]);

-- name: read_revocations
-- Only on PostgreSQL: what users completed and an admin took back; SQLite reads it with the completions.
SELECT subject, achievement FROM revocations WHERE subject = ANY($1::bytea[]);

-- name: read_some_completions
-- What users have completed of some achievements, and (with no id) lost again; for them alone, without other parts.
SELECT subject, achievement, id, at, recorded, seq
FROM unnest($1::bytea[], $2::int[]) AS asked (subject, achievement)
JOIN completions USING (subject, achievement)
UNION ALL
SELECT subject, achievement, NULL, at, at, NULL
FROM unnest($1::bytea[], $2::int[]) AS asked (subject, achievement)
JOIN revocations USING (subject, achievement);

-- name: read_days
-- Daily changes of every measure, of each user since the day asked for (null asks for none).
SELECT subject, measure, day, sum(change)::bigint, max(last_at)
FROM (
    SELECT subject, measure, day, change, last_at
    FROM unnest($1::bytea[], $2::int[]) AS asked (subject, since)
    JOIN rollups USING (subject)
    WHERE day >= since
    UNION ALL
    SELECT subject, measure, day, change, last_at
    FROM unnest($1::bytea[], $2::int[]) AS asked (subject, since)
    JOIN newest_days USING (subject)
    WHERE day >= since
) AS changes
GROUP BY subject, measure, day;

-- name: read_periods
-- Every period that counts, by frequency and period, of the users for whom it is wanted.
SELECT subject, frequency, period, counted_at, expires_at, day, kind, reset_at, restored
FROM unnest($1::bytea[], $3::bool[]) AS asked (subject, wanted)
JOIN streak_periods USING (subject)
WHERE wanted
ORDER BY frequency, period;

-- name: read_pauses
-- Streak pauses that were not taken back, of the users for whom periods are wanted.
SELECT subject, id, first_day, last_day, archived
FROM unnest($1::bytea[], $3::bool[]) AS asked (subject, wanted)
JOIN streak_pauses USING (subject)
WHERE wanted AND archived = 0
ORDER BY first_day, id;

-- name: hold_definitions
-- Only on PostgreSQL: lets an edit of definitions wait for the users about to be born, and them for it. They are
-- settled to the version they see, and the backdate after the edit must find them.
LOCK TABLE generation IN ROW SHARE MODE;

-- name: read_versions
-- The versions of environments.
SELECT number, version FROM environments WHERE number = ANY($1::int[]);

-- name: read_events
-- A user's whole event log in its order.
SELECT seq, id, metric, value, at, recorded, day, attributes, key
FROM events
WHERE subject = $1
ORDER BY seq;
