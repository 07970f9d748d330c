INSERT INTO imports (campaign_id, label, added, duplicates, created_by, created_at)
VALUES ($1, $2, 0, 0, $3, $4)
RETURNING id
