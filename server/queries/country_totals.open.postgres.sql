-- $1: campaign. $2: countries. A row for each, so that something can be taken from it.
INSERT INTO country_totals (campaign_id, country, counted)
SELECT $1::bigint, moved_country, 0
FROM unnest($2::text[]) AS moved (moved_country)
ORDER BY moved_country
ON CONFLICT (campaign_id, country) DO NOTHING
