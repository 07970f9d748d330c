-- $1: JSON list of {id, sealed in hex}.
UPDATE people SET sealed = unhex(value ->> 'sealed')
FROM jsonb_each($1)
WHERE pledge_id = value ->> 'id'
