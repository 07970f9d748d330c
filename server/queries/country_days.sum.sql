-- $1: campaign. $2: the first day. $3: the day after the last.
SELECT country, CAST(sum(counted) AS BIGINT) FROM country_days
WHERE campaign_id = $1 AND day >= $2 AND day < $3
GROUP BY country
HAVING sum(counted) > 0
