SELECT
    id, preview, state, reason, filter, looked_at, out_of, matched, changed, created_by, created_at,
    finished_at, campaign_id, reached_at, reached
FROM bulk_jobs
WHERE campaign_id = $1 AND id = $2
