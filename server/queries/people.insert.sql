-- $1: JSON list of {id, campaign, sealed in hex}. $2: now.
INSERT INTO people (pledge_id, campaign_id, signed_at, sealed)
SELECT value ->> 'id', value ->> 'campaign', $2, unhex(value ->> 'sealed') FROM jsonb_each($1)
WHERE true
ON CONFLICT (pledge_id) DO UPDATE SET signed_at = excluded.signed_at, sealed = excluded.sealed
