-- $1: campaign. $2: JSON list of {day, country}. A row for each, so that something can be taken from it.
INSERT INTO country_days (campaign_id, day, country, counted)
SELECT $1, value ->> 'day', value ->> 'country', 0 FROM jsonb_each($2)
WHERE true
ON CONFLICT (campaign_id, day, country) DO NOTHING
