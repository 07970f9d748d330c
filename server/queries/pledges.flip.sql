-- $1: JSON list of ids. $2: state. $3: why it is not counted.
UPDATE pledges SET state = $2, quarantine_reason = $3
WHERE id IN (SELECT value FROM json_each($1))
