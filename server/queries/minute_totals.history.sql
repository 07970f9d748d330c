-- $1: campaign. $2: minutes in a bucket. $3: the first bucket wanted, counted from 1970.
SELECT bucket, counted, total
FROM (
    SELECT
        minute / $2 AS bucket,
        CAST(sum(counted) AS BIGINT) AS counted,
        CAST(sum(sum(counted)) OVER (ORDER BY minute / $2) AS BIGINT) AS total
    FROM minute_totals
    WHERE campaign_id = $1
    GROUP BY minute / $2
) AS buckets
WHERE bucket >= $3
ORDER BY bucket
