-- $1: JSON list of {campaign, country, counted}. $2: now.
INSERT INTO country_days (campaign_id, day, country, counted)
SELECT value ->> 'campaign', $2 / 86400000, value ->> 'country', value ->> 'counted'
FROM jsonb_each($1)
WHERE true
ON CONFLICT (campaign_id, day, country) DO UPDATE SET counted = counted + excluded.counted
