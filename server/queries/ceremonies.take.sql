DELETE FROM ceremonies WHERE hash = $1 RETURNING organizer_id, state, expires_at
