-- How everybody did in a span of days, counted here.

-- name: measure_spread
-- How many users changed a measure by how much, ascending.
SELECT 0, array_agg(change ORDER BY change), array_agg(holders ORDER BY change)
FROM (
    SELECT change, count(*) AS holders
    FROM (
        SELECT sum(change)::bigint AS change
        FROM (
            SELECT subject, change
            FROM users JOIN rollups USING (subject)
            WHERE environment = $1 AND tenant = $2 AND measure = $3 AND day BETWEEN $4 AND $5
            UNION ALL
            SELECT subject, change
            FROM users JOIN newest_days USING (subject)
            WHERE environment = $1 AND tenant = $2 AND measure = $3 AND day BETWEEN $4 AND $5
        ) AS both_kinds
        GROUP BY subject
    ) AS changes
    GROUP BY change
) AS counted;

-- name: points_spread
-- How many users' points of a system changed by how much, ascending.
SELECT 0, array_agg(change ORDER BY change), array_agg(holders ORDER BY change)
FROM (
    SELECT change, count(*) AS holders
    FROM (
        SELECT sum(change)::bigint AS change
        FROM (
            SELECT subject, change
            FROM users JOIN points_days USING (subject)
            WHERE environment = $1 AND tenant = $2 AND system = $3 AND day BETWEEN $4 AND $5
            UNION ALL
            SELECT subject, change
            FROM users JOIN newest_points_days USING (subject)
            WHERE environment = $1 AND tenant = $2 AND system = $3 AND day BETWEEN $4 AND $5
        ) AS both_kinds
        GROUP BY subject
    ) AS changes
    GROUP BY change
) AS counted;

-- name: value_spreads
-- The same of metrics among events with a value of an attribute, for each triple asked (three arrays).
WITH asked AS MATERIALIZED (
    SELECT n - 1 AS n, metric, key, value
    FROM unnest($3::int[], $4::text[], $5::text[]) WITH ORDINALITY AS each (metric, key, value, n)
)
SELECT n::int, array_agg(change ORDER BY change), array_agg(holders ORDER BY change)
FROM (
    SELECT n, change, count(*) AS holders
    FROM (
        SELECT asked.n, sum(events.value)::bigint AS change
        FROM users JOIN events USING (subject)
            CROSS JOIN LATERAL jsonb_each_text(events.attributes::jsonb) AS has
            JOIN asked ON asked.key = has.key AND asked.value = has.value AND asked.metric = events.metric
        WHERE users.environment = $1 AND users.tenant = $2 AND events.day BETWEEN $6 AND $7
            AND events.attributes IS NOT NULL
        GROUP BY users.subject, asked.n
    ) AS changes
    GROUP BY n, change
) AS counted
GROUP BY n;
