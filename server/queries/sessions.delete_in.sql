DELETE FROM sessions WHERE organizer_id = $1 AND organization_id = $2
