-- Backdate jobs: leased rows, so that one worker at a time settles, and a dead one's work is taken up.

-- name: put_backdate
-- A backdate, new or changed; its lease stays as it is.
INSERT INTO backdates (id, environment, version, cursor, done, total, completions, created, finished)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (id) DO UPDATE
SET version = excluded.version, cursor = excluded.cursor, done = excluded.done, total = excluded.total,
    completions = excluded.completions, finished = excluded.finished;

-- name: backdates
-- Backdates of one environment or (null) of all, finished ones only when asked for.
SELECT id, environment, version, cursor, done, total, completions, created, finished
FROM backdates
WHERE ($1::int IS NULL OR environment = $1) AND (finished IS NULL OR NOT $2::bool)
ORDER BY created, id;

-- name: lease_backdate
-- Takes the oldest unfinished backdate that nobody holds; one that a rival is just taking is passed over.
UPDATE backdates
SET lease_owner = $1, lease_until = $3
WHERE id = (
    SELECT id
    FROM backdates
    WHERE finished IS NULL AND (lease_until IS NULL OR lease_until <= $2)
    ORDER BY created, id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING id, environment, version, cursor, done, total, completions, created, finished;

-- name: save_backdate
-- Progress of a backdate, if the lease is still this owner's.
UPDATE backdates
SET cursor = $3, done = $4, total = $5, completions = $6, finished = $7, lease_until = $8
WHERE id = $1 AND lease_owner = $2
RETURNING id;
