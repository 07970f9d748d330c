-- $1: campaign. $2: JSON list of {day, source, by}. $3: 1 to add, -1 to take.
-- Never below zero: what was signed before there were these counters may be missing in them.
INSERT INTO source_days (campaign_id, day, source, counted)
SELECT $1, value ->> 'day', value ->> 'source', value ->> 'by' FROM jsonb_each($2)
WHERE true
ON CONFLICT (campaign_id, day, source)
DO UPDATE SET counted = max(source_days.counted + $3 * excluded.counted, 0)
