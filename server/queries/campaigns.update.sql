UPDATE campaigns
SET settings = $2, opens_at = $3, closes_at = $4, retention_days = $5, updated_at = $6,
    revision = revision + 1
WHERE id = $1
