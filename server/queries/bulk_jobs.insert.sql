INSERT INTO bulk_jobs (
    campaign_id, preview, filter, reason, state, out_of, created_by, created_at
)
VALUES ($1, $2, $3, $4, 'running', $5, $6, $7)
RETURNING id
