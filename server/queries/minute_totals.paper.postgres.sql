-- $1: campaign. $2: minutes. $3: by how much each. $4: 1 to add, -1 to take. How many of minutes
-- that are there are from paper; this transaction holds them already.
UPDATE minute_totals SET paper = paper + $4::bigint * by
FROM unnest($2::bigint[], $3::bigint[]) AS moved (moved_minute, by)
WHERE campaign_id = $1 AND minute = moved_minute
