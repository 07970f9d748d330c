INSERT INTO minute_totals (campaign_id, minute, counted)
SELECT campaign_id, signed_at / 60000, count(*) FROM pledges
WHERE campaign_id = $1 AND state = 'counted'
GROUP BY campaign_id, signed_at / 60000
