SELECT country, count(*) FROM pledges WHERE campaign_id = $1 AND state = 'counted' GROUP BY country
