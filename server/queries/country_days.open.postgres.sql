-- $1: campaign. $2: days. $3: countries. A row for each, so that something can be taken from it.
INSERT INTO country_days (campaign_id, day, country, counted)
SELECT $1::bigint, moved_day, moved_country, 0
FROM unnest($2::bigint[], $3::text[]) AS moved (moved_day, moved_country)
ORDER BY moved_day, moved_country
ON CONFLICT (campaign_id, day, country) DO NOTHING
