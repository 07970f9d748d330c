-- $1: keys.
DELETE FROM requests WHERE key = ANY($1)
