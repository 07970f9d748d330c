-- $1: campaign. $2: JSON list of {day, source}. A row for each, so that something can be taken from it.
INSERT INTO source_days (campaign_id, day, source, counted)
SELECT $1, value ->> 'day', value ->> 'source', 0 FROM jsonb_each($2)
WHERE true
ON CONFLICT (campaign_id, day, source) DO NOTHING
