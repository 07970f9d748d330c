-- $1: JSON list of keys in hex.
DELETE FROM requests WHERE key IN (SELECT unhex(value) FROM json_each($1))
