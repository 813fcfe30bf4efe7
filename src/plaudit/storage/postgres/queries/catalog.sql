-- Definitions, keys and badges: read seldom, written rarely.

-- name: environments
-- Every environment, by number.
SELECT number, id, key, name, priority, version, created, settings FROM environments ORDER BY number;

-- name: environment
-- One environment.
SELECT number, id, key, name, priority, version, created, settings FROM environments WHERE number = $1;

-- name: insert_environment
-- A new environment, numbered and placed behind the others.
INSERT INTO environments (number, id, key, name, priority, version, settings, created)
SELECT coalesce(max(number), 0) + 1, $1, $2, $3, coalesce(max(priority), 0) + 1, 1, $4, $5 FROM environments
RETURNING number, id, key, name, priority, version, created, settings;

-- name: metrics
-- The metrics of an environment.
SELECT number, id, key, name, unit_type, units, created, archived
FROM metrics
WHERE environment = $1
ORDER BY number;

-- name: attributes
-- The declared attributes of an environment.
SELECT id, key, name, type, created, archived
FROM attributes
WHERE environment = $1
ORDER BY created, id;

-- name: measures
-- The measures of an environment.
SELECT number, metric, filters, since
FROM measures
WHERE environment = $1
ORDER BY number;

-- name: achievements
-- The achievements of an environment.
SELECT definition FROM achievements WHERE environment = $1 ORDER BY number;

-- name: hold_edits
-- Only on PostgreSQL: one edit at a time in the whole database, since numbers are the database's; SQLite has one
-- writer. Readers are not stopped.
LOCK TABLE environments IN SHARE ROW EXCLUSIVE MODE;

-- name: close_definitions
-- Only on PostgreSQL: waits for users being born under the old version, before the new one can be seen (see
-- hold_definitions).
LOCK TABLE generation IN EXCLUSIVE MODE;

-- name: documents
-- The definitions of an environment that are kept as one document each: points, leaderboards, tenants, webhooks.
SELECT document FROM documents WHERE environment = $1 ORDER BY number;

-- name: owners
-- The definitions of an environment that belong to one tenant, and to which.
SELECT id, tenant FROM metrics WHERE environment = $1 AND tenant <> ''
UNION ALL
SELECT id, tenant FROM attributes WHERE environment = $1 AND tenant <> ''
UNION ALL
SELECT id, tenant FROM achievements WHERE environment = $1 AND tenant <> ''
UNION ALL
SELECT id, tenant FROM documents WHERE environment = $1 AND tenant <> '';

-- name: generation
-- The number that grows with every change.
SELECT number FROM generation;

-- name: grow_generation
-- Tells every process that something changed.
UPDATE generation SET number = number + 1;

-- name: raise_version
-- Tells the turnstile that an environment's definitions changed.
UPDATE environments SET version = version + 1 WHERE number = $1;

-- name: highest_metric
-- The highest metric number in use.
SELECT coalesce(max(number), 0) FROM metrics;

-- name: highest_measure
-- The highest measure number in use.
SELECT coalesce(max(number), 0) FROM measures;

-- name: highest_achievement
-- The highest achievement number in use; 0 counts users, so 1 is the first.
SELECT coalesce(max(number), 0) FROM achievements;

-- name: highest_document
-- The highest document number in use.
SELECT coalesce(max(number), 0) FROM documents;

-- name: put_metric
-- A metric, new or changed.
INSERT INTO metrics (number, environment, id, key, name, unit_type, units, created, archived, tenant)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (number) DO UPDATE
SET key = excluded.key, name = excluded.name, unit_type = excluded.unit_type, units = excluded.units,
    archived = excluded.archived;

-- name: put_attribute
-- A declared attribute, new or changed.
INSERT INTO attributes (id, environment, key, name, type, created, archived, tenant)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (id) DO UPDATE
SET key = excluded.key, name = excluded.name, type = excluded.type, archived = excluded.archived;

-- name: put_measure
-- A measure, new or fed from another version on.
INSERT INTO measures (number, environment, metric, filters, since)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (number) DO UPDATE
SET metric = excluded.metric, filters = excluded.filters, since = excluded.since;

-- name: put_achievement
-- An achievement, new or changed.
INSERT INTO achievements (number, environment, id, definition, archived, tenant)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (number) DO UPDATE SET definition = excluded.definition, archived = excluded.archived;

-- name: put_document
-- A definition kept as one document, new or changed.
INSERT INTO documents (number, environment, id, kind, document, archived, tenant)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (number) DO UPDATE SET document = excluded.document, archived = excluded.archived;

-- name: put_settings
-- The switches of an environment.
UPDATE environments SET settings = $2 WHERE number = $1;

-- name: keys
-- Every key that is valid.
SELECT id, environment, kind, prefix, digest, tenant, user_id, created, name FROM api_keys ORDER BY created, id;

-- name: put_key
-- A key, new or replaced under its id.
INSERT INTO api_keys (id, environment, kind, prefix, digest, tenant, user_id, created, name)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (id) DO UPDATE
SET environment = excluded.environment, kind = excluded.kind, prefix = excluded.prefix, digest = excluded.digest,
    tenant = excluded.tenant, user_id = excluded.user_id, created = excluded.created,
    name = excluded.name;

-- name: delete_key
-- A key of an environment, of one kind.
DELETE FROM api_keys
WHERE id = $1 AND environment = $2 AND kind = $3
RETURNING id;

-- name: put_badge
-- A badge image under its content hash; the same image twice is one row.
INSERT INTO badges (hash, mime, data, created)
VALUES ($1, $2, $3, $4)
ON CONFLICT (hash) DO NOTHING;

-- name: badge
-- One badge image.
SELECT mime, data FROM badges WHERE hash = $1;

-- name: save_environment
-- The name and the place of an environment.
UPDATE environments SET name = $2, priority = $3 WHERE number = $1;
