-- $1: JSON list of pledge ids.
DELETE FROM people WHERE pledge_id IN (SELECT value FROM json_each($1))
