-- $1: job. $2: JSON list of pledges.
INSERT INTO bulk_pledges (job_id, pledge_id)
SELECT $1, id FROM pledges WHERE id IN (SELECT value FROM json_each($2))
ON CONFLICT DO NOTHING
