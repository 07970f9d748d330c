-- $1: campaigns. $2: countries. $3: how many more in each. $4: now.
INSERT INTO country_days (campaign_id, day, country, counted)
SELECT campaign_id, $4::bigint / 86400000, country, counted
FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS more (campaign_id, country, counted)
ORDER BY campaign_id, country
ON CONFLICT (campaign_id, day, country)
DO UPDATE SET counted = country_days.counted + excluded.counted
