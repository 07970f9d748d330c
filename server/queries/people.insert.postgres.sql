-- $1: pledge ids. $2: what is sealed.
INSERT INTO people (pledge_id, sealed)
SELECT * FROM unnest($1::bigint[], $2::bytea[])
ON CONFLICT (pledge_id) DO UPDATE SET sealed = excluded.sealed
