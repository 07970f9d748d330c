-- $1: campaign. $2: JSON list of {country, by}. $3: 1 to add, -1 to take.
INSERT INTO country_totals (campaign_id, country, counted)
SELECT $1, value ->> 'country', value ->> 'by' FROM jsonb_each($2)
WHERE true
ON CONFLICT (campaign_id, country)
DO UPDATE SET counted = country_totals.counted + $3 * excluded.counted
