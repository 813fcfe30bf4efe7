-- Writes of one group: each statement takes its rows as arrays, one array per column. All but the counters lie
-- under the locks of their users, so their order does not matter.

-- name: insert_users
-- Users who are born with this group: their stubs, held since the snapshot, get their rows.
INSERT INTO users (subject, environment, tenant, user_id, email, name, tz, sign_up_date, device_tokens,
                   subscribe_to_emails, attributes, created, updated, seq, settled, anniversary_at, control,
                   freezes, freezes_granted, freezes_at, paused_until, preferences, letter_at, tally)
SELECT *
FROM unnest($1::bytea[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[],
            $9::text[], $10::smallint[], $11::text[], $12::bigint[], $13::bigint[], $14::int[], $15::int[],
            $16::bigint[], $17::smallint[], $18::int[], $19::int[], $20::bigint[], $21::int[], $22::text[],
            $23::bigint[], $24::text[])
ON CONFLICT (subject) DO UPDATE
SET email = excluded.email, name = excluded.name, tz = excluded.tz, sign_up_date = excluded.sign_up_date,
    device_tokens = excluded.device_tokens, subscribe_to_emails = excluded.subscribe_to_emails,
    attributes = excluded.attributes, created = excluded.created, updated = excluded.updated,
    seq = excluded.seq, settled = excluded.settled, anniversary_at = excluded.anniversary_at,
    control = excluded.control, freezes = excluded.freezes, freezes_granted = excluded.freezes_granted,
    freezes_at = excluded.freezes_at, paused_until = excluded.paused_until, preferences = excluded.preferences,
    letter_at = excluded.letter_at, tally = excluded.tally
WHERE users.created = 0;

-- name: replace_users
-- Users whose profile changed: everything but who they are and when they were born.
UPDATE users
SET email = fresh.email, name = fresh.name, tz = fresh.tz, sign_up_date = fresh.sign_up_date,
    device_tokens = fresh.device_tokens, subscribe_to_emails = fresh.subscribe_to_emails,
    attributes = fresh.attributes, updated = fresh.updated, seq = fresh.seq, settled = fresh.settled,
    anniversary_at = fresh.anniversary_at, control = fresh.control, freezes = fresh.freezes,
    freezes_granted = fresh.freezes_granted, freezes_at = fresh.freezes_at, paused_until = fresh.paused_until,
    preferences = fresh.preferences, letter_at = fresh.letter_at, tally = fresh.tally
FROM unnest($1::bytea[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::smallint[], $8::text[],
            $9::bigint[], $10::int[], $11::int[], $12::bigint[], $13::smallint[], $14::int[], $15::int[],
            $16::bigint[], $17::int[], $18::text[], $19::bigint[], $20::text[])
    AS fresh (subject, email, name, tz, sign_up_date, device_tokens, subscribe_to_emails, attributes, updated,
              seq, settled, anniversary_at, control, freezes, freezes_granted, freezes_at, paused_until,
              preferences, letter_at, tally)
WHERE users.subject = fresh.subject;

-- name: move_tallies
-- Users who only had events: the number of the last one, and where everything led to.
UPDATE users
SET seq = moved.seq, tally = moved.tally
FROM unnest($1::bytea[], $2::int[], $3::text[]) AS moved (subject, seq, tally)
WHERE users.subject = moved.subject;

-- name: add_days
-- Changes added to local days.
INSERT INTO rollups (subject, measure, day, change, last_at)
SELECT * FROM unnest($1::bytea[], $2::int[], $3::int[], $4::bigint[], $5::bigint[])
ON CONFLICT (subject, measure, day) DO UPDATE
SET change = rollups.change + excluded.change, last_at = greatest(rollups.last_at, excluded.last_at);

-- name: put_streaks
-- New streak states.
INSERT INTO streaks (subject, frequency, days, length, longest, started, started_at, last_period, extended_at,
                     expires_at, lost, bridged)
SELECT *
FROM unnest($1::bytea[], $2::text[], $3::int[], $4::int[], $5::int[], $6::int[], $7::bigint[], $8::int[],
            $9::bigint[], $10::bigint[], $11::smallint[], $12::int[])
ON CONFLICT (subject, frequency) DO UPDATE
SET days = excluded.days, length = excluded.length, longest = excluded.longest, started = excluded.started,
    started_at = excluded.started_at, last_period = excluded.last_period,
    extended_at = excluded.extended_at, expires_at = excluded.expires_at, lost = excluded.lost,
    bridged = excluded.bridged;

-- name: put_periods
-- Periods that count; a bridged one may be earned after all, and any may be reset or restored.
INSERT INTO streak_periods (subject, frequency, period, counted_at, expires_at, day, kind, reset_at, restored)
SELECT *
FROM unnest($1::bytea[], $2::text[], $3::int[], $4::bigint[], $5::bigint[], $6::int[], $7::text[], $8::bigint[],
            $9::int[])
ON CONFLICT (subject, frequency, period) DO UPDATE
SET counted_at = excluded.counted_at, expires_at = excluded.expires_at, day = excluded.day,
    kind = excluded.kind, reset_at = excluded.reset_at, restored = excluded.restored;

-- name: put_pauses
-- Streak pauses, new or taken back.
INSERT INTO streak_pauses (subject, id, first_day, last_day, archived)
SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::int[], $4::int[], $5::smallint[])
ON CONFLICT (subject, id) DO UPDATE SET archived = excluded.archived;

-- name: insert_events
-- Events for the log.
INSERT INTO events (subject, seq, id, metric, value, at, recorded, day, attributes, key)
SELECT *
FROM unnest($1::bytea[], $2::int[], $3::bytea[], $4::int[], $5::bigint[], $6::bigint[], $7::bigint[], $8::int[],
            $9::text[], $10::text[]);

-- name: insert_keys
-- Idempotency keys; the primary key is the last word on "used before".
INSERT INTO idempotency_keys (subject, metric, key, seq, event_id, fingerprint)
SELECT * FROM unnest($1::bytea[], $2::int[], $3::text[], $4::int[], $5::bytea[], $6::bytea[]);

-- name: insert_completions
-- Completions; the primary key is the last word on "once per user, for ever".
INSERT INTO completions (subject, achievement, id, at, recorded, seq)
SELECT * FROM unnest($1::bytea[], $2::int[], $3::bytea[], $4::bigint[], $5::bigint[], $6::int[]);

-- name: add_counts
-- Global counts, in the order of their keys and after everything else: groups share these rows.
INSERT INTO counters (environment, tenant, achievement, slot, count)
SELECT environment, tenant, achievement, slot, count
FROM unnest($1::int[], $2::text[], $3::int[], $4::smallint[], $5::bigint[])
    AS added (environment, tenant, achievement, slot, count)
ORDER BY environment, tenant, achievement, slot
ON CONFLICT (environment, tenant, achievement, slot) DO UPDATE SET count = counters.count + excluded.count;

-- name: settle_users
-- Users moved to an environment version, never back.
UPDATE users
SET settled = greatest(users.settled, moved.settled)
FROM unnest($1::bytea[], $2::int[]) AS moved (subject, settled)
WHERE users.subject = moved.subject;

-- name: plan_letters
-- When users have to be looked at next, since an e-mail may be due to them.
UPDATE users
SET letter_at = planned.letter_at
FROM unnest($1::bytea[], $2::bigint[]) AS planned (subject, letter_at)
WHERE users.subject = planned.subject;
