-- $1: job. $2: who works on it. $3: its state from now on. $4: how many pledges it changed. $5: now.
UPDATE bulk_jobs SET state = $3, changed = $4, finished_at = $5
WHERE id = $1 AND worker = $2 AND state = 'running'
