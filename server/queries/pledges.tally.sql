SELECT campaign_id, country, count(*) FROM pledges WHERE state = 'counted'
GROUP BY campaign_id, country
