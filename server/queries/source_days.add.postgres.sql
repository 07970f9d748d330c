-- $1: campaigns. $2: sources. $3: how many more from each. $4: now.
INSERT INTO source_days (campaign_id, day, source, counted)
SELECT campaign_id, $4::bigint / 86400000, source, counted
FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS more (campaign_id, source, counted)
ORDER BY campaign_id, source
ON CONFLICT (campaign_id, day, source)
DO UPDATE SET counted = source_days.counted + excluded.counted
