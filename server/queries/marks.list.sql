-- $1: campaign. With what was counted in the 48 hours after each, and in the 48 before.
SELECT
    id, at, label,
    CAST((
        SELECT coalesce(sum(counted), 0) FROM minute_totals
        WHERE minute_totals.campaign_id = marks.campaign_id
            AND minute >= at / 60000 AND minute < at / 60000 + 2880
    ) AS BIGINT),
    CAST((
        SELECT coalesce(sum(counted), 0) FROM minute_totals
        WHERE minute_totals.campaign_id = marks.campaign_id
            AND minute >= at / 60000 - 2880 AND minute < at / 60000
    ) AS BIGINT)
FROM marks
WHERE campaign_id = $1
ORDER BY at, id
