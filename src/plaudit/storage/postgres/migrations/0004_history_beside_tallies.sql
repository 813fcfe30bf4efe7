-- The newest day of each measure and points system, which every event moves, becomes part of the tally. (On SQLite
-- events and awards move beside it, too. Here they keep their tables: a row is a version of its own wherever it stands.)
UPDATE users
SET tally = (tally::jsonb || jsonb_build_object(
    'days', coalesce((
        SELECT jsonb_object_agg(measure, jsonb_build_array(day, change, last_at))
        FROM (
            SELECT DISTINCT ON (measure) measure, day, change, last_at
            FROM rollups
            WHERE rollups.subject = users.subject
            ORDER BY measure, day DESC
        ) AS newest
    ), '{}'),
    'points_days', coalesce((
        SELECT jsonb_object_agg(system, jsonb_build_array(day, change, 0))
        FROM (
            SELECT DISTINCT ON (system) system, day, change
            FROM points_days
            WHERE points_days.subject = users.subject
            ORDER BY system, day DESC
        ) AS newest
    ), '{}')
))::text;

DELETE FROM rollups
WHERE NOT EXISTS (
    SELECT 1
    FROM rollups AS later
    WHERE later.subject = rollups.subject AND later.measure = rollups.measure AND later.day > rollups.day
);

DELETE FROM points_days
WHERE NOT EXISTS (
    SELECT 1
    FROM points_days AS later
    WHERE later.subject = points_days.subject AND later.system = points_days.system AND later.day > points_days.day
);

CREATE VIEW newest_days (subject, measure, day, change, last_at) AS
SELECT subject, key::int, (value ->> 0)::int, (value ->> 1)::bigint, (value ->> 2)::bigint
FROM users CROSS JOIN LATERAL json_each(tally::json -> 'days');

CREATE VIEW newest_points_days (subject, system, day, change) AS
SELECT subject, key::int, (value ->> 0)::int, (value ->> 1)::bigint
FROM users CROSS JOIN LATERAL json_each(tally::json -> 'points_days');
