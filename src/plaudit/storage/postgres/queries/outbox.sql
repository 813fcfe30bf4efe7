-- The outbox: messages written with their cause, deliveries taken under leases, attempts kept.

-- name: replace_held
-- Messages of lanes that are still held back tell the newest state instead; five seconds for clocks that differ.
UPDATE outbox
SET payload = fresh.payload
FROM unnest($1::bytea[], $2::bytea[], $3::int[], $4::bigint[]) AS fresh (subject, payload, lane, created)
WHERE outbox.subject = fresh.subject AND outbox.id = (
    SELECT message
    FROM deliveries AS held
    WHERE held.subject = fresh.subject AND held.lane > 0 AND held.lane = fresh.lane
      AND held.status = 'pending' AND held.attempts = 0 AND held.due > fresh.created + 5000
    ORDER BY held.position DESC
    LIMIT 1
);

-- name: insert_messages
-- Messages behind the user's others, but for those that have just replaced one.
INSERT INTO outbox (subject, id, position, environment, created, payload)
SELECT fresh.subject, fresh.id,
       coalesce((SELECT max(position) FROM deliveries WHERE subject = fresh.subject), 0) + fresh.place,
       fresh.environment, fresh.created, fresh.payload
FROM unnest($1::bytea[], $2::bytea[], $3::int[], $4::int[], $5::bigint[], $6::bytea[], $7::int[])
    AS fresh (subject, id, place, environment, created, payload, lane)
WHERE fresh.lane = 0 OR NOT EXISTS (
    SELECT 1
    FROM deliveries AS held
    WHERE held.subject = fresh.subject AND held.lane > 0 AND held.lane = fresh.lane
      AND held.status = 'pending' AND held.attempts = 0 AND held.due > fresh.created + 5000
);

-- name: insert_deliveries
-- One delivery per endpoint: due at once, behind a neighbour that waits, or fifteen minutes after the lane's last.
INSERT INTO deliveries (subject, position, endpoint, id, message, environment, tenant, user_id, type, lane,
                        status, attempts, round, created, due, finished, lease_owner, lease_until)
SELECT fresh.subject,
       coalesce((SELECT max(position) FROM deliveries WHERE subject = fresh.subject), 0) + fresh.place,
       fresh.endpoint, fresh.id, fresh.message, fresh.environment, fresh.tenant, fresh.user_id, fresh.type,
       fresh.lane, 'pending', 0, 0, fresh.created,
       greatest(fresh.created,
                (SELECT due FROM deliveries WHERE subject = fresh.subject AND endpoint = fresh.endpoint
                     AND lane = fresh.lane AND status = 'pending' ORDER BY position DESC LIMIT 1),
                (SELECT max(due) + 900000 FROM deliveries WHERE subject = fresh.subject AND lane > 0
                     AND lane = fresh.lane)),
       NULL, NULL, 0
FROM unnest($1::bytea[], $2::int[], $3::int[], $4::bytea[], $5::bytea[], $6::int[], $7::text[], $8::text[],
            $9::text[], $10::int[], $11::bigint[])
    AS fresh (subject, place, endpoint, id, message, environment, tenant, user_id, type, lane, created)
WHERE fresh.lane = 0 OR NOT EXISTS (
    SELECT 1
    FROM deliveries AS held
    WHERE held.subject = fresh.subject AND held.lane > 0 AND held.lane = fresh.lane
      AND held.status = 'pending' AND held.attempts = 0 AND held.due > fresh.created + 5000
);

-- name: listening_environments
-- The environments that have an endpoint.
SELECT DISTINCT environment FROM documents WHERE kind = 'Webhook' AND archived = 0 ORDER BY environment;

-- name: any_due
-- Whether anything is due, asked without a lock, since mostly there is nothing.
SELECT 1 FROM deliveries WHERE status = 'pending' AND due <= $1 LIMIT 1;

-- name: lease_deliveries
-- Takes deliveries that are due, nobody holds, and nothing older of the same user, endpoint and lane goes before.
UPDATE deliveries
SET lease_owner = $1, lease_until = $3
FROM (
    SELECT subject, position, endpoint
    FROM deliveries AS due
    WHERE status = 'pending' AND due <= $2 AND lease_until <= $2 AND endpoint <> ALL($5::int[])
      AND NOT EXISTS (
          SELECT 1
          FROM deliveries AS older
          WHERE older.subject = due.subject AND older.endpoint = due.endpoint AND older.lane = due.lane
            AND older.status = 'pending' AND older.position < due.position
      )
    ORDER BY due, position
    LIMIT $4
    FOR UPDATE SKIP LOCKED
) AS taken
WHERE deliveries.subject = taken.subject AND deliveries.position = taken.position
  AND deliveries.endpoint = taken.endpoint
