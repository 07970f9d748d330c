-- $1: now. $2: until when. $3: who takes it. The oldest job of which nobody holds a lease.
UPDATE bulk_jobs SET worker = $3, leased_until = $2
WHERE id = (
    SELECT id FROM bulk_jobs
    WHERE state = 'running' AND leased_until <= $1
    ORDER BY id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING
    id, preview, state, reason, filter, looked_at, out_of, matched, changed, created_by, created_at,
    finished_at, campaign_id, reached_at, reached
