-- $1: campaign. $2: JSON list of {minute, more}. A row for each, so that `minute_totals.move` finds it.
INSERT INTO minute_totals (campaign_id, minute, counted)
SELECT $1, value ->> 'minute', 0 FROM jsonb_each($2)
WHERE true
ON CONFLICT (campaign_id, minute) DO NOTHING
