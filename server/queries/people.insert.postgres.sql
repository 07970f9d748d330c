-- $1: pledge ids. $2: campaigns. $3: what is sealed. $4: now.
INSERT INTO people (pledge_id, campaign_id, sealed, signed_at)
SELECT pledge, campaign, sealed, $4::bigint
FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) AS new (pledge, campaign, sealed)
ON CONFLICT (pledge_id) DO UPDATE SET signed_at = excluded.signed_at, sealed = excluded.sealed
