-- $1: pledge ids.
DELETE FROM people WHERE pledge_id = ANY($1)
