-- Statistics for the dashboard: they read a part of an environment's users at a time, on a
-- connection of their own, and seldom: those with a subject from the third parameter to the fourth. A `+` keeps SQLite
-- from going through all users of the environment for every part, and from looking for each of many achievements of
-- each user, who has few (100 of them and 100,000 users: 2.7 s instead of 0.1). Events are looked for user by user, or
-- their days and tallies would be read with them.

-- name: users_and_events
-- How many users an environment and tenant have, and how many events.
SELECT count(*), coalesce(sum(seq), 0)
FROM users NATURAL LEFT JOIN sequences
WHERE +environment = ?1 AND tenant = ?2 AND subject BETWEEN ?3 AND ?4;

-- name: first_event
-- When the first event of an environment and tenant was, in Unix ms.
SELECT min(events.at)
FROM users CROSS JOIN events ON events.subject = users.subject
WHERE +users.environment = ?1 AND users.tenant = ?2 AND users.subject BETWEEN ?3 AND ?4;

-- name: event_days
-- Of UTC days (ordinals) since an instant, in steps of so many days: first day, events, active users.
SELECT (events.at + 62135596800000) / 86400000 / ?6 * ?6 + 1 AS first_day, count(*), count(DISTINCT events.subject)
FROM users CROSS JOIN events ON events.subject = users.subject
WHERE +users.environment = ?1 AND users.tenant = ?2 AND users.subject BETWEEN ?3 AND ?4 AND events.at >= ?5
GROUP BY first_day;

-- name: completion_days
-- Completions of some achievements on each UTC day (ordinal) since an instant.
SELECT (completions.at + 62135596800000) / 86400000 + 1 AS day, count(*)
FROM users JOIN completions ON completions.subject = users.subject
WHERE +users.environment = ?1 AND users.tenant = ?2 AND users.subject BETWEEN ?3 AND ?4 AND +completions.achievement IN (SELECT value FROM json_each(?5)) AND completions.at >= ?6
GROUP BY day;

-- name: newest_completions
-- The newest completions of some achievements: achievement, user's id and name, when, and its own id.
SELECT completions.achievement, users.user_id, users.name, completions.at, completions.id
FROM users JOIN completions ON completions.subject = users.subject
WHERE +users.environment = ?1 AND users.tenant = ?2 AND users.subject BETWEEN ?3 AND ?4 AND +completions.achievement IN (SELECT value FROM json_each(?5))
ORDER BY completions.at DESC, completions.id DESC
LIMIT ?6;

-- name: top_users
-- The users with most completions of some achievements: id, name, completions, events.
SELECT users.user_id, users.name, count(*) AS done,
       coalesce((SELECT seq FROM sequences WHERE sequences.subject = users.subject), 0) AS seq
FROM users JOIN completions ON completions.subject = users.subject
WHERE +users.environment = ?1 AND users.tenant = ?2 AND users.subject BETWEEN ?3 AND ?4 AND +completions.achievement IN (SELECT value FROM json_each(?5))
GROUP BY users.subject, users.user_id, users.name
ORDER BY done DESC, seq DESC, users.user_id
LIMIT ?6;

-- name: owners_before
-- A page of those who have an achievement, the newest first, before one of them: subject, id, name, and when.
SELECT users.subject, users.user_id, users.name, completions.at
FROM users JOIN completions ON completions.subject = users.subject
WHERE users.environment = ?1 AND users.tenant = ?2 AND completions.achievement = ?3
    AND (completions.at < ?4 OR (completions.at = ?4 AND completions.subject < ?5))
ORDER BY completions.at DESC, completions.subject DESC
LIMIT ?6;

-- name: retention_weeks
-- Users by whether they had an achievement within a day of their first event, and whole weeks since: how many.
SELECT early, (?6 - first) / 604800000 AS weeks, count(*)
FROM (
    SELECT firsts.first, coalesce(completions.at < firsts.first + 86400000, FALSE) AS early
    FROM (
        SELECT events.subject, min(events.at) AS first
        FROM users CROSS JOIN events ON events.subject = users.subject
        WHERE +users.environment = ?1 AND users.tenant = ?2 AND users.subject BETWEEN ?3 AND ?4
        GROUP BY events.subject
    ) AS firsts
    LEFT JOIN completions ON completions.subject = firsts.subject AND completions.achievement = ?5
) AS known
GROUP BY early, weeks;

-- name: retention_active
-- As retention_weeks: early, week after the first event, users with an event in it, of weeks that are over.
SELECT early, week, count(*)
FROM (
    SELECT DISTINCT events.subject, (events.at - firsts.first) / 604800000 AS week,
        coalesce(completions.at < firsts.first + 86400000, FALSE) AS early, firsts.first
    FROM (
        SELECT events.subject, min(events.at) AS first
        FROM users CROSS JOIN events ON events.subject = users.subject
        WHERE +users.environment = ?1 AND users.tenant = ?2 AND users.subject BETWEEN ?3 AND ?4
        GROUP BY events.subject
    ) AS firsts
    JOIN events ON events.subject = firsts.subject
    LEFT JOIN completions ON completions.subject = firsts.subject AND completions.achievement = ?5
    WHERE events.at < firsts.first + 7862400000
) AS active
WHERE first + (week + 1) * 604800000 <= ?6
GROUP BY early, week;
