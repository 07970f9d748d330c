-- $1: job. $2: how many pledges it changed.
UPDATE bulk_jobs SET changed = $2 WHERE id = $1
