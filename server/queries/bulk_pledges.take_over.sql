-- $1: job. What it changed, no earlier job undoes.
DELETE FROM bulk_pledges
WHERE job_id <> $1
    AND pledge_id IN (SELECT pledge_id FROM bulk_pledges WHERE job_id = $1)
