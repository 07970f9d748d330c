-- $1: campaign. $2: countries. $3: by how much each. $4: 1 to add, -1 to take.
INSERT INTO country_totals (campaign_id, country, counted)
SELECT $1::bigint, moved_country, by
FROM unnest($2::text[], $3::bigint[]) AS moved (moved_country, by)
ORDER BY moved_country
ON CONFLICT (campaign_id, country)
DO UPDATE SET counted = country_totals.counted + $4::bigint * excluded.counted
