-- $1: campaign. $2 and $3: spans of minutes, their first ones and those after their last ones.
SELECT
    first_minute,
    (
        SELECT CAST(coalesce(sum(counted), 0) AS BIGINT) FROM minute_totals
        WHERE campaign_id = $1 AND minute >= first_minute AND minute < next_minute
    ),
    (
        SELECT CAST(coalesce(sum(paper), 0) AS BIGINT) FROM minute_totals
        WHERE campaign_id = $1 AND paper > 0 AND minute >= first_minute AND minute < next_minute
    )
FROM unnest($2::bigint[], $3::bigint[]) AS spans (first_minute, next_minute)
