INSERT INTO labelled_counts (campaign_id, label, country, counted, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
RETURNING id
