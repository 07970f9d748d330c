-- $1: campaign. $2: the first minute wanted.
SELECT minute, counted, paper FROM minute_totals
WHERE campaign_id = $1 AND minute >= $2 AND counted > 0
ORDER BY minute
