-- $1: pledge ids. $2: what is sealed.
UPDATE people SET sealed = new.sealed
FROM unnest($1::bigint[], $2::bytea[]) AS new (pledge, sealed)
WHERE pledge_id = pledge
