INSERT INTO ceremonies (hash, organizer_id, state, expires_at) VALUES ($1, $2, $3, $4)
