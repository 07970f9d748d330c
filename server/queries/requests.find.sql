-- $1: JSON list of keys in hex.
SELECT key, body, number, receipt FROM requests
WHERE key IN (SELECT unhex(value) FROM json_each($1))
