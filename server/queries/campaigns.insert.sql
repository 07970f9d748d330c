INSERT INTO campaigns
    (slug, settings, opens_at, closes_at, retention_days, created_at, updated_at, organization_id)
VALUES ($1, $2, $3, $4, $5, $6, $6, $7)
RETURNING id
