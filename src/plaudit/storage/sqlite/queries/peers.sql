-- How everybody did in a span of days, counted here. The + keeps the planner from the index on ids: in the order of
-- their rows, users are visited five times faster.

-- name: measure_spread
-- How many users changed a measure by how much, ascending.
SELECT 0, json_group_array(change), json_group_array(holders)
FROM (
    SELECT change, count(*) AS holders
    FROM (
        SELECT sum(rollups.change) AS change
        FROM users CROSS JOIN rollups USING (subject)
        WHERE +users.environment = ?1 AND +users.tenant = ?2 AND rollups.measure = ?3
            AND rollups.day BETWEEN ?4 AND ?5
        GROUP BY users.subject
    )
    GROUP BY change
    ORDER BY change
);

-- name: points_spread
-- How many users' points of a system changed by how much, ascending.
SELECT 0, json_group_array(change), json_group_array(holders)
FROM (
    SELECT change, count(*) AS holders
    FROM (
        SELECT sum(points_days.change) AS change
        FROM users CROSS JOIN points_days USING (subject)
        WHERE +users.environment = ?1 AND +users.tenant = ?2 AND points_days.system = ?3
            AND points_days.day BETWEEN ?4 AND ?5
        GROUP BY users.subject
    )
    GROUP BY change
    ORDER BY change
);

-- name: value_spreads
-- The same of metrics among events with a value of an attribute, for each triple asked (a JSON array of arrays).
WITH asked (n, metric, key, value) AS MATERIALIZED (
    SELECT key, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?3)
)
SELECT n, json_group_array(change), json_group_array(holders)
FROM (
    SELECT n, change, count(*) AS holders
    FROM (
        SELECT asked.n AS n, sum(events.value) AS change
        FROM users CROSS JOIN events USING (subject)
            CROSS JOIN json_each(events.attributes) AS has
            CROSS JOIN asked ON asked.key = has.key AND asked.value = has.value AND asked.metric = events.metric
        WHERE +users.environment = ?1 AND +users.tenant = ?2 AND events.day BETWEEN ?4 AND ?5
            AND events.attributes IS NOT NULL
        GROUP BY users.subject, asked.n
    )
    GROUP BY n, change
    ORDER BY n, change
)
GROUP BY n;
