-- $1: campaign. $2: JSON list of {minute, by}. $3: 1 to add, -1 to take.
INSERT INTO minute_totals (campaign_id, minute, counted)
SELECT $1, value ->> 'minute', value ->> 'by' FROM jsonb_each($2)
WHERE true
ON CONFLICT (campaign_id, minute)
DO UPDATE SET counted = minute_totals.counted + $3 * excluded.counted
