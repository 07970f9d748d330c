SELECT count(*) FROM passkeys WHERE id = $1 AND organizer_id = $2
