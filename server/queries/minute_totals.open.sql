-- $1: campaign. $2: JSON list of {minute}. A row for each, so that something can be taken from it.
INSERT INTO minute_totals (campaign_id, minute, counted)
SELECT $1, value ->> 'minute', 0 FROM jsonb_each($2)
WHERE true
ON CONFLICT (campaign_id, minute) DO NOTHING
