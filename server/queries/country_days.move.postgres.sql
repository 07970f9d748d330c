-- $1: campaign. $2: days. $3: countries. $4: how many more, or fewer, in each.
-- Never below zero: what was signed before there were these counters may be missing in them.
UPDATE country_days SET counted = greatest(counted + more, 0)
FROM unnest($2::bigint[], $3::text[], $4::bigint[]) AS moved (moved_day, moved_country, more)
WHERE campaign_id = $1 AND day = moved_day AND country = moved_country
