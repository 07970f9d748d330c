-- $1: job. $2: the pledges that it changed.
DELETE FROM bulk_pledges AS kept
WHERE job_id = $1
    AND NOT EXISTS (SELECT FROM unnest($2::bigint[]) AS changed (id) WHERE id = kept.pledge_id)