RETURNING deliveries.subject, deliveries.position, deliveries.endpoint, id, message, environment, tenant, user_id,
          type, lane, status, attempts, round, created, due, finished;

-- name: read_payload
-- The body of a message; none when it has been cleared away.
SELECT payload FROM outbox WHERE subject = $1 AND id = $2;

-- name: save_delivery
-- Where a delivery stands after a step, if the lease is still this owner's.
UPDATE deliveries
SET status = $5, attempts = $6, round = $7, due = $8, finished = $9, lease_owner = NULL, lease_until = 0
WHERE subject = $1 AND position = $2 AND endpoint = $3 AND lease_owner = $4;

-- name: delay_followers
-- What waits behind a delivery that has failed for now need not be looked at before it is tried again.
UPDATE deliveries
SET due = $5
WHERE subject = $1 AND endpoint = $2 AND lane = $3 AND position > $4 AND status = 'pending' AND due < $5;

-- name: insert_attempt
-- An attempt; one that a sender who lost its lease made too is kept once.
INSERT INTO delivery_attempts (subject, delivery, number, at, status, milliseconds, error, head)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (subject, delivery, number) DO NOTHING;

-- name: deliveries
-- A page of an environment's deliveries that a tenant may see, the newest first.
SELECT subject, position, endpoint, id, message, environment, tenant, user_id, type, lane, status, attempts,
       round, created, due, finished
FROM deliveries
WHERE environment = $1 AND ($2::int IS NULL OR endpoint = $2) AND ($3::text IS NULL OR type = $3)
  AND ($4::text IS NULL OR status = $4) AND ($5::bytea IS NULL OR subject = $5)
  AND ($8::text IS NULL OR tenant = $8 OR (tenant = '' AND user_id IS NULL))
ORDER BY id DESC
LIMIT $6 OFFSET $7;

-- name: delivery
-- One delivery by its id.
SELECT subject, position, endpoint, id, message, environment, tenant, user_id, type, lane, status, attempts,
       round, created, due, finished
FROM deliveries
WHERE environment = $1 AND id = $2;

-- name: read_attempts
-- The attempts of a delivery, the first one first.
SELECT number, at, status, milliseconds, error, head
FROM delivery_attempts
WHERE subject = $1 AND delivery = $2
ORDER BY number;

-- name: replay_delivery
-- Puts a finished delivery on its way again, if its message is still there.
UPDATE deliveries
SET status = 'pending', round = 0, due = $4, finished = NULL
WHERE subject = $1 AND position = $2 AND endpoint = $3 AND status <> 'pending'
  AND EXISTS (SELECT 1 FROM outbox WHERE subject = $1 AND id = deliveries.message);

-- name: prune_messages
-- Clears away messages that are delivered or cancelled and old enough; failed ones are kept longer.
DELETE FROM outbox
WHERE (subject, id) IN (
    SELECT subject, id
    FROM outbox AS old
    WHERE environment = $1 AND created < $2 AND NOT EXISTS (
        SELECT 1
        FROM deliveries
        WHERE subject = old.subject AND position = old.position
          AND (status = 'pending' OR (status = 'failed' AND created >= $3))
    )
    LIMIT $4
);

-- name: prune_attempts
-- Clears away the attempts of deliveries older than an id.
DELETE FROM delivery_attempts
WHERE (subject, delivery) IN (
    SELECT subject, id FROM deliveries WHERE environment = $1 AND id < $2 AND status <> 'pending' LIMIT $3
);

-- name: prune_deliveries
-- Clears away finished deliveries older than an id, the same ones as their attempts.
DELETE FROM deliveries
WHERE (subject, position, endpoint) IN (
    SELECT subject, position, endpoint
    FROM deliveries
    WHERE environment = $1 AND id < $2 AND status <> 'pending'
    LIMIT $3
);

-- name: letters_due
-- Users of an environment to whom an e-mail may be due, the longest waiting first.
SELECT subject, environment, tenant, user_id
FROM users
WHERE environment = $1 AND letter_at <= $2
ORDER BY letter_at
LIMIT $3;

-- name: streaks_ending
-- Users with a live streak that ends in a while, in the order of its end, after an end and a subject.
SELECT subject, environment, tenant, user_id, expires_at
FROM streaks JOIN users USING (subject)
WHERE lost = 0 AND (expires_at, subject) > ($1, $2) AND expires_at <= $3
ORDER BY expires_at, subject
LIMIT $4;
