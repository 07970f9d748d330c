-- $1: campaign. $2: the present minute. With how many minutes have begun since each, those of 48 hours
-- at most, and what was signed online in as many minutes from it on and before it.
SELECT
    id, at, label, minutes,
    CAST((
        SELECT coalesce(sum(counted - paper), 0) FROM minute_totals
        WHERE minute_totals.campaign_id = $1
            AND minute >= began AND minute < began + minutes
    ) AS BIGINT),
    CAST((
        SELECT coalesce(sum(counted - paper), 0) FROM minute_totals
        WHERE minute_totals.campaign_id = $1
            AND minute >= began - minutes AND minute < began
    ) AS BIGINT)
FROM (
    SELECT
        id, at, label, at / 60000 AS began,
        CASE
            WHEN at / 60000 > $2 THEN 0
            WHEN at / 60000 + 2880 <= $2 THEN 2880
            ELSE $2 - at / 60000 + 1
        END AS minutes
    FROM marks
    WHERE campaign_id = $1
) AS passed
ORDER BY at, id
