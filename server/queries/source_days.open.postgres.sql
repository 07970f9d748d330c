-- $1: campaign. $2: days. $3: sources. A row for each, so that something can be taken from it.
INSERT INTO source_days (campaign_id, day, source, counted)
SELECT $1::bigint, moved_day, moved_source, 0
FROM unnest($2::bigint[], $3::text[]) AS moved (moved_day, moved_source)
ORDER BY moved_day, moved_source
ON CONFLICT (campaign_id, day, source) DO NOTHING
