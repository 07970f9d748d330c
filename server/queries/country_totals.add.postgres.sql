-- $1: campaigns. $2: countries. $3: how many more in each.
INSERT INTO country_totals (campaign_id, country, counted)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS more (campaign_id, country, counted)
ORDER BY campaign_id, country
ON CONFLICT (campaign_id, country)
DO UPDATE SET counted = country_totals.counted + excluded.counted
