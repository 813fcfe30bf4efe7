-- People: erasing, revoking and merging them, lists of users and events, and the audit log of admin actions.

-- name: erase_users
-- The rows of users who go.
DELETE FROM users WHERE subject = ?1;

-- name: erase_rollups
-- The rows of users who go, their tallies beside them included.
DELETE FROM tallies WHERE subject = ?1 AND day <= 4000000 AND kind IN (1, 6);

-- name: erase_streaks
-- The rows of users who go.
DELETE FROM streaks WHERE subject = ?1;

-- name: erase_streak_periods
-- The rows of users who go.
DELETE FROM streak_periods WHERE subject = ?1;

-- name: erase_completions
-- The rows of users who go.
DELETE FROM completions WHERE subject = ?1;

-- name: erase_events
-- The rows of users who go.
DELETE FROM tallies WHERE subject = ?1 AND day = 4000001 AND kind = 8;

-- name: erase_idempotency_keys
-- The rows of users who go.
DELETE FROM idempotency_keys WHERE subject = ?1;

-- name: erase_revocations
-- The rows of users who go.
DELETE FROM revocations WHERE subject = ?1;

-- name: erase_streak_pauses
-- The rows of users who go.
DELETE FROM streak_pauses WHERE subject = ?1;

-- name: erase_merges
-- The rows of users who go.
DELETE FROM merges WHERE subject = ?1;

-- name: erase_points_awards
-- The rows of users who go.
DELETE FROM tallies WHERE subject = ?1 AND day = 4000001 AND kind >= 100;

-- name: erase_points_days
-- The rows of users who go.
DELETE FROM tallies WHERE subject = ?1 AND day < 4000000 AND kind = 7;

-- name: erase_points_dues
-- The rows of users who go.
DELETE FROM points_dues WHERE subject = ?1;

-- name: erase_outbox
-- The rows of users who go.
DELETE FROM outbox WHERE subject = ?1;

-- name: erase_deliveries
-- The rows of users who go.
DELETE FROM deliveries WHERE subject = ?1;

-- name: erase_delivery_attempts
-- The rows of users who go.
DELETE FROM delivery_attempts WHERE subject = ?1;

-- name: delete_completions
-- Completions that are taken back.
DELETE FROM completions WHERE subject = ?1 AND achievement = ?2;

-- name: put_revocations
-- What was taken back, so that the state that earned it earns it no more.
INSERT INTO revocations (subject, achievement, completion, at)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (subject, achievement) DO UPDATE SET completion = excluded.completion, at = excluded.at;

-- name: put_merges
-- Users who became part of others.
INSERT INTO merges (subject, target, at)
VALUES (?1, ?2, ?3)
ON CONFLICT (subject) DO UPDATE SET target = excluded.target, at = excluded.at;

-- name: read_merge
-- Whom a user became part of, the last time.
SELECT target FROM merges WHERE subject = ?1;

-- name: read_all_keys
-- Every idempotency key of a user.
SELECT metric, key, seq, event_id, fingerprint FROM idempotency_keys WHERE subject = ?1;

-- name: read_all_revocations
-- What was taken back from a user.
SELECT achievement, completion, at FROM revocations WHERE subject = ?1;

-- name: users_after
-- A page of the users of an environment and tenant by id.
SELECT subject, environment, tenant, user_id
FROM users
WHERE environment = ?1 AND tenant = ?2 AND user_id > ?3
ORDER BY user_id
LIMIT ?4;

-- name: users_end
-- The id some users further, where a stretch of the search ends.
SELECT user_id
FROM users
WHERE environment = ?1 AND tenant = ?2 AND user_id > ?3
ORDER BY user_id
LIMIT 1 OFFSET ?4;

-- name: users_sought
-- The users of a stretch whose id, name or e-mail address is like a text, answered from an index alone.
SELECT user_id, name, email
FROM users
WHERE environment = ?1 AND tenant = ?2 AND user_id > ?3 AND user_id <= ?4
      AND (user_id LIKE ?5 ESCAPE '\' OR name LIKE ?5 ESCAPE '\' OR email LIKE ?5 ESCAPE '\')
ORDER BY user_id;

-- name: events_before
-- A page of a user's events, the newest first, that match what is asked (null asks nothing).
SELECT seq, id, metric, value, at, recorded, day, attributes, key
FROM events
WHERE subject = ?1 AND seq < ?2 AND (?3 IS NULL OR metric = ?3) AND (?4 IS NULL OR at >= ?4)
      AND (?5 IS NULL OR at < ?5) AND (?6 IS NULL OR key = ?6)
ORDER BY seq DESC
LIMIT ?7;

-- name: last_action
-- The end of an environment's audit log.
SELECT number, hash FROM admin_actions WHERE environment = ?1 ORDER BY number DESC LIMIT 1;

-- name: insert_action
-- An entry of the audit log; there is no statement that changes one.
INSERT INTO admin_actions (environment, number, at, actor, action, target, detail, hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);

-- name: actions_before
-- A page of an audit log, the newest first, of one target and actor, or (null) of all.
SELECT number, environment, at, actor, action, target, detail, hash
FROM admin_actions
WHERE environment = ?1 AND number < ?2 AND (?3 IS NULL OR target = ?3) AND (?5 IS NULL OR actor = ?5)
ORDER BY number DESC
LIMIT ?4;

-- name: actions_after
-- A page of an audit log in its order, to check its chain.
SELECT number, environment, at, actor, action, target, detail, hash
FROM admin_actions
WHERE environment = ?1 AND number > ?2
ORDER BY number
LIMIT ?3;
