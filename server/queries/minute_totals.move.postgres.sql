-- $1: campaign. $2: minutes. $3: by how much each. $4: 1 to add, -1 to take.
INSERT INTO minute_totals (campaign_id, minute, counted)
SELECT $1::bigint, moved_minute, by
FROM unnest($2::bigint[], $3::bigint[]) AS moved (moved_minute, by)
ORDER BY moved_minute
ON CONFLICT (campaign_id, minute)
DO UPDATE SET counted = minute_totals.counted + $4::bigint * excluded.counted
