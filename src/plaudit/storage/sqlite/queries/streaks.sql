-- Streak care: whom the expiry job has to look at, and whose pauses are meant.

-- name: streaks_due
-- Users with a streak that has expired and whose loss nobody has noticed, the longest waiting first.
SELECT subject, environment, tenant, user_id
FROM streaks JOIN users USING (subject)
WHERE lost = 0 AND expires_at <= ?1
ORDER BY expires_at
LIMIT ?2;

-- name: streak_rows
-- The rows by which jobs find a user's streaks, for verify.
SELECT frequency, days, length, longest, started, started_at, last_period, extended_at, expires_at, lost, bridged
FROM streaks
WHERE subject = ?1;

-- name: freezes_due
-- Users who have earned streak freezes by the calendar, the longest waiting first.
SELECT subject, environment, tenant, user_id
FROM users
WHERE freezes_at <= ?1
ORDER BY freezes_at
LIMIT ?2;

-- name: pause_owners
-- Whose a streak pause is; it is deleted by its id alone.
SELECT id, subject, environment, tenant, user_id
FROM streak_pauses JOIN users USING (subject)
WHERE id = ?1 AND archived = 0;
