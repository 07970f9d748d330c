-- $1: campaign. $2: the first day. $3: the day after the last.
SELECT
    source, CAST(sum(signed) AS BIGINT), CAST(sum(seen) AS BIGINT), CAST(sum(started) AS BIGINT),
    CAST(sum(shared) AS BIGINT)
FROM (
    SELECT source, counted AS signed, 0 AS seen, 0 AS started, 0 AS shared FROM source_days
    WHERE campaign_id = $1 AND day >= $2 AND day < $3
    UNION ALL
    SELECT source, 0, seen, started, shared FROM visit_days
    WHERE campaign_id = $1 AND day >= $2 AND day < $3
) AS both_tables
GROUP BY source
