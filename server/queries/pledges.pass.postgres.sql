-- $1: campaign. $2, $3: when and which pledge; those signed before it. $4: at most so many.
-- What is looked for; NULL where anything will do. $5: whether it is counted. $6: the country.
-- $7: whether it is from a file. $8: whether it wants updates. $9: whether it is suspicious.
-- The first that fits, the latest first; how many come before it; and the last that was looked at.
WITH part AS MATERIALIZED (
    SELECT
        signed_at,
        id,
        coalesce((state = 'counted') = $5, TRUE)
            AND coalesce(country = $6, TRUE)
            AND coalesce((import_id IS NOT NULL) = $7, TRUE)
            AND coalesce(updates = $8, TRUE)
            AND coalesce(suspicious = $9, TRUE) AS fits
    FROM pledges
    WHERE campaign_id = $1 AND (signed_at, id) < ($2, $3)
    ORDER BY signed_at DESC, id DESC
    LIMIT $4
),
found AS (
    SELECT signed_at, id FROM part WHERE fits ORDER BY signed_at DESC, id DESC LIMIT 1
),
last AS (
    SELECT signed_at, id FROM part ORDER BY signed_at, id LIMIT 1
)
SELECT
    found.signed_at,
    found.id,
    (
        SELECT count(*) FROM part
        WHERE found.id IS NULL OR (part.signed_at, part.id) > (found.signed_at, found.id)
    ) AS passed,
    last.signed_at,
    last.id
FROM last
LEFT JOIN found ON TRUE
