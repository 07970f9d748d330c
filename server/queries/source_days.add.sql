-- $1: JSON list of {campaign, source, counted}. $2: now.
INSERT INTO source_days (campaign_id, day, source, counted)
SELECT value ->> 'campaign', $2 / 86400000, value ->> 'source', value ->> 'counted'
FROM jsonb_each($1)
WHERE true
ON CONFLICT (campaign_id, day, source) DO UPDATE SET counted = counted + excluded.counted
