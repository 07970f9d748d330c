-- $1: campaign. $2: minutes. A row for each, so that something can be taken from it.
INSERT INTO minute_totals (campaign_id, minute, counted)
SELECT $1::bigint, moved_minute, 0
FROM unnest($2::bigint[]) AS moved (moved_minute)
ORDER BY moved_minute
ON CONFLICT (campaign_id, minute) DO NOTHING
