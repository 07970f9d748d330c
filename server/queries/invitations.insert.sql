INSERT INTO invitations
    (hash, organization_id, email, role, purpose, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id
