-- Reads of a group of users. A round trip costs more than a row, so whatever may be read together is one
-- statement: the parts of a reading come as rows of one shape, told apart by `part`.

-- name: lock_users
-- Locks the users of a group who exist, in the order of their subjects, and reads their rows.
SELECT subject, user_id, email, name, tz, sign_up_date, device_tokens, subscribe_to_emails, attributes,
       created, updated, seq, settled, anniversary_at, control, freezes, freezes_granted, freezes_at,
       paused_until, preferences
FROM users
WHERE subject = ANY($1::bytea[])
ORDER BY subject
FOR UPDATE;

-- name: read_users
-- The same without locks, for pages.
SELECT subject, user_id, email, name, tz, sign_up_date, device_tokens, subscribe_to_emails, attributes,
       created, updated, seq, settled, anniversary_at, control, freezes, freezes_granted, freezes_at,
       paused_until, preferences
FROM users
WHERE subject = ANY($1::bytea[]);

-- name: insert_stubs
-- Rows for users who do not exist yet, so that there is something to lock; a rival's stub is waited for.
INSERT INTO users (subject, environment, tenant, user_id, device_tokens, subscribe_to_emails, attributes,
                   created, updated, seq, settled, control)
SELECT subject, environment, tenant, user_id, '[]', 0, '{}', 0, 0, 0, 0, 0
FROM unnest($1::bytea[], $2::int[], $3::text[], $4::text[]) AS asked (subject, environment, tenant, user_id)
ORDER BY subject
ON CONFLICT (subject) DO NOTHING
RETURNING subject;

-- name: delete_stubs
-- Stubs nobody was born into, removed before the commit.
DELETE FROM users WHERE subject = ANY($1::bytea[]);

-- name: read_shallow
-- Running values (part 0) and streaks (part 1) of a group of users.
SELECT 0 AS part, subject, NULL::text AS name, measure AS number, total AS a, last_at AS b, NULL::bigint AS c,
       NULL::bigint AS d, NULL::bigint AS e, NULL::bigint AS f, NULL::bigint AS g, NULL::bigint AS h,
       NULL::bigint AS i
FROM totals
WHERE subject = ANY($1::bytea[])
UNION ALL
SELECT 1, subject, frequency, days, length, longest, started, started_at, last_period, extended_at, expires_at,
       lost, bridged
FROM streaks
WHERE subject = ANY($1::bytea[]);

-- name: read_keys
-- Idempotency keys that were used, of those asked for.
SELECT subject, metric, key, seq, event_id, fingerprint
FROM unnest($1::bytea[], $2::int[], $3::text[]) AS asked (subject, metric, key)
JOIN idempotency_keys USING (subject, metric, key);

-- name: read_details
-- Completions (part 0), days since an ordinal (part 1), periods (part 2) and streak pauses (part 3) of users, as
-- deep as asked for each.
SELECT 0 AS part, subject, NULL::text AS name, NULL::text AS kind, id, achievement AS number, at AS a,
       recorded AS b, seq::bigint AS c, NULL::bigint AS d, NULL::bigint AS e
FROM completions
WHERE subject = ANY($1::bytea[])
UNION ALL
SELECT 0, subject, NULL, NULL, NULL, achievement, at, at, NULL, NULL, NULL
FROM revocations
WHERE subject = ANY($1::bytea[])
UNION ALL
SELECT 1, subject, NULL, NULL, NULL, measure, day, change, last_at, NULL, NULL
FROM unnest($1::bytea[], $2::int[]) AS asked (subject, since)
JOIN rollups USING (subject)
WHERE day >= since
UNION ALL
SELECT 2, subject, frequency, kind, NULL, period, counted_at, expires_at, day, reset_at, restored
FROM unnest($1::bytea[], $3::bool[]) AS asked (subject, wanted)
JOIN streak_periods USING (subject)
WHERE wanted
UNION ALL
SELECT 3, subject, NULL, NULL, id, first_day, last_day, NULL, NULL, NULL, NULL
FROM unnest($1::bytea[], $3::bool[]) AS asked (subject, wanted)
JOIN streak_pauses USING (subject)
WHERE wanted AND archived = 0;

-- name: hold_definitions
-- Lets an edit of definitions wait for the users about to be born, and them for it: they are settled to the
-- version they see, and the backdate after the edit must find them.
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
