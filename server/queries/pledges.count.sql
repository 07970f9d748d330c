-- $1: campaign. The plus keeps the index on fingerprints out of it: a walk through the table in its
-- own order is many times faster.
SELECT country, count(*) FROM pledges
WHERE +campaign_id = $1 AND state = 'counted'
GROUP BY country
