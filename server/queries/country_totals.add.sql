-- $1: JSON list of {campaign, country, counted}.
INSERT INTO country_totals (campaign_id, country, counted)
SELECT value ->> 'campaign', value ->> 'country', value ->> 'counted' FROM jsonb_each($1)
WHERE true
ON CONFLICT (campaign_id, country) DO UPDATE SET counted = counted + excluded.counted
