-- $1: JSON list of {campaign, counted}. $2: now.
INSERT INTO minute_totals (campaign_id, minute, counted)
SELECT value ->> 'campaign', $2 / 60000, value ->> 'counted' FROM jsonb_each($1)
WHERE true
ON CONFLICT (campaign_id, minute) DO UPDATE SET counted = counted + excluded.counted
