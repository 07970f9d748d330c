-- $1: JSON list of ids. The person goes with the pledge.
DELETE FROM pledges WHERE id IN (SELECT value FROM json_each($1))
