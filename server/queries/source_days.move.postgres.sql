-- $1: campaign. $2: days. $3: sources. $4: by how much each. $5: 1 to add, -1 to take.
-- Never below zero: what was signed before there were these counters may be missing in them.
INSERT INTO source_days (campaign_id, day, source, counted)
SELECT $1::bigint, moved_day, moved_source, by
FROM unnest($2::bigint[], $3::text[], $4::bigint[]) AS moved (moved_day, moved_source, by)
ORDER BY moved_day, moved_source
ON CONFLICT (campaign_id, day, source)
DO UPDATE SET counted = greatest(source_days.counted + $5::bigint * excluded.counted, 0)
