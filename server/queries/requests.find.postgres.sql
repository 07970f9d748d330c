-- $1: keys.
SELECT key, body, number, receipt FROM requests WHERE key = ANY($1)
