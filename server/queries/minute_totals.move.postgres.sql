-- $1: campaign. $2: minutes. $3: how many more, or fewer, in each.
UPDATE minute_totals SET counted = counted + more
FROM unnest($2::bigint[], $3::bigint[]) AS moved (moved_minute, more)
WHERE campaign_id = $1 AND minute = moved_minute
