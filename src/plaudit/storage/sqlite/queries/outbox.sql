-- The outbox: messages written with their cause, deliveries taken under leases, attempts kept.

-- name: replace_held
-- A message of a lane that is still held back tells the newest state instead; five seconds for clocks that differ.
UPDATE outbox
SET payload = ?2
WHERE subject = ?1 AND id = (
    SELECT message
    FROM deliveries
    WHERE subject = ?1 AND lane > 0 AND lane = ?3 AND status = 'pending' AND attempts = 0 AND due > ?4 + 5000
    ORDER BY position DESC
    LIMIT 1
);

-- name: read_tails
-- Only on SQLite: the last position of each user of a group, and when what waits last for each endpoint is due, in
-- order. Numbers in SQL, message by message, cost three times as much.
SELECT asked.value, endpoints.value, (SELECT max(position) FROM deliveries WHERE subject = asked.value),
       (SELECT due
        FROM deliveries INDEXED BY deliveries_pending
        WHERE subject = asked.value AND endpoint = endpoints.value AND lane = 0 AND status = 'pending'
        ORDER BY position DESC
        LIMIT 1)
FROM carray(?1) AS asked CROSS JOIN carray(?2) AS endpoints;

-- name: read_lane
-- Only on SQLite: when the last message of a user's lane was, or is to be sent.
SELECT max(due) FROM deliveries WHERE subject = ?1 AND lane > 0 AND lane = ?2;

-- name: insert_messages
-- Messages behind the user's others.
INSERT INTO outbox (subject, id, position, environment, created, payload)
VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: insert_deliveries
-- One delivery per endpoint; a doubled one is refused.
INSERT INTO deliveries (subject, position, endpoint, id, message, environment, tenant, user_id, type, lane,
                        status, attempts, round, created, due, finished, lease_owner, lease_until)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'pending', 0, 0, ?11, ?12, NULL, NULL, 0);

-- name: listening_environments
-- The environments that have an endpoint.
SELECT DISTINCT environment FROM documents WHERE kind = 'Webhook' AND archived = 0 ORDER BY environment;

-- name: any_due
-- Whether anything is due, asked without a lock, since mostly there is nothing.
SELECT 1 FROM deliveries WHERE status = 'pending' AND due <= ?1 LIMIT 1;

-- name: lease_deliveries
-- Takes deliveries that are due, nobody holds, and nothing older of the same user, endpoint and lane goes before.
UPDATE deliveries
SET lease_owner = ?1, lease_until = ?3
WHERE (subject, position, endpoint) IN (
    SELECT subject, position, endpoint
    FROM deliveries AS due
    WHERE status = 'pending' AND due <= ?2 AND lease_until <= ?2
      AND endpoint NOT IN (SELECT value FROM json_each(?5))
      AND NOT EXISTS (
          SELECT 1
          FROM deliveries AS older
          WHERE older.subject = due.subject AND older.endpoint = due.endpoint AND older.lane = due.lane
            AND older.status = 'pending' AND older.position < due.position
      )
    ORDER BY due, position
    LIMIT ?4
)
RETURNING subject, position, endpoint, id, message, environment, tenant, user_id, type, lane, status, attempts,
          round, created, due, finished;

-- name: read_payload
-- The body of a message; none when it has been cleared away.
SELECT payload FROM outbox WHERE subject = ?1 AND id = ?2;

-- name: save_delivery
-- Where a delivery stands after a step, if the lease is still this owner's.
UPDATE deliveries
SET status = ?5, attempts = ?6, round = ?7, due = ?8, finished = ?9, lease_owner = NULL, lease_until = 0
WHERE subject = ?1 AND position = ?2 AND endpoint = ?3 AND lease_owner = ?4;

-- name: delay_followers
-- What waits behind a delivery that has failed for now need not be looked at before it is tried again.
UPDATE deliveries
SET due = ?5
WHERE subject = ?1 AND endpoint = ?2 AND lane = ?3 AND position > ?4 AND status = 'pending' AND due < ?5;

-- name: insert_attempt
-- An attempt; one that a sender who lost its lease made too is kept once.
INSERT INTO delivery_attempts (subject, delivery, number, at, status, milliseconds, error, head)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (subject, delivery, number) DO NOTHING;

-- name: deliveries
-- A page of an environment's deliveries that a tenant may see, the newest first.
SELECT subject, position, endpoint, id, message, environment, tenant, user_id, type, lane, status, attempts,
       round, created, due, finished
FROM deliveries
WHERE environment = ?1 AND (?2 IS NULL OR endpoint = ?2) AND (?3 IS NULL OR type = ?3)
  AND (?4 IS NULL OR status = ?4) AND (?5 IS NULL OR subject = ?5)
  AND (?8 IS NULL OR tenant = ?8 OR (tenant = '' AND user_id IS NULL))
ORDER BY id DESC
LIMIT ?6 OFFSET ?7;

-- name: delivery
-- One delivery by its id.
SELECT subject, position, endpoint, id, message, environment, tenant, user_id, type, lane, status, attempts,
       round, created, due, finished
FROM deliveries
WHERE environment = ?1 AND id = ?2;

-- name: read_attempts
-- The attempts of a delivery, the first one first.
SELECT number, at, status, milliseconds, error, head
FROM delivery_attempts
WHERE subject = ?1 AND delivery = ?2
ORDER BY number;

-- name: replay_delivery
-- Puts a finished delivery on its way again, if its message is still there.
UPDATE deliveries
SET status = 'pending', round = 0, due = ?4, finished = NULL
WHERE subject = ?1 AND position = ?2 AND endpoint = ?3 AND status <> 'pending'
  AND EXISTS (SELECT 1 FROM outbox WHERE subject = ?1 AND id = deliveries.message);

-- name: prune_messages
-- Clears away messages that are delivered or cancelled and old enough; failed ones are kept longer.
DELETE FROM outbox
WHERE (subject, id) IN (
    SELECT subject, id
    FROM outbox AS old
    WHERE environment = ?1 AND created < ?2 AND NOT EXISTS (
        SELECT 1
        FROM deliveries
        WHERE subject = old.subject AND position = old.position
          AND (status = 'pending' OR (status = 'failed' AND created >= ?3))
    )
    LIMIT ?4
);

-- name: prune_attempts
-- Clears away the attempts of deliveries older than an id.
DELETE FROM delivery_attempts
WHERE (subject, delivery) IN (
    SELECT subject, id FROM deliveries WHERE environment = ?1 AND id < ?2 AND status <> 'pending' LIMIT ?3
);

-- name: prune_deliveries
-- Clears away finished deliveries older than an id, the same ones as their attempts.
DELETE FROM deliveries
WHERE (subject, position, endpoint) IN (
    SELECT subject, position, endpoint
    FROM deliveries
    WHERE environment = ?1 AND id < ?2 AND status <> 'pending'
    LIMIT ?3
);

-- name: letters_due
-- Users of an environment to whom an e-mail may be due, the longest waiting first.
SELECT subject, environment, tenant, user_id
FROM users
WHERE environment = ?1 AND letter_at <= ?2
ORDER BY letter_at
LIMIT ?3;

-- name: streaks_ending
-- Users with a live streak that ends in a while, in the order of its end, after an end and a subject.
SELECT subject, environment, tenant, user_id, expires_at
FROM streaks JOIN users USING (subject)
WHERE lost = 0 AND (expires_at, subject) > (?1, ?2) AND expires_at <= ?3
ORDER BY expires_at, subject
LIMIT ?4;
