DELETE FROM passkeys WHERE organizer_id = $1
