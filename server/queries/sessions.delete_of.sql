DELETE FROM sessions WHERE organizer_id = $1
