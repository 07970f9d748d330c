-- $1: campaign. $2: JSON list of {country}. A row for each, so that something can be taken from it.
INSERT INTO country_totals (campaign_id, country, counted)
SELECT $1, value ->> 'country', 0 FROM jsonb_each($2)
WHERE true
ON CONFLICT (campaign_id, country) DO NOTHING
