-- $1: campaign. $2: countries. $3: how many more, or fewer, in each.
UPDATE country_totals SET counted = counted + more
FROM unnest($2::text[], $3::bigint[]) AS moved (moved_country, more)
WHERE campaign_id = $1 AND country = moved_country
