-- $1: campaign. $2: the day after the last.
SELECT day, country, counted FROM country_days
WHERE campaign_id = $1 AND day < $2 AND counted > 0
ORDER BY day, country
