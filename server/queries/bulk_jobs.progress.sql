-- $1: job. $2: who works on it. $3, $4: when and which pledge was looked at last. $5: how many were
-- looked at, $6: how many of them are to go. $7: until when the others leave it alone.
UPDATE bulk_jobs
SET reached_at = $3, reached = $4, looked_at = looked_at + $5, matched = matched + $6,
    leased_until = $7
WHERE id = $1 AND worker = $2 AND state = 'running'
