-- $1: job. $2: who works on it. $3: its state from now on. $4: now. First in its transaction: nobody
-- takes the job over meanwhile.
UPDATE bulk_jobs SET state = $3, finished_at = $4
WHERE id = $1 AND worker = $2 AND state = 'running'
