INSERT INTO api_tokens
    (name, hash, organization_id, role, maker, made_by, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (organization_id, name) DO NOTHING
RETURNING id
