-- $1: job. $2: pledges. Those that were erased meanwhile are left out.
INSERT INTO bulk_pledges (job_id, pledge_id)
SELECT $1::bigint, id FROM pledges WHERE id = ANY($2)
FOR KEY SHARE
ON CONFLICT DO NOTHING
