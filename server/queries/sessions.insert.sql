INSERT INTO sessions (hash, organizer_id, organization_id, agent, created_at, seen_at)
VALUES ($1, $2, $3, $4, $5, $6)
