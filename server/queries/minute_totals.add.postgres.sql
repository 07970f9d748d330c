-- $1: campaigns. $2: how many more in each. $3: now.
INSERT INTO minute_totals (campaign_id, minute, counted)
SELECT campaign_id, $3::bigint / 60000, counted
FROM unnest($1::bigint[], $2::bigint[]) AS more (campaign_id, counted)
ORDER BY campaign_id
ON CONFLICT (campaign_id, minute)
DO UPDATE SET counted = minute_totals.counted + excluded.counted
