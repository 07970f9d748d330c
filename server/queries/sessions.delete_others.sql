DELETE FROM sessions WHERE organizer_id = $1 AND hash <> $2
