-- $1: job. $2: JSON list of the pledges that it changed.
DELETE FROM bulk_pledges
WHERE job_id = $1 AND pledge_id NOT IN (SELECT value FROM json_each($2))
