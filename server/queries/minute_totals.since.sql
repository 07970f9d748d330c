-- $1: campaign. $2: minutes in a slot. $3: the first minute wanted.
SELECT minute / $2, CAST(sum(counted) AS BIGINT) FROM minute_totals
WHERE campaign_id = $1 AND minute >= $3
GROUP BY minute / $2
HAVING sum(counted) > 0
ORDER BY minute / $2
