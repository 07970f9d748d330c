INSERT INTO members (organization_id, organizer_id, role, joined_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (organization_id, organizer_id) DO NOTHING
