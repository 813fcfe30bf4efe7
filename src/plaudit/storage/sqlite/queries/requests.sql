-- The log of requests: kept for a while, read the newest first.

-- name: insert_request
-- A request and its outcome.
INSERT INTO requests (id, environment, at, status, method, key, user_id, metric, micros, code, path, query, sentence, body, tenant, idempotency_key)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
        ?15, ?16);

-- name: count_left_out
-- How many requests of an hour were not kept.
INSERT INTO requests_left_out AS known (hour, number)
VALUES (?1, ?2)
ON CONFLICT (hour) DO UPDATE SET number = known.number + excluded.number;

-- name: requests_before
-- A page of requests, the newest first, that match what is asked (null asks nothing).
SELECT id, environment, at, status, method, key, user_id, metric, micros, code, path, query, sentence, body, tenant, idempotency_key
FROM requests
WHERE environment IN (?1, ?2) AND id < ?3 AND status >= ?4 AND status <= ?5
      AND (?6 IS NULL OR user_id = ?6) AND (?7 IS NULL OR metric = ?7) AND (?8 IS NULL OR key = ?8)
      AND (?9 IS NULL OR method = ?9) AND (?10 IS NULL OR tenant IN ('', ?10))
ORDER BY id DESC
LIMIT ?11;

-- name: failed_requests
-- As requests_before, of those that failed, which an index lists.
SELECT id, environment, at, status, method, key, user_id, metric, micros, code, path, query, sentence, body, tenant, idempotency_key
FROM requests
WHERE status >= 400 AND environment IN (?1, ?2) AND id < ?3 AND status >= ?4 AND status <= ?5
      AND (?6 IS NULL OR user_id = ?6) AND (?7 IS NULL OR metric = ?7) AND (?8 IS NULL OR key = ?8)
      AND (?9 IS NULL OR method = ?9) AND (?10 IS NULL OR tenant IN ('', ?10))
ORDER BY id DESC
LIMIT ?11;

-- name: requests_of_user
-- As requests_before, of one user, by an index.
SELECT id, environment, at, status, method, key, user_id, metric, micros, code, path, query, sentence, body, tenant, idempotency_key
FROM requests
WHERE user_id = ?6 AND environment IN (?1, ?2) AND id < ?3 AND status >= ?4 AND status <= ?5
      AND (?6 IS NULL OR user_id = ?6) AND (?7 IS NULL OR metric = ?7) AND (?8 IS NULL OR key = ?8)
      AND (?9 IS NULL OR method = ?9) AND (?10 IS NULL OR tenant IN ('', ?10))
ORDER BY id DESC
LIMIT ?11;

-- name: requests_kept
-- How many requests of an environment are kept, and since when; of a tenant (null asks for all) and of none.
SELECT count(*), min(at) FROM requests WHERE environment IN (?1, ?2) AND (?3 IS NULL OR tenant IN ('', ?3));

-- name: left_out_since
-- How many requests were not kept since an hour.
SELECT coalesce(sum(number), 0) FROM requests_left_out WHERE hour >= ?1;

-- name: forget_requests
-- The requests of a user, also those that named no tenant.
DELETE FROM requests WHERE user_id = ?2 AND environment = ?1 AND tenant IN ('', ?3);

-- name: prune_old_requests
-- Requests with ids before one.
DELETE FROM requests WHERE id IN (SELECT id FROM requests WHERE id < ?1 ORDER BY id LIMIT ?2);

-- name: prune_many_requests
-- Requests beyond a number, the oldest of them.
DELETE FROM requests WHERE id IN (
    SELECT id FROM requests
    WHERE id <= (SELECT id FROM requests ORDER BY id DESC LIMIT 1 OFFSET ?1)
    ORDER BY id
    LIMIT ?2
);

-- name: prune_left_out
-- Counts of hours before one.
DELETE FROM requests_left_out WHERE hour < ?1;
