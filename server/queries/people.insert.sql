-- $1: JSON list of {id, sealed in hex}.
INSERT INTO people (pledge_id, sealed)
SELECT value ->> 'id', unhex(value ->> 'sealed') FROM json_each($1)
WHERE true
ON CONFLICT (pledge_id) DO UPDATE SET sealed = excluded.sealed
