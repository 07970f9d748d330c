-- $1: JSON list of {id, fingerprint in hex, key_version}.
UPDATE pledges
SET fingerprint = unhex(value ->> 'fingerprint'), key_version = value ->> 'key_version'
FROM jsonb_each($1)
WHERE pledges.id = value ->> 'id'
