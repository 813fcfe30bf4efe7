-- Writes of one group, one row per execution; rows come sorted by subject, so neighbours share pages. Days and the rows of
-- scores stand in `tallies`, beside the user's tally (see the migrations), and are read by views.

-- name: insert_users
-- Users who are born with this group.
INSERT INTO users (subject, environment, tenant, user_id, email, name, tz, sign_up_date, device_tokens,
                   subscribe_to_emails, attributes, created, updated, settled, anniversary_at, control, freezes,
                   freezes_granted, freezes_at, paused_until, preferences, letter_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
        ?23);

-- name: replace_users
-- Users whose profile changed: everything but who they are and when they were born.
UPDATE users
SET email = ?2, name = ?3, tz = ?4, sign_up_date = ?5, device_tokens = ?6, subscribe_to_emails = ?7,
    attributes = ?8, updated = ?9, settled = ?11, anniversary_at = ?12, control = ?13, freezes = ?14,
    freezes_granted = ?15, freezes_at = ?16, paused_until = ?17, preferences = ?18,
    letter_at = ?19
WHERE subject = ?1;

-- name: move_tallies
-- Users who were there before: the number of the last event, and where everything led to.
UPDATE tallies SET value = ?2, tally = ?3
WHERE subject = ?1 AND day = 4000000 AND kind = 1 AND number = 0 AND run = 0;

-- name: insert_tallies
-- Only on SQLite: the same of new users, beside their days.
INSERT INTO tallies (subject, day, kind, number, run, value, tally)
VALUES (?1, 4000000, 1, 0, 0, ?2, ?3);

-- name: add_days
-- Changes added to local days.
INSERT INTO tallies (subject, day, kind, number, run, value, at)
VALUES (?1, ?3, 6, ?2, 0, ?4, ?5)
ON CONFLICT (subject, day, kind, number, run) DO UPDATE
SET value = value + excluded.value, at = max(at, excluded.at);

-- name: put_streaks
-- New streak states.
INSERT INTO streaks (subject, frequency, days, length, longest, started, started_at, last_period, extended_at,
                     expires_at, lost, bridged)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
ON CONFLICT (subject, frequency) DO UPDATE
SET days = excluded.days, length = excluded.length, longest = excluded.longest, started = excluded.started,
    started_at = excluded.started_at, last_period = excluded.last_period,
    extended_at = excluded.extended_at, expires_at = excluded.expires_at, lost = excluded.lost,
    bridged = excluded.bridged;

-- name: put_periods
-- Periods that count; a bridged one may be earned after all, and any may be reset or restored.
INSERT INTO streak_periods (subject, frequency, period, counted_at, expires_at, day, kind, reset_at, restored)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
ON CONFLICT (subject, frequency, period) DO UPDATE
SET counted_at = excluded.counted_at, expires_at = excluded.expires_at, day = excluded.day,
    kind = excluded.kind, reset_at = excluded.reset_at, restored = excluded.restored;

-- name: put_pauses
-- Streak pauses, new or taken back.
INSERT INTO streak_pauses (subject, id, first_day, last_day, archived)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (subject, id) DO UPDATE SET archived = excluded.archived;

-- name: insert_events
-- Events for the log, which begins with the newest behind the tally.
INSERT INTO tallies (subject, day, kind, number, run, id, metric, value, at, recorded, local_day, attributes, key)
VALUES (?1, 4000001, 8, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10);

-- name: insert_keys
-- Idempotency keys; the primary key is the last word on "used before".
INSERT INTO idempotency_keys (subject, metric, key, seq, event_id, fingerprint)
VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: insert_completions
-- Completions; the primary key is the last word on "once per user, for ever".
INSERT INTO completions (subject, achievement, id, at, recorded, seq)
VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: add_counts
-- Global counts; SQLite has one writer, so slot 0 is enough.
INSERT INTO counters (environment, tenant, achievement, slot, count)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (environment, tenant, achievement, slot) DO UPDATE SET count = count + excluded.count;

-- name: settle_users
-- Users moved to an environment version, never back.
UPDATE users SET settled = max(settled, ?2) WHERE subject = ?1;

-- name: plan_letters
-- When users have to be looked at next, since an e-mail may be due to them.
UPDATE users SET letter_at = ?2 WHERE subject = ?1;
