INSERT INTO country_totals (campaign_id, country, counted)
SELECT campaign_id, country, count(*) FROM pledges
WHERE campaign_id = $1 AND state = 'counted'
GROUP BY campaign_id, country
